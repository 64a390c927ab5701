"""Subscribers with real feed readers are shown what was published, and nothing twice, through edits and a new edition."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler
from os import utime
from pathlib import Path, PurePath
from threading import Thread

import feedparser
import pytest
from msgspec.structs import replace

from feedgen_kusama import documents
from feedgen_kusama.config import read_settings
from feedgen_kusama.html import strip_html
from feedgen_kusama.ledger.records import parse_ledger
from feedgen_kusama.model import Entry, Feed
from feedgen_kusama.pipeline import build
from feedgen_kusama.settings import Settings
from feedgen_kusama.sources import list_sources, read_document
from tests.publishing import assemble
from tests.quiet_server import QuietServer
from tests.readers import READERS, Item, Reader

ROOT = Path(__file__).parent.parent
TYPES = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    "feeds.opml": "text/x-opml",
}
START, WEEK = datetime(2026, 1, 15, 9, tzinfo=timezone.utc), timedelta(weeks=1)
RETITLED, NEW_TITLE = "Renewals: A Calm Season for Cores", "Parachains Renew Their Cores Without Fuss"
REWORDED = "A Spread Too Wide for Comfort"
NEW_WORDS = """\
The gap between the highest bid and the lowest offer for KSM grew in the week
after Easter to four tenths of a percent, double its normal width. Prices as such
hardly moved: 17.10 dollars on 1 April, 16.60 on 30 April. Brokers blame holidays
& the departure of one big dealer in like measure."""
NEW_EDITION = """\
# Kusama News - January 2026

# A Month Begun With Open Windows

Kusama aired its forums, its code and one meeting hall in January 2026.

## Referendum on Open Windows Passes
By Ana Lisboa | Governance Reporter

The referendum passed on January 20th with 71 percent of the votes; the treasury pays for "hinges" & glass.

## Validators’ Restarts & Turns: 3 < 4, AT&T's Too

Validators enacted the runtime upgrade one after another, and blocks < 2 MB went on arriving every six seconds.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A site as it stands after one build."""

    folder: Path
    feeds: tuple[Feed, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the feed of everything holds."""
        return self.feeds[0].entries


@dataclass(slots=True, kw_only=True)
class Site:
    """A site that is served, at first and after each later build; `folder` is what it shows now."""

    url: str
    folder: Path
    stages: tuple[Stage, ...] = ()


