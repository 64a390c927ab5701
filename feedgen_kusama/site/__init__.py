"""The site for people: pages with one anchor per entry, which are the permanent links, and what they look like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from feedgen_kusama.feeds import Outline
from feedgen_kusama.ledger.library import Library
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.settings import Settings
from feedgen_kusama.site.assets import FEED_STYLES, PAGES, STATIC, static_file
from feedgen_kusama.works import Keys, Work, fixed_work

__all__ = ["FEED_STYLES", "PAGES", "STATIC", "plan_site", "static_file"]


def plan_site(
    settings: Settings,
    heads: Sequence[Outline],
    months: Sequence[Record],
    library: Library,
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """Every page and static file. Pure."""
    for name in STATIC if settings.pages else FEED_STYLES:
        yield fixed_work(name, static_file(name))
    if settings.pages:
        from feedgen_kusama.site.plan import plan_pages  # what makes pages is not needed where there are none

        yield from plan_pages(settings, heads, months, library, versions, keys)
