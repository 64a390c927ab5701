"""A document's headings as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from feedgen_kusama.documents.headings import Heading
from feedgen_kusama.documents.piece import Piece


class Node(Struct, frozen=True, kw_only=True):
    """A heading with the text up to the next one, and the headings below it."""

    piece: Piece
    text: tuple[Piece, ...]
    children: tuple[Node, ...] = ()
    is_umbrella: bool = False
    """Whether only an umbrella's own text is left here, its children being entries themselves."""

    @property
    def heading(self) -> Heading:
        assert self.piece.heading is not None
        return self.piece.heading

    def pieces(self) -> Iterator[Piece]:
        """Everything below the heading, in order."""
        yield from self.text
        for child in self.children:
            yield child.piece
            yield from child.pieces()

    @property
    def has_byline(self) -> bool:
        """Whether somebody is named as this heading's author: then it heads a story, not a part of one."""
        return self.heading.byline is not None or any(piece.byline for piece in self.text[:1])

    @property
    def has_text(self) -> bool:
        return any(piece.is_text for piece in self.text)


def build_tree(pieces: Sequence[Piece]) -> tuple[Node, ...]:
    """The headings as a tree: each stands below the nearest stronger one before it. Text before
    the first heading is not expected."""
    starts = [i for i, piece in enumerate(pieces) if piece.heading]
    flat = [Node(piece=pieces[start], text=tuple(pieces[start + 1 : end])) for start, end in pairwise([*starts, len(pieces)])]
    return _nest(flat)


def _nest(flat: Sequence[Node]) -> tuple[Node, ...]:
    """The nodes, those after one of smaller rank placed below it. Iterative: documents may nest deep."""
    levels: list[tuple[int, list[Node]]] = [(0, [])]
    for node in flat:
        while levels[-1][0] >= node.heading.rank:
            _close(levels)
        levels.append((node.heading.rank, [node]))
    while len(levels) > 1:
        _close(levels)
    return tuple(levels[0][1])


def _close(levels: list[tuple[int, list[Node]]]) -> None:
    """Close the deepest open heading: what gathered behind it becomes its children."""
    _, (node, *children) = levels.pop()
    levels[-1][1].append(replace(node, children=tuple(children)) if children else node)
