"""What moved to another month and was edited on the way: words that are not the same need more than likeness.

Every month has stories that read alike (the same events, the same prices with other figures). A
story goes on in another month only where its document went there, or where all but its words for
a slip stand in another document.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from feedgen_kusama.ledger.likeness import assign
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.words import split_words

LEAST_WORDS = 20
"""Shorter stories may be nearly the same by chance."""
LEAST_SAME = 0.9
"""So much of two stories' words is the same where only slips were mended (Dice's coefficient)."""
LEAST_MOVED = 2
"""So many stories of a document, and half of all that it has, take the others along."""
_EDGE = 6
"""Words at which a story is looked up: a slip leaves its beginning or its end alone."""

Pair = tuple[Record, Placed]


class _Way(msgspec.Struct, frozen=True):
    """From which document and month to which."""

    old: tuple[str, str]
    new: tuple[str, str]

    @classmethod
    def of(cls, record: Record, placed: Placed) -> _Way:
        return cls((record.source, record.edition), (placed.source, str(placed.edition)))


def find_moved(records: Iterable[Record], drafts: Sequence[Placed], paired: Sequence[Pair]) -> Iterator[Pair]:
    """The records, still published, that `drafts` of other months continue. `paired` are all pairs found so far."""
    live = [record for record in records if record.retracted is None]
    if not live or not drafts:
        return
    alike = list(_find_alike(live, drafts))
    taken: set[int] = set()
    for record, placed in (
        *_take_along(live, drafts, paired, alike),
        *(pair for pair in alike if pair[0].source != pair[1].source),
    ):
        if taken.isdisjoint((id(record), id(placed))):
            taken |= {id(record), id(placed)}
            yield record, placed


def _take_along(
    records: Sequence[Record], drafts: Sequence[Placed], paired: Sequence[Pair], alike: Sequence[Pair]
) -> Iterator[Pair]:
    """What changed in documents most of whose stories moved: it is found as within a month."""
    moved = Counter(_Way.of(*pair) for pair in (*paired, *alike) if pair[0].edition != str(pair[1].edition))
    if not moved:
        return
    everyone = defaultdict(list)
    for placed in (*(placed for _, placed in paired), *drafts):
        everyone[placed.source, str(placed.edition)].append(placed)
    for way, count in moved.items():
        if count < LEAST_MOVED or 2 * count < len(everyone[way.new]):
            continue
        candidates = [record for record in records if (record.source, record.edition) == way.old]
        wanting = [placed for placed in drafts if (placed.source, str(placed.edition)) == way.new]
        for placed, record in zip(wanting, assign(candidates, wanting, everyone[way.new]), strict=True):
            if record is not None:
                yield record, placed


def _find_alike(records: Iterable[Record], drafts: Iterable[Placed]) -> Iterator[Pair]:
    """Records and drafts of other months that differ by slips alone, each once."""
    bags = [(record, split_words(record.text)) for record in records]
    found: dict[tuple[object, ...], list[tuple[Record, list[str]]]] = defaultdict(list)
    for record, words in bags:
        for key in _edges(words):
            found[key].append((record, words))
    taken: set[str] = set()
    for placed in drafts:
        words = split_words(placed.text)
        candidates = [pair for key in _edges(words) for pair in found[key] if pair[0].id not in taken]
        candidates = [pair for pair in candidates if pair[0].edition != str(placed.edition)]
        best = max(candidates, key=lambda pair: _same(pair[1], words), default=None)
        if best and min(len(words), len(best[1])) >= LEAST_WORDS and _same(best[1], words) >= LEAST_SAME:
            taken.add(best[0].id)
            yield best[0], placed


def _edges(words: Sequence[str]) -> tuple[tuple[object, ...], ...]:
    return ("from", *words[:_EDGE]), ("to", *words[-_EDGE:])


def _same(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that two stories have in common (Dice's coefficient)."""
    return 2 * (Counter(one) & Counter(other)).total() / ((len(one) + len(other)) or 1)
