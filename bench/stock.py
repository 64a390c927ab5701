"""A corpus in all states that the works need, made once for all tools: documents, and the posts they split into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from bench.corpus import Corpus, change_word
from bench.posts import Post, split_document
from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader

ADDED, EDITED = -1, 0
"""The document that is added later, and the one that is edited: the newest."""


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Documents and posts. What is made lazily is made once."""

    corpus: Corpus

    @cached_property
    def reader(self) -> Reader:
        return Reader(builtin())

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(topic.id for topic in self.reader.settings.topics)

    @cached_property
    def documents(self) -> Mapping[str, str]:
        return dict(self.corpus)

    @cached_property
    def posts(self) -> Mapping[str, Sequence[Post]]:
        """The posts of every document."""
        return {name: self.split(name, text) for name, text in self.documents.items()}

    @property
    def counts(self) -> Counter[str]:
        """How many stories each topic has."""
        return Counter(post.topic for posts in self.posts.values() for post in posts)

    def split(self, name: str, text: str) -> tuple[Post, ...]:
        return tuple(split_document(self.reader, name, text))

    def edited(self, number: int) -> tuple[str, str]:
        """The name and text of the document that is edited, another word of it for each number."""
        name, text = self.corpus.document(EDITED)
        return name, change_word(text, self.corpus.vocabulary, Random(number))

    @property
    def added(self) -> tuple[str, str]:
        return self.corpus.document(ADDED)
