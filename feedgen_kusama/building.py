"""A build that found something changed: it takes in, decides about everything, makes what differs, writes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from urllib.parse import urlsplit

import msgspec

from feedgen_kusama.assembly import Assembly, Given, assemble
from feedgen_kusama.cache import Cache
from feedgen_kusama.executors import workshop
from feedgen_kusama.formats import FORMATS, atom, opml
from feedgen_kusama.guards import refuse_faults, refuse_problems, refuse_retractions
from feedgen_kusama.intake import Intake, Taken, take_in
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger import store
from feedgen_kusama.ledger.library import Drawer
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.ledger.shelves import Shelf
from feedgen_kusama.making import Finished, Standing, make_works
from feedgen_kusama.memory import Made, Memory, Part, place_problems
from feedgen_kusama.model import Problem
from feedgen_kusama.orders import Options, Place, Result
from feedgen_kusama.output import Difference, Staging, staging
from feedgen_kusama.readings import Reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import PAGES, STATIC
from feedgen_kusama.stages import stages

TAG_DATE = "2026"
"""The date in tag URIs where the settings name no authority: the year in which these ids came into use."""
PUBLISHED = frozenset({*FORMATS, opml.NAME, *STATIC, *PAGES})
"""How files that a build makes are called (patterns), the ledger aside."""


def run(place: Place, options: Options, cache: Cache, memory: Memory | None, digests: dict[str, str]) -> Result:
    """Build. `digests` are those of all documents, by name; `memory` is of the last build, where there was one."""
    with (
        store.open_ledger(place.output, authority_of(place.settings), *_remembered(cache, memory)) as ledger,
        workshop(options.jobs, options.dask) as shop,
        staging(place.output, own=LEDGER, is_dry=options.dry_run) as stage,
    ):
        intake = Intake(place=place, digests=digests, cache=cache, shop=shop, watch=options.watch)
        decision = _decide(place, intake, ledger, memory, stage.drawer(), may_retract=options.allow_retractions)
        assembly, new = decision.assembly, decision.memory
        making = make_works(assembly, intake, stage, memory, standing=decision.standing)
        difference = stage.difference(names=PUBLISHED, in_order=lambda paths: chain.from_iterable(stages(paths)))
        told = (*decision.problems, *_foreign(difference), *_given_up(difference))
        problems = (*new.problems(place.source), *place_problems(told, place.output))
        if options.strict:
            refuse_problems(problems)
        refuse_faults([fault for fault in making.faults if fault.path in difference.write])
        if not options.dry_run:
            stage.apply(difference)
            kept = _with_files(new, making, stage, difference)
            cache.remember(kept, assembly.library.shelves, map(intake.key, digests), making.months)
    return Result(
        documents=len(digests),
        entries=new.entries,
        feeds=new.feeds,
        plan=assembly.plan,
        difference=difference,
        problems=problems,
        parsed=decision.parsed,
        made=making.made,
    )


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a build is to publish, without the readings and records that it was decided by: they are many."""

    assembly: Assembly
    standing: Standing
    problems: tuple[Problem, ...]
    """Those of the ledger."""
    parsed: tuple[str, ...]
    memory: Memory
    """What is to be remembered, but for the files."""


def _decide(
    place: Place,
    intake: Intake,
    ledger: store.Known | store.Unknown,
    memory: Memory | None,
    drawer: Drawer,
    *,
    may_retract: bool,
) -> _Decision:
    taken = take_in(intake, memory if isinstance(ledger, store.Known) else None)
    found = ledger.find(taken.settled)
    records, digests = found.ledger.records, intake.digests
    held = held_sources(taken.readings.values(), digests, records)
    given = msgspec.structs.replace(_given(place, found, taken.settled, held, digests), drawer=drawer)
    assembly = assemble(place.settings, taken.readings.values(), given, place.now)
    if not may_retract:
        refuse_retractions(found.live, assembly.plan, place.source)
    return _Decision(
        assembly=assembly,
        standing=Standing(settled=taken.settled, held=held, contents=_contents(place, records, held)),
        problems=found.problems,
        parsed=taken.parsed,
        memory=_memorise(place, assembly, taken, held, digests, memory),
    )


