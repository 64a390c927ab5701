"""The site for people: pages with one anchor per entry, which are the permanent links, and what they look like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from feedgen_kusama.model import Feed
from feedgen_kusama.settings import Settings
from feedgen_kusama.site.pages import Month, render_pages

FEED_STYLES = ("feed.css",)
"""Static files that feeds refer to."""
STATIC = (*FEED_STYLES, "style.css", "embed.js")
"""Files that are published as they are, at the site's root."""


def render_site(settings: Settings, feeds: Sequence[Feed], months: Iterable[Month]) -> Iterator[tuple[str, bytes]]:
    """Every page and static file by its path. Pure."""
    for name in STATIC if settings.pages else FEED_STYLES:
        yield name, static_file(name)
    if settings.pages:
        yield from render_pages(settings, feeds, months)


@cache
def static_file(name: str) -> bytes:
    """A file that is published as it is."""
    return files("feedgen_kusama.site").joinpath("static", name).read_bytes()
