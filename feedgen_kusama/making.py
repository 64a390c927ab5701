"""Works are done: those whose digest is not that of the files already there, much of it in other processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import msgspec

from feedgen_kusama.assembly import Assembly
from feedgen_kusama.check.findings import Finding
from feedgen_kusama.intake import Intake
from feedgen_kusama.jobs import MakeJob, MakeResult, make
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.links import Resolved
from feedgen_kusama.memory import Memory, digest
from feedgen_kusama.output import Staging
from feedgen_kusama.works import Drawn, Stock, Work

MANY = 3_000
"""So many entries to be rendered, beside the work that has most of them, are worth starting other processes."""
MOST_IN_JOB = 2_000
"""Entries in one job, unless a single file has more."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands as it was before this build."""

    settled: frozenset[str]
    """The editions that are as the last build left them."""
    held: frozenset[str]
    """The sources whose entries stay as they were published,"""
    contents: Mapping[str, Published]
    """which is so, by id."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """Which files were made, and what in them would break for their readers."""

    keys: Mapping[str, str]
    """What every file is made of, by its path."""
    months: frozenset[str]
    """What the entries of whole months are made of that are worth keeping."""
    made: tuple[str, ...]
    faults: tuple[Finding, ...]


def make_works(
    assembly: Assembly,
    intake: Intake,
    stage: Staging,
    memory: Memory | None,
    *,
    standing: Standing,
) -> Finished:
    """Make ready every file that is not known to be as it should be."""
    waiting = []
    for work in assembly.works:
        if _is_made(work.paths, work.key, memory, stage):
            for path in work.paths:
                stage.keep(path)
        else:
            waiting.append(work)
    much = [work for work in waiting if work.size]
    sizes = [work.size for work in much]
    is_much = sum(sizes) - max(sizes, default=0) >= MANY
    jobs = (_job(some, assembly, intake, standing) for some in _share_out(much, is_joined=not is_much))
    months = {edition: key for work in assembly.works for edition, key in work.months.items()}
    made: list[str] = []
    faults: list[Finding] = []
    little = [_job([work for work in waiting if not work.size], assembly, intake, standing)]
    for results in (intake.shop.run(make, jobs, is_much=is_much), map(make, little)):
        for result in results:
            made += _put(stage, result)
            intake.cache.put_months((months[edition], data) for edition, data in result.months.items())
            faults += result.faults
    ledger = digest(msgspec.msgpack.encode(assembly.parts()))
    if _is_made([LEDGER], ledger, memory, stage):
        stage.keep(LEDGER)
    else:
        stage.put_own(assembly.ledger())
        made.append(LEDGER)
    keys = {path: work.key for work in assembly.works for path in work.paths}
    return Finished(keys={**keys, LEDGER: ledger}, months=frozenset(months.values()), made=tuple(made), faults=tuple(faults))


def _is_made(paths: Iterable[str], key: str, memory: Memory | None, stage: Staging) -> bool:
    """Whether files are just as the last build left them, made of what has this key."""
    for path in paths:
        known = memory.made.get(path) if memory else None
        if known is None or known.key != key or stage.found.get(path) != known.stamp:
            return False
    return True


def _share_out(works: Sequence[Work], *, is_joined: bool) -> Iterator[Sequence[Work]]:
    """Works in jobs: those made of the same entries together. Little work `is_joined` as far as one job can have it."""
    works = sorted(works, key=attrgetter("near"))
    for near in [works] if is_joined else (list(group) for _, group in groupby(works, key=attrgetter("near"))):
        some: list[Work] = []
        for work in near:
            if some and sum(other.size for other in some) + work.size > MOST_IN_JOB:
                yield some
                some = []
            some.append(work)
        if some:
            yield some


def _job(works: Sequence[Work], assembly: Assembly, intake: Intake, standing: Standing) -> MakeJob:
    wanted = {} if standing.held else {edition: key for work in works for edition, key in work.months.items()}
    known = intake.months(wanted)
    drawn = [work.draw(known) for work in works]
    documents = intake.documents(frozenset().union(*(each.sources for each in drawn)) - standing.held)
    stock = Stock(settings=assembly.settings, documents=documents, contents=standing.contents, links=assembly.resolved)
    months = frozenset(wanted.keys() - known.keys())
    fresh = _fresh(drawn, standing.settled, assembly.resolved) if standing.settled else None
    return MakeJob(makers=[each.make for each in drawn], stock=stock, now=intake.place.now, months=months, fresh=fresh)


def _fresh(drawn: Iterable[Drawn], settled: frozenset[str], resolved: Resolved) -> frozenset[str]:
    """The ids of the entries that may read otherwise than in the last build: those of editions that are not settled, and
    those with links to other documents."""
    records = (record for each in drawn for record in each.records)
    return frozenset(record.id for record in records if record.edition not in settled or record.id in resolved)


def _put(stage: Staging, result: MakeResult) -> Iterator[str]:
    for path, content in result.files:
        stage.put(path, content)
        yield path
