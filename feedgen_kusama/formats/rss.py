"""RSS 2.0, with the full text in `content:encoded` and the author in `dc:creator`."""

from __future__ import annotations

from html import escape

from feedgen_kusama.formats.generator import add_entry, new_generator
from feedgen_kusama.model import Feed


def render(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    generator = new_generator(feed)
    generator.load_extension("dc", atom=False, rss=True)
    generator.description(feed.description)
    # For RSS the last link is the channel's: the feed's own address goes first.
    generator.link(href=feed.address + "rss.xml", rel="self", type="application/rss+xml")
    generator.link(href=feed.address, rel="alternate", type="text/html")
    for entry in feed.entries:
        item = add_entry(generator, entry)
        item.dc.dc_creator(entry.author or feed.author)
        item.description(escape(entry.summary, quote=False))
        item.content(entry.html, type="html")
    return bytes(generator.rss_str(pretty=True))
