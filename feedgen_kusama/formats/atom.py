"""Atom 1.0 (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721)."""

from __future__ import annotations

from feedgen_kusama.formats.generator import new_generator
from feedgen_kusama.formats.history import AtomHistory, further_links
from feedgen_kusama.model import Feed

NAME = "atom.xml"


def render(feed: Feed) -> bytes:
    """The feed as an Atom document."""
    generator = new_generator(feed)
    generator.register_extension("history", AtomHistory, rss=False)
    generator.history.feed = feed
    generator.subtitle(feed.description)
    generator.author(name=feed.author)
    generator.link(href=feed.site + feed.head, rel="alternate", type="text/html")
    generator.link(href=feed.site + feed.folder + NAME, rel="self", type="application/atom+xml")
    for rel, address in further_links(feed, NAME):
        generator.link(href=address, rel=rel, **({} if rel == "hub" else {"type": "application/atom+xml"}))
    return bytes(generator.atom_str(pretty=True))
