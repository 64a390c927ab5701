"""Which blocks stand as headings, and what the other blocks are: bylines, datelines, remarks, text.

A heading may be written with `#`, underlined, in HTML, or as a line of its own: bold, italic,
quoted, labelled (`Article 3: …`) or bare. Such a line is only a candidate until what follows
it proves it to be one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from feedgen_kusama.documents.bylines import Byline, parse_byline, parse_name, split_byline
from feedgen_kusama.documents.dates import Calendar, find_full_days
from feedgen_kusama.documents.markdown import BREAKS, Block, Token, block_text, inline_text, paragraph
from feedgen_kusama.documents.titles import Title, closing_quote, parse_title

Form = Literal["marked", "bold", "italic", "quoted", "labelled", "bare"]
LINE_RANK = 7
"""The rank of a line that stands as a heading without being marked as one: below all that are."""
MOST_LINE_WORDS = 25
MOST_BARE_WORDS = 18
FEW_WORDS = 3
LEAST_RUN_INS = 3
"""Fewer bold beginnings are emphasis."""
SENTENCE_END = frozenset(".,;…")
_HTML_HEADING = re.compile(r"\s*<h([1-6])(?:\s[^>]*)?>(.*?)</h\1>\s*", re.IGNORECASE | re.DOTALL)
_REMARK = re.compile(r"\s*<!--\s*(?:(\w+)\s*(?::\s*(.*?))?)\s*-->\s*", re.DOTALL)
REMARKS = frozenset({"topic", "author", "date", "draft"})
"""What an HTML comment may say of the section it stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading as written. Rank is the level, 1 to 6, or LINE_RANK."""

    rank: int
    title: str
    form: Form
    label: str | None = None
    byline: Byline | None = None
    under: str = ""
    """The label that it stood below, which still tells the topic."""
    is_announcing: bool = False
    """Whether a colon ended the line."""

    @property
    def words(self) -> int:
        return len(self.title.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block with what it turned out to be. A heading, byline or dateline is also still a block:
    where it stands decides whether it is read so."""

    block: Block
    heading: Heading | None = None
    byline: Byline | None = None
    name: Byline | None = None
    date: date | None = None
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
        return not (self.heading or self.byline or self.date or self.remark or self.is_rule)


def read_pieces(blocks: Iterable[Block], names: Calendar) -> tuple[Piece, ...]:
    """Every block, stacked lines taken apart, with what it may be."""
    pieces = [_read_piece(block, names) for whole in blocks for block in _unstack(whole, names)]
    return tuple(_with_run_ins(list(_confirm(_with_name_lines(pieces)))))


def _read_piece(block: Block, names: Calendar) -> Piece:
    if block.kind == "heading":
        return _read_marked(block)
    if block.kind == "block_html":
        return _read_html(block)
    if block.kind != "paragraph":
        return Piece(block=block)
    day, rest = _split_day(block.text, names)
    if day and not rest:
        return Piece(block=block, date=day)
    byline = parse_byline(rest)
    if byline:
        return Piece(block=block, byline=byline, date=day)
    return Piece(block=block, heading=_read_line(block), name=parse_name(block.text))


def _read_marked(block: Block) -> Piece:
    if block.token.get("style") == "setext" and (block.text[-1:] in SENTENCE_END or len(block.text.split()) > MOST_LINE_WORDS):
        # A rule drawn right below a paragraph reads as an underlined heading; prose shows it is none.
        return Piece(block=paragraph(block.line, block.children))
    if not block.text:
        return Piece(block=block)
    return Piece(block=block, heading=_heading(block.text, rank=block.level or 1, form="marked"))


def _read_html(block: Block) -> Piece:
    raw = block.token["raw"]
    remark = _REMARK.fullmatch(raw)
    if remark and remark[1].casefold() in REMARKS:
        return Piece(block=block, remark=(remark[1].casefold(), (remark[2] or "").strip()))
    heading = _HTML_HEADING.fullmatch(raw)
    if heading and block.text:
        return Piece(block=block, heading=_heading(block.text, rank=int(heading[1]), form="marked"))
    return Piece(block=block)


def _heading(text: str, *, rank: int, form: Form) -> Heading:
    title, byline = parse_heading_text(text)
    return Heading(rank=rank, title=title.text, form=form, label=title.label, byline=byline)


def parse_heading_text(text: str) -> tuple[Title, Byline | None]:
    """A heading's cleaned title and the byline behind it."""
    label = parse_title(text)
    start = len(text) - len(text.lstrip())
    if label.label:  # the quotation begins after the label
        start = next((i for i, mark in enumerate(text) if mark in '"“„«‘'), start)
    end = closing_quote(text[start:])
    head, byline = split_byline(text, quoted_to=None if end is None else start + end)
    return (parse_title(head), byline) if byline else (label, None)


