"""Works: the files that are made from the same entries, with a digest of all that goes into them. Pure.

What is published is planned as works first. One whose digest is that of the last build needs not be
made again; the others are made one by one, wherever that is (`executors`), from what a `Stock` holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from typing import Protocol, TypeVar

import msgspec

from feedgen_kusama.entries import EDITION, Whole, held_entry, make_edition, make_entry
from feedgen_kusama.feeds import Outline
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.ledger.library import Library
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.records import Record, render_records
from feedgen_kusama.links import Resolved
from feedgen_kusama.memory import digest, digest_part
from feedgen_kusama.model import Document, Entry, Feed
from feedgen_kusama.settings import Settings

T = TypeVar("T")
Months = Mapping[str, bytes]
"""Entries of whole months, encoded, by edition."""
Told = Whole | bytes
"""What the entry of a whole month is made of, or itself, encoded."""
MOST_DOCUMENTS, MOST_ENTRIES = 128, 2_000
"""How many are kept at hand: enough that a year's are made once for all of its files."""


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """What entries are made of. Documents are encoded, by source; what was published of those at fault by id."""

    settings: Settings
    documents: Mapping[str, bytes]
    contents: Mapping[str, Published] = msgspec.field(default_factory=dict)
    links: Resolved = msgspec.field(default_factory=dict)


