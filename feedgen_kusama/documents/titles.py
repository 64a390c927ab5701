"""What a heading says once its mark-up, label, quotes and byline are taken away."""

from __future__ import annotations

import re

from msgspec import Struct

from feedgen_kusama.characters import on_one_line

PAIRS = {'"': '"', "“": "”", "„": "“”", "«": "»", "'": "'", "‘": "’", "‟": "”", "❝": "❞"}
"""Quotation marks that open, each with those that close it."""
CLOSERS = frozenset("".join(PAIRS.values()))
_MARKS = frozenset(PAIRS) | CLOSERS
_MARK = re.compile(f"[{''.join(sorted(_MARKS))}]")
_CLEAR_CLOSERS = CLOSERS - set("'’")
_CLEAR_MARKS = _MARKS - set("'’‘")
"""Those that are no apostrophes."""
_LABEL = re.compile(
    r"(?P<number>\[?(?:article|section|story|part|chapter|item|headline|title)\s+(?:no\.?\s*|\#)?(?:\d{1,3}|[IVX]{1,5}|one|two|three"
    r"|four|five|six|seven|eight|nine|ten)\b)(?:\s*[:.\-\u2013\u2014\]]+\s*|\s*$)"
    r"|(?P<headline>(?:main\s+)?(?:headline|title))(?:\s*:\s*|\s+[\u2012-\u2015-]\s+|\s*$)"
    r"|(?P<deck>(?:sub-?\s?(?:headline|heading|title)|deck|kicker))(?:\s*:\s*|\s+[\u2012-\u2015-]\s+|\s*$)"
    r"|(?P<item>\d{1,2}[.)])\s+(?=\D)"
    r"|(?P<story>(?:(?:first|second|third|fourth|fifth|sixth|seventh|eighth|last|final)\s+)?(?:article|story))\s*:\s+",
    re.IGNORECASE,
)


_STRAY_MARKS = re.compile(r"^\#{2,6}(?=[^\s\#])|^\#(?=[^\s\#]+\s[^\#]+$)|\s*\{\#[\w.:-]+\}$")
"""Marks of a heading without the blank behind them, and an anchor that some programs write behind it."""
REFERENCES = re.compile(
    r"(?:(?:selected|key|further|additional)\s+)?(?:references?|sources?|citations?|bibliography|works\s+cited|reading"
    r"|read\s+more|footnotes?|links|credits?)(?:\s+(?:and|&)\s+(?:references?|sources?|notes?|links|credits?|further\s+reading))?"
    r"[\s.:]*",
    re.IGNORECASE,
)
"""What a list of references is called."""


class Title(Struct, frozen=True):
    """A cleaned title and the label that stood before it: `headline`, `deck`, `number` or none."""

    text: str
    label: str | None = None
    is_quoted: bool = False


def parse_title(text: str) -> Title:
    """A heading's text without label (`Headline:`, `Article 3:`), wrapping quotes and trailing colon or comma.

    Labels and quotes may stand in each other; inner quotes, apostrophes and letter case stay.
    """
    text = on_one_line(text)
    if "#" in text:
        text = _STRAY_MARKS.sub("", text)
    label: str | None = None
    is_quoted = False
    while True:
        before = text
        match = _LABEL.match(text)
        if match:
            label = label or match.lastgroup
            text = text[match.end() :]
        bare = unquote(text)
        is_quoted = is_quoted or bare != text
        text = bare
        if len(text) > 1 and text[-1] in ":：," and text[-2] not in ":：,":
            text = text[:-1].rstrip()
        if text == before:
            return Title(text, label, is_quoted)


def unquote(text: str) -> str:
    """The text without quotes that wrap all of it, and without a lone quote that begins or ends it."""
    end = closing_quote(text)
    if end == len(text) - 1 and end > 0:
        return text[1:-1].strip()
    if end is None and text[:1] in PAIRS and text[0] != "'" and not _has_mate(text[1:], text[0]):
        return text[1:].lstrip()
    if text[-1:] in _CLEAR_CLOSERS and _CLEAR_MARKS.isdisjoint(text[:-1]):
        return text[:-1].rstrip()
    return text


def _has_mate(text: str, opener: str) -> bool:
    return any(mark in text for mark in PAIRS[opener])


def closing_quote(text: str) -> int | None:
    """Where the quotation that begins a text ends; None where none begins or it stays open.

    A straight quote opens after a blank or bracket and closes otherwise; an apostrophe inside
    a word is none.
    """
    if text[:1] not in PAIRS:
        return None
    opener, depth = text[0], 1
    for found in _MARK.finditer(text, 1):
        index, mark = found.start(), found[0]
        before, after = text[index - 1], text[index + 1 : index + 2]
        if mark in "'’" and before.isalnum() and after.isalnum():
            continue
        if (mark == opener and mark in "\"'" and (before.isspace() or before in "([{—–-") and after.strip()) or (
            mark == opener and mark not in "\"'"
        ):
            depth += 1
        elif mark in PAIRS[opener]:
            depth -= 1
            if depth == 0:
                return index
    return None
