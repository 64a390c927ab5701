"""A build in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedgen_kusama.orders import Result

MOST_NAMED = 3
"""Files of others that the summary names."""


def render_summary(result: Result, *, dry_run: bool = False) -> str:
    """What a build found and did."""
    difference = result.difference
    retracted = result.plan.counts()["retracted"]
    entries = count(result.entries, "entry", "entries") + (f" ({retracted} retracted)" if retracted else "")
    parts = [count(result.documents, "document"), entries, count(result.feeds, "feed")]
    write, remove = ("to write", "to remove") if dry_run else ("written", "removed")
    files = [f"{len(difference.write)} {write}", f"{len(difference.unchanged)} unchanged"]
    if difference.remove:
        files.append(f"{len(difference.remove)} {remove}")
    if difference.beside:
        files.append(f"{len(difference.beside)} of others left alone ({', '.join(difference.beside[:MOST_NAMED])})")
    return f"{', '.join(parts)}: {', '.join(files)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
