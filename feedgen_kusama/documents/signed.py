"""Which lines are bylines because of where they stand and how often: names alone, behind titles, before texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec.structs import replace

from feedgen_kusama.documents.bylines import PARTICLE, Byline, parse_byline, parse_name_and_desk, split_name
from feedgen_kusama.documents.markdown import Block, inline_text, paragraph
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.titles import closing_quote, parse_title, unquote

LEAST_ABOVE = 2
"""So often, what stands right above or below a heading belongs to it."""
LEAST_SIGNED = 3
"""Fewer titles that end in `By` and capitals are titles."""
_RUN_IN_NAME = re.compile(
    rf"(?P<byline>\(?(?:By|Byline\s*:)\s+[A-Z][\w'’-]+(?:\s[A-Z]\.)?(?:\s{PARTICLE})*\s[A-Z][\w'’-]+\)?)"
    r"(?:\s*[:\u2012-\u2015]|\s-)?(?=\s[A-Z\"“‘(])"
)
"""A byline of two names and what parts it from a text."""


def with_name_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, lines below headings that hold only a name read as bylines where the document
    repeats the form and never writes those words in small letters."""
    pieces = [
        replace(piece, heading=None, byline=byline) if piece.heading and (byline := _marked_byline(pieces, i)) else piece
        for i, piece in enumerate(pieces)
    ]
    if any(piece.byline and piece.byline.role and above.heading for above, piece in pairwise(pieces)):
        pieces = [_with_desk(pieces, i) for i in range(len(pieces))]
    lines = [i for i, piece in enumerate(pieces[:-1]) if i and piece.name and _may_be_signed(pieces, i)]
    if len(lines) < 2 or 2 * len(lines) < sum(1 for above, below in pairwise(pieces) if above.heading and below.is_text):
        return pieces
    words = _words_of_text(pieces)
    proven = {i for i in lines if _is_name(pieces[i].block.text, words)}
    return [
        replace(piece, heading=None, byline=piece.name) if i in proven and len(proven) > 1 else piece
        for i, piece in enumerate(pieces)
    ]


def _with_desk(pieces: Sequence[Piece], index: int) -> Piece:
    """The piece, a name and desk right below a heading and above text read as a byline."""
    piece = pieces[index]
    if not piece.heading or piece.heading.form == "marked" or not 0 < index < len(pieces) - 1:
        return piece
    is_between = pieces[index - 1].heading and pieces[index + 1].is_text
    byline = parse_name_and_desk(piece.block.text) if is_between else None
    return replace(piece, heading=None, byline=byline) if byline else piece


def _words_of_text(pieces: Sequence[Piece]) -> set[str]:
    return set(re.findall(r"\b[^\W\d_]+\b", " ".join(p.block.text for p in pieces if p.is_text)))


def _is_name(text: str, words: set[str]) -> bool:
    """Whether none of a name's words stands in small letters among those of the document."""
    return not any(word.casefold() in words for word in text.split() if word[0].isupper())


def _may_be_signed(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a name right below a heading and above text may be the author's; a bold line heads a part."""
    above, piece, below = pieces[index - 1 : index + 2]
    if above.heading is None or not below.is_text:
        return False
    form = piece.heading.form if piece.heading else ""
    return form != "bold" and (not above.name or form == "italic" != above.heading.form)


def _marked_byline(pieces: Sequence[Piece], index: int) -> Byline | None:
    """The byline that somebody marked as a heading: right below a heading and above text."""
    piece = pieces[index]
    if not piece.heading or piece.heading.form != "marked" or not 0 < index < len(pieces) - 1:
        return None
    return parse_byline(piece.block.text) if pieces[index - 1].heading and pieces[index + 1].is_text else None


def with_whole_titles(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, what looks like a byline behind a title taken back into it where a byline of its own stands below: a story
    is signed once (`A Gift Made by Many Hands`)."""
    return [
        replace(piece, heading=replace(piece.heading, title=parse_title(piece.block.text).text, byline=None))
        if piece.heading
        and piece.heading.byline
        and re.search(r"\sby\s", piece.block.text)
        and below.byline
        and not below.heading
        else piece
        for piece, below in pairwise((*pieces, *pieces[-1:]))
    ]


def with_names_behind(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, names behind the titles on the same line read as bylines (`A Vote Is Near By Ann Lee`, `"A Vote Is Near"
    (Ann Lee)`) where most headings have them: one alone may belong to its title."""
    parted = {
        i: parts
        for i, piece in enumerate(pieces)
        if piece.heading and (parts := split_name(piece.heading.title, quoted_to=closing_quote(piece.heading.title)))
    }
    if len(parted) < LEAST_SIGNED or 2 * len(parted) <= sum(1 for piece in pieces if piece.heading):
        return pieces
    words = _words_of_text(pieces)
    if not all(_is_name(byline.author or "", words) for _, byline in parted.values()):
        return pieces
    return [
        replace(piece, heading=replace(piece.heading, title=unquote(parted[i][0]), byline=parted[i][1]))
        if piece.heading and i in parted
        else piece
        for i, piece in enumerate(pieces)
    ]


def with_names_before(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, bylines parted from the texts that they were run into below headings (`By Ann Lee The vote …`), where
    more than one is."""
    parted = {
        i: found
        for i, piece in enumerate(pieces[1:], 1)
        if pieces[i - 1].heading
        and (piece.is_text or (piece.byline and not piece.byline.author))
        and (found := _split_name(piece.block))
    }
    if len(parted) < LEAST_ABOVE:
        return pieces
    return [part for i, piece in enumerate(pieces) for part in parted.get(i, (piece,))]


def _split_name(block: Block) -> tuple[Piece, Piece] | None:
    """The byline of a paragraph, of two names or in emphasis, and its text."""
    first, *rest = block.children if block.kind == "paragraph" and block.children else ({"type": ""},)
    match = _RUN_IN_NAME.match(first["raw"]) if first["type"] == "text" else None
    if match:
        first, rest = {**first, "raw": match["byline"]}, [{**first, "raw": first["raw"][match.end() :].lstrip()}, *rest]
    elif first["type"] not in ("emphasis", "strong") or not inline_text(rest).strip():
        return None
    byline = parse_byline(inline_text([first]))
    if byline is None:
        return None
    return Piece(block=paragraph(block.line, [first]), byline=byline), Piece(block=paragraph(block.line, rest))


def _end_stories(pieces: Sequence[Piece], above: set[int]) -> bool:
    """Whether bylines right above headings end the stories before: the last heading has one, and the first of the stories,
    with text below it as the next one has, has none."""
    headed = [i for i, piece in enumerate(pieces[:-1]) if piece.heading and pieces[i + 1].is_text]
    signed = [i - 1 in above for i in headed]
    return len(signed) > LEAST_ABOVE and signed[-1] and not any(signed[:2]) and all(signed[2:])


def with_bylines_below(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, bylines moved below the headings that they stand right above: where the last story has none at its end
    they do not end the stories before."""
    bylines = [i for i, piece in enumerate(pieces[:-1]) if piece.byline and not piece.heading]
    above = {i for i in bylines if pieces[i + 1].heading}
    if len(above) < LEAST_ABOVE:
        return pieces
    ends = next((piece for piece in reversed(pieces) if not piece.is_rule), None)
    if (ends and ends.byline) or any(i and pieces[i - 1].heading for i in bylines) or _end_stories(pieces, above):
        return pieces
    order = [i + 1 if i in above else i - 1 if i - 1 in above else i for i in range(len(pieces))]
    return [pieces[i] for i in order]
