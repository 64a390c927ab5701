"""Rules for one document, as a table: what the formats demand, and what readers make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from feedgen_kusama.check import addresses, content, times
from feedgen_kusama.check.findings import Fault, Faults
from feedgen_kusama.check.parsed import Format, Parsed
from feedgen_kusama.model import Severity

LARGEST_HEAD = 512 * 1024
"""Bytes of a head feed, which readers load again and again."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
REQUIRED: Mapping[Format, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "rss": (
        {"title": "title", "link.alternate": "link", "description": "description", "updated": "lastBuildDate"},
        {"id": "guid", "title": "title", "link": "link", "published": "pubDate"},
    ),
    "atom": (
        {"id": "id", "title": "title", "updated": "updated", "link.alternate": 'link rel="alternate"'},
        {"id": "id", "title": "title", "link": "link", "published": "published", "updated": "updated"},
    ),
    "json": (
        {"title": "title", "link.alternate": "home_page_url"},
        {"id": "id", "title": "title", "link": "url", "published": "date_published", "updated": "date_modified"},
    ),
    "opml": ({"title": "title"}, {}),
}
"""What a document and each entry must hold, by field, with the format's word for it."""
OUTLINE = ("text", "title", "type", "xmlUrl")


class Rule(NamedTuple):
    """A rule: what it finds, and how bad that is."""

    name: str
    severity: Severity
    find: Callable[[Parsed, datetime], Faults]


def missing_element(document: Parsed, _now: datetime) -> Faults:
    """What the formats demand, and what this publication always gives."""
    for_feed, for_entry = REQUIRED[document.format]
    for field, element in for_feed.items():
        name, _, rel = field.partition(".")
        if not (document.link(rel) if rel else getattr(document, name)):
            yield Fault(None, f"no {element}: add it")
    for entry in document.entries:
        yield from (Fault(entry.name, f"no {element}: add it") for f, element in for_entry.items() if not getattr(entry, f))


def repeated_element(document: Parsed, _now: datetime) -> Faults:
    """Of an element that stands twice one reader shows the first, another the last."""
    yield from (Fault(None, f"{element} stands more than once: keep one") for element in document.repeated)
    for entry in document.entries:
        if entry.repeated:
            yield from (Fault(entry.name, f"{element} stands more than once: keep one") for element in entry.repeated)


def missing_author(document: Parsed, _now: datetime) -> Faults:
    """Few readers look for an entry's author at the feed."""
    if document.format in ("atom", "json") and not document.author:
        yield Fault(None, "no author's name: add it")
    for entry in document.entries:
        if not entry.author:
            yield Fault(entry.name, "no author's name (RSS: dc:creator): add it")


def missing_language(document: Parsed, _now: datetime) -> Faults:
    """Readers hyphenate, translate and read aloud by it."""
    if document.is_feed and not _LANGUAGE.fullmatch(document.language):
        yield Fault(None, f"the language {document.language!r} is none: write one like `en` or `pt-BR`")


def too_large(document: Parsed, _now: datetime) -> Faults:
    """Head feeds stay small; archives may be large."""
    if document.is_feed and not document.is_archive and document.size > LARGEST_HEAD:
        yield Fault(None, f"{document.size:,} bytes, loaded again and again: lower `limit` until it is below {LARGEST_HEAD:,}")


def wrong_name(document: Parsed, _now: datetime) -> Faults:
    """Hosts choose the media type by the end of the name."""
    suffix = {"json": ".json", "opml": ".opml"}.get(document.format, ".xml")
    if not document.path.endswith(suffix):
        yield Fault(None, f"hosts give it the wrong media type: name it with {suffix}")


def incomplete_outline(document: Parsed, _now: datetime) -> Faults:
    """Every outline has what importers look for."""
    for outline in document.outlines:
        for name in OUTLINE:
            if not outline.get(name, "").strip():
                yield Fault(outline.get("text") or outline.get("xmlUrl"), f"no {name} in its outline: add it")


RULES = (
    Rule("element", "error", missing_element),
    Rule("repeated-element", "error", repeated_element),
    Rule("self", "error", addresses.missing_self),
    Rule("author", "error", missing_author),
    Rule("language", "error", missing_language),
    Rule("repeated-id", "error", addresses.repeated_id),
    Rule("id", "warning", addresses.invalid_id),
    Rule("permalink", "error", addresses.permalink_id),
    Rule("date", "error", times.invalid_date),
    Rule("future", "warning", times.future_date),
    Rule("repeated-date", "warning", times.repeated_date),
    Rule("order", "warning", times.wrong_order),
    Rule("update", "warning", times.wrong_update),
    Rule("link", "error", addresses.unusable_link),
    Rule("canonical", "warning", addresses.unusual_link),
    Rule("content", "error", content.unsafe_content),
    Rule("character", "error", content.bad_characters),
    Rule("title", "warning", content.marked_up_title),
    Rule("undeclared", "error", content.undeclared_html),
    Rule("text", "warning", content.missing_content),
    Rule("size", "warning", too_large),
    Rule("media", "error", wrong_name),
    Rule("outline", "error", incomplete_outline),
)
