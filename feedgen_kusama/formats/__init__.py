"""Formats: a feed as bytes, one module a format. Pure: the same feed gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from feedgen_kusama.formats import atom, json_feed, rss
from feedgen_kusama.model import Feed

FORMATS: Mapping[str, Callable[[Feed], bytes]] = {
    rss.NAME: rss.render,
    atom.NAME: atom.render,
    json_feed.NAME: json_feed.render,
}
"""What is published in a feed's folder, by file name."""
