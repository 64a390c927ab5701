"""Published documents as one kind of value, whatever their format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from feedgen_kusama.formats import FORMATS, opml

Format = Literal["rss", "atom", "json", "opml"]
NAMES = frozenset({*FORMATS, opml.NAME})
"""What published documents are called; others are judged only if they turn out to be feeds."""


IsWanted = Callable[[str], bool]
"""Whether the entry with an id is to be read."""


def is_any(_: str) -> bool:
    """Every entry."""
    return True


class Time(NamedTuple):
    """A time as it is written; `moment` is None where that is no time in the form the format asks for."""

    text: str
    moment: datetime | None


class ParsedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as a document gives it. A text that is not there is empty."""

    id: str
    title: str
    link: str
    author: str
    published: Time | None
    updated: Time | None
    html: str
    summary: str
    is_permalink: bool = False
    """Whether the id is said to be an address (RSS)."""
    undeclared: tuple[str, ...] = ()
    """Elements that hold HTML and do not say so (Atom)."""
    repeated: tuple[str, ...] = ()
    """Elements that stand more than once and must not."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.title or self.id or "an entry without title and id"


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A document. Its links are pairs of relation and address; JSON Feed's `next_url` is a `prev-archive`."""

    path: str
    format: Format
    size: int
    title: str
    id: str = ""
    description: str = ""
    author: str = ""
    language: str = ""
    updated: Time | None = None
    links: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()
    """Those of all entries."""
    entries: tuple[ParsedEntry, ...] = ()
    """Those that were wanted."""
    is_archive: bool = False
    repeated: tuple[str, ...] = ()
    outlines: tuple[Mapping[str, str], ...] = ()
    """The feeds that an OPML document lists."""

    @property
    def is_feed(self) -> bool:
        return self.format != "opml"

    def link(self, rel: str) -> str:
        """The first address with this relation; empty where there is none."""
        return next((address for name, address in self.links if name == rel), "")


def folder_of(path: str) -> str:
    """A document's folder, ending in a slash; empty for the uppermost."""
    return path[: path.rfind("/") + 1]


def path_below(address: str, site: str) -> str | None:
    """Where below the site an address leads; None where it leads elsewhere."""
    return address.removeprefix(site) if site and address.startswith(site) else None
