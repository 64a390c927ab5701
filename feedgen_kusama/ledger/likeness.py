"""How alike a record and a draft are: what decides whether they are the same story."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from feedgen_kusama.words import split_words

LEAST = 0.35
"""Below this two stories are different ones. Two stories of one edition on one topic reach about 0.3,
a story with two fifths of its words replaced and a new title still 0.45."""
TITLE, TOPIC, PLACE = 0.4, 0.05, 0.05
"""What the same title, topic and place add to the likeness of the bodies, which is at most 1."""


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
