"""Bylines: who wrote a story, in the forms that people write.

`By Name`, `Byline: Name`, `By Name | Role`, `By Name, Role`, `(Name)`, and a byline behind a
title on the same line. A byline may name only a role: then there is a role and no author.
"""

from __future__ import annotations

import re

from msgspec import Struct
from msgspec.structs import replace

ROLES = frozenset(
    (
        "reporter correspondent analyst writer editor journalist contributor columnist author staff desk team specialist "
        "expert strategist researcher commentator observer critic blogger engineer advocate lead bureau newsroom consultant "
        "economist director manager"
    ).split()
)
"""Nouns that end a role: `Market Analyst`, `Staff Writer`."""
LONGEST_ROLE = 30
"""Characters at the end of a line in which its role is named."""
_CALL = re.compile(
    r"(?:by-?line|(?:written|reported|reporting|story|text|words|report|analysis|article|posted|compiled|interview|interviewed"
    r"|opinion|commentary|column|review|feature|contributed|guest\s+post)\s+by|text|words|author|reporter|writer|correspondent|journalist|columnist|by)"
    r"(?P<colon>\s*:|\s+[\u2012-\u2015-]\s)?\s*",
    re.IGNORECASE,
)
PARTICLE = r"(?:d[aeiou]s?|del|della|der|den|van|von|la|le|el|al|bin|ibn|ter|ten|y|e|zu)"
_WORD = r"(?:[dDlLO]['’])?[^\W\d_a-z][\w.'’\-]*"
_NAME = re.compile(rf"{_WORD}(?:(?:\s*,\s*|\s+(?:(?:and|&|with)\s+)?){_WORD}|\s+{PARTICLE})*")
_SEPARATOR = re.compile(r"\s*[|/•·;,]\s*|\s+[\u2012-\u2015-]+\s+|\s*\((?=[^()]*\)$)")
_UNFILLED = re.compile(
    r"[\[<{(][^\[\]<>{}()]*\b(?:name|reporter|author|writer)s?(?:['’]s)?(?:\s+name)?\s*[\]>})]", re.IGNORECASE
)
"""A place left for a name: `[Your Name]`, `<Author>`."""
_TIME = re.compile(r"(?:(?:Mid|Late|Early|The|This|That|Then|Now|Next|Last)\b|.*\d)")
_PAPER = re.compile(r"The(?: [A-Z][\w'’-]*){2,}")
_MONTH = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday"
    r"|Wednesday|Thursday|Friday|Saturday|Sunday|Summer|Autumn|Winter|Spring|Christmas|Easter)\b"
)
_BRACKETED = re.compile(r"[(\[]\s*(.+?)\s*[)\]]")
_PARTS = re.compile(r"\s*[|,]\s*|\s+[\u2012-\u2015-]\s+")
_AFFILIATED = re.compile(r"(\S+\s+\S.*?)\s+(?:for|of|at|from|in)\s+(?:the\s+)?[A-Z\"“].*")
"""An author of at least two names, with whom or where he writes for."""
_BY = re.compile(r"\(?\s*(?:by\b|by-?line|written\s+by)", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?:[|/\u2013\u2014,]|\s-+)\s*(by\s+\S.*)$|(\(by\s+[^()]+\))$|\s[|/\u2013\u2014,-]*\s*(by-?line\s*:.*)$", re.IGNORECASE
)
DASHES = "\u2012\u2013\u2014-"
_PLACE = re.compile(rf"(?:{_WORD}(?: {_WORD})?)?")
_PICTURE = re.compile(r"^[^\w\s\x00-\x7f\u2010-\u2027]+[\ufe0e\ufe0f]?\s*")
"""An emoji or other sign before a byline."""
REPORTS = (" report", " reports")
"""How a line ends that only names who tells the story."""
MOST_ROLE_WORDS = 5
"""A line below a byline with no more words may tell the author's role."""
MOST_DESK_WORDS = 3
MOST_WORDS = 9
"""A line with more words is prose, whatever it begins with,"""
LONG_ROLE_WORDS = 14
"""unless so many at most tell the author's role and end no sentence."""
MOST_PLAIN_WORDS = 4
"""A role alone of more words, with a full stop, is prose."""


class Byline(Struct, frozen=True):
    """Who a byline names; either may be missing, and both where whoever wrote it left a name to be filled in."""

    author: str | None
    role: str | None


def parse_byline(text: str) -> Byline | None:
    """The byline that a whole line is, if it is one."""
    text = " ".join(text.split()).strip("*_ ")
    if not text.isascii():
        text = _PICTURE.sub("", text)
    inner = _BRACKETED.fullmatch(text)
    text = inner[1] if inner else text.lstrip(f"{DASHES}|/ ")
    call = _CALL.match(text)
    if call and (call["colon"] or call.group().rstrip().casefold().endswith("by")):
        named = text[call.end() :]
        return _read(named[len("by ") :] if call["colon"] and named.casefold().startswith("by ") else named)
    telling = text.rstrip(" :")
    if telling.endswith(REPORTS):
        return parse_name(telling.rpartition(" ")[0])
    if inner and 2 <= len(text.split()) <= 4 and _NAME.fullmatch(text):
        return _read(text)
    return _read(text) if _is_name_and_role(text) else None


