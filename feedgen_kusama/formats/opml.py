"""OPML 2.0: the list of all feeds, to subscribe to them at once."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from feedgen_kusama.formats import atom
from feedgen_kusama.model import Feed

NAME = "feeds.opml"


def render(title: str, author: str, feeds: Iterable[Feed]) -> bytes:
    """Feeds, by their heads, as an OPML document; OPML calls every kind of feed `rss`."""
    root = etree.Element("opml", version="2.0")
    root.append(etree.Comment(" feedgen-kusama "))
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    etree.SubElement(head, "ownerName").text = author
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    for feed in feeds:
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=feed.title,
            title=feed.title,
            description=feed.description,
            language=feed.language,
            xmlUrl=feed.site + feed.folder + atom.NAME,
            htmlUrl=feed.site + feed.folder,
        )
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
