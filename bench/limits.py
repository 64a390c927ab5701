"""Limits: how few times another tool's cost a work of ours could take at all, by the floors of the same run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.bounds import Bound, Measured, Place
from bench.changes import Change
from bench.floors import EVERY, EVERYTHING, HEADS, SHARING, Floor, Writing, least_loading, measure_loading
from bench.micro import Micro, least_micro, measure_micro

PARSING = 1.6
"""How many times mistune's own time reading a document may take: a build that reads no quicker takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What builds of one corpus stand on: programs loading, by program; its files written; works in process."""

    loading: Mapping[str, Floor]
    writing: Writing
    micro: Micro


Look = tuple[Mapping[str, Floor], Micro]
"""Programs loading and works in process, at one time."""


def look(repeats: int) -> Look:
    """What these cost now."""
    return measure_loading(repeats), measure_micro(repeats)


def find_floors(looks: Sequence[Look], writing: Writing) -> Floors:
    """What these cost at the quickest time."""
    loading, micro = zip(*looks, strict=True)
    return Floors(loading=least_loading(loading), writing=writing, micro=least_micro(micro))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The floors of each corpus, and what was measured of it."""

    floors: Mapping[Place, Floors]
    measured: Measured

    def least(self, bound: Bound, place: Place, other: float) -> float | None:
        """The least ratio to the other tool's cost: with the program loaded, documents read, files made and read back by
        libraries alone, on one core or on all, and nothing decided or digested yet; None where no floors were measured."""
        figure = self.measured[place].get((bound.tool, bound.work))
        if place not in self.floors or figure is None:
            return None
        floors = self.floors[place]
        program = EVERY if bound.work == "unchanged" else HEADS if bound.tool == "heads" else EVERYTHING
        loaded: float = getattr(floors.loading[program], bound.what)
        if bound.what == "memory" or bound.work == "unchanged" or figure.change is None:
            return loaded / other
        work = _work(floors, figure.change, documents=place[1] if bound.work == "cold" else 1)
        if bound.what == "wall":
            starting = max(floors.loading[SHARING].wall - floors.loading[HEADS].wall, 0)
            work = min(work, starting + work / (os.cpu_count() or 1))
        return (loaded + work) / other


def _work(floors: Floors, change: Change, *, documents: int) -> float:
    """Seconds of work: documents read; every entry written once as RSS and as Atom, and read back wherever it stands; and
    the files."""
    seconds, writing = floors.micro.seconds, floors.writing
    reading = PARSING * seconds["mistune"] * documents
    making = 2 * seconds["feedgen"] * change.entries + seconds["read back"] * change.shown
    return reading + making + writing.floor.cpu * min(change.files / writing.files, change.size / writing.size)
