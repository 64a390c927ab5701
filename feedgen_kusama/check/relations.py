"""Rules across documents, as a table: what leads where, and that all say the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, lru_cache
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

import msgspec
from lxml.etree import LxmlError

from feedgen_kusama.check.findings import Misfit, Misfits
from feedgen_kusama.check.parsed import Parsed, folder_of, path_below
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.model import EDITIONS, Severity

_ADDRESS = re.compile(r"""\b(?:href|src)=(?:"([^"]*)"|'([^']*)')""")
"""Where HTML leads, and what it shows."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """The documents to be judged, by path, among all files of a site. `site` is empty where no document tells it."""

    site: str
    paths: Collection[str]
    """All that there is, judged or not."""
    documents: Mapping[str, Parsed]
    pages: Mapping[str, bytes]
    """The HTML files, for the anchors in them."""

    def find(self, address: str) -> str | None:
        """The path of the file that an address leads to; None where there is none."""
        path = path_below(address, self.site)
        return path if path in self.paths else None

    def feeds(self) -> Iterator[Parsed]:
        return (document for document in self.documents.values() if document.is_feed)


class Relation(NamedTuple):
    """A rule for several documents: what it finds, and how bad that is."""

    name: str
    severity: Severity
    find: Callable[[Publication], Misfits]


def wrong_address(publication: Publication) -> Misfits:
    """A document's link to itself is where it is."""
    for document in publication.feeds():
        said, address = document.link("self"), publication.site + document.path
        if said and said != address:
            yield Misfit(document.path, None, f"says that it is {said}, but is {address}: build with that `url`")


def missing_format(publication: Publication) -> Misfits:
    """Where one format is published, all are."""
    published = {name for name in FORMATS if any(path.rpartition("/")[2] == name for path in publication.paths)}
    for folder, found in _by_folder(publication).items():
        for name in sorted(published):
            if found and folder + name not in publication.paths:
                yield Misfit(folder + name, None, f"missing beside {found[0].path}: build again")


def different_ids(publication: Publication) -> Misfits:
    """Whatever its format, a feed holds the same entries in the same order."""
    for first, *others in filter(None, _by_folder(publication).values()):
        for other in others:
            if other.ids != first.ids:
                apart = set(first.ids) ^ set(other.ids)
                what = f"differ in {sorted(apart)[0]}" if apart else "are in another order"
                yield Misfit(other.path, None, f"its entries and those of {first.path} {what}: build again")


def _by_folder(publication: Publication) -> Mapping[str, list[Parsed]]:
    found: dict[str, list[Parsed]] = defaultdict(list)
    for document in publication.feeds():
        if document.path.rpartition("/")[2] in FORMATS:
            found[folder_of(document.path)].append(document)
    return found


def broken_chain(publication: Publication) -> Misfits:
    """RFC 5005, section 4: `prev-archive` leads from the head through all archives, each of which leads back."""
    for head in publication.feeds():
        if not head.is_archive and head.link("current"):
            yield Misfit(head.path, None, "has rel=current but is not marked as an archive: mark it or drop the link")
        elif not head.is_archive:
            yield from _walk(publication, head)


def _walk(publication: Publication, head: Parsed) -> Misfits:
    walked: dict[str, Parsed] = {}
    here = head
    while address := here.link("prev-archive"):
        path = publication.find(address)
        archive = publication.documents.get(path or "")
        if archive is None or archive.path in walked:
            fault = "once more" if archive else "where no feed is"
            yield Misfit(here.path, None, f"its archive before it is {address}, {fault}: build again")
            return
        yield from _link_faults(archive, head, publication.site, walked=here if walked else None)
        walked[archive.path] = archive
        here = archive
    yield from _incomplete(publication, head, walked)


def _link_faults(archive: Parsed, head: Parsed, site: str, *, walked: Parsed | None) -> Misfits:
    if not archive.is_archive:
        yield Misfit(archive.path, None, f"is an archive of {head.path} and not marked as one: mark it (fh:archive)")
    if archive.format == "json":
        return
    expected = {"current": site + head.path, "next-archive": site + walked.path if walked else ""}
    for rel, address in expected.items():
        if archive.link(rel) != address:
            yield Misfit(archive.path, None, f"rel={rel} leads to {archive.link(rel) or 'nothing'}, not {address or 'nothing'}")


