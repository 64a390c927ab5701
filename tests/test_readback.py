"""What is published can be read back, so that a lost ledger costs neither an identity nor a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feedgen_kusama.ledger.published import Published, ReadbackError
from feedgen_kusama.ledger.readback import parse_xml, read_back, rebuild_ledger
from feedgen_kusama.ledger.records import Ledger, Record, parse_ledger
from feedgen_kusama.model import Entry, Feed
from feedgen_kusama.pipeline import build
from tests.publishing import NOW, RICH, SETTINGS, SOURCES, edited, publish, published_folder, published_rich, read_tree

LATER = NOW + timedelta(days=30)
FOLDERS = {"atom.xml", "archive", "editions"}
"""Where the Atom documents stand from which a ledger is rebuilt."""
REFUSED = {
    "a DOCTYPE": ("<feed", '<!DOCTYPE feed [<!ENTITY e "x">]><feed'),
    "a doctype in small letters": ("<feed", "<!doctype feed><feed"),
    "an entity": ("<feed", '<! ENTITY e "x"><feed'),
    "half a file": ("<entry>.*", "<entry>"),
    "an unknown entity": ("<title>", "<title>&e;"),
    "nothing": (".*", ""),
    "no id": ("<entry>.*?</id>", "<entry>"),
    "no permanent link": ("editions/2024-11.html#[^/]*/>", 'elsewhere"/>'),
    "no time": ("<published>.*?</published>", ""),
    "a time that is none": ("<published>2024-11-30T", "<published>2024-11-31T"),
    "a time in words": ("<published>[^<]*", "<published>noon"),
    "a time without its zone": (r"<published>([0-9T:-]*)\+00:00", "<published>2024-11-30T12:00:00"),
}
"""Kinds of damage: a pattern in a published document and what stands in its place."""


def atom() -> str:
    """A published document."""
    return published_rich().files["atom.xml"].decode()


def published(feed: Feed, entry: Entry) -> Published:
    """An entry as it should be read back from a feed."""
    return Published(
        id=entry.id,
        title=entry.title,
        edition=str(entry.edition),
        slug=entry.slug,
        topic=entry.topic.id,
        author=None if entry.author == feed.author else entry.author,
        summary=entry.summary,
        html=entry.html,
        published=entry.published,
        updated=entry.updated,
    )


@pytest.mark.parametrize("source", [*SOURCES, None], ids=lambda source: source.name if source else "rich")
def test_every_entry_of_every_feed_is_read_back_as_it_is(source: Path | None) -> None:
    assembly = published_folder(source) if source else published_rich()
    for feed in assembly.feeds:
        found = read_back([("atom.xml", assembly.files[f"{feed.folder}atom.xml"])])
        assert list(found.entries.values()) == [published(feed, entry) for entry in feed.entries]


@pytest.mark.parametrize(("old", "new"), REFUSED.values(), ids=REFUSED)
def test_what_this_program_did_not_write_is_refused_with_the_files_name(old: str, new: str) -> None:
    text = edited(atom(), old, new)
    with pytest.raises(ReadbackError, match=r"^archive/2024/atom\.xml: "):
        read_back([("archive/2024/atom.xml", text.encode())])


def test_a_doctype_in_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE feed [<!ENTITY e "x">]><feed>&e;</feed>'
    with pytest.raises(ReadbackError):
        parse_xml(text.encode("utf-16"), "atom.xml")


def test_words_about_a_doctype_are_none() -> None:
    files = publish({"2024-11.md": RICH.replace("`<x>`", "`<!DOCTYPE html>` and `<!ENTITY e>`")}).files
    assert len(read_back([("atom.xml", files["atom.xml"])]).entries) == 3


def test_of_an_entry_in_several_documents_the_one_updated_last_counts() -> None:
    newer = atom().replace("A note with a", "A newer note with a").replace("<updated>2024-11-30", "<updated>2024-12-01")
    for order in ([atom(), newer], [newer, atom()]):
        found = read_back([(str(number), text.encode()) for number, text in enumerate(order)])
        assert {entry.updated.isoformat()[:10] for entry in found.entries.values()} == {"2024-12-01"}
        assert all("A note" not in entry.html for entry in found.entries.values())


def kept(record: Record) -> tuple[object, ...]:
    """What of a record a subscriber would notice the loss of."""
    words = (record.title, record.topic, record.digest, record.text) if record.retracted is None and record.slug else ()
    return (record.id, record.edition, record.slug, record.published, record.updated, record.retracted, words)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_rebuilt_ledger_has_lost_no_id_no_time_and_no_word(source: Path) -> None:
    assembly = published_folder(source)
    files = [(p, d) for p, d in assembly.files.items() if p.endswith("atom.xml") and p.partition("/")[0] in FOLDERS]
    rebuilt = rebuild_ledger(read_back(files), "elsewhere.example,2030")
    assert rebuilt.authority == assembly.ledger.authority
    assert sorted(map(kept, rebuilt.records), key=str) == sorted(map(kept, assembly.ledger.records), key=str)


def test_a_ledger_of_nothing_keeps_the_authority_given() -> None:
    assert rebuild_ledger(read_back([]), "a.example,2026") == Ledger(authority="a.example,2026", records=())


@pytest.mark.parametrize("fault", ["missing", "damaged"])
@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_build_after_the_ledger_was_lost_changes_no_feed(source: Path, fault: str, tmp_path: Path) -> None:
    build(SETTINGS, source=source, output=tmp_path, now=NOW)
    before = read_tree(tmp_path)
    (tmp_path / "ledger.jsonl").unlink()
    if fault == "damaged":
        (tmp_path / "ledger.jsonl").write_text('{"ledger":"feedgen-kusama"')
    result = build(SETTINGS, source=source, output=tmp_path, now=LATER)
    assert [problem.path for problem in result.problems if "rebuilt" in problem.message] == [f"{tmp_path}/ledger.jsonl"]
    after = read_tree(tmp_path)
    assert sorted(path for path in {*after, *before} if path != "ledger.jsonl" and after.get(path) != before.get(path)) == []
    records = parse_ledger(before["ledger.jsonl"]).records
    rebuilt = parse_ledger(after["ledger.jsonl"]).records
    assert sorted(map(kept, rebuilt), key=str) == sorted(map(kept, records), key=str)


def retracted_site(folder: Path) -> tuple[Path, Path]:
    """A source and the feeds it publishes, from which one story and one whole month were retracted."""
    source, output = folder / "news", folder / "feeds"
    source.mkdir()
    (source / "2024-11.md").write_text(RICH)
    (source / "2024-10.md").write_text(
        "# Kusama News - October 2024\n\n## Price of the Token\n\n<!-- topic: market -->\n\nThe market price rose.\n"
    )
    build(SETTINGS, source=source, output=output, now=NOW)
    (source / "2024-10.md").unlink()
    (source / "2024-11.md").write_text(RICH.split("## Validators", maxsplit=1)[0])
    build(SETTINGS, source=source, output=output, now=NOW + timedelta(days=1), allow_retractions=True)
    return source, output


def test_after_retractions_a_build_without_the_ledger_changes_no_feed(tmp_path: Path) -> None:
    source, output = retracted_site(tmp_path)
    before = read_tree(output)
    assert b"deleted-entry" in before["market/atom.xml"]
    del before["ledger.jsonl"]
    (output / "ledger.jsonl").unlink()
    build(SETTINGS, source=source, output=output, now=NOW + timedelta(days=2))
    after = read_tree(output)
    assert sorted(path for path in after if before.get(path, after[path]) != after[path]) == []


def test_a_ledger_rebuilt_after_retractions_is_read_without_a_problem(tmp_path: Path) -> None:
    source, output = retracted_site(tmp_path)
    (output / "ledger.jsonl").unlink()
    build(SETTINGS, source=source, output=output, now=NOW + timedelta(days=2))
    again = build(SETTINGS, source=source, output=output, now=NOW + timedelta(days=3))
    assert [problem for problem in again.problems if problem.path.endswith("ledger.jsonl")] == []
    assert again.difference.write == ()


def test_an_entry_of_which_only_the_tombstone_is_left_gets_its_old_id_when_it_comes_back(tmp_path: Path) -> None:
    source, output = retracted_site(tmp_path)
    records = parse_ledger((output / "ledger.jsonl").read_bytes()).records
    gone = {record.id for record in records if record.retracted and record.slug}
    (source / "2024-11.md").write_text(RICH)
    (output / "ledger.jsonl").unlink()
    result = build(SETTINGS, source=source, output=output, now=NOW + timedelta(days=2))
    assert result.entries == 3
    records = parse_ledger((output / "ledger.jsonl").read_bytes()).records
    live = {record.id for record in records if record.retracted is None and record.slug}
    assert live & gone == {id for id in gone if ":2024-11/" in id}
    assert gone <= {record.id for record in records}
