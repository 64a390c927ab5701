"""A block of a document with what it turned out to be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from feedgen_kusama.documents.bylines import Byline
from feedgen_kusama.documents.headings import Heading
from feedgen_kusama.documents.markdown import Block


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


def text_of(pieces: Iterable[Piece]) -> str:
    """What pieces say, a line for each block."""
    return "\n".join(piece.block.text for piece in pieces if not piece.remark)
