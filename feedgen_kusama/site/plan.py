"""Which pages there are, each as a work that is made from no more than it shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from feedgen_kusama.entries import tell
from feedgen_kusama.feeds import Outline
from feedgen_kusama.ledger.library import Library
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import ALL, EDITION_PATH, EDITIONS, Feed
from feedgen_kusama.settings import Settings
from feedgen_kusama.site.assets import EMBED, FRAGMENT, INDEX
from feedgen_kusama.site.chart import Count
from feedgen_kusama.site.embeds import EMBEDDED
from feedgen_kusama.site.makers import EditionsMaker, EmbedMaker, FeedPageMaker, MonthMaker, StartMaker
from feedgen_kusama.site.navigation import Navigation, Neighbour, make_navigation, neighbour
from feedgen_kusama.site.pages import NEWEST, Listing
from feedgen_kusama.works import Drawn, Keys, Maker, Months, Work


def plan_pages(
    settings: Settings,
    outlines: Sequence[Outline],
    months: Sequence[Record],
    library: Library,
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """The pages of every edition, then those of every feed; `outlines` are the heads."""
    navigation = make_navigation(settings, (outline.feed for outline in outlines))
    feeds = {outline.feed.id: outline for outline in outlines}
    shown = sorted(months, key=lambda record: record.edition, reverse=True)
    listed = tuple(neighbour(settings, record) for record in shown)
    whole = _bare(feeds[EDITIONS].feed)
    for later, record, earlier in zip([None, *listed], shown, [*listed[1:], None], strict=False):
        month = MonthMaker(navigation=navigation, feed=whole, record=record, stories=(), earlier=earlier, later=later)
        yield _month_work(month, library, versions, keys)
    everything = EditionsMaker(navigation=navigation, feed=whole, months=listed)
    yield Work(paths=(whole.folder + INDEX,), key=keys.of((), "editions", listed), draw=lambda _: Drawn(make=everything))
    for outline in outlines:
        former = _former(settings, outline.feed)
        yield _embed_work(navigation, outline, former, library, keys)
        if outline.feed.id not in (ALL, EDITIONS):
            page = Outline(feed=_bare(outline.feed), records=outline.records)
            maker_of_page = FeedPageMaker(navigation=navigation, outline=page, former=former)
            key = keys.of(page.records, "feed", page.feed.folder, former)
            yield _work([folder + INDEX for folder in (page.feed.folder, *former)], key, page.records, maker_of_page)
    yield _start_work(navigation, outlines, _counts(settings, shown, library), listed[0] if listed else None, keys)


def _month_work(page: MonthMaker, library: Library, versions: Mapping[str, str], keys: Keys) -> Work:
    """The page of an edition; `page` has no stories yet."""
    record = page.record
    shelf = library.shelves[record.edition]
    kept = [versions.get(source, "") for source in shelf.sources]

    def draw(_: Months) -> Drawn:
        told = library.stories(record.edition)
        return Drawn(make=replace(page, stories=told), records=told)

    return Work(
        paths=(EDITION_PATH.format(record.edition),),
        key=keys.of((record,), "month", keys.stories(record.edition), kept, page.earlier, page.later),
        draw=draw,
        size=shelf.live,
        near=record.month.year,
    )


def _embed_work(navigation: Navigation, outline: Outline, former: tuple[str, ...], library: Library, keys: Keys) -> Work:
    newest = Outline(feed=_bare(outline.feed), records=outline.records[:EMBEDDED])
    months = [record.edition for record in newest.records] if newest.feed.id == EDITIONS else []
    told = {edition: tell(library, edition) for edition in months}
    maker = EmbedMaker(navigation=navigation, outline=newest, former=former, stories=told)
    records = (*newest.records, *(story for whole in told.values() for story in whole.stories))
    more = [whole.more for whole in told.values()]
    paths = [folder + name for name in (EMBED, FRAGMENT) for folder in (newest.feed.folder, *former)]
    return _work(paths, keys.of(records, "embed", newest.feed.folder, former, more), records, maker)


def _start_work(
    navigation: Navigation, outlines: Sequence[Outline], counts: tuple[Count, ...], edition: Neighbour | None, keys: Keys
) -> Work:
    whole = next(outline for outline in outlines if outline.feed.id == ALL)
    newest = Outline(feed=_bare(whole.feed), records=whole.records[:NEWEST])
    listings = tuple(
        Listing(
            head=head,
            description=outline.feed.description,
            total=outline.feed.total,
            newest=outline.records[0].published if outline.records else None,
        )
        for head, outline in zip(navigation.heads, outlines, strict=True)
    )
    maker = StartMaker(navigation=navigation, outline=newest, listings=listings, counts=counts, newest=edition)
    return _work([INDEX], keys.of(newest.records, "start", listings, counts, edition), newest.records, maker)


def _work(paths: Sequence[str], key: str, records: Sequence[Record], maker: Maker) -> Work:
    drawn = Drawn(make=maker, records=tuple(records))
    near = records[0].published.year if records else 0
    return Work(paths=tuple(paths), key=key, draw=lambda _: drawn, size=len(records), near=near)


def _counts(settings: Settings, months: Sequence[Record], library: Library) -> tuple[Count, ...]:
    """How many stories each edition has of each topic."""
    found = ((record.edition, library.shelves[record.edition].groups) for record in months)
    topics = [topic.id for topic in settings.topics]
    return tuple(Count(edition=e, stories=tuple(len(g[t].times) if t in g else 0 for t in topics)) for e, g in found)


def _former(settings: Settings, feed: Feed) -> tuple[str, ...]:
    """The folders of the ids that a topic had earlier."""
    return next((tuple(f"{id}/" for id in topic.former) for topic in settings.topics if topic.id == feed.id), ())


def _bare(feed: Feed) -> Feed:
    """A feed with what its page says of it, without what changes with every entry."""
    return replace(feed, tombstones=(), total=0, previous=None)
