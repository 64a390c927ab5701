"""What the last build knew: from it the next one tells what has not changed.

Never what decides: without it, or with one that does not fit, everything is read and made anew with the same result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec.structs import replace

from feedgen_kusama.model import Problem


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A document as it was read: a digest of its bytes, its edition, and what was wrong with it."""

    digest: str
    edition: str | None
    problems: tuple[Problem, ...] = ()


class Made(msgspec.Struct, frozen=True, array_like=True):
    """A file as it was published: the digest of what went into it, and what the file system said of it then."""

    key: str
    stamp: tuple[int, int, int, int]


class Part(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Bytes that follow one another in a file: how many, and a digest of them."""

    size: int
    digest: bytes


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """A build that ended well: what it started from and what it left."""

    base: str
    """A digest of the program and the settings."""
    sources: dict[str, Seen]
    ledger: tuple[Part, ...]
    """The ledger that it left."""
    built: datetime
    until: datetime | None
    """From when on a later clock changes what is published."""
    unsettled: tuple[str, ...]
    """Editions of which the next build has to be told anew."""
    made: dict[str, Made]
    repeated: tuple[Problem, ...]
    """What was said of stories that stand twice."""
    entries: int
    feeds: int
    held: int

    def problems(self, source: Path) -> tuple[Problem, ...]:
        """Everything that was wrong with the documents, with its place as their folder is named now."""
        read = [problem for _, seen in sorted(self.sources.items()) for problem in seen.problems]
        return place_problems((*read, *self.repeated), source)

    def is_current(self, now: datetime) -> bool:
        """Whether the clock is where the same documents give the same feeds."""
        return self.built <= now and (self.until is None or now < self.until)


def changed_sources(memory: Memory, digests: Mapping[str, str]) -> frozenset[str]:
    """The documents that were added, removed or changed since."""
    known = memory.sources
    changed = {name for name, digest in digests.items() if name not in known or known[name].digest != digest}
    return frozenset(changed | (known.keys() - digests.keys()))


def settled_editions(memory: Memory, changed: frozenset[str]) -> frozenset[str]:
    """The editions whose documents are all as they were."""
    moved = {memory.sources[name].edition for name in changed if name in memory.sources}
    editions = {seen.edition for seen in memory.sources.values() if seen.edition is not None}
    return frozenset(editions - moved - set(memory.unsettled))


def digest_part(data: bytes) -> Part:
    """What is remembered of bytes."""
    return Part(size=len(data), digest=blake2b(data, digest_size=16).digest())


def digest(*parts: bytes) -> str:
    """A digest of bytes; where one part ends and the next begins counts."""
    told = blake2b(digest_size=16)
    for part in parts:
        told.update(len(part).to_bytes(8, "big"))
        told.update(part)
    return told.hexdigest()


def place_problems(problems: Iterable[Problem], folder: Path) -> tuple[Problem, ...]:
    """Problems of a folder's files with their places as the folder is named."""
    return tuple(replace(problem, path=f"{folder.as_posix()}/{problem.path}") for problem in problems)
