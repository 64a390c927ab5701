"""Which feeds there are and what each holds: heads with the newest entries, and archives by year. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import lru_cache, partial
from itertools import chain, groupby
from typing import Protocol

import msgspec
from msgspec.structs import replace

from feedgen_kusama.ledger.clock import from_seconds, to_seconds
from feedgen_kusama.ledger.library import Library, Span, newest_first
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


class Sketch(msgspec.Struct, frozen=True, kw_only=True):
    """A feed whose records need not have been read yet; when its entries were `updated`, they alone tell."""

    feed: Feed
    size: int
    """How many entries it holds."""
    read: Callable[[], tuple[Record, ...]]
    year: int = 0
    """Of an archive: the year, how many older entries that has, and what the entries are among."""
    start: int = 0
    spans: tuple[Span, ...] = ()

    def outline(self) -> Outline:
        """The feed with its records."""
        records = self.read()
        return Outline(feed=replace(self.feed, updated=newest_update(records, self.feed.updated)), records=records)


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
    settings: Settings, authority: str, library: Library, months: Sequence[Record], buried: Sequence[Buried] = ()
) -> Iterator[Sketch]:
    """Every feed, each a head followed by its archives: of entries by topic, and of whole editions."""
    since = library.oldest or BEGINNING
    for plot in plots(settings):
        gone = [b.tombstone for b in buried if b.topic != EDITIONS and (plot.topics is None or b.topic in plot.topics)]
        shelf = _Stories(library, tuple(library.spans(plot.topics)))
        yield from _with_archives(settings, _whole(settings, authority, plot, gone, since=since), plot.limit, shelf)
    gone = [b.tombstone for b in buried if b.topic == EDITIONS]
    plot = Plot(
        id=EDITIONS,
        folder=f"{EDITIONS}/",
        title=f"{settings.title}: Editions",
        description=f"{settings.title}, a whole month at a time.",
        topics=None,
        limit=settings.limit,
    )
    yield from _with_archives(settings, _whole(settings, authority, plot, gone, since=since), plot.limit, _Months(months))


class _Source(Protocol):
    """What a feed's entries are taken from."""

    @property
    def spans(self) -> Sequence[Span]: ...

    def newest(self, limit: int) -> tuple[Record, ...]: ...

    def read(self, editions: Collection[str]) -> Iterable[Record]: ...


class _Stories(msgspec.Struct, frozen=True):
    """The stories on some topics."""

    library: Library
    spans: Sequence[Span]

    def newest(self, limit: int) -> tuple[Record, ...]:
        return self.library.newest(self.spans, limit)

    def read(self, editions: Collection[str]) -> Iterable[Record]:
        topics = {span.topic for span in self.spans}
        return (record for edition in editions for record in self.library.stories(edition) if record.topic in topics)


class _Months(msgspec.Struct, frozen=True):
    """Whole editions."""

    months: Sequence[Record]

    @property
    def spans(self) -> Sequence[Span]:
        return [Span(month.edition, EDITIONS, (to_seconds(month.published),)) for month in self.months]

    def newest(self, limit: int) -> tuple[Record, ...]:
        return tuple(newest_first(self.months)[:limit])

    def read(self, editions: Collection[str]) -> Iterable[Record]:
        return (month for month in self.months if month.edition in editions)


def _whole(settings: Settings, authority: str, plot: Plot, gone: Sequence[Tombstone], *, since: datetime) -> Feed:
    """A feed not yet divided; without any entry it is as old as the publication (`since`)."""
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
        entries=(),
        total=0,
        updated=since,
        tombstones=tuple(gone),
    )


def _with_archives(settings: Settings, whole: Feed, limit: int, source: _Source) -> Iterator[Sketch]:
    spans = source.spans
    total = sum(len(span.times) for span in spans)
    pages = list(_pages(whole, source, spans)) if settings.archives else []
    newest = pages[-1].feed.folder if pages else None
    head = replace(whole, previous=newest, total=total)
    yield Sketch(feed=head, size=min(limit, total), read=partial(source.newest, limit))
    folders = [None, *(page.feed.folder for page in pages), None]
    for page, before, after in zip(pages, folders, folders[2:], strict=False):
        yield replace(page, feed=replace(page.feed, previous=before, following=after))


def _pages(whole: Feed, source: _Source, spans: Iterable[Span]) -> Iterator[Sketch]:
    """The feed's archives, the oldest first: one a year of publication, more for a year of many entries."""
    for year, found in sorted(_by_year(spans).items()):
        times = sorted(chain.from_iterable(span.times for span in found))
        for number, start in enumerate(range(0, len(times), PAGE), 1):
            page = times[start : start + PAGE]
            folder = f"{whole.folder}archive/{year}{f'-{number}' if number > 1 else ''}/"
            # How many entries there are altogether is the head's to say: a closed year does not change.
            feed = replace(whole, folder=folder, total=len(page), updated=BEGINNING, tombstones=(), hub=None)
            yield Sketch(
                feed=feed,
                size=len(page),
                read=partial(_read_page, source, frozenset(span.edition for span in found), year, start),
                year=year,
                start=start,
                spans=tuple(span for span in found if span.times[0] <= page[-1] and span.times[-1] >= page[0]),
            )


def _by_year(spans: Iterable[Span]) -> Mapping[int, Sequence[Span]]:
    """Spans by the year of publication, those of several years in parts."""
    found: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        first, last = _year(span.times[0]), _year(span.times[-1])
        if first == last:
            found[first].append(span)
            continue
        for year, times in groupby(span.times, key=_year):
            found[year].append(span._replace(times=tuple(times)))
    return found


@lru_cache(maxsize=20_000)  # every story's time is asked for in the feed of all and in its topic's
def _year(seconds: int) -> int:
    return from_seconds(seconds).year


def _read_page(source: _Source, editions: Collection[str], year: int, start: int) -> tuple[Record, ...]:
    """The page of a year's records that begins with the one at `start`, the oldest first; these newest first."""
    oldest_first = newest_first(r for r in source.read(editions) if _year(to_seconds(r.published)) == year)[::-1]
    return tuple(oldest_first[start : start + PAGE][::-1])


def newest_update(records: Iterable[Record], otherwise: datetime) -> datetime:
    """When the latest of the entries was updated."""
    return max((record.updated for record in records), default=otherwise)
