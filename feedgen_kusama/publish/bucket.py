"""A bucket as a target (S3 and what is like it, Google, Azure); the storage library signs, waits and tries again."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any
from urllib.parse import SplitResult

from feedgen_kusama.extras import load
from feedgen_kusama.publish.bucket_errors import AbsentError, UnsupportedError, in_words
from feedgen_kusama.publish.credentials import find_credentials
from feedgen_kusama.publish.prepare import Headers
from feedgen_kusama.publish.target import ConflictError, Held, Patience, TargetError, UnusableTargetError

FIRST_PAUSE, LONGEST_PAUSE = timedelta(milliseconds=200), timedelta(seconds=10)
"""Between two tries; each pause is about twice the one before."""
CONNECT = 5.0
"""Seconds for a connection."""
WORKERS = 8
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
"""The environment's names for the address of an S3-compatible store; http is spoken only where one says so."""
FIELDS = (("type", "Content-Type"), ("cache", "Cache-Control"), ("encoding", "Content-Encoding"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketTarget:
    """A bucket, or what lies below a prefix in it. `store` is the storage library's, `library` the library."""

    name: str
    store: Any
    library: Any
    retries: int
    has_headers: bool = True
    workers: int = WORKERS
    versions: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """The version of each file seen, by path and token: some stores want it with a condition."""

    def tokens(self, paths: Collection[str]) -> Mapping[str, str]:
        wanted = frozenset(paths)
        with self._told(""):
            listed = [file for chunk in self.library.list(self.store) for file in chunk]
        return {file["path"]: _token(file) for file in listed if file["path"] in wanted}

    def read(self, path: str) -> Held | None:
        try:
            with self._told(path):
                found = self.library.get(self.store, path)
                headers = Headers(**{field: found.attributes.get(name, "") for field, name in FIELDS})
                return Held(stored=bytes(found.bytes()), token=self._note(path, found.meta), headers=headers)
        except AbsentError:
            return None

    def token(self, path: str) -> str | None:
        try:
            with self._told(path):
                return self._note(path, self.library.head(self.store, path))
        except AbsentError:
            return None

    def write(self, path: str, stored: bytes, headers: Headers) -> str:
        with self._told(path):
            return self._put(path, stored, headers, "overwrite")

    def write_if(self, path: str, stored: bytes, headers: Headers, token: str | None) -> str:
        for pause in islice(_pauses(), self.retries):
            try:
                return self._write_if(path, stored, headers, token)
            except TargetError:  # a write on condition is not tried again by the library: it may have happened
                time.sleep(pause)
        return self._write_if(path, stored, headers, token)

    def _write_if(self, path: str, stored: bytes, headers: Headers, token: str | None) -> str:
        try:
            with self._told(path):
                return self._put(path, stored, headers, self._condition(path, token))
        except (ConflictError, TargetError) as error:
            held = self.read(path)
            if held and held.stored == stored:  # only the answer was lost
                return held.token
            if isinstance(error, ConflictError) or (held.token if held else None) != token:
                raise ConflictError(path) from None
            if isinstance(error, UnsupportedError):
                return self.write(path, stored, headers)
            raise

    def remove(self, path: str) -> None:
        try:
            with self._told(path):
                self.library.delete(self.store, path)
        except AbsentError:
            return

    def _put(self, path: str, stored: bytes, headers: Headers, mode: object) -> str:
        attributes = {name: getattr(headers, field) for field, name in FIELDS if getattr(headers, field)}
        done = self.library.put(self.store, path, stored, attributes=attributes, mode=mode, use_multipart=False)
        return self._note(path, done)

    def _condition(self, path: str, token: str | None) -> object:
        if token is None:
            return "create"
        version = self.versions.get((path, token))
        return {"e_tag": token, **({"version": version} if version else {})}

    def _note(self, path: str, meta: Mapping[str, Any]) -> str:
        """A file's token; its version is kept."""
        self.versions[path, _token(meta)] = meta.get("version")
        return _token(meta)

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        """The storage library's exceptions in our words."""
        errors = load("obstore.exceptions", extra="s3")
        place = f"{self.name}/{path}" if path else self.name
        try:
            yield
        except (errors.AlreadyExistsError, errors.PreconditionError):
            raise ConflictError(path) from None
        except (errors.BaseError, OSError, ValueError) as error:
            raise in_words(place, str(error), is_absent=isinstance(error, FileNotFoundError)) from None


def _pauses() -> Iterator[float]:
    """Seconds to wait after each try, as the library does."""
    pause = FIRST_PAUSE
    while True:
        yield min(pause, LONGEST_PAUSE).total_seconds() * random.uniform(0.75, 1.25)  # noqa: S311
        pause *= 2


def _token(meta: Mapping[str, Any]) -> str:
    return str(meta.get("e_tag") or meta.get("version") or "")


def open_bucket(address: SplitResult, name: str, endpoint: str | None, patience: Patience) -> BucketTarget:
    """The bucket at an address, `scheme://bucket/prefix`. Raises UnusableTargetError, MissingExtraError."""
    library, stores = load("obstore", extra="s3"), load("obstore.store", extra="s3")
    if address.scheme == "s3":
        endpoint = endpoint or next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), None)
    options = {
        "timeout": timedelta(seconds=patience.timeout),
        "connect_timeout": timedelta(seconds=min(patience.timeout, CONNECT)),
        "allow_http": bool(endpoint and endpoint.startswith("http://")),
    }
    retry = {
        "max_retries": patience.retries,
        "retry_timeout": timedelta(seconds=(patience.retries + 1) * (patience.timeout + LONGEST_PAUSE.seconds)),
        "backoff": {"init_backoff": FIRST_PAUSE, "max_backoff": LONGEST_PAUSE, "base": 2},
    }
    try:
        open_store = STORES[address.scheme]
        store = open_store(stores, address, endpoint, {"client_options": options, "retry_config": retry})
    except (load("obstore.exceptions", extra="s3").BaseError, OSError, ValueError):
        raise UnusableTargetError(
            f"{name}: cannot be used: check the name and the environment: {NEEDS[address.scheme]}"
        ) from None
    return BucketTarget(name=name, store=store, library=library, retries=patience.retries)


def _open_s3(stores: Any, address: SplitResult, endpoint: str | None, how: Mapping[str, Any]) -> Any:
    provider, region = find_credentials()
    where = {"endpoint": endpoint} if endpoint else {}
    prefix = address.path.strip("/") or None
    return stores.S3Store(address.netloc, prefix=prefix, credential_provider=provider, region=region, **where, **how)


def _open_by_url(stores: Any, address: SplitResult, endpoint: str | None, how: Mapping[str, Any]) -> Any:
    if endpoint:
        raise UnusableTargetError("--endpoint-url: for s3:// targets only: leave it out")
    return stores.from_url(address.geturl(), **how)


STORES: Mapping[str, Callable[[Any, SplitResult, str | None, Mapping[str, Any]], Any]] = {
    "s3": _open_s3,
    "gs": _open_by_url,
    "az": _open_by_url,
}
"""How a bucket is opened, by the scheme of its address."""
NEEDS: Mapping[str, str] = {
    "s3": "AWS_REGION, AWS_ENDPOINT_URL",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY",
}
