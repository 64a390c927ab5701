"""Ways to write the same document differently: none may change what is read."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping

_KEEP = re.compile(r"\s*(?:[-*+>|#]|\d{1,9}[.)]\s|<|\[[^\]]+\]:|:\s|={3,}|$)")
_HEAD = re.compile(r"(?s)(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*\n")
_FENCE = re.compile(r"\s*(?:```|~~~)")


def _paragraphs(text: str, join: Callable[[str], str]) -> str:
    """The text with `join` applied to each plain paragraph; other blocks and front matter stay."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    out: list[str] = []
    is_fenced = False
    for block in re.split(r"\n{2,}", text[start:].strip("\n")):
        fences = len(re.findall(r"(?m)^\s*(?:```|~~~)", block))
        lines = block.split("\n")
        if is_fenced or fences or any(_KEEP.match(line) for line in lines) or re.search(r"(?: {2}|\\)$", block, re.M):
            out.append(block)
        else:
            out.append(join(" ".join(lines)))
        is_fenced ^= fences % 2 == 1
    return text[:start] + "\n\n".join(out) + "\n"


def unwrapped(text: str) -> str:
    return _paragraphs(text, lambda line: line)


def wrapped(text: str) -> str:
    # A line must not begin with what would start a list, a heading or a quote.
    def wrap(line: str) -> str:
        lines = textwrap.wrap(line, 60, break_long_words=False, break_on_hyphens=False)
        return line if any(_KEEP.match(part) for part in lines) else "\n".join(lines)

    return _paragraphs(text, wrap)


def with_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def with_byte_order_mark(text: str) -> str:
    return "\ufeff" + text


def with_trailing_blanks(text: str) -> str:
    return re.sub(r"(?<=\S)$", " ", text, flags=re.M) + "\n\n  \n"


def straight(text: str) -> str:
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


def curly(text: str) -> str:
    """Quotes made typographic, outside code, HTML, front matter and link titles."""
    head = _HEAD.match(text)
    start = head.end() if head else 0
    parts = re.split(r"(?s)(```.*?```|`[^`\n]*`|<[^>]*>|^\[[^\]]+\]:.*?$|\]\([^)]*\))", text[start:], flags=re.M)
    parts[::2] = [_curl(part) for part in parts[::2]]
    return text[:start] + "".join(parts)


def _curl(text: str) -> str:
    text = re.sub(r"(?<![\w.,!?;:%)\]*_…’”])\"(?=\S)", "“", text)
    text = text.replace('"', "”")
    text = re.sub(r"(?<![\w.,!?;:%)\]*_…”])'(?=\w)", "‘", text)
    return text.replace("'", "’")


def _levels(text: str, change: Callable[[str], str]) -> str:
    out, is_fenced = [], False
    for line in text.split("\n"):
        is_fenced ^= bool(_FENCE.match(line))
        out.append(line if is_fenced else re.sub(r"^#+(?=\s)", lambda m: change(m[0]), line))
    return "\n".join(out)


def deeper(text: str) -> str:
    return _levels(text, lambda marks: (marks + "#")[:6])


def shallower(text: str) -> str:
    return _levels(text, lambda marks: marks[1:] or marks)


REWRITES: Mapping[str, Callable[[str], str]] = {
    "unwrapped": unwrapped,
    "wrapped": wrapped,
    "CRLF": with_crlf,
    "byte order mark": with_byte_order_mark,
    "trailing blanks": with_trailing_blanks,
    "straight quotes": straight,
    "curly quotes": curly,
    "deeper": deeper,
    "shallower": shallower,
}
