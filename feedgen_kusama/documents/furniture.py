"""What helps to find one's way in a document and tells nothing of its own: tables of contents, and lines below every
story."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from feedgen_kusama.documents.headings import is_prose
from feedgen_kusama.documents.markdown import Block, inline_text, token_text
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.piece import Piece

LEAST_ITEMS = 2
LEAST_REPEATED = 3
"""A line below so many stories is below each."""
MOST_REPEATED_WORDS = 12
_PAGE = re.compile(r"[\s.·…]*\d{0,3}\s*$")
"""What leads to a page's number, and the number."""
_CONTENTS = re.compile(
    r"(?:table\s+of\s+)?contents?|inside(?:\s+this\s+\w+)?|what['’]s\s+inside|in\s+this\s+(?:issue|edition|newsletter)",
    re.IGNORECASE,
)
"""What tables of contents alone are called,"""
_CALLED = re.compile(
    rf"{_CONTENTS.pattern}|index|in\s+this\s+month|(?:(?:today|this\s+\w+)['’]s\s+)?(?:headlines|stories|topics|articles|sections)",
    re.IGNORECASE,
)
"""and what these may be."""


def split_furniture(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The pieces without furniture, and the furniture."""
    headings = [i for i, piece in enumerate(pieces) if piece.heading]
    found = {*_find_contents(pieces, headings), *_find_repeated(pieces, headings)}
    if not found:
        return pieces, ()
    return [p for i, p in enumerate(pieces) if i not in found], [p for i, p in enumerate(pieces) if i in found]


def _find_repeated(pieces: Sequence[Piece], headings: Sequence[int]) -> Sequence[int]:
    """Lines that stand in the same words below the text of several sections, but for names: who signs is an author."""
    endings = [text for i in (*headings, len(pieces)) if i and (text := pieces[i - 1].block.text)]
    if len(set(endings)) == len(endings):  # as in most documents
        return ()
    repeated = {text for text, count in Counter(endings).items() if count > 1 and text.count(" ") < MOST_REPEATED_WORDS}
    found = [i for i, piece in enumerate(pieces[1:], 1) if piece.block.text in repeated and _is_below_text(pieces, i)]
    counts = Counter(pieces[i].block.text for i in found)
    return [i for i in found if counts[pieces[i].block.text] >= LEAST_REPEATED]


def _is_below_text(pieces: Sequence[Piece], index: int) -> bool:
    above, piece = pieces[index - 1], pieces[index]
    return piece.is_text and not piece.name and bool(above.is_text or above.name)


def _find_contents(pieces: Sequence[Piece], headings: Sequence[int]) -> Sequence[int]:
    """Lists of the document's own headings or of links to them, with the heading that calls them so."""
    lists = [i for i, piece in enumerate(pieces) if piece.block.kind == "list"]
    found = [i for i, piece in enumerate(pieces) if piece.block.kind == "paragraph" and _is_navigation(piece.block.children)]
    found += [i for i in lists if i and (heading := pieces[i - 1].heading) and _lists_contents(heading.title, pieces[i].block)]
    if lists:
        titles = {_key(heading.title) for i in headings if (heading := pieces[i].heading)}
        found += [i for i in lists if _is_contents(pieces[i].block, titles)]
    above = ((i - 1, pieces[i - 1].heading) for i in found if i)
    return [*found, *(i for i, heading in above if heading and _CALLED.fullmatch(heading.title))]


def _lists_contents(title: str, block: Block) -> bool:
    """Whether a list below a heading that can only be that of contents tells nothing: no item ends as prose does."""
    items = [item for item in block.text.split("\n") if item.strip()]
    return _CONTENTS.fullmatch(title) is not None and not any(map(is_prose, items))


def _is_contents(block: Block, titles: set[str]) -> bool:
    """Whether a list is one of headings, or of links to them."""
    items = [item for item in block.text.split("\n") if item.strip()]
    keys = [_key(_PAGE.sub("", item)) for item in items]
    linked = {_key(token_text(link)) for link in _links(block.token) if _leads_within(link)}
    known = sum(1 for key in keys if key in titles)
    return len(items) >= LEAST_ITEMS and (3 * known >= 2 * len(items) or linked.issuperset(keys))


def _is_navigation(children: Sequence[Token]) -> bool:
    """Whether a paragraph is nothing but links within the document, and what parts them."""
    if len(children) < LEAST_ITEMS or children[0].get("raw", "")[:1].isalnum():  # as nearly all do
        return False
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
    return text.casefold().strip(" \"'“”‘’.,:;!?")
