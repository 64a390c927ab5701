"""Reading back what was published: Atom documents carry all that the ledger and a page of a feed need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from lxml import etree

from feedgen_kusama.formats.history import TOMBSTONES
from feedgen_kusama.html import strip_html
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.ledger.records import Ledger, Record, digest_words

_ATOM = "{http://www.w3.org/2005/Atom}"
_PLACE = re.compile(r"editions/(\d{4}-(?:0[1-9]|1[0-2]))\.html(?:#([^#/]+))?$")
_ID = re.compile(r"tag:([^:]+):")


class ReadbackError(Exception):
    """A published document that cannot be read back; its text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An entry as it stands in a published Atom document."""

    id: str
    title: str
    edition: str
    slug: str
    topic: str
    author: str | None
    summary: str
    html: str
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Readback:
    """All entries and tombstones in a set of published Atom documents, by id."""

    entries: Mapping[str, Published]
    retracted: Mapping[str, datetime]


def read_back(documents: Iterable[tuple[str, bytes]]) -> Readback:
    """What Atom documents (path, bytes) hold; of an entry in several the one updated last. Raises ReadbackError."""
    entries: dict[str, Published] = {}
    retracted: dict[str, datetime] = {}
    for path, data in documents:
        root = parse_xml(data, path)
        default = root.findtext(f"{_ATOM}author/{_ATOM}name")
        for element in root.iterfind(f"{_ATOM}entry"):
            entry = _read_entry(element, path, default)
            known = entries.get(entry.id)
            if known is None or entry.updated > known.updated:
                entries[entry.id] = entry
        for element in root.iterfind(f"{{{TOMBSTONES}}}deleted-entry"):
            retracted[element.get("ref", "")] = _time(element.get("when"), path)
    return Readback(entries=entries, retracted=retracted)


def parse_xml(data: bytes, path: str) -> etree._Element:
    """The root of an XML document; one with a DOCTYPE is refused, so that no entity is ever expanded."""
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise ReadbackError(f"{path}: holds a DOCTYPE, which no published file has")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadbackError(f"{path}: not well-formed: {error}") from None


def _read_entry(element: etree._Element, path: str, default_author: str | None) -> Published:
    link = element.find(f"{_ATOM}link")
    place = _PLACE.search(link.get("href", "") if link is not None else "")
    id = element.findtext(f"{_ATOM}id")
    if not place or not id:
        raise ReadbackError(f"{path}: an entry without id or permanent link")
    category = element.find(f"{_ATOM}category")
    author = element.findtext(f"{_ATOM}author/{_ATOM}name")
    return Published(
        id=id,
        title=element.findtext(f"{_ATOM}title") or "",
        edition=place[1],
        slug=place[2] or "",
        topic=category.get("term", "") if category is not None else "",
        author=None if author == default_author else author,
        summary=unescape(element.findtext(f"{_ATOM}summary") or ""),
        html=element.findtext(f"{_ATOM}content") or "",
        published=_time(element.findtext(f"{_ATOM}published"), path),
        updated=_time(element.findtext(f"{_ATOM}updated"), path),
    )


def _time(text: str | None, path: str) -> datetime:
    try:
        return whole_second(datetime.fromisoformat(text or ""))
    except ValueError:
        raise ReadbackError(f"{path}: {text!r} is no time") from None


def rebuild_ledger(readback: Readback, authority: str) -> Ledger:
    """A ledger made from what was published: every id and every time as it was.

    Which document an entry came from is not published; the next build finds it again.
    """
    newest_first = sorted(readback.entries.values(), key=lambda entry: entry.published, reverse=True)
    places: dict[str, int] = {}
    records = []
    for entry in newest_first:
        position = places.get(entry.edition, 0)
        places[entry.edition] = position + 1
        records.append(_record(entry, position, readback.retracted.get(entry.id)))
    records += [_buried(id, when) for id, when in readback.retracted.items() if id not in readback.entries]
    minted = next((match[1] for record in records if (match := _ID.match(record.id))), authority)
    return Ledger(authority=minted, records=tuple(records))


def _buried(id: str, when: datetime) -> Record:
    """The record of an entry of which only the tombstone is left: its id and slug are never given out again."""
    edition, _, slug = id.rpartition(":")[2].partition("/")
    return Record(
        edition=edition,
        slug=slug,
        id=id,
        title=slug.replace("-", " "),
        topic="",
        published=when,
        updated=when,
        digest="",
        source="",
        position=0,
        text="",
        retracted=when,
    )


def _record(entry: Published, position: int, retracted: datetime | None) -> Record:
    text = strip_html(entry.html) if entry.slug else ""
    return Record(
        edition=entry.edition,
        slug=entry.slug,
        id=entry.id,
        title=entry.title,
        topic=entry.topic,
        published=entry.published,
        updated=entry.updated,
        digest=digest_words(entry.title, text) if entry.slug else "",
        source="",
        position=position,
        text=text,
        retracted=retracted,
    )
