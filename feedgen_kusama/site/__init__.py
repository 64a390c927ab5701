"""The site for people: pages with one anchor per entry, which are the permanent links, and what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from feedgen_kusama.feeds import Outline
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.settings import Settings
from feedgen_kusama.works import Keys, Work, fixed_work

FEED_STYLES = ("feed.css",)
"""Static files that feeds refer to."""
STATIC = (*FEED_STYLES, "style.css", "embed.js")
"""Files that are published as they are, at the site's root."""


def plan_site(
    settings: Settings,
    heads: Sequence[Outline],
    months: Sequence[Record],
    stories: Mapping[str, Sequence[Record]],
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """Every page and static file. Pure."""
    for name in STATIC if settings.pages else FEED_STYLES:
        yield fixed_work(name, static_file(name))
    if settings.pages:
        from feedgen_kusama.site.plan import plan_pages  # what makes pages is not needed where there are none

        yield from plan_pages(settings, heads, months, stories, versions, keys)


@cache
def static_file(name: str) -> bytes:
    """A file that is published as it is."""
    return files("feedgen_kusama.site").joinpath("static", name).read_bytes()
