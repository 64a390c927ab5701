"""A bar that shows how far a command is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator

import click

PATIENCE = 1.0
"""Seconds that pass before progress is shown."""


def with_progress(names: Iterable[str], length: int, *, label: str) -> Iterable[str]:
    """The names, with a bar on a terminal once it takes longer than a moment."""
    return _show_progress(names, length, label) if sys.stderr.isatty() else names


def _show_progress(names: Iterable[str], length: int, label: str) -> Iterator[str]:
    begun = time.monotonic()
    waiting = iter(names)
    done = 0
    for name in waiting:
        yield name
        done += 1
        if time.monotonic() - begun > PATIENCE:
            break
    else:
        return
    with click.progressbar(waiting, length=length, label=label, file=sys.stderr) as bar:
        bar.update(done)
        yield from bar