def _incomplete(publication: Publication, head: Parsed, walked: Mapping[str, Parsed]) -> Misfits:
    """Faults in what a reader has that followed all links."""
    folder, name = f"{folder_of(head.path)}archive/", head.path.rpartition("/")[2]
    for path, document in publication.documents.items():
        if path.startswith(folder) and path.endswith(f"/{name}") and document.is_feed and path not in walked:
            yield Misfit(path, None, f"no link from {head.path} leads here: build again")
    seen: dict[str, str] = {}
    for archive in walked.values():
        for entry in archive.entries:
            if entry.id in seen:
                yield Misfit(archive.path, entry.name, f"stands in {seen[entry.id]} too: keep it in one archive")
            seen.setdefault(entry.id, archive.path)
    for entry in head.entries if walked else ():
        if entry.id not in seen:
            yield Misfit(head.path, entry.name, "is in no archive: build again")


def missing_anchor(publication: Publication) -> Misfits:
    """A permanent link leads to its place, where the page that should hold it is there."""
    for document in publication.feeds():
        for entry in document.entries:
            address, _, anchor = entry.link.partition("#")
            page = publication.pages.get(path_below(address, publication.site) or "")
            if page is not None and anchor and anchor not in _anchors(page):
                yield Misfit(document.path, entry.name, f"the page has no place {anchor!r} for {entry.link}: build again")


def dead_link(publication: Publication) -> Misfits:
    """An address beside the pages of editions, as relative ones in documents become, leads to a file and to a place on its
    page. Each that does not is told once: many feeds hold the same story."""
    if not publication.pages:  # over http they are not asked for
        return
    told: set[str] = set()
    for document in publication.feeds():
        for entry in document.entries:
            for address in _addresses(entry.html):
                if address not in told and (fault := _link_fault(publication, address)):
                    told.add(address)
                    yield Misfit(document.path, entry.name, f"{address} leads {fault}: mend the link or remove it")


@lru_cache(maxsize=4096)
def _addresses(html: str) -> tuple[str, ...]:
    return tuple(unescape(found[1] or found[2]) for found in _ADDRESS.finditer(html))


def _link_fault(publication: Publication, address: str) -> str | None:
    """Where an address of the site leads that is nowhere."""
    path = unquote(path_below(re.split(r"[?#]", address)[0], publication.site) or "")
    if not path.startswith(f"{EDITIONS}/"):
        return None
    if path.endswith("/"):
        path += "index.html"
    if path not in publication.paths:
        return "to no file"
    anchor = unquote(address.partition("#")[2])
    page = publication.pages.get(path)
    return None if page is None or anchor.casefold() in ("", "top") or anchor in _anchors(page) else "to no place on its page"


@cache
def _anchors(page: bytes) -> frozenset[str]:
    from lxml.html import HTMLParser, document_fromstring  # a build, which reads no page, does without

    try:
        root = document_fromstring(page, parser=HTMLParser(huge_tree=True))
        return frozenset(map(str, root.xpath("//@id")))  # type: ignore[arg-type]
    except (LxmlError, ValueError):
        return frozenset()


def dead_outline(publication: Publication) -> Misfits:
    """What the OPML document lists is there."""
    for document in publication.documents.values():
        for outline in document.outlines:
            address = outline.get("xmlUrl")
            if address and publication.find(address) is None:
                yield Misfit(document.path, outline.get("text"), f"leads to {address}, where no feed is: build again")


RELATIONS = (
    Relation("address", "error", wrong_address),
    Relation("missing-format", "error", missing_format),
    Relation("formats", "error", different_ids),
    Relation("chain", "error", broken_chain),
    Relation("anchor", "error", missing_anchor),
    Relation("dead-link", "warning", dead_link),
    Relation("dead-outline", "error", dead_outline),
)
