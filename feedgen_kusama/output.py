"""Bring a folder in line with a set of files, touching only what differs.

A file is replaced whole or not at all: written aside on the same file system, then renamed over it.
Only files that carry this program's mark are ever replaced or removed; links are not followed.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from feedgen_kusama.errors import OutputError, RefusedError

MARK = b"feedgen-kusama"
"""Stands in every file that is published: as the generator, or in a first comment."""
LOCK = ".feedgen-kusama.lock"
_TEMPORARY = ".feedgen-kusama-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What it takes to bring a folder in line, by path below it. What others put there is left alone: `foreign`
    stands in the way, `beside` does not."""

    write: tuple[str, ...]
    remove: tuple[str, ...]
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    beside: tuple[str, ...] = ()


Stamp = tuple[int, int, int, int]
"""What the file system says of a file: size, times of modification and of change in ns, inode. None of it is trusted
alone: a file is what it was when all of it is."""


def _stamp(found: os.stat_result) -> Stamp:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


@contextmanager
def staging(folder: Path, *, own: str = "", is_dry: bool = False) -> Iterator[Staging]:
    """Make files ready for a folder. `own` is ours whatever it holds, and is replaced last. With `is_dry` the
    folder is not touched."""
    if not is_dry:
        sweep(folder)
    stage = Staging(folder, None if is_dry else folder, own)
    try:
        yield stage
    finally:
        stage.discard()


class Staging:
    """Files made ready for a folder: compared with what is there, and those that differ written aside."""

    def __init__(self, folder: Path, home: Path | None, own: str) -> None:
        self._folder = folder
        self._home = home
        """Where to write aside: on the same file system, or files could not be moved into place at once."""
        self._own = own
        self._aside: Path | None = None
        self._staged: dict[str, Path] = {}
        self._unchanged: list[str] = []
        self._foreign: list[str] = []
        self.found = find_files(folder)
        """Every file in the folder but hidden ones."""

    def keep(self, path: str) -> None:
        """A file that is known to be as it should be."""
        self._unchanged.append(path)

    def put(self, path: str, content: bytes) -> None:
        """A file as it should be."""
        there = _read(self._folder, path)
        if there == content:
            self._unchanged.append(path)
        elif there is None or MARK in there or path == self._own:
            self._staged[path] = self._write(content)
        else:
            self._foreign.append(path)

    def _write(self, content: bytes) -> Path:
        try:
            if self._aside is None:
                if self._home is not None:
                    self._home.mkdir(parents=True, exist_ok=True)
                self._aside = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self._home))
            place = self._aside / str(len(self._staged))
            place.write_bytes(content)
        except OSError as error:
            place = error.filename or self._folder
            raise OutputError(f"{place}: cannot be written: {error.strerror}; nothing was changed") from None
        return place

    def difference(self, *, names: frozenset[str]) -> Difference:
        """How the folder differs from all that was kept or put.

        Files in it that are called as one of `names` (patterns), carry the mark and are not among those are to be
        removed.
        """
        wanted = {*self._unchanged, *self._staged, *self._foreign}
        more = [path for path in sorted(self.found) if path not in wanted]
        stale = [path for path in more if _is_called(path, names) and _is_ours(self._folder / path)]
        return Difference(
            write=tuple(sorted(self._staged, key=lambda path: path == self._own)),
            remove=tuple(stale),
            unchanged=tuple(self._unchanged),
            foreign=tuple(self._foreign),
            beside=tuple(path for path in more if path not in set(stale)),
        )

    def apply(self, difference: Difference) -> None:
        """Replace and remove what differs, in the order in which it was put. Raises OutputError; what was replaced by
        then is whole."""
        folder = self._folder
        if difference.unchanged and not (folder / difference.unchanged[0]).exists():
            raise OutputError(f"{folder}: vanished while the build ran; nothing was written: build again")
        try:
            for path in difference.write:
                _replace(folder, path, self._staged[path], is_flushed=path == self._own)
            for path in difference.remove:
                remove(folder, path)
        except OSError as error:
            place = error.filename or folder
            raise OutputError(f"{place}: cannot be written: {error.strerror}; the files there are whole, old or new") from None

    def stamps(self, difference: Difference) -> dict[str, Stamp]:
        """What the file system says of the files that are as they should be, after `apply`."""
        stamps = {path: self.found[path] for path in difference.unchanged if path in self.found}
        for path in difference.write:
            stamps[path] = _stamp((self._folder / path).stat())
        return stamps

    def discard(self) -> None:
        """Remove what was written aside."""
        if self._aside is not None:
            shutil.rmtree(self._aside, ignore_errors=True)


def find_files(folder: Path) -> dict[str, Stamp]:
    """Every file below a folder but hidden ones, by its path there. Links are not followed."""
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
                        found[below + entry.name] = _stamp(entry.stat(follow_symlinks=False))
        except OSError:  # what is not there, or vanishes meanwhile, holds nothing
            continue
    return found


def read_published(folder: Path, path: str) -> bytes | None:
    """A file below the folder; None where there is none. Raises OutputError where it cannot be read."""
    return _read(folder, path)


def find_own(folder: Path, *, names: frozenset[str]) -> tuple[str, ...]:
    """The paths of the files below a folder that are called as one of `names` (patterns) and carry the mark; no links."""
    return tuple(path for path in sorted(find_files(folder)) if _is_called(path, names) and _is_ours(folder / path))


def remove(folder: Path, path: str) -> None:
    """Remove a file below the folder, and the folders that it leaves empty. Raises OSError."""
    (folder / path).unlink(missing_ok=True)
    _remove_empty(folder, (folder / path).parent)


def replace(folder: Path, path: str, content: bytes) -> None:
    """Write a file below the folder, whole or not at all. Raises OSError, and OutputError where a link leads there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder) as aside:
        staged = Path(aside, "0")
        staged.write_bytes(content)
        _replace(folder, path, staged, is_flushed=True)


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


def _is_called(path: str, names: frozenset[str]) -> bool:
    return any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in names)


def _is_ours(path: Path) -> bool:
    try:
        return not path.is_symlink() and MARK in path.read_bytes()
    except OSError:  # what cannot be read was not published by whoever builds
        return False


def _replace(folder: Path, path: str, staged: Path, *, is_flushed: bool) -> None:
    """Move a file made ready into its place. What cannot be made again is flushed to the disk before; everything else
    is made again by the next build where a failing machine lost it."""
    target = folder / path
    _refuse_links(folder, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        staged.chmod(stat.S_IMODE(target.stat().st_mode))
    if is_flushed:
        with staged.open("rb") as file:
            os.fsync(file.fileno())
    staged.replace(target)


def sweep(folder: Path) -> None:
    """Remove what a writer that was killed left behind in the folder."""
    try:
        left = [entry for entry in os.scandir(folder) if entry.name.startswith(_TEMPORARY)]
    except OSError:  # nothing was built there yet
        return
    for entry in left:
        if entry.is_dir(follow_symlinks=False):
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
