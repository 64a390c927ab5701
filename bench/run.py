"""The benchmark's command: makes corpora, has every tool publish them, and prints what that costs."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)

from bench.bounds import Measured, Place  # noqa: E402
from bench.corpus import SPANS, plan_corpus  # noqa: E402
from bench.floors import measure_writing  # noqa: E402
from bench.limits import Floors, find_floors, look  # noqa: E402
from bench.measure import RunError  # noqa: E402
from bench.report import PICTURE, Run, render  # noqa: E402
from bench.rounds import WORKS, Figures, WrongOutputError, measure  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.stock import Stock  # noqa: E402
from bench.tools import Installed, UnavailableError  # noqa: E402
from bench.tools.table import OURS, TOOLS  # noqa: E402

SIZES, REPEATS, PATIENCE = (65, 1000, 6500), 5, 60.0
QUICK_SIZES, QUICK_REPEATS = (65,), 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure builds side by side with other tools; see docs/performance.md.")
    add = parser.add_argument
    add("--sizes", type=int, nargs="+", metavar="N", help=f"numbers of documents (default: {' '.join(map(str, SIZES))})")
    add("--shapes", nargs="+", choices=SPANS, help="how documents are spread over months (default: all)")
    add("--tools", nargs="*", choices=TOOLS, help="which tools beside this program (default: all)")
    add("--works", nargs="+", choices=WORKS, default=list(WORKS), help="what is measured; cold always is (default: all)")
    add("--repeats", type=int, metavar="N", help=f"timed runs of each work after the watched one (default: {REPEATS})")
    add(
        "--patience",
        type=float,
        default=PATIENCE,
        metavar="SECONDS",
        help="another tool slower than this when cold runs once, and not where this is to be expected",
    )
    add("--quick", action="store_true", help=f"{QUICK_SIZES[0]} documents, a month each, one run of each work")
    add("--no-micro", action="store_true", help="leave out the measurements in process")
    add("--write", type=Path, metavar="FILE", help=f"write the report there, and the plot to {PICTURE} beside it")
    add("--folder", type=Path, default=Path(tempfile.gettempdir()) / "feedgen-kusama-bench", help="where tools and sites go")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark as the command line says; exit status 1 where a tool fails."""
    chosen = _parser().parse_args(arguments)
    if chosen.write and not find_spec("matplotlib"):
        sys.exit("--write draws a plot, which needs one more package: pip install -e '.[bench]'")
    sizes = chosen.sizes or (QUICK_SIZES if chosen.quick else SIZES)
    shapes = chosen.shapes or (["months"] if chosen.quick else list(SPANS))
    repeats = chosen.repeats if chosen.repeats is not None else QUICK_REPEATS if chosen.quick else REPEATS
    wanted = [*OURS, *(id for id in TOOLS if id not in OURS and (chosen.tools is None or id in chosen.tools))]
    installed, skipped = install(wanted, chosen.folder / "tools")
    floors: dict[Place, Floors] = {}
    measured: dict[tuple[str, int], Figures] = {}
    entries: dict[tuple[str, int], int] = {}
    for shape in shapes:
        for size in sizes:
            stock = Stock(corpus=plan_corpus(size, shape))
            tell(f"{size:,} documents, {shape}")
            entries[shape, size] = stock.counts.total()
            quick = {id: tool for id, tool in installed.items() if expected_wall(id, size, measured) <= chosen.patience}
            sites = lay_out(stock, quick, chosen.folder / "sites")
            looks = [] if chosen.no_micro else [look(repeats)]
            try:
                measured[shape, size] = measure(sites, chosen.works, repeats=repeats, patience=chosen.patience, tell=tell)
            except (RunError, WrongOutputError) as error:
                sys.exit(str(error))
            if looks:  # a machine is slower at some times than at others: again after what stands on these floors
                everything = next(site for site in sites if site.tool.id == "everything")
                writing = measure_writing(everything.published, repeats)
                floors[shape, size] = find_floors([*looks, look(repeats)], writing)
    day = datetime.now(timezone.utc).date()  # noqa: TID251
    run = Run(
        day=day,
        measured=measured,
        entries=entries,
        floors=floors,
        installed=installed,
        skipped=skipped,
    )
    print(render(run, has_picture=False))
    if chosen.write:
        write(run, chosen.write, shape=shapes[0])


def install(wanted: Sequence[str], folder: Path) -> tuple[dict[str, Installed], dict[str, str]]:
    """The tools that could be had, and why the others could not."""
    installed, skipped = {}, {}
    for id in wanted:
        try:
            installed[id] = TOOLS[id].install(folder)
        except UnavailableError as error:
            skipped[id] = str(error)
            tell(f"{TOOLS[id].title}: left out, {error}")
    return installed, skipped


def expected_wall(tool: str, size: int, measured: Measured) -> float:
    """Seconds that another tool may take when cold, as it took with other documents."""
    known = [(count, figures[tool, "cold"].wall) for (_, count), figures in measured.items() if (tool, "cold") in figures]
    return max((wall * size / count for count, wall in known), default=0.0) if tool not in OURS else 0.0


def lay_out(stock: Stock, installed: dict[str, Installed], folder: Path) -> list[Site]:
    """A new site for each tool."""
    shutil.rmtree(folder, ignore_errors=True)
    sites = [Site(tool=TOOLS[id], installed=found, stock=stock, folder=folder / id) for id, found in installed.items()]
    for site in sites:
        site.lay_out()
    os.sync()  # what is still to be written would slow down the first runs
    return sites


def write(run: Run, path: Path, *, shape: str) -> None:
    """Write the report, and the plot of one shape beside it."""
    from bench.plot import draw  # matplotlib is needed for nothing else

    draw(run.measured, path.parent / PICTURE, shape=shape)
    path.write_text(render(run, has_picture=True), "utf-8")


def tell(line: str) -> None:
    """Say how far the run has come."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
