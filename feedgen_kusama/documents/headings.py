"""Which lines are headings by their looks, and what they say.

A heading may be written with `#`, underlined, in HTML, or as a line of its own: bold, italic,
quoted, labelled (`Article 3: …`) or bare. Such a line is only a candidate until what follows
it proves it to be one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from feedgen_kusama.documents.bylines import DASHES, Byline, may_hold_byline, parse_byline, parse_name, split_byline, split_name
from feedgen_kusama.documents.markdown import Block, inline_text, token_text
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.titles import REFERENCES, Title, closing_quote, parse_title

Form = Literal["marked", "bold", "italic", "quoted", "labelled", "bare"]
LINE_RANK = 7
"""The rank of a line that stands as a heading without being marked as one: below all that are."""
PART_RANK = 8
"""The rank of a line in italics where bold ones head the stories."""
MOST_LINE_WORDS = 25
MOST_BARE_WORDS = 18
MOST_SENTENCE_WORDS = 12
"""A bare line of more words in small letters is a sentence without its full stop."""
FEW_WORDS = 3
MOST_ANNOUNCING_WORDS = 12
"""A line of more words that ends in a colon announces what follows, and heads nothing; so do all in small letters."""
SENTENCE_END = frozenset(".,;…")


_SHOWS = re.compile(
    r"(?:read\s+(?:more|also|next)|also\s+read|related(?:\s+\w+)?|see\s+also|figure|fig\.|image|photo|picture|chart|source|caption"
    r"|video|listen|watch)\s*\d*\s*[:.\u2012-\u2015]\s*\S|q\s*[:.]\s|(?:welcome\s+to|dear|hello|greetings)\b"
    r"|[^:]{1,30}:\s*[$€£]?(?!(?:19|20)\d\d\b)\d[\d.,]*(?:\s*\w+)?(?:\s*\([^()]*\))?$",
    re.IGNORECASE,
)
"""A line that leads elsewhere, tells what is shown, or a figure; asks, or greets."""


class Heading(Struct, frozen=True, kw_only=True):
    """A heading as written. Rank is the level, 1 to 6, LINE_RANK or PART_RANK."""

    rank: int
    title: str
    form: Form
    label: str | None = None
    byline: Byline | None = None
    under: str = ""
    """The label that it stood below, which still tells the topic."""
    is_announcing: bool = False
    """Whether a colon ended the line."""

    @property
    def words(self) -> int:
        return len(self.title.split())


def new_heading(text: str, *, rank: int, form: Form) -> Heading:
    """The heading that a text is, label, quotes and byline taken off."""
    title, byline = parse_heading_text(text)
    return Heading(rank=rank, title=title.text, form=form, label=title.label, byline=byline)


def parse_heading_text(text: str) -> tuple[Title, Byline | None]:
    """A heading's cleaned title and the byline behind it."""
    label = parse_title(text)
    if not may_hold_byline(text):
        return label, None
    start = len(text) - len(text.lstrip())
    if label.label:  # the quotation begins after the label
        start = next((i for i, mark in enumerate(text) if mark in '"“„«‘'), start)
    end = closing_quote(text[start:])
    head, byline = split_byline(text, quoted_to=None if end is None else start + end)
    return (parse_title(head), byline) if byline else (label, None)


def read_line(block: Block) -> Heading | None:
    """The heading that a paragraph may be by its own looks."""
    children = _trim(block.children)
    text = block.text
    if not children or not text:
        return None
    emphasis = _emphasis(children)
    if not emphasis and text[-1] in ".,;" and not text.endswith("...") and not may_hold_byline(text):
        return None
    if _SHOWS.match(text):
        return None
    title, byline = parse_heading_text(text)
    if emphasis and not (title.label and emphasis[2] and not _is_signed(*emphasis[1:])):
        return _read_emphasised(*emphasis)
    if not title.text or ends_sentence(title.text) or _is_linked(children):
        return None
    form = _line_form(title, text)
    if form is None:
        return None
    is_announcing = text[-1] in ":：" and form == "bare" and not REFERENCES.fullmatch(text)
    return Heading(rank=LINE_RANK, title=title.text, form=form, label=title.label, byline=byline, is_announcing=is_announcing)


def _line_form(title: Title, text: str) -> Form | None:
    if title.label:
        return "labelled"
    if title.is_quoted:
        return "quoted" if len(title.text.split()) <= MOST_LINE_WORDS else None
    if REFERENCES.fullmatch(text):
        return "bare"
    if text[-1] in ":：":  # `Market:` heads what follows; longer lines announce it
        return "bare" if len(title.text.split()) <= MOST_ANNOUNCING_WORDS and _is_title_case(title.text) else None
    return "bare" if _looks_bare(_unsigned(title.text)) else None


