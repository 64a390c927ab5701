"""What a document ends with that is no news: lists of references, credits, sections on itself, a closing note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedgen_kusama.documents.markdown import Block, is_emphasised
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.titles import REFERENCES

_MARK = re.compile(r"\s*(?:\[\^?\w{1,4}\]|\(\d{1,3}\)|\d{1,3}[.)]\s|[\u00b9\u00b2\u00b3\u2070-\u2079])")
_ADDRESS = re.compile(r"https?://|www\.|\bdoi:")
_WORK = re.compile(r"\s*[-*]?\s*[\"“«„*_].{3,}?[\"”»“*_]?\s*[,.(\-\u2013\u2014]|.*\b(?:19|20)\d\d\b")


_MAY_BE_NEWS = re.compile(r"links|credits|read\s+more|(?:further\s+|additional\s+)?reading", re.IGNORECASE)
"""Of what lists of references are called, what a story may be called too."""
_ADDRESSES_READER = re.compile(
    r"(?:i\s+hope\s+this\s+(?:helps|meets|works|serves|is\s+(?:what|helpful|useful)"
    r"|(?:\w+\s+)?(?:article|newsletter|document|draft|text|summary|report|version|piece))|let\s+me\s+know(?=\W*$|\s+(?:if|whether|what|which|how|should))|feel\s+free|would\s+you\s+like\s+me)\b",
    re.IGNORECASE,
)
"""How a writing assistant takes leave of whoever asked for the text."""


_END_MATTER = re.compile(
    r"(?:legal\s+)?disclaimers?|(?:legal|copyright)\s+notice|copyright|about\s+(?:us|the\s+(?:author|editor)s?|th(?:is|e)\s+\w+)"
    r"|about\s+(?:\w+\s+){0,3}(?:news|newsletter|times|gazette|herald|chronicle|post|daily|weekly|monthly|digest)"
    r"|(?:contact|follow|join|support)(?:\s+us)?|related(?:\s+(?:articles?|stories|posts|links|news))?|share(?:\s+this)?"
    r"|tags|subscribe|imprint|masthead|acknowledge?ments?|editor(?:['’]s|ial)\s+note"
    r"|corrections?(?:\s+and\s+clarifications)?",
    re.IGNORECASE,
)
"""What a document's last sections are called that tell of itself."""
_TAKES_LEAVE = re.compile(
    r"disclaimer\b|note:|editor['’]s\s+note\b|©|\(c\)\s|copyright\b|thank(?:s|\s+you)\s+for\s+reading\b"
    r"|subscribe\b|(?:\#\w+[\s,]*)+$|-\s*30\s*-$|\#{3}$",
    re.IGNORECASE,
)
"""How a paragraph begins in which a document speaks of itself."""


_OF_DOCUMENT = re.compile(
    r"(?:sources?|references?|citations?|tags?|related(?:\s+\w+)?)\s*:\s*\S(?:[^.!?]|\.\S)*\.?$|disclaimer\s*:|word\s+count\s*:\s*\d"
    r"|\W*(?:the\s+)?end(?:\s+of\s+(?:article|document|issue|newsletter|report))?\W*$|share\s+(?:this|on)\b.{0,60}$|(?:follow|join)\s+us\b.{0,90}$|edited\s+by(?:\s+\S+){1,4}$"
    r"|(?:©|copyright)\s+(?:©\s+)?(?:19|20)\d\d\b|(?:©|copyright)\s.{0,60}\ball\s+rights\s+reserved"
    r"|(?:nothing\b.*\bis|this\s+is\s+not)\s+(?:financial|investment)\s+advice"
    r"|this\s+(?:article|document|newsletter|text)\s+(?:was|has\s+been|is)\s+(?:written|generated|created|produced|fictional)\b"
    r"|note\s*:\s*(?:all\s+|the\s+)?(?:information|facts|figures|events|details|contents?)\b.{0,60}\b(?:article|document|newsletter|text)\b"
    r"|about\s+the\s+(?:author|editor)s?\s*:"
    r"|(?:please\s+)?note\s*(?::|that\b)\s*(?:that\s+)?th(?:is|e)\s+(?:above\s+)?(?:article|document|newsletter|text)\b",
    re.IGNORECASE,
)
"""A last paragraph that is no news, whatever stands about it."""


