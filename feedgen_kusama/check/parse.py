"""Documents of every format read into `Parsed`. Pure; nothing in them is believed or expanded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from lxml import etree

from feedgen_kusama.check.parse_json import parse_feed
from feedgen_kusama.check.parsed import NAMES, IsWanted, Parsed, ParsedEntry, is_any
from feedgen_kusama.check.read_time import rfc_822, rfc_3339
from feedgen_kusama.formats.history import ATOM as ATOM_NAMESPACE
from feedgen_kusama.formats.history import HISTORY
from feedgen_kusama.ledger.published import ReadbackError
from feedgen_kusama.ledger.readback import parse_xml

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


def parse_published(path: str, data: bytes, is_wanted: IsWanted = is_any) -> Parsed | None:
    """The document in a file; None for a file that is no feed and is not called like one. Of entries that are not wanted
    by their ids nothing else is read.

    Raises ReadbackError for one that is called like a feed and cannot be read as one.
    """
    is_named = path.rpartition("/")[2] in NAMES
    parse = _parse_json if path.endswith(".json") else _parse_xml
    try:
        parsed = parse(path, data, is_wanted)
    except ReadbackError:
        if is_named:
            raise
        return None
    if parsed is None and is_named:
        raise ReadbackError(f"{path}: no RSS, Atom, JSON Feed or OPML document")
    return parsed


def parse_readable(path: str, data: bytes) -> Parsed | None:
    """The document in a file; None where there is none that can be read."""
    try:
        return parse_published(path, data)
    except ReadbackError:
        return None


def _parse_json(path: str, data: bytes, is_wanted: IsWanted) -> Parsed | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReadbackError(f"{path}: not well-formed: {error}") from None
    return parse_feed(path, len(data), found, is_wanted)


def _parse_xml(path: str, data: bytes, is_wanted: IsWanted) -> Parsed | None:
    root = parse_xml(data, path)
    parse = PARSERS.get(str(root.tag))
    return parse(path, len(data), root, is_wanted) if parse else None


def _parse_atom(path: str, size: int, root: etree._Element, is_wanted: IsWanted) -> Parsed:
    held = _Held(root)
    elements = [(_text(element.find(f"{ATOM}id")), element) for element in root.iterchildren(f"{ATOM}entry")]
    return Parsed(
        path=path,
        format="atom",
        size=size,
        id=held.text(f"{ATOM}id"),
        title=held.text(f"{ATOM}title"),
        description=held.text(f"{ATOM}subtitle"),
        author=held.text(f"{ATOM}author", f"{ATOM}name"),
        language=root.get(LANG, ""),
        updated=rfc_3339(held.text(f"{ATOM}updated")),
        links=held.links(),
        ids=tuple(id for id, _ in elements),
        entries=tuple(_atom_entry(element) for id, element in elements if is_wanted(id)),
        is_archive=ARCHIVE in held.first,
        repeated=held.repeated,
    )


def _atom_entry(element: etree._Element) -> ParsedEntry:
    held = _Held(element)
    declared = [(name, held.first.get(ATOM + name)) for name in ("content", "summary")]
    return ParsedEntry(
        id=held.text(f"{ATOM}id"),
        title=held.text(f"{ATOM}title"),
        link=next((address for rel, address in held.links() if rel == "alternate"), ""),
        author=held.text(f"{ATOM}author", f"{ATOM}name"),
        published=rfc_3339(held.text(f"{ATOM}published")),
        updated=rfc_3339(held.text(f"{ATOM}updated")),
        html=held.text(f"{ATOM}content"),
        summary=held.text(f"{ATOM}summary"),
        undeclared=tuple(name for name, found in declared if found is not None and found.get("type") != "html"),
        repeated=held.repeated,
    )


def _parse_rss(path: str, size: int, root: etree._Element, is_wanted: IsWanted) -> Parsed:
    channel = next(root.iterchildren("channel"), root)
    held = _Held(channel)
    elements = [(_text(element.find("guid")), element) for element in channel.iterchildren("item")]
    home = held.text("link")
    return Parsed(
        path=path,
        format="rss",
        size=size,
        title=held.text("title"),
        description=held.text("description"),
        language=held.text("language"),
        updated=rfc_822(held.text("lastBuildDate")),
        links=((("alternate", home),) if home else ()) + held.links(),
        ids=tuple(id for id, _ in elements),
        entries=tuple(_rss_entry(element) for id, element in elements if is_wanted(id)),
        is_archive=ARCHIVE in held.first,
        repeated=held.repeated,
    )


def _rss_entry(element: etree._Element) -> ParsedEntry:
    held = _Held(element)
    guid = held.first.get("guid")
    return ParsedEntry(
        id=held.text("guid"),
        title=held.text("title"),
        link=held.text("link"),
        author=held.text(CREATOR) or held.text("author"),
        published=rfc_822(held.text("pubDate")),
        updated=None,
        html=held.text(CONTENT),
        summary=held.text("description"),
        is_permalink=guid is not None and guid.get("isPermaLink", "true") != "false",
        repeated=held.repeated,
    )


def _parse_opml(path: str, size: int, root: etree._Element, _: IsWanted) -> Parsed:
    outlines = tuple({str(k): str(v) for k, v in found.attrib.items()} for found in root.iterfind("body//outline"))
    return Parsed(path=path, format="opml", size=size, title=(root.findtext("head/title") or "").strip(), outlines=outlines)


PARSERS: Mapping[str, Callable[[str, int, etree._Element, IsWanted], Parsed]] = {
    f"{ATOM}feed": _parse_atom,
    "rss": _parse_rss,
    "opml": _parse_opml,
}
"""How an XML document is read, by its root element."""


def _text(element: etree._Element | None) -> str:
    """An element's text; empty where there is none."""
    return "" if element is None else (element.text or "").strip()


class _Held:
    """An element's children by name, looked through once: a feed has many."""

    __slots__ = ("element", "first", "repeated")

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        self.first: dict[str, etree._Element] = {}
        again = []
        for child in element.iterchildren(etree.Element):
            tag = child.tag
            if self.first.setdefault(tag, child) is not child and tag in ONCE:
                again.append(etree.QName(tag).localname)
        self.repeated = tuple(dict.fromkeys(again))

    def text(self, name: str, inner: str = "") -> str:
        """The text of the first child with this name, or of the first `inner` within it; empty where there is none."""
        child = self.first.get(name)
        if inner and child is not None:
            child = next(child.iterchildren(inner), None)
        return _text(child)

    def links(self) -> tuple[tuple[str, str], ...]:
        """Relations and addresses of the links in Atom's form."""
        if f"{ATOM}link" not in self.first:
            return ()
        return tuple((link.get("rel", "alternate"), link.get("href", "")) for link in self.element.iterchildren(f"{ATOM}link"))
