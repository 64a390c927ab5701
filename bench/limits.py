"""Limits: how few times another tool's cost a work of ours could take at all, by the floors of the same run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from bench.bounds import Bound, Place
from bench.floors import EVERY, EVERYTHING, HEADS, Floor
from bench.micro import Micro

PARSING = 1.6
"""How many times mistune's own time reading a document may take: a build that reads no quicker takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The floors that builds stand on: programs loading, by program; files written, by place; works in process;
    and the number of entries by place."""

    loading: Mapping[str, Floor]
    writing: Mapping[Place, Floor]
    entries: Mapping[Place, int]
    micro: Micro

    def least(self, bound: Bound, place: Place, other: float) -> float | None:
        """The least ratio to the other tool's cost: with the program loaded, on all cores as far as work can be shared, and
        nothing decided, checked or digested yet."""
        program = EVERY if bound.work == "unchanged" else HEADS if bound.tool == "heads" else EVERYTHING
        loaded: float = getattr(self.loading[program], bound.what)
        if bound.work != "cold" or bound.what == "memory":
            return loaded / other
        cores = (os.cpu_count() or 1) if bound.what == "wall" else 1
        return (loaded + self._shared(bound, place) / cores) / other

    def _shared(self, bound: Bound, place: Place) -> float:
        """Seconds of a cold build that several processes can share: reading all documents; where everything is made,
        writing every entry once as RSS and as Atom, and all files."""
        seconds = self.micro.seconds
        reading = PARSING * seconds["mistune"] * place[1]
        if bound.tool == "heads":
            return reading
        return reading + 2 * seconds["feedgen"] * self.entries[place] + self.writing[place].cpu