def _read_line(block: Block) -> Heading | None:
    """The heading that a paragraph may be by its own looks."""
    children = _trim(block.children)
    text = block.text
    if not children or not text or len(text.split()) > MOST_LINE_WORDS + 10:
        return None
    title, byline = parse_heading_text(text)
    emphasis = _emphasis(children)
    if emphasis and not (title.label and emphasis[2]):
        return _read_emphasised(*emphasis)
    if not title.text or _ends_sentence(title.text) or _is_linked(children):
        return None
    form = _line_form(title, text)
    if form is None:
        return None
    is_announcing = text[-1] in ":："
    return Heading(rank=LINE_RANK, title=title.text, form=form, label=title.label, byline=byline, is_announcing=is_announcing)


def _line_form(title: Title, text: str) -> Form | None:
    if title.label:
        return "labelled"
    if title.is_quoted:
        return "quoted" if len(title.text.split()) <= MOST_LINE_WORDS else None
    if text[-1] in ":：":  # `Market:` heads what follows; longer lines announce it
        return "bare" if len(title.text.split()) <= FEW_WORDS and title.text.istitle() else None
    return "bare" if _looks_bare(title.text) else None


def _ends_sentence(text: str) -> bool:
    """Whether a line ends as prose does; dots after a few words leave a heading open."""
    if text.endswith(("...", "…")):
        return len(text.split()) > 2 * FEW_WORDS
    return text[-1:] in SENTENCE_END


def _read_emphasised(form: Form, inner: str, tail: str) -> Heading | None:
    """The heading in a line that begins with emphasis: all of it, or all but a byline."""
    byline = parse_byline(tail) if tail else None
    is_prose = len(inner.split()) > MOST_LINE_WORDS or _ends_sentence(inner) or not re.search(r"\w", inner)
    if is_prose or (tail and not byline):
        return None
    heading = _heading(inner, rank=LINE_RANK, form=form)
    return replace(heading, byline=byline or heading.byline)


def _looks_bare(text: str) -> bool:
    """Whether an unmarked line reads as a heading: short, no end of a sentence, mostly Capitalised or very short."""
    words = text.split()
    if len(words) > MOST_BARE_WORDS or (not text[:1].isalnum() and text[:1] not in "\"'“‘") or text[:1].islower():
        return False
    if re.search(r"[.!?]\s+[A-Z].*[.!?]$|https?://|@\w", text):
        return False
    long = [word for word in words if len(word.strip("\"'“”‘’,:;!?()")) > 3]
    capital = sum(1 for word in long if not word.lstrip("\"'“‘(")[:1].islower())
    return len(words) <= 8 or capital >= 0.6 * len(long)


def _is_linked(children: Sequence[Token]) -> bool:
    """Whether a line is nothing but links and images: those are shown, not headings."""
    return all(t["type"] in ("link", "image") or not inline_text([t]).strip() for t in children)


def _emphasis(children: Sequence[Token]) -> tuple[Form, str, str] | None:
    """The form and text of emphasis that wraps a line, and what follows it."""
    kind = children[0]["type"]
    if kind not in ("strong", "emphasis"):
        return None
    inner = inline_text([children[0]]).strip()
    tail = inline_text(children[1:]).strip()
    if tail in (":", "."):
        inner, tail = (inner + tail).rstrip("."), ""
    nested = children[0]["children"]
    bold = kind == "strong" or (len(nested) == 1 and nested[0]["type"] == "strong")
    return ("bold" if bold else "italic"), " ".join(inner.split()), " ".join(tail.split())


def _trim(children: Sequence[Token]) -> Sequence[Token]:
    kept = [t for t in children if t["type"] != "inline_html"]
    while kept and not inline_text(kept[:1]).strip() and kept[0]["type"] != "image":
        kept = kept[1:]
    while kept and not inline_text(kept[-1:]).strip() and kept[-1]["type"] != "image":
        kept = kept[:-1]
    return kept


