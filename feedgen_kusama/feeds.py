"""Which feeds there are and what each holds: heads with the newest entries, and archives by year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import pairwise

from feedgen_kusama.model import ALL, EDITIONS, Entry, Feed, Tombstone
from feedgen_kusama.settings import Settings

PAGE = 500
"""Entries in one archive: a year of more has several, so that an edit rewrites only one."""
BEGINNING = datetime(2000, 1, 1, tzinfo=timezone.utc)
"""When the feeds of a publication without entries were last updated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buried:
    """A retracted entry's tombstone and the topic it had."""

    topic: str
    tombstone: Tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
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
    entries: Sequence[Entry],
    editions: Sequence[Entry],
    buried: Sequence[Buried] = (),
) -> Iterator[Feed]:
    """Every feed, each a head followed by its archives: of entries by topic, and of whole editions."""
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)
    since = newest[-1].published if newest else BEGINNING
    for plot in plots(settings):
        chosen = [e for e in newest if plot.topics is None or e.topic.id in plot.topics]
        gone = [b.tombstone for b in buried if b.topic != EDITIONS and (plot.topics is None or b.topic in plot.topics)]
        whole = _whole(settings, authority, plot, chosen, gone, since=since)
        yield from _with_archives(whole, plot.limit, has_archives=settings.archives)
    months = sorted(editions, key=lambda entry: entry.published, reverse=True)
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


def _whole(
    settings: Settings, authority: str, plot: Plot, entries: Sequence[Entry], gone: Sequence[Tombstone], *, since: datetime
) -> Feed:
    """A feed with all its entries, not yet divided; without any it is as old as the publication (`since`)."""
    return Feed(
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
        entries=tuple(entries),
        total=len(entries),
        updated=newest_update(entries) if entries else since,
        tombstones=tuple(gone),
    )


def newest_update(entries: Sequence[Entry]) -> datetime:
    """When the latest of the entries was updated."""
    return max(entry.updated for entry in entries)


def _with_archives(whole: Feed, limit: int, *, has_archives: bool) -> Iterator[Feed]:
    pages = list(_pages(whole)) if has_archives else []
    shown = whole.entries[:limit]
    newest = pages[-1].folder if pages else None
    yield replace(whole, entries=shown, updated=newest_update(shown) if shown else whole.updated, previous=newest)
    folders = [None, *(page.folder for page in pages), None]
    for page, before, after in zip(pages, folders, folders[2:], strict=False):
        yield replace(page, previous=before, following=after)


def _pages(whole: Feed) -> Iterator[Feed]:
    """The feed's archives, the oldest first: one a year of publication, more for a year of many entries."""
    years: dict[int, list[Entry]] = defaultdict(list)
    for entry in whole.entries:
        years[entry.published.year].append(entry)
    for year, entries in sorted(years.items()):
        oldest_first = entries[::-1]
        bounds = [*range(0, len(entries), PAGE), len(entries)]
        for number, (start, end) in enumerate(pairwise(bounds), 1):
            page = tuple(oldest_first[start:end][::-1])
            folder = f"{whole.folder}archive/{year}{f'-{number}' if number > 1 else ''}/"
            yield replace(whole, folder=folder, entries=page, updated=newest_update(page), tombstones=(), hub=None)
