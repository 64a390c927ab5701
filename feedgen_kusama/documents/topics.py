"""Which topic an entry belongs to: weighted words in its heading and its body, and its place.

Heading and body are weighed together, so that neither a heading that names another topic in
passing nor a body full of borrowed words decides alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from feedgen_kusama.model import Reason, Topic
from feedgen_kusama.words import split_words

HEADING_FACTOR = 3.0
"""How much more a word counts in a heading than once in the body."""
LEAST_SCORE = 2.0
"""Below this no topic claims a section."""
SUBJECT_WEIGHT = 3.0
"""What each further topic named in an opening's heading adds: who names several sums up."""
TOLD_ELSEWHERE = {"first": 0.3, "last": 0.6, "between": 1.0}
"""What is left of a topic's score where the document tells that topic in a section of its own."""
Place = Literal["first", "last", "between"]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase of a topic; `is_stem` says whether its last word may go on."""

    topic: str
    text: str
    words: tuple[str, ...]
    is_stem: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What classification found: every topic's score, and the evidence for the winner."""

    topic: str | None
    reasons: tuple[Reason, ...]
    scores: Mapping[str, float]

    @property
    def margin(self) -> float:
        """By how much the winner leads, as a share of its score."""
        best = sorted(self.scores.values(), reverse=True)
        return 0.0 if not best or best[0] <= 0 else 1 - (best[1] if len(best) > 1 else 0.0) / best[0]


class Classifier:
    """The words of a publication's topics, ready to be looked up."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = {topic.id: topic for topic in topics}
        self._exact: dict[str, list[Term]] = {}
        self._stems: dict[str, list[Term]] = {}
        for topic in topics:
            for text, weight in topic.words.items():
                words = tuple(split_words(text))
                if words:
                    self._add(Term(topic.id, text, words, text.endswith("*"), weight))
        self._starting_with = lru_cache(maxsize=20_000)(self._find_starting_with)

    def narrowed(self, names: Collection[str]) -> Classifier:
        """A classifier for only the topics named (by id, title or alias); this one where none is known."""
        wanted = {name.casefold() for name in names}
        chosen = [topic for topic in self.topics.values() if wanted & topic.names]
        return Classifier(chosen) if chosen else self

    def _add(self, term: Term) -> None:
        is_open = term.is_stem and len(term.words) == 1
        (self._stems if is_open else self._exact).setdefault(term.words[0], []).append(term)

    def _find_starting_with(self, word: str) -> tuple[Term, ...]:
        found = list(self._exact.get(word, ()))
        for end in range(2, len(word) + 1):
            found += self._stems.get(word[:end], ())
        return tuple(found)

    def _terms_in(self, words: Sequence[str]) -> Iterator[Term]:
        for index, word in enumerate(words):
            for term in self._starting_with(word):
                if len(term.words) == 1 or _goes_on(words, index, term):
                    yield term

    def classify(self, heading: str, body: str, place: Place = "between", told_elsewhere: Collection[str] = ()) -> Verdict:
        """The topic that the words of a section claim, None where none does.

        An opening sums up and a closing looks ahead, both in the words of the stories between:
        there the topics `told_elsewhere` in the document count less.
        """
        reasons: dict[str, list[Reason]] = {topic: [] for topic in self.topics}
        for term, count in Counter(self._terms_in(split_words(heading))).items():
            weight = HEADING_FACTOR * term.weight * math.sqrt(count)
            reasons[term.topic].append(Reason(word=term.text, where="heading", weight=round(weight, 2)))
        by_heading = {topic: sum(reason.weight for reason in found) for topic, found in reasons.items()}
        for term, count in Counter(self._terms_in(split_words(body))).items():
            weight = term.weight * math.sqrt(count)
            reasons[term.topic].append(Reason(word=term.text, where="body", weight=round(weight, 2)))
        named = sum(1 for found in by_heading.values() if found >= HEADING_FACTOR)
        for topic in self.topics.values():
            bonus = {"first": topic.opening, "last": topic.closing, "between": 0.0}[place]
            if bonus:
                reasons[topic.id].append(Reason(word=f"stands {place}", where="place", weight=bonus))
            if bonus and place == "first" and named > 1:
                weight = SUBJECT_WEIGHT * (named - 1)
                reasons[topic.id].append(Reason(word=f"names {named} topics", where="heading", weight=weight))
        scores = {
            topic: sum(r.weight for r in found) * (TOLD_ELSEWHERE[place] if topic in told_elsewhere else 1.0)
            for topic, found in reasons.items()
        }
        best = max(scores, key=lambda topic: scores[topic])  # of equals the one configured first
        if scores[best] < LEAST_SCORE:
            return Verdict(None, (), scores)
        deciding = tuple(sorted(reasons[best], key=lambda reason: (-reason.weight, reason.word)))
        return Verdict(best, deciding, scores)


def _goes_on(words: Sequence[str], index: int, term: Term) -> bool:
    found = words[index : index + len(term.words)]
    if len(found) < len(term.words) or tuple(found[:-1]) != term.words[:-1]:
        return False
    return found[-1].startswith(term.words[-1]) if term.is_stem else found[-1] == term.words[-1]
