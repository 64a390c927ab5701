"""Works are done: those whose digest is not that of the files already there, much of it in other processes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from feedgen_kusama.assembly import Assembly
from feedgen_kusama.check.findings import Finding
from feedgen_kusama.intake import Intake
from feedgen_kusama.jobs import MakeJob, MakeResult, make
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.memory import Memory
from feedgen_kusama.output import Staging
from feedgen_kusama.works import Stock, Work

MANY = 1_500
"""So many entries to be rendered are worth starting other processes."""
MOST_IN_JOB = 2_000
"""Entries in one job, unless a single file has more."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """Which files were made, and what in them would break for their readers."""

    made: tuple[str, ...]
    faults: tuple[Finding, ...]


def make_works(
    assembly: Assembly,
    intake: Intake,
    stage: Staging,
    memory: Memory | None,
    *,
    contents: Mapping[str, Published],
    held: frozenset[str],
) -> Finished:
    """Make ready every file that is not known to be as it should be."""
    waiting = []
    for work in assembly.works:
        if memory and _is_made(work, memory, stage):
            for path in work.paths:
                stage.keep(path)
        else:
            waiting.append(work)
    much = [work for work in waiting if work.size]
    jobs = (_job(some, assembly, intake, contents, held) for some in _share_out(much))
    made: list[str] = []
    faults: list[Finding] = []
    is_much = sum(work.size for work in much) >= MANY
    little = [_job([work for work in waiting if not work.size], assembly, intake, contents, held)]
    for results in (intake.shop.run(make, jobs, is_much=is_much), map(make, little)):
        for result in results:
            made += _put(stage, result)
            faults += result.faults
    return Finished(made=tuple(made), faults=tuple(faults))


def _is_made(work: Work, memory: Memory, stage: Staging) -> bool:
    """Whether the files of a work are just as the last build left them, made of the same."""
    for path in work.paths:
        known = memory.made.get(path)
        if known is None or known.key != work.key or stage.found.get(path) != known.stamp:
            return False
    return True


def _share_out(works: Sequence[Work]) -> Iterator[Sequence[Work]]:
    """Works in jobs: those made of the same entries together, heads after what they lead to."""
    for _, near in groupby(
        sorted(works, key=lambda work: (work.is_head, work.near)), key=lambda work: (work.is_head, work.near)
    ):
        some: list[Work] = []
        for work in near:
            if some and sum(other.size for other in some) + work.size > MOST_IN_JOB:
                yield some
                some = []
            some.append(work)
        yield some


def _job(
    works: Sequence[Work], assembly: Assembly, intake: Intake, contents: Mapping[str, Published], held: frozenset[str]
) -> MakeJob:
    sources = {source for work in works for source in work.sources} - held
    documents = intake.documents(sources)
    stock = Stock(settings=assembly.settings, documents=documents, contents=contents, links=assembly.resolved)
    return MakeJob(works=works, stock=stock, now=intake.place.now)


def _put(stage: Staging, result: MakeResult) -> Iterator[str]:
    for path, content in result.files:
        stage.put(path, content)
        yield path
