"""A folder that is published: its files found, read, and replaced whole or not at all.

Only files that carry this program's mark are ever replaced or removed; links are not followed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from feedgen_kusama.errors import OutputError, RefusedError
from feedgen_kusama.memory import Part, digest_part

MARKS: Mapping[str, bytes] = {
    ".xml": rb"<generator>\s*feedgen-kusama\s*</generator>",
    ".json": rb'"generator"\s*:\s*"feedgen-kusama"',
    ".html": rb'<meta name="generator" content="feedgen-kusama">|\A<div class="feedgen-kusama"',
    ".css": rb"/\* feedgen-kusama: ",
    ".js": rb"// feedgen-kusama: ",
    ".svg": rb"<!-- feedgen-kusama -->",
    ".opml": rb"<!-- feedgen-kusama -->",
    ".jsonl": rb'"ledger":"feedgen-kusama"',
}
"""What stands in every file that is published, as a pattern by its ending; a fragment, which has no head, begins with it.
People's own files may name or include what is published."""
LOCK = ".feedgen-kusama.lock"
TEMPORARY = ".feedgen-kusama-"
"""How the names of what is written aside begin."""
CHUNK = 1 << 20
"""Bytes of a large file that are read at once."""
Stamp = tuple[int, int, int, int]
"""What the file system says of a file: size, times of modification and of change in ns, inode. None of it is trusted
alone: a file is what it was when all of it is."""


def stamp_of(found: os.stat_result) -> Stamp:
    """The stamp in what the system says of a file."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def find_stamp(folder: Path, path: str) -> Stamp | None:
    """The stamp of a file in a folder; None where there is none."""
    try:
        return stamp_of((folder / path).lstat())
    except OSError:
        return None


def find_files(folder: Path, *, is_strict: bool = False) -> dict[str, Stamp]:
    """Every file below a folder but hidden ones, by its path there. Links are not followed. What cannot be read holds
    nothing, unless it `is_strict`: then OutputError is raised."""
    found: dict[str, Stamp] = {}
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{below}{entry.name}/")
                    else:
                        found[below + entry.name] = stamp_of(entry.stat(follow_symlinks=False))
        except OSError as error:  # what is not there, or vanishes meanwhile, holds nothing
            if is_strict:
                raise OutputError(f"{folder / below}: cannot be read: {error.strerror}; nothing was changed") from None
    return found


def find_own(folder: Path, *, names: frozenset[str]) -> dict[str, bytes]:
    """The files below a folder that are called as one of `names` (patterns) and carry the mark, by path; no links. Raises
    OutputError where anything cannot be read."""
    found: dict[str, bytes] = {}
    for path in sorted(find_files(folder, is_strict=True)):
        if is_called(path, names) and not (folder / path).is_symlink():
            content = read_published(folder, path)
            if content is not None and has_mark(path, content):
                found[path] = content
    return found


def has_mark(path: str, content: bytes) -> bool:
    """Whether what stands at a path was published by this program."""
    mark = MARKS.get(PurePosixPath(path).suffix)
    return mark is not None and re.search(mark, content) is not None  # compiled where it is asked for: most builds need few


def remove(folder: Path, path: str) -> None:
    """Remove a file below the folder, and the folders that it leaves empty. Raises OSError."""
    (folder / path).unlink(missing_ok=True)
    _remove_empty(folder, (folder / path).parent)


def replace(folder: Path, path: str, content: bytes) -> None:
    """Write a file below the folder, whole or not at all. Raises OSError, and OutputError where a link leads there."""
    import tempfile

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=folder) as aside:
        staged = Path(aside, "0")
        staged.write_bytes(content)
        move_into(folder, path, staged, is_flushed=True)


def read_published(folder: Path, path: str) -> bytes | None:
    """A file below the folder; None where there is none. Raises OutputError where it cannot be read."""
    target = folder / path
    refuse_irregular(folder, path)
    try:
        return target.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise OutputError(f"{target}: cannot be read: {error.strerror}") from None


@contextmanager
def opened(folder: Path, path: str) -> Iterator[BinaryIO | None]:
    """A file below the folder, to be read in parts; None where it cannot be."""
    refuse_irregular(folder, path)
    try:
        file = (folder / path).open("rb")
    except OSError:
        yield None
        return
    with file:
        yield file


def is_same(folder: Path, path: str, other: Path) -> bool:
    """Whether a file below the folder holds the same bytes as another file."""
    with opened(folder, path) as there, other.open("rb") as file:
        if there is None or os.fstat(there.fileno()).st_size != os.fstat(file.fileno()).st_size:
            return False
        return all(there.read(CHUNK) == some for some in iter(lambda: file.read(CHUNK), b""))


def consists_of(file: BinaryIO, parts: Iterable[Part]) -> bool:
    """Whether a file's bytes are just these."""
    return all(digest_part(file.read(part.size)) == part for part in parts) and not file.read(1)


