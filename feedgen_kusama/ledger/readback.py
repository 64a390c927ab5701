"""Reading back what was published: Atom documents carry all that the ledger and a page of a feed need."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import unescape

import msgspec
from lxml import etree

from feedgen_kusama.formats.history import TOMBSTONES
from feedgen_kusama.html import strip_html
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.ledger.published import Published, ReadbackError
from feedgen_kusama.ledger.records import Ledger, Record, digest_stories, digest_words
from feedgen_kusama.model import EDITION_PATH, EDITIONS

_ATOM = "{http://www.w3.org/2005/Atom}"
_PLACE = re.compile(EDITION_PATH.format(r"(\d{4}-(?:0[1-9]|1[0-2]))") + r"(?:#([^#/]+))?$")
_NOTE = re.compile(r"-fn(?:ref)?-[\d-]+$")
"""How the anchors of footnotes end."""
_ID = re.compile(r"tag:([^:]+):")


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """When an entry was retracted, and the topic in whose feed its tombstone stands, as far as one tells."""

    when: datetime
    topic: str


class Readback(msgspec.Struct, frozen=True, kw_only=True):
    """All entries and tombstones in a set of published Atom documents, by id."""

    entries: Mapping[str, Published]
    retracted: Mapping[str, Retraction]


def read_back(documents: Iterable[tuple[str, bytes]]) -> Readback:
    """What Atom documents (path, bytes) hold; of an entry in several the one updated last. Raises ReadbackError."""
    entries: dict[str, Published] = {}
    retracted: dict[str, Retraction] = {}
    for path, data in documents:
        root = parse_xml(data, path)
        default = root.findtext(f"{_ATOM}author/{_ATOM}name")
        for element in root.iterfind(f"{_ATOM}entry"):
            entry = _read_entry(element, path, default)
            known = entries.get(entry.id)
            if known is None or entry.updated > known.updated:
                entries[entry.id] = entry
        for element in root.iterfind(f"{{{TOMBSTONES}}}deleted-entry"):
            id = element.get("ref", "")
            topic = path.rpartition("/")[0] or (retracted[id].topic if id in retracted else "")
            retracted[id] = Retraction(when=_time(element.get("when"), path), topic=topic)
    return Readback(entries=entries, retracted=retracted)


def parse_xml(data: bytes, path: str) -> etree._Element:
    """The root of an XML document; one with a DOCTYPE is refused, so that no entity is ever expanded."""
    refusal = ReadbackError(f"{path}: holds a DOCTYPE, which no published file has")
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        raise refusal
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadbackError(f"{path}: not well-formed: {error}") from None
    if getattr(root.getroottree().docinfo, "doctype", ""):  # in an encoding in which bytes do not show it
        raise refusal
    return root


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


def rebuild_ledger(readback: Readback, authority: str, *, intact: Sequence[Record] = ()) -> Ledger:
    """A ledger made from what was published: every id and every time as it was. Lines of the old one that
    are still `intact` know more and come first.

    Which document an entry came from is not published; the next build finds it again.
    """
    places = _reading_order(readback.entries.values())
    listed = tuple(places)
    records = []
    for entry in sorted(readback.entries.values(), key=lambda entry: entry.published, reverse=True):
        position = places.setdefault((entry.edition, entry.slug), len(places)) if entry.slug else 0
        retraction = readback.retracted.get(entry.id)
        records.append(_record(entry, position, retraction.when if retraction else None))
    records += [_buried(id, retraction) for id, retraction in readback.retracted.items() if id not in readback.entries]
    records = list(_with_digests(records, listed))
    kept = {record.id for record in intact}
    records = [*intact, *(record for record in records if record.id not in kept)]
    minted = next((match[1] for record in records if (match := _ID.match(record.id))), authority)
    return Ledger(authority=minted, records=tuple(records))


def _with_digests(records: Sequence[Record], listed: Iterable[tuple[str, str]]) -> Iterator[Record]:
    """The records, those of whole months with the digest of their stories where all of these are there: then what changes
    by the next build is seen."""
    told: dict[str, set[str]] = defaultdict(set)
    for edition, slug in listed:
        told[edition].add(slug)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for record in records:
        if record.slug and record.retracted is None:
            found[record.edition][record.slug] = record.digest
    for record in records:
        stories = found[record.edition]
        is_whole = not record.slug and bool(stories) and told[record.edition] == stories.keys()
        yield msgspec.structs.replace(record, digest=digest_stories(stories.values())) if is_whole else record


def _reading_order(entries: Iterable[Published]) -> dict[tuple[str, str], int]:
    """The place of each story in its month, by edition and slug, as the months' tables of contents tell it."""
    places: dict[tuple[str, str], int] = {}
    for month in entries:
        if not month.slug:
            for number, slug in enumerate(re.findall(EDITION_PATH.format(month.edition) + r"#([^\"#]+)\"", month.html)):
                if not _NOTE.search(slug):
                    places.setdefault((month.edition, slug), number)
    return places


def _buried(id: str, retraction: Retraction) -> Record:
    """The record of an entry of which only the tombstone is left: its id and slug are never given out again."""
    edition, _, slug = id.rpartition(":")[2].partition("/")
    if edition == EDITIONS:
        edition, slug = slug, ""
    when = retraction.when
    return Record(
        edition=edition,
        slug=slug,
        id=id,
        title=slug.replace("-", " "),
        topic=retraction.topic,
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
        title=entry.title if entry.slug else entry.title.partition(": ")[2],  # a month's is `month: headline`
        topic=entry.topic,
        published=entry.published,
        updated=entry.updated,
        digest=digest_words(entry.title, text) if entry.slug else "",
        source="",
        position=position,
        text=text,
        retracted=retracted,
    )
