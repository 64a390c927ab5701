"""RSS 2.0, with the full text in `content:encoded`, the author in `dc:creator`, and archives (RFC 5005)."""

from __future__ import annotations

from html import escape

from feedgen_kusama.formats.generator import add_entry, new_generator
from feedgen_kusama.formats.history import history_extension
from feedgen_kusama.model import Feed

NAME = "rss.xml"


def render(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    generator = new_generator(feed)
    generator.load_extension("dc", atom=False, rss=True)
    generator.register_extension("history", history_extension(feed, has_tombstones=False), atom=False)
    generator.description(feed.description)
    # For RSS the last link is the channel's: the feed's own address goes first.
    generator.link(href=feed.site + feed.folder + NAME, rel="self", type="application/rss+xml")
    generator.link(href=feed.site + feed.head, rel="alternate", type="text/html")
    for entry in feed.entries:
        item = add_entry(generator, entry)
        item.dc.dc_creator(entry.author or feed.author)
        item.description(escape(entry.summary, quote=False))
        item.content(entry.html, type="html")
    return bytes(generator.rss_str(pretty=True))