def refuse_irregular(folder: Path, path: str) -> None:
    """Raise OutputError where a path below the folder leads through a link, which may lead out of it, or to what is no
    file."""
    place, parts = str(folder), path.split("/")
    for number, part in enumerate(parts, 1):
        place = f"{place}/{part}"
        try:  # asked of every file more than once: as directly as can be
            mode = os.lstat(place).st_mode
        except OSError:  # nothing is there
            return
        if stat.S_ISLNK(mode):
            raise OutputError(f"{place}: a link, which is not followed: remove it or choose another --output")
        kind, is_right = ("file", stat.S_ISREG) if number == len(parts) else ("folder", stat.S_ISDIR)
        if not is_right(mode):
            raise OutputError(f"{place}: stands where a {kind} belongs: remove it or choose another --output")


def is_called(path: str, names: frozenset[str]) -> bool:
    """Whether a file is called as one of `names` (patterns)."""
    return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in names)


def is_ours(path: Path) -> bool:
    """Whether a file carries the mark."""
    try:
        return not path.is_symlink() and has_mark(path.name, path.read_bytes())
    except OSError:  # what cannot be read was not published by whoever builds
        return False


def move_into(folder: Path, path: str, staged: Path, *, is_flushed: bool) -> None:
    """Move a file made ready into its place. What cannot be made again is flushed to the disk before; everything else
    is made again by the next build where a failing machine lost it."""
    target = f"{folder}/{path}"
    refuse_irregular(folder, path)
    with suppress(FileNotFoundError):
        staged.chmod(stat.S_IMODE(os.stat(target).st_mode))  # noqa: PTH116
    if is_flushed:
        with staged.open("rb") as file:
            os.fsync(file.fileno())
    try:
        os.replace(staged, target)  # noqa: PTH105
    except FileNotFoundError:  # the first one in its folder
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        os.replace(staged, target)  # noqa: PTH105


def sweep(folder: Path) -> None:
    """Remove what a writer that was killed left behind in the folder."""
    try:
        left = [entry for entry in os.scandir(folder) if entry.name.startswith(TEMPORARY)]
    except OSError:  # nothing was built there yet
        return
    for entry in left:
        if entry.is_dir(follow_symlinks=False):
            import shutil

            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with suppress(OSError):
                Path(entry.path).unlink()


def _remove_empty(folder: Path, place: Path) -> None:
    while place != folder:
        try:
            place.rmdir()
        except OSError:
            return
        place = place.parent


def is_locked(folder: Path) -> bool:
    """Whether a build may be running: it does so only where its lock lies."""
    return (folder / LOCK).exists()


@contextmanager
def locked(folder: Path, *, wait: float, is_needed: bool) -> Iterator[bool]:
    """Hold the folder for one build at a time, and tell whether another had to be waited for. Raises RefusedError when
    that still runs after `wait` seconds."""
    if not is_needed:
        yield False
        return
    from filelock import FileLock, Timeout  # takes longer to load than to tell that nothing changed

    lock = FileLock(folder / LOCK)
    has_waited = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            has_waited = True
            lock.acquire(timeout=wait)
    except Timeout:
        raise RefusedError(f"{folder}: another build is running: try again, or wait for it with --wait SECONDS") from None
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}; nothing was changed") from None
    try:
        yield has_waited
    finally:
        (folder / LOCK).unlink(missing_ok=True)  # whoever waits on the removed file notices and takes a new one
        lock.release()
