"""An entry as it was published, whichever format it is read back from."""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class ReadbackError(Exception):
    """A published document that cannot be read back; its text says why."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands in a published Atom document."""

    id: str
    title: str
    edition: str
    slug: str
    topic: str
    author: str | None
    summary: str
    html: str
    published: datetime
    updated: datetime
    text: str = ""
    role: str | None = None
    days: tuple[date, ...] = ()
