"""The W3C feed validator's rules, with those of RFC 4287, RSS 2.0 and RFC 5005, as a table of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from typing import NamedTuple

from lxml import etree

from tests import w3c_content_rules as content
from tests import w3c_feed_rules as feed
from tests.w3c_document import Document


class Finding(NamedTuple):
    """A fault, by the validator's name for it where it has one."""

    rule: str
    message: str


RULES: Mapping[str, Callable[[Document], Iterator[str]]] = {
    "MissingSelf": feed.missing_self,
    "MissingAuthor": feed.missing_author,
    "DuplicateUpdated": feed.duplicate_times,
    "ImplausibleDate": feed.implausible_date,
    "InvalidDate": feed.invalid_date,
    "NotNewestFirst": feed.not_newest_first,
    "StaleUpdate": feed.stale_update,
    "MissingLanguage": feed.missing_language,
    "InvalidPermalink": feed.invalid_permalink,
    "InvalidTAG": feed.invalid_tag,
    "DuplicateIds": feed.duplicate_ids,
    "NonCanonicalURI": feed.non_canonical_uri,
    "DuplicateAtomLink": feed.duplicate_links,
    "ArchiveWithoutCurrent": feed.archive_without_current,
    "MissingElement": feed.missing_element,
    "MisplacedMetadata": feed.misplaced_metadata,
    "BadCharacters": feed.bad_characters,
    "ContainsRelRef": content.contains_relative_reference,
    "ForeignId": content.foreign_id,
    "SecurityRisk": content.security_risk,
    "NotHtml": content.not_html,
    "ContainsUndeclaredHTML": content.contains_undeclared_html,
    "MarkedUpSummary": content.marked_up_summary,
}


def findings(data: bytes, address: str, now: datetime) -> list[Finding]:
    """What the rules find in a feed document that is served at an address; one that does not parse is a SAXError."""
    if b"<!DOCTYPE" in data or b"<![CDATA[" in data:
        return [Finding("SAXError", f"{address}: a DOCTYPE or CDATA")]
    try:
        root = etree.fromstring(data)
    except etree.XMLSyntaxError as error:
        return [Finding("SAXError", f"{address}: {error}")]
    document = Document(root=root, address=address, now=now)
    return [Finding(name, f"{address}: {message}") for name, rule in RULES.items() for message in rule(document)]


def site_findings(files: Mapping[str, bytes], site: str, now: datetime) -> list[Finding]:
    """What the rules find in all feed documents of a site, and in the way through their archives."""
    found = [finding for path, data in documents(files).items() for finding in findings(data, site + path, now)]
    for path in documents(files):
        if "archive/" not in path and not any(finding.rule == "SAXError" for finding in found):
            found += [Finding("BrokenChain", f"{path}: {message}") for message in _chain_faults(files, path, site)]
    return found


def documents(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The feed documents among a site's files."""
    return {path: data for path, data in files.items() if path.endswith(".xml")}


def _chain_faults(files: Mapping[str, bytes], head: str, site: str) -> Iterator[str]:
    """RFC 5005: prev-archive leads from the head to every entry, next-archive back, and current to the head."""
    folder, name = head[: head.rfind("/") + 1], head.rpartition("/")[2]
    archives = {path for path in documents(files) if path.startswith(f"{folder}archive/") and path.endswith(name)}
    walked: list[str] = []
    ids: list[str] = []
    path = _linked(files, head, "prev-archive", site)
    while path in archives and path not in walked:
        assert path is not None
        if _linked(files, path, "next-archive", site) != (walked[-1] if walked else None):
            yield f"next-archive of {path} does not lead back"
        if _linked(files, path, "current", site) != head:
            yield f"current of {path} is not the head"
        walked.append(path)
        ids += _ids(files[path])
        path = _linked(files, path, "prev-archive", site)
    if path is not None or set(walked) != archives:
        yield f"prev-archive leads through {walked} to {path}, not through {sorted(archives)}"
    shown = _ids(files[head])
    if ids[: len(shown)] != shown or len(set(ids)) != len(ids):
        yield "the archives do not hold every entry once, in the order of the head"


def _links(data: bytes) -> Iterator[tuple[str, str]]:
    document = _parsed(data)
    return iter(document.links(document.feed))


def _parsed(data: bytes) -> Document:
    return Document(root=etree.fromstring(data), address="", now=datetime(9999, 1, 1, tzinfo=timezone.utc))


def _linked(files: Mapping[str, bytes], path: str, rel: str, site: str) -> str | None:
    address = dict(_links(files[path])).get(rel)
    return None if address is None else address.removeprefix(site)


def _ids(data: bytes) -> list[str]:
    document = _parsed(data)
    return [item.findtext(document.name("id", "guid")) or "" for item in document.items]
