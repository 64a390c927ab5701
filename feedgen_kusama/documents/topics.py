"""Which topic an entry belongs to: weighted words in its heading and its body, and its place.

Heading and body are weighed together, so that neither a heading that names another topic in
passing nor a body full of borrowed words decides alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from feedgen_kusama.model import Reason, Topic
from feedgen_kusama.words import split_words

HEADING_FACTOR = 3.0
"""How much more a word counts in a heading than once in the body."""
LEAST_SCORE = 2.0
"""Below this no topic claims a section."""
SUBJECT_WEIGHT = 3.0
"""What each further topic named in an opening's heading adds: who names several sums up."""
TOLD_ELSEWHERE = {"first": 0.3, "last": 0.6}
"""What is left of a topic's score where the document tells that topic in a section of its own."""
MOST_WORDS_KNOWN = 50_000
Place = Literal["first", "last", "between"]


class Term(Struct, frozen=True, eq=False):
    """A word or phrase of a topic; `is_stem` says whether its last word may go on. Each is only equal to itself."""

    topic: str
    text: str
    first: str
    second: str
    """Empty where there is none. At hand, since nearly all phrases end here."""
    rest: tuple[str, ...]
    """The words after the first."""
    is_stem: bool
    weight: float


class Evidence(Struct, frozen=True):
    """The terms that a section uses, each with its weight there, rounded as it is told."""

    heading: Sequence[tuple[float, Term]] = ()
    body: Sequence[tuple[float, Term]] = ()

    def reasons(self, topic: str) -> list[Reason]:
        """What speaks for one topic."""
        return [
            *[Reason(word=term.text, where="heading", weight=weight) for weight, term in self.heading if term.topic == topic],
            *[Reason(word=term.text, where="body", weight=weight) for weight, term in self.body if term.topic == topic],
        ]


