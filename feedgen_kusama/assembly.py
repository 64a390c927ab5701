"""From readings and records to everything that would be published, as works to be made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain

import msgspec

from feedgen_kusama.entries import EDITION, count_told, tell
from feedgen_kusama.feeds import Buried, Outline, Sketch, select_feeds
from feedgen_kusama.formats import opml
from feedgen_kusama.ledger.editions import reconcile_editions
from feedgen_kusama.ledger.library import Drawer, Library, shelve_all
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.plan import Duplicate, Plan
from feedgen_kusama.ledger.reconcile import Rules, reconcile
from feedgen_kusama.ledger.records import Ledger, Record, render_header
from feedgen_kusama.ledger.shelves import Anchors, Closed
from feedgen_kusama.links import Resolved, find_anchors, find_links, resolve_links
from feedgen_kusama.memory import Part, digest_part
from feedgen_kusama.model import Problem, Tombstone
from feedgen_kusama.readings import Reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import plan_site
from feedgen_kusama.works import Drawn, FeedMaker, Keys, Months, Work, feed_paths, fixed_work

TOMBSTONE_LIFE = timedelta(days=90)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a build starts from beside the readings. Editions in `settled` are as the last build left them: of them
    there are no readings, only their records; of those that are `closed` the ledger holds not even these."""

    ledger: Ledger
    held: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    closed: Closed = msgspec.field(default_factory=Closed)
    links: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    anchors: Anchors = msgspec.field(default_factory=dict)
    """What is known of relative addresses in entries of settled editions that are not closed."""
    versions: Mapping[str, str] = msgspec.field(default_factory=dict)
    """A digest of each source, as the works that show more of a document than its entries need it."""
    base: str = ""
    """A digest of the program and the settings."""
    drawer: Drawer | None = None
    """Where the ledger's lines are laid aside."""


class Assembly(msgspec.Struct, frozen=True, kw_only=True):
    """All that a build would publish, and what it decided on the way."""

    settings: Settings
    authority: str
    library: Library
    """All records, in reading order those of entries."""
    heads: tuple[Outline, ...]
    archives: tuple[Sketch, ...]
    works: tuple[Work, ...]
    """Everything to be made but the ledger."""
    plan: Plan
    repeated: tuple[Problem, ...]
    """What is said of stories that stand twice."""
    resolved: Resolved
    until: datetime | None
    """When the next tombstone ends: until then a later clock changes nothing."""
    unsettled: frozenset[str]
    """Editions about which the next build has to be told anew."""

    def parts(self) -> tuple[Part, ...]:
        """What is remembered of the ledger."""
        return digest_part(next(self.ledger())), *(shelf.lines for shelf in self.library.shelves.values())

    def ledger(self) -> Iterator[bytes]:
        """The ledger's bytes, in parts: its header, then every edition."""
        shelves = self.library.shelves
        yield render_header(self.authority, sum(shelf.count for shelf in shelves.values()))
        yield from map(self.library.lines, shelves)


def assemble(settings: Settings, readings: Iterable[Reading], given: Given, now: datetime) -> Assembly:
    """What these readings are published as. The same arguments give the same works."""
    readings = sorted(readings, key=lambda reading: reading.path)
    placed = [draft for reading in readings if reading.is_sound for draft in reading.placed]
    placed.sort(key=lambda p: (p.edition, p.source, p.position))
    ledger, settled, closed = given.ledger, given.settled, given.closed
    known = tuple(_filed_anew(settings, ledger.records))
    rules = Rules(authority=ledger.authority, news_days=settings.news_days)
    stories = [r for r in known if r.topic != EDITION.id]
    outcome = reconcile(stories, placed, now, rules, held=given.held, settled=settled, closed=closed)
    old_months = [r for r in known if r.topic == EDITION.id]
    old_months += [shelf.month for shelf in closed.shelves.values() if shelf.month is not None]
    headlines = _headlines(old_months, outcome.live, readings, given.held)
    months = reconcile_editions(old_months, outcome.records, headlines, now, ledger.authority, settled=settled)
    records = (*outcome.records, *(month for month in months if month.edition not in closed.shelves))
    links, anchors = find_anchors(settings, find_links(placed, outcome.live), outcome.live)
    library = shelve_all(records, {**given.links, **links}, {**given.anchors, **anchors}, closed, given.drawer)
    buried = _buried(records, now)
    shown = [month for month in months if month.retracted is None]
    sketches = tuple(select_feeds(settings, ledger.authority, library, shown, buried))
    resolved = resolve_links(settings, library)
    heads = tuple(sketch.outline() for sketch in sketches if not sketch.feed.is_archive)
    archives = tuple(sketch for sketch in sketches if sketch.feed.is_archive)
    keys = Keys(given.base, resolved, library, given.held)
    return Assembly(
        settings=settings,
        authority=ledger.authority,
        library=library,
        heads=heads,
        archives=archives,
        works=tuple(_plan_works(settings, heads, archives, library, shown, given.versions, keys)),
        plan=outcome.plan,
        repeated=tuple(_report(outcome.plan.duplicates, placed)),
        resolved=resolved,
        until=buried[-1].tombstone.when + TOMBSTONE_LIFE if buried else None,
        unsettled=frozenset(str(duplicate.placed.edition) for duplicate in outcome.plan.duplicates),
    )


