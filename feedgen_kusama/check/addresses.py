"""Rules for ids and links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from feedgen_kusama.check.findings import Fault, Faults
from feedgen_kusama.check.parsed import Parsed

_NAME = r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TAG = re.compile(
    rf"tag:(?:[A-Za-z0-9._-]+@)?{_NAME},[0-9]{{4}}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
    r":(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*(?:#(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?"
)
"""RFC 4151, section 2.1."""
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#\[\]]|%[0-9A-Fa-f]{2})+")
_PLAIN = re.compile(r"%(?:2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])", re.IGNORECASE)
"""Letters, digits, `-._~`, percent-encoded without need."""


def missing_self(document: Parsed, _now: datetime) -> Faults:
    """Readers tell a feed that moved, and hubs which feed changed, by its link to itself."""
    count = sum(1 for rel, _ in document.links if rel == "self")
    if document.is_feed and count != 1:
        yield Fault(None, f"{count or 'no'} links to itself (rel=self, feed_url): give it one, its own address")


def repeated_id(document: Parsed, _now: datetime) -> Faults:
    """An id is an identity: of two entries with one id readers show one."""
    for id, count in Counter(filter(None, document.ids)).items():
        if count > 1:
            yield Fault(id, f"{count} entries have this id: give each its own")


def invalid_id(document: Parsed, _now: datetime) -> Faults:
    """Ids are tag URIs (RFC 4151) or addresses."""
    for name, id in [(None, document.id), *((entry.name, entry.id) for entry in document.entries)]:
        if id and not _is_identity(id):
            yield Fault(name, f"the id {id!r} is no tag URI (RFC 4151) and no address: name an `authority` that gives one")


@lru_cache(maxsize=4096)
def _is_identity(id: str) -> bool:
    return (_TAG if id.startswith("tag:") else _ADDRESS).fullmatch(id) is not None


def permalink_id(document: Parsed, _now: datetime) -> Faults:
    """A guid that is no address must say so, or readers open it as a page (RSS)."""
    for entry in document.entries:
        if entry.is_permalink:
            yield Fault(entry.name, 'the guid passes for an address: say isPermaLink="false"')


def _addresses(document: Parsed) -> Iterable[tuple[str | None, str]]:
    yield from ((None, address) for _, address in document.links)
    yield from ((entry.name, entry.link) for entry in document.entries if entry.link)
    yield from ((outline.get("text"), outline["xmlUrl"]) for outline in document.outlines if "xmlUrl" in outline)


def unusable_link(document: Parsed, _now: datetime) -> Faults:
    """Links lead somewhere from wherever they are read."""
    for name, address in _addresses(document):
        if not _is_usable(address):
            yield Fault(
                name, f"the link {address!r} is not absolute or not ASCII: write it with https:// and percent-encode it"
            )


def unusual_link(document: Parsed, _now: datetime) -> Faults:
    """Links are written the one way in which every program compares them as equal (RFC 3986, section 6)."""
    for name, address in _addresses(document):
        if _is_usable(address) and not _is_canonical(address):
            yield Fault(
                name, f"the link {address!r} has an equal: small letters in the host, a / behind it, no /../, no needless %"
            )


@lru_cache(maxsize=4096)  # every entry stands in several documents
def _is_usable(address: str) -> bool:
    return _ADDRESS.fullmatch(address) is not None


@lru_cache(maxsize=4096)
def _is_canonical(address: str) -> bool:
    parts = urlsplit(address)
    has_port = parts.netloc.endswith({"http": ":80", "https": ":443"}[parts.scheme])
    is_detour = {".", ".."} & set(parts.path.split("/"))
    return parts.netloc == parts.netloc.lower() and bool(parts.path) and not (has_port or is_detour or _PLAIN.search(address))
