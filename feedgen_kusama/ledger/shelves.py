"""Shelves: the ledger an edition at a time. What is planned is planned by what a shelf says of its records; they
themselves are read only where they have to be. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import msgspec

from feedgen_kusama.ledger.clock import from_seconds, to_seconds
from feedgen_kusama.ledger.records import Record, parse_records, reading_order, render_records
from feedgen_kusama.memory import Part, digest_part
from feedgen_kusama.model import EDITIONS

MOST_READ = 32
"""Editions whose records are kept at hand: more than a year's, whose files are planned together."""


Links = Mapping[str, tuple[str, ...]]
"""Relative addresses in stories that may lead to other documents, by the story's id."""
Anchors = Mapping[str, dict[str, str]]
"""Where relative addresses in stories lead that mean a story of the same document, by the story's id and the address."""
EMPTY: Mapping[str, Any] = MappingProxyType({})


class Group(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The live stories of one edition on one topic."""

    times: tuple[int, ...]
    """When they were published, oldest first."""
    digest: bytes


class Shelf(msgspec.Struct, frozen=True, array_like=True):
    """What is said of an edition's records, and of their lines in the ledger. Times are in seconds."""

    lines: Part
    count: int
    """How many there are."""
    month: Record | None
    """The record of the edition itself."""
    groups: dict[str, Group]
    """The live stories by topic."""
    updates: tuple[int, ...]
    """When stories were updated."""
    sources: tuple[str, ...]
    """The documents of the live stories."""
    strays: tuple[tuple[str, str], ...]
    """The slugs of stories that were minted in another edition, after it."""
    links: dict[str, tuple[str, tuple[str, ...]]]
    """The relative addresses in live stories that may lead to other documents, by id, with the story's own document."""
    anchors: dict[str, dict[str, str]]
    """Where those lead that mean a story of the same document, by id and address."""
    has_retracted: bool

    @property
    def live(self) -> int:
        """How many live stories there are."""
        return sum(len(group.times) for group in self.groups.values())


class Span(NamedTuple):
    """Live records of one edition on one topic, by when they were published."""

    edition: str
    topic: str
    times: tuple[int, ...]


class Drawer(Protocol):
    """Where bytes are laid aside by name."""

    def __setitem__(self, name: str, data: bytes, /) -> None: ...

    def __getitem__(self, name: str, /) -> bytes: ...

    def __contains__(self, name: object, /) -> bool: ...


def _arrange(records: Iterable[Record]) -> Mapping[str, Sequence[Record]]:
    """Records by edition."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.edition].append(record)
    return found


def shelve(records: Sequence[Record], links: Links, anchors: Anchors) -> tuple[Shelf, bytes]:
    """The shelf of an edition's records, and their lines."""
    lines = render_records(records)
    stories = [record for record in records if record.topic != EDITIONS]
    live = [record for record in stories if record.retracted is None]
    return Shelf(
        lines=digest_part(lines),
        count=len(records),
        month=next((record for record in records if record.topic == EDITIONS), None),
        groups=_group(live),
        updates=tuple(to_seconds(record.updated) for record in stories if record.updated != record.published),
        sources=tuple(sorted({record.source for record in live})),
        strays=tuple((home, record.slug) for record in stories if (home := minted_in(record)) != record.edition),
        links={record.id: (record.source, links[record.id]) for record in live if links.get(record.id)},
        anchors={record.id: anchors[record.id] for record in live if record.id in anchors},
        has_retracted=any(record.retracted is not None for record in records),
    ), lines


def _group(live: Iterable[Record]) -> dict[str, Group]:
    by_topic: dict[str, list[Record]] = defaultdict(list)
    for record in live:
        by_topic[record.topic].append(record)
    return {
        topic: Group(
            times=tuple(sorted(to_seconds(record.published) for record in found)),
            digest=digest_part(render_records(found)).digest,
        )
        for topic, found in by_topic.items()
    }


def minted_in(record: Record) -> str:
    """The edition in which a story's id was minted."""
    return record.id.rpartition(":")[2].partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The editions with which nothing has happened since the last build: their shelves, and where their lines are."""

    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    lines: Callable[[str], bytes] = lambda _: b""

    @property
    def count(self) -> int:
        """How many live stories they have."""
        return sum(shelf.live for shelf in self.shelves.values())

    @property
    def strays(self) -> Iterator[tuple[str, str]]:
        """The slugs of stories that were minted in another edition, after it."""
        return chain.from_iterable(shelf.strays for shelf in self.shelves.values())

    @property
    def times(self) -> Iterator[int]:
        """The instants that their stories have taken."""
        for shelf in self.shelves.values():
            yield from shelf.updates
            for group in shelf.groups.values():
                yield from group.times

    @property
    def newest(self) -> datetime | None:
        """The latest of these."""
        newest = max(self.times, default=None)
        return None if newest is None else from_seconds(newest)


NOTHING = Closed()


class Library:
    """All records of a publication, and its live stories as far as they are asked for."""

    def __init__(self, shelves: Mapping[str, Shelf], lines: Callable[[str], bytes]) -> None:
        self.shelves = dict(sorted(shelves.items()))
        self.lines = lines
        """An edition's lines of the ledger."""
        self._stories = lru_cache(MOST_READ)(self._read)

    def stories(self, edition: str) -> tuple[Record, ...]:
        """The live stories of an edition, in reading order."""
        return self._stories(edition) if edition in self.shelves else ()

    def _read(self, edition: str) -> tuple[Record, ...]:
        found = (r for r in parse_records(self.lines(edition)) if r.topic != EDITIONS and r.retracted is None)
        return tuple(sorted(found, key=reading_order))

    def live(self) -> Iterator[Record]:
        """All live stories, in reading order."""
        return chain.from_iterable(map(self.stories, self.shelves))

    @cached_property
    def count(self) -> int:
        """How many live stories there are."""
        return sum(shelf.live for shelf in self.shelves.values())

    @cached_property
    def oldest(self) -> datetime | None:
        """When the first of them was published."""
        return from_seconds(min(span.times[0] for span in self.spans(None))) if self.count else None

    @cached_property
    def _spans(self) -> Mapping[str, Sequence[Span]]:
        found: dict[str, list[Span]] = defaultdict(list)
        for edition, shelf in self.shelves.items():
            for topic, group in shelf.groups.items():
                found[topic].append(Span(edition, topic, group.times))
        return found

    def spans(self, topics: Iterable[str] | None) -> list[Span]:
        """The live stories on some topics (None: all) by when they were published."""
        return [span for topic in (self._spans if topics is None else sorted(topics)) for span in self._spans.get(topic, ())]

    def newest(self, spans: Iterable[Span], limit: int) -> tuple[Record, ...]:
        """The stories published last, newest first: only editions that may have some of them are read."""
        topics: dict[str, set[str]] = defaultdict(set)
        latest: dict[str, int] = {}
        for span in spans:
            topics[span.edition].add(span.topic)
            latest[span.edition] = max(latest.get(span.edition, span.times[-1]), span.times[-1])
        found: list[Record] = []
        for edition in sorted(latest, key=lambda edition: (latest[edition], edition), reverse=True):
            if len(found) >= limit and to_seconds(found[limit - 1].published) > latest[edition]:
                break
            found = newest_first((*found, *(r for r in self.stories(edition) if r.topic in topics[edition])))
        return tuple(found[:limit])


def newest_first(records: Iterable[Record]) -> list[Record]:
    """Records by the time of publication; those of one time in reading order."""
    return sorted(sorted(records, key=reading_order), key=lambda record: record.published, reverse=True)


def shelve_all(
    records: Iterable[Record],
    links: Links = EMPTY,
    anchors: Anchors = EMPTY,
    closed: Closed = NOTHING,
    drawer: Drawer | None = None,
) -> Library:
    """All editions: those of these records, whose lines are laid into the drawer, and those that are closed."""
    shelves = dict(closed.shelves)
    written: Drawer = {} if drawer is None else drawer
    for edition, found in _arrange(records).items():
        shelves[edition], written[edition] = shelve(found, links, anchors)
    return Library(shelves, lambda edition: written[edition] if edition in written else closed.lines(edition))