def parse_name(text: str) -> Byline | None:
    """A line that is nothing but a person's name, perhaps with a place. Only a document that repeats the form proves it a
    byline."""
    text = " ".join(text.split()).strip(f"*_ {DASHES}")
    name, _, place = text.partition(", ")
    plain = 2 <= len(name.split()) <= 4 and _NAME.fullmatch(name) and _PLACE.fullmatch(place) and " By " not in name
    return Byline(name, None) if plain and not is_role(text) else None


def parse_name_and_desk(text: str) -> Byline | None:
    """A line that is a person's name and, behind a dash or bar, a few words that may tell what he writes about. Only a
    document that has bylines with roles in the same place proves it a byline."""
    name, *desks = _PARTS.split(" ".join(text.split()).strip("*_ "))
    byline = parse_name(name)
    is_desk = len(desks) == 1 and "," not in text and desks[0][:1].isupper() and len(desks[0].split()) <= MOST_DESK_WORDS
    return Byline(byline.author, desks[0]) if byline and is_desk else None


def split_name(text: str, *, quoted_to: int | None) -> tuple[str, Byline] | None:
    """A title and the name behind it on the same line, if it may end in one: behind `By`, with a role perhaps, or behind the
    quotation that the title is."""
    title, by, name = text.rpartition(" By ") if " By " in text else text.rpartition(" by ")
    if not by and quoted_to is not None:
        title, name = text[: quoted_to + 1], text[quoted_to + 1 :].strip(f" ()[],|{DASHES}")
    name, _, role = name.partition(", ")
    byline = parse_name(name) if title and (not role or is_role(role)) else None
    return (title, replace(byline, role=role or None)) if byline else None


def may_hold_byline(text: str) -> bool:
    """Whether a byline may stand behind a title: quick to tell, and mostly it cannot."""
    return "by" in text.casefold()


def split_byline(text: str, *, quoted_to: int | None) -> tuple[str, Byline | None]:
    """A heading's text and the byline behind it.

    A byline follows a quoted title (`quoted_to` is where its quotation ends) or a separator;
    plain `… Driven By Community Demand` is a title.
    """
    if not may_hold_byline(text):
        return text, None
    if quoted_to is not None and quoted_to < len(text) - 1:
        tail = text[quoted_to + 1 :].strip(" ,|/-\u2012\u2013\u2014")
        if _BY.match(tail):
            byline = parse_byline(tail)
            if byline:
                return text[: quoted_to + 1], byline
    match = _BEHIND.search(text)
    if match:
        byline = parse_byline(match[1] or match[2] or match[3])
        if byline:
            return text[: match.start()].rstrip(), byline
    return text, None


def _is_name_and_role(text: str) -> bool:
    """Whether a line without `By` is `Name | Role` or `Name, Staff Role`."""
    if not is_role(text):
        return False
    name, *roles = _PARTS.split(text)
    return len(roles) == 1 and bool(parse_name(name)) and len(text.split()) <= MOST_WORDS


def _read(text: str) -> Byline | None:
    """Who the text after `By` names."""
    is_sentence = text.endswith(".")
    if unfilled := _UNFILLED.match(text):
        rest = text[unfilled.end() :].strip(" .,|/()*_[]-\u2012\u2013\u2014")
        return Byline(None, rest or None) if len(rest.split()) <= MOST_WORDS else None
    text = text.strip(" .,:;*_[]")
    if not text or (_TIME.match(text) and not _is_staff(text)):
        return None
    names, _, last = text.rpartition(",")
    several = re.search(r"\s(?:and|&)\s", text) and _NAME.fullmatch(text)
    if several and names and is_role(last):
        parts = [names, last]
    else:
        parts = [text] if several else [part for part in _SEPARATOR.split(text, maxsplit=1) if part] or [""]
    name = parts[0].strip()
    role = parts[1].strip(" )") if len(parts) > 1 else None
    if len(text.split()) > MOST_WORDS and (is_sentence or not role or not _tells_role(role)):
        return None
    if is_role(name):
        return None if is_sentence and len(text.split()) > MOST_PLAIN_WORDS else Byline(None, text)
    if not _NAME.fullmatch(name) and (affiliated := _AFFILIATED.fullmatch(name)):
        name = affiliated[1]
    if not _NAME.fullmatch(name) or (len(name.split()) == 1 and _MONTH.match(name)):
        return None
    return Byline(name, role or None)


def _is_staff(text: str) -> bool:
    """Whether a paper's people are named together: `The Harbour Times Staff`."""
    return _PAPER.fullmatch(text) is not None and is_role(text)


def _tells_role(text: str) -> bool:
    """Whether a longer text names a role: `Senior Correspondent for Governance at the Times`."""
    words = text.split()
    return len(words) <= LONG_ROLE_WORDS and any(is_role(word) for word in words)


def is_role(text: str) -> bool:
    """Whether a text ends as a role does."""
    words = re.findall(r"\w+", text[-LONGEST_ROLE:].casefold())
    return bool(words) and (words[-1] in ROLES or words[-1].rstrip("s") in ROLES)
