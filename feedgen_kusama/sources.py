"""The source folder: which files are documents, and their bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.memory import digest
from feedgen_kusama.model import LARGEST_DOCUMENT, Document, Problem

if TYPE_CHECKING:
    from feedgen_kusama.documents import Reader

SUFFIXES = (".md", ".markdown", ".mdown", ".txt")


class SourceError(FeedgenKusamaError):
    """The source folder itself cannot be read."""

    status = USAGE


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A document's name below the source folder with its bytes, or the reason why there are none."""

    name: str
    data: bytes = b""
    fault: str | None = None


def list_sources(folder: Path) -> list[str]:
    """The names of all documents below a folder, sorted by code point; hidden files and those that
    begin with `_` are none. Raises SourceError."""
    if not folder.is_dir():
        reason = "a file, not a folder" if folder.exists() else "no such folder"
        raise SourceError(f"{folder}: {reason}: name the folder of documents with --source")
    return sorted(_walk(folder))


def _walk(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder, followlinks=False, onerror=_raise):
        folders[:] = [name for name in folders if name[0] not in "._"]
        below = os.path.relpath(root, folder)
        prefix = "" if below == "." else f"{below}/"
        for name in [*files, *folders]:
            if name[0] not in "._" and name.casefold().endswith(SUFFIXES):
                yield prefix + name


def _raise(error: OSError) -> None:
    raise SourceError(f"{error.filename}: cannot be read: {error.strerror}")


def read_source(folder: Path, name: str) -> SourceFile:
    """A document's bytes. What is no readable file inside the folder has a fault instead."""
    data = _read_plain(f"{folder}/{name}") if name.isascii() else None
    if data is not None:  # as nearly always
        return SourceFile(name=name, data=data)
    try:
        fault = _find_fault(folder, name)
        return SourceFile(name=name, fault=fault) if fault else SourceFile(name=name, data=(folder / name).read_bytes())
    except OSError as error:
        return SourceFile(name=name, fault=f"cannot be read: {error.strerror}: check its permissions")
    except RuntimeError:
        return SourceFile(name=name, fault="a link that leads to itself: put the file itself there")


def _read_plain(path: str) -> bytes | None:
    """The bytes of a regular file that may be a document; None for all else, and where it cannot be read at once."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_DOCUMENT:
            return None
        data = os.read(file, found.st_size + 1)
        return data if len(data) == found.st_size else None
    except OSError:
        return None
    finally:
        os.close(file)


def _find_fault(folder: Path, name: str) -> str | None:
    """Why a file is not read, if it is not. Raises OSError, and RuntimeError for a link to itself."""
    path = folder / name
    try:
        name.encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8: rename it"
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "a link that leads out of the source folder: put the file itself there"
    if path.is_dir():
        return "a folder, not a document: rename it"
    if not path.is_file():
        return "not a regular file: remove it or put a document there" if path.exists() else "no such file"
    size = path.stat().st_size
    if size > LARGEST_DOCUMENT:
        return f"{size:,} bytes are too many for one document: split it into one of at most {LARGEST_DOCUMENT:,} a month"
    return None


def digest_source(file: SourceFile) -> str:
    """A digest of a document's bytes, or of why there are none."""
    return digest(file.data, (file.fault or "").encode())


def digest_sources(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The digests of documents, by name. Times are not looked at: they tell little of a checkout or a restored backup."""
    return {name: digest_source(read_source(folder, name)) for name in names}


def read_document(reader: Reader, folder: Path, name: str) -> Document:
    """The document in a file; one that cannot be read has only a problem that says why."""
    file = read_source(folder, name)
    return reader.parse(file.data, file.name) if file.fault is None else unreadable_document(file.name, file.fault)


def unreadable_document(name: str, fault: str) -> Document:
    """What is known of a file that is no document."""
    problem = Problem(path=name, line=None, message=fault)
    return Document(path=name, edition=None, edition_source=None, title=None, headline=None, problems=(problem,))
