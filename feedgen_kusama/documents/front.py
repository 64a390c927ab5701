"""The front of a document: title, masthead, preamble, dateline, headline and lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from feedgen_kusama.documents.dates import Calendar, find_full_days, find_month, month_span
from feedgen_kusama.documents.headings import LINE_RANK, Heading, Piece
from feedgen_kusama.documents.topics import Verdict

Weigh = Callable[[str, str], Verdict]
"""Which topic a heading and a body claim."""
NAMEPLATES = frozenset(
    "times news gazette herald chronicle journal post tribune daily weekly monthly report review digest bulletin "
    "observer insider today courier newsletter dispatch record telegraph mail express wire magazine press".split()
)
"""What newspapers are called, at the end of a masthead."""
_ANNOUNCES = re.compile(
    r"(?:here(?:'s|’s|\s+is|\s+are)|below\s+(?:is|are|you)|sure\b|certainly\b|of\s+course\b|absolutely\b|as\s+requested"
    r"|the\s+following\s+(?:is|article)|this\s+is\s+an?\b.*\b(?:article|draft|version)\b)",
    re.IGNORECASE,
)
_WITHIN = re.compile(r"\b(?:in|through|throughout|during|since|until|into|from)\s*$", re.IGNORECASE)
_INLINE_DATELINE = re.compile(r"[^\w\"“]{0,2}[A-Z][^.!?]{0,80}?(?=\s*[\u2012-\u2015:-]\s)")
FEW_WORDS = 3
"""A heading with no more words is a label, never a headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands before the first section. `rest` is where the sections begin."""

    title: Piece | None = None
    headline: Heading | None = None
    lead: tuple[Piece, ...] = ()
    dateline: date | None = None
    left_out: tuple[tuple[str, Piece], ...] = ()
    rest: int = 0


def read_front(pieces: Sequence[Piece], names: Calendar, weigh: Weigh) -> Front:
    """The document's front. Where the first heading after the title is already a section, there is no headline."""
    title: Piece | None = None
    headline: Heading | None = None
    dateline: date | None = None
    left_out: list[tuple[str, Piece]] = []
    lead: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        below = pieces[index + 1 :]
        if piece.is_rule or (piece.date and not piece.byline):
            dateline = dateline or piece.date
            left_out += [("dateline", piece)] if piece.date else []
        elif not piece.heading:
            if headline is None and not lead and _is_preamble(piece, below):
                left_out.append(("preamble", piece))
            else:
                lead.append(piece)
        elif title is None and headline is None and not lead and _is_title(piece.heading, below, names):
            title = piece
        elif headline is None and not lead and _is_masthead(piece.heading, below, title, names):
            left_out.append(("masthead", piece))
        elif headline is None and _is_headline(piece.heading, below, weigh, has_lead=bool(lead), names=names):
            headline = piece.heading
        elif headline and not lead and _is_subtitle(piece.heading, below):
            lead.append(piece)
            index += 1
            break
        else:
            break
        index += 1
    dateline = dateline or _find_inline_dateline(lead, names)
    return Front(title=title, headline=headline, lead=tuple(lead), dateline=dateline, left_out=tuple(left_out), rest=index)


def _next(below: Sequence[Piece]) -> Piece | None:
    """The next piece that is more than a rule, a date or a byline."""
    return next((p for p in below if not (p.is_rule or p.date or p.byline or p.remark)), None)


def _is_title(heading: Heading, below: Sequence[Piece], names: Calendar) -> bool:
    """Whether a heading names the publication and its month, as `Name - Month Year` does."""
    span = month_span(heading.title, names)
    if span is None:
        return False
    before, after = heading.title[: span[0]], heading.title[span[1] :]
    rest = re.findall(r"\w+", before + " " + after)
    if len(rest) <= 6 and not _WITHIN.search(before) and (not before.strip() or not after.strip(" .:|")):
        return True
    following = _next(below)
    return bool(following and following.heading and following.heading.label == "headline")


def _is_masthead(heading: Heading, below: Sequence[Piece], title: Piece | None, names: Calendar) -> bool:
    """Whether a line is the paper's name: another headline follows at once, and it is called like a paper."""
    following = _next(below)
    if heading.label or heading.words > 6 or following is None or following.heading is None:
        return False
    if following.heading.label == "headline" or (title is None and _is_title(following.heading, (), names)):
        return True
    last = re.sub(r"\W", "", heading.title.split()[-1]).casefold() if heading.title else ""
    is_repeated = title is not None and title.heading is not None and heading.title.casefold() in title.heading.title.casefold()
    return heading.rank == LINE_RANK and (last in NAMEPLATES or is_repeated)


def _is_preamble(piece: Piece, below: Sequence[Piece]) -> bool:
    """Whether text announces the document instead of telling news: a heading follows it at once."""
    following = _next(below)
    if following is None or following.heading is None or piece.block.kind != "paragraph":
        return False
    return piece.block.text.endswith(":") or _ANNOUNCES.match(piece.block.text) is not None


def _is_headline(
    heading: Heading, below: Sequence[Piece], weigh: Weigh, *, has_lead: bool, names: Calendar
) -> bool:
    """Whether the first heading after the title stands over the whole document.

    It does when it is marked more strongly than the sections or in another way; where it looks
    like them, its words and the text below it decide.
    """
    if heading.label == "headline":
        return True
    others = [p.heading.rank for p in below if p.heading]
    if heading.label or not others:
        return not heading.label and not has_lead and (heading.words > FEW_WORDS or not others)
    counts = Counter(others)
    usual = min(counts, key=lambda rank: (-counts[rank], rank))
    if heading.rank < usual:
        return True
    if has_lead:
        return False
    if heading.rank > usual:
        return heading.rank == LINE_RANK
    return heading.words > FEW_WORDS and not _tells_one_story(heading, below, weigh, names)


def _tells_one_story(heading: Heading, below: Sequence[Piece], weigh: Weigh, names: Calendar) -> bool:
    """Whether heading and text claim the same one topic, and the text does not speak of its month."""
    body = []
    for piece in below:
        if piece.heading:
            break
        body.append(piece.block.text)
    text = " ".join(body)
    if not text:
        return False
    by_heading, by_body = weigh(heading.title, ""), weigh("", text)
    is_general = re.search(r"\bmonth\b", text, re.IGNORECASE) or any(
        re.search(rf"\b{re.escape(name)}\b", text.casefold()) for name in names.numbers if len(name) > 3
    )
    return by_heading.topic is not None and by_heading.topic == by_body.topic and not is_general


def _is_subtitle(heading: Heading, below: Sequence[Piece]) -> bool:
    """Whether a line below the headline has no text of its own: the next heading is marked more strongly."""
    following = _next(below)
    return bool(
        heading.rank == LINE_RANK
        and heading.words > FEW_WORDS
        and following
        and following.heading
        and following.heading.rank < LINE_RANK
    )


def _find_inline_dateline(lead: Sequence[Piece], names: Calendar) -> date | None:
    """The day at the head of the first paragraph: `ZUG, March 5, 2024 - The network …`."""
    text = next((p.block.text for p in lead if p.is_text), "")
    match = _INLINE_DATELINE.match(text[:120])
    if not match:
        return None
    found = [day for day, _, _ in find_full_days(match.group(), names)]
    words = re.findall(r"\w+", match.group())
    return found[0] if len(found) == 1 and len(words) <= 8 else None


