"""A folder as a target: each file is replaced whole; its token is its content's digest."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from feedgen_kusama.folders import locked, read_published, remove, replace, sweep
from feedgen_kusama.publish.prepare import Headers, digest_of
from feedgen_kusama.publish.target import ConflictError, Held, TargetError

LOCK_WAIT = 10.0
"""Seconds to wait for another publisher, which holds the lock only while it writes the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTarget:
    """A folder on this machine, or one that is mounted."""

    folder: Path

    @property
    def name(self) -> str:
        return str(self.folder)

    @property
    def has_headers(self) -> bool:
        return False

    @property
    def workers(self) -> int:
        return 1

    def tokens(self, paths: Collection[str]) -> Mapping[str, str]:
        return {path: token for path in paths if (token := self.token(path))}

    def read(self, path: str) -> Held | None:
        stored = read_published(self.folder, path)
        return None if stored is None else Held(stored=stored, token=digest_of(stored), headers=Headers())

    def token(self, path: str) -> str | None:
        held = self.read(path)
        return held.token if held else None

    def write(self, path: str, stored: bytes, _headers: Headers) -> str:
        with self._told():
            self.folder.mkdir(parents=True, exist_ok=True)
            replace(self.folder, path, stored)
        return digest_of(stored)

    def write_if(self, path: str, stored: bytes, headers: Headers, token: str | None) -> str:
        with locked(self.folder, wait=LOCK_WAIT, is_needed=True):
            if self.token(path) != token:
                raise ConflictError(path)
            with self._told():
                sweep(self.folder)
            return self.write(path, stored, headers)

    def remove(self, path: str) -> None:
        with self._told():
            remove(self.folder, path)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(self.folder)
            raise TargetError(f"{place}: cannot be written: {error.strerror}; the files there are whole, old or new") from None