def _contents(place: Place, records: Sequence[Record], held: frozenset[str]) -> Mapping[str, Published]:
    if not held:
        return {}
    from feedgen_kusama.ledger.contents import read_contents  # most builds read nothing back

    return read_contents(place.output, records, held, place.settings.url)


def _remembered(cache: Cache, memory: Memory | None) -> tuple[Sequence[Part], Mapping[str, Shelf] | None]:
    return (memory.ledger, cache.recall_shelves()) if memory else ((), None)


def authority_of(settings: Settings) -> str:
    """Who mints the ids, as the settings say or the site's host."""
    return settings.authority or f"{urlsplit(settings.url).hostname},{TAG_DATE}"


def held_sources(readings: Iterable[Reading], names: Collection[str], records: Sequence[Record]) -> frozenset[str]:
    """The sources whose entries stay as they were: documents at fault, and what may have been renamed to one.

    `names` are all documents that there are.
    """
    unsound = {reading.path for reading in readings if not reading.is_sound}
    if not unsound:
        return frozenset()
    known = {record.source for record in records}
    return frozenset(unsound | (known - set(names)) if unsound - known else unsound)


def _given(
    place: Place, found: store.Found, settled: frozenset[str], held: frozenset[str], digests: Mapping[str, str]
) -> Given:
    return Given(
        ledger=found.ledger,
        held=held,
        settled=settled,
        closed=found.closed,
        links=found.links,
        anchors=found.anchors,
        versions=digests,
        base=place.base,
    )


def _foreign(difference: Difference) -> Iterable[Problem]:
    message = "not made by feedgen-kusama, or damaged, and left alone: move it away, then build again"
    return (Problem(path=path, line=None, message=message) for path in difference.foreign)


def _given_up(difference: Difference) -> Iterator[Problem]:
    """A problem for each feed that goes: whoever follows it is not told."""
    folders = {path.partition("/")[0] for path in difference.remove if re.fullmatch(rf"[^/]+/{re.escape(atom.NAME)}", path)}
    for folder in sorted(folders):
        message = f'removed with its readers: a topic that has another id now keeps them by former = ["{folder}"]'
        yield Problem(path=f"{folder}/{atom.NAME}", line=None, message=message, severity="warning")


def _memorise(
    place: Place,
    assembly: Assembly,
    taken: Taken,
    held: frozenset[str],
    digests: Mapping[str, str],
    memory: Memory | None,
) -> Memory:
    """What is to be remembered of this build, but for the files that it leaves."""
    sources = taken.seen(digests, memory)
    editions = {seen.edition for seen in sources.values() if seen.edition is not None}
    return Memory(
        base=place.base,
        sources=sources,
        ledger=assembly.parts(),
        built=place.now,
        until=assembly.until,
        # Where a document is at fault, or a story stands twice, the next build has to look again.
        unsettled=tuple(sorted(editions if held else assembly.unsettled)),
        made={},
        repeated=assembly.repeated,
        entries=assembly.library.count,
        feeds=len(assembly.heads),
        held=assembly.plan.held,
    )


def _with_files(memory: Memory, making: Finished, stage: Staging, difference: Difference) -> Memory:
    """What is to be remembered, with the files that were left. Where there are faults in what was already published, the
    next build has to look at all of it again."""
    made = {path: Made(making.keys[path], stamp) for path, stamp in stage.stamps(difference).items()}
    editions = {seen.edition for seen in memory.sources.values() if seen.edition is not None} if making.faults else ()
    return msgspec.structs.replace(memory, made=made, unsettled=tuple(sorted({*memory.unsettled, *editions})))
