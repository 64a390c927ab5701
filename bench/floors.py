"""Floors: what no build of this program can be quicker than, whatever it does: Python starting, and its libraries."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, run

IMPORTS: Mapping[str, str] = {
    "Python": "pass",
    "Python with click and msgspec, which every command needs": "import click, msgspec",
    "Python with mistune, nh3 and feedgen too, which feeds are made with": "import click, msgspec, mistune, nh3, feedgen.feed",
}
"""What is started, and its program."""
TIMES = 3
"""Runs for each one that a build gets: they are short, so the clock tells less of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What a part of a build costs alone."""

    text: str
    wall: float
    cpu: float


def measure_floors(repeats: int) -> list[Floor]:
    """Medians of `repeats` times TIMES runs, all in turn."""
    costs: dict[str, list[Cost]] = {text: [] for text in IMPORTS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats * TIMES + 1):  # the first one warms up
            for text, program in IMPORTS.items():
                costs[text].append(run([sys.executable, "-c", program], Path(folder), environment={}))
    return [
        Floor(text=text, wall=statistics.median(c.wall for c in each[1:]), cpu=statistics.median(c.cpu for c in each[1:]))
        for text, each in costs.items()
    ]
