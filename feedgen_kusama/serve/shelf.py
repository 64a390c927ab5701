"""Files as they are served: whole, with a tag by content, packed once, and held in memory while they stay the same."""

from __future__ import annotations

import gzip
import os
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Lock

from feedgen_kusama.media import is_text, media_type
from feedgen_kusama.serve.places import Names, open_file

LARGEST_HELD = 16 << 20
"""Bytes of a file that is held in memory; a larger one is sent from the disk, unpacked."""
MOST_HELD = 128 << 20
"""Bytes held in memory in all."""
LEAST_PACKED = 512
"""Bytes below which packing is not worth it."""
CHUNK = 1 << 18
Stamp = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """What is known of a file: `etag` by its content, `modified` in seconds since 1970 (None: tells nothing)."""

    path: str
    media: str
    etag: str
    modified: int | None
    size: int
    content: bytes | None
    """None for a large one."""
    packed: bytes | None = None
    """The content by gzip, where that is shorter."""

    @property
    def packed_etag(self) -> str:
        """The tag of the packed content, which is another sequence of bytes (RFC 9110 section 8.8.3.3)."""
        return f'{self.etag[:-1]}-gzip"'

    @property
    def weight(self) -> int:
        """Bytes in memory."""
        return len(self.content or b"") + len(self.packed or b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file, and for a large one the descriptor to read it by, which whoever took it closes."""

    file: File
    descriptor: int | None = None

    def read(self, begin: int, end: int) -> bytes:
        """Bytes of a large file. Raises OSError where it has become shorter."""
        assert self.descriptor is not None
        data = os.pread(self.descriptor, end - begin, begin)
        if not data:
            raise OSError(f"{self.file.path}: shorter than it was")
        return data

    def close(self) -> None:
        """Give the descriptor back."""
        if self.descriptor is not None:
            os.close(self.descriptor)


class Shelf:
    """The files below a folder. May be used by several threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: OrderedDict[Names, tuple[Stamp, File]] = OrderedDict()
        self._weight = 0
        self._lock = Lock()

    def take(self, names: Names) -> Taken | None:
        """The file that names lead to, as it is at this moment; None where there is none."""
        descriptor = open_file(self._folder, names)
        if descriptor is None:
            return None
        is_kept = False
        try:
            file = self._find(names, descriptor)
            is_kept = file.content is None
            return Taken(file=file, descriptor=descriptor if is_kept else None)
        except OSError:
            return None
        finally:
            if not is_kept:
                os.close(descriptor)

    def _find(self, names: Names, descriptor: int) -> File:
        status = os.fstat(descriptor)
        stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        with self._lock:
            held = self._held.get(names)
            if held and held[0] == stamp:
                self._held.move_to_end(names)
                return held[1]
        file = read_file("/".join(names), descriptor, status)
        self._hold(names, stamp, file)
        return file

    def _hold(self, names: Names, stamp: Stamp, file: File) -> None:
        with self._lock:
            _, before = self._held.pop(names, (None, None))
            self._weight += file.weight - (before.weight if before else 0)
            self._held[names] = (stamp, file)
            while self._weight > MOST_HELD:
                _, (_, oldest) = self._held.popitem(last=False)
                self._weight -= oldest.weight


def read_file(path: str, descriptor: int, status: os.stat_result) -> File:
    """Read a file that is open. Raises OSError."""
    if status.st_size <= LARGEST_HELD:
        with os.fdopen(os.dup(descriptor), "rb") as opened:
            return make_file(path, opened.read(), modified=int(status.st_mtime))
    digest, offset = blake2b(digest_size=16), 0
    while data := os.pread(descriptor, CHUNK, offset):
        digest.update(data)
        offset += len(data)
    etag, media = f'"{digest.hexdigest()}"', media_type(path)
    return File(path=path, media=media, etag=etag, modified=int(status.st_mtime), size=offset, content=None)


def make_file(path: str, content: bytes, *, modified: int | None) -> File:
    """A file from its content."""
    media = media_type(path)
    etag = f'"{blake2b(content, digest_size=16).hexdigest()}"'
    packed = _pack(content) if is_text(media) and len(content) >= LEAST_PACKED else None
    return File(
        path=path,
        media=media,
        etag=etag,
        modified=modified,
        size=len(content),
        content=content,
        packed=packed if packed and len(packed) < len(content) else None,
    )


def _pack(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)  # without a time, the same on every machine
