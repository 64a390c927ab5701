"""JSON Feed read into `Parsed`: a value of a wrong type counts as not there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feedgen_kusama.check.parsed import IsWanted, Parsed, ParsedEntry, is_any
from feedgen_kusama.check.read_time import rfc_3339
from feedgen_kusama.formats.json_feed import EXTENSION

VERSIONS = ("https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1")
_LINKS = (("alternate", "home_page_url"), ("self", "feed_url"), ("prev-archive", "next_url"))


def parse_feed(path: str, size: int, found: object, is_wanted: IsWanted = is_any) -> Parsed | None:
    """The feed in a decoded JSON text; None where it is none."""
    feed = _object(found)
    if _text(feed, "version") not in VERSIONS or not isinstance(feed.get("items"), list):
        return None
    extension = _object(feed.get(EXTENSION))
    items = [_object(item) for item in _list(feed.get("items"))]
    return Parsed(
        path=path,
        format="json",
        size=size,
        id=_text(extension, "id"),
        title=_text(feed, "title"),
        description=_text(feed, "description"),
        author=_author(feed),
        language=_text(feed, "language"),
        links=tuple((rel, address) for rel, name in _LINKS if (address := _text(feed, name))),
        ids=tuple(_text(item, "id") for item in items),
        entries=tuple(_entry(item) for item in items if is_wanted(_text(item, "id"))),
        is_archive=extension.get("archive") is True,
    )


def _entry(item: Mapping[str, Any]) -> ParsedEntry:
    return ParsedEntry(
        id=_text(item, "id"),
        title=_text(item, "title"),
        link=_text(item, "url"),
        author=_author(item),
        published=rfc_3339(_text(item, "date_published")),
        updated=rfc_3339(_text(item, "date_modified")),
        html=_text(item, "content_html"),
        summary=_text(item, "summary"),
    )


def _author(holder: Mapping[str, Any]) -> str:
    return next((name for author in _list(holder.get("authors")) if (name := _text(_object(author), "name"))), "")


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value.strip() if isinstance(value, str) else ""