def _filed_anew(settings: Settings, records: Iterable[Record]) -> Iterator[Record]:
    """The records, those of topics that the settings have renamed or no longer have under what there is now: no document
    files anew what was retracted, or what one at fault holds."""
    today = {topic.id: topic.id for topic in settings.topics} | {name: name for name in ("", EDITION.id)}
    for record in records:
        if record.topic not in today:
            topic = settings.find_topic(record.topic)
            today[record.topic] = topic.id if topic else settings.fallback
        now = today[record.topic]
        yield record if now == record.topic else msgspec.structs.replace(record, topic=now)


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
    heads: Sequence[Outline],
    archives: Iterable[Sketch],
    library: Library,
    months: Sequence[Record],
    versions: Mapping[str, str],
    keys: Keys,
) -> Iterator[Work]:
    """Everything to be made."""
    for sketch in archives:
        yield _archive_work(sketch, library, keys)
    yield from plan_site(settings, heads, months, library, versions, keys)
    for outline in heads:
        yield _head_work(settings, outline, library, keys)
    content = opml.render(settings.title, settings.author, [head.feed for head in heads])
    yield fixed_work(opml.NAME, content)


def _archive_work(sketch: Sketch, library: Library, keys: Keys) -> Work:
    feed = sketch.feed
    is_of_months = feed.id == EDITION.id
    told = [keys.stories(span.edition) if is_of_months else keys.group(span.edition, span.topic) for span in sketch.spans]
    months = [shelf.month for span in sketch.spans if is_of_months and (shelf := library.shelves[span.edition]).month]
    return Work(
        paths=feed_paths(feed, ()),
        key=keys.of(months, feed, sketch.start, told),
        draw=lambda months: _draw(sketch.outline(), (), library, months),
        size=sketch.size + sum(count_told(library, month.edition) for month in months),
        near=sketch.year,
    )


def _head_work(settings: Settings, outline: Outline, library: Library, keys: Keys) -> Work:
    feed, records = outline.feed, outline.records
    former = next((topic.former for topic in settings.topics if topic.id == feed.id), ())
    shown = records if feed.id == EDITION.id else ()
    months = {record.edition: keys.of((record,), "whole", keys.stories(record.edition)) for record in shown}
    return Work(
        paths=feed_paths(feed, former),
        key=keys.of(records, feed, former, list(months.values())),
        draw=lambda known: _draw(outline, former, library, known),
        size=len(records) + sum(count_told(library, edition) for edition in months),
        near=records[0].published.year if records else 0,
        months=months,
    )


def _draw(outline: Outline, former: tuple[str, ...], library: Library, known: Months) -> Drawn:
    """What makes a feed."""
    editions = [record.edition for record in outline.records] if outline.feed.id == EDITION.id else []
    read = {edition: tell(library, edition) for edition in editions if edition not in known}
    told = {edition: known.get(edition) or read[edition] for edition in editions}
    records = (*outline.records, *chain.from_iterable(whole.stories for whole in read.values()))
    return Drawn(make=FeedMaker(outline=outline, former=former, stories=told), records=records)