def _unsigned(text: str) -> str:
    """A line without the author and the role that may end it, and make it longer than a title."""
    parts = split_name(text, quoted_to=None) if may_hold_byline(text) else None
    return parts[0] if parts and parts[1].role else text


def is_prose(text: str) -> bool:
    """Whether a line that stands out is still prose: too long for a heading, or ended as a sentence."""
    return len(text.split()) > MOST_LINE_WORDS or ends_sentence(text)


def ends_sentence(text: str) -> bool:
    """Whether a line ends as prose does; dots after a few words leave a heading open."""
    text = text.rstrip("\"'”’»)")
    if text.endswith(("...", "…")):
        return len(text.split()) > 2 * FEW_WORDS
    return text[-1:] in SENTENCE_END


def _is_signed(inner: str, tail: str) -> bool:
    """Whether a line is a whole title in emphasis, and a byline."""
    return bool(parse_title(inner).text) and _read_tail(inner, tail) is not None


def _read_tail(inner: str, tail: str) -> Byline | None:
    """The byline behind a title in emphasis; behind a bar or dash a name alone, unless what is emphasised may be a label."""
    is_parted = tail[:1] in f"|{DASHES}" and len(inner.split()) >= FEW_WORDS
    return parse_byline(tail.lstrip(", ")) or (parse_name(tail.lstrip(f"| {DASHES}")) if is_parted else None)


def _read_emphasised(form: Form, inner: str, tail: str) -> Heading | None:
    """The heading in a line that begins with emphasis: all of it, or all but a byline."""
    byline = _read_tail(inner, tail) if tail else None
    if is_prose(inner) or not re.search(r"\w", inner) or (tail and not byline):
        return None
    heading = new_heading(inner, rank=LINE_RANK, form=form)
    return replace(heading, byline=byline or heading.byline)


def _looks_bare(text: str) -> bool:
    """Whether an unmarked line reads as a heading: short, no end of a sentence, mostly Capitalised or very short."""
    words = text.split()
    first = re.search(r"\w", text)
    if first is None or text[0] in f"([<{DASHES}" or (first[0].islower() and not _begins_with_name(text)):
        return False
    if len(words) > (MOST_LINE_WORDS if _is_title_case(text) else MOST_BARE_WORDS):
        return False
    if re.search(r"[.!?]\s+[A-Z].*[.!?]$|https?://|@\w", text):
        return False
    return len(words) <= MOST_SENTENCE_WORDS or is_capitalised(text)


def _begins_with_name(text: str) -> bool:
    """Whether a title begins with a name that is written small: `iOS`, `dApps`, `ink!`."""
    name, _, rest = text.partition(" ")
    return (name[-1] == "!" or any(map(str.isupper, name))) and is_capitalised(rest)


def is_capitalised(text: str) -> bool:
    """Whether most of a line's words of more than two letters begin with a capital (or no letter), as titles do."""
    long = [word for word in text.split() if len(word.strip("\"'“”‘’,:;!?()")) > 2]
    return sum(1 for word in long if not word.lstrip("\"'“‘(")[:1].islower()) >= 0.6 * len(long)


def _is_title_case(text: str) -> bool:
    """Whether every word of a line but the smallest begins with a capital."""
    return not any(word[0].islower() for word in text.split() if len(word) > 3) and not text[0].islower()


def _is_linked(children: Sequence[Token]) -> bool:
    """Whether a line is nothing but links and images: those are shown, not headings."""
    return all(t["type"] in ("link", "image") or not token_text(t).strip() for t in children)


def _emphasis(children: Sequence[Token]) -> tuple[Form, str, str] | None:
    """The form and text of emphasis that wraps a line, and what follows it."""
    kind = children[0]["type"]
    if kind not in ("strong", "emphasis"):
        return None
    inner = token_text(children[0]).strip()
    tail = inline_text(children[1:]).strip()
    if tail in (":", "."):
        inner, tail = (inner + tail).rstrip("."), ""
    nested = children[0]["children"]
    bold = kind == "strong" or (len(nested) == 1 and nested[0]["type"] == "strong")
    return ("bold" if bold else "italic"), " ".join(inner.split()), " ".join(tail.split())


def _trim(children: Sequence[Token]) -> Sequence[Token]:
    kept = [t for t in children if t["type"] != "inline_html"]
    while kept and not token_text(kept[0]).strip() and kept[0]["type"] != "image":
        kept = kept[1:]
    while kept and not token_text(kept[-1]).strip() and kept[-1]["type"] != "image":
        kept = kept[:-1]
    return kept
