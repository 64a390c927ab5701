"""From bytes to text: what cannot be a document is turned away with its reason.

Text enters here and only here, so this is where characters that XML forbids are removed and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from feedgen_kusama.characters import find_forbidden, is_printable, remove_forbidden
from feedgen_kusama.model import LARGEST_DOCUMENT

LONGEST_HEADING = 300
"""Characters. More is text that stands behind a `#` by mistake."""
MOST_HEADINGS = 300
EMPTY = 'empty: begin with "# Name - Month Year" and write a story under a heading'
DEEPEST = 15
"""Levels of quotes and lists within one another."""
_LINE_ENDS = re.compile("[\r\x85\u2028\u2029](?:(?<=\r)\n)?")
_NESTED = re.compile(rf"\n(?P<line>[ \t]*(?:(?:>|[-*+]|\d{{1,9}}[.)])[ \t]*){{{DEEPEST + 1}}}.*)")
_WRAPPED = re.compile(
    r"^(?P<fence>`{3,8}|~{3,8})[ \t]*(?P<info>markdown|md)?[ \t]*\n(?P<inner>.*\n)(?P=fence)[ \t]*$",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_HEADING = re.compile(r"^\#{1,6}[ \t]+\S", re.MULTILINE)
_RULE = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*){2,}")


class Text(msgspec.Struct, frozen=True):
    """A document's text, and its faults as (line, message); with `is_usable` false there is no text."""

    text: str
    faults: tuple[tuple[int | None, str], ...] = ()
    is_usable: bool = True


def read_text(data: bytes | str) -> Text:
    """The text of a file: UTF-8, line ends as `\\n`, Unicode composed (NFC), no forbidden characters."""
    if isinstance(data, bytes):
        decoded = _decode(data)
        if isinstance(decoded, Text):
            return decoded
        data = decoded
    if not data.strip("\ufeff \t\r\n"):
        return _unusable(None, EMPTY)
    text = data.removeprefix("\ufeff")
    faults: tuple[tuple[int, str], ...] = ()
    if not is_printable(text):
        text, faults = _clean(_LINE_ENDS.sub("\n", text))
    text = unwrap(text if text.isascii() else _compose(text))
    return Text(text, faults)


def unwrap(text: str) -> str:
    """A text whose Markdown stands in a code block, as chat programs hand it over, without the lines around it: all
    headings stand within, and it is said to be Markdown or begins with one of several."""
    found = _WRAPPED.search(text) if "`" in text or "~" in text else None
    if found is None or _HEADING.search(text, 0, found.start()) or _HEADING.search(text, found.end()):
        return text
    headings = _HEADING.findall(found["inner"])
    if not headings or not (found["info"] or (len(headings) > 1 and found["inner"].lstrip().startswith("# "))):
        return text
    return f"{text[: found.start()]}\n{found['inner']}\n{text[found.end() :]}"


def _clean(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text without forbidden characters, and the fault that it had any."""
    found = find_forbidden(text)
    if not found:
        return text, ()
    line = text.count("\n", 0, found.start()) + 1
    fault = f"character U+{ord(found[0]):04X} cannot stand in a feed: it and its like were left out; remove them"
    return remove_forbidden(text), ((line, fault),)


def _compose(text: str) -> str:
    from unicodedata import normalize  # large, and most documents are ASCII

    return normalize("NFC", text)


def _decode(data: bytes) -> str | Text:
    if len(data) > LARGEST_DOCUMENT:
        return _unusable(
            None,
            f"{len(data):,} bytes are too many for one document: split it into one of at most {LARGEST_DOCUMENT:,} a month",
        )
    if not data.strip():
        return _unusable(None, EMPTY)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unusable(1, "not UTF-8 but UTF-16: save the file as UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"\x00" in data[:8192]:
            return _unusable(None, "a binary file, no text: move it out of the source folder")
        line = data.count(b"\n", 0, error.start) + 1
        return _unusable(line, f"not UTF-8: byte 0x{data[error.start]:02X}: save the file as UTF-8")
    if "\x00" in text[:8192]:
        return _unusable(None, "a binary file, no text: move it out of the source folder")
    return text


def _unusable(line: int | None, message: str) -> Text:
    return Text("", ((line, message),), is_usable=False)


def find_nesting(text: str) -> tuple[int, str] | None:
    """The first line that is nested deeper than any document's. Looking at lines before parsing keeps the
    cost of hostile input linear."""
    for found in _NESTED.finditer("\n" + text):
        if not _RULE.fullmatch(found["line"]):
            number = text.count("\n", 0, found.start()) + 1
            return number, f"quotes or lists nested more than {DEEPEST} deep: write it flatter"
    return None


def find_excess(headings: Iterable[tuple[int, str]]) -> tuple[int, str] | None:
    """The first heading (line, text) that is longer, or one more, than any document has."""
    for count, (line, text) in enumerate(headings, 1):
        if len(text) > LONGEST_HEADING:
            return line, f"a heading of {len(text):,} characters: write one of at most {LONGEST_HEADING} and its text below"
        if count > MOST_HEADINGS:
            return line, f"more than {MOST_HEADINGS} headings: write several documents for the month"
    return None
