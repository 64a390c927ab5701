"""Limits: how few times another tool's cost a work of ours could take at all, by the floors of the same run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.bounds import Bound, Place
from bench.floors import EVERY, EVERYTHING, HEADS, Floor, least_loading, measure_loading
from bench.micro import Micro, least_micro, measure_micro

PARSING = 1.6
"""How many times mistune's own time reading a document may take: a build that reads no quicker takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What builds of one corpus stand on: programs loading, by program; its files written; works in process."""

    loading: Mapping[str, Floor]
    writing: Floor
    micro: Micro


Look = tuple[Mapping[str, Floor], Micro]
"""Programs loading and works in process, at one time."""


def look(repeats: int) -> Look:
    """What these cost now."""
    return measure_loading(repeats), measure_micro(repeats)


def find_floors(looks: Sequence[Look], writing: Floor) -> Floors:
    """What these cost at the quickest time."""
    loading, micro = zip(*looks, strict=True)
    return Floors(loading=least_loading(loading), writing=writing, micro=least_micro(micro))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The floors of each corpus, and the number of its entries."""

    floors: Mapping[Place, Floors]
    entries: Mapping[Place, int]

    def least(self, bound: Bound, place: Place, other: float) -> float | None:
        """The least ratio to the other tool's cost: with the program loaded, on all cores as far as work can be shared, and
        nothing decided, checked or digested yet; None where no floors were measured."""
        if place not in self.floors:
            return None
        program = EVERY if bound.work == "unchanged" else HEADS if bound.tool == "heads" else EVERYTHING
        loaded: float = getattr(self.floors[place].loading[program], bound.what)
        if bound.work != "cold" or bound.what == "memory":
            return loaded / other
        cores = (os.cpu_count() or 1) if bound.what == "wall" else 1
        return (loaded + self._shared(bound, place) / cores) / other

    def _shared(self, bound: Bound, place: Place) -> float:
        """Seconds of a cold build that several processes can share: reading all documents; where everything is made,
        writing every entry once as RSS and as Atom, and all files."""
        floors = self.floors[place]
        seconds = floors.micro.seconds
        reading = PARSING * seconds["mistune"] * place[1]
        if bound.tool == "heads":
            return reading
        return reading + 2 * seconds["feedgen"] * self.entries[place] + floors.writing.cpu
