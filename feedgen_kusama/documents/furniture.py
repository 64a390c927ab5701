"""What helps to find one's way in a document and tells nothing of its own: tables of contents, and lines below every
story."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from feedgen_kusama.documents.markdown import Block, inline_text
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.pieces import Piece

LEAST_ITEMS = 2
LEAST_REPEATED = 3
"""A line below so many stories is below each."""
MOST_REPEATED_WORDS = 12
_PAGE = re.compile(r"[\s.·…]*\d{0,3}\s*$")
"""What leads to a page's number, and the number."""
_CALLED = re.compile(
    r"(?:table\s+of\s+)?contents?|index|inside(?:\s+this\s+\w+)?|what['’]s\s+inside|in\s+this\s+(?:issue|edition|month|newsletter)"
    r"|(?:(?:today|this\s+\w+)['’]s\s+)?(?:headlines|stories|topics|articles|sections)",
    re.IGNORECASE,
)
"""What tables of contents are called."""


def split_furniture(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The pieces without furniture, and the furniture."""
    found = {*_find_contents(pieces), *_find_repeated(pieces)}
    if not found:
        return pieces, ()
    return [p for i, p in enumerate(pieces) if i not in found], [p for i, p in enumerate(pieces) if i in found]


def _find_repeated(pieces: Sequence[Piece]) -> list[int]:
    """Lines that stand in the same words at the end of several sections, but for names: who signs is an author."""
    found: dict[str, list[int]] = defaultdict(list)
    endings: set[str] = set()
    is_end = True
    for index, piece in reversed(list(enumerate(pieces))):
        text = piece.block.text
        is_short = piece.is_text and not piece.name and text.count(" ") < MOST_REPEATED_WORDS
        if is_short and index and (pieces[index - 1].is_text or pieces[index - 1].name):
            found[text].append(index)
            endings |= {text} if is_end else set()
        is_end = piece.heading is not None or (is_end and piece.is_rule)
    return [index for text in endings if len(found[text]) >= LEAST_REPEATED for index in found[text]]


def _find_contents(pieces: Sequence[Piece]) -> list[int]:
    """Lists of the document's own headings or of links to them, with the heading that calls them so."""
    known = [i for i, piece in enumerate(pieces) if piece.block.kind == "list" or _is_navigation(piece.block)]
    if not known:  # as in most documents
        return []
    titles = {_key(piece.heading.title) for piece in pieces if piece.heading}
    found = [i for i in known if pieces[i].block.kind != "list" or _is_contents(pieces[i].block, titles)]
    above = ((i - 1, pieces[i - 1].heading) for i in found if i)
    return [*found, *(i for i, heading in above if heading and _CALLED.fullmatch(heading.title))]


def _is_contents(block: Block, titles: set[str]) -> bool:
    """Whether a list is one of headings, or of links to them."""
    items = [item for item in block.text.split("\n") if item.strip()]
    keys = [_key(_PAGE.sub("", item)) for item in items]
    linked = {_key(inline_text([link])) for link in _links(block.token) if _leads_within(link)}
    known = sum(1 for key in keys if key in titles)
    return len(items) >= LEAST_ITEMS and (3 * known >= 2 * len(items) or linked.issuperset(keys))


def _is_navigation(block: Block) -> bool:
    """Whether a paragraph is nothing but links within the document, and what parts them."""
    children = block.children if block.kind == "paragraph" else ()
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
