"""RSS 2.0, with the full text in `content:encoded`, the author in `dc:creator`, and archives (RFC 5005)."""

from __future__ import annotations

from html import escape

from feedgen.ext.base import BaseExtension
from lxml import etree

from feedgen_kusama.formats.generator import add_entry, new_generator
from feedgen_kusama.formats.history import RssHistory
from feedgen_kusama.model import Feed

NAME = "rss.xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


def render(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    generator = new_generator(feed)
    generator.register_extension("dc", _DublinCore, _Creator, atom=False)
    generator.register_extension("history", RssHistory, atom=False)
    generator.history.feed = feed
    generator.description(feed.description)
    # For RSS the last link is the channel's: the feed's own address goes first.
    generator.link(href=feed.site + feed.folder + NAME, rel="self", type="application/rss+xml")
    generator.link(href=feed.site + feed.head, rel="alternate", type="text/html")
    for entry in feed.entries:
        item = add_entry(generator, entry)
        item.dc.name = entry.author or feed.author
        item.description(escape(entry.summary, quote=False))
        item.content(entry.html, type="html")
    return bytes(generator.rss_str(pretty=True))


class _DublinCore(BaseExtension):  # type: ignore[misc]
    """Dublin Core as far as it is used; feedgen's extension looks for fifteen elements in every entry."""

    def extend_ns(self) -> dict[str, str]:
        return {"dc": DUBLIN_CORE}


class _Creator(BaseExtension):  # type: ignore[misc]
    """The name of an entry's author."""

    name: str

    def extend_rss(self, item: etree._Element) -> etree._Element:
        etree.SubElement(item, f"{{{DUBLIN_CORE}}}creator").text = self.name
        return item
