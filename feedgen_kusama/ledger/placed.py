"""A draft with where it stands: what the ledger decides about."""

from __future__ import annotations

from dataclasses import dataclass

from feedgen_kusama.ledger.records import digest_look, digest_words
from feedgen_kusama.model import Draft, Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A draft with where it stands: its edition, its source's name, its place in that source, its words."""

    draft: Draft
    edition: Edition
    source: str
    position: int
    text: str

    @property
    def digest(self) -> str:
        return digest_words(self.draft.title, self.text)

    @property
    def look(self) -> str:
        return digest_look(self.draft.title, self.draft.markup, self.draft.author, self.draft.role)
