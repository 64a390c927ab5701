"""A draft's words with where it stands: what the ledger decides about."""

from __future__ import annotations

from datetime import date

import msgspec

from feedgen_kusama.model import Edition


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A draft without its HTML: its edition, its source's name, its place there, its words."""

    edition: Edition
    source: str
    position: int
    line: int
    title: str
    topic: str
    date: date
    text: str
    """The words of its HTML as it would be published, so that they can be told again from what was."""
    digest: str
    look: str
    links: tuple[str, ...] = ()
    """Its relative addresses, which may lead to other entries."""
