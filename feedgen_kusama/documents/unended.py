"""Headings in small letters: paragraphs that end as no prose does, where nothing else heads the stories."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from feedgen_kusama.documents.headings import LINE_RANK, MOST_LINE_WORDS, MOST_SENTENCE_WORDS, is_capitalised, new_heading
from feedgen_kusama.documents.piece import Piece

LEAST_UNENDED = 3
"""So many are no slips."""
_ENDS = frozenset(".,:;!?…：。")
_CLOSING = "\"'”’»)"


def with_unended(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, paragraphs without an end above others read as headings, where more than two are and all other headings
    among the texts are bare lines in small letters: the longer ones among these are told from prose by that alone."""
    text = next((i for i, piece in enumerate(pieces) if piece.is_text), len(pieces))
    headings = [piece.heading for piece in pieces[text:] if piece.heading]
    if any(heading.form != "bare" or is_capitalised(heading.title) for heading in headings):
        return pieces
    found = {i for i in range(text, len(pieces) - 1) if _is_unended(pieces[i], pieces[i + 1])}
    if not found or len(found) + len(headings) < LEAST_UNENDED:
        return pieces
    return [
        replace(piece, heading=new_heading(piece.block.text, rank=LINE_RANK, form="bare")) if i in found else piece
        for i, piece in enumerate(pieces)
    ]


def _is_unended(piece: Piece, below: Piece) -> bool:
    """Whether a paragraph is of the length of a sentence, begins as one does and does not end so, above a text or byline."""
    text = piece.block.text
    if not piece.is_text or piece.block.kind != "paragraph" or not (below.is_text or below.byline):
        return False
    is_long = MOST_SENTENCE_WORDS < len(text.split()) <= MOST_LINE_WORDS
    return is_long and text[:1].isupper() and text.rstrip(_CLOSING)[-1:] not in _ENDS