def split_references(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The news, and what closes the document: references (a heading and what stands below it, or marked items without
    one), and sections that tell of the document itself."""
    news = list(pieces)
    while True:
        start = _find_references(news)
        if start is None:
            return news, pieces[len(news) :]
        news = news[:start]


def _find_references(pieces: Sequence[Piece]) -> int | None:
    last = max((i for i, piece in enumerate(pieces) if piece.heading), default=None)
    if last is not None and last > 0 and (_is_end_matter(pieces, last) or _are_references(pieces[last], pieces[last + 1 :])):
        return last
    start = len(pieces)
    while start > 1 and (_is_marked(pieces[start - 1].block) or _is_of_document(pieces[start - 1].block)):
        start -= 1
    return start if start < len(pieces) else None


def _is_end_matter(pieces: Sequence[Piece], last: int) -> bool:
    """Whether the last heading, below two others at least, begins what tells of the document itself."""
    heading = pieces[last].heading
    above = sum(1 for piece in pieces[:last] if piece.heading)
    return heading is not None and above > 1 and _END_MATTER.fullmatch(heading.title) is not None


def _are_references(heading: Piece, below: Sequence[Piece]) -> bool:
    assert heading.heading is not None
    items = [item for piece in below for item in _items(piece.block)]
    if not items:
        return False
    if REFERENCES.fullmatch(heading.heading.title):
        cited = sum(1 for item in items if _is_citation(item))
        is_shown = any(_is_linked(piece.block) for piece in below)
        is_plain = not _MAY_BE_NEWS.match(heading.heading.title) and all(len(item.split()) <= 40 for item in items)
        return 2 * cited >= len(items) or is_shown or is_plain
    return len(items) > 1 and all(_MARK.match(item) or _ADDRESS.search(item) for item in items)


def _items(block: Block) -> list[str]:
    return [] if block.kind == "thematic_break" else [line for line in block.text.split("\n") if line.strip()]


def _is_citation(text: str) -> bool:
    return bool(_MARK.match(text) or _ADDRESS.search(text) or _WORK.match(text))


def _is_linked(block: Block) -> bool:
    return any(token["type"] == "link" for token in _walk(block.token))


def _walk(token: Token) -> list[Token]:
    return [token, *(inner for child in token.get("children", ()) for inner in _walk(child))]


def _is_of_document(block: Block) -> bool:
    """Whether a paragraph names sources, or says what the document is: `Sources: A, B`, `Disclaimer: This text is …`."""
    return block.kind == "paragraph" and _OF_DOCUMENT.match(block.text) is not None


def _is_marked(block: Block) -> bool:
    """Whether a paragraph is a numbered reference: every line begins with a mark and one has an address or a year."""
    if block.kind != "paragraph" or not re.match(r"\s*\[\^?\d{1,3}\]:?\s", block.text):
        return False
    return bool(_ADDRESS.search(block.text) or _is_linked(block) or re.search(r"\b(?:19|20)\d\d\b", block.text))


def is_closing_note(piece: Piece, *, after_rule: bool) -> bool:
    """Whether a document's last paragraph is no news: wholly in brackets, spoken to whoever ordered the
    text, or two of these: set apart by a rule, wholly emphasised, beginning as a document does that speaks of itself."""
    if not piece.is_text or piece.block.kind != "paragraph":
        return False
    if re.fullmatch(r"\[[^\[\]]+\]|\([^()]+\)", piece.block.text) or _ADDRESSES_READER.match(piece.block.text):
        return True
    takes_leave = _TAKES_LEAVE.match(piece.block.text) is not None
    return sum((after_rule, is_emphasised(piece.block), takes_leave)) > 1
