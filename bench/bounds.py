"""Bounds: what the program may cost beside other tools, and whether it keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bench.micro import Micro
from bench.rounds import Figures
from bench.tools import Work
from bench.tools.table import OURS, TOOLS

What = Literal["wall", "cpu", "memory"]
Place = tuple[str, int]
"""A shape and a number of documents."""
Measured = Mapping[Place, Figures]
Least = Callable[["Bound", Place, float], float | None]
"""How few times another tool's cost a work can take, None where that is not known."""
WORDS: Mapping[What, str] = {"wall": "wall time", "cpu": "CPU time", "memory": "peak memory"}
LABELS: Mapping[Work, str] = {
    "cold": "cold build",
    "unchanged": "build without change",
    "edited": "one document edited",
    "added": "one document added",
    "explain": "one document explained",
}
ANY = 0
"""In place of a number of documents: whatever it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A work of ours at a size costs at most so many times what another tool's costs. `instead` is what holds where
    that tool could not be had."""

    tool: str
    work: Work
    what: What = "wall"
    size: int
    other: str
    factor: float
    instead: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A bound with what was measured: how many times the other tool's cost, None where it was not measured; and how few
    times it can be at the least."""

    place: str
    text: str
    factor: float
    ratio: float | None
    least: float | None = None

    @property
    def said(self) -> str:
        if self.ratio is None:
            return "not measured"
        if self.ratio <= self.factor:
            return "met"
        return "**cannot be met**" if self.least is not None and self.least > self.factor else "**not met**"


def _bounds() -> Iterator[Bound]:
    for size in (1000, 6500):
        for what, factor in (("wall", 1.0), ("cpu", 1.2), ("memory", 0.25)):
            yield Bound(tool="heads", work="cold", what=what, size=size, other="hugo", factor=factor)  # type: ignore[arg-type]
    yield Bound(tool="heads", work="cold", size=65, other="hugo", factor=2.5)
    yield Bound(tool="everything", work="cold", size=ANY, other="hugo", factor=2.5)
    for tool in OURS:
        yield Bound(tool=tool, work="unchanged", size=65, other="hugo", factor=0.6)
        yield Bound(tool=tool, work="unchanged", size=1000, other="zola", factor=0.2, instead=("hugo", 0.15))
        yield Bound(tool=tool, work="unchanged", size=6500, other="zola", factor=0.15, instead=("hugo", 0.1))
        for work in ("edited", "added"):
            for size, other, factor in ((65, "hugo", 2.0), (65, "pelican", 0.35), (1000, "hugo", 0.5), (6500, "hugo", 0.15)):
                yield Bound(tool=tool, work=work, size=size, other=other, factor=factor)


BOUNDS = tuple(_bounds())
MICRO = (
    ("documents parsed, beside mistune rendering them", "parsing", 1.6),
    ("RSS and Atom rendered, an entry and format, beside feedgen", "feeds", 1.5),
)


def judge(measured: Measured, micro: Micro | None, least: Least) -> list[Verdict]:
    """Every bound on what was measured."""
    found = [
        _judge(bound, figures, place, least)
        for place, figures in measured.items()
        for bound in BOUNDS
        if bound.size in (place[1], ANY)
    ]
    for text, name, factor in MICRO:
        ratio = micro.ratio(name) if micro else None
        found.append(Verdict(place="in process", text=text, factor=factor, ratio=ratio))
    return found


def _judge(bound: Bound, figures: Figures, place: Place, least: Least) -> Verdict:
    mine = figures.get((bound.tool, bound.work))
    other, factor = bound.other, bound.factor
    if bound.instead and (other, bound.work) not in figures:
        other, factor = bound.instead
    theirs = figures.get((other, bound.work))
    cost = getattr(theirs, bound.what) if theirs else 0
    ratio = getattr(mine, bound.what) / cost if mine and cost else None
    kind = TOOLS[bound.tool].title.rpartition(", ")[2]
    text = f"{LABELS[bound.work]}, {kind}: {WORDS[bound.what]} beside {TOOLS[other].title}"
    shape, size = place
    limit = least(bound, place, cost) if cost else None
    return Verdict(place=f"{shape}, {size:,}", text=text, factor=factor, ratio=ratio, least=limit)
