"""The one place that knows feedgen: what both XML formats share of a feed.

feedgen fills every missing time with the clock, so every time is set here. It prepends entries,
changes the dictionaries it is given and drops what it finds empty; nothing of that leaks out.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from functools import cached_property, lru_cache
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedgen_kusama.model import Feed

NAME = "feedgen-kusama"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
MOST_ITEMS = 1_000
"""Entries that are kept as they were written: more than the feeds of one year mostly share."""


def new_generator(feed: Feed) -> FeedGenerator:
    """A generator with the entries of a feed, and with what RSS and Atom say alike of it."""
    generator = FeedGenerator()
    generator.id(feed.tag)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.language(feed.language)
    generator.generator(NAME)
    for entry in feed.entries:
        topic, author = entry.topic, entry.author or feed.author
        said = (entry.title, entry.summary, entry.html, entry.published, entry.updated)
        generator.add_entry(make_item(entry.id, entry.link, topic.id, topic.title, author, *said), order="append")
    return generator


class _Item(FeedEntry):  # type: ignore[misc]
    """An entry that is written once in each format, in however many feeds it stands."""

    @cached_property
    def _atom(self) -> etree._Element:
        element: etree._Element = super().atom_entry()
        return element

    @cached_property
    def _rss(self) -> etree._Element:
        element: etree._Element = super().rss_entry()
        return element

    def atom_entry(self, *_: object) -> etree._Element:
        return copy(self._atom)

    def rss_entry(self, *_: object) -> etree._Element:
        return copy(self._rss)


@lru_cache(MOST_ITEMS)
def make_item(
    id: str,
    link: str,
    term: str,
    label: str,
    author: str,
    title: str,
    summary: str,
    html: str,
    published: datetime,
    updated: datetime,
) -> _Item:
    """An entry for both formats, the same one for the same words: most stand in several feeds. RSS takes of it what
    Atom has, but for the author, who has no address."""
    item = _Item()
    item.id(id)
    item.title(title)
    item.link(href=link, rel="alternate")
    item.category(term=term, label=label)
    item.author(name=author)
    item.summary(escape(summary, quote=False), type="html")
    item.content(html, type="html")
    item.published(published)
    item.updated(updated)
    item.register_extension("dc", _Creator, atom=False)
    item.dc.name = author
    return item


class DublinCore(BaseExtension):  # type: ignore[misc]
    """Dublin Core as far as it is used; feedgen's extension looks for fifteen elements in every entry."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DUBLIN_CORE}


class _Creator(BaseExtension):  # type: ignore[misc]
    """The name of an entry's author."""

    name: str

    def extend_rss(self, item: etree._Element) -> etree._Element:
        etree.SubElement(item, f"{{{DUBLIN_CORE}}}creator").text = self.name
        return item
