"""The cache on disk: parsed documents and what the last build knew. Disposable: deleting it changes no byte of output."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from feedgen_kusama.memory import Memory

if TYPE_CHECKING:
    from feedgen_kusama.ledger.shelves import Shelf

_TABLES = """
    CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY, reading BLOB NOT NULL, document BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS months (key TEXT PRIMARY KEY, entry BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS memory (name TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_DATABASE = b"SQLite format 3\0"
_LAST, _SHELVES = "last build", "shelves"
_MOST_VARIABLES = 500
_TORN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SEAL = 16
"""Bytes of the digest before all that is kept."""
_CHUNK = 1 << 20
_CODE = (".py", ".html", ".css", ".js", ".toml")


def default_place(output: Path) -> Path | None:
    """Where the cache of an output folder is kept: among the user's caches (XDG Base Directory Specification); None for a
    user without a home."""
    home = os.environ.get("XDG_CACHE_HOME")
    try:
        caches = Path(home) if home and Path(home).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    name = blake2b(os.fsencode(output.resolve()), digest_size=12).hexdigest()
    return caches / "feedgen-kusama" / f"{name}.sqlite"


def may_be_cache(place: Path) -> bool:
    """Whether nobody's work is lost where a cache is begun at a place: nothing is there, or a database."""
    with suppress(OSError):
        if not place.is_file():
            return not place.exists()
        with place.open("rb") as file:
            return file.read(len(_DATABASE)) in (b"", _DATABASE)
    return False


@contextmanager
def open_cache(place: Path | None, *, is_kept: bool = True) -> Iterator[Cache]:
    """The cache at a place; one that cannot be read is begun anew. Without a place, or where it cannot be written,
    one that lasts as long as it is open. Unless it `is_kept` what is put is forgotten at the end."""
    connection = _connect(place) if place else None
    cache = Cache(connection or _begin(""))
    try:
        yield cache
    finally:
        cache.close(is_kept=is_kept)
        if connection and place and is_kept and cache.is_torn:
            with suppress(OSError):
                place.unlink()


def _connect(place: Path) -> sqlite3.Connection | None:
    for _ in range(2):
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            return _begin(str(place))
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:  # another build is writing it at this moment
                return None
            with suppress(OSError):
                place.unlink()
        except OSError:
            return None
    return None


def _begin(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, isolation_level=None, timeout=0)
    connection.execute("PRAGMA synchronous = OFF")  # what a failing machine damages is known by its seal, and made anew
    connection.executescript(_TABLES)
    return connection


def _seal(key: str, data: bytes) -> bytes:
    """Data as it is kept: behind a digest, so that what a disk has damaged is not believed."""
    return blake2b(data, digest_size=_SEAL, key=key.encode()[: blake2b.MAX_KEY_SIZE]).digest() + data


def _unseal(key: str, kept: object) -> bytes | None:
    """The data that was kept under a key; None where it is damaged."""
    data = kept[_SEAL:] if isinstance(kept, bytes) else b""
    return data if kept == _seal(key, data) else None


class Cache:
    """Parsed documents by key, and the memory of the last build."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._connection.execute("BEGIN")
        self._spare: dict[str, tuple[bytes, bytes]] = {}
        """What could not be written: a full disk costs the next build time, and this one nothing."""
        self.is_torn = False
        """Whether the file turned out to be no longer a database as a whole: nothing more can be kept in it."""

    def close(self, *, is_kept: bool) -> None:
        """Keep what was put, if it can be kept."""
        with self._forgiving():
            self._connection.execute("COMMIT" if is_kept else "ROLLBACK")
        self._connection.close()

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """What cannot be read is made again, and what cannot be written is made again by the next build."""
        try:
            yield
        except sqlite3.Error as error:
            self.is_torn |= getattr(error, "sqlite_errorcode", 0) & 0xFF in _TORN

    def recall(self, base: str) -> Memory | None:
        """What the last build knew; None where there was none, or the program or the settings (`base`) are others."""
        with suppress(msgspec.DecodeError, msgspec.ValidationError):
            data = self._recall(_LAST)
            memory = msgspec.msgpack.decode(data, type=Memory) if data else None
            return memory if memory and memory.base == base else None
        return None

    def recall_shelves(self) -> dict[str, Shelf] | None:
        """The ledger's shelves as the last build left them."""
        from feedgen_kusama.ledger.shelves import Shelf  # a build without change needs none

        with suppress(msgspec.DecodeError, msgspec.ValidationError):
            data = self._recall(_SHELVES)
            return msgspec.msgpack.decode(data, type=dict[str, Shelf]) if data else None
        return None

    def _recall(self, name: str) -> bytes | None:
        with self._forgiving():
            row = self._connection.execute("SELECT value FROM memory WHERE name = ?", [name]).fetchone()
            return _unseal(name, row[0]) if row else None
        return None

    def remember(self, memory: Memory, shelves: Mapping[str, Shelf], keys: Iterable[str], months: Iterable[str]) -> None:
        """Keep what this build knew, and of all documents and months only those with these keys."""
        with self._forgiving(), suppress(UnicodeEncodeError):  # names that are not UTF-8 cannot be kept
            for table, wanted in (("documents", set(keys)), ("months", set(months))):
                found = [key for (key,) in self._connection.execute(f"SELECT key FROM {table}")]  # noqa: S608
                stale = ([key] for key in found if key not in wanted)
                self._connection.executemany(f"DELETE FROM {table} WHERE key = ?", stale)  # noqa: S608
            told = ((_LAST, memory), (_SHELVES, shelves))
            rows = [(name, _seal(name, msgspec.msgpack.encode(value))) for name, value in told]
            self._connection.executemany("INSERT OR REPLACE INTO memory VALUES (?, ?)", rows)

    def put(self, rows: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Keep documents: key, reading, document."""
        with self._forgiving():
            sealed = ((key, _seal(key, reading), _seal(key, document)) for key, reading, document in rows)
            self._connection.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", sealed)
            return
        self._spare.update((key, (reading, document)) for key, reading, document in rows)

    def readings(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The readings under these keys."""
        return self._select("documents", "reading", keys, 0)

    def documents(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The documents under these keys."""
        return self._select("documents", "document", keys, 1)

    def months(self, keys: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The entries of whole months under these keys."""
        return self._select("months", "entry", keys, 0)

    def put_months(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Keep entries of whole months: key, entry."""
        with self._forgiving():
            sealed = ((key, _seal(key, entry)) for key, entry in rows)
            self._connection.executemany("INSERT OR REPLACE INTO months VALUES (?, ?)", sealed)

    def _select(self, table: str, column: str, keys: Iterable[str], spare: int) -> Iterator[tuple[str, bytes]]:
        wanted = list(keys)
        yield from ((key, self._spare[key][spare]) for key in wanted if key in self._spare)
        waiting = iter(wanted)
        while some := list(islice(waiting, _MOST_VARIABLES)):
            marks = ",".join("?" * len(some))
            with self._forgiving():
                rows = self._connection.execute(f"SELECT key, {column} FROM {table} WHERE key IN ({marks})", some)  # noqa: S608
                yield from ((key, data) for key, kept in rows if (data := _unseal(key, kept)) is not None)


def program_digest() -> bytes:
    """A digest of this program's code and of the versions of all that is installed beside it.

    Every command takes it, so the file system is asked as directly as can be.
    """
    told = blake2b(sys.version.encode())
    for path in sorted(_find_code(str(Path(__file__).parent))):
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            while some := os.read(file, _CHUNK):
                told.update(some)
        finally:
            os.close(file)
    for place in sys.path:
        if place.endswith("-packages"):
            with suppress(OSError):
                installed = sorted(entry.name for entry in os.scandir(place) if entry.name.endswith(".dist-info"))
                told.update("\n".join(installed).encode())
    return told.digest()


def _find_code(folder: str) -> Iterator[str]:
    """The files below a folder that decide what the program does."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(_CODE):
                yield entry.path
            elif entry.name != "__pycache__" and entry.is_dir():
                yield from _find_code(entry.path)
