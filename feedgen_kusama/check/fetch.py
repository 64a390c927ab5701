"""Published files, read from a folder or over http: what links lead to is fetched, within the same site."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib import request
from urllib.error import HTTPError

from feedgen_kusama import __version__
from feedgen_kusama.check import PAGES, SUFFIXES
from feedgen_kusama.check.findings import Finding
from feedgen_kusama.check.parse import parse_published
from feedgen_kusama.check.parsed import Parsed, folder_of, path_below
from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.ledger.published import ReadbackError

PATIENCE = 20
"""Seconds that a document may take."""
LARGEST = 10_000_000
"""Bytes of a document."""
MOST = 2_000
"""Documents of one site."""
SCHEMES = frozenset({"http", "https"})
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


class _FailureError(Exception):
    """A document that cannot be had; its text says why."""


class _AbsentError(_FailureError):
    """A document that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """The files of a site by path, and what was wrong with how they were served."""

    site: str
    files: Mapping[str, bytes]
    findings: tuple[Finding, ...] = ()


def read_folder(folder: Path) -> Mapping[str, bytes]:
    """The documents and pages below a folder. Raises NothingToCheckError where there is no document."""
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
            if name.endswith((*SUFFIXES, PAGES)) and path.is_file():
                yield path.relative_to(folder).as_posix(), path.read_bytes()


def fetch_site(url: str) -> Fetched:
    """The documents of the site at an address: its uppermost feeds, those that its OPML document lists, all archives.

    Raises NothingToCheckError where there is none.
    """
    if url.partition("://")[0] not in SCHEMES:
        raise NothingToCheckError(f"{url}: no address of a site: begin it with https://")
    site = folder_of(url) if url.endswith(SUFFIXES) else url.rstrip("/") + "/"
    waiting = [url.removeprefix(site)] if url.endswith(SUFFIXES) else [*FORMATS, opml.NAME]
    crawl = _Crawl(site=site, opener=_new_opener(), waiting=waiting, sites={site})
    for path in crawl.waiting:  # grows as links are found
        crawl.visit(path)
    if not crawl.files:
        raise NothingToCheckError(f"{url}: no feed there ({', '.join(waiting)}): name the folder of the feeds")
    return Fetched(site=site, files=crawl.files, findings=tuple(crawl.findings))


@dataclass(slots=True, kw_only=True)
class _Crawl:
    """A walk in progress. `sites` are the addresses that the site is said to have."""

    site: str
    opener: request.OpenerDirector
    waiting: list[str]
    sites: set[str]
    files: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def visit(self, path: str) -> None:
        """Fetch a document and note what it leads to. What is not there is left to the rules, which know who wants it."""
        try:
            data, media = _load(self.opener, self.site + path)
        except _AbsentError:
            return
        except _FailureError as failure:
            if not self.files:
                raise NothingToCheckError(f"{self.site}{path}: {failure}") from None
            self.findings.append(_finding(path, "fetch", f"{failure}: ask the host"))
            return
        self.files[path] = data
        document = _parsed(path, data)
        if document is None:
            return
        if media not in MEDIA.get(document.format, {media}):
            known = ", ".join(sorted(MEDIA[document.format]))
            self.findings.append(_finding(path, "media", f"served as {media or 'nothing'}: have the host say one of {known}"))
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


def _parsed(path: str, data: bytes) -> Parsed | None:
    try:
        return parse_published(path, data)
    except ReadbackError:
        return None


def _new_opener() -> request.OpenerDirector:
    """An opener that knows http and https alone, also where it is sent on."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.UnknownHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    opener.addheaders = [("User-Agent", f"feedgen-kusama/{__version__}")]
    return opener


def _load(opener: request.OpenerDirector, address: str) -> tuple[bytes, str]:
    """The bytes of a document and its media type. Raises _FailureError."""
    until, data = time.monotonic() + PATIENCE, b""
    try:
        with opener.open(address, timeout=PATIENCE) as answer:
            while chunk := answer.read1(1 << 16):
                data += chunk
                if len(data) > LARGEST or time.monotonic() > until:
                    raise _FailureError(f"more than {LARGEST:,} bytes, or {PATIENCE} seconds")
            return data, answer.headers.get_content_type() if "Content-Type" in answer.headers else ""
    except HTTPError as error:
        error.close()
        failure = _AbsentError if error.code in (404, 410) else _FailureError
        raise failure(f"answered {error.code} {error.reason}") from None
    except (OSError, HTTPException, ValueError) as error:
        raise _FailureError(f"cannot be fetched: {getattr(error, 'reason', error)}") from None
