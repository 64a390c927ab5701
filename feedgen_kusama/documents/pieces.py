"""What each block of a document may be: heading, byline, imprint, remark or text.

Where a piece stands decides whether it is read so: a line that looks like a heading is one only
if something stands below it, a name alone only if the document repeats the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from feedgen_kusama.documents.bylines import Byline, parse_byline, parse_name, split_name
from feedgen_kusama.documents.dates import Calendar
from feedgen_kusama.documents.headings import (
    LINE_RANK,
    MOST_BARE_WORDS,
    Heading,
    is_capitalised,
    is_prose,
    new_heading,
    read_line,
)
from feedgen_kusama.documents.imprint import MOST_DATED_WORDS, is_imprint, split_day
from feedgen_kusama.documents.markdown import Block, inline_text, paragraph
from feedgen_kusama.documents.stacked import take_apart
from feedgen_kusama.documents.titles import parse_title

_HTML_HEADING = re.compile(r"\s*<h([1-6])(?:\s[^>]*)?>(.*?)</h\1>\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*<!--\s*(\w+)\s*(?::\s*((?:(?!-->).)*?))?\s*-->\s*", re.DOTALL)
REMARKS = frozenset({"topic", "author", "date", "draft"})
"""What an HTML comment may say of the section it stands in."""
MOST_CANDIDATE_WORDS = 35
"""A paragraph of more words is text, whatever else it looks like."""
LEAST_MARKED = 2
LEAST_ABOVE = 2
"""So often, what stands right above a heading belongs to it."""
MOST_KICKER_WORDS = 3
LEAST_SIGNED = 3
"""Fewer titles that end in `By` and capitals are titles."""
LEAST_RUN_INS = 3
"""Fewer bold beginnings are emphasis."""


class Piece(Struct, frozen=True, kw_only=True):
    """A block with what it turned out to be. A heading, byline or dateline is also still a block:
    where it stands decides whether it is read so."""

    block: Block
    heading: Heading | None = None
    byline: Byline | None = None
    name: Byline | None = None
    date: date | None = None
    is_imprint: bool = False
    """Whether this line says only when, where or as which number the document appeared."""
    remark: tuple[str, str] | None = None

    @property
    def line(self) -> int:
        return self.block.line

    @property
    def is_rule(self) -> bool:
        """Whether this is a rule between blocks, or a heading mark without a heading."""
        return self.block.kind == "thematic_break" or (self.block.kind == "heading" and not self.block.text)

    @property
    def is_text(self) -> bool:
        """Whether this can only be text (or something shown among text)."""
        return not (self.heading or self.byline or self.is_imprint or self.remark or self.is_rule)


def read_pieces(blocks: Iterable[Block], names: Calendar) -> tuple[Piece, ...]:
    """Every block, stacked lines taken apart, with what it may be."""
    pieces = [_read_piece(part, names) for block in blocks for part in take_apart(block, names)]
    confirmed = _with_names_behind(list(_confirm(_with_name_lines(pieces))))
    return tuple(_with_run_ins(_with_bylines_below(_with_kickers(confirmed))))


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


def _with_name_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, lines below headings that hold only a name read as bylines where the document
    repeats the form and never writes those words in small letters."""
    pieces = [
        replace(piece, heading=None, byline=byline) if piece.heading and (byline := _marked_byline(pieces, i)) else piece
        for i, piece in enumerate(pieces)
    ]
    lines = [i for i in range(1, len(pieces) - 1) if _may_be_name_line(pieces, i)]
    if len(lines) < 2 or 2 * len(lines) < sum(1 for above, below in pairwise(pieces) if above.heading and below.is_text):
        return pieces
    small = set(re.findall(r"\b[^\W\d_]+\b", " ".join(p.block.text for p in pieces if p.is_text)))
    proven = {i for i in lines if not any(w.casefold() in small for w in pieces[i].block.text.split() if w[0].isupper())}
    return [
        replace(piece, heading=None, byline=piece.name) if i in proven and len(proven) > 1 else piece
        for i, piece in enumerate(pieces)
    ]


