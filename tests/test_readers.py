"""A feed reader (feedparser) is told exactly what the entries say, alike in RSS and in Atom."""

from __future__ import annotations

from calendar import timegm
from datetime import datetime, timezone
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feedgen_kusama.formats import FORMATS
from feedgen_kusama.html import strip_html
from feedgen_kusama.model import Entry, Feed
from tests.publishing import SETTINGS, SOURCES, publish, published_folder, published_rich

XML = ("rss.xml", "atom.xml")
SAMPLES = [*SOURCES, None]
"""Folders of documents, and the document with all that is hard in HTML."""


def feeds_of(source: Path | None) -> tuple[Feed, ...]:
    return (published_folder(source) if source else published_rich()).feeds


def read(feed: Feed, name: str, **options: bool) -> Any:
    return feedparser.parse(FORMATS[name](feed), **options)


def exactly(feed: Feed, name: str) -> Any:
    """A feed as it was written: feedparser's own clean-up is off."""
    return read(feed, name, sanitize_html=False, resolve_relative_uris=False)


def told(item: Any, *, is_atom: bool) -> tuple[object, ...]:
    """What a reader shows of an item; RSS knows neither the topic's id nor when an item was updated."""
    (content,) = item.content
    (tag,) = item.tags
    topic = (tag.term, tag.label) if is_atom else (tag.term,)
    times = (_time(item.published_parsed), *((_time(item.updated_parsed),) if is_atom else ()))
    return (item.id, item.title, item.author, item.link, unescape(item.summary), content.value, content.type, topic, times)


def meant(entry: Entry, *, is_atom: bool) -> tuple[object, ...]:
    topic = (entry.topic.id, entry.topic.title) if is_atom else (entry.topic.title,)
    times = (entry.published, entry.updated) if is_atom else (entry.published,)
    author = entry.author or SETTINGS.author
    return (entry.id, entry.title, author, entry.link, entry.summary, entry.html, "text/html", topic, times)


def _time(parsed: Any) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), timezone.utc)


@pytest.mark.parametrize("source", SAMPLES, ids=lambda source: source.name if source else "rich")
@pytest.mark.parametrize("name", XML)
def test_every_item_says_what_its_entry_says(source: Path | None, name: str) -> None:
    is_atom = name == "atom.xml"
    for feed in feeds_of(source):
        parsed = exactly(feed, name)
        assert not parsed.bozo
        assert [told(item, is_atom=is_atom) for item in parsed.entries] == [meant(e, is_atom=is_atom) for e in feed.entries]


@pytest.mark.parametrize("source", SAMPLES, ids=lambda source: source.name if source else "rich")
@pytest.mark.parametrize("name", XML)
def test_a_feed_says_what_it_is(source: Path | None, name: str) -> None:
    for feed in feeds_of(source):
        parsed = exactly(feed, name)
        about = parsed.feed
        assert (about.title, about.subtitle, about.link) == (feed.title, feed.description, feed.site + feed.head)
        assert (about.language, about.generator) == (feed.language, "feedgen-kusama")
        assert _time(about.updated_parsed) == feed.updated
        assert [link.href for link in about.links if link.rel == "self"] == [feed.site + feed.folder + name]


@pytest.mark.parametrize("source", SAMPLES, ids=lambda source: source.name if source else "rich")
def test_both_formats_have_the_same_items_in_the_same_order(source: Path | None) -> None:
    for feed in feeds_of(source):
        rss, atom = (read(feed, name).entries for name in XML)
        assert [item.id for item in rss] == [item.id for item in atom]
        assert [item.published_parsed for item in rss] == [item.published_parsed for item in atom]


@pytest.mark.parametrize("source", SAMPLES, ids=lambda source: source.name if source else "rich")
@pytest.mark.parametrize("name", XML)
def test_items_are_newest_first_and_at_distinct_times(source: Path | None, name: str) -> None:
    for feed in feeds_of(source):
        times = [item.published_parsed for item in read(feed, name).entries]
        assert times == sorted(set(times), reverse=True)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_an_edition_begins_with_its_lead_and_goes_on_in_reading_order(source: Path) -> None:
    """Stories with a date line of their own stand at that date."""
    assembly = published_folder(source)
    published = {record.id: record.published for record in assembly.ledger.records}
    for document in assembly.documents:
        mine = [record for record in assembly.ledger.records if record.source == document.path]
        mine.sort(key=lambda record: published[record.id], reverse=True)
        titles = {record.title for record in mine}
        drafts = [draft for draft in document.drafts if draft.title in titles]
        assert [record.title for record in mine] == [d.title for d in sorted(drafts, key=lambda d: d.date, reverse=True)]
        assert [draft.title for draft in drafts if draft.kind == "lead"] in ([], [record.title for record in mine[:1]])


@pytest.mark.parametrize("source", SAMPLES, ids=lambda source: source.name if source else "rich")
@pytest.mark.parametrize("name", XML)
def test_a_readers_sanitiser_finds_no_word_to_take_away(source: Path | None, name: str) -> None:
    for feed in feeds_of(source):
        values = [item.content[0].value for item in read(feed, name).entries]
        assert [strip_html(value) for value in values] == [strip_html(entry.html) for entry in feed.entries]


@pytest.mark.parametrize("name", XML)
def test_an_entry_without_author_has_the_publications(name: str) -> None:
    feed = publish({"2024-11.md": "# News - November 2024\n\n## Vote\n\nThe governance vote.\n"}).feeds[0]
    assert feed.entries[0].author is None
    assert read(feed, name).entries[0].author == SETTINGS.author


TITLES = [
    ("AT&T Pays 3 < 4", "AT&T Pays 3 < 4"),
    ("AT&amp;T Pays", "AT&T Pays"),
    ("*Bold* **Words** in `code`", "Bold Words in code"),
    ("`<b>` Is Bold", "‹b> Is Bold"),
    ("Zoë’s “Kusama” – Fünf", "Zoë’s “Kusama” – Fünf"),
    ("日本語のニュース", "日本語のニュース"),
    ("💛 Emoji", "💛 Emoji"),
]


@pytest.mark.parametrize("name", XML)
@pytest.mark.parametrize(("written", "plain"), TITLES)
def test_a_title_is_plain_text(written: str, plain: str, name: str) -> None:
    feed = publish({"2024-11.md": f"# News - November 2024\n\n## {written}\n\nThe governance vote.\n"}).feeds[0]
    assert [entry.title for entry in feed.entries] == [plain]
    assert [item.title for item in exactly(feed, name).entries] == [plain]
