"""From readings and records to everything that would be published, as works to be made. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from feedgen_kusama.entries import EDITION, Targets
from feedgen_kusama.feeds import Buried, Outline, select_feeds
from feedgen_kusama.formats import opml
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.editions import reconcile_editions
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.plan import Duplicate, Plan
from feedgen_kusama.ledger.reconcile import Rules, reconcile
from feedgen_kusama.ledger.records import Ledger, Record, render_ledger
from feedgen_kusama.model import Problem, Tombstone
from feedgen_kusama.readings import Reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import plan_site
from feedgen_kusama.works import FeedMaker, Keys, Links, Work, fixed_work

TOMBSTONE_LIFE = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a build starts from beside the readings. Editions in `settled` are as the last build left them: of them
    there are no readings, only their records and their entries' relative addresses (`links`)."""

    ledger: Ledger
    held: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    """A digest of each source, as the works that show more of a document than its entries need it."""
    base: str = ""
    """A digest of the program and the settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """All that a build would publish, and what it decided on the way."""

    settings: Settings
    live: tuple[Record, ...]
    """The records of all entries, in reading order."""
    outlines: tuple[Outline, ...]
    works: tuple[Work, ...]
    """Everything to be made, in the order in which it is published: what others lead to comes first."""
    ledger: Ledger
    plan: Plan
    repeated: tuple[Problem, ...]
    """What is said of stories that stand twice."""
    links: Mapping[str, tuple[str, ...]]
    """The relative addresses in entries, by id."""
    resolved: Links
    until: datetime | None
    """When the next tombstone ends: until then a later clock changes nothing."""
    unsettled: frozenset[str]
    """Editions about which the next build has to be told anew."""


def assemble(settings: Settings, readings: Iterable[Reading], given: Given, now: datetime) -> Assembly:
    """What these readings are published as. The same arguments give the same works."""
    readings = sorted(readings, key=lambda reading: reading.path)
    placed = [draft for reading in readings if reading.is_sound for draft in reading.placed]
    placed.sort(key=lambda p: (p.edition, p.source, p.position))
    ledger, settled = given.ledger, given.settled
    rules = Rules(authority=ledger.authority, news_days=settings.news_days)
    stories = [r for r in ledger.records if r.topic != EDITION.id]
    outcome = reconcile(stories, placed, now, rules, held=given.held, settled=settled)
    old_months = [r for r in ledger.records if r.topic == EDITION.id]
    headlines = _headlines(old_months, outcome.live, readings, given.held)
    months = reconcile_editions(old_months, outcome.records, headlines, now, ledger.authority, settled=settled)
    ledger = replace(ledger, records=(*outcome.records, *months))
    buried = _buried(ledger.records, now)
    shown = [month for month in months if month.retracted is None]
    outlines = tuple(select_feeds(settings, ledger.authority, outcome.live, shown, buried))
    links = {**given.links, **_links(placed, outcome.live)}
    resolved = _resolve(settings, links, outcome.live)
    keys = Keys(given.base, resolved)
    return Assembly(
        settings=settings,
        live=outcome.live,
        outlines=outlines,
        works=tuple(_plan_works(settings, ledger, outlines, outcome.live, shown, given.versions, keys)),
        ledger=ledger,
        plan=outcome.plan,
        repeated=tuple(_report(outcome.plan.duplicates, placed)),
        links=links,
        resolved=resolved,
        until=buried[-1].tombstone.when + TOMBSTONE_LIFE if buried else None,
        unsettled=frozenset(str(duplicate.placed.edition) for duplicate in outcome.plan.duplicates),
    )


def _headlines(
    records: Sequence[Record], live: Sequence[Record], readings: Sequence[Reading], held: frozenset[str]
) -> Mapping[str, str]:
    """Each edition's headline, from the first of its documents that has one; where one of them cannot be
    read now, what it was."""
    waiting = {record.edition for record in live if record.source in held}
    found = {record.edition: record.title for record in records if record.edition in waiting}
    for reading in readings:
        if reading.headline and reading.is_sound:
            found.setdefault(str(reading.edition), reading.headline)
    return found


def _links(placed: Sequence[Placed], live: Sequence[Record]) -> Mapping[str, tuple[str, ...]]:
    """The relative addresses of the entries that have any, by id."""
    linked = {(draft.source, draft.position): draft.links for draft in placed if draft.links}
    if not linked:
        return {}
    return {record.id: linked[place] for record in live if (place := (record.source, record.position)) in linked}


def _resolve(settings: Settings, links: Mapping[str, tuple[str, ...]], live: Sequence[Record]) -> Links:
    """Where those addresses lead that mean another entry or edition."""
    if not links:
        return {}
    targets = Targets(settings, live)
    sources = {record.id: record.source for record in live if record.id in links}
    found = {id: {a: targets.resolve(source, a) for a in links[id]} for id, source in sources.items()}
    return {id: {a: target for a, target in to.items() if target} for id, to in found.items()}


def _buried(records: Sequence[Record], now: datetime) -> list[Buried]:
    """The entries retracted in the last months, newest first."""
    since = now - TOMBSTONE_LIFE
    found = [
        Buried(topic=r.topic, tombstone=Tombstone(id=r.id, when=r.retracted))
        for r in records
        if r.retracted and r.retracted > since
    ]
    return sorted(found, key=lambda buried: (buried.tombstone.when, buried.tombstone.id), reverse=True)


def _report(duplicates: Sequence[Duplicate], placed: Sequence[Placed]) -> Iterable[Problem]:
    """A problem for each story that stands twice; one for all where a document only repeats another."""
    by_pair: dict[tuple[str, str], list[Duplicate]] = {}
    for duplicate in duplicates:
        by_pair.setdefault((duplicate.placed.source, duplicate.kept.source), []).append(duplicate)
    for (source, kept), found in by_pair.items():
        if source != kept and len(found) == sum(1 for p in placed if p.source == source):
            message = f"all {len(found)} stories stand in {kept} with the same words: published once; remove one document"
            yield Problem(path=source, line=None, message=message, severity="warning")
            continue
        for duplicate in found:
            draft, other = duplicate.placed, duplicate.kept
            message = f"{draft.title!r} stands in {kept}:{other.line} with the same words: published once"
            yield Problem(path=source, line=draft.line, message=message, severity="warning")


def _plan_works(
    settings: Settings,
    ledger: Ledger,
    outlines: Sequence[Outline],
    live: Sequence[Record],
    months: Sequence[Record],
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """Everything to be made: archives and pages before the heads that lead to them, the ledger last."""
    stories: dict[str, list[Record]] = defaultdict(list)
    for record in live:
        stories[record.edition].append(record)
    feeds = [_feed_work(settings, outline, stories, keys) for outline in outlines]
    yield from (work for work, outline in zip(feeds, outlines, strict=True) if outline.feed.is_archive)
    heads = [outline for outline in outlines if not outline.feed.is_archive]
    yield from plan_site(settings, heads, months, stories, versions, keys)
    yield from (work for work, outline in zip(feeds, outlines, strict=True) if not outline.feed.is_archive)
    content = opml.render(settings.title, settings.author, [head.feed for head in heads])
    yield fixed_work(opml.NAME, content)
    yield fixed_work(LEDGER, render_ledger(ledger))


def _feed_work(settings: Settings, outline: Outline, stories: Mapping[str, Sequence[Record]], keys: Keys) -> Work:
    feed = outline.feed
    former = () if feed.is_archive else next((topic.former for topic in settings.topics if topic.id == feed.id), ())
    told = {r.edition: tuple(stories[r.edition]) for r in outline.records} if feed.id == EDITION.id else {}
    maker = FeedMaker(outline=outline, former=former, stories=told)
    records = (*outline.records, *(story for chosen in told.values() for story in chosen))
    return Work(
        paths=maker.paths,
        key=keys.of(records, feed, former),
        sources=frozenset(record.source for record in records if record.source),
        size=len(records),
        make=maker,
        near=outline.records[0].published.year if outline.records else 0,
        is_head=not feed.is_archive,
    )
