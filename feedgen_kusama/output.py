"""Bring a folder in line with a set of files, touching only what differs.

A file is replaced whole or not at all: written beside its place, flushed, then renamed over it.
Only files that carry this program's mark are ever replaced or removed; links are not followed.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from feedgen_kusama.errors import OutputError, RefusedError

MARK = b"feedgen-kusama"
"""Stands in every file that is published: as the generator, or in a first comment."""
LOCK = ".feedgen-kusama.lock"
_TEMPORARY = ".feedgen-kusama-"
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What it takes to bring a folder in line, by path below it. What others put there is left alone: `foreign`
    stands in the way, `beside` does not."""

    write: tuple[str, ...]
    remove: tuple[str, ...]
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    beside: tuple[str, ...] = ()


def find_difference(folder: Path, files: Files, *, names: frozenset[str], own: str = "") -> Difference:
    """How a folder differs from the files it should hold.

    `own` is ours whatever it holds. Files below the folder that are called as one of `names` (patterns),
    carry the mark and are no longer wanted are to be removed.
    """
    write, unchanged, foreign = [], [], []
    for path, content in files.items():
        found = _read(folder, path)
        if found == content:
            unchanged.append(path)
        elif found is None or MARK in found or path == own:
            write.append(path)
        else:
            foreign.append(path)
    more = [path for path in _walk(folder) if path not in files]
    stale = [path for path in more if _is_called(path, names) and _is_ours(folder / path)]
    return Difference(
        write=tuple(write),
        remove=tuple(stale),
        unchanged=tuple(unchanged),
        foreign=tuple(foreign),
        beside=tuple(path for path in more if path not in set(stale)),
    )


def apply_difference(folder: Path, files: Files, difference: Difference) -> None:
    """Write and remove what differs, in the order of `files`. Raises OutputError; what was replaced by then is whole."""
    if difference.unchanged and not (folder / difference.unchanged[0]).exists():
        raise OutputError(f"{folder}: vanished while the build ran; nothing was written: build again")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        for path in difference.write:
            replace(folder, path, files[path])
        for path in difference.remove:
            remove(folder, path)
    except OSError as error:
        place = error.filename or folder
        raise OutputError(f"{place}: cannot be written: {error.strerror}; the files there are whole, old or new") from None


def read_published(folder: Path, path: str) -> bytes | None:
    """A file below the folder; None where there is none. Raises OutputError where it cannot be read."""
    return _read(folder, path)


def find_own(folder: Path, *, names: frozenset[str]) -> tuple[str, ...]:
    """The paths of the files below a folder that are called as one of `names` (patterns) and carry the mark; no links."""
    return tuple(path for path in _walk(folder) if _is_called(path, names) and _is_ours(folder / path))


def _read(folder: Path, path: str) -> bytes | None:
    target = folder / path
    _refuse_links(folder, path)
    try:
        return target.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OutputError(f"{target}: cannot be read: {error.strerror}") from None


def _refuse_links(folder: Path, path: str) -> None:
    """Raise OutputError where a path below the folder leads through a link, which may lead out of it."""
    place = folder
    for part in PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink():
            raise OutputError(f"{place}: a link, which is not followed: remove it or choose another --output")


def _walk(folder: Path) -> Iterator[str]:
    """Every file below the folder but hidden ones, by its path there."""
    for root, folders, found in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(found):
            if not name.startswith("."):
                yield Path(root, name).relative_to(folder).as_posix()


def _is_called(path: str, names: frozenset[str]) -> bool:
    return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in names)


def _is_ours(path: Path) -> bool:
    try:
        return not path.is_symlink() and MARK in path.read_bytes()
    except OSError:  # what cannot be read was not published by whoever builds
        return False


def remove(folder: Path, path: str) -> None:
    """Remove a file below the folder, and the folders that it leaves empty. Raises OSError."""
    (folder / path).unlink(missing_ok=True)
    _remove_empty(folder, (folder / path).parent)


def replace(folder: Path, path: str, content: bytes) -> None:
    """Write a file below the folder, whole or not at all. Raises OSError, and OutputError where a link leads there."""
    target = folder / path
    _refuse_links(folder, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _mode(target))
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The mode of the file to be replaced, else what a new file would get."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def sweep(folder: Path) -> None:
    """Remove what a writer that was killed left behind below the folder."""
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".git")]
        for name in files:
            if name.startswith(_TEMPORARY):
                Path(root, name).unlink(missing_ok=True)


def _remove_empty(folder: Path, place: Path) -> None:
    while place != folder:
        try:
            place.rmdir()
        except OSError:
            return
        place = place.parent


@contextmanager
def locked(folder: Path, *, wait: float, is_needed: bool) -> Iterator[None]:
    """Hold the folder for one build at a time. Raises RefusedError when another still runs after `wait` seconds."""
    if not is_needed:
        yield
        return
    lock = FileLock(folder / LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait)
    except Timeout:
        raise RefusedError(f"{folder}: another build is running: try again, or wait for it with --wait SECONDS") from None
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}; nothing was changed") from None
    try:
        yield
    finally:
        (folder / LOCK).unlink(missing_ok=True)  # whoever waits on the removed file notices and takes a new one
        lock.release()


def in_order(files: Iterable[tuple[str, bytes]], *, last: str) -> dict[str, bytes]:
    """The files by path, `last` at the end: what it vouches for is there before it."""
    ordered = dict(sorted(files))
    if last in ordered:
        ordered[last] = ordered.pop(last)
    return ordered
