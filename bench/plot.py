"""The plot of cost against size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.bounds import LABELS, Measured
from bench.tools import REBUILDS, Work
from bench.tools.table import OURS, TOOLS

COLOURS = dict(
    zip(TOOLS, ("#c8102e", "#7a0019", "#888888", "#e0007a", "#c97b00", "#1f6fb2", "#2f7d32"), strict=True),
)
MARKS = dict(zip(TOOLS, "os^Dvx+", strict=True))
INCHES = (10.0, 7.5)


def draw(measured: Measured, path: Path, *, shape: str) -> None:
    """Write a panel for each work of one shape: wall time against the number of documents, a line for each tool."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "cost"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, 2, figsize=INCHES, sharex=True, sharey=True, layout="constrained")
    for work, axis in zip(REBUILDS, axes.flat, strict=True):
        _draw_work(axis, measured, work, shape)
    for axis in axes[-1]:
        axis.set_xlabel("documents")
    for axis in axes[:, 0]:
        axis.set_ylabel("seconds")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(figure)


def _draw_work(axis: Any, measured: Measured, work: Work, shape: str) -> None:
    axis.set_title(LABELS[work], loc="left")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.grid(visible=True, which="major", color="#dddddd")
    for id, tool in TOOLS.items():
        found = [
            (size, figures[id, work].wall)
            for (of_shape, size), figures in sorted(measured.items())
            if of_shape == shape and (id, work) in figures
        ]
        if found:
            width = 2.2 if id in OURS else 1.2
            axis.plot(*zip(*found, strict=True), label=tool.title, color=COLOURS[id], marker=MARKS[id], linewidth=width)
    sizes = sorted({size for of_shape, size in measured if of_shape == shape})
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
