"""Rules for what an entry holds: its HTML, its title, its characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache
from html.entities import html5
from urllib.parse import urlsplit

from lxml import etree

from feedgen_kusama.characters import find_forbidden, is_printable
from feedgen_kusama.check.findings import Fault, Faults
from feedgen_kusama.check.parsed import Parsed
from feedgen_kusama.html import SCHEMES, TAGS

FORBIDDEN = frozenset("script style iframe object embed form applet base frame frameset link meta svg math template".split())
"""Elements that readers drop, together with the whole entry if it comes to the worst."""
ADDRESSES = frozenset("href src cite action formaction poster background data longdesc".split())
"""Attributes that hold an address."""
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[!-~]*)?")
"""What nearly all addresses are, and nothing is wrong with."""
_ATTRIBUTED: Callable[[etree._Element], list[etree._Element]] = etree.XPath("descendant::*[@*]")  # type: ignore[assignment]
"""The elements that may be at fault, few of all that there are."""
_UNUSUAL = "[^\t\n\r -~\xa0-\u2027\u2030-\u205f\u2070-\ud7ff]"
"""What most texts do not hold, and takes a tenth of the time to look for than each forbidden character. Compiled where a
text is not all printable: that takes as long as to judge a feed."""
_ATTRIBUTE = r"""(?:(?:href|src)="https?://[A-Za-z0-9.-]+(?:/(?:[!#-%'-;=?-~]|&amp;)*+)?"|(?:alt|id|title)="[^"<>]*+")"""
"""A plain address, or words."""
_USUAL = re.compile(rf"[^<]*+(?:<(?:/?(?:{'|'.join(sorted(TAGS))})|(?:a|img|li|sup)(?: {_ATTRIBUTE})*+)>[^<]*+)*+")
"""HTML in which nothing can be wrong: of the usual elements, with no other attributes."""
_BLOCKS = ("<p>", "<ol>", "<ul>")
"""How usual HTML begins. Text before any block fails if it holds control characters: it is for the parser to judge."""
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_ENTITY = re.compile(r"&(#[0-9]+;|#[xX][0-9A-Fa-f]+;|\w+;)")


def unsafe_content(document: Parsed, _now: datetime) -> Faults:
    """Elements, attributes and addresses that must not be, or lead nowhere outside their page."""
    for entry in document.entries:
        summary = "" if document.format == "json" else entry.summary  # which is plain text there
        for html in (entry.html, summary):
            yield from (Fault(entry.name, message) for message in _html_faults(html))


@lru_cache(maxsize=4096)
def _html_faults(html: str) -> tuple[str, ...]:
    """The faults in an HTML fragment. All formats, the topic's feed and the archive hold the same: judged once."""
    is_usual = _USUAL.fullmatch(html) and ('="' not in html or html.startswith(_BLOCKS))
    return () if is_usual else tuple(dict.fromkeys(_tree_faults(html)))


def _tree_faults(html: str) -> Iterator[str]:
    from lxml.html import fragment_fromstring  # few contents need it

    try:
        root = fragment_fromstring(html, create_parent="div")
    except (etree.LxmlError, ValueError) as error:  # text with control characters, before any block
        yield f"its content is no HTML ({error}): mend the document"
        return
    yield from (f"<{element.tag}> in its content: remove it" for element in root.iterdescendants(*FORBIDDEN))
    for element in _ATTRIBUTED(root):
        yield from _attribute_faults(element)


def _attribute_faults(element: etree._Element) -> Iterator[str]:
    tag = str(element.tag).casefold()
    for name, value in element.attrib.items():
        name = str(name).casefold()
        if name.startswith("on"):
            yield f"{name}= on <{tag}>: remove it"
        elif name in ADDRESSES and (fault := address_fault(str(value))):
            yield f"{name}={value!r} on <{tag}> {fault}"


def address_fault(address: str) -> str | None:
    """What is wrong with an address in a content, which is read anywhere."""
    if _PLAIN_ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(re.sub(r"[\x00-\x20]", "", address))
    except ValueError:
        return "is no address: mend it"
    if not parts.scheme or (parts.scheme != "mailto" and parts.scheme in SCHEMES and not parts.netloc):
        return "is relative: write it with https:// and a host"
    if parts.scheme not in SCHEMES:
        return f"leads to {parts.scheme}:, which readers block: use {', '.join(sorted(SCHEMES))}"
    return None


def bad_characters(document: Parsed, _now: datetime) -> Faults:
    """Characters for which readers refuse a whole feed or show a box."""
    texts = [(None, document.title), (None, document.description), (None, document.author)]
    for entry in document.entries:
        texts += [(entry.name, text) for text in (entry.title, entry.summary, entry.author, entry.html)]  # type: ignore[misc]
    for name, text in texts:
        if found := _forbidden(text):
            yield Fault(name, f"the character U+{ord(found):04X}, which readers cannot show: remove it")


@lru_cache(maxsize=4096)
def _forbidden(text: str) -> str:
    if is_printable(text) or not re.search(_UNUSUAL, text):
        return ""
    found = find_forbidden(text)
    return found[0] if found else ""


def marked_up_title(document: Parsed, _now: datetime) -> Faults:
    """Titles are plain text: tags and entities in them are shown as such, or vanish."""
    for name, title in [(None, document.title), *((entry.name, entry.title) for entry in document.entries)]:
        tags = [match[0] for match in _TAG.finditer(title) if match[1].casefold() in TAGS | FORBIDDEN]
        entities = [match[0] for match in _ENTITY.finditer(title) if match[1][0] == "#" or match[1] in html5]
        for found in (*tags, *entities):
            yield Fault(name, f"{found} in the title, which is plain text: write the characters themselves")


def undeclared_html(document: Parsed, _now: datetime) -> Faults:
    """HTML that is not said to be HTML is shown with its tags (Atom)."""
    for entry in document.entries:
        yield from (Fault(entry.name, f'<{name}> does not say type="html": add it') for name in entry.undeclared)


def missing_content(document: Parsed, _now: datetime) -> Faults:
    """Readers show an entry's content, lists and mails its summary."""
    for entry in document.entries:
        if not entry.html:
            yield Fault(entry.name, "no content: give it some text")
        elif not entry.summary:
            yield Fault(entry.name, "no summary: give it some text")
