"""Tables of contents: they repeat the headings of a document and tell nothing of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feedgen_kusama.documents.markdown import Block, inline_text
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.pieces import Piece

LEAST_ITEMS = 2
_PAGE = re.compile(r"[\s.·…]*\d{0,3}\s*$")
"""What leads to a page's number, and the number."""


_CALLED = re.compile(
    r"(?:table\s+of\s+)?contents?|index|inside(?:\s+this\s+\w+)?|what['’]s\s+inside|in\s+this\s+(?:issue|edition|month|newsletter)"
    r"|(?:(?:today|this\s+\w+)['’]s\s+)?(?:headlines|stories|topics|articles|sections)",
    re.IGNORECASE,
)
"""What tables of contents are called."""


def split_contents(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The pieces without tables of contents, and what was taken away: lists of the document's own headings or of links
    to them, with the heading that calls them so."""
    titles = {_key(piece.heading.title) for piece in pieces if piece.heading}
    found = {i for i, piece in enumerate(pieces) if _is_contents(piece.block, titles)}
    for index in sorted(found):
        heading = pieces[index - 1].heading if index else None
        if heading and _CALLED.fullmatch(heading.title):
            found.add(index - 1)
    if not found:
        return pieces, ()
    return [p for i, p in enumerate(pieces) if i not in found], [p for i, p in enumerate(pieces) if i in found]


def _is_contents(block: Block, titles: set[str]) -> bool:
    if block.kind == "paragraph":
        return _is_navigation(block.children)
    if block.kind != "list":
        return False
    items = [item for item in block.text.split("\n") if item.strip()]
    known = sum(1 for item in items if _key(_PAGE.sub("", item)) in titles)
    links = list(_links(block.token))
    is_linked = len(links) >= len(items) and all(_leads_within(link) for link in links)
    return len(items) >= LEAST_ITEMS and (3 * known >= 2 * len(items) or is_linked)


def _is_navigation(children: Sequence[Token]) -> bool:
    """Whether a paragraph is nothing but links within the document, and what parts them."""
    links = [token for token in children if token["type"] == "link"]
    if len(links) < LEAST_ITEMS or not all(map(_leads_within, links)):
        return False
    return not re.search(r"\w", inline_text([token for token in children if token["type"] != "link"]))


def _leads_within(link: Token) -> bool:
    return str(link["attrs"]["url"]).startswith("#")


def _links(token: Token) -> Iterator[Token]:
    if token["type"] == "link":
        yield token
    for child in token.get("children", ()):
        yield from _links(child)


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
