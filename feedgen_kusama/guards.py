"""What a build refuses to do: each raises before anything is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from feedgen_kusama.check.findings import Finding
from feedgen_kusama.errors import RefusedError
from feedgen_kusama.ledger.plan import Plan
from feedgen_kusama.model import Problem

MOST_RETRACTED, MOST_RETRACTED_SHARE = 10, 0.2
"""More retractions at once than either are a folder that is missing rather than an editor's decision,"""
FEW_RETRACTED = 4
"""unless they are so few, and their documents are all there: of a publication that begins this may be everything."""


def refuse_problems(problems: Sequence[Problem]) -> None:
    """Raise RefusedError where there is any problem."""
    if problems:
        raise RefusedError("\n".join([*map(str, problems), "nothing was published: --strict allows no problem"]))


def refuse_faults(faults: Sequence[Finding]) -> None:
    """Raise RefusedError where a feed would be written that breaks for its readers: good ones are not replaced by it."""
    if faults:
        raise RefusedError("\n".join([*map(str, faults), "refused: these feeds would break for readers; nothing was changed"]))


def refuse_retractions(live: int, plan: Plan, source: Path) -> None:
    """Raise RefusedError where a build would retract more of the `live` stories at once than an editor does."""
    gone = list(plan.having("retracted"))
    by_source = Counter(change.source for change in gone)
    missing = {name for name in by_source if not (source / name).exists()}
    is_share = len(gone) <= MOST_RETRACTED_SHARE * live
    if len(gone) <= MOST_RETRACTED and (is_share or (len(gone) <= FEW_RETRACTED and not missing)):
        return
    lines = [f"refused: {len(gone)} of {live} stories would be retracted; nothing was changed"]
    for name, count in sorted(by_source.items()):
        why = ": the file is missing" if name in missing else ""
        lines.append(f"  {source.as_posix()}/{name}: {count} entr{'y' if count == 1 else 'ies'}{why}")
    raise RefusedError("\n".join([*lines, "if this is meant, build with --allow-retractions"]))
