"""Floors: what no build of this program can be quicker than, whatever it does: Python starting, and its libraries."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, run

EVERY = "import click, msgspec, sqlite3, tomllib"
FEEDS = f"{EVERY}, filelock, mistune, nh3, feedgen.feed, lxml.html"
IMPORTS: Mapping[str, str] = {
    "Python": "pass",
    "Python with the libraries that every command needs": EVERY,
    "Python with those that feeds are made with too": FEEDS,
    "Python with those that pages are made with too": f"{FEEDS}, jinja2",
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
    memory: int


def measure_floors(repeats: int) -> list[Floor]:
    """Medians of `repeats` times TIMES runs, all in turn."""
    costs: dict[str, list[Cost]] = {text: [] for text in IMPORTS}
    memory: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for text, program in IMPORTS.items():  # this one warms up
            lasting = f"{program}\nimport time\ntime.sleep(0.2)"  # long enough to be looked at
            memory[text] = run([sys.executable, "-c", lasting], Path(folder), environment={}, is_watched=True).memory
        for _ in range(repeats * TIMES):
            for text, program in IMPORTS.items():
                costs[text].append(run([sys.executable, "-c", program], Path(folder), environment={}))
    return [
        Floor(
            text=text,
            wall=statistics.median(cost.wall for cost in each),
            cpu=statistics.median(cost.cpu for cost in each),
            memory=memory[text],
        )
        for text, each in costs.items()
    ]
