"""Files that are published as they are."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha384
from pathlib import Path

FEED_STYLES = ("feed.css",)
"""Static files that feeds refer to."""
STATIC = (*FEED_STYLES, "style.css", "page.js", "embed.css", "frame.js", "embed.js", "icon.svg")
"""All static files; they lie at the site's root."""
INDEX, EMBED, FRAGMENT = "index.html", "embed.html", "fragment.html"
PAGES = (INDEX, EMBED, FRAGMENT, "????-??.html")
"""How pages are called (patterns): people may add their own beside them."""


@cache
def static_file(name: str) -> bytes:
    """A file that is published as it is."""
    return Path(__file__).with_name("static").joinpath(name).read_bytes()


@cache
def integrity(name: str) -> str:
    """A static file's digest as browsers compare it (Subresource Integrity, section 3.5)."""
    return f"sha384-{b64encode(sha384(static_file(name)).digest()).decode()}"
