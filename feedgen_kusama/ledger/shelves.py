"""Shelves: the ledger an edition at a time. What is planned is planned by what a shelf says of its records; they
themselves are read only where they have to be. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from types import MappingProxyType
from typing import Any

import msgspec

from feedgen_kusama.ledger.clock import from_seconds, to_seconds
from feedgen_kusama.ledger.records import Record, render_records
from feedgen_kusama.memory import Part, digest_part
from feedgen_kusama.model import EDITIONS

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
    live: int
    """How many live stories there are."""


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
        live=len(live),
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


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """The editions with which nothing has happened since the last build: their shelves, and where their lines are."""

    shelves: Mapping[str, Shelf] = msgspec.field(default_factory=dict)
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
