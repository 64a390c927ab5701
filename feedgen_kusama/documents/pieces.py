"""What each block of a document may be: heading, byline, imprint, remark or text.

Where a piece stands decides whether it is read so: a line that looks like a heading is one only
if something stands below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec.structs import replace

from feedgen_kusama.documents.bylines import DASHES, parse_byline, parse_name
from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.confirmation import MOST_KICKER_WORDS, confirm
from feedgen_kusama.documents.headings import (
    LINE_RANK,
    MOST_BARE_WORDS,
    PART_RANK,
    Heading,
    is_capitalised,
    is_prose,
    new_heading,
    read_line,
)
from feedgen_kusama.documents.imprint import MOST_DATED_WORDS, is_imprint, split_day
from feedgen_kusama.documents.markdown import Block, inline_text, paragraph
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.signed import (
    LEAST_ABOVE,
    with_bylines_below,
    with_name_lines,
    with_names_before,
    with_names_behind,
)
from feedgen_kusama.documents.stacked import take_apart
from feedgen_kusama.documents.titles import parse_title

_HTML_HEADING = re.compile(r"\s*<h([1-6])(?:\s[^>]*)?>(.*?)</h\1>\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*<!--\s*(\w+)\s*(?::\s*((?:(?!-->).)*?))?\s*-->\s*", re.DOTALL)
REMARKS = frozenset({"topic", "author", "date", "draft"})
"""What an HTML comment may say of the section it stands in."""
MOST_CANDIDATE_WORDS = 35
"""A paragraph of more words is text, whatever else it looks like."""
LEAST_STORIES = 3
"""So many bold lines head the stories."""
_PARTING = re.compile(rf"\s*(?:(?P<colon>:)|[{DASHES}](?=\s))?\s*")
"""What parts a label from its text."""
LEAST_TITLE_WORDS = 3
"""A label of fewer may only name a subject."""
LEAST_RUN_INS = 3
"""Fewer bold beginnings are emphasis."""


def read_pieces(blocks: Iterable[Block], names: Calendar) -> tuple[Piece, ...]:
    """Every block, stacked lines taken apart, with what it may be."""
    pieces = [_read_piece(part, names) for block in blocks for part in take_apart(block, names)]
    headed = with_names_behind(_with_parts(list(confirm(with_name_lines(pieces)))))
    return tuple(with_names_before(list(_with_run_ins(with_bylines_below(_with_kickers(headed))))))


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
    """The pieces, lines in italics ranked below bold ones where these head the stories: none is in italics before them."""
    forms = [piece.heading.form if piece.heading else None for piece in pieces]
    first = forms.index("italic") if "italic" in forms else 0
    if forms.count("bold") < LEAST_STORIES or "bold" not in forms[:first]:
        return pieces
    return [
        replace(piece, heading=replace(piece.heading, rank=PART_RANK)) if piece.heading and form == "italic" else piece
        for piece, form in zip(pieces, forms, strict=True)
    ]


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


def _with_run_ins(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, paragraphs that begin with a label in bold or italics taken apart where the document heads its stories in
    no other way: no other heading stands among or below them, but for the last story's where the others have titles."""
    run_ins = {i: parts for i, piece in enumerate(pieces) if (parts := _split_run_in(piece.block)) and piece.is_text}
    first = min(run_ins, default=None)
    others = [i for i, piece in enumerate(pieces) if piece.heading and first is not None and i > first]
    is_form = len(run_ins) >= LEAST_RUN_INS and (not others or (len(others) == 1 and _are_titles(run_ins, others[0])))
    for index, piece in enumerate(pieces):
        if is_form and index in run_ins:
            yield from run_ins[index] if not _is_run_on(pieces, index) else (_whole(piece),)
        else:
            yield piece


def _are_titles(run_ins: Mapping[int, tuple[Piece, Piece]], end: int) -> bool:
    """Whether labels that all stand above a heading are more than the names of subjects."""
    headings = [piece.heading for piece, _ in run_ins.values()]
    return max(run_ins) < end and all(heading and heading.words >= LEAST_TITLE_WORDS for heading in headings)


def _is_run_on(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the line behind a bold label goes on as a title, with its text below."""
    tail = inline_text(pieces[index].block.children[1:]).strip(" :")
    is_above_text = index + 1 < len(pieces) and pieces[index + 1].is_text and not _split_run_in(pieces[index + 1].block)
    return is_above_text and not is_prose(tail) and is_capitalised(tail)


def _whole(piece: Piece) -> Piece:
    """A line that is all a title."""
    return replace(piece, heading=Heading(rank=LINE_RANK, title=parse_title(piece.block.text).text, form="bold"))


def _split_run_in(block: Block) -> tuple[Piece, Piece] | None:
    """The heading and the text of a paragraph that begins `**Heading:** text`, `**Heading.** text`, `**A Heading** Text`,
    `**A Heading** - Text` or `_A Heading:_ text`."""
    children = block.children if block.kind == "paragraph" else ()
    if len(children) < 2 or children[0]["type"] not in ("strong", "emphasis"):
        return None
    label, (first, *rest) = inline_text(children[:1]).strip(), children[1:]
    if first["type"] == "text":
        parting = _PARTING.match(first["raw"])
        assert parting is not None
        label += parting["colon"] or ""
        behind = first["raw"][parting.end() :]
        rest = [{**first, "raw": behind}, *rest] if behind else rest
    else:
        rest = [first, *rest]
    following = inline_text(rest).lstrip(" \"'“‘(")
    if len(label.split()) > MOST_BARE_WORDS or not following:
        return None
    is_title = " " in label and is_capitalised(label)
    is_ended = label[-1:] in (":", ".")
    is_run_in = is_ended or (is_title and following[0].isupper())
    if not is_run_in or (children[0]["type"] == "emphasis" and not (is_title and is_ended)):
        return None
    heading = Heading(rank=LINE_RANK, title=parse_title(label.rstrip(".")).text, form="bold")
    return Piece(block=paragraph(block.line, children[:1]), heading=heading), Piece(block=paragraph(block.line, rest))