class Verdict(Struct, frozen=True):
    """What classification found: every topic's score, and what speaks for them."""

    topic: str | None
    scores: Mapping[str, float]
    evidence: Evidence = Evidence()
    further: Sequence[tuple[str, Reason]] = ()
    """What speaks for topics beside words."""
    is_general: bool = False
    """Whether the topic is that of openings: what sums up is about no one subject."""

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for the winner, strongest first."""
        if self.topic is None:
            return ()
        reasons = [*self.evidence.reasons(self.topic), *(reason for topic, reason in self.further if topic == self.topic)]
        return tuple(sorted(reasons, key=lambda reason: (-reason.weight, reason.word)))

    @property
    def leaning(self) -> str | None:
        """The topic of which most is said, be it little; None where none is spoken of, or several alike."""
        return max(self.scores, key=self.scores.__getitem__) if self.margin > 0 else None

    @property
    def margin(self) -> float:
        """By how much the winner leads, as a share of its score."""
        best = sorted(self.scores.values(), reverse=True)
        return 0.0 if not best or best[0] <= 0 else 1 - (best[1] if len(best) > 1 else 0.0) / best[0]


class _Beginnings:
    """The terms that begin with each word, looked up once a word; begun anew where there are very many."""

    def __init__(self, find: Callable[[str], tuple[Term, ...]]) -> None:
        self._find = find
        self._known: dict[str, tuple[Term, ...]] = {}
        self._idle: set[str] = set()
        """Words that begin no term: nearly all."""

    def in_words(self, words: Sequence[str]) -> list[Term]:
        """The terms that the words use, each as often as it is used."""
        idle, known = self._idle, self._known
        following = (*words[1:], "")
        return [
            term
            for index, word in enumerate(words)
            if word not in idle
            for term in known.get(word) or self._learn(word)
            if not term.second or (following[index].startswith(term.second) and _goes_on(words, index + 1, term))
        ]

    def _learn(self, word: str) -> tuple[Term, ...]:
        if len(self._known) + len(self._idle) >= MOST_WORDS_KNOWN:
            self._known.clear()
            self._idle.clear()
        terms = self._find(word)
        if terms:
            self._known[word] = terms
        else:
            self._idle.add(word)
        return terms


class Classifier:
    """The words of a publication's topics, ready to be looked up."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = {topic.id: topic for topic in topics}
        self._exact: dict[str, list[Term]] = {}
        self._stems: dict[str, list[Term]] = {}
        for topic in topics:
            for text, weight in topic.words.items():
                first, second, *_ = words = (*split_words(text), "", "")
                if first:
                    self._add(Term(topic.id, text, first, second, words[1:-2], text.endswith("*"), weight))
        self._beginnings = _Beginnings(self._find_starting_with)

    def narrowed(self, names: Collection[str]) -> Classifier:
        """A classifier for only the topics named (by id, title or alias); this one where none is known."""
        if not names:
            return self
        wanted = {name.casefold() for name in names}
        chosen = [topic for topic in self.topics.values() if wanted & topic.names]
        return Classifier(chosen) if chosen else self

    def _add(self, term: Term) -> None:
        is_open = term.is_stem and not term.rest
        (self._stems if is_open else self._exact).setdefault(term.first, []).append(term)

    def _find_starting_with(self, word: str) -> tuple[Term, ...]:
        found = list(self._exact.get(word, ()))
        for end in range(1, len(word) + 1):
            found += self._stems.get(word[:end], ())
        return tuple(found)

    def _terms_in(self, text: str, factor: float) -> list[tuple[float, Term]]:
        """The terms that a text uses, each with what it weighs there."""
        counts: dict[Term, int] = {}
        for term in self._beginnings.in_words(split_words(text.replace("$", " dollar "))):  # an amount says so as the word does
            counts[term] = counts.get(term, 0) + 1
        return [(_weigh_uses(factor * term.weight, n), term) for term, n in counts.items()]

    def weigh(self, heading: str, body: str) -> Evidence:
        """What the words of a section say for every topic."""
        return Evidence(self._terms_in(heading, HEADING_FACTOR), self._terms_in(body, 1.0))

    def classify(self, heading: str, body: str, place: Place = "between", told_elsewhere: Collection[str] = ()) -> Verdict:
        """The topic that the words of a section claim, None where none does."""
        return self.judge(self.weigh(heading, body), place, told_elsewhere)

    def judge(self, evidence: Evidence, place: Place = "between", told_elsewhere: Collection[str] = ()) -> Verdict:
        """The topic that the evidence speaks for.

        An opening sums up and a closing looks ahead, both in the words of the stories between:
        there the topics `told_elsewhere` in the document count less.
        """
        scores = dict.fromkeys(self.topics, 0.0)
        for weight, term in evidence.heading:
            scores[term.topic] += weight
        headed = () if place == "between" else tuple(scores.values())
        for weight, term in evidence.body:
            scores[term.topic] += weight
        if place == "last" and not self._may_close(scores):
            place, headed = "between", ()
        by_place = list(self._place_reasons(place, headed)) if headed else []
        for topic, reason in by_place:
            scores[topic] += reason.weight
        for topic in told_elsewhere if place != "between" else ():
            if topic in scores:
                scores[topic] *= TOLD_ELSEWHERE[place]
        best = max(scores, key=scores.__getitem__)  # of equals the one configured first
        if scores[best] < LEAST_SCORE:
            return Verdict(None, scores, evidence, by_place)
        return Verdict(best, scores, evidence, by_place, is_general=self.topics[best].opening > 0)

    def _may_close(self, scores: Mapping[str, float]) -> bool:
        """Whether a last section may be the closing: its words speak for that, or for nothing."""
        return not any(scores.values()) or any(scores[topic.id] for topic in self.topics.values() if topic.closing)

    def _place_reasons(self, place: Place, headed: Sequence[float]) -> Iterator[tuple[str, Reason]]:
        """What standing first or last says for topics, where the heading scores so much for each of them."""
        named = sum(1 for score in headed if score >= HEADING_FACTOR)
        for topic in self.topics.values():
            bonus = topic.opening if place == "first" else topic.closing
            if bonus:
                yield topic.id, Reason(word=f"stands {place}", where="place", weight=bonus)
            if bonus and place == "first" and named > 1:
                yield topic.id, Reason(word=f"names {named} topics", where="heading", weight=SUBJECT_WEIGHT * (named - 1))


@lru_cache(maxsize=1_000)
def _weigh_uses(weight: float, uses: int) -> float:
    """What a term weighs that is used so often; rounded, as it is told."""
    return round(weight * math.sqrt(uses), 2)


def _goes_on(words: Sequence[str], index: int, term: Term) -> bool:
    """Whether a phrase that begins before a word goes on there to its end."""
    rest = term.rest
    end = index + len(rest) - 1
    if end >= len(words) or not (words[end].startswith(rest[-1]) if term.is_stem else words[end] == rest[-1]):
        return False
    return tuple(words[index:end]) == rest[:-1]
