"""What a tool has published: the right feeds, with the right number of entries and their whole text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bench.sites import Site
from bench.tools import LIMIT

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SHORTEST = 100
"""Shorter than any story of the samples is as HTML."""


def find_faults(site: Site) -> Iterator[str]:
    """What is wrong with a site's feeds, in words."""
    counts = site.stock.counts
    expected: list[tuple[str | None, int]] = [(None, counts.total()), *counts.items()]
    for topic, count in expected:
        path = site.feed(topic)
        if not site.tool.makes_all and not path.exists():
            continue
        wanted = min(LIMIT, count) if site.tool.makes_all else 1
        yield from (f"{site.tool.title}: {path}: {fault}" for fault in _feed_faults(path, wanted, exact=site.tool.makes_all))


def _feed_faults(path: Path, wanted: int, *, exact: bool) -> Iterator[str]:
    """The faults of a feed that should have `wanted` entries, all with their text; where not `exact`, at least so many."""
    if not path.exists():
        yield "not published"
        return
    items = etree.parse(str(path)).getroot().findall("channel/item")
    if len(items) != wanted if exact else len(items) < wanted:
        yield f"{len(items)} entries instead of {wanted}"
    short = sum(1 for item in items if len(item.findtext(CONTENT) or item.findtext("description") or "") < SHORTEST)
    if short and exact:
        yield f"{short} entries without their text"
