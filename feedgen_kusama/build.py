"""The pipeline: documents and records to files. `assemble` is pure; `build` reads, decides and writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from feedgen_kusama.config import Settings
from feedgen_kusama.documents import Reader
from feedgen_kusama.entries import EDITION, Targets, make_edition, make_entry, place_drafts
from feedgen_kusama.errors import RefusedError
from feedgen_kusama.feeds import Buried, select_feeds
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.formats.history import STYLESHEET
from feedgen_kusama.ledger import store
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.ledger.editions import reconcile_editions
from feedgen_kusama.ledger.plan import Duplicate, Plan
from feedgen_kusama.ledger.readback import Published
from feedgen_kusama.ledger.reconcile import Placed, Rules, reconcile
from feedgen_kusama.ledger.records import Ledger, Record, render_ledger
from feedgen_kusama.model import Document, Edition, Entry, Feed, Problem, Tombstone
from feedgen_kusama.output import Difference, apply_difference, find_difference, in_order, locked
from feedgen_kusama.sources import list_sources, read_document

TAG_DATE = "2026"
"""The date in tag URIs where the settings name no authority: the year in which these ids came into use."""
MOST_RETRACTED, MOST_RETRACTED_SHARE = 10, 0.2
"""More retractions at once than either are a folder that is missing rather than an editor's decision."""
TOMBSTONE_DAYS = 90


PUBLISHED = frozenset({*FORMATS, opml.NAME, STYLESHEET})
"""How files that a build makes are called, the ledger aside."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a build did, or with `dry_run` would have done."""

    assembly: Assembly
    difference: Difference
    problems: tuple[Problem, ...]


def build(
    settings: Settings,
    *,
    source: Path,
    output: Path,
    now: datetime,
    dry_run: bool = False,
    strict: bool = False,
    allow_retractions: bool = False,
    wait: float = 0.0,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Result:
    """Read the documents in `source` and bring the feeds in `output` in line with them.

    `now` is an aware time; `wait` is for how many seconds to wait for another build to end. `watch`
    is given the documents' names and hands them back, to show progress. Raises SettingsError,
    SourceError, OutputError, and RefusedError with nothing changed: when another build runs, when the
    ledger's version is unknown, when too many entries would be retracted, when `strict` finds a problem.
    """
    moment, reader, names = whole_second(now), Reader(settings), list_sources(source)
    with locked(output, wait=wait, is_needed=not dry_run):
        documents = [read_document(reader, source, name) for name in watch(names)]
        found = store.read_ledger(output, authority_of(settings))
        held = held_sources(documents, found.ledger.records)
        contents = store.read_contents(output, found.ledger.records, held)
        assembly = assemble(settings, documents, found.ledger, moment, held=held, contents=contents)
        problems = [replace(problem, path=f"{source.as_posix()}/{problem.path}") for problem in assembly.problems]
        difference = find_difference(output, assembly.files, names=PUBLISHED)
        problems += [replace(p, path=f"{output.as_posix()}/{p.path}") for p in (*found.problems, *_foreign(difference))]
        if not allow_retractions:
            _refuse_retractions(found.ledger.records, assembly.plan, source)
        if strict and problems:
            raise RefusedError("\n".join([*map(str, problems), "nothing was published: --strict allows no problem"]))
        if not dry_run:
            apply_difference(output, assembly.files, difference)
    return Result(assembly=assembly, difference=difference, problems=tuple(problems))


def authority_of(settings: Settings) -> str:
    """Who mints the ids, as the settings say or the site's host."""
    return settings.authority or f"{urlsplit(settings.url).hostname},{TAG_DATE}"


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
    months = reconcile_editions([r for r in ledger.records if r.topic == EDITION.id], outcome.records, now, ledger.authority)
    targets = Targets(settings, outcome.live)
    entries = tuple(make_entry(settings, continued, targets, contents or {}) for continued in outcome.live)
    editions = tuple(_editions(settings, months, documents, entries))
    ledger = replace(ledger, records=(*outcome.records, *months))
    feeds = tuple(select_feeds(settings, ledger.authority, entries, editions, _buried(ledger.records, now)))
    problems = [problem for document in documents for problem in document.problems]
    problems += _report(outcome.plan.duplicates, placed)
    return Assembly(
        documents=tuple(documents),
        entries=entries,
        feeds=feeds,
        files=in_order(_render(settings, feeds, ledger), last=store.NAME),
        ledger=ledger,
        plan=outcome.plan,
        problems=tuple(problems),
    )


def is_sound(document: Document) -> bool:
    """Whether a document may be published: it has a month and no error."""
    return document.edition is not None and all(problem.severity != "error" for problem in document.problems)


def held_sources(documents: Sequence[Document], records: Sequence[Record]) -> frozenset[str]:
    """The sources whose entries stay as they were: documents at fault, and what may have been renamed to one."""
    unsound = {document.path for document in documents if not is_sound(document)}
    known = {record.source for record in records}
    missing = known - {document.path for document in documents}
    return frozenset(unsound | missing if unsound - known else unsound)


def _editions(
    settings: Settings, records: Sequence[Record], documents: Sequence[Document], entries: Sequence[Entry]
) -> Iterable[Entry]:
    """The entries of whole months, each with the stories of all its documents."""
    stories: dict[Edition, list[Entry]] = defaultdict(list)
    for entry in entries:
        stories[entry.edition].append(entry)
    headlines: dict[Edition, str] = {}
    for document in documents:
        if document.edition and document.headline and is_sound(document):
            headlines.setdefault(document.edition, document.headline)
    for record in records:
        if record.retracted is None:
            yield make_edition(settings, record, headlines.get(record.month), stories[record.month])


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


def _foreign(difference: Difference) -> Iterable[Problem]:
    message = "not made by feedgen-kusama and left alone: move it away"
    return (Problem(path=path, line=None, message=message) for path in difference.foreign)


def _refuse_retractions(records: Sequence[Record], plan: Plan, source: Path) -> None:
    """Raise RefusedError where a build would retract more at once than an editor does."""
    gone = [change.record for change in plan.having("retracted")]
    live = sum(1 for record in records if record.retracted is None)
    if len(gone) <= MOST_RETRACTED and len(gone) <= MOST_RETRACTED_SHARE * live:
        return
    lines = [f"refused: {len(gone)} of {live} entries would be retracted; nothing was changed"]
    by_source: dict[str, int] = {}
    for record in gone:
        by_source[record.source] = by_source.get(record.source, 0) + 1
    for name, count in sorted(by_source.items()):
        why = "" if (source / name).exists() else ": the file is missing"
        lines.append(f"  {source.as_posix()}/{name}: {count} entr{'y' if count == 1 else 'ies'}{why}")
    raise RefusedError("\n".join([*lines, "if this is meant, build with --allow-retractions"]))


def _render(settings: Settings, feeds: Sequence[Feed], ledger: Ledger) -> Iterable[tuple[str, bytes]]:
    """Every file by its path. A topic's former ids are folders with the same feed: old addresses stay good."""
    former = {topic.id: topic.former for topic in settings.topics}
    for feed in feeds:
        for name, render in FORMATS.items():
            content = render(feed)
            yield feed.folder + name, content
            for old in () if feed.is_archive else former.get(feed.id, ()):
                yield f"{old}/{name}", content
    yield opml.NAME, opml.render(settings.title, settings.author, feeds)
    yield STYLESHEET, static_file(STYLESHEET)
    yield store.NAME, render_ledger(ledger)


@cache
def static_file(name: str) -> bytes:
    """A file that is published as it is."""
    return files("feedgen_kusama").joinpath("static", name).read_bytes()
