"""Pages as HTML: the start page, one per feed, one per edition. They link relatively, so that the site works
below any path and from a folder. Each is a function of what it shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import msgspec

from feedgen_kusama.html import finish_html
from feedgen_kusama.model import EDITION_PATH, EDITIONS, Edition, Entry, Feed, LeftOut
from feedgen_kusama.month_names import month_title
from feedgen_kusama.site.chart import Chart
from feedgen_kusama.site.navigation import Head, Navigation, Neighbour
from feedgen_kusama.site.rendering import About, render_page
from feedgen_kusama.site.snippets import make_snippets
from feedgen_kusama.site.subscriptions import subscription

NEWEST = 8
"""Entries on the start page."""
KEPT = ("references", "closing note")
"""What is left out of entries but kept on the edition's page."""
ATOM = "atom.xml"
"""The format that people are given: every reader takes it."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as the start page lists it."""

    head: Head
    description: str
    total: int
    newest: datetime | None

    @property
    def unit(self) -> str:
        """What is counted."""
        one, many = ("edition", "editions") if self.head.id == EDITIONS else ("story", "stories")
        return one if self.total == 1 else many


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """An edition's page: its entries in reading order, and what its documents hold beside them."""

    edition: Edition
    headline: str
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def path(self) -> str:
        return EDITION_PATH.format(self.edition)


def render_start(
    navigation: Navigation, feed: Feed, listings: Sequence[Listing], chart: Chart | None, newest: Neighbour | None
) -> bytes:
    """The start page: every feed, the newest edition, and the newest entries of the feed of everything."""
    listed = [(listing, subscription(navigation.site + listing.head.folder + ATOM)) for listing in listings]
    snippets = make_snippets(navigation.site, navigation.head(feed.id))
    values = {"listed": listed, "chart": chart, "newest": newest, "snippets": snippets}
    return render_page("index.html", navigation, _about_feed(feed), feed=feed, **values)


def render_feed(navigation: Navigation, feed: Feed) -> bytes:
    """The page of a feed of entries."""
    return _render_feed("feed.html", navigation, feed)


def render_editions(navigation: Navigation, feed: Feed, months: Sequence[Neighbour]) -> bytes:
    """The list of all editions, the latest first, by year."""
    years: dict[str, list[Neighbour]] = {}
    for month in months:
        years.setdefault(month.edition.partition("-")[0], []).append(month)
    return _render_feed("editions.html", navigation, feed, years=years)


def _render_feed(template: str, navigation: Navigation, feed: Feed, **values: Any) -> bytes:
    head, to = navigation.head(feed.id), subscription(navigation.site + feed.folder + ATOM)
    snippets = make_snippets(navigation.site, head)
    return render_page(template, navigation, _about_feed(feed), feed=feed, head=head, to=to, snippets=snippets, **values)


def render_edition(
    navigation: Navigation, feed: Feed, month: Month, earlier: Neighbour | None, later: Neighbour | None
) -> bytes:
    """The page of an edition, with one anchor per entry."""
    page, title = navigation.site + month.path, month_title(month.edition, navigation.months)
    kept = (finish_html(part.markup, page=page, anchor="kept") for part in month.left_out if part.why in KEPT)
    about = About(
        title=f"{title}: {month.headline or navigation.title}",
        description=month.entries[0].summary if month.entries else feed.description,
        address=page,
        feed=feed.id,
        folder=feed.folder,
        kind="article",
    )
    return render_page(
        "edition.html",
        navigation,
        about,
        headline=month.headline,
        stories=[(entry, relative(entry.html, navigation.site)) for entry in month.entries],
        kept=[relative(html, navigation.site) for html in kept],
        title=title,
        earlier=earlier,
        later=later,
    )


def relative(html: str, site: str) -> str:
    """Sanitised HTML with its addresses within the site as a page in a folder writes them; feeds need them absolute."""
    if site not in html:
        return html
    return re.sub(rf'(<(?:a|img) [^<>]*?(?:href|src)="){re.escape(escape(site))}', r"\1../", html)


def _about_feed(feed: Feed) -> About:
    address = feed.site + feed.folder
    return About(title=feed.title, description=feed.description, address=address, feed=feed.id, folder=feed.folder)