def _may_be_name_line(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a line right below a heading and above text may be its author's name; a bold one heads a part."""
    above, piece, below = pieces[index - 1 : index + 2]
    is_bold = piece.heading is not None and piece.heading.form == "bold"
    return bool(piece.name and above.heading and not above.name and below.is_text and not is_bold)


def _marked_byline(pieces: Sequence[Piece], index: int) -> Byline | None:
    """The byline that somebody marked as a heading: right below a heading and above text."""
    piece = pieces[index]
    if not piece.heading or piece.heading.form != "marked" or not 0 < index < len(pieces) - 1:
        return None
    return parse_byline(piece.block.text) if pieces[index - 1].heading and pieces[index + 1].is_text else None


def _confirm(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, lines kept as headings only where something stands below them to be their text."""
    marked = [index for index, piece in enumerate(pieces) if piece.heading and piece.heading.form == "marked"]
    # Where an author marks the headings, an unmarked line among the sections has to prove itself one.
    sections = marked[1] if len(marked) > LEAST_MARKED else len(pieces)
    for index, piece in enumerate(pieces):
        heading = piece.heading
        if heading is None or heading.rank < LINE_RANK:
            yield piece
            continue
        is_stray = index > sections and heading.form == "bare" and not _heads_text(heading, pieces[index + 1 :])
        yield replace(piece, heading=None) if is_stray or not _has_text_below(pieces[index + 1 :], heading) else piece


def _heads_text(heading: Heading, below: Sequence[Piece]) -> bool:
    """Whether an unmarked line looks like a title and text follows it at once."""
    following = next((p for p in below if not (p.is_rule or p.remark or p.byline)), None)
    return is_capitalised(heading.title) and following is not None and following.is_text


def _has_text_below(below: Sequence[Piece], heading: Heading) -> bool:
    for piece in below:
        if piece.is_rule or piece.remark:
            continue
        if heading.form == "bare" and piece.is_text:
            if heading.is_announcing:
                return piece.block.kind == "paragraph"
            return piece.block.kind in ("paragraph", "list", "table", "block_quote", "block_code")
        return True
    return False


def _with_names_behind(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, names behind the titles on the same line read as bylines (`A Vote Is Near By Ann Lee`) where most
    headings have them: one alone may belong to its title."""
    parted = {i: parts for i, piece in enumerate(pieces) if piece.heading and (parts := split_name(piece.heading.title))}
    if len(parted) < LEAST_SIGNED or 2 * len(parted) <= sum(1 for piece in pieces if piece.heading):
        return pieces
    return [
        replace(piece, heading=replace(piece.heading, title=parted[i][0], byline=parted[i][1]))
        if piece.heading and i in parted
        else piece
        for i, piece in enumerate(pieces)
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


def _with_bylines_below(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, bylines moved below the headings that they stand right above: where the last story has none at its end
    they do not end the stories before."""
    bylines = [i for i, piece in enumerate(pieces[:-1]) if piece.byline and not piece.heading]
    above = {i for i in bylines if pieces[i + 1].heading}
    if len(above) < LEAST_ABOVE:
        return pieces
    ends = next((piece for piece in reversed(pieces) if not piece.is_rule), None)
    if (ends and ends.byline) or any(i and pieces[i - 1].heading for i in bylines):
        return pieces
    order = [i + 1 if i in above else i - 1 if i - 1 in above else i for i in range(len(pieces))]
    return [pieces[i] for i in order]


def _with_run_ins(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, paragraphs that begin with a bold label taken apart where the document heads its
    stories in no other way: no other heading stands among or below them."""
    run_ins = {i: parts for i, piece in enumerate(pieces) if (parts := _split_run_in(piece.block)) and piece.is_text}
    first = min(run_ins, default=None)
    is_form = first is not None and len(run_ins) >= LEAST_RUN_INS and not any(p.heading for p in pieces[first:])
    for index, piece in enumerate(pieces):
        if is_form and index in run_ins:
            yield from run_ins[index] if not _is_run_on(pieces, index) else (_whole(piece),)
        else:
            yield piece


def _is_run_on(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the line behind a bold label goes on as a title, with its text below."""
    tail = inline_text(pieces[index].block.children[1:]).strip(" :")
    is_above_text = index + 1 < len(pieces) and pieces[index + 1].is_text and not _split_run_in(pieces[index + 1].block)
    return is_above_text and not is_prose(tail) and is_capitalised(tail)


def _whole(piece: Piece) -> Piece:
    """A line that is all a title."""
    return replace(piece, heading=Heading(rank=LINE_RANK, title=parse_title(piece.block.text).text, form="bold"))


def _split_run_in(block: Block) -> tuple[Piece, Piece] | None:
    """The heading and the text of a paragraph that begins `**Heading:** text`, `**Heading.** text` or `**A Heading** Text`."""
    children = block.children if block.kind == "paragraph" else ()
    if len(children) < 2 or children[0]["type"] != "strong":
        return None
    label, rest = inline_text(children[:1]).strip(), children[1:]
    following = inline_text(rest)
    if following.startswith(":"):
        label, rest = f"{label}:", [{**rest[0], "raw": rest[0].get("raw", "").removeprefix(":")}, *rest[1:]]
    if len(label.split()) > MOST_BARE_WORDS or not inline_text(rest).strip():
        return None
    is_title = " " in label and is_capitalised(label) and following.lstrip(" \"'“‘(")[:1].isupper()
    if label[-1:] not in (":", ".") and not is_title:
        return None
    heading = Heading(rank=LINE_RANK, title=parse_title(label.rstrip(".")).text, form="bold")
    text = paragraph(block.line, rest)
    return Piece(block=paragraph(block.line, children[:1]), heading=heading), Piece(block=text)
