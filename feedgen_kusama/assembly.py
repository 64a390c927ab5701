"""From documents and records to files: what a build would publish, and what it decides on the way. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedgen_kusama.entries import EDITION, Targets, make_edition, make_entry, place_drafts
from feedgen_kusama.feeds import Buried, select_feeds
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.ledger import store
from feedgen_kusama.ledger.editions import reconcile_editions
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.plan import Duplicate, Plan
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.reconcile import Continued, Rules, reconcile
from feedgen_kusama.ledger.records import Ledger, Record, render_ledger
from feedgen_kusama.model import Document, Edition, Entry, Feed, LeftOut, Problem, Tombstone
from feedgen_kusama.output import in_order
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import render_site
from feedgen_kusama.site.pages import Month

TOMBSTONE_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """All that a build would publish, and what it decided on the way."""

    documents: tuple[Document, ...]
    entries: tuple[Entry, ...]
    feeds: tuple[Feed, ...]
    files: Mapping[str, bytes]
    ledger: Ledger
    plan: Plan
    problems: tuple[Problem, ...]


def assemble(
    settings: Settings,
    documents: Sequence[Document],
    ledger: Ledger,
    now: datetime,
    *,
    held: frozenset[str] = frozenset(),
    contents: Mapping[str, Published] | None = None,
) -> Assembly:
    """The feeds of these documents. Pure: the same arguments give the same bytes.

    Entries whose document is in `held` are published from `contents`, by id, as they were.
    """
    documents = sorted(documents, key=lambda document: document.path)
    placed = [draft for document in documents if is_sound(document) for draft in place_drafts(document)]
    placed.sort(key=lambda p: (p.edition, p.source, p.position))
    rules = Rules(authority=ledger.authority, news_days=settings.news_days)
    outcome = reconcile([r for r in ledger.records if r.topic != EDITION.id], placed, now, rules, held=held)
    old_months = [r for r in ledger.records if r.topic == EDITION.id]
    headlines = _headlines(old_months, outcome.live, documents)
    months = reconcile_editions(old_months, outcome.records, headlines, now, ledger.authority)
    targets = Targets(settings, outcome.live)
    entries = tuple(make_entry(settings, continued, targets, contents or {}) for continued in outcome.live)
    editions = tuple(_editions(settings, months, entries))
    ledger = replace(ledger, records=(*outcome.records, *months))
    feeds = tuple(select_feeds(settings, ledger.authority, entries, editions, _buried(ledger.records, now)))
    problems = [problem for document in documents for problem in document.problems]
    problems += _report(outcome.plan.duplicates, placed)
    return Assembly(
        documents=tuple(documents),
        entries=entries,
        feeds=feeds,
        files=in_order(_render(settings, feeds, ledger, _months(documents, months, entries)), last=store.NAME),
        ledger=ledger,
        plan=outcome.plan,
        problems=tuple(problems),
    )


def is_sound(document: Document) -> bool:
    """Whether a document may be published: it has a month and no error."""
    return document.edition is not None and all(problem.severity != "error" for problem in document.problems)


def _headlines(records: Sequence[Record], live: Sequence[Continued], documents: Sequence[Document]) -> Mapping[str, str]:
    """Each edition's headline, from the first of its documents that has one; where one of them cannot be
    read now, what it was."""
    held = {continued.record.edition for continued in live if continued.placed is None}
    found = {record.edition: record.title for record in records if record.edition in held}
    for document in documents:
        if document.headline and is_sound(document):
            found.setdefault(str(document.edition), document.headline)
    return found


def _editions(settings: Settings, records: Sequence[Record], entries: Sequence[Entry]) -> Iterable[Entry]:
    """The entries of whole months, each with the stories of all its documents."""
    stories: dict[Edition, list[Entry]] = defaultdict(list)
    for entry in entries:
        stories[entry.edition].append(entry)
    return (make_edition(settings, r, stories[r.month]) for r in records if r.retracted is None)


def _months(documents: Sequence[Document], records: Sequence[Record], entries: Sequence[Entry]) -> Iterable[Month]:
    """What the page of each edition shows, the latest first."""
    kept: dict[str, list[LeftOut]] = defaultdict(list)
    for document in filter(is_sound, documents):
        kept[str(document.edition)] += document.left_out
    stories: dict[Edition, list[Entry]] = defaultdict(list)
    for entry in entries:
        stories[entry.edition].append(entry)
    for record in sorted(records, key=lambda record: record.edition, reverse=True):
        if record.retracted is None:
            shown = tuple(stories[record.month])
            yield Month(edition=record.month, headline=record.title, entries=shown, left_out=tuple(kept[record.edition]))


def _buried(records: Sequence[Record], now: datetime) -> list[Buried]:
    """The entries retracted in the last months, newest first."""
    since = now - timedelta(days=TOMBSTONE_DAYS)
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
            draft, other = duplicate.placed.draft, duplicate.kept.draft
            message = f"{draft.title!r} stands in {kept}:{other.line} with the same words: published once"
            yield Problem(path=source, line=draft.line, message=message, severity="warning")


def _render(settings: Settings, feeds: Sequence[Feed], ledger: Ledger, months: Iterable[Month]) -> Iterable[tuple[str, bytes]]:
    """Every file by its path. A topic's former ids are folders with the same feed: old addresses stay good."""
    former = {topic.id: topic.former for topic in settings.topics}
    for feed in feeds:
        for name, render in FORMATS.items():
            content = render(feed)
            yield feed.folder + name, content
            for old in () if feed.is_archive else former.get(feed.id, ()):
                yield f"{old}/{name}", content
    yield opml.NAME, opml.render(settings.title, settings.author, feeds)
    yield from render_site(settings, feeds, months)
    yield store.NAME, render_ledger(ledger)