class Handler(SimpleHTTPRequestHandler):
    """Serves feeds as what they are, and does not talk about it."""

    def guess_type(self, path: object) -> str:
        return TYPES.get(PurePath(str(path)).name) or super().guess_type(str(path))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    site = Site(url="", folder=folder)
    server = QuietServer(("127.0.0.1", 0), lambda *args: Handler(*args, directory=str(site.folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}/"
    try:
        site.stages = tuple(publish(read_settings(ROOT / "feeds.toml", url=site.url), folder))
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def publish(settings: Settings, folder: Path) -> Iterator[Stage]:
    """The sample documents as they were first published, after many an edit, and with a new edition."""
    news, feeds = shutil.copytree(ROOT / "news", folder / "news"), folder / "feeds"
    renamed = replace(settings, title="Kusama by the Month")
    steps = [(START, settings, leave), (START + WEEK, renamed, edit), (START + 3 * WEEK, renamed, add_edition)]
    for number, (now, settings, change) in enumerate(steps):
        change(news)
        result = build(settings, source=news, output=feeds, now=now)
        assert not result.problems
        for path in result.difference.write:  # servers compare times in seconds, and the builds follow in less
            utime(feeds / path, (now.timestamp(), now.timestamp()))
        kept = shutil.copytree(feeds, folder / f"stage-{number}")
        yield Stage(folder=kept, feeds=shown_feeds(settings, news, feeds, now))


def shown_feeds(settings: Settings, news: Path, feeds: Path, now: datetime) -> tuple[Feed, ...]:
    """The heads as they are meant to be."""
    reader = documents.Reader(settings)
    read = [read_document(reader, news, name) for name in list_sources(news)]
    ledger = parse_ledger((feeds / "ledger.jsonl").read_bytes())
    return tuple(feed for feed in assemble(settings, read, ledger, now).feeds if not feed.is_archive)


def leave(news: Path) -> None:
    """Change nothing."""


def add_edition(news: Path) -> None:
    (news / "2026-01.md").write_text(NEW_EDITION, "utf-8")


def edit(news: Path) -> None:
    """Retitle a section, reword a third of another, move a third elsewhere in its document, rename a document."""
    april, march = news / "kusama_april_2025_news.md", news / "2024-03.md"
    rewrite(april, rf"(?<=: ){RETITLED}", lambda found: NEW_TITLE)
    rewrite(april, rf"(?<={REWORDED}\n\nBYLINE: Markets Desk\n\n).*?(?=\n\n## )", lambda found: NEW_WORDS)
    rewrite(march, r"(## Auditors .*?)(## Where the Bids Went.*?)(?=## )", lambda found: found[2] + found[1])
    (news / "kusama_news_aug_2024.md").rename(news / "august.md")


def rewrite(path: Path, pattern: str, change: Callable[[re.Match[str]], str]) -> None:
    text, count = re.subn(pattern, change, path.read_text("utf-8"), flags=re.DOTALL)
    assert count == 1, f"{pattern}: found {count} times in {path.name}"
    path.write_text(text, "utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a subscriber was shown after each build."""

    reader: Reader
    format: str
    stages: tuple[Stage, ...]
    shown: tuple[list[Item], ...]


CASES = [(name, format) for name, reader in READERS.items() for format in reader.formats]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def history(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> History:
    name, format = request.param
    reader = found(name)
    fetch = partial(reader.read, site.url + format, tmp_path_factory.mktemp(name))
    shown = []
    for stage in site.stages:
        site.folder = stage.folder
        shown.append(fetch())
    return History(reader=reader, format=format, stages=site.stages, shown=tuple(shown))


def found(name: str) -> Reader:
    """The reader of this name; the test is skipped where it cannot run."""
    reader = READERS[name]
    if reader.missing:
        pytest.skip(f"{name} is not installed: no {reader.missing}")
    return reader


def words(markup: str) -> str:
    """What a person reads of HTML: readers clean mark-up each in its way."""
    return strip_html(markup)


def test_a_new_subscriber_is_shown_every_entry_newest_first(history: History) -> None:
    first = history.shown[0]
    assert len(first) == 50
    assert [item.id for item in first] == [entry.id for entry in history.stages[0].entries]
    assert all(item.is_new for item in first)


def test_an_item_has_its_entrys_title(history: History) -> None:
    assert [item.title for item in history.shown[0]] == [entry.title for entry in history.stages[0].entries]


def test_an_item_has_its_entrys_author_or_the_publications(history: History) -> None:
    authors = [item.author for item in history.shown[0]]
    if history.format in history.reader.without_authors:
        assert set(authors) == {None}, "this reader has learned to show authors: say so in its table"
    else:
        assert authors == [entry.author or "Kusama News" for entry in history.stages[0].entries]


def test_an_item_has_its_entrys_time_of_publication(history: History) -> None:
    assert [item.date for item in history.shown[0]] == [entry.published for entry in history.stages[0].entries]


def test_an_item_has_its_entrys_full_text(history: History) -> None:
    assert [words(item.content) for item in history.shown[0]] == [words(entry.html) for entry in history.stages[0].entries]


def retitled(history: History) -> list[str]:
    """The ids of entries that a reader takes for others after the edits: a new title makes them so to some."""
    return [] if history.reader.renames else [e.id for e in history.stages[1].entries if e.title == NEW_TITLE]


def test_edits_show_nothing_as_new(history: History) -> None:
    """Neither a new title nor new words, another place or file, or another name of the site."""
    assert [item.id for item in history.shown[1] if item.is_new] == retitled(history)


def test_edits_show_nothing_twice(history: History) -> None:
    ids = [item.id for item in history.shown[1]]
    assert sorted(ids) == sorted([entry.id for entry in history.stages[0].entries] + retitled(history))


def test_edits_arrive_where_a_reader_refreshes_what_it_has(history: History) -> None:
    if not history.reader.refreshes:
        pytest.skip("this reader keeps what it has shown")
    entries = history.stages[1].entries
    told = {item.id: (item.title, words(item.content)) for item in history.shown[1]}
    assert told == {entry.id: (entry.title, words(entry.html)) for entry in entries}
    before = {item.id: (item.title, words(item.content)) for item in history.shown[0]}
    assert {told[id][0] for id in told if told[id] != before[id]} == {NEW_TITLE, REWORDED}


def test_of_a_new_edition_exactly_its_entries_are_new_and_on_top(history: History) -> None:
    fresh = [entry for entry in history.stages[2].entries if str(entry.edition) == "2026-01"]
    assert [entry.title for entry in fresh] == re.findall(r"(?m)^#+ (.*)", NEW_EDITION)[1:]
    new = [item for item in history.shown[2] if item.is_new]
    assert history.shown[2][: len(fresh)] == new
    assert [item.id for item in new] == [entry.id for entry in fresh]
    assert [(i.title, i.date, words(i.content)) for i in new] == [(e.title, e.published, words(e.html)) for e in fresh]


def test_a_new_edition_shows_nothing_twice_and_all_there_is(history: History) -> None:
    ids = [item.id for item in history.shown[2]]
    assert len(ids) == len(set(ids)) + len(retitled(history))
    assert {entry.id for entry in history.stages[2].entries} <= set(ids)


@pytest.mark.parametrize("name", [name for name, reader in READERS.items() if reader.import_opml])
def test_the_list_of_feeds_subscribes_to_all_of_them(name: str, site: Site, tmp_path: Path) -> None:
    reader, stage = found(name), site.stages[0]
    assert reader.import_opml is not None
    site.folder = stage.folder
    addresses = reader.import_opml((stage.folder / "feeds.opml").read_text("utf-8"), tmp_path)
    assert addresses == [f"{site.url}{feed.folder}atom.xml" for feed in stage.feeds]
    assert [feedparser.parse(address).feed.title for address in addresses] == [feed.title for feed in stage.feeds]
