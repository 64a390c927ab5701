"""The values that travel through the program: all frozen, complete from birth.

Times are aware UTC datetimes without microseconds, days are dates, lines count from 1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

ALL, EDITIONS = "all", "editions"
"""The feeds of every entry and of whole months."""
EDITION_PATH = f"{EDITIONS}/{{}}.html"
"""Where the page of an edition is published."""
LARGEST_DOCUMENT = 2_000_000
"""Bytes. Months of news fit many times; more is a mistake (an archive, a log)."""
Kind = Literal["lead", "section"]
Severity = Literal["error", "warning"]


class Edition(NamedTuple):
    """The month that a document covers; orders by time and prints as `YYYY-MM`."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A fault with its place. An error withholds what it names; a warning only informs."""

    path: str
    line: int | None
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        path = "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in self.path)
        place = path if self.line is None else f"{path}:{self.line}"
        return f"{place}: {self.message}"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence for a topic: the word (or place) that counted, where, and how much."""

    word: str
    where: Literal["heading", "body", "place", "said"]
    weight: float


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A subject that entries are filed under. Its id is its address and never changes."""

    id: str
    title: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Other names that documents may use for it."""
    former: tuple[str, ...] = ()
    """Ids that it had earlier: their addresses go on serving its feed."""
    words: Mapping[str, float] = msgspec.field(default_factory=dict)
    """Words and phrases that speak for the topic, with their weights; `word*` is a stem."""
    opening: float = 0.0
    """Weight that standing first in the document, where a lead is missing, adds."""
    closing: float = 0.0
    """Weight that standing last in the document adds."""

    @property
    def names(self) -> frozenset[str]:
        """All that it is called, casefolded."""
        return frozenset(name.casefold() for name in (self.id, self.title, *self.aliases, *self.former))


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that the settings ask for beside those of every topic: several topics in one."""

    id: str
    title: str
    topics: tuple[str, ...]
    description: str = ""
    limit: int | None = None
    """How many entries it holds, where not as many as the others."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What parsing yields for a lead or a section. No identity, no clock."""

    kind: Kind
    line: int
    title: str
    topic: str
    reasons: tuple[Reason, ...]
    """Why this topic, where the reader tells."""
    author: str | None
    role: str | None
    date: dt.date
    """The document's date: the section's own date line, else the document's, else the month's end."""
    days: tuple[dt.date, ...]
    """Calendar days that the text names: events, never times of publication."""
    text: str
    """The body as plain text, one block a line, without title and byline."""
    markup: str
    """The body as HTML as the author meant it: unsanitised, addresses as written."""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Lines that are no entry, and why; kept for the edition's page."""

    line: int
    text: str
    why: str
    markup: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One document as it was read. `edition` is None where no month was found (an error says so)."""

    path: str
    edition: Edition | None
    edition_source: str | None
    """Where the month was found: `title`, `front matter`, `file name`, `dateline` or `headline`."""
    title: str | None
    headline: str | None
    drafts: tuple[Draft, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[Problem, ...] = ()
    is_draft: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A draft with an identity and times: what a subscriber sees as one item."""

    id: str
    """A tag URI (RFC 4151), minted once."""
    slug: str
    """The anchor on the edition's page; unique within the edition."""
    link: str
    """The permanent link, absolute."""
    edition: Edition
    topic: Topic
    title: str
    summary: str
    html: str
    """The body as sanitised HTML with absolute addresses."""
    text: str
    author: str | None
    role: str | None
    days: tuple[dt.date, ...]
    published: dt.datetime
    updated: dt.datetime


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was retracted, and when (RFC 6721)."""

    id: str
    when: dt.datetime


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A selection of entries, newest first, that is published in every format: a head, or an archive
    of one year (RFC 5005, section 4). Folders are given below the site and end in a slash, the site's own is empty."""

    id: str
    """`all`, `editions`, or the id of a topic or selection."""
    title: str
    description: str
    site: str
    """The site's absolute address, ending in a slash."""
    folder: str
    head: str
    """The folder of the feed's head: its page, and where its newest entries are."""
    previous: str | None
    """The folder of the archive before this one; of a head the newest archive."""
    following: str | None
    """The folder of the archive after this one."""
    tag: str
    """The feed's own id, a tag URI; its archives share it."""
    language: str
    author: str
    hub: str | None
    """The WebSub hub that is told of changes."""
    entries: tuple[Entry, ...]
    total: int
    """How many entries it has, its archives included."""
    updated: dt.datetime
    tombstones: tuple[Tombstone, ...] = ()

    @property
    def is_archive(self) -> bool:
        return self.folder != self.head
