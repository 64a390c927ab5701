"""Text that may stand anywhere in a feed: without forbidden characters, and never taken for HTML."""

from __future__ import annotations

import re

_FORBIDDEN = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufffd\ufeff"
    "\u202a-\u202e\u2066-\u2069"
    + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
"""What XML 1.0 forbids or discourages (section 2.2), and marks that reorder the text around them. Compiled where it is
looked for, as few commands do."""


def find_forbidden(text: str) -> re.Match[str] | None:
    """The first such character."""
    return None if is_printable(text) else re.search(_FORBIDDEN, text)


def remove_forbidden(text: str) -> str:
    """The text without any."""
    return text if is_printable(text) else re.sub(_FORBIDDEN, "", text)


def is_printable(text: str) -> bool:
    """Whether a text is surely free of them: what Unicode calls printable is, but for U+FFFD. Quicker than looking."""
    return text.replace("\n", "").isprintable() and "\ufffd" not in text


def on_one_line(text: str) -> str:
    """The text's words, a blank apart. In most text that is so once its lines are joined, which is quick to tell."""
    line = text.strip().replace("\n", " ")
    return line if line.isprintable() and "  " not in line else " ".join(text.split())


def plain_text(text: str) -> str:
    """A title or name that stays text even where a reader takes it for HTML, as many do with RSS: a `<` that
    would open a tag becomes a mark that looks like it, and references are decoded."""
    if "&" in text:
        from html import unescape  # knows two thousand names

        text = unescape(text)
    text = remove_forbidden(text)
    return re.sub(r"<(?=[A-Za-z/!?])", "\u2039", text) if "<" in text else text
