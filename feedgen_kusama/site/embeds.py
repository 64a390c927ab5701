"""Pages for other pages: `embed.html` to be framed, `fragment.html` to be included. Both are complete without script."""

from __future__ import annotations

from feedgen_kusama.model import Feed
from feedgen_kusama.site.navigation import Navigation
from feedgen_kusama.site.rendering import render_bare

EMBEDDED = 5
"""Entries they show."""


def render_embed(navigation: Navigation, feed: Feed) -> bytes:
    """A small page of a feed's newest entries for a frame."""
    return render_bare("embed.html", navigation=navigation, feed=feed, root="../" * feed.folder.count("/"))


def render_fragment(navigation: Navigation, feed: Feed) -> bytes:
    """An element with a feed's newest entries that stands on its own on any page: its addresses are absolute."""
    return render_bare("fragment.html", navigation=navigation, feed=feed)
