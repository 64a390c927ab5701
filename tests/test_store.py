"""The ledger on disk: refused where unknown, rebuilt from Atom where damaged or missing, no id or date lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama.errors import RefusedError
from feedgen_kusama.ledger.contents import read_contents
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.ledger.store import find_records, read_ledger

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

LATER = "2026-02-15T12:00:00Z"
SITE = "https://kusama-news.example/"


@pytest.fixture
def built(project: Project) -> Project:
    """A project with feeds and one entry that was changed later."""
    project.build()
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    assert project.build(now=LATER).status == 0
    return project


def ledger_of(project: Project) -> Path:
    return project.feeds / "ledger.jsonl"


def replace_line(project: Project, number: int, line: bytes) -> None:
    lines = ledger_of(project).read_bytes().split(b"\n")
    lines[number - 1] = line
    ledger_of(project).write_bytes(b"\n".join(lines))


def times_of(project: Project) -> dict[str, tuple[datetime, datetime]]:
    return {record.id: (record.published, record.updated) for record in project.stories if record.retracted is None}


@pytest.mark.parametrize("cache", [(), ("--no-cache",)])
def test_an_old_ledger_beside_newer_feeds_learns_from_them_what_was_published(built: Project, cache: tuple[str, ...]) -> None:
    old = ledger_of(built).read_bytes()
    built.write("x.md", "# Letter - February 2026\n\n## A New Vote\n\nThe council held a vote on the matter.\n")
    built.edit("2024-03.md", "Three subjects filled", "Four subjects filled")
    assert built.build(now="2026-03-01T12:00:00Z").status == 0
    before, published = times_of(built), built.published()
    ledger_of(built).write_bytes(old)
    assert built.build(*cache, now="2026-04-01T12:00:00Z").status == 0
    assert (times_of(built), built.published()) == (before, published)


def test_two_ledgers_merged_line_by_line_are_one(built: Project, tmp_path: Path) -> None:
    other = built.copy(tmp_path / "other")
    built.write("x.md", "# Letter - February 2026\n\n## A New Vote\n\nThe council held a vote on the matter.\n")
    assert built.build(now="2026-03-01T12:00:00Z").status == 0
    other.write("y.md", "# Letter - March 2026\n\n## A New Bridge\n\nThe bridge was opened by the ambassadors.\n")
    other.edit("2024-03.md", "Three subjects filled", "Five subjects filled")
    assert other.build(now="2026-03-02T12:00:00Z").status == 0
    before = times_of(built) | times_of(other)
    ours, theirs = (ledger_of(each).read_bytes().splitlines() for each in (built, other))
    ledger_of(built).write_bytes(b"\n".join([*ours, *(line for line in theirs if line not in ours)]) + b"\n")
    for name in ("y.md", "2024-03.md"):
        built.write(name, (other.news / name).read_text())
    assert built.build(now="2026-04-01T12:00:00Z").status == 0
    assert times_of(built) == before


def test_a_month_changed_since_its_ledger_was_lost_is_updated(built: Project) -> None:
    month = "tag:kusama-news.example,2026:editions/2024-03"
    before = {record.id: record for record in read_ledger(built.feeds, "x,2026").ledger.records}
    ledger_of(built).unlink()
    built.edit("2024-03.md", "Three subjects filled", "Four subjects filled")
    assert built.build(now="2026-04-01T12:00:00Z").status == 1
    after = {record.id: record for record in read_ledger(built.feeds, "x,2026").ledger.records}
    assert {id for id in before if after[id].updated != before[id].updated and after[id].topic == "editions"} == {month}
    assert {id for id in before if after[id].digest != before[id].digest and after[id].topic == "editions"} == {month}


def test_an_empty_ledger_beside_feeds_learns_all_of_them(built: Project) -> None:
    before = times_of(built)
    ledger_of(built).write_bytes(ledger_of(built).read_bytes().split(b"\n")[0].replace(b'"entries":70', b'"entries":0') + b"\n")
    assert built.build(now="2026-04-01T12:00:00Z").status == 0
    assert times_of(built) == before


def test_an_unknown_version_is_refused_and_nothing_is_changed(built: Project) -> None:
    replace_line(built, 1, b'{"ledger":"feedgen-kusama","version":2}')
    built.edit("2024-03.md", "Three subjects filled", "Four subjects filled")
    before = built.published()
    for command in ("build", "history"):
        outcome = built.run(command)
        assert (outcome.status, len(outcome.err), outcome.out) == (3, 1, ())
        assert outcome.err[0].startswith("feeds/ledger.jsonl:1: version 2 of the ledger is unknown")
    assert built.published() == before


DAMAGES: Mapping[str, tuple[Callable[[Project], object], str]] = {
    "a damaged line": (lambda p: replace_line(p, 5, b'{"edition":'), "feeds/ledger.jsonl:5: damaged"),
    "a line that is not UTF-8": (lambda p: replace_line(p, 7, b"\xff"), "feeds/ledger.jsonl:7: damaged"),
    "marks of a merge": (lambda p: replace_line(p, 3, b"<<<<<<< HEAD"), "feeds/ledger.jsonl:3: damaged"),
    "a damaged header": (lambda p: replace_line(p, 1, b"{}"), "feeds/ledger.jsonl:1: damaged"),
    "an empty ledger": (lambda p: ledger_of(p).write_bytes(b""), "feeds/ledger.jsonl:1: damaged"),
    "a ledger cut off": (lambda p: ledger_of(p).write_bytes(ledger_of(p).read_bytes()[:-500]), "feeds/ledger.jsonl:"),
    "no ledger": (lambda p: ledger_of(p).unlink(), "feeds/ledger.jsonl: missing"),
}


def identities(project: Project) -> dict[str, tuple[datetime, datetime]]:
    return {record.id: (record.published, record.updated) for record in project.ledger.records}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_ledger_is_rebuilt_from_atom_and_no_id_date_or_feed_changes(built: Project, damage: str) -> None:
    before, known = built.published(), identities(built)
    break_it, words = DAMAGES[damage]
    break_it(built)
    outcome = built.build(now=LATER)
    assert (outcome.status, len(outcome.err)) == (1, 1), outcome.err
    assert outcome.err[0].startswith(words)
    assert "rebuilt from the published feeds" in outcome.err[0]
    assert identities(built) == known
    after = built.published()
    assert {path for path in before if before[path] != after[path]} <= {"ledger.jsonl"}
    assert built.build(now=LATER).status == 0, "it is whole again"


def test_a_rebuilt_ledger_is_the_one_that_was_lost_byte_by_byte(built: Project) -> None:
    before = built.published()
    ledger_of(built).unlink()
    built.build(now=LATER)
    assert built.published() == before


def test_a_rebuilt_ledger_keeps_who_mints_the_ids_and_every_id_and_date_under_another_address(built: Project) -> None:
    before = identities(built)
    ledger_of(built).unlink()
    built.toml.write_text('url = "https://elsewhere.example/news/"\n')
    assert built.build(now=LATER).status == 1
    assert identities(built) == before
    assert built.ledger.authority == "kusama-news.example,2026"


def retract_one(project: Project, now: str) -> Record:
    """Take a story out of its document; its record."""
    text = (project.news / "2024-03.md").read_text()
    start = text.index("## Auditors Propose")
    (project.news / "2024-03.md").write_text(text[:start] + text[text.index("\n## ", start + 5) + 1 :])
    assert project.build(now=now).status == 0
    return next(record for record in project.stories if record.retracted)


def test_an_entry_retracted_lately_is_found_again_in_atom(built: Project) -> None:
    gone = retract_one(built, "2026-03-01T00:00:00Z")
    ledger_of(built).unlink()
    built.build(now="2026-03-02T00:00:00Z")
    assert {r.id: r.retracted for r in built.ledger.records}[gone.id] == gone.retracted


def test_a_damaged_line_costs_no_record_that_is_on_another_line(built: Project) -> None:
    """A record is never deleted, also not that of an entry whose tombstone has left the feeds."""
    gone = retract_one(built, "2026-03-01T00:00:00Z")
    built.build(now="2026-08-01T00:00:00Z")
    assert gone in built.ledger.records
    lines = ledger_of(built).read_bytes().split(b"\n")
    replace_line(built, next(n for n, line in enumerate(lines, 1) if n > 1 and b'"retracted"' not in line), b"{")
    assert built.build(now="2026-08-01T00:00:00Z").status == 1
    assert gone in built.ledger.records


def test_a_ledger_that_is_damaged_and_cannot_be_rebuilt_is_refused(built: Project) -> None:
    ledger = b'{"ledger":"feedgen-kusama","version":1,"authority":"x,2026","entries":1}\n{"edition":\n'
    for path in built.published():
        (built.feeds / path).unlink()
    ledger_of(built).write_bytes(ledger)
    outcome = built.build()
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert outcome.err[0].startswith("feeds/ledger.jsonl:2: damaged")
    assert "restore ledger.jsonl" in outcome.err[0]
    assert built.published() == {"ledger.jsonl": ledger}


@pytest.mark.parametrize(
    "atom", [b"<feed", b"<!DOCTYPE feed><feed/>", b"", b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>"]
)
def test_a_missing_ledger_beside_unreadable_atom_is_refused(built: Project, atom: bytes) -> None:
    ledger_of(built).unlink()
    (built.feeds / "atom.xml").write_bytes(atom)
    before = built.published()
    outcome = built.build()
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert outcome.err[0].startswith("feeds/ledger.jsonl: missing beside published feeds")
    assert built.published() == before


def test_damaged_atom_beside_a_sound_ledger_is_replaced(built: Project) -> None:
    before = built.published()
    (built.feeds / "atom.xml").write_bytes(before["atom.xml"][:1000])
    assert built.build(now=LATER).status == 0
    assert built.published() == before


def test_a_faulty_document_beside_a_lost_ledger_keeps_its_entries(built: Project) -> None:
    before = built.published()
    ledger_of(built).unlink()
    built.write("2024-03.md", b"")
    assert built.build(now=LATER).status == 1
    after = built.published()
    assert {path for path in before if before[path] != after[path]} <= {"ledger.jsonl"}


def test_where_nothing_was_published_the_ledger_is_empty(tmp_path: Path) -> None:
    found = read_ledger(tmp_path / "feeds", "news.example,2026")
    assert (found.ledger.authority, found.ledger.records, found.problems) == ("news.example,2026", (), ())


def test_the_authority_of_the_first_build_stays(built: Project) -> None:
    assert read_ledger(built.feeds, "other.example,2030").ledger.authority == "kusama-news.example,2026"


def test_contents_are_read_only_for_what_is_held(built: Project) -> None:
    records = built.ledger.records
    assert read_contents(built.feeds, records, (), SITE) == {}
    held = read_contents(built.feeds, records, {"2024-03.md"}, SITE)
    assert {r.id for r in records if r.source == "2024-03.md"} <= held.keys()


@pytest.mark.parametrize("damaged", ["archive/2024/feed.json", "**/feed.json"])
def test_contents_are_read_wherever_they_still_stand(built: Project, damaged: str) -> None:
    records = built.ledger.records
    for path in built.feeds.glob(damaged):
        path.write_bytes(b"{")
    held = read_contents(built.feeds, records, {"2024-03.md"}, SITE)
    assert {r.id for r in records if r.source == "2024-03.md"} <= held.keys()


def test_contents_that_cannot_be_read_anywhere_are_refused(built: Project) -> None:
    for path in (*built.feeds.glob("**/feed.json"), *built.feeds.glob("editions/*.html")):
        path.write_bytes(b"{")
    with pytest.raises(RefusedError, match=r"feed\.json: .*; nothing else tells what is published of 2024-03\.md"):
        read_contents(built.feeds, built.ledger.records, {"2024-03.md"}, SITE)


def test_records_are_found_by_edition_id_slug_place_or_words_of_the_title(built: Project) -> None:
    ledger = built.ledger
    one = next(r for r in built.stories if r.title.startswith("Auditors"))
    for which in (one.id, one.id.upper(), one.slug, f"{one.edition}/{one.slug}", "auditors propose"):
        assert find_records(ledger, which) == (one,)
    assert {r.edition for r in find_records(ledger, "2024-03")} == {"2024-03"}
    assert set(find_records(ledger, None)) == set(ledger.records)
    assert find_records(ledger, "no such story") == ()


def test_months_that_return_after_the_ledger_was_lost_have_times_of_their_own(built: Project) -> None:
    kept = (built.news / "2024-03.md").read_text()
    (built.news / "2024-03.md").unlink()
    assert built.build("--allow-retractions", now="2026-03-01T12:00:00Z").status == 0
    ledger_of(built).unlink()
    assert built.build(now="2026-03-02T12:00:00Z").status == 1
    built.write("2024-03.md", kept)
    later = (built.news / "kusama_april_2025_news.md").read_text()
    built.write("kusama_april_2025_news.md", later.replace(" the ", " that ", 40))
    assert built.build(now="2026-03-03T12:00:00Z").status == 0
    outcome = built.run("check")
    assert (outcome.status, len(outcome.out)) == (0, 1)
    months = [record for record in read_ledger(built.feeds, "x,2026").ledger.records if record.topic == "editions"]
    assert len({record.updated for record in months}) == len(months)
    assert {str(record.published)[:7] for record in months if record.edition == "2024-03"} == {"2024-03"}
