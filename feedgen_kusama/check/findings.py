"""What a check finds: values that name their place, and say what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from feedgen_kusama.model import Severity


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A fault in a published document. An error breaks the feed for somebody; a warning makes it worse."""

    path: str
    entry: str | None
    """The title of the entry at fault, else its id; None where it is the document."""
    rule: str
    message: str
    severity: Severity

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.path, self.entry, self.message)))


class Fault(NamedTuple):
    """What a rule for one document yields: the entry and the message."""

    entry: str | None
    message: str


class Misfit(NamedTuple):
    """What a rule for several documents yields: the document, the entry and the message."""

    path: str
    entry: str | None
    message: str


Faults = Iterator[Fault]
Misfits = Iterator[Misfit]
