"""The report: tables of what was measured, bounds with their verdicts, and what it was measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.bounds import LABELS, Measured, Place, judge
from bench.floors import least_loading
from bench.limits import PARSING, Floors, Limits
from bench.micro import Micro, least_micro
from bench.rounds import WORKS, Figure, Figures
from bench.tools import Installed
from bench.tools.table import OURS, TOOLS

PICTURE = "pictures/cost.svg"
BESIDE = ("hugo", "zola", "pelican")
"""The tools that ratios are given to."""
SHAPES = {
    "months": "as many months as there are documents, back to 1970 at most; more documents share months",
    "months65": "65 months of as many documents each as it takes",
}
INTRODUCTION = """\
# Performance

What builds cost, beside what other tools take to publish the same stories. Made in a clone by

```sh
pip install -e '.[bench]' && python bench/run.py --write docs/performance.md
```

which installs the other tools by itself, into a temporary folder. `--quick` takes a minute; `--help` tells what else
can be chosen.

- **Documents** are made from the sample editions: their structure, names and topics are kept, other words are
  exchanged, so that no two stories are alike. The same ones are made on every machine.
- **The other tools** cannot split a document: they are given one file a story, split beforehand at no cost to them.
  Each is set up to publish what is compared and no more: an RSS feed of everything and one of each topic, the newest 50
  with their whole text, no pages. *Heads only* are this program's feeds without archives and pages, in RSS, Atom and
  JSON, with the feed of whole months; *everything* is what it publishes by default. What every tool published is read
  back and counted before its times count.
- **Wall time** and **CPU time** (user and system, of all processes) are those of whole commands, medians of the runs.
  All tools do a work in turn before it is repeated; another one that is very slow when cold runs once, and
  is left out where it would be. **Memory** is the peak
  in a run that is not timed: the resident set of the process, or the proportional set sizes of all its processes
  together, whichever is more.
- A **cold** build finds neither output nor cache. An **edit** exchanges one word of one story of the newest document;
  an **added** document is the next month's.
"""


BOUNDS = f"""\
*Least* is what the floors below leave no way under, whatever is done about the rest: the program loaded; all documents of
a cold build, or the one that changed, read in {PARSING:g} times the time that mistune takes; every entry in a feed that changes
written once by feedgen in both formats, and read back by lxml wherever it stands, since nothing is published unread; the
files that change written. All that in one process, or by as many as there are cores once these have started, whichever is
quicker.
"""
FLOORS = """\
What a build cannot be quicker than, or do with less memory, whatever else it does: Python starting and importing
libraries and this program, mistune rendering every document once, feedgen writing every entry once as RSS and as Atom,
lxml parsing both, all in one process, and files like those published with everything being written, each aside first.
Measured before and after each corpus; told are the quickest times.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a run of the benchmark found out. `skipped` tells by tool why it could not be had."""

    day: date
    measured: Measured
    entries: Mapping[tuple[str, int], int]
    """How many stories the documents hold, by shape and size."""
    floors: Mapping[Place, Floors]
    installed: Mapping[str, Installed]
    skipped: Mapping[str, str]

    @property
    def micro(self) -> Micro | None:
        """The works in process, as at the quickest time."""
        return least_micro([each.micro for each in self.floors.values()]) if self.floors else None


def render(run: Run, *, has_picture: bool) -> str:
    """The whole report in Markdown."""
    parts = [INTRODUCTION, "\n".join(_circumstances(run)), "## Bounds", BOUNDS, "\n".join(_verdicts(run))]
    if has_picture:
        parts.append(f"## Cost against size\n\n![Wall time of each work against the number of documents]({PICTURE})")
    if run.micro:
        parts += ["## Inner works", "\n".join(_inner(run.micro))]
    if run.floors:
        parts += ["## Floors", FLOORS, "\n".join(_floors(run))]
    for (shape, size), figures in run.measured.items():
        parts.append(f"## {size:,} documents, {run.entries[shape, size]:,} entries, `{shape}`")
        parts.append(f"`{shape}`: {SHAPES[shape]}.")
        parts += ["\n".join(_costs(figures)), "\n".join(_ratios(figures))]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> Iterator[str]:
    """A table, the first columns aligned to the left and numbers to the right."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'|'.join(['---'] * left + ['---:'] * (len(header) - left))}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _circumstances(run: Run) -> Iterator[str]:
    yield f"Measured on {run.day:%d %B %Y}, {describe_machine()}, with:"
    yield ""
    yield f"- feedgen-kusama {run.installed[OURS[0]].version}"
    yield from (f"- {TOOLS[id].title}: {found.version}" for id, found in run.installed.items() if id not in OURS)
    yield from (f"- {TOOLS[id].title}: left out, {why}" for id, why in run.skipped.items())


