"""Media types and cache policies are told by a file's path."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from feedgen_kusama.media import FOR_EVER, LONG, MODERATE, NEVER, SHORT, cache_control, is_text, media_type

TYPES: Mapping[str, str] = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "governance/archive/2024/rss.xml": "application/rss+xml; charset=utf-8",
    "editions/atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "other.json": "application/json",
    "other.xml": "application/xml; charset=utf-8",
    "editions/2024-11.html": "text/html; charset=utf-8",
    "embed.js": "text/javascript; charset=utf-8",
    "feeds.opml": "text/x-opml; charset=utf-8",
    "picture.png": "image/png",
    "ledger.jsonl": "application/jsonl",
    "README": "application/octet-stream",
    "a.b/README": "application/octet-stream",
}
CACHES: Mapping[str, str] = {
    "rss.xml": SHORT,
    "index.html": SHORT,
    "editions/2024-11.html": SHORT,
    "archive/2026/atom.xml": SHORT,
    "archive/2025/atom.xml": LONG,
    "archive/2025-2/atom.xml": LONG,
    "governance/archive/1999/feed.json": LONG,
    "style.0123abcd.css": FOR_EVER,
    "picture-0123456789abcdef0123456789abcdef.png": FOR_EVER,
    "style.css": MODERATE,
    "embed.js": MODERATE,
    "editions/2024-11.deed.html": SHORT,
    "ledger.jsonl": NEVER,
    ".feedgen-kusama.json": NEVER,
}


@pytest.mark.parametrize("path", TYPES)
def test_a_file_has_the_media_type_that_its_name_tells(path: str) -> None:
    assert media_type(path) == TYPES[path]


@pytest.mark.parametrize("path", CACHES)
def test_a_file_may_be_kept_for_as_long_as_it_lasts(path: str) -> None:
    assert cache_control(path, 2026) == CACHES[path]


def test_text_is_compressed_and_pictures_are_not() -> None:
    assert [path for path in TYPES if not is_text(media_type(path))] == ["picture.png", "README", "a.b/README"]
