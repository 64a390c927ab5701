"""Documents as far as identity, time and problems go: light enough to hold thousands of. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from feedgen_kusama.html import finish_html, is_plain, strip_html, strip_plain
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.records import digest_look, digest_words
from feedgen_kusama.model import Document, Edition, Problem

_NOWHERE = "https://localhost/"
_ABSOLUTE = re.compile(r"\s*[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a document says, its texts as HTML aside."""

    path: str
    edition: Edition | None
    headline: str | None
    is_sound: bool
    """Whether it may be published: it has a month and no error."""
    placed: tuple[Placed, ...]
    problems: tuple[Problem, ...]


def make_reading(document: Document) -> Reading:
    """The reading of a document."""
    return Reading(
        path=document.path,
        edition=document.edition,
        headline=document.headline,
        is_sound=document.edition is not None and all(problem.severity != "error" for problem in document.problems),
        placed=tuple(_place_drafts(document)),
        problems=document.problems,
    )


def _place_drafts(document: Document) -> Iterator[Placed]:
    """A document's drafts in reading order."""
    if document.edition is None:
        return
    for position, draft in enumerate(document.drafts):
        addresses: list[str] = []
        if is_plain(draft.markup):
            text = strip_plain(draft.markup)
        else:
            text = strip_html(finish_html(draft.markup, page=_NOWHERE, anchor="x", resolve=addresses.append))
        yield Placed(
            edition=document.edition,
            source=document.path,
            position=position,
            line=draft.line,
            title=draft.title,
            topic=draft.topic,
            date=draft.date,
            text=text,
            digest=digest_words(draft.title, text),
            look=digest_look(draft.title, draft.markup, draft.author, draft.role),
            links=tuple(dict.fromkeys(address for address in addresses if not _ABSOLUTE.match(address))),
        )
