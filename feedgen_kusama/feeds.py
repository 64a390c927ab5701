"""Which feeds there are and what each holds: heads with the newest entries, and archives by year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from itertools import pairwise

import msgspec
from msgspec.structs import replace

from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import ALL, EDITIONS, Entry, Feed, Tombstone
from feedgen_kusama.settings import Settings

PAGE = 500
"""Entries in one archive: a year of more has several, so that an edit rewrites only one."""
BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.utc)
"""When the feeds of a publication without entries were last updated."""


class Buried(msgspec.Struct, frozen=True, kw_only=True):
    """A retracted entry's tombstone and the topic it had."""

    topic: str
    tombstone: Tombstone


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """A feed whose entries are known by their records alone; `feed` has none yet."""

    feed: Feed
    records: tuple[Record, ...]

    def fill(self, entry_of: Callable[[Record], Entry]) -> Feed:
        """The feed with its entries."""
        return replace(self.feed, entries=tuple(map(entry_of, self.records)))


class Plot(msgspec.Struct, frozen=True, kw_only=True):
    """One feed to be made: its name and folder, and which topics it takes (None: all)."""

    id: str
    folder: str
    title: str
    description: str
    topics: frozenset[str] | None
    limit: int


def plots(settings: Settings) -> Iterator[Plot]:
    """Every feed of entries that a publication has, in the order in which they are listed."""
    whole, limit = settings.description, settings.limit
    yield Plot(id=ALL, folder="", title=settings.title, description=whole, topics=None, limit=limit)
    for topic in settings.topics:
        yield Plot(
            id=topic.id,
            folder=f"{topic.id}/",
            title=f"{settings.title}: {topic.title}",
            description=topic.description or whole,
            topics=frozenset({topic.id}),
            limit=limit,
        )
    for feed in settings.feeds:
        topics = frozenset(topic.id for topic in map(settings.find_topic, feed.topics) if topic)
        yield Plot(
            id=feed.id,
            folder=f"{feed.id}/",
            title=f"{settings.title}: {feed.title}",
            description=feed.description or whole,
            topics=topics,
            limit=feed.limit or limit,
        )


def select_feeds(
    settings: Settings,
    authority: str,
    entries: Sequence[Record],
    editions: Sequence[Record],
    buried: Sequence[Buried] = (),
) -> Iterator[Outline]:
    """Every feed, each a head followed by its archives: of entries by topic, and of whole editions."""
    newest = sorted(entries, key=_published, reverse=True)
    since = newest[-1].published if newest else BEGINNING
    for plot in plots(settings):
        chosen = newest if plot.topics is None else [record for record in newest if record.topic in plot.topics]
        gone = [b.tombstone for b in buried if b.topic != EDITIONS and (plot.topics is None or b.topic in plot.topics)]
        whole = _whole(settings, authority, plot, chosen, gone, since=since)
        yield from _with_archives(whole, plot.limit, has_archives=settings.archives)
    months = sorted(editions, key=_published, reverse=True)
    gone = [b.tombstone for b in buried if b.topic == EDITIONS]
    plot = Plot(
        id=EDITIONS,
        folder=f"{EDITIONS}/",
        title=f"{settings.title}: Editions",
        description=f"{settings.title}, a whole month at a time.",
        topics=None,
        limit=settings.limit,
    )
    whole = _whole(settings, authority, plot, months, gone, since=since)
    yield from _with_archives(whole, plot.limit, has_archives=settings.archives)


def _published(record: Record) -> datetime:
    return record.published


def _whole(
    settings: Settings, authority: str, plot: Plot, records: Sequence[Record], gone: Sequence[Tombstone], *, since: datetime
) -> Outline:
    """A feed with all its entries, not yet divided; without any it is as old as the publication (`since`)."""
    feed = Feed(
        id=plot.id,
        title=plot.title,
        description=plot.description,
        site=settings.url,
        folder=plot.folder,
        head=plot.folder,
        previous=None,
        following=None,
        tag=f"tag:{authority}:feeds/{plot.id}",
        language=settings.language,
        author=settings.author,
        hub=settings.hub,
        entries=(),
        total=len(records),
        updated=since,
        tombstones=tuple(gone),
    )
    return Outline(feed=feed, records=tuple(records))


def newest_update(records: Sequence[Record], otherwise: datetime) -> datetime:
    """When the latest of the entries was updated."""
    return max((record.updated for record in records), default=otherwise)


def _with_archives(whole: Outline, limit: int, *, has_archives: bool) -> Iterator[Outline]:
    pages = list(_pages(whole)) if has_archives else []
    shown, feed = whole.records[:limit], whole.feed
    newest = pages[-1].feed.folder if pages else None
    yield Outline(feed=replace(feed, updated=newest_update(shown, feed.updated), previous=newest), records=shown)
    folders = [None, *(page.feed.folder for page in pages), None]
    for page, before, after in zip(pages, folders, folders[2:], strict=False):
        # How many entries there are altogether is the head's to say: a closed year does not change.
        total = len(page.records)
        yield replace(page, feed=replace(page.feed, previous=before, following=after, total=total))


def _pages(whole: Outline) -> Iterator[Outline]:
    """The feed's archives, the oldest first: one a year of publication, more for a year of many entries."""
    years: dict[int, list[Record]] = defaultdict(list)
    for record in whole.records:
        years[record.published.year].append(record)
    for year, records in sorted(years.items()):
        oldest_first = records[::-1]
        bounds = [*range(0, len(records), PAGE), len(records)]
        for number, (start, end) in enumerate(pairwise(bounds), 1):
            page = tuple(oldest_first[start:end][::-1])
            folder = f"{whole.feed.folder}archive/{year}{f'-{number}' if number > 1 else ''}/"
            updated = newest_update(page, whole.feed.updated)
            yield Outline(feed=replace(whole.feed, folder=folder, updated=updated, tombstones=(), hub=None), records=page)
