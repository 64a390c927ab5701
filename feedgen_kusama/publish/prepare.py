"""What is published: the files of a folder of feeds, each with the headers that it is served with."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from feedgen_kusama.building import PUBLISHED
from feedgen_kusama.errors import USAGE, FeedgenKusamaError, RefusedError
from feedgen_kusama.folders import find_own, locked, read_published
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.records import Ledger, LedgerError, parse_ledger
from feedgen_kusama.media import cache_control, is_text, media_type
from feedgen_kusama.model import EDITION_PATH, EDITIONS

GZIP = "gzip"


class NothingToPublishError(FeedgenKusamaError):
    """The folder of feeds is not what a build leaves behind."""

    status = USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """What a file is served with; all empty where a target keeps no headers."""

    type: str = ""
    cache: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file to be published: its content as a reader sees it, and its headers."""

    content: bytes
    headers: Headers

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    @property
    def stored(self) -> bytes:
        """The bytes that a target stores."""
        return encode(self.content, self.headers.encoding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """What is published here, read at one moment."""

    files: Mapping[str, bytes]
    ledger: Ledger


def read_local(output: Path, *, wait: float, dry_run: bool) -> Local:
    """The files that a build left in a folder, and their ledger, while no build runs.

    Raises NothingToPublishError, OutputError, and RefusedError where a build still runs after `wait` seconds, or a file is
    missing that a build made.
    """
    if not output.is_dir():
        raise NothingToPublishError(f"{output}: no such folder: build first, or name the folder of feeds with --output")
    with locked(output, wait=wait, is_needed=not dry_run):
        files = find_own(output, names=PUBLISHED)
        ledger = read_published(output, LEDGER)
    if ledger is None:
        raise NothingToPublishError(f"{output}: no {LEDGER} in it: build first, or name the folder of feeds with --output")
    try:
        local = Local(files={**files, LEDGER: ledger}, ledger=parse_ledger(ledger))
    except LedgerError as error:
        raise NothingToPublishError(f"{output / LEDGER}:{error.line}: {error}: build first, which mends it") from None
    if gap := next(find_gaps(local), None):
        why = "damaged, or not made by feedgen-kusama" if (output / gap).exists() else "missing"
        raise RefusedError(f"{output / gap}: {why}, beside what a build made with it: build first; nothing was changed")
    return local


def find_gaps(local: Local) -> Iterator[str]:
    """Files that a build makes together with others that are there: a feed in its other formats, pages of months."""
    folders = {"", *(path[: -len(name)] for path in local.files for name in FORMATS if f"/{path}".endswith(f"/{name}"))}
    yield from (folder + name for folder in sorted(folders) for name in FORMATS if folder + name not in local.files)
    months = [r.edition for r in local.ledger.records if r.topic == EDITIONS and r.retracted is None]
    pages = [EDITION_PATH.format(month) for month in months]
    if any(page in local.files for page in pages):  # or pages are off
        yield from (page for page in pages if page not in local.files)


def prepare(files: Mapping[str, bytes], *, year: int, compress: bool, has_headers: bool) -> Mapping[str, Prepared]:
    """The files with their headers. `year` is the current one; `compress` stores text compressed."""
    return {
        path: Prepared(content=content, headers=_headers(path, year, compress=compress) if has_headers else Headers())
        for path, content in files.items()
    }


def _headers(path: str, year: int, *, compress: bool) -> Headers:
    return Headers(
        type=media_type(path), cache=cache_control(path, year), encoding=GZIP if compress and is_text(media_type(path)) else ""
    )


def digest_of(content: bytes) -> str:
    """The SHA-256 of a content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def encode(content: bytes, encoding: str) -> bytes:
    """A content as it is stored; compressed without a time, so that the same content gives the same bytes."""
    return gzip.compress(content, mtime=0) if encoding == GZIP else content


def decode(stored: bytes, encoding: str) -> bytes:
    """The content that is stored; what cannot be unpacked is taken as it is, and differs from every content of ours."""
    if encoding != GZIP:
        return stored
    try:
        return gzip.decompress(stored)
    except (OSError, EOFError, zlib.error):
        return stored