def _split_day(text: str, names: Calendar) -> tuple[date | None, str]:
    """The date that a short line states beside a byline, place or label, and the rest of the line.

    `Date: March 5, 2024`, `Zug, 5 March 2024`, `By A. Name | March 5, 2024`.
    """
    if len(text.split()) > 14 or text[-1:] in ".!?;":
        return None, text
    found = list(find_full_days(text, names))
    if len(found) != 1:
        return None, text
    day, start, end = found[0]
    rest = " ".join((text[:start] + " " + text[end:]).split()).strip(" |,;:()[]-\u2012\u2013\u2014•·*_")
    rest = re.sub(
        r"^(?:date|dated|date\s*line|published|posted|updated|issued?|release[d]?)(?:\s+on)?\s*:?\s*", "", rest, flags=re.I
    )
    rest = re.sub(r"\b(?:vol(?:ume)?|no|number|issue|nr)\.?\s*[\dIVX]+", "", rest, flags=re.IGNORECASE).strip(" ,|·•-")
    rest = re.sub(r"\b(?:on|of)$", "", rest).strip(" |,;:-\u2012\u2013\u2014")
    is_place = bool(re.fullmatch(r"(?:[A-Z][\w.'’-]*[,\s]*){1,4}", rest)) and not re.match(r"by\b", rest, re.I)
    return day, "" if is_place else rest


def _unstack(block: Block, names: Calendar) -> Iterator[Block]:
    """A paragraph's first lines as blocks of their own where each stands alone: a bold title,
    a byline, a date set directly above the text without a blank line between."""
    if block.kind == "paragraph":
        first, rest = _split_line(block.children)
        if rest and _stands_alone(first, rest, names):
            yield paragraph(block.line, first)
            yield from _unstack(paragraph(block.line + 1, rest), names)
            return
    yield block


def _split_line(children: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    for index, token in enumerate(children):
        if token["type"] in BREAKS:
            return children[:index], children[index + 1 :]
    return children, ()


def _stands_alone(first: Sequence[Token], rest: Sequence[Token], names: Calendar) -> bool:
    text = block_text({"type": "paragraph", "children": list(first)})
    following = inline_text(rest).lstrip()
    if not text or (not following[:1].isalnum() and following[:1] not in "\"'“‘(*[") or following[:1].islower():
        return False
    if len(first) == 1 and first[0]["type"] in ("strong", "emphasis"):
        return text[-1] not in SENTENCE_END
    day, left = _split_day(text, names)
    return bool(day and not left) or parse_byline(left) is not None


def _with_name_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, lines below headings that hold only a name read as bylines where the document
    repeats the form and never writes those words in small letters."""
    lines = [
        i
        for i, piece in enumerate(pieces[1:-1], 1)
        if piece.name and pieces[i - 1].heading and not pieces[i - 1].name and pieces[i + 1].is_text
    ]
    if len(lines) < 2:
        return list(pieces)
    small = set(re.findall(r"\b[^\W\d_]+\b", " ".join(p.block.text for p in pieces if p.is_text)))
    proven = {i for i in lines if not any(w.casefold() in small for w in pieces[i].block.text.split() if w[0].isupper())}
    return [
        replace(piece, heading=None, byline=piece.name) if i in proven and len(proven) > 1 else piece
        for i, piece in enumerate(pieces)
    ]


def _confirm(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, lines kept as headings only where something stands below them to be their text."""
    for index, piece in enumerate(pieces):
        heading = piece.heading
        if heading and heading.rank == LINE_RANK and not _has_text_below(pieces[index + 1 :], heading):
            yield replace(piece, heading=None)
        else:
            yield piece


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


def _with_run_ins(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, paragraphs that begin with a bold label taken apart where the document heads its
    stories in no other way: no other heading stands among or below them."""
    run_ins = {i: parts for i, piece in enumerate(pieces) if piece.is_text and (parts := _split_run_in(piece.block))}
    first = min(run_ins, default=None)
    is_form = first is not None and len(run_ins) >= LEAST_RUN_INS and not any(p.heading for p in pieces[first:])
    for index, piece in enumerate(pieces):
        if is_form and index in run_ins:
            yield from run_ins[index]
        else:
            yield piece


def _split_run_in(block: Block) -> tuple[Piece, Piece] | None:
    """The heading and the text of a paragraph that begins `**Heading:** text` or `**Heading.** text`."""
    if block.kind != "paragraph" or len(block.children) < 2 or block.children[0]["type"] != "strong":
        return None
    label, rest = inline_text(block.children[:1]).strip(), block.children[1:]
    following = inline_text(rest)
    if following.startswith(":"):
        label, rest = f"{label}:", [{**rest[0], "raw": rest[0].get("raw", "").removeprefix(":")}, *rest[1:]]
    if label[-1:] not in (":", ".") or len(label.split()) > MOST_BARE_WORDS or not inline_text(rest).strip():
        return None
    heading = Heading(rank=LINE_RANK, title=parse_title(label.rstrip(".")).text, form="bold")
    text = paragraph(block.line, rest)
    return Piece(block=paragraph(block.line, block.children[:1]), heading=heading), Piece(block=text)
