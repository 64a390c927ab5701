"""The pipeline from documents and records to files. A build without change is told here, before anything is parsed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from feedgen_kusama.cache import Cache, open_cache, program_digest
from feedgen_kusama.folders import consists_of, find_files, find_stamp, is_locked, locked, opened
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.memory import Memory, changed_sources, digest
from feedgen_kusama.orders import Options, Place, Result
from feedgen_kusama.output import Difference
from feedgen_kusama.settings import Settings, encode_settings
from feedgen_kusama.sources import SourceError, digest_sources, list_sources


def build(
    settings: Settings, *, source: Path, output: Path, now: datetime, wait: float = 0.0, cache: Path | None = None, **how: Any
) -> Result:
    """Read the documents in `source` and bring the feeds in `output` in line with them.

    `now` is an aware time; `wait` is for how many seconds to wait for another build to end; `cache` is a file that
    saves the next build what this one did; for `how` see `orders.Options`.

    Raises ValueError where `now` is not aware, SourceError, OutputError, ClusterError, MissingExtraError, and
    RefusedError with nothing changed: when another build runs, when the ledger's version is unknown, when too many entries
    would be retracted, when `strict` finds a problem, when a feed would break for its readers.
    """
    options = Options(**how)
    _refuse_overlap(source, output)
    base = digest(program_digest(), encode_settings(settings))
    place = Place(settings=settings, source=source, output=output, now=whole_second(now), base=base)
    known, ledger = None, find_stamp(output, LEDGER)
    if cache and not is_locked(output):  # to find that nothing changed takes no lock: it writes nothing
        with open_cache(cache, is_kept=False) as store:
            known = _recall(place, store)
        if result := _repeat(place, *known, strict=options.strict):
            return result
    needs_lock = not options.dry_run
    with locked(output, wait=wait, is_needed=needs_lock) as has_waited, open_cache(cache, is_kept=needs_lock) as store:
        # What was known before the lock was held is old where another build has ended since.
        if known is None or has_waited or find_stamp(output, LEDGER) != ledger:
            known = _recall(place, store)
            if result := _repeat(place, *known, strict=options.strict):
                return result
        from feedgen_kusama.building import run  # what parses and renders is not needed before

        return run(place, options, store, *known)


def _recall(place: Place, store: Cache) -> tuple[Memory | None, dict[str, str]]:
    """What the last build knew, and a digest of every document as it is now."""
    digests = digest_sources(place.source, list_sources(place.source))
    return store.recall(place.base), digests


def _refuse_overlap(source: Path, output: Path) -> None:
    """Raise SourceError where documents and feeds would lie within one another: one would be taken for the other."""
    documents, feeds = source.resolve(), output.resolve()
    if documents.is_relative_to(feeds) or feeds.is_relative_to(documents):
        raise SourceError(f"{output}: documents and feeds must lie in folders of their own: choose another --output")


def _is_untouched(memory: Memory, output: Path) -> bool:
    """Whether the output folder holds just what the last build left there."""
    found = find_files(output)
    if found.keys() != memory.made.keys() or any(found[path] != made.stamp for path, made in memory.made.items()):
        return False
    with opened(output, LEDGER) as ledger:
        return ledger is not None and consists_of(ledger, memory.ledger)


def _repeat(place: Place, memory: Memory | None, digests: dict[str, str], *, strict: bool) -> Result | None:
    """The result of a build without change; None where anything may have changed."""
    if not memory or not memory.is_current(place.now) or changed_sources(memory, digests):
        return None
    if not _is_untouched(memory, place.output):
        return None
    from feedgen_kusama.ledger.plan import Plan

    problems = memory.problems(place.source)
    if strict and problems:
        from feedgen_kusama.guards import refuse_problems

        refuse_problems(problems)
    return Result(
        documents=len(memory.sources),
        entries=memory.entries,
        feeds=memory.feeds,
        plan=Plan(unchanged=memory.entries, held=memory.held),
        difference=Difference(write=(), remove=(), unchanged=tuple(memory.made), foreign=()),
        problems=problems,
    )
