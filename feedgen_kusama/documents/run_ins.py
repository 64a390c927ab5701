"""Run-ins: paragraphs that begin with their story's title, and which of them are taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from feedgen_kusama.documents.bylines import DASHES
from feedgen_kusama.documents.headings import LINE_RANK, MOST_BARE_WORDS, Heading, is_capitalised, is_prose
from feedgen_kusama.documents.markdown import Block, inline_text, paragraph
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.titles import parse_title

_PARTING = re.compile(rf"\s*(?:(?P<colon>:)|[{DASHES}](?=\s))?\s*")
"""What parts a label from its text."""
LEAST_TITLE_WORDS = 3
"""A label of fewer may only name a subject."""
LEAST_RUN_INS = 3
"""Fewer bold beginnings are emphasis."""


def with_run_ins(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, paragraphs that begin with a label in bold or italics taken apart where the document heads its stories in
    no other way: no other heading stands among or below them, but for the last story's where the others have titles."""
    run_ins = {i: parts for i, piece in enumerate(pieces) if (parts := split_run_in(piece.block)) and piece.is_text}
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
    is_above_text = index + 1 < len(pieces) and pieces[index + 1].is_text and not split_run_in(pieces[index + 1].block)
    return is_above_text and not is_prose(tail) and is_capitalised(tail)


def _whole(piece: Piece) -> Piece:
    """A line that is all a title."""
    return replace(piece, heading=Heading(rank=LINE_RANK, title=parse_title(piece.block.text).text, form="bold"))


def split_run_in(block: Block) -> tuple[Piece, Piece] | None:
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
