"""Rules for a feed document as a whole: each yields a message for every fault it finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote, urlsplit

from tests.w3c_document import ATOM, CONTENT, CREATOR, XML_LANG, Document

TAG_URI = re.compile(
    r"tag:(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
    r",\d{4}(?:-\d\d(?:-\d\d)?)?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*"
)
ADDRESS = re.compile(r"(https?)://[a-z0-9.-]+(:\d+)?/(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?#\[\]]|%[0-9A-Fa-f]{2})*")
EARLIEST = datetime(1990, 1, 1, tzinfo=timezone.utc)
"""Before this the validator finds a time implausible."""


def missing_self(document: Document) -> Iterator[str]:
    found = [address for rel, address in document.links(document.feed) if rel == "self"]
    if found != [document.address]:
        yield f"{found} instead of {document.address}"


def missing_author(document: Document) -> Iterator[str]:
    for element in (document.feed, *document.items) if document.is_atom else document.items:
        creator = element.findtext(f"{ATOM}author/{ATOM}name") if document.is_atom else element.findtext(CREATOR)
        if not (creator or "").strip():
            yield f"{element.tag} without a name"


def duplicate_times(document: Document) -> Iterator[str]:
    for name in (f"{ATOM}updated", f"{ATOM}published", "pubDate"):
        yield from _repeated([text for item in document.items if (text := item.findtext(name))])


def implausible_date(document: Document) -> Iterator[str]:
    latest = document.now + timedelta(minutes=10)
    for element, time in document.times():
        if time and not EARLIEST <= time <= latest:
            yield f"{element.tag} {time}"


def invalid_date(document: Document) -> Iterator[str]:
    for element, time in document.times():
        if time is None or (not document.is_atom and time.strftime("%a") != (element.text or "")[:3]):
            yield f"{element.tag} {element.text!r}"


def not_newest_first(document: Document) -> Iterator[str]:
    times = [time for element, time in document.times() if element.tag in (f"{ATOM}published", "pubDate") and time]
    if times != sorted(times, reverse=True):
        yield "items are not in the order of their publication"


def stale_update(document: Document) -> Iterator[str]:
    updated = [time for element, time in document.times() if element.tag in (f"{ATOM}updated", "lastBuildDate") and time]
    if len(updated) > 1 and document.is_atom and updated[0] != max(updated[1:]):
        yield f"the feed's update {updated[0]} is not its newest entry's"


def missing_language(document: Document) -> Iterator[str]:
    language = document.root.get(XML_LANG) if document.is_atom else document.feed.findtext("language")
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language or ""):
        yield f"{language!r}"


def invalid_permalink(document: Document) -> Iterator[str]:
    for guid in document.feed.iterfind("item/guid"):
        if guid.get("isPermaLink", "true") == "true" and not (guid.text or "").startswith(("http://", "https://")):
            yield f"{guid.text} is no address"


def _ids(document: Document) -> list[str]:
    name = document.name("id", "guid")
    return [element.findtext(name) or "" for element in (document.feed, *document.items)][0 if document.is_atom else 1 :]


def invalid_tag(document: Document) -> Iterator[str]:
    return (f"{id!r}" for id in _ids(document) if not TAG_URI.fullmatch(id))


def duplicate_ids(document: Document) -> Iterator[str]:
    return _repeated(_ids(document))


def _repeated(values: list[str]) -> Iterator[str]:
    return (f"{value!r} {count} times" for value, count in Counter(values).items() if count > 1)


def non_canonical_uri(document: Document) -> Iterator[str]:
    for element in (document.feed, *document.items):
        for _, address in document.links(element):
            parts = urlsplit(address)
            plain = re.search(r"%(2D|2E|5F|7E|3\d|[46][1-9A-F]|[57][0-9A])", address) and unquote(address) != address
            if not ADDRESS.fullmatch(address) or plain or "/../" in parts.path or "/./" in parts.path:
                yield f"{address!r}"


def duplicate_links(document: Document) -> Iterator[str]:
    for element in (document.feed, *document.items):
        links = [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") in ("alternate", "self")]
        yield from _repeated([f"{link.get('rel', 'alternate')} {link.get('type')}" for link in links])


def archive_without_current(document: Document) -> Iterator[str]:
    relations = dict(document.links(document.feed))
    if ("archive/" in document.address) != document.is_archive or ("current" in relations) != document.is_archive:
        yield f"fh:archive and rel=current do not go together with {document.address}"


REQUIRED: Mapping[bool, tuple[tuple[str, ...], tuple[str, ...]]] = {
    True: (
        ("id", "title", "updated", "author", "generator", "subtitle"),
        ("id", "title", "updated", "published", "author", "content", "summary", "category", "link"),
    ),
    False: (
        ("title", "link", "description", "generator", "language", "docs"),
        ("title", "link", "description", "guid", "pubDate", "category", CREATOR, CONTENT),
    ),
}
"""What the feed and every item hold exactly once, in Atom and in RSS."""


def missing_element(document: Document) -> Iterator[str]:
    for_feed, for_item = REQUIRED[document.is_atom]
    for element in (document.feed, *document.items):
        for name in for_feed if element is document.feed else for_item:
            found = element.findall(f"{ATOM}{name}" if document.is_atom else name)
            if len(found) != 1 or not (
                len(found[0]) or found[0].get("href") or found[0].get("term") or (found[0].text or "").strip()
            ):
                yield f"{name} {len(found)} times, or empty, in {element.tag}"


def misplaced_metadata(document: Document) -> Iterator[str]:
    tags = [child.tag for child in document.feed]
    name = document.name("entry", "item")
    if name in tags and any(tag != name for tag in tags[tags.index(name) :]):
        yield "the feed's properties stand behind its items"


def bad_characters(document: Document) -> Iterator[str]:
    for element in document.root.iter():
        for text in (element.text or "", *map(str, element.attrib.values())):
            found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff\ud800-\udfff]", text)
            if found:
                yield f"{found[0]!r} in {element.tag}"