def describe_machine() -> str:
    """Cores, processor, system and Python."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"


def _verdicts(run: Run) -> Iterator[str]:
    rows = [
        (v.text, v.place, f"{v.factor:g}", _ratio(v.ratio), _ratio(v.least), v.said)
        for v in judge(run.measured, run.micro, Limits(floors=run.floors, measured=run.measured).least)
    ]
    return _table(("work", "documents", "at most", "measured", "least", "bound"), rows, left=2)


def _ratio(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.2f}"


def _inner(micro: Micro) -> Iterator[str]:
    each = {"parsing": "a document read", "mistune": "a document rendered by mistune"}
    rows = [
        (each.get(name, f"an entry, {name}"), f"{seconds * 1e6:,.0f} µs")
        for name, seconds in micro.seconds.items()
        if name not in ("feeds", "feedgen")
    ]
    return _table(("in process", "time"), rows)


def _floors(run: Run) -> Iterator[str]:
    loading = least_loading([each.loading for each in run.floors.values()])
    rows = [
        (f.text, f"{f.wall:.3f} s", f"{f.cpu:.3f} s", f"{f.memory / 2**20:,.0f} MiB" if f.memory else "")
        for f in (*loading.values(), *(each.writing.floor for each in run.floors.values()))
    ]
    if run.micro:
        sizes = {size: entries for (_, size), entries in run.entries.items()}
        feedgen = 2 * run.micro.seconds["feedgen"]
        floors = {f"{size:,} documents rendered by mistune": run.micro.seconds["mistune"] * size for size in sizes}
        floors |= {f"{n:,} entries written by feedgen as RSS and Atom": feedgen * n for n in sizes.values()}
        back = 2 * run.micro.seconds["read back"]
        floors |= {f"{n:,} entries read back by lxml from both": back * n for n in sizes.values()}
        rows += [(text, f"{seconds:.3f} s", f"{seconds:.3f} s", "") for text, seconds in floors.items()]
    return _table(("floor", "wall", "CPU", "memory"), rows)


def _costs(figures: Figures) -> Iterator[str]:
    rows = []
    for id, tool in TOOLS.items():
        for work in WORKS:
            figure = figures.get((id, work))
            if figure:
                rows.append((tool.title, LABELS[work], *_cost(figure)))
    return _table(("tool", "work", "wall", "CPU", "memory", "runs"), rows, left=2)


def _cost(figure: Figure) -> tuple[str, ...]:
    memory = f"{figure.memory / 2**20:,.0f} MiB" if figure.memory else ""
    return f"{figure.wall:.3f} s", f"{figure.cpu:.3f} s", memory, str(figure.repeats)


def _ratios(figures: Figures) -> Iterator[str]:
    beside = [id for id in BESIDE if (id, "cold") in figures]
    rows = []
    for mine in OURS:
        for work in WORKS:
            if (mine, work) in figures and all((id, work) in figures for id in beside):
                walls = [f"{figures[mine, work].wall / figures[id, work].wall:.2f}" for id in beside]
                rows.append((TOOLS[mine].title, LABELS[work], *walls))
    if not rows or not beside:
        return iter(())
    return _table(("wall time", "work", *(f"÷ {TOOLS[id].title}" for id in beside)), rows, left=2)
