"""What feedgen has no words for: the stylesheet, hub and archive links (RFC 5005), tombstones (RFC 6721)."""

from __future__ import annotations

from feedgen.ext.base import BaseExtension
from lxml import etree

from feedgen_kusama.model import Feed

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
STYLESHEET = "feed.css"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


def further_links(feed: Feed, name: str) -> tuple[tuple[str, str], ...]:
    """Relations and addresses beside self and alternate: how the feed's documents called `name` lead to one
    another, and the hub (WebSub, section 4)."""
    current = feed.head if feed.is_archive else None
    linked = (("current", current), ("prev-archive", feed.previous), ("next-archive", feed.following))
    links = [(rel, f"{feed.site}{folder}{name}") for rel, folder in linked if folder is not None]
    return (*links, ("hub", feed.hub)) if feed.hub else tuple(links)


def _add_stylesheet(root: etree._Element, feed: Feed) -> None:
    """Name the stylesheet by which browsers show the document as a list. Relatively: so it works below any path."""
    up = "../" * feed.folder.count("/")
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{up}{STYLESHEET}"'))


class _History(BaseExtension):  # type: ignore[misc]
    """What RSS and Atom have in common; told of the feed once it is registered.

    A class made for each feed would be simpler, but is a cycle, and keeps every entry until Python looks for cycles.
    """

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"fh": HISTORY} if self.feed.is_archive else {}


class RssHistory(_History):
    """The stylesheet and the links of an RSS document."""

    def extend_rss(self, root: etree._Element) -> etree._Element:
        _add_stylesheet(root, self.feed)
        _add_links(root[0], self.feed)
        _add_archive(root[0], self.feed)
        return root


class AtomHistory(_History):
    """The stylesheet and the tombstones of an Atom document."""

    def extend_ns(self) -> dict[str, str]:
        return super().extend_ns() | ({"at": TOMBSTONES} if self.feed.tombstones else {})

    def extend_atom(self, root: etree._Element) -> etree._Element:
        _add_stylesheet(root, self.feed)
        _add_archive(root, self.feed)
        for tombstone in self.feed.tombstones:
            when = tombstone.when.isoformat()
            etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=tombstone.id, when=when)
        return root


def _add_links(channel: etree._Element, feed: Feed) -> None:
    for rel, address in further_links(feed, "rss.xml"):
        link = etree.SubElement(channel, f"{{{ATOM}}}link", rel=rel, href=address)
        if rel != "hub":
            link.set("type", "application/rss+xml")


def _add_archive(element: etree._Element, feed: Feed) -> None:
    """Say of an archive that it is one (RFC 5005, section 4)."""
    if feed.is_archive:
        etree.SubElement(element, f"{{{HISTORY}}}archive")
