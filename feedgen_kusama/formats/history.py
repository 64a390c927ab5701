"""What feedgen has no words for: links between archives (RFC 5005) and tombstones (RFC 6721)."""

from __future__ import annotations

from typing import ClassVar

from feedgen.ext.base import BaseExtension
from lxml import etree

from feedgen_kusama.model import Feed

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"


def archive_links(feed: Feed, name: str) -> tuple[tuple[str, str], ...]:
    """The relations and addresses by which the feed's documents called `name` lead to one another."""
    current = feed.head if feed.is_archive else None
    linked = (("current", current), ("prev-archive", feed.previous), ("next-archive", feed.following))
    return tuple((rel, f"{feed.site}{folder}{name}") for rel, folder in linked if folder is not None)


def history_extension(feed: Feed) -> type[BaseExtension]:
    """The extension for this one feed; feedgen wants a class and makes the instance itself."""

    class History(BaseExtension):  # type: ignore[misc]
        namespaces: ClassVar[dict[str, str]] = {
            **({"fh": HISTORY} if feed.is_archive else {}),
            **({"at": TOMBSTONES} if feed.tombstones else {}),
        }

        def extend_ns(self) -> dict[str, str]:
            return self.namespaces

        def extend_rss(self, root: etree._Element) -> etree._Element:
            channel = root[0]
            for rel, address in archive_links(feed, "rss.xml"):
                etree.SubElement(channel, f"{{{ATOM}}}link", rel=rel, href=address, type="application/rss+xml")
            if feed.is_archive:
                etree.SubElement(channel, f"{{{HISTORY}}}archive")
            return root

        def extend_atom(self, root: etree._Element) -> etree._Element:
            if feed.is_archive:
                etree.SubElement(root, f"{{{HISTORY}}}archive")
            for tombstone in feed.tombstones:
                when = tombstone.when.isoformat()
                etree.SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", ref=tombstone.id, when=when)
            return root

    return History
