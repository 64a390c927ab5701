"""Which feeds there are, and what their heads, archives and former addresses hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from feedgen.entry import FeedEntry
from msgspec.structs import replace

from feedgen_kusama.feeds import PAGE, select_feeds
from feedgen_kusama.formats import FORMATS, atom, rss
from feedgen_kusama.formats.generator import make_item
from feedgen_kusama.ledger.library import shelve_all
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import Entry, Feed
from tests.publishing import NOW, RICH, SETTINGS, make_entry, publish
from tests.w3c import site_findings

AUTHORITY = "kusama-news.example,2026"


def feeds_of(entries: list[Entry], limit: int = 50) -> Mapping[str, Feed]:
    """The feeds of these entries, by folder."""
    by_id = {entry.id: entry for entry in entries}
    records = [record_of(entry) for entry in entries]
    library = shelve_all(records)
    outlines = [sketch.outline() for sketch in select_feeds(replace(SETTINGS, limit=limit), AUTHORITY, library, [])]
    return {outline.feed.folder: outline.fill(lambda record: by_id[record.id]) for outline in outlines}


def record_of(entry: Entry) -> Record:
    """The record of an entry."""
    return Record(
        edition=str(entry.edition),
        slug=entry.slug,
        id=entry.id,
        title=entry.title,
        topic=entry.topic.id,
        published=entry.published,
        updated=entry.updated,
        digest="",
        source="",
        position=0,
        text=entry.text,
    )


def ids(feed: Feed) -> list[str]:
    return [entry.id for entry in feed.entries]


def over_years() -> list[Entry]:
    """Forty-eight entries, one a month, on two topics in turn."""
    topics = ("governance", "market")
    return [
        make_entry(n, topics[n % 2], published=datetime(2021 + n // 12, n % 12 + 1, 15, tzinfo=timezone.utc)) for n in range(48)
    ]


def test_there_is_a_feed_of_everything_one_per_topic_and_one_of_editions() -> None:
    heads = [folder for folder, feed in feeds_of([]).items() if not feed.is_archive]
    assert heads == ["", *(f"{topic.id}/" for topic in SETTINGS.topics), "editions/"]


@pytest.mark.parametrize("limit", [1, 7, 48, 500])
def test_a_head_holds_the_newest_entries_up_to_the_limit(limit: int) -> None:
    entries = over_years()
    feeds = feeds_of(entries, limit)
    newest = [entry.id for entry in entries[::-1]]
    assert ids(feeds[""]) == newest[:limit]
    assert ids(feeds["governance/"]) == newest[1::2][:limit]
    assert ids(feeds["market/"]) == newest[::2][:limit]
    assert ids(feeds["community/"]) == []


@pytest.mark.parametrize("folder", ["", "governance/", "market/"])
def test_archives_hold_every_entry_once_by_year_of_publication(folder: str) -> None:
    feeds = feeds_of(over_years(), 3)
    archives = [feed for feed in feeds.values() if feed.head == folder and feed.is_archive]
    assert [feed.folder for feed in archives] == [f"{folder}archive/{year}/" for year in (2021, 2022, 2023, 2024)]
    for feed in archives:
        assert {f"{entry.published.year}/" for entry in feed.entries} == {feed.folder.rpartition("archive/")[2]}
        assert [e.published for e in feed.entries] == sorted((e.published for e in feed.entries), reverse=True)
    held = [id for feed in archives[::-1] for id in ids(feed)]
    assert held == ids(feeds_of(over_years(), 500)[folder])


@pytest.mark.parametrize("folder", ["", "governance/"])
def test_feeds_lead_from_the_head_back_through_all_archives_and_forth_again(folder: str) -> None:
    feeds = feeds_of(over_years(), 3)
    head = feeds[folder]
    archives = [feed for feed in feeds.values() if feed.head == folder and feed.is_archive]
    assert (head.previous, head.following) == (archives[-1].folder, None)
    assert [feed.previous for feed in archives] == [None, *(feed.folder for feed in archives[:-1])]
    assert [feed.following for feed in archives] == [*(feed.folder for feed in archives[1:]), None]
    assert {feed.tag for feed in (head, *archives)} == {f"tag:{AUTHORITY}:feeds/{head.id}"}


def test_closed_years_do_not_change_when_entries_come() -> None:
    entries = over_years()
    before, after = (
        feeds_of(entries, 3),
        feeds_of([*entries, make_entry(99, published=datetime(2024, 12, 20, tzinfo=timezone.utc))], 3),
    )
    changed = {folder for folder in after for render in FORMATS.values() if render(before[folder]) != render(after[folder])}
    assert changed == {"", "archive/2024/", "governance/", "governance/archive/2024/"}


def test_a_new_year_touches_only_the_archive_before_it() -> None:
    entries = over_years()
    before, after = (
        feeds_of(entries, 3),
        feeds_of([*entries, make_entry(99, published=datetime(2025, 1, 20, tzinfo=timezone.utc))], 3),
    )
    assert set(after) - set(before) == {"archive/2025/", "governance/archive/2025/"}
    changed = {folder for folder in before if before[folder] != after[folder]}
    assert changed == {"", "archive/2024/", "governance/", "governance/archive/2024/"}
    assert after["archive/2024/"] == replace(before["archive/2024/"], following="archive/2025/")


@pytest.mark.parametrize(("count", "sizes"), [(PAGE, [PAGE]), (PAGE + 1, [PAGE, 1]), (2 * PAGE + 5, [PAGE, PAGE, 5])])
def test_a_year_of_many_entries_has_several_archives_filled_from_the_oldest_on(count: int, sizes: list[int]) -> None:
    archives = [
        feed for feed in feeds_of([make_entry(n) for n in range(count)]).values() if feed.head == "" and feed.is_archive
    ]
    names = ["archive/2024/", "archive/2024-2/", "archive/2024-3/"]
    assert [(feed.folder, len(feed.entries)) for feed in archives] == list(zip(names, sizes, strict=False))
    assert archives[0].entries[-1].id.endswith("/story-0")
    assert all(older.entries[0].published < newer.entries[-1].published for older, newer in pairwise(archives))


def test_a_year_of_many_entries_can_be_walked() -> None:
    feeds = feeds_of([make_entry(n) for n in range(PAGE + 3)])
    files = {f.folder + name: render(f) for f in feeds.values() for name, render in FORMATS.items() if f.entries}
    assert "archive/2024-2/atom.xml" in files
    assert site_findings(files, SETTINGS.url, NOW) == []


def test_a_feed_is_as_new_as_the_newest_update_it_shows() -> None:
    entries = over_years()
    late = datetime(2026, 5, 1, tzinfo=timezone.utc)
    entries[5] = replace(entries[5], updated=late)
    feeds = feeds_of(entries, 3)
    assert feeds[""].updated == entries[-1].updated
    assert feeds["archive/2021/"].updated == late
    assert feeds_of(entries, 48)[""].updated == late


def test_an_entry_is_written_once_in_each_format_in_however_many_feeds_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    written: Counter[tuple[str, str]] = Counter()

    def counting(name: str) -> Callable[[FeedEntry], object]:
        write = getattr(FeedEntry, name)

        def count(entry: FeedEntry) -> object:
            written[name, entry.id()] += 1
            return write(entry)

        return count

    for name in ("atom_entry", "rss_entry"):
        monkeypatch.setattr(FeedEntry, name, counting(name))
    make_item.cache_clear()
    entries = over_years()
    for feed in feeds_of(entries, 3).values():
        for render in FORMATS.values():
            render(feed)
    assert written == {(name, entry.id): 1 for name in ("atom_entry", "rss_entry") for entry in entries}


CHANGES: Mapping[str, object] = {
    "id": "tag:kusama-news.example,2026:2021-01/other",
    "link": "https://kusama-news.example/editions/2021-01.html#other",
    "topic": SETTINGS.topics[3],
    "title": "Another Title",
    "summary": "Another summary.",
    "html": "<p>Other words.</p>",
    "author": "Somebody Else",
    "published": datetime(2020, 5, 1, tzinfo=timezone.utc),
    "updated": datetime(2026, 5, 1, tzinfo=timezone.utc),
}


@pytest.mark.parametrize("field", CHANGES)
def test_an_entry_that_changed_is_written_anew(field: str) -> None:
    entry = over_years()[0]
    feed = feeds_of([entry])[""]
    changed = replace(feed, entries=(replace(entry, **{field: CHANGES[field]}),))
    for name in (rss.NAME, atom.NAME):
        make_item.cache_clear()
        told = FORMATS[name](changed)
        make_item.cache_clear()
        before = FORMATS[name](feed)
        assert FORMATS[name](changed) == told
        assert (told != before) is (name == atom.NAME or field != "updated")  # which RSS has no element for


def test_the_order_of_entries_does_not_matter() -> None:
    assert feeds_of(over_years()) == feeds_of(over_years()[::-1])


def test_a_topics_former_addresses_serve_its_head() -> None:
    topics = tuple(replace(t, former=("politics", "voting")) if t.id == "governance" else t for t in SETTINGS.topics)
    files = publish({"2024-11.md": RICH}, replace(SETTINGS, topics=topics)).files
    for old in ("politics", "voting"):
        for name in FORMATS:
            assert files[f"{old}/{name}"] == files[f"governance/{name}"]
        assert {path for path in files if path.startswith(f"{old}/archive")} == set()
    assert f'href="{SETTINGS.url}governance/atom.xml" rel="self"'.encode() in files["politics/atom.xml"]


def test_a_tombstone_stands_in_the_heads_of_everything_and_of_its_topic_alone() -> None:
    first = publish({"2024-11.md": RICH, "2024-10.md": RICH.replace("November", "October")})
    second = publish({"2024-10.md": RICH.replace("November", "October")}, ledger=first.ledger, now=NOW + timedelta(days=1))
    gone = {entry.id for entry in first.entries} - {entry.id for entry in second.entries}
    for feed in second.feeds:
        found = {tombstone.id for tombstone in feed.tombstones}
        if feed.is_archive:
            assert found == set()
        elif feed.id == "all":
            assert found == gone
        elif feed.id == "editions":
            assert found == {"tag:kusama-news.example,2026:editions/2024-11"}
        else:
            assert found == {e.id for e in first.entries if e.id in gone and e.topic.id == feed.id}
