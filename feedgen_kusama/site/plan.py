"""Which pages there are, each as a work that is made from no more than it shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from feedgen_kusama.feeds import Outline
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import ALL, EDITIONS, Feed
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings
from feedgen_kusama.site.pages import NEWEST, Head, Month, Neighbour, render_edition, render_editions, render_feed, render_start
from feedgen_kusama.works import Entries, Keys, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMaker:
    """Makes the start page."""

    heads: tuple[Head, ...]
    outline: Outline

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        yield "index.html", render_start(entries.settings, self.heads, self.outline.fill(entries.entry))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPageMaker:
    """Makes the page of a feed of entries."""

    heads: tuple[Head, ...]
    outline: Outline

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        feed = self.outline.fill(entries.entry)
        yield f"{feed.folder}index.html", render_feed(entries.settings, self.heads, feed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionsMaker:
    """Makes the list of all editions."""

    heads: tuple[Head, ...]
    feed: Feed
    months: tuple[Neighbour, ...]

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        yield f"{self.feed.folder}index.html", render_editions(entries.settings, self.heads, self.feed, self.months)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthMaker:
    """Makes the page of an edition."""

    heads: tuple[Head, ...]
    feed: Feed
    record: Record
    stories: tuple[Record, ...]
    earlier: Neighbour | None
    later: Neighbour | None

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        documents = map(entries.document, sorted({story.source for story in self.stories}))
        month = Month(
            edition=self.record.month,
            headline=self.record.title,
            entries=tuple(map(entries.entry, self.stories)),
            left_out=tuple(part for document in documents if document for part in document.left_out),
        )
        yield month.path, render_edition(entries.settings, self.heads, self.feed, month, self.earlier, self.later)


def plan_pages(
    settings: Settings,
    outlines: Sequence[Outline],
    months: Sequence[Record],
    stories: Mapping[str, Sequence[Record]],
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """The pages of every edition, then those of every feed; `outlines` are the heads."""
    heads = tuple(_head(outline.feed) for outline in outlines)
    feeds = {outline.feed.id: outline for outline in outlines}
    shown = sorted(months, key=lambda record: record.edition, reverse=True)
    listed = tuple(_neighbour(settings, record) for record in shown)
    whole = _bare(feeds[EDITIONS].feed)
    for later, record, earlier in zip([None, *listed], shown, [*listed[1:], None], strict=False):
        told = tuple(stories[record.edition])
        maker = MonthMaker(heads=heads, feed=whole, record=record, stories=told, earlier=earlier, later=later)
        sources = frozenset(story.source for story in told)
        kept = [versions.get(source, "") for source in sorted(sources)]
        key = keys.of((record, *told), "month", kept, earlier, later)
        yield Work(
            paths=(f"{EDITIONS}/{record.edition}.html",),
            key=key,
            sources=sources,
            size=len(told),
            make=maker,
            near=record.month.year,
        )
    yield Work(
        paths=(f"{EDITIONS}/index.html",),
        key=keys.of((), "editions", listed),
        sources=frozenset(),
        size=0,
        make=EditionsMaker(heads=heads, feed=whole, months=listed),
    )
    for outline in outlines:
        if outline.feed.id not in (ALL, EDITIONS):
            page = FeedPageMaker(heads=heads, outline=replace(outline, feed=_bare(outline.feed)))
            yield _page_work(outline.records, keys.of(outline.records, "feed", outline.feed.folder), page)
    newest = feeds[ALL].records[:NEWEST]
    counted = tuple(
        replace(_head(o.feed), total=o.feed.total, newest=o.records[0].published if o.records else None) for o in outlines
    )
    start = StartMaker(heads=counted, outline=Outline(feed=_bare(feeds[ALL].feed), records=newest))
    yield _page_work(newest, keys.of(newest, "start", counted), start)


def _page_work(records: Sequence[Record], key: str, maker: StartMaker | FeedPageMaker) -> Work:
    path = f"{maker.outline.feed.folder}index.html"
    sources = frozenset(record.source for record in records)
    return Work(paths=(path,), key=key, sources=sources, size=len(records), make=maker, is_head=True)


def _bare(feed: Feed) -> Feed:
    """A feed with what its page says of it, without what changes with every entry."""
    return replace(feed, tombstones=(), total=0, previous=None)


def _head(feed: Feed) -> Head:
    return Head(id=feed.id, title=feed.title, folder=feed.folder, site=feed.site)


def _neighbour(settings: Settings, record: Record) -> Neighbour:
    title = month_title(record.month, settings.months[0])
    return Neighbour(edition=record.edition, title=title, headline=record.title)
