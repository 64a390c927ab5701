"""The one place that knows feedgen: what both XML formats share of a feed.

feedgen fills every missing time with the clock, so every time is set here. It prepends entries,
changes the dictionaries it is given and drops what it finds empty; nothing of that leaks out.
"""

from __future__ import annotations

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feedgen_kusama.model import Entry, Feed

NAME = "feedgen-kusama"


def new_generator(feed: Feed) -> FeedGenerator:
    """A generator with what RSS and Atom say alike of a feed."""
    generator = FeedGenerator()
    generator.id(feed.tag)
    generator.title(feed.title)
    generator.updated(feed.updated)
    generator.language(feed.language)
    generator.generator(NAME)
    return generator


def add_entry(generator: FeedGenerator, entry: Entry) -> FeedEntry:
    """A new entry at the end of the generator, with what RSS and Atom say alike of it."""
    item = generator.add_entry(order="append")
    item.id(entry.id)
    item.title(entry.title)
    item.link(href=entry.link, rel="alternate")
    item.category(term=entry.topic.id, label=entry.topic.title)
    item.published(entry.published)
    item.updated(entry.updated)
    return item
