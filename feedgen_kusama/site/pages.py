"""Pages as HTML: the start page, one per feed, one per edition. They link relatively, so that the site works
below any path and from a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from feedgen_kusama.html import finish_html
from feedgen_kusama.model import Edition, Entry, Feed, LeftOut
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

NEWEST = 12
"""Entries on the start page."""
KEPT = ("references", "closing note")
"""What is left out of entries but kept on the edition's page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What pages say of a feed that is not theirs; how much it holds is the start page's to say."""

    id: str
    title: str
    folder: str
    site: str
    total: int = 0
    newest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """What pages say of an edition that is not theirs."""

    edition: str
    title: str
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """An edition's page: its entries in reading order, and what its documents hold beside them."""

    edition: Edition
    headline: str
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def path(self) -> str:
        return f"editions/{self.edition}.html"


@cache
def environment() -> Environment:
    """The templates. What is not marked safe is escaped; a name that is missing is an error."""
    return Environment(
        loader=PackageLoader("feedgen_kusama.site"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_start(settings: Settings, heads: Sequence[Head], feed: Feed) -> bytes:
    """The start page: every feed, and the newest entries of the one of everything."""
    return _render("index.html", settings=settings, heads=heads, feed=feed)


def render_feed(settings: Settings, heads: Sequence[Head], feed: Feed) -> bytes:
    """The page of a feed of entries."""
    return _render("feed.html", settings=settings, heads=heads, feed=feed)


def render_editions(settings: Settings, heads: Sequence[Head], feed: Feed, months: Sequence[Neighbour]) -> bytes:
    """The list of all editions, the latest first."""
    return _render("editions.html", settings=settings, heads=heads, feed=feed, months=months)


def render_edition(
    settings: Settings, heads: Sequence[Head], feed: Feed, month: Month, earlier: Neighbour | None, later: Neighbour | None
) -> bytes:
    """The page of an edition, with one anchor per entry."""
    page = settings.url + month.path
    kept = [finish_html(part.markup, page=page, anchor="kept") for part in month.left_out if part.why in KEPT]
    title = month_title(month.edition, settings.months[0])
    values = {"month": month, "title": title, "kept": kept, "earlier": earlier, "later": later}
    return _render("edition.html", settings=settings, heads=heads, feed=feed, **values)


def _render(template: str, *, feed: Feed, **values: Any) -> bytes:
    root = "../" * feed.folder.count("/")
    text = environment().get_template(template).render(root=root, folder=feed.folder, feed=feed, **values)
    return (text.strip() + "\n").encode()
