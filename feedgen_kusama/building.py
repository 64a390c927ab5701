"""A build that found something changed: it takes in, decides about everything, makes what differs, writes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

import msgspec

from feedgen_kusama.assembly import Assembly, Given, assemble
from feedgen_kusama.cache import Cache
from feedgen_kusama.executors import workshop
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.guards import refuse_faults, refuse_problems, refuse_retractions
from feedgen_kusama.intake import Intake, Taken, take_in
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger import store
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.making import make_works
from feedgen_kusama.memory import Made, Memory, place_problems
from feedgen_kusama.model import Problem
from feedgen_kusama.orders import Options, Place, Result
from feedgen_kusama.output import Difference, Staging, staging
from feedgen_kusama.readings import Reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.site import STATIC

TAG_DATE = "2026"
"""The date in tag URIs where the settings name no authority: the year in which these ids came into use."""
PUBLISHED = frozenset({*FORMATS, opml.NAME, *STATIC, "*.html"})
"""How files that a build makes are called, the ledger aside."""


def run(place: Place, options: Options, cache: Cache, memory: Memory | None, digests: dict[str, str]) -> Result:
    """Build. `digests` are those of all documents, by name; `memory` is of the last build, where there was one."""
    found = store.read_ledger(place.output, authority_of(place.settings))
    records = found.ledger.records
    with workshop(options.jobs, options.dask) as shop, staging(place.output, own=LEDGER, is_dry=options.dry_run) as stage:
        intake = Intake(place=place, digests=digests, cache=cache, shop=shop, watch=options.watch)
        taken = take_in(intake, memory if memory and found.digest == memory.ledger else None)
        held = held_sources(taken.readings.values(), digests, records)
        assembly = assemble(
            place.settings, taken.readings.values(), _given(place, found, taken, memory, held, digests), place.now
        )
        if not options.allow_retractions:
            refuse_retractions(records, assembly.plan, place.source)
        contents = store.read_contents(place.output, records, held)
        making = make_works(assembly, intake, stage, memory, contents=contents, held=held)
        difference = stage.difference(names=PUBLISHED)
        new = _memorise(place, assembly, taken, held, intake.digests, memory)
        problems = (*new.problems(place.source), *place_problems((*found.problems, *_foreign(difference)), place.output))
        if options.strict:
            refuse_problems(problems)
        refuse_faults([fault for fault in making.faults if fault.path in difference.write])
        if not options.dry_run:
            stage.apply(difference)
            cache.remember(_with_files(new, assembly, stage, difference), map(intake.key, digests))
    return Result(
        documents=len(digests),
        entries=new.entries,
        feeds=new.feeds,
        plan=assembly.plan,
        difference=difference,
        problems=problems,
        parsed=taken.parsed,
        made=making.made,
    )


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
    place: Place, found: store.Found, taken: Taken, memory: Memory | None, held: frozenset[str], digests: Mapping[str, str]
) -> Given:
    known = memory.links if memory and taken.settled else {}
    resting = {r.id for r in found.ledger.records if r.edition in taken.settled and r.retracted is None} if known else set()
    return Given(
        ledger=found.ledger,
        held=held,
        settled=taken.settled,
        links={id: links for id, links in known.items() if id in resting},
        versions=digests,
        base=place.base,
    )


def _foreign(difference: Difference) -> Iterable[Problem]:
    message = "not made by feedgen-kusama and left alone: move it away"
    return (Problem(path=path, line=None, message=message) for path in difference.foreign)


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
        ledger="",
        built=place.now,
        until=assembly.until,
        links=dict(assembly.links),
        # Where a document is at fault, or a story stands twice, the next build has to look again.
        unsettled=tuple(sorted(editions if held else assembly.unsettled)),
        made={},
        repeated=assembly.repeated,
        entries=len(assembly.live),
        feeds=sum(1 for outline in assembly.outlines if not outline.feed.is_archive),
        held=assembly.plan.held,
    )


def _with_files(memory: Memory, assembly: Assembly, stage: Staging, difference: Difference) -> Memory:
    """What is to be remembered, with the files that were left."""
    keys = {path: work.key for work in assembly.works for path in work.paths}
    made = {path: Made(keys[path], stamp) for path, stamp in stage.stamps(difference).items()}
    return msgspec.structs.replace(memory, ledger=keys[LEDGER], made=made)
