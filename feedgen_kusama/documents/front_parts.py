"""What each piece at the front of a document is: title, masthead, preamble, headline, lead or a section already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from msgspec import Struct

from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.dates import month_span
from feedgen_kusama.documents.headings import LINE_RANK, Heading, ends_sentence
from feedgen_kusama.documents.masthead import NAMEPLATE_WORDS, begins_with_nameplate, is_nameplate, names_publication
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.topics import Verdict

if TYPE_CHECKING:
    from feedgen_kusama.documents.front import Front

Weigh = Callable[[str, str], Verdict]
"""Which topic a heading and a body claim."""
_ANNOUNCES = re.compile(
    r"(?:here(?:'s|’s|\s+is|\s+are)|below\s+(?:is|are|you)|sure\b|certainly\b|of\s+course\b|absolutely\b|as\s+requested"
    r"|the\s+following\s+(?:is|article)|this\s+is\s+(?:an?|the)\b.*\b(?:article|draft|version|summary|report|edition|issue|recap)\b"
    r"|as\s+an?\s+(?:ai|language)\b|(?:please\s+)?(?:find|see)\s+below|please\s+find|welcome\s+(?:back\s+)?to|dear\s+\w+"
    r"|\[[^\[\]]+\]$"
    r"|i(?:['’](?:ll|m|ve|d)|\s+(?:will|am|have|can|could|cannot|was))\b|based\s+on\s+.*\b(?:i['’\s]|search\s+results)"
    r"|(?:please\s+)?note\b.*\b(?:article|document|information|text)\b)",
    re.IGNORECASE,
)
MASTHEAD_WORDS = 6
MOTTO_WORDS = 12
MOST_ANNOUNCING_WORDS = 60
"""Who says more tells news."""
MOST_LABEL_WORDS = 5
FEW_WORDS = 3
"""A heading with no more words is a label, never a headline."""


class Place(Struct, frozen=True):
    """One piece at the front, with what has been read before it and what stands below it."""

    piece: Piece
    below: Sequence[Piece]
    front: Front
    names: Calendar
    weigh: Weigh


def _next(below: Sequence[Piece]) -> Piece | None:
    """The next piece that is more than a rule, a date or a byline."""
    return next((p for p in below if not (p.is_rule or p.is_imprint or p.byline or p.remark)), None)


def _is_void(piece: Piece) -> bool:
    """Whether HTML shows nothing: its tags open or close what stands between blocks."""
    return (
        piece.block.kind == "block_html"
        and not piece.block.text
        and not piece.remark
        and "<img" not in piece.block.token["raw"]
    )


def _is_title(place: Place) -> bool:
    heading = place.piece.heading
    if heading is None or place.front.title or not place.front.is_open:
        return False
    following = _next(place.below)
    return names_publication(heading, following.heading if following else None, place.names)


def _is_masthead(place: Place) -> bool:
    """Whether a line is the paper's name: another headline follows at once, and it is called like a paper."""
    heading, following = place.piece.heading, _next(place.below)
    if heading is None or (heading.label and heading.title) or heading.words > MASTHEAD_WORDS or not place.front.is_open:
        return False
    if following is None or following.heading is None:
        return False
    title = place.front.title.heading if place.front.title else None
    if (
        not heading.title
        or following.heading.label == "headline"
        or (title is None and names_publication(following.heading, None, place.names))
    ):
        return True
    is_repeated = title is not None and heading.title.casefold() in title.title.casefold()
    span = month_span(heading.title, place.names)
    if span and _is_name_or_none(heading.title[: span[0]]):  # `The Kusama Chronicle - March 2021`, `March 2021`
        return True
    others = [p.heading.rank for p in place.below if p.heading and p is not following]
    is_over_all = bool(others) and following.heading.rank < min(others)
    if heading.rank >= LINE_RANK and heading.words <= NAMEPLATE_WORDS and is_over_all and not _shares_word(heading, title):
        return True  # a few words right above the headline that stands over all
    return is_nameplate(heading.title) or (heading.rank >= LINE_RANK and is_repeated)


def _shares_word(heading: Heading, title: Heading | None) -> bool:
    """Whether a line names what the document is about: a paper that is called so has been told already."""
    words = re.findall(r"\w{4,}", title.title.casefold()) if title else ()
    return any(word in heading.title.casefold() for word in words)


def _is_name_or_none(text: str) -> bool:
    return is_nameplate(text) or not re.search(r"\w", text)


def _is_nameplate_line(place: Place) -> bool:
    """Whether a line begins with the paper's name and goes on with month, number or motto: the headline stands below it and
    over all."""
    heading, following = place.piece.heading, _next(place.below)
    if place.front.title is None or not place.front.is_open or following is None or following.heading is None:
        return False
    if (heading and heading.label) or not begins_with_nameplate(place.piece.block.text):
        return False
    others = [p.heading.rank for p in place.below if p.heading and p is not following]
    return following.heading.label == "headline" or (bool(others) and following.heading.rank < min(others))


