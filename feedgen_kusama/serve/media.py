"""What kind of thing a file is, by its name, and for how long it may be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from mimetypes import MimeTypes

NAMED: Mapping[str, str] = {
    "atom.xml": "application/atom+xml",
    "rss.xml": "application/rss+xml",
    "feed.json": "application/feed+json",
}
"""Feeds, whose suffix says less than their name."""
SUFFIXES: Mapping[str, str] = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "opml": "text/x-opml",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
UNKNOWN = "application/octet-stream"
_OTHERS = MimeTypes(filenames=())  # the table built into Python: that of the machine differs from one to the next
_UTF8 = re.compile(r"text/|application/(atom|rss)\+xml$")
_TEXT = re.compile(r"text/|.*[+/](xml|json|jsonl|javascript)$")
_ARCHIVE = re.compile(r"(?:.*/)?archive/(\d{4})(?:-\d+)?/")

SHORT, LONG, NONE = "public, max-age=300", "public, max-age=604800", "no-cache"
"""Heads and pages change with the next build; the archive of a past year only when an old story is mended, so that it
is kept for a week, but never called immutable; under `--watch` everything is asked for anew."""


def media_type(name: str) -> str:
    """The Content-Type of a file, with its charset where the type has one (RFC 6838, RFC 7303)."""
    name = name.casefold()
    media = NAMED.get(name) or SUFFIXES.get(name.rpartition(".")[2]) or _OTHERS.guess_type(name)[0] or UNKNOWN
    return f"{media}; charset=utf-8" if _UTF8.match(media) else media


def is_text(media: str) -> bool:
    """Whether a Content-Type is one that shrinks when it is packed."""
    return bool(_TEXT.match(media.partition(";")[0]))


def cache_control(path: str, year: int) -> str:
    """For how long a file may be kept (RFC 9111), where it is now this year."""
    found = _ARCHIVE.match(path)
    return LONG if found and int(found[1]) < year else SHORT
