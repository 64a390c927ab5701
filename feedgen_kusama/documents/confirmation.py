"""Which lines that look like headings are some: something stands below them, and they neither quote nor remark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from feedgen_kusama.documents.bylines import DASHES, MOST_ROLE_WORDS, is_role
from feedgen_kusama.documents.headings import LINE_RANK, Heading, is_capitalised
from feedgen_kusama.documents.piece import Piece

LEAST_MARKED = 2
MOST_KICKER_WORDS = 3
"""A label above a heading has no more."""
HOLD_STORIES = ("paragraph", "list", "table", "block_quote", "block_code")
"""What can be the text below a bare line."""


def confirm(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, lines kept as headings only where something stands below them to be their text."""
    marked = [index for index, piece in enumerate(pieces) if piece.heading and piece.heading.form == "marked"]
    # Where an author marks the headings, an unmarked line among the sections has to prove itself one.
    sections = marked[1] if len(marked) > LEAST_MARKED else len(pieces)
    text = next((index for index, piece in enumerate(pieces) if piece.is_text), len(pieces))
    quoted = sum(1 for piece in pieces if piece.heading and piece.heading.form == "quoted")
    asides = _find_asides(pieces)
    proven = _find_proven(pieces)
    for index, piece in enumerate(pieces):
        heading = piece.heading
        if heading is None or heading.rank < LINE_RANK:
            yield piece
            continue
        below = pieces[index + 1 :]
        is_stray = index > sections and heading.form == "bare" and not _heads_text(heading, below)
        is_said = heading.form == "quoted" and index > text and _is_said(heading, below, is_only=quoted == 1)
        is_below_byline = index > 0 and pieces[index - 1].byline is not None and pieces[index - 1].heading is None
        is_remark = (index > text or is_below_byline) and _is_remark(heading, below)
        is_role_line = is_below_byline and is_role(heading.title) and heading.words <= MOST_ROLE_WORDS
        is_kept = proven[index] and index not in asides and not (is_stray or is_said or is_remark or is_role_line)
        yield piece if is_kept else replace(piece, heading=None)


def _find_asides(pieces: Sequence[Piece]) -> frozenset[int]:
    """Questions and exclamations in small letters on lines of their own, where more headings are written otherwise."""
    headings = [(index, piece.heading) for index, piece in enumerate(pieces) if piece.heading]
    found = frozenset(i for i, h in headings if h.form == "bare" and h.title[-1:] in "?!" and not _has_capital_within(h.title))
    return found if 2 * len(found) < len(headings) else frozenset()


def _has_capital_within(title: str) -> bool:
    return any(word[0].isupper() for word in title.split()[1:])


def _find_proven(pieces: Sequence[Piece]) -> Sequence[bool]:
    """Whether something stands below each line that may be a heading; below one that stands bare it is text, or another
    line that has text below it."""
    proven = [False] * len(pieces)
    below: int | None = None
    for index in range(len(pieces) - 1, -1, -1):
        piece = pieces[index]
        if piece.heading and below is not None:
            proven[index] = _is_proven_by(piece.heading, pieces[below], is_below_proven=proven[below])
        if not (piece.is_rule or piece.remark):
            below = index
    return proven


def _is_proven_by(heading: Heading, below: Piece, *, is_below_proven: bool) -> bool:
    if heading.form != "bare":
        return True
    if below.is_text:
        return below.block.kind in (("paragraph",) if heading.is_announcing else HOLD_STORIES)
    return is_below_proven or below.heading is None or below.heading.form != "bare"


def _is_said(heading: Heading, below: Sequence[Piece], *, is_only: bool) -> bool:
    """Whether a line in quotes is a quotation: a dash and who said it stand below, or it is the only such line and in small
    letters."""
    is_credited = below[:1] and below[0].block.text.startswith(tuple(DASHES)) and not below[0].byline
    return bool(is_credited) or (is_only and not is_capitalised(heading.title))


def _is_remark(heading: Heading, below: Sequence[Piece]) -> bool:
    """Whether a bare line in small letters ends what stands above it, or announces a list: a heading or a list follows, and
    it is longer than a label."""
    following = next((p for p in below if not (p.is_rule or p.remark)), None)
    if heading.form != "bare" or following is None or is_capitalised(heading.title):
        return False
    return following.block.kind == "list" or (following.heading is not None and heading.words > MOST_KICKER_WORDS)


def _heads_text(heading: Heading, below: Sequence[Piece]) -> bool:
    """Whether an unmarked line looks like a title and text follows it at once."""
    following = next((p for p in below if not (p.is_rule or p.remark or p.byline)), None)
    return is_capitalised(heading.title) and following is not None and following.is_text
