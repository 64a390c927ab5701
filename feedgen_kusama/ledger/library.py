"""The library: all records of a publication by shelves, read only where something has to be made of them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain
from typing import NamedTuple, Protocol

from feedgen_kusama.ledger.clock import from_seconds, to_seconds
from feedgen_kusama.ledger.records import Record, parse_records, reading_order
from feedgen_kusama.ledger.shelves import EMPTY, NOTHING, Anchors, Closed, Links, Shelf, shelve
from feedgen_kusama.model import EDITIONS

MOST_READ = 100
"""Editions whose records are kept at hand: more than hold the newest stories of every topic."""


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
        found: list[Record] = []
        for span in sorted(spans, key=lambda span: (span.times[-1], span.edition), reverse=True):
            if len(found) == limit and to_seconds(found[-1].published) > span.times[-1]:
                break
            more = (record for record in self.stories(span.edition) if record.topic == span.topic)
            found = newest_first((*found, *more))[:limit]
        return tuple(found)


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


def _arrange(records: Iterable[Record]) -> Mapping[str, Sequence[Record]]:
    """Records by edition."""
    found: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        found[record.edition].append(record)
    return found
