"""The front of a document: title, masthead, preamble, dateline, headline and lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.dates import find_full_days
from feedgen_kusama.documents.front_parts import PARTS, Place, Weigh
from feedgen_kusama.documents.headings import Heading
from feedgen_kusama.documents.markdown import is_emphasised
from feedgen_kusama.documents.piece import Piece

_INLINE_DATELINE = re.compile(
    r"[^\w\"“]{0,2}(?!(?:On|In|By|At|Since|From|Until|After|Before|As|The|This)\b)[A-Z][^.!?]{0,80}?(?=\s*[\u2012-\u2015:-]\s)"
)
MOST_WORDS_ABOVE = 60
"""More words above the headline are news."""


class Front(Struct, frozen=True, kw_only=True):
    """What stands before the first section. `rest` is where the sections begin."""

    title: Piece | None = None
    headline: Heading | None = None
    above: tuple[Piece, ...] = ()
    """What looks like no lead above the headline: set apart by a rule, or wholly emphasised."""
    is_set_apart: bool = False
    """Whether a rule came right behind the last text."""
    lead: tuple[Piece, ...] = ()
    dateline: date | None = None
    left_out: tuple[tuple[str, Piece], ...] = ()
    rest: int = 0

    @property
    def is_open(self) -> bool:
        """Whether neither headline nor text has come yet."""
        return self.headline is None and not self.lead


def read_front(pieces: Sequence[Piece], names: Calendar, weigh: Weigh) -> Front:
    """The document's front. Where the first heading after the title is already a section, there is no headline."""
    front = Front()
    for index, piece in enumerate(pieces):
        place = Place(piece, pieces[index + 1 :], front, names, weigh)
        part = next((part for part, is_part in PARTS if is_part(place)), None)
        if part is None:
            return _finished(front, index, names)
        front = TAKE[part](front, piece)
    return _finished(front, len(pieces), names)


def _finished(front: Front, rest: int, names: Calendar) -> Front:
    """The front as a whole. A few words above the headline say what the paper is where the lead stands below."""
    words = sum(len(piece.block.text.split()) for piece in front.above)
    if front.lead and words <= MOST_WORDS_ABOVE:
        front = replace(front, left_out=(*front.left_out, *(("preamble", piece) for piece in front.above)))
    else:
        front = replace(front, lead=(*front.above, *front.lead))
    return replace(front, rest=rest, dateline=front.dateline or _find_inline_dateline(front.lead, names))


def _find_inline_dateline(lead: Sequence[Piece], names: Calendar) -> date | None:
    """The day at the head of the first paragraph: `ZUG, March 5, 2024 - The network …`."""
    text = next((p.block.text for p in lead if p.is_text), "")
    match = _INLINE_DATELINE.match(text[:120])
    if not match:
        return None
    found = [day for day, _, _ in find_full_days(match.group(), names)]
    words = re.findall(r"\w+", match.group())
    return found[0] if len(found) == 1 and len(words) <= 8 else None


def _headed(front: Front, piece: Piece) -> Front:
    """The front with its headline."""
    is_above = front.is_set_apart or all(text.block.kind != "paragraph" or is_emphasised(text.block) for text in front.lead)
    above, lead = (front.lead, ()) if is_above else ((), front.lead)
    return replace(front, headline=piece.heading, above=above, lead=lead)


TAKE: Mapping[str, Callable[[Front, Piece], Front]] = {
    "rule": lambda front, _: replace(front, is_set_apart=bool(front.lead)),
    "dateline": lambda front, piece: replace(
        front, dateline=front.dateline or piece.date, left_out=(*front.left_out, ("dateline", piece))
    ),
    "title": lambda front, piece: replace(front, title=piece),
    "masthead": lambda front, piece: replace(front, left_out=(*front.left_out, ("masthead", piece))),
    "headline": lambda front, piece: _headed(front, piece),
    "preamble": lambda front, piece: replace(front, left_out=(*front.left_out, ("preamble", piece))),
    "lead": lambda front, piece: replace(front, lead=(*front.lead, piece), is_set_apart=False),
}
