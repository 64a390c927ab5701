"""Bring a folder in line with a set of files, touching only what differs.

Everything that differs is written aside before the first file is replaced.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from feedgen_kusama.errors import OutputError
from feedgen_kusama.folders import (
    TEMPORARY,
    Stamp,
    find_files,
    has_mark,
    is_called,
    is_ours,
    is_same,
    move_into,
    read_published,
    refuse_irregular,
    remove,
    stamp_of,
    sweep,
)

FEW = 1 << 20
"""Bytes that are worth no file."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to bring a folder in line, by path below it. What others put there is left alone: `foreign`
    stands in the way, `beside` does not."""

    write: tuple[str, ...]
    remove: tuple[str, ...]
    unchanged: tuple[str, ...]
    foreign: tuple[str, ...]
    beside: tuple[str, ...] = ()


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
        self._drawers: list[Drawer] = []
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
        there = self._read(path)
        if there == content:
            self._unchanged.append(path)
        elif path == self._own or has_mark(path, there or b"") or content.startswith(there or b""):  # or cut off, or empty
            self._staged[path] = self._write([content])
        else:
            self._foreign.append(path)

    def _read(self, path: str) -> bytes | None:
        if path in self.found:
            return read_published(self._folder, path)
        refuse_irregular(self._folder, path)  # what lies behind one was not found
        return None

    def put_own(self, parts: Iterable[bytes]) -> None:
        """The own file as it should be, in parts."""
        staged = self._write(parts)
        if is_same(self._folder, self._own, staged):
            self._unchanged.append(self._own)
        else:
            self._staged[self._own] = staged

    def _write(self, parts: Iterable[bytes]) -> Path:
        try:
            if self._aside is None:
                if self._home is not None:
                    self._home.mkdir(parents=True, exist_ok=True)
                import tempfile  # nothing is written aside where nothing differs

                self._aside = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=self._home))
            place = self._aside / str(len(self._staged))
            with place.open("wb") as file:
                file.writelines(parts)
        except OSError as error:
            place = error.filename or self._folder
            raise OutputError(f"{place}: cannot be written: {error.strerror}; nothing was changed") from None
        return place

    def difference(self, *, names: frozenset[str], in_order: Callable[[Iterable[str]], Iterable[str]] = tuple) -> Difference:
        """How the folder differs from all that was kept or put.

        Files in it that are called as one of `names` (patterns), carry the mark and are not among those are to be
        removed, unless they lie below another own file. `in_order` puts paths in the order in which they are replaced;
        the own file comes last.
        """
        wanted = {*self._unchanged, *self._staged, *self._foreign}
        more = [path for path in sorted(self.found) if path not in wanted]
        apart = tuple(path.removesuffix(self._own) for path in more if path.endswith(f"/{self._own}"))  # publications below
        ours = (path for path in more if is_called(path, names) and not path.startswith(apart))
        stale = [path for path in ours if is_ours(self._folder / path)]
        return Difference(
            write=tuple(sorted(in_order(self._staged), key=lambda path: path == self._own)),
            remove=tuple(stale),
            unchanged=tuple(self._unchanged),
            foreign=tuple(self._foreign),
            beside=tuple(path for path in more if path not in set(stale)),
        )

    def apply(self, difference: Difference) -> None:
        """Replace and remove what differs, in the order that it says. Raises OutputError; what was replaced by
        then is whole."""
        folder = self._folder
        if difference.unchanged and not (folder / difference.unchanged[0]).exists():
            raise OutputError(f"{folder}: vanished while the build ran; nothing was written: build again")
        try:
            for path in difference.write:
                move_into(folder, path, self._staged[path], is_flushed=path == self._own)
            for path in difference.remove:
                remove(folder, path)
        except OSError as error:
            place = error.filename2 or error.filename or folder
            raise OutputError(f"{place}: cannot be written: {error.strerror}; the files there are whole, old or new") from None

    def stamps(self, difference: Difference) -> dict[str, Stamp]:
        """What the file system says of the files that are as they should be, after `apply`."""
        stamps = {path: self.found[path] for path in difference.unchanged if path in self.found}
        for path in difference.write:
            stamps[path] = stamp_of((self._folder / path).stat())
        return stamps

    def drawer(self) -> Drawer:
        """Somewhere to lay bytes aside until the end."""
        drawer = Drawer(self._home)
        self._drawers.append(drawer)
        return drawer

    def discard(self) -> None:
        """Remove what was written aside."""
        for drawer in self._drawers:
            drawer.close()
        if self._aside is not None:
            import shutil

            shutil.rmtree(self._aside, ignore_errors=True)


class Drawer:
    """Bytes laid aside by name: in memory where they are few, else in a file without a name."""

    def __init__(self, home: Path | None) -> None:
        import tempfile

        self._home = home
        self._file = tempfile.SpooledTemporaryFile(FEW, dir=None if home is None else str(home))  # noqa: SIM115
        self._places: dict[str, tuple[int, int]] = {}

    def __setitem__(self, name: str, data: bytes) -> None:
        try:
            self._places[name] = self._file.seek(0, os.SEEK_END), len(data)
            self._file.write(data)
        except OSError as error:
            place = self._home or "the folder of temporary files"
            raise OutputError(f"{place}: cannot be written: {error.strerror}; nothing was changed") from None

    def __getitem__(self, name: str) -> bytes:
        place, size = self._places[name]
        self._file.seek(place)
        return self._file.read(size)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def close(self) -> None:
        """Forget everything."""
        self._file.close()
