"""Which feeds there are and what each holds: heads with the newest entries, and archives by year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from itertools import pairwise

from feedgen_kusama.config import Settings
from feedgen_kusama.model import Entry, Feed, Tombstone, Topic

PAGE = 500
"""Entries in one archive: a year of more has several, so that an edit rewrites only one."""
BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""When a feed without entries was last updated."""


def select_feeds(
    settings: Settings, authority: str, entries: Sequence[Entry], tombstones: Sequence[tuple[str, Tombstone]] = ()
) -> Iterator[Feed]:
    """Every feed: the one of everything and one per topic, each a head followed by its archives.

    `tombstones` are of retracted entries, each with the topic it had.
    """
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)
    gone = [tombstone for _, tombstone in tombstones]
    yield from _with_archives(_whole(settings, authority, None, newest, gone), settings.limit)
    for topic in settings.topics:
        chosen = [entry for entry in newest if entry.topic is topic]
        gone = [tombstone for id, tombstone in tombstones if id == topic.id]
        yield from _with_archives(_whole(settings, authority, topic, chosen, gone), settings.limit)


def _whole(
    settings: Settings, authority: str, topic: Topic | None, entries: Sequence[Entry], gone: Sequence[Tombstone]
) -> Feed:
    """A feed with all its entries, not yet divided."""
    id, folder = (topic.id, f"{topic.id}/") if topic else ("all", "")
    return Feed(
        id=id,
        title=f"{settings.title}: {topic.title}" if topic else settings.title,
        description=topic.description or settings.description if topic else settings.description,
        site=settings.url,
        folder=folder,
        head=folder,
        previous=None,
        following=None,
        tag=f"tag:{authority}:feeds/{id}",
        language=settings.language,
        author=settings.author,
        entries=tuple(entries),
        updated=newest_update(entries),
        tombstones=tuple(gone),
    )


def newest_update(entries: Sequence[Entry]) -> datetime:
    """When the latest of the entries was updated."""
    return max((entry.updated for entry in entries), default=BEGINNING)


def _with_archives(whole: Feed, limit: int) -> Iterator[Feed]:
    pages = list(_pages(whole))
    shown = whole.entries[:limit]
    newest = pages[-1].folder if pages else None
    yield replace(whole, entries=shown, updated=newest_update(shown), previous=newest)
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
            yield replace(whole, folder=folder, entries=page, updated=newest_update(page), tombstones=())