def _is_tagline(place: Place) -> bool:
    """Whether a line between title and headline only says what the paper is, in italics or without a capital: the headline
    stands below it, over all."""
    piece, following = place.piece, _next(place.below)
    if place.front.title is None or not place.front.is_open or following is None or following.heading is None:
        return False
    if piece.heading is None:
        return _is_motto(piece)
    if piece.heading.form != "italic" or piece.heading.label:
        return False
    others = [p.heading for p in place.below if p.heading and p is not following]
    return bool(others) and following.heading.rank <= min(other.rank for other in others)


def _is_motto(piece: Piece) -> bool:
    """Whether a paragraph is a few words that begin without a capital and end no sentence."""
    text = piece.block.text
    words = text.split()
    return piece.block.kind == "paragraph" and 0 < len(words) <= MOTTO_WORDS and text[0].islower() and not ends_sentence(text)


def _is_preamble(place: Place) -> bool:
    """Whether text announces the document instead of telling news: a heading follows it at once."""
    piece, following = place.piece, _next(place.below)
    if not place.front.is_open or following is None or following.heading is None or piece.block.kind != "paragraph":
        return False
    text = piece.block.text
    return text.endswith(":") or (_ANNOUNCES.match(text) is not None and len(text.split()) <= MOST_ANNOUNCING_WORDS)


def _is_headline(place: Place) -> bool:
    """Whether the first heading after the title stands over the whole document.

    It does when it is marked more strongly than the sections or in another way; where it looks
    like them, its words and the text below it decide.
    """
    heading = place.piece.heading
    if heading is None or place.front.headline:
        return False
    if heading.label:
        return heading.label == "headline"
    others = [p.heading for p in place.below if p.heading]
    counts = Counter(other.rank for other in others)
    usual = min(counts, key=lambda rank: (-counts[rank], rank), default=None)
    if usual is None or heading.rank > usual:
        return not place.front.lead and (usual is None or heading.rank >= LINE_RANK)
    if heading.rank < usual and sum(1 for other in others if other.rank <= heading.rank) <= (0 if place.front.lead else 1):
        return True
    if place.front.lead:
        return False
    return _is_unlike(heading, others) or not _tells_one_story(place)


def _is_unlike(heading: Heading, others: Sequence[Heading]) -> bool:
    """Whether a line is written in another way than most headings of its rank below."""
    forms = Counter(other.form for other in others if other.rank == heading.rank)
    return bool(forms) and forms[heading.form] * 2 < forms.total()


def _tells_one_story(place: Place) -> bool:
    """Whether a heading that looks like the sections is one: a short one that sums up is; a text that speaks of the month
    as such is no section's, and a few words, or words and text on the same topic, are a section's."""
    heading = place.piece.heading
    assert heading is not None
    if heading.words <= MOST_LABEL_WORDS and place.weigh(heading.title, "").is_general:
        return True  # `Overview`
    text = " ".join(p.block.text for p in takewhile(lambda p: not p.heading, place.below))
    if re.search(r"\bmonth\b", text, re.IGNORECASE) or _names_month(text, place.names):
        return False
    if heading.words <= FEW_WORDS:
        return True
    by_heading, by_body = place.weigh(heading.title, ""), place.weigh("", text)
    return by_heading.topic is not None and by_heading.topic == by_body.topic


def _names_month(text: str, names: Calendar) -> bool:
    return any(
        len(word) > 3 and word.casefold() in names.numbers for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper()
    )


def _is_subtitle(place: Place) -> bool:
    """Whether a line below the headline has no text of its own: the next heading is marked more strongly."""
    heading, following = place.piece.heading, _next(place.below)
    return bool(
        heading
        and place.front.headline
        and not place.front.lead
        and heading.rank >= LINE_RANK
        and heading.words > FEW_WORDS
        and following
        and following.heading
        and following.heading.rank < LINE_RANK
    )


PARTS: tuple[tuple[str, Callable[[Place], bool]], ...] = (
    ("rule", lambda place: place.piece.is_rule or _is_void(place.piece)),
    ("dateline", lambda place: place.piece.is_imprint),
    ("title", _is_title),
    ("masthead", _is_masthead),
    ("masthead", _is_nameplate_line),
    ("masthead", _is_tagline),
    ("headline", _is_headline),
    ("lead", _is_subtitle),
    ("preamble", lambda place: place.piece.heading is None and _is_preamble(place)),
    ("lead", lambda place: place.piece.heading is None),
)
"""What a piece may be, asked in this order; a heading that is none of these begins the sections."""
