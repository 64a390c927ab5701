"""RSS 2.0, with the full text in `content:encoded`, the author in `dc:creator`, and archives (RFC 5005)."""

from __future__ import annotations

from feedgen_kusama.formats.generator import DublinCore, new_generator
from feedgen_kusama.formats.history import RssHistory
from feedgen_kusama.model import Feed

NAME = "rss.xml"


def render(feed: Feed) -> bytes:
    """The feed as an RSS document."""
    generator = new_generator(feed)
    generator.register_extension("dc", DublinCore, atom=False)
    generator.register_extension("history", RssHistory, atom=False)
    generator.history.feed = feed
    generator.description(feed.description)
    # For RSS the last link is the channel's: the feed's own address goes first.
    generator.link(href=feed.site + feed.folder + NAME, rel="self", type="application/rss+xml")
    generator.link(href=feed.site + feed.head, rel="alternate", type="text/html")
    return bytes(generator.rss_str(pretty=True))
