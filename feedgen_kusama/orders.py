"""What a build is told, and what it tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from feedgen_kusama.model import Problem
from feedgen_kusama.output import Difference
from feedgen_kusama.settings import Settings

if TYPE_CHECKING:
    from feedgen_kusama.ledger.plan import Plan


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where, when and by which settings a build takes place."""

    settings: Settings
    source: Path
    output: Path
    now: datetime
    base: str
    """A digest of the program and the settings."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to build. `watch` is given the names of the documents to be parsed and hands them back, to show progress.
    Much work is shared by as many processes as `jobs` says (None: one a core), or done by a Dask cluster."""

    dry_run: bool = False
    strict: bool = False
    allow_retractions: bool = False
    watch: Callable[[Sequence[str]], Iterable[str]] = iter
    jobs: int | None = None
    dask: str | None = None
    """The address of its scheduler."""


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a build found and did, or with `dry_run` would have done."""

    documents: int
    entries: int
    feeds: int
    plan: Plan
    difference: Difference
    problems: tuple[Problem, ...]
    parsed: tuple[str, ...] = ()
    """The documents that had to be parsed."""
    made: tuple[str, ...] = ()
    """The files that had to be made, to be compared with those that are there."""
