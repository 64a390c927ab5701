"""The pipeline: documents and records to files. `assemble` is pure; `build` reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from feedgen_kusama.config import Settings
from feedgen_kusama.documents import Reader
from feedgen_kusama.errors import RefusedError
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.html import finish_html, strip_html, summarise
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.ledger.plan import Duplicate, Plan
from feedgen_kusama.ledger.reconcile import Continued, Placed, Rules, reconcile
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.model import Document, Entry, Feed, Problem, Topic
from feedgen_kusama.output import Difference, apply_difference, find_difference, in_order
from feedgen_kusama.sources import list_sources, read_document

LEDGER = "ledger.jsonl"
TAG_DATE = "2026"
"""The date in tag URIs where the settings name no authority: the year in which these ids came into use."""
BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""When a feed without entries was last updated."""


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
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Result:
    """Read the documents in `source` and bring the feeds in `output` in line with them.

    `now` is an aware time. `watch` is given the documents' names and hands them back, to show progress.
    Raises SettingsError, SourceError, OutputError, or RefusedError when `strict` finds a problem.
    """
    reader = Reader(settings)
    documents = [read_document(reader, source, name) for name in watch(list_sources(source))]
    assembly = assemble(settings, documents, Ledger(authority=authority_of(settings), records=()), whole_second(now))
    problems = [replace(problem, path=f"{source.as_posix()}/{problem.path}") for problem in assembly.problems]
    difference = find_difference(output, assembly.files, names=frozenset({*FORMATS}))
    problems += [
        Problem(
            path=f"{output.as_posix()}/{path}", line=None, message="not made by feedgen-kusama and left alone: move it away"
        )
        for path in difference.foreign
    ]
    if strict and problems:
        raise RefusedError("\n".join([*map(str, problems), "nothing was published, since --strict allows no problem"]))
    if not dry_run:
        apply_difference(output, assembly.files, difference)
    return Result(assembly=assembly, difference=difference, problems=tuple(problems))


def authority_of(settings: Settings) -> str:
    """Who mints the ids, as the settings say or the site's host."""
    return settings.authority or f"{urlsplit(settings.url).hostname},{TAG_DATE}"


def assemble(settings: Settings, documents: Sequence[Document], ledger: Ledger, now: datetime) -> Assembly:
    """The feeds of these documents. Pure: the same arguments give the same bytes."""
    documents = sorted(documents, key=lambda document: document.path)
    placed = [draft for document in documents if is_sound(document) for draft in _place(document)]
    placed.sort(key=lambda p: (p.edition, p.source, p.position))
    outcome = reconcile(ledger.records, placed, now, Rules(authority=ledger.authority))
    entries = tuple(_entry(settings, continued) for continued in outcome.live)
    feeds = tuple(_feeds(settings, ledger.authority, entries))
    ledger = replace(ledger, records=outcome.records)
    problems = [problem for document in documents for problem in document.problems]
    problems += [_report(duplicate) for duplicate in outcome.plan.duplicates]
    return Assembly(
        documents=tuple(documents),
        entries=entries,
        feeds=feeds,
        files=in_order(_render(settings, feeds), last=LEDGER),
        ledger=ledger,
        plan=outcome.plan,
        problems=tuple(problems),
    )


def is_sound(document: Document) -> bool:
    """Whether a document may be published: it has a month and no error."""
    return document.edition is not None and all(problem.severity != "error" for problem in document.problems)


def _place(document: Document) -> Iterable[Placed]:
    assert document.edition is not None
    for position, draft in enumerate(document.drafts):
        text = strip_html(finish_html(draft.markup, page="https://localhost/", anchor="x"))
        yield Placed(draft=draft, edition=document.edition, source=document.path, position=position, text=text)


def _report(duplicate: Duplicate) -> Problem:
    kept, left = duplicate.kept, duplicate.placed
    message = f"{left.draft.title!r} stands in {kept.source}:{kept.draft.line} with the same words: published once"
    return Problem(path=left.source, line=left.draft.line, message=message, severity="warning")


def _entry(settings: Settings, continued: Continued) -> Entry:
    record, placed = continued.record, continued.placed
    assert placed is not None
    page = f"{settings.url}editions/{record.edition}.html"
    html = finish_html(placed.draft.markup, page=page, anchor=record.slug)
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=settings.topic(record.topic),
        title=record.title,
        summary=summarise(placed.draft.text),
        html=html,
        text=placed.draft.text,
        author=placed.draft.author,
        role=placed.draft.role,
        days=placed.draft.days,
        published=record.published,
        updated=record.updated,
    )


def _feeds(settings: Settings, authority: str, entries: Sequence[Entry]) -> Iterable[Feed]:
    newest = sorted(entries, key=lambda entry: entry.published, reverse=True)
    yield _feed(settings, authority, None, newest)
    for topic in settings.topics:
        yield _feed(settings, authority, topic, [entry for entry in newest if entry.topic is topic])


def _feed(settings: Settings, authority: str, topic: Topic | None, entries: Sequence[Entry]) -> Feed:
    shown = tuple(entries[: settings.limit])
    return Feed(
        id=topic.id if topic else "",
        title=f"{settings.title}: {topic.title}" if topic else settings.title,
        description=topic.description or settings.description if topic else settings.description,
        address=f"{settings.url}{topic.id}/" if topic else settings.url,
        tag=f"tag:{authority}:feeds/{topic.id if topic else 'all'}",
        language=settings.language,
        author=settings.author,
        entries=shown,
        updated=max((entry.updated for entry in shown), default=BEGINNING),
    )


def _render(settings: Settings, feeds: Sequence[Feed]) -> Iterable[tuple[str, bytes]]:
    """Every file by its path. A topic's former ids are folders with the same feed: old addresses stay good."""
    former = {topic.id: topic.former for topic in settings.topics}
    for feed in feeds:
        for name, render in FORMATS.items():
            content = render(feed)
            for folder in (feed.id, *former.get(feed.id, ())):
                yield f"{folder}/{name}" if folder else name, content
