"""Rounds: every work by every tool in turn, so that whatever slows the machine down hits all alike."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.changes import Change, find_change, look_at
from bench.measure import Cost
from bench.sites import Site
from bench.tools import Work
from bench.tools.table import OURS
from bench.verify import find_faults

WORKS: tuple[Work, ...] = ("cold", "unchanged", "edited", "added", "explain")


class WrongOutputError(Exception):
    """A tool did not publish what it should; the comparison would not be fair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A work's cost: medians of `repeats` runs, the memory of one watched run more. What the work changed is known of this
    program's own."""

    wall: float
    cpu: float
    memory: int
    repeats: int
    change: Change | None = None


Figures = Mapping[tuple[str, Work], Figure]
"""By tool and work."""


def measure(
    sites: Sequence[Site], works: Iterable[Work], *, repeats: int, patience: float, tell: Callable[[str], None]
) -> Figures:
    """Run every work on every site `repeats` times, after one round in which memory is watched and output verified.

    Another tool that takes longer than `patience` seconds in that round is not repeated: its figure is that one run's.
    Raises RunError, WrongOutputError.
    """
    wanted = [work for work in WORKS if work in set(works) | {"cold"}]
    watched: dict[tuple[str, Work], Cost] = {}
    timed: dict[tuple[str, Work], list[Cost]] = defaultdict(list)
    changes: dict[tuple[str, Work], Change] = {}
    for number in range(repeats + 1):
        for work in wanted:
            for site in _rotated(sites, number):
                key = site.tool.id, work
                is_first = number == 0
                if work not in site.tool.works or (not is_first and is_slow(site.tool.id, watched, patience)):
                    continue
                site.prepare(work, number)
                is_counted = is_first and site.tool.id in OURS
                before = look_at(site.published) if is_counted else {}
                cost = site.run(work, is_watched=is_first)
                if is_counted:
                    changes[key] = find_change(site.published, before)
                memory = f" {cost.memory / 2**20:7.0f} MiB" if is_first else ""
                tell(f"{number}/{repeats} {work:<9} {site.tool.title:<28} {cost.wall:8.2f} s{memory}")
                if is_first:
                    watched[key] = cost
                    _verify(site, work)
                else:
                    timed[key].append(cost)
    return {key: _figure(cost, timed[key], changes.get(key)) for key, cost in watched.items()}


def is_slow(tool: str, costs: Mapping[tuple[str, Work], Cost | Figure], patience: float) -> bool:
    """Whether another tool takes too long to be run often."""
    return tool not in OURS and (tool, "cold") in costs and costs[tool, "cold"].wall > patience


def _rotated(sites: Sequence[Site], number: int) -> Sequence[Site]:
    """Each round begins with another tool: none always follows the same one."""
    start = number % len(sites)
    return [*sites[start:], *sites[:start]]


def _verify(site: Site, work: Work) -> None:
    if work == "cold" and (faults := list(find_faults(site))):
        raise WrongOutputError("\n".join(faults))


def _figure(watched: Cost, timed: Sequence[Cost], change: Change | None) -> Figure:
    costs = timed or [watched]
    return Figure(
        wall=statistics.median(cost.wall for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        memory=watched.memory,
        repeats=len(timed) or 1,
        change=change,
    )
