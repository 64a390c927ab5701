"""Which record each draft continues: identity, found again through every edit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from feedgen_kusama.ledger.likeness import assign
from feedgen_kusama.ledger.moving import find_moved
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.records import Record


def match(records: Sequence[Record], drafts: Sequence[Placed], waiting: Collection[str]) -> list[tuple[Record, Placed]]:
    """Which record each draft continues: the same words first, then one best assignment an edition, then
    what moved to another month."""
    free = {record.id: record for record in records}
    pairs: list[tuple[Record, Placed]] = []
    left = _take_same_words(free, drafts, pairs, across_editions=False)
    free = {id: record for id, record in free.items() if id not in waiting}
    by_edition: dict[str, list[Placed]] = defaultdict(list)
    for placed in left:
        by_edition[str(placed.edition)].append(placed)
    candidates: dict[str, list[Record]] = defaultdict(list)
    for record in free.values():
        candidates[record.edition].append(record)
    everyone: dict[str, list[Placed]] = defaultdict(list)
    for placed in drafts:
        everyone[str(placed.edition)].append(placed)
    rest: list[Placed] = []
    for edition, wanting in by_edition.items():
        found = assign(candidates[edition], wanting, everyone[edition])
        for placed, mate in zip(wanting, found, strict=True):
            if mate is None:
                rest.append(placed)
            else:
                del free[mate.id]
                pairs.append((mate, placed))
    rest = _take_same_words(free, rest, pairs, across_editions=True)
    pairs += find_moved(free.values(), rest, tuple(pairs))
    return pairs


def _take_same_words(
    free: dict[str, Record], drafts: Iterable[Placed], pairs: list[tuple[Record, Placed]], *, across_editions: bool
) -> list[Placed]:
    """Pair drafts with free records of the same digest; the drafts left over are returned."""
    by_digest: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in sorted(free.values(), key=lambda r: (r.retracted is not None, r.edition, r.slug)):
        by_digest["" if across_editions else record.edition, record.digest].append(record)
    left = []
    for placed in drafts:
        found = by_digest.get(("" if across_editions else str(placed.edition), placed.digest))
        if found:
            record = found.pop(0)
            del free[record.id]
            pairs.append((record, placed))
        else:
            left.append(placed)
    return left
