"""The feeds that a page announces in its head. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html
from lxml.etree import LxmlError, _Element

from feedgen_kusama.doctor.observed import Announced
from feedgen_kusama.web.places import join_address

PAGES = frozenset({"text/html", "application/xhtml+xml"})
"""The media types of pages."""


def find_announced(page: bytes, address: str) -> tuple[Announced, ...]:
    """What a page calls its alternates, other pages aside. What cannot be read announces nothing."""
    try:
        root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return ()
    base = next((str(element.get("href")) for element in root.iter("base") if element.get("href")), "")
    return tuple(_announced(root, _joined(address, base) or address))


def _announced(root: _Element, base: str) -> Iterator[Announced]:
    for link in root.iter("link"):
        media = link.get("type", "").partition(";")[0].strip().casefold()
        relations = link.get("rel", "").casefold().split()
        is_alternate = "alternate" in relations and "stylesheet" not in relations
        if is_alternate and media not in {"", *PAGES} and (address := _joined(base, link.get("href", ""))):
            yield Announced(address, media)


def _joined(base: str, reference: str) -> str:
    try:
        return join_address(base, reference) if reference else ""
    except ValueError:
        return ""
