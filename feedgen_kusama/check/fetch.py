"""Published files, read from a folder or over http: what links lead to is fetched, within the same site."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feedgen_kusama.check import JUDGED, SUFFIXES
from feedgen_kusama.check.findings import Finding
from feedgen_kusama.check.parse import parse_readable
from feedgen_kusama.check.parsed import Parsed, folder_of, path_below
from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.web.answers import Answer, Trip
from feedgen_kusama.web.client import Client, Limits
from feedgen_kusama.web.places import parse_place

PATIENCE = 20
"""Seconds that a document may take."""
LARGEST = 10_000_000
"""Bytes of a document."""
MOST = 2_000
"""Documents of one site."""
_XML = frozenset({"application/xml", "text/xml"})
MEDIA: Mapping[str, frozenset[str]] = {
    "rss": _XML | {"application/rss+xml"},
    "atom": _XML | {"application/atom+xml"},
    "json": frozenset({"application/feed+json", "application/json"}),
}
"""The media types as which readers take a format; OPML is imported by name."""


class NothingToCheckError(FeedgenKusamaError):
    """There is no feed."""

    status = USAGE


ABSENT = frozenset({404, 410})
"""What a host answers where there is no document."""
ASK = ": ask the host"
Follow = Callable[[str], Trip]
"""How an address is read: all redirects are followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The files of a site by path, and what was wrong with how they were served."""

    site: str
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """The documents and pages below a folder, and what else lies there, without its bytes. Raises NothingToCheckError
    where there is no document."""
    if not folder.is_dir():
        reason = "a file, not a folder" if folder.exists() else "no such folder"
        raise NothingToCheckError(f"{folder}: {reason}: name a folder of feeds")
    try:
        files = dict(_walk(folder))
    except OSError as error:
        raise NothingToCheckError(f"{error.filename}: cannot be read: {error.strerror}") from None
    if not any(path.endswith(SUFFIXES) for path in files):
        raise NothingToCheckError(f"{folder}: no feed in it: build first, or name a folder of feeds")
    return files


def _walk(folder: Path) -> Iterator[tuple[str, bytes]]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(root, name)
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes() if name.endswith(JUDGED) else b""


def fetch_site(url: str) -> Fetched:
    """The documents of the site at an address: its uppermost feeds, those that its OPML document lists, all archives.

    Raises NothingToCheckError where there is none.
    """
    try:
        host = parse_place(url).host
    except ValueError as error:
        raise NothingToCheckError(f"{url}: no address of a site ({error}): begin it with https://") from None
    client = Client(named={host}, limits=Limits(patience=PATIENCE, largest=LARGEST))
    try:
        return crawl_site(url, client.follow, is_document=url.endswith(SUFFIXES))
    finally:
        client.close()


def crawl_site(url: str, follow: Follow, *, is_document: bool) -> Fetched:
    """The same, read in this way, of a site or of one document."""
    site = folder_of(url) if is_document else url.rstrip("/") + "/"
    waiting = [url.removeprefix(site)] if is_document else [*FORMATS, opml.NAME]
    crawl = _Crawl(site=site, follow=follow, waiting=waiting, sites={site})
    for path in crawl.waiting:  # grows as links are found
        crawl.visit(path)
        if crawl.is_vain:
            break
    if not crawl.files:
        reason = next((f"{site}{finding.path}: {finding.message.removesuffix(ASK)}" for finding in crawl.findings), "")
        raise NothingToCheckError(reason or f"{url}: no feed there ({', '.join(waiting)}): name the folder of the feeds")
    return Fetched(site=site, files=crawl.files, findings=tuple(crawl.findings))


@dataclass(slots=True, kw_only=True)
class _Crawl:
    """A walk in progress. `sites` are the addresses that the site is said to have."""

    site: str
    follow: Follow
    waiting: list[str]
    sites: set[str]
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_vain: bool = False
    """Whether nothing answers there."""

    def visit(self, path: str) -> None:
        """Fetch a document and note what it leads to. What is not there is left to the rules, which know who wants it."""
        trip = self.follow(self.site + path)
        if trip.answer:
            self._read(path, trip.answer)
        elif not isinstance(trip.end, Answer):
            self.is_vain = not self.files and not trip.redirects
            self.findings.append(_finding(path, "fetch", f"{trip.end.reason}{ASK}"))
        elif trip.end.status not in ABSENT:
            self.findings.append(_finding(path, "fetch", f"answered {trip.end.status} {trip.end.reason}{ASK}"))

    def _read(self, path: str, answer: Answer) -> None:
        self.files[path] = answer.body
        document = parse_readable(path, answer.body)
        if document is None:
            return
        if answer.media not in MEDIA.get(document.format, {answer.media}):
            known = ", ".join(sorted(MEDIA[document.format]))
            said = answer.media or "nothing"
            self.findings.append(_finding(path, "media", f"served as {said}: have the host say one of {known}"))
        self.sites.add(document.link("self").removesuffix(path) or self.site)
        self.waiting += [path for path in _leads(document, self.sites) if path not in self.waiting][: MOST - len(self.waiting)]


def _leads(document: Parsed, sites: Collection[str]) -> Iterator[str]:
    """The paths of the documents that one leads to, below any of the site's addresses."""
    for site in sites:
        for rel, address in document.links:
            if rel in ("prev-archive", "next-archive", "current") and (path := path_below(address, site)):
                yield path
        for outline in document.outlines:
            if path := path_below(outline.get("xmlUrl", ""), site):
                yield from (folder_of(path) + name for name in FORMATS)


def _finding(path: str, rule: str, message: str) -> Finding:
    return Finding(path=path, entry=None, rule=rule, message=message, severity="error")
