"""How alike a record and a draft are: what decides whether they are the same story."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from feedgen_kusama.ledger.assignment import best_assignment
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.words import split_words

LEAST = 0.35
"""Below this two stories are different ones. Two stories of one edition on one topic reach about 0.3,
a story with two fifths of its words replaced and a new title still 0.45."""
TITLE, TOPIC, PLACE = 0.4, 0.05, 0.05
"""What the same title, topic and place add to the likeness of the bodies, which is at most 1."""

LEAST_RETURNING = 0.2
"""A story with less of the words of a retracted one is another, be it called the same."""
RETURNING = 0.02
"""What a retracted record lacks in likeness: of two equals the one that is still published goes on."""


class Words(msgspec.Struct, frozen=True):
    """A story as bags of words."""

    title: Mapping[str, int]
    body: Mapping[str, int]

    @classmethod
    def of(cls, title: str, text: str) -> Words:
        return cls(Counter(split_words(title)), Counter(split_words(text)))


class Rarity:
    """How much each word tells stories apart: one that all of them share tells nothing."""

    def __init__(self, stories: Iterable[Words]) -> None:
        found: Counter[str] = Counter()
        count = 0
        for story in stories:
            found.update(set(story.body) | set(story.title))
            count += 1
        self._weights = {word: math.log((count + 1) / n) + 0.05 for word, n in found.items()}

    def overlap(self, one: Mapping[str, int], other: Mapping[str, int]) -> float:
        """Dice's coefficient of two bags, each word by its rarity: 0 nothing in common, 1 the same words."""
        both = sum(self._weights[word] * min(n, other[word]) for word, n in one.items() if word in other)
        total = self._sum(one) + self._sum(other)
        return 2 * both / total if total else 1.0

    def _sum(self, bag: Mapping[str, int]) -> float:
        return sum(self._weights[word] * n for word, n in bag.items())


def assign(records: Sequence[Record], drafts: Sequence[Placed], everyone: Sequence[Placed]) -> list[Record | None]:
    """Which of an edition's records each draft continues; `everyone` are all drafts that stand beside these."""
    if not records:
        return [None] * len(drafts)
    words = {id(p): Words.of(p.title, p.text) for p in everyone}
    old = [Words.of(r.title, r.text) for r in records]
    rarity = Rarity([*words.values(), *old])
    last_draft, last_record = max(p.position for p in everyone) or 1, max(r.position for r in records) or 1

    def gain(placed: Placed, record: Record, of_record: Words) -> float:
        mine = words[id(placed)]
        apart = abs(placed.position / last_draft - record.position / last_record)
        same = rarity.overlap(mine.body, of_record.body)
        if record.retracted and record.text and same < LEAST_RETURNING:
            return 0.0
        score = same + TITLE * rarity.overlap(mine.title, of_record.title)
        score += TOPIC * (placed.topic == record.topic) + PLACE * (1 - apart)
        return max(score - LEAST - (RETURNING if record.retracted else 0.0), 0.0)

    gains = [[gain(placed, record, bag) for record, bag in zip(records, old, strict=True)] for placed in drafts]
    return [None if column is None else records[column] for column in best_assignment(gains)]


def added_and_removed(old: str, new: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words that a change added and removed, in reading order."""
    before, after = Counter(split_words(old)), Counter(split_words(new))
    return _in_order(new, after - before), _in_order(old, before - after)


def _in_order(text: str, wanted: Counter[str]) -> tuple[str, ...]:
    left = Counter(wanted)
    found: list[str] = []
    for word in split_words(text):
        if left[word] > 0:
            left[word] -= 1
            found.append(word)
    return tuple(found)
