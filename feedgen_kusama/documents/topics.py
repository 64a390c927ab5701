"""Which topic an entry belongs to: weighted words in its heading and its body, and its place.

Heading and body are weighed together, so that neither a heading that names another topic in
passing nor a body full of borrowed words decides alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
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
    words: tuple[str, ...]
    is_stem: bool
    weight: float


class Evidence(Struct, frozen=True):
    """The terms that a section uses, each with its weight there."""

    heading: Sequence[tuple[float, Term]]
    body: Sequence[tuple[float, Term]]

    def reasons(self, topic: str) -> Iterator[Reason]:
        """What speaks for one topic."""
        for weight, term in self.heading:
            if term.topic == topic:
                yield Reason(word=term.text, where="heading", weight=round(weight, 2))
        for weight, term in self.body:
            if term.topic == topic:
                yield Reason(word=term.text, where="body", weight=round(weight, 2))


class Verdict(Struct, frozen=True):
    """What classification found: every topic's score, and the evidence for the winner."""

    topic: str | None
    reasons: tuple[Reason, ...]
    scores: Mapping[str, float]

    @property
    def margin(self) -> float:
        """By how much the winner leads, as a share of its score."""
        best = sorted(self.scores.values(), reverse=True)
        return 0.0 if not best or best[0] <= 0 else 1 - (best[1] if len(best) > 1 else 0.0) / best[0]


class _Known(dict[str, tuple[Term, ...]]):
    """The terms that begin with each word, looked up once a word; begun anew where there are very many."""

    def __init__(self, find: Callable[[str], tuple[Term, ...]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> tuple[Term, ...]:
        if len(self) >= MOST_WORDS_KNOWN:
            self.clear()
        found = self[word] = self._find(word)
        return found


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
        self._starting_with = _Known(self._find_starting_with)

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

    def _terms_in(self, text: str) -> Mapping[Term, int]:
        """The terms that a text uses, and how often each."""
        words, known = split_words(text), self._starting_with
        found = [(index, terms) for index, word in enumerate(words) if (terms := known[word])]
        return Counter(term for index, terms in found for term in terms if len(term.words) == 1 or _goes_on(words, index, term))

    def weigh(self, heading: str, body: str) -> Evidence:
        """What the words of a section say for every topic."""
        in_heading = [(HEADING_FACTOR * term.weight * math.sqrt(n), term) for term, n in self._terms_in(heading).items()]
        in_body = [(term.weight * math.sqrt(n), term) for term, n in self._terms_in(body).items()]
        return Evidence(in_heading, in_body)

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
            scores[term.topic] += round(weight, 2)
        named = sum(1 for score in scores.values() if score >= HEADING_FACTOR)
        for weight, term in evidence.body:
            scores[term.topic] += round(weight, 2)
        by_place = [] if place == "between" else list(self._place_reasons(place, named))
        for topic, reason in by_place:
            scores[topic] += reason.weight
        for topic in told_elsewhere if place != "between" else ():
            if topic in scores:
                scores[topic] *= TOLD_ELSEWHERE[place]
        best = max(scores, key=scores.__getitem__)  # of equals the one configured first
        if scores[best] < LEAST_SCORE:
            return Verdict(None, (), scores)
        reasons = [*evidence.reasons(best), *(reason for topic, reason in by_place if topic == best)]
        return Verdict(best, tuple(sorted(reasons, key=lambda reason: (-reason.weight, reason.word))), scores)

    def _place_reasons(self, place: Place, named: int) -> Iterator[tuple[str, Reason]]:
        """What standing first or last says for topics, where the heading names so many of them."""
        for topic in self.topics.values():
            bonus = topic.opening if place == "first" else topic.closing
            if bonus:
                yield topic.id, Reason(word=f"stands {place}", where="place", weight=bonus)
            if bonus and place == "first" and named > 1:
                yield topic.id, Reason(word=f"names {named} topics", where="heading", weight=SUBJECT_WEIGHT * (named - 1))


def _goes_on(words: Sequence[str], index: int, term: Term) -> bool:
    found = words[index : index + len(term.words)]
    if len(found) < len(term.words) or tuple(found[:-1]) != term.words[:-1]:
        return False
    return found[-1].startswith(term.words[-1]) if term.is_stem else found[-1] == term.words[-1]
