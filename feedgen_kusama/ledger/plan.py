"""The plan: what a build makes of every entry, in words that a person can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from feedgen_kusama.ledger.placed import Placed
    from feedgen_kusama.ledger.records import Record

Verb = Literal["new", "changed", "refreshed", "retracted", "returned", "unchanged"]
VERBS: tuple[Verb, ...] = ("new", "changed", "refreshed", "returned", "retracted", "unchanged")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of one entry, by its edition, slug and document. A changed one names the words added and removed."""

    verb: Verb
    edition: str
    slug: str
    source: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @classmethod
    def between(cls, old: Record | None, new: Record) -> Change:
        """The change from an entry's old record (None: there was none) to its new one."""
        if old is None:
            return cls._of(new, "new")
        if new.retracted is not None:
            return cls._of(new, "retracted")
        added: tuple[str, ...] = ()
        removed: tuple[str, ...] = ()
        if old.digest != new.digest:
            from feedgen_kusama.ledger.likeness import added_and_removed  # a build without change compares no words

            added, removed = added_and_removed(f"{old.title}\n{old.text}", f"{new.title}\n{new.text}")
        if old.retracted is not None:
            return cls._of(new, "returned", added, removed)
        if old.digest != new.digest:
            return cls._of(new, "changed", added, removed)
        return cls._of(new, "unchanged" if old == new else "refreshed")

    @classmethod
    def _of(cls, record: Record, verb: Verb, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()) -> Change:
        place = {"edition": record.edition, "slug": record.slug, "source": record.source}
        return cls(verb=verb, added=added, removed=removed, **place)


class Duplicate(msgspec.Struct, frozen=True, kw_only=True):
    """A story that stands in a second place with the same words, and the one that is published."""

    placed: Placed
    kept: Placed


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What changes, how many entries do not, the duplicates left out, and how many of the entries that do not change
    wait for their document to be mended."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    duplicates: tuple[Duplicate, ...] = ()
    held: int = 0

    def counts(self) -> Counter[str]:
        counts: Counter[str] = Counter(change.verb for change in self.changes)
        counts["unchanged"] = self.unchanged
        return counts

    def having(self, verb: Verb) -> Iterator[Change]:
        return (change for change in self.changes if change.verb == verb)
