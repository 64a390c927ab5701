"""Media types, and how long a copy may be kept, by the path of a published file: one table for all who serve it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from mimetypes import MimeTypes

TYPES: Mapping[str, str] = {
    "rss.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".md": "text/markdown",
    ".opml": "text/x-opml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""By file name, else by how it ends: RFC 4287 (section 7), RFC 9239, JSON Feed 1.1."""
UNKNOWN = "application/octet-stream"
_OTHERS = MimeTypes(filenames=())  # the table built into Python: that of the machine differs from one to the next
_UTF8 = re.compile(r"text/|application/(?:(?:atom|rss)\+)?xml$")
"""What has a charset (RFC 6838, RFC 7303); JSON has none (RFC 8259, section 11)."""
_TEXT = re.compile(r"text/|.*[+/](?:xml|json|jsonl|javascript)$")

SHORT = "public, max-age=300, must-revalidate"
"""Feeds and pages: five minutes, then asked for again."""
MODERATE = "public, max-age=3600, must-revalidate"
"""What pages are shown with: an hour, and a page that is newer waits no longer for it."""
LONG = "public, max-age=604800"
"""Archives of closed years: a week, since an edit of an old story still changes them."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Files whose name changes with their content (RFC 8246)."""
NEVER = "no-cache"
"""What publishers compare: kept, but asked for each time (RFC 9111, section 5.2.2.4)."""

_ARCHIVE = re.compile(r"(?:^|/)archive/(\d{4})(?:-\d+)?/")
_SHOWN_WITH = (".css", ".js", ".svg")
_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.[a-z0-9]+$")


def media_type(path: str) -> str:
    """The media type as which a file is served, with its charset where it has one."""
    name = path.rpartition("/")[2].casefold()
    media = TYPES.get(name) or TYPES.get(f".{name.rpartition('.')[2]}") or _OTHERS.guess_type(name)[0] or UNKNOWN
    return f"{media}; charset=utf-8" if _UTF8.match(media) else media


def is_text(media: str) -> bool:
    """Whether files of a media type become smaller when they are packed."""
    return bool(_TEXT.match(media.partition(";")[0]))


def cache_control(path: str, year: int) -> str:
    """The Cache-Control of a file (RFC 9111); `year` is the current one, whose archives are still open."""
    if path.endswith(".jsonl") or path.startswith("."):
        return NEVER
    if _HASHED.search(path):
        return FOR_EVER
    if path.endswith(_SHOWN_WITH):
        return MODERATE
    archive = _ARCHIVE.search(path)
    return LONG if archive and int(archive[1]) < year else SHORT
