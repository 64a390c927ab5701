"""Atom: what RFC 4287, RFC 5005 and RFC 6721 ask for."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from lxml import etree
from msgspec.structs import replace

from feedgen_kusama.formats import atom
from feedgen_kusama.model import Feed, Tombstone
from tests.publishing import NOW, RICH, SETTINGS, make_entry, publish, published_rich

ATOM = "{http://www.w3.org/2005/Atom}"
ARCHIVE_MARK = "{http://purl.org/syndication/history/1.0}archive"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"


def head() -> Feed:
    """The newest entries of everything."""
    return published_rich().feeds[0]


def archive() -> Feed:
    """The archive behind the head."""
    return published_rich().feeds[1]


def root(feed: Feed) -> etree._Element:
    return etree.fromstring(atom.render(feed))


def links(element: etree._Element) -> list[tuple[str | None, str]]:
    return [(link.get("rel"), link.get("href", "").removeprefix(SETTINGS.url)) for link in element.findall(f"{ATOM}link")]


def test_the_first_link_is_the_page_and_the_second_the_feed_itself() -> None:
    """Some readers take the first one, whatever its relation."""
    assert links(root(head()))[:2] == [("alternate", ""), ("self", "atom.xml")]


def test_an_archive_says_so_and_leads_to_its_neighbours() -> None:
    found = root(replace(archive(), previous="archive/2023/", following="archive/2025/"))
    assert links(found)[1:] == [
        ("self", "archive/2024/atom.xml"),
        ("current", "atom.xml"),
        ("prev-archive", "archive/2023/atom.xml"),
        ("next-archive", "archive/2025/atom.xml"),
    ]
    assert found.find(ARCHIVE_MARK) is not None
    assert root(head()).find(ARCHIVE_MARK) is None


def test_a_head_and_its_archives_share_an_id() -> None:
    assert root(head()).findtext(f"{ATOM}id") == root(archive()).findtext(f"{ATOM}id") == head().tag


def test_every_entry_has_an_author_its_topic_and_one_link() -> None:
    entries = root(head()).findall(f"{ATOM}entry")
    names = [entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries]
    assert names == ["Kusama News", "Zoë Lindeqvist", "Kusama News"]
    assert [len(entry.findall(f"{ATOM}link")) for entry in entries] == [1, 1, 1]
    categories = [dict(category.attrib) for category in root(head()).findall(f"{ATOM}entry/{ATOM}category")]
    assert categories == [{"term": e.topic.id, "label": e.topic.title} for e in head().entries]


def test_content_and_summary_are_declared_html_and_the_title_is_text() -> None:
    for entry in root(head()).findall(f"{ATOM}entry"):
        types = {
            name: found.get("type")
            for name in ("content", "summary", "title")
            if (found := entry.find(ATOM + name)) is not None
        }
        assert types == {"content": "html", "summary": "html", "title": None}


def test_times_are_whole_seconds_of_utc() -> None:
    zone = timezone(timedelta(hours=13))
    entry = make_entry(1, published=datetime(2024, 1, 1, 6, 30, tzinfo=zone).astimezone(timezone.utc))
    found = root(replace(head(), entries=(entry,), updated=entry.updated))
    for path in ("updated", f"entry/{ATOM}updated", f"entry/{ATOM}published"):
        assert found.findtext(ATOM + path) == "2023-12-31T17:30:00+00:00"


def test_a_retracted_entry_is_announced_for_ninety_days() -> None:
    first = publish({"2024-11.md": RICH}, now=NOW)
    text = RICH.split("## Validators", maxsplit=1)[0]
    gone = next(entry for entry in first.entries if entry.title.startswith("Validators"))
    retracted = NOW + timedelta(days=1)
    second = publish({"2024-11.md": text}, ledger=first.ledger, now=retracted)
    stone = {"ref": gone.id, "when": retracted.isoformat()}
    for path in ("atom.xml", f"{gone.topic.id}/atom.xml"):
        assert [dict(found.attrib) for found in etree.fromstring(second.files[path]).findall(DELETED)] == [stone]
    assert DELETED not in {found.tag for found in etree.fromstring(second.files["governance/atom.xml"])}
    assert gone.id.encode() not in second.files["rss.xml"]
    for days, count in ((89, 1), (90, 0)):
        third = publish({"2024-11.md": text}, ledger=second.ledger, now=retracted + timedelta(days=days))
        assert len(etree.fromstring(third.files["atom.xml"]).findall(DELETED)) == count


def test_an_entry_that_returns_takes_its_tombstone_away() -> None:
    first = publish({"2024-11.md": RICH})
    second = publish({"2024-11.md": RICH.split("## Validators", maxsplit=1)[0]}, ledger=first.ledger)
    third = publish({"2024-11.md": RICH}, ledger=second.ledger)
    assert b"deleted-entry" in second.files["atom.xml"]
    assert b"deleted-entry" not in third.files["atom.xml"]
    assert {entry.id for entry in third.entries} == {entry.id for entry in first.entries}


def test_tombstones_stand_before_the_entries_in_a_namespace_of_their_own() -> None:
    found = root(replace(head(), tombstones=(Tombstone(id="tag:kusama-news.example,2026:2024-01/x", when=NOW),)))
    tags = [child.tag for child in found]
    assert tags.index(DELETED) < tags.index(f"{ATOM}entry")
    assert found.nsmap["at"] == "http://purl.org/atompub/tombstones/1.0"
    assert "at" not in root(head()).nsmap


def test_the_same_feed_gives_the_same_bytes() -> None:
    assert atom.render(head()) == atom.render(head())
    assert atom.render(head()) != atom.render(archive())
