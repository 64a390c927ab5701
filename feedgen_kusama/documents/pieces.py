"""What each block of a document may be: heading, byline, imprint, remark or text.

Where a piece stands decides whether it is read so: a line that looks like a heading is one only
if something stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from msgspec.structs import replace

from feedgen_kusama.documents.bylines import parse_byline, parse_name
from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.confirmation import MOST_KICKER_WORDS, confirm
from feedgen_kusama.documents.headings import (
    PART_RANK,
    Heading,
    is_prose,
    new_heading,
    read_line,
)
from feedgen_kusama.documents.imprint import MOST_DATED_WORDS, is_imprint, split_day
from feedgen_kusama.documents.markdown import Block, paragraph
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.run_ins import with_run_ins
from feedgen_kusama.documents.signed import (
    LEAST_ABOVE,
    with_bylines_below,
    with_name_lines,
    with_names_before,
    with_names_behind,
    with_whole_titles,
)
from feedgen_kusama.documents.stacked import join_wrapped, take_apart
from feedgen_kusama.documents.unended import with_unended

_HTML_HEADING = re.compile(r"\s*<h([1-6])(?:\s[^>]*)?>(.*?)</h\1>\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*<!--\s*(\w+)\s*(?::\s*((?:(?!-->).)*?))?\s*-->\s*", re.DOTALL)
REMARKS = frozenset({"topic", "author", "date", "draft"})
"""What an HTML comment may say of the section it stands in."""
MOST_CANDIDATE_WORDS = 35
"""A paragraph of more words is text, whatever else it looks like."""
LEAST_STORIES = 3
"""So many bold lines head the stories,"""
LEAST_PART_RANK = 4
"""and headings of this level or a deeper one then only parts of these."""


def read_pieces(blocks: Iterable[Block], names: Calendar) -> tuple[Piece, ...]:
    """Every block, stacked lines taken apart, with what it may be."""
    pieces: Sequence[Piece] = [_read_piece(part, names) for block in join_wrapped(blocks) for part in take_apart(block, names)]
    for step in STEPS:
        pieces = tuple(step(pieces))
    return tuple(pieces)


def _read_piece(block: Block, names: Calendar) -> Piece:
    if block.kind == "heading":
        return _read_marked(block)
    if block.kind == "block_html":
        return _read_html(block)
    words = block.text.count(" ") + 1
    if block.kind != "paragraph" or words > MOST_CANDIDATE_WORDS:
        return Piece(block=block)
    if words > MOST_DATED_WORDS:
        byline = parse_byline(block.text) if block.text.startswith(("By ", "BY ")) else None
        return Piece(block=block, byline=byline) if byline else Piece(block=block, heading=read_line(block))
    day, rest = split_day(block.text, names)
    if (day and not rest) or is_imprint(block.text, names):
        return Piece(block=block, date=day, is_imprint=True)
    byline = parse_byline(rest)
    if byline:
        return Piece(block=block, byline=byline, date=day)
    return Piece(block=block, heading=read_line(block), name=parse_name(block.text))


def _read_marked(block: Block) -> Piece:
    if block.token.get("style") == "setext" and is_prose(block.text):
        # A rule drawn right below a paragraph reads as an underlined heading; prose shows it is none.
        return Piece(block=paragraph(block.line, block.children))
    if not block.text:
        return Piece(block=block)
    return Piece(block=block, heading=new_heading(block.text, rank=block.level or 1, form="marked"))


def _read_html(block: Block) -> Piece:
    raw = block.token["raw"]
    remark = _REMARK.fullmatch(raw)
    if remark and remark[1].casefold() in REMARKS:
        return Piece(block=block, remark=(remark[1].casefold(), (remark[2] or "").strip()))
    heading = _HTML_HEADING.fullmatch(raw)
    if heading and block.text:
        return Piece(block=block, heading=new_heading(block.text, rank=int(heading[1]), form="marked"))
    return Piece(block=block)


def _with_parts(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, lines in italics and headings of deep levels ranked below bold ones where these head the stories: none is
    written so before them."""
    bold = [i for i, piece in enumerate(pieces) if piece.heading and piece.heading.form == "bold"]
    parts = {i: piece.heading for i, piece in enumerate(pieces) if piece.heading and _is_part(piece.heading)}
    if len(bold) < LEAST_STORIES or not bold[0] < min(parts, default=0):
        return pieces
    return [
        replace(piece, heading=replace(parts[i], rank=PART_RANK)) if i in parts else piece for i, piece in enumerate(pieces)
    ]


def _is_part(heading: Heading) -> bool:
    return heading.form == "italic" or (heading.form == "marked" and heading.rank >= LEAST_PART_RANK)


def _with_kickers(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, labels that stand right above marked headings taken into these: what more than one heading has above
    it is no end of the story before."""
    headings = [i for i, piece in enumerate(pieces) if piece.heading]
    kickers = {i for i, j in pairwise(headings) if j == i + 1 and _is_kicker(pieces[i].heading, pieces[j].heading)}
    if len(kickers) < LEAST_ABOVE:
        return pieces
    return [
        replace(piece, heading=replace(piece.heading, under=pieces[i - 1].block.text))
        if piece.heading and i - 1 in kickers
        else piece
        for i, piece in enumerate(pieces)
        if i not in kickers
    ]


def _is_kicker(heading: Heading | None, below: Heading | None) -> bool:
    if heading is None or below is None or below.form != "marked":
        return False
    return heading.rank > below.rank and 0 < heading.words <= MOST_KICKER_WORDS


STEPS: tuple[Callable[[Sequence[Piece]], Iterable[Piece]], ...] = (
    with_name_lines,
    confirm,
    with_unended,
    _with_parts,
    with_names_behind,
    with_whole_titles,
    _with_kickers,
    with_bylines_below,
    with_run_ins,
    with_names_before,
)
"""What decides by a piece's place among all others, each step on what the ones before it found."""
