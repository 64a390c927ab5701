"""The ledger as text: a header, then one line an entry, sorted; what is damaged is told with its line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

import msgspec
import pytest

from feedgen_kusama.ledger.records import (
    DIGEST_VERSION,
    VERSION,
    Ledger,
    LedgerError,
    Record,
    digest_look,
    digest_words,
    newest_time,
    parse_ledger,
)
from tests.ledgers import render_ledger

START = datetime(2024, 5, 31, 12, tzinfo=timezone.utc)


def record(edition: str, slug: str, **changes: object) -> Record:
    plain = Record(
        edition=edition,
        slug=slug,
        id=f"tag:news.example,2026:{edition}/{slug}",
        title=f"The “{slug}”",
        topic="governance",
        published=START,
        updated=START,
        digest=digest_words(slug, "text"),
        source="a.md",
        position=0,
        text="text\nof two lines",
    )
    return msgspec.structs.replace(plain, **changes)


LEDGER = Ledger(
    authority="news.example,2026",
    records=(
        record("2024-05", "b", retracted=START + timedelta(days=1)),
        record("2024-05", "a", updated=START + timedelta(hours=1)),
        record("2023-01", "z", look="abc", position=3),
    ),
)
LINES = render_ledger(LEDGER).split(b"\n")


def test_the_first_line_says_which_ledger_this_is_and_of_which_version() -> None:
    assert json.loads(LINES[0]) == {
        "ledger": "feedgen-kusama",
        "version": VERSION,
        "authority": "news.example,2026",
        "entries": 3,
    }


def test_each_entry_is_one_line_sorted_by_edition_and_slug() -> None:
    found = [json.loads(line) for line in LINES[1:-1]]
    assert [(r["edition"], r["slug"]) for r in found] == [("2023-01", "z"), ("2024-05", "a"), ("2024-05", "b")]
    assert LINES[-1] == b""


def test_what_was_written_is_read_and_written_again_as_the_same_bytes() -> None:
    data = b"\n".join(LINES)
    assert sorted(parse_ledger(data).records, key=str) == sorted(LEDGER.records, key=str)
    assert render_ledger(parse_ledger(data)) == data


def test_the_order_of_records_does_not_matter() -> None:
    assert render_ledger(Ledger(authority=LEDGER.authority, records=LEDGER.records[::-1])) == b"\n".join(LINES)


def test_a_ledger_without_entries_is_its_header() -> None:
    data = render_ledger(Ledger(authority="x,2026", records=()))
    assert data.count(b"\n") == 1
    assert parse_ledger(data).records == ()


def test_empty_lines_and_windows_line_ends_are_no_damage() -> None:
    assert len(parse_ledger(b"\r\n".join(LINES) + b"\n\n").records) == 3


def changed(**changes: object) -> bytes:
    """The ledger's third line with other values."""
    return json.dumps({**json.loads(LINES[2]), **changes}).encode()


DAMAGED: Mapping[str, bytes] = {
    "cut off": LINES[2][:40],
    "no JSON": b"oops",
    "marks of a merge": b"<<<<<<< HEAD",
    "another kind of value": b"[1, 2]",
    "a field missing": b'{"edition":"2024-05","slug":"a"}',
    "a field of another type": changed(position="first"),
    "an edition that is none": changed(edition="2024-13"),
    "a path for an edition": changed(edition="../../2024-05"),
    "published without a time zone": changed(published="2024-05-31T12:00:00"),
    "updated without a time zone": changed(updated="2024-05-31T12:00:00"),
    "retracted without a time zone": changed(retracted="2024-05-31T12:00:00"),
    "a byte that is not UTF-8 in its id": LINES[2].replace(b"2024-05/a", b"2024-05/\xff"),
    "a byte that is not UTF-8 in its text": LINES[2].replace(b"two lines", b"two\xfflines"),
    "a story's id for an edition": changed(topic="editions"),
    "a zero": LINES[2].replace(b"two lines", b"two\x00lines"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_line_is_told_with_its_number(damage: str) -> None:
    data = b"\n".join([*LINES[:2], DAMAGED[damage], *LINES[3:]])
    with pytest.raises(LedgerError, match="damaged") as caught:
        parse_ledger(data)
    assert caught.value.line == 3
    assert not caught.value.is_newer


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_lines_of_one_entry_the_one_updated_last_counts(order: int) -> None:
    later = changed(title="Later", updated="2030-01-01T00:00:00Z")
    records = parse_ledger(b"\n".join([*LINES[:2], *[LINES[2], later][::order], *LINES[3:], LINES[0]])).records
    assert len(records) == 3
    assert [record.title for record in records].count("Later") == 1


HEADERS: Mapping[str, bytes] = {
    "empty": b"",
    "no header": LINES[1],
    "no JSON": b"ledger",
    "not UTF-8": b"\xff\xfe\x00",
    "a version that is a word": LINES[0].replace(b":1,", b':"one",'),
    "no authority": b'{"ledger":"feedgen-kusama","version":1}',
    "another program's ledger": LINES[0].replace(b"feedgen-kusama", b"another"),
}


@pytest.mark.parametrize("damage", HEADERS)
def test_a_damaged_header_is_line_1(damage: str) -> None:
    with pytest.raises(LedgerError, match="damaged") as caught:
        parse_ledger(b"\n".join([HEADERS[damage], *LINES[1:]]))
    assert (caught.value.line, caught.value.is_newer) == (1, False)


@pytest.mark.parametrize("version", [0, 2, 99])
def test_an_unknown_version_is_no_damage(version: int) -> None:
    header = b'{"version":%d,"all":"is different"}' % version
    with pytest.raises(LedgerError, match=f"version {version} of the ledger is unknown") as caught:
        parse_ledger(b"\n".join([header, b"and so are the lines"]))
    assert caught.value.is_newer


@pytest.mark.parametrize(
    "other",
    [("A Vote", "The vote was held."), ("a vote", "THE VOTE, was held"), ("**A** vote!", "The\n\nvote  was  “held”")],
    ids=["the same", "letter case", "marks"],
)
def test_the_digest_counts_words_alone(other: tuple[str, str]) -> None:
    assert digest_words(*other) == digest_words("A Vote", "The vote was held.")


@pytest.mark.parametrize(
    "other", [("A Vote", "The vote is held."), ("Vote", "A the vote was held"), ("A", "vote The vote was held")]
)
def test_the_digest_tells_other_words_and_places_apart(other: tuple[str, str]) -> None:
    assert digest_words(*other) != digest_words("A Vote", "The vote was held.")


def test_the_digest_stays_the_same_from_release_to_release() -> None:
    """If this fails, DIGEST_VERSION has to go up: every subscriber would see every entry as updated."""
    assert digest_words("A Vote, Café", "It's 12.5 KSM.") == f"{DIGEST_VERSION}:cdfe1f8405d4d2f155718ef22db7c773"


def test_the_look_tells_its_parts_apart() -> None:
    assert len({digest_look("ab", "c"), digest_look("a", "bc"), digest_look("abc"), digest_look("ab", "c", None)}) == 4


def test_the_newest_time_is_the_latest_publication_or_update() -> None:
    assert newest_time(LEDGER.records) == START + timedelta(hours=1)
    assert newest_time(()) is None
