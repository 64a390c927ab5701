"""Shelves tell of the ledger what all its records would, and read no more of them than is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import chain

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from feedgen_kusama.ledger.library import Library, newest_first, shelve_all
from feedgen_kusama.ledger.records import (
    Ledger,
    Record,
    parse_ledger,
    parse_records,
    reading_order,
    render_header,
)
from feedgen_kusama.ledger.shelves import Closed, Shelf, shelve
from feedgen_kusama.model import EDITIONS
from tests.ledgers import render_ledger

START = datetime(2024, 1, 1, 12, tzinfo=timezone.utc)
TOPICS = ("governance", "market", "outlook")


def make_record(number: int, edition: str, topic: str = "governance", days: int = 0, **changes: object) -> Record:
    """A story with everything that a shelf tells of."""
    plain = Record(
        edition=edition,
        slug=f"story-{number:03}",
        id=f"tag:news.example,2026:{edition}/story-{number:03}",
        title=f"Story “{number}”",
        topic=topic,
        published=START + timedelta(days=days, seconds=number),
        updated=START + timedelta(days=days, seconds=number),
        digest=str(number),
        source=f"{edition}.md",
        position=number,
        text="Words\nof a story.",
    )
    return msgspec.structs.replace(plain, **changes)


STORIES = st.lists(
    st.tuples(st.sampled_from(["2023-11", "2023-12", "2024-01", "2024-02"]), st.sampled_from(TOPICS), st.integers(0, 900)),
    max_size=40,
).map(lambda found: [make_record(n, edition, topic, days) for n, (edition, topic, days) in enumerate(found)])


@given(records=STORIES)
def test_the_lines_of_all_shelves_below_a_header_are_the_ledger(records: list[Record]) -> None:
    library = shelve_all(records)
    lines = b"".join(map(library.lines, library.shelves))
    whole = render_header("news.example,2026", len(records)) + lines
    assert whole == render_ledger(Ledger(authority="news.example,2026", records=tuple(records)))
    assert len(parse_ledger(whole).records) == sum(shelf.count for shelf in library.shelves.values())
    assert [shelf.lines.size for shelf in library.shelves.values()] == [len(library.lines(e)) for e in library.shelves]


@given(records=STORIES, topics=st.none() | st.sets(st.sampled_from(TOPICS)), limit=st.integers(1, 12))
def test_the_newest_stories_are_those_that_sorting_all_would_give(
    records: list[Record], topics: set[str] | None, limit: int
) -> None:
    library = shelve_all(records)
    wanted = [record for record in records if topics is None or record.topic in topics]
    assert library.newest(library.spans(topics), limit) == tuple(newest_first(wanted)[:limit])
    assert list(library.live()) == sorted(records, key=reading_order)
    assert library.oldest == min((record.published for record in records), default=None)
    assert library.count == len(records)


def test_only_editions_that_may_have_the_newest_stories_are_read() -> None:
    records = [make_record(n, f"2024-{month:02}", days=30 * month) for month in range(1, 13) for n in range(5)]
    whole = shelve_all(records)
    read: list[str] = []

    def lines(edition: str) -> bytes:
        read.append(edition)
        return whole.lines(edition)

    library = Library(whole.shelves, lines)
    assert len(library.newest(library.spans(None), 7)) == 7
    assert read == ["2024-12", "2024-11"]


def test_a_shelf_tells_of_live_stories_alone_but_keeps_every_line() -> None:
    gone = make_record(1, "2024-01", retracted=START + timedelta(days=9))
    month = make_record(2, "2024-01", topic=EDITIONS, slug="")
    stray = make_record(3, "2024-01", id="tag:news.example,2026:2023-12/story-003", updated=START + timedelta(days=3))
    shelf, lines = shelve([gone, month, stray], {stray.id: ("b.md",), gone.id: ("c.md",)}, {})
    assert sorted(parse_records(lines), key=str) == sorted([gone, month, stray], key=str)
    assert (shelf.count, shelf.live, shelf.month, shelf.has_retracted) == (3, 1, month, True)
    assert shelf.sources == (stray.source,)
    assert shelf.strays == (("2023-12", stray.slug),)
    assert shelf.links == {stray.id: (stray.source, ("b.md",))}
    assert shelf.updates == (int(stray.updated.timestamp()),)


def test_a_change_of_anything_in_a_story_changes_its_group_alone() -> None:
    one, other = make_record(1, "2024-01"), make_record(2, "2024-01", topic="market")
    before = shelve([one, other], {}, {})[0].groups
    for change in ({"title": "Another"}, {"look": "another"}, {"text": "Other words."}, {"position": 9}):
        after = shelve([msgspec.structs.replace(one, **change), other], {}, {})[0].groups
        assert after["governance"] != before["governance"]
        assert after["market"] == before["market"]


@given(records=STORIES)
def test_what_is_closed_has_taken_the_same_instants_as_its_records(records: list[Record]) -> None:
    closed = Closed(shelves=shelve_all(records).shelves)
    times = chain.from_iterable((record.published, record.updated) for record in records)
    assert set(closed.times) == {int(time.timestamp()) for time in times}
    assert closed.newest == max((record.updated for record in records), default=None)
    assert closed.count == len(records)


def test_a_shelf_is_the_same_after_it_was_remembered() -> None:
    shelves = shelve_all([make_record(n, "2024-01", topic) for n, topic in enumerate((*TOPICS, EDITIONS))]).shelves
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(shelves), type=dict[str, Shelf]) == shelves
