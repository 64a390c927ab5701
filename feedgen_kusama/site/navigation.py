"""What pages say of feeds and editions that are not theirs, and what every page has in common. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import ALL, Feed
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A feed as pages link to it."""

    id: str
    title: str
    name: str
    """The title without the publication's before it."""
    folder: str


class Navigation(msgspec.Struct, frozen=True, kw_only=True):
    """What all pages share: the publication and its feeds."""

    title: str
    site: str
    """The site's absolute address, ending in a slash."""
    language: str
    months: str
    """The language of days and months."""
    heads: tuple[Head, ...]

    def head(self, id: str) -> Head:
        """The feed with this id."""
        return next(head for head in self.heads if head.id == id)


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """What pages say of an edition that is not theirs."""

    edition: str
    title: str
    headline: str


def make_navigation(settings: Settings, feeds: Iterable[Feed]) -> Navigation:
    """What all pages share; `feeds` are the heads in the order in which they are listed."""
    return Navigation(
        title=settings.title,
        site=settings.url,
        language=settings.language,
        months=settings.months[0],
        heads=tuple(_head(settings, feed) for feed in feeds),
    )


def _head(settings: Settings, feed: Feed) -> Head:
    name = "Everything" if feed.id == ALL else feed.title.removeprefix(f"{settings.title}: ")
    return Head(id=feed.id, title=feed.title, name=name, folder=feed.folder)


def neighbour(settings: Settings, record: Record) -> Neighbour:
    """What other pages say of an edition."""
    title = month_title(record.month, settings.months[0])
    return Neighbour(edition=record.edition, title=title, headline=record.title)
