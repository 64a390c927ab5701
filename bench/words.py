"""The words of the sample editions that may stand for one another, so that no two stories say the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from feedgen_kusama.documents.calendars import ORDINALS
from feedgen_kusama.documents.topics import Classifier
from feedgen_kusama.model import Topic
from feedgen_kusama.month_names import month_names
from feedgen_kusama.words import split_words

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST = 4
"""Shorter words are mostly grammar."""
SHARE = 0.6
"""How many of the words that may change do."""
ENDINGS = ("ing", "ed", "ly", "s")
KEPT = frozenset(
    """about above after again against also although another article because been before behind below between both byline could
    date does during each either else even ever every eleven five four from half have headline here into just less many more
    most much must neither never nine nobody none nothing once only other others over quite rather same seven should since some
    such than that their them then there these they this those three through under until upon very were what when where whether
    which while whoever whom whose with within without would year years your twelve eight thousand hundred month months week
    weeks references notes second third first kusama news desk correspondent reporter""".split()
)
"""Grammar, numbers, and what documents are built of: changing these would change how a document is read."""

Groups = Mapping[tuple[str, int], Sequence[str]]


class Vocabulary:
    """Words by ending and length: those of a group stand for one another. Words of topics are in none."""

    def __init__(self, texts: Iterable[str], topics: Sequence[Topic]) -> None:
        said = {word for topic in topics for phrase in topic.words for word in split_words(phrase)}
        calendar = {name.casefold() for names in month_names("en") for name in names} | set(ORDINALS)
        classifier = Classifier(topics)
        groups: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in sorted({word for text in texts for word in WORD.findall(text)}):
            is_plain = word.isascii() and word.isalpha() and word.islower() and len(word) >= SHORTEST
            if is_plain and word not in KEPT | said | calendar and not any(classifier.classify("", word).scores.values()):
                groups[_kind(word)].append(word)
        self.groups: Groups = {kind: words for kind, words in groups.items() if len(words) > 1}
        self.words = frozenset(word for words in self.groups.values() for word in words)

    def replace(self, word: str, random: Random, *, share: float = SHARE) -> str:
        """Another word of the same group in the same letter case, or this one."""
        plain = word.lower()
        if plain not in self.words or random.random() >= share:
            return word
        found = random.choice(self.groups[_kind(plain)])
        return found.capitalize() if word[0].isupper() else found


def _kind(word: str) -> tuple[str, int]:
    """Ending and length: lines stay as long as they were, sentences nearly as good."""
    return next((ending for ending in ENDINGS if word.endswith(ending)), ""), len(word)
