"""Floors: what no build of this program can be quicker than, whatever it does: Python starting, its libraries, itself."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, run

KEPT = "from feedgen_kusama.patterns import *; place = default_place(); place and keep_patterns(place)"
"""What every command begins with: it spares libraries work too."""
EVERY = f"{KEPT}; import click, msgspec, sqlite3, tomllib"
FEEDS = f"{EVERY}, filelock, mistune, nh3, feedgen.feed, lxml.etree"
HEADS = f"{FEEDS}; import feedgen_kusama.commands.build, feedgen_kusama.building, feedgen_kusama.check"
EVERYTHING = f"{HEADS}, feedgen_kusama.site.plan"
SHARING = (
    f"{HEADS}; from concurrent.futures import ProcessPoolExecutor as Pool; from os import cpu_count"
    "; shop = Pool(cpu_count()); list(shop.map(int, range(cpu_count()))); shop.shutdown()"
)
IMPORTS: Mapping[str, str] = {
    "Python": "pass",
    "Python with the libraries that every command needs": EVERY,
    "Python with those that feeds are made with too": FEEDS,
    "Python with those that pages are made with too": f"{FEEDS}, jinja2",
    "this program loaded, to make heads only": HEADS,
    "this program loaded, to make everything": EVERYTHING,
    "this program loaded, to make heads only, and a process started for each core": SHARING,
}
"""What is started, and its program."""
HERE = {"PYTHONPATH": str(Path(__file__).parent.parent)}
WRITER = Path(__file__).with_name("write_files.py")
TIMES = 3
"""Runs for each one that a build gets: they are short, so the clock tells less of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What a part of a build costs alone; its `memory` is 0 where it was not watched."""

    text: str
    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What it costs to write so many files of so many bytes together."""

    floor: Floor
    files: int
    size: int


def measure_loading(repeats: int) -> dict[str, Floor]:
    """Medians of `repeats` times TIMES runs, all in turn, by program."""
    costs: dict[str, list[Cost]] = {text: [] for text in IMPORTS}
    memory: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for text, program in IMPORTS.items():  # this one warms up
            lasting = f"{program}\nimport time\ntime.sleep(0.2)"  # long enough to be looked at
            memory[text] = run([sys.executable, "-c", lasting], Path(folder), environment=HERE, is_watched=True).memory
        for _ in range(repeats * TIMES):
            for text, program in IMPORTS.items():
                costs[text].append(run([sys.executable, "-c", program], Path(folder), environment=HERE))
    return {IMPORTS[text]: _floor(text, each, memory[text]) for text, each in costs.items()}


def least_loading(measured: Sequence[Mapping[str, Floor]]) -> Mapping[str, Floor]:
    """Of each program what it took at the quickest time."""
    return {program: min((each[program] for each in measured), key=lambda floor: floor.wall) for program in measured[0]}


def measure_writing(published: Path, repeats: int) -> Writing:
    """What it takes to write files like those below a folder, and nothing else: medians of so many runs."""
    sizes = {path.relative_to(published).as_posix(): path.stat().st_size for path in published.rglob("*") if path.is_file()}
    costs = []
    with tempfile.TemporaryDirectory(dir=published.parent) as folder:  # on the same file system
        listing = Path(folder, "listing")
        listing.write_text(json.dumps(sizes), "utf-8")
        for number in range(repeats):
            command = [sys.executable, str(WRITER), str(listing), str(Path(folder, str(number)))]
            costs.append(run(command, Path(folder), environment={}))
    files, size = len(sizes), sum(sizes.values())
    return Writing(floor=_floor(f"{files:,} files written, {size / 1e6:,.0f} MB", costs, 0), files=files, size=size)


def _floor(text: str, costs: Sequence[Cost], memory: int) -> Floor:
    wall, cpu = (statistics.median(each) for each in zip(*((cost.wall, cost.cpu) for cost in costs), strict=True))
    return Floor(text=text, wall=wall, cpu=cpu, memory=memory)