class Maker(Protocol):
    """Makes files, each with its path."""

    def __call__(self, entries: Entries, /) -> Iterable[tuple[str, bytes]]: ...


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """Files that are wanted: their paths, a digest of what goes into them, and how to make them."""

    paths: tuple[str, ...]
    key: str
    draw: Callable[[Months], Drawn]
    """What makes them, from what is at hand of whole months: told only where they have to be made, since it may have
    records to read."""
    size: int = 0
    """How many entries they hold."""
    near: int = 0
    """A year: works of the same one are mostly made from the same entries."""
    months: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The whole months worth keeping at hand, by edition, each with a digest of what goes into its entry."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """What makes files, and the records that it makes them of."""

    make: Maker
    records: tuple[Record, ...] = ()

    @property
    def sources(self) -> frozenset[str]:
        """The documents it needs."""
        return frozenset(record.source for record in self.records if record.source)


class Entries:
    """Makes entries of records, each once as long as it is at hand."""

    def __init__(self, stock: Stock, wanted: Collection[str] = ()) -> None:
        """Of the editions `wanted` the entry of the whole month is kept, encoded, as `months`."""
        self._wanted = wanted
        self.months: dict[str, bytes] = {}
        self.settings = stock.settings
        self._stock = stock
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def document(self, source: str) -> Document | None:
        """The document of a source; None where it is at fault."""
        if source not in self._stock.documents:
            return None
        return _at_hand(self._documents, source, self._decode, MOST_DOCUMENTS)

    def _decode(self, source: str) -> Document:
        return decode_document(self._stock.documents[source])

    def entry(self, record: Record) -> Entry:
        """The entry of a record."""
        return _at_hand(self._entries, record.id, lambda _: self._make(record), MOST_ENTRIES)

    def edition(self, record: Record, told: Told) -> Entry:
        """The entry of a whole month."""
        if isinstance(told, bytes):
            return msgspec.msgpack.decode(told, type=Entry)
        made = make_edition(self.settings, record, [self.entry(story) for story in told.stories], told.more)
        if record.edition in self._wanted:
            self.months[record.edition] = msgspec.msgpack.encode(made)
        return made

    def _make(self, record: Record) -> Entry:
        stock, document = self._stock, self.document(record.source)
        if document is None:
            return held_entry(stock.settings, record, stock.contents.get(record.id))
        return make_entry(stock.settings, record, document.drafts[record.position], stock.links.get(record.id, {}).get)


def _at_hand(held: OrderedDict[str, T], key: str, make: Callable[[str], T], most: int) -> T:
    if key in held:
        held.move_to_end(key)
        return held[key]
    made = held[key] = make(key)
    if len(held) > most:
        held.popitem(last=False)
    return made


class Keys:
    """Digests of what files are made of: the same digest, the same bytes. `base` stands for program and settings;
    entries of sources that are `held` are made of what was published of them."""

    def __init__(self, base: str, links: Resolved, library: Library, held: frozenset[str] = frozenset()) -> None:
        self._base = base.encode()
        self._links = links
        self._held = held
        self._shelves = library.shelves
        self._beside = {
            edition: b"".join(map(self._link, sorted(shelf.links.keys() | shelf.anchors.keys()))) + self._hold(shelf.sources)
            for edition, shelf in library.shelves.items()
            if shelf.links or shelf.anchors or held
        }
        """What the entries of an edition are made of beside their records."""
        self._records: dict[str, bytes] = {}
        self.stories = cache(self._stories)

    def record(self, record: Record) -> bytes:
        """The digest of all that an entry is made of: its record tells its words and, as `look`, its HTML."""
        if record.id not in self._records:  # a new entry is shown in the files of several feeds
            told = render_records([record]) + self._link(record.id) + self._hold([record.source])
            self._records[record.id] = digest_part(told).digest
        return self._records[record.id]

    def _link(self, id: str) -> bytes:
        links = self._links.get(id)
        return repr((id, sorted(links.items()))).encode() if links else b""

    def _hold(self, sources: Iterable[str]) -> bytes:
        held = sorted(self._held.intersection(sources)) if self._held else ()
        return repr(held).encode() if held else b""

    def group(self, edition: str, topic: str) -> bytes:
        """What tells of all that the entries of an edition on one topic are made of."""
        return self._shelves[edition].groups[topic].digest + self._beside.get(edition, b"")

    def _stories(self, edition: str) -> bytes:
        """The digest of all that the entries of an edition are made of."""
        if edition not in self._shelves:
            return b""
        found = (group.digest for _, group in sorted(self._shelves[edition].groups.items()))
        return digest_part(b"".join(found) + self._beside.get(edition, b"")).digest

    def of(self, records: Iterable[Record], *parts: object) -> str:
        """The digest of a file that is made of these entries and parts (of which msgspec knows the types)."""
        told = blake2b(self._base, digest_size=16)
        told.update(msgspec.json.encode(parts))
        told.update(b"".join(map(self.record, records)))
        return told.hexdigest()


def encode_document(document: Document) -> bytes:
    """A document as bytes that any process can read."""
    return msgspec.msgpack.encode(document)


def decode_document(data: bytes) -> Document:
    """The document in such bytes."""
    return msgspec.msgpack.decode(data, type=Document)


class FeedMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes a feed in every format. A topic's former ids are folders with the same feed: old addresses stay good."""

    outline: Outline
    former: tuple[str, ...] = ()
    stories: Mapping[str, Told] = msgspec.field(default_factory=dict)
    """What each month is made of, where the feed is that of whole months."""

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        feed = self.outline.fill(lambda record: fetch(entries, record, self.stories))
        for name, render in FORMATS.items():
            content = render(feed)
            yield feed.folder + name, content
            for old in self.former:
                yield f"{old}/{name}", content


def feed_paths(feed: Feed, former: Iterable[str]) -> tuple[str, ...]:
    """Where such a feed is published."""
    folders = (feed.folder, *(f"{old}/" for old in former))
    return tuple(folder + name for name in FORMATS for folder in folders)


def fetch(entries: Entries, record: Record, stories: Mapping[str, Told]) -> Entry:
    """The entry of a record, be it a story's or a whole month's."""
    return entries.edition(record, stories[record.edition]) if record.topic == EDITION.id else entries.entry(record)


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that needs no entry."""

    path: str
    content: bytes

    def __call__(self, _: Entries) -> Iterator[tuple[str, bytes]]:
        yield self.path, self.content


def fixed_work(path: str, content: bytes) -> Work:
    """The work of such a file."""
    return Work(paths=(path,), key=digest(content), draw=lambda _: Drawn(make=Fixed(path=path, content=content)))
