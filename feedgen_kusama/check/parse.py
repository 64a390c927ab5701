"""Documents of every format read into `Parsed`. Pure; nothing in them is believed or expanded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

import msgspec
from lxml import etree

from feedgen_kusama.check.parse_json import parse_feed
from feedgen_kusama.check.parsed import NAMES, Parsed, ParsedEntry, Time
from feedgen_kusama.formats.history import ATOM as ATOM_NAMESPACE
from feedgen_kusama.formats.history import HISTORY
from feedgen_kusama.ledger.readback import ReadbackError, parse_xml

ATOM = f"{{{ATOM_NAMESPACE}}}"
ARCHIVE = f"{{{HISTORY}}}archive"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ONCE = frozenset(
    [CONTENT, CREATOR, "title", "description", "link", "guid", "pubDate", "language", "lastBuildDate"]
    + [ATOM + name for name in ("id", "title", "updated", "published", "content", "summary", "subtitle")]
)
"""Elements that stand at most once in their feed or item."""
_RFC_822 = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT)")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def parse_published(path: str, data: bytes) -> Parsed | None:
    """The document in a file; None for a file that is no feed and is not called like one.

    Raises ReadbackError for one that is called like a feed and cannot be read as one.
    """
    is_named = path.rpartition("/")[2] in NAMES
    parse = _parse_json if path.endswith(".json") else _parse_xml
    try:
        parsed = parse(path, data)
    except ReadbackError:
        if is_named:
            raise
        return None
    if parsed is None and is_named:
        raise ReadbackError(f"{path}: no RSS, Atom, JSON Feed or OPML document")
    return parsed


def _parse_json(path: str, data: bytes) -> Parsed | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReadbackError(f"{path}: not well-formed: {error}") from None
    return parse_feed(path, len(data), found, _rfc_3339)


def _parse_xml(path: str, data: bytes) -> Parsed | None:
    root = parse_xml(data, path)
    parse = _PARSERS.get(str(root.tag))
    return parse(path, len(data), root) if parse else None


def _parse_atom(path: str, size: int, root: etree._Element) -> Parsed:
    return Parsed(
        path=path,
        format="atom",
        size=size,
        id=_text(root, f"{ATOM}id"),
        title=_text(root, f"{ATOM}title"),
        description=_text(root, f"{ATOM}subtitle"),
        author=_text(root, f"{ATOM}author/{ATOM}name"),
        language=root.get(LANG, ""),
        updated=_rfc_3339(_text(root, f"{ATOM}updated")),
        links=_links(root),
        entries=tuple(map(_atom_entry, root.iterfind(f"{ATOM}entry"))),
        is_archive=root.find(ARCHIVE) is not None,
        repeated=_repeated(root),
    )


def _atom_entry(element: etree._Element) -> ParsedEntry:
    held = [(name, element.find(ATOM + name)) for name in ("content", "summary")]
    return ParsedEntry(
        id=_text(element, f"{ATOM}id"),
        title=_text(element, f"{ATOM}title"),
        link=next((address for rel, address in _links(element) if rel == "alternate"), ""),
        author=_text(element, f"{ATOM}author/{ATOM}name"),
        published=_rfc_3339(_text(element, f"{ATOM}published")),
        updated=_rfc_3339(_text(element, f"{ATOM}updated")),
        html=_text(element, f"{ATOM}content"),
        summary=_text(element, f"{ATOM}summary"),
        categories=tuple(found.get("term", "") for found in element.iterfind(f"{ATOM}category")),
        undeclared=tuple(name for name, found in held if found is not None and found.get("type") != "html"),
        repeated=_repeated(element),
    )


def _parse_rss(path: str, size: int, root: etree._Element) -> Parsed:
    channel = root.find("channel")
    channel = root if channel is None else channel
    return Parsed(
        path=path,
        format="rss",
        size=size,
        title=_text(channel, "title"),
        description=_text(channel, "description"),
        language=_text(channel, "language"),
        updated=_rfc_822(_text(channel, "lastBuildDate")),
        links=(*((("alternate", link),) if (link := _text(channel, "link")) else ()), *_links(channel)),
        entries=tuple(map(_rss_entry, channel.iterfind("item"))),
        is_archive=channel.find(ARCHIVE) is not None,
        repeated=_repeated(channel),
    )


def _rss_entry(element: etree._Element) -> ParsedEntry:
    guid = element.find("guid")
    return ParsedEntry(
        id=_text(element, "guid"),
        title=_text(element, "title"),
        link=_text(element, "link"),
        author=_text(element, CREATOR) or _text(element, "author"),
        published=_rfc_822(_text(element, "pubDate")),
        updated=None,
        html=_text(element, CONTENT),
        summary=_text(element, "description"),
        categories=tuple(found.text or "" for found in element.iterfind("category")),
        is_permalink=guid is not None and guid.get("isPermaLink", "true") != "false",
        repeated=_repeated(element),
    )


def _parse_opml(path: str, size: int, root: etree._Element) -> Parsed:
    outlines = tuple({str(k): str(v) for k, v in found.attrib.items()} for found in root.iterfind("body//outline"))
    return Parsed(path=path, format="opml", size=size, title=_text(root, "head/title"), outlines=outlines)


_PARSERS: Mapping[str, Callable[[str, int, etree._Element], Parsed]] = {
    f"{ATOM}feed": _parse_atom,
    "rss": _parse_rss,
    "opml": _parse_opml,
}
"""How an XML document is read, by its root element."""


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def _links(element: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple((found.get("rel", "alternate"), found.get("href", "")) for found in element.iterfind(f"{ATOM}link"))


def _repeated(element: etree._Element) -> tuple[str, ...]:
    counted = Counter(str(child.tag) for child in element)
    return tuple(etree.QName(name).localname for name, count in counted.items() if count > 1 and name in ONCE)


def _time(form: re.Pattern[str], parse: Callable[[str], datetime], text: str) -> Time | None:
    """The time in a text that must be of a form; None where there is no text."""
    if not text:
        return None
    try:
        moment = parse(text) if form.fullmatch(text) else None
    except ValueError:
        moment = None
    return Time(text, moment if moment and moment.tzinfo else None)


def _parse_rfc_822(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    if "," in text and not text.startswith(DAYS[moment.weekday()]):
        raise ValueError("another day of the week")
    return moment


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_rfc_822 = partial(_time, _RFC_822, _parse_rfc_822)
_rfc_3339 = partial(_time, _RFC_3339, datetime.fromisoformat)
