"""Media types, and how long a copy may be kept, by the path of a published file: one table for all who serve it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

TYPES: Mapping[str, str] = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""By file name, else by how it ends. RFC 4287 section 7, JSON Feed 1.1, RFC 9239; JSON has no charset (RFC 8259 section 11)."""
UNKNOWN = "application/octet-stream"

SHORT = "public, max-age=300, must-revalidate"
"""Feeds and pages: five minutes, then asked for again."""
LONG = "public, max-age=604800"
"""Archives of closed years: a week, since an edit of an old story still changes them."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Files whose name changes with their content (RFC 8246)."""
NEVER = "no-cache"
"""What publishers compare: kept, but asked for each time (RFC 9111, section 5.2.2.4)."""

_ARCHIVE = re.compile(r"(?:^|/)archive/(\d{4})(?:-\d+)?/")
_HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.[a-z0-9]+$")


def media_type(path: str) -> str:
    """The media type as which a file is served, with its charset where it has one."""
    name = path.rpartition("/")[2]
    return TYPES.get(name) or TYPES.get(f".{name.rpartition('.')[2]}", UNKNOWN)


def is_text(path: str) -> bool:
    """Whether compression makes a file smaller."""
    kind = media_type(path)
    return kind.startswith("text/") or any(word in kind for word in ("xml", "json"))


def cache_control(path: str, year: int) -> str:
    """The Cache-Control of a file (RFC 9111); `year` is the current one, whose archives are still open."""
    if path.endswith(".jsonl") or path.startswith("."):
        return NEVER
    if _HASHED.search(path):
        return FOR_EVER
    archive = _ARCHIVE.search(path)
    return LONG if archive and int(archive[1]) < year else SHORT
