"""The pipeline from documents and records to files: it reads, decides (`assembly`) and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from feedgen_kusama.assembly import Assembly, assemble, is_sound
from feedgen_kusama.documents import Reader
from feedgen_kusama.errors import RefusedError
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.ledger import store
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.ledger.plan import Plan
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import Document, Problem
from feedgen_kusama.output import Difference, apply_difference, find_difference, locked
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import STATIC
from feedgen_kusama.sources import SourceError, list_sources, read_document

TAG_DATE = "2026"
"""The date in tag URIs where the settings name no authority: the year in which these ids came into use."""
MOST_RETRACTED, MOST_RETRACTED_SHARE = 10, 0.2
"""More retractions at once than either are a folder that is missing rather than an editor's decision."""


PUBLISHED = frozenset({*FORMATS, opml.NAME, *STATIC, "*.html"})
"""How files that a build makes are called, the ledger aside."""


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
    ledger's version is unknown, when too many entries would be retracted, when `strict` finds a problem,
    when a feed would break for its readers.
    """
    _refuse_overlap(source, output)
    moment, reader, names = whole_second(now), Reader(settings), list_sources(source)
    with locked(output, wait=wait, is_needed=not dry_run):
        documents = [read_document(reader, source, name) for name in watch(names)]
        found = store.read_ledger(output, authority_of(settings))
        held = held_sources(documents, found.ledger.records)
        contents = store.read_contents(output, found.ledger.records, held)
        assembly = assemble(settings, documents, found.ledger, moment, held=held, contents=contents)
        problems = [replace(problem, path=f"{source.as_posix()}/{problem.path}") for problem in assembly.problems]
        difference = find_difference(output, assembly.files, names=PUBLISHED, own=store.NAME)
        problems += [replace(p, path=f"{output.as_posix()}/{p.path}") for p in (*found.problems, *_foreign(difference))]
        if not allow_retractions:
            _refuse_retractions(found.ledger.records, assembly.plan, source)
        if strict and problems:
            raise RefusedError("\n".join([*map(str, problems), "nothing was published: --strict allows no problem"]))
        _refuse_faults(assembly, difference, moment, site=settings.url)
        if not dry_run:
            apply_difference(output, assembly.files, difference)
    return Result(assembly=assembly, difference=difference, problems=tuple(problems))


def _refuse_faults(assembly: Assembly, difference: Difference, now: datetime, *, site: str) -> None:
    """Raise RefusedError where a feed would be written that breaks for its readers: good ones are not replaced by it."""
    if not difference.write:
        return
    from feedgen_kusama.check import check_files  # not needed by most builds, which change nothing

    feeds = {path: data for path, data in assembly.files.items() if path.rpartition("/")[2] in {*FORMATS, opml.NAME}}
    faults = [f for f in check_files(feeds, now, site=site, only=frozenset(difference.write)) if f.severity == "error"]
    if faults:
        raise RefusedError("\n".join([*map(str, faults), "refused: these feeds would break for readers; nothing was changed"]))


def _refuse_overlap(source: Path, output: Path) -> None:
    """Raise SourceError where documents and feeds would lie within one another: one would be taken for the other."""
    documents, feeds = source.resolve(), output.resolve()
    if documents.is_relative_to(feeds) or feeds.is_relative_to(documents):
        raise SourceError(f"{output}: documents and feeds must lie in folders of their own: choose another --output")


def authority_of(settings: Settings) -> str:
    """Who mints the ids, as the settings say or the site's host."""
    return settings.authority or f"{urlsplit(settings.url).hostname},{TAG_DATE}"


def held_sources(documents: Sequence[Document], records: Sequence[Record]) -> frozenset[str]:
    """The sources whose entries stay as they were: documents at fault, and what may have been renamed to one."""
    unsound = {document.path for document in documents if not is_sound(document)}
    known = {record.source for record in records}
    missing = known - {document.path for document in documents}
    return frozenset(unsound | missing if unsound - known else unsound)


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
