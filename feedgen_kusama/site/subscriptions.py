"""Addresses that subscribe to a feed with one click, in a reader on this machine or on the web.

Nothing is asked of these sites until a person follows the link.
"""

from __future__ import annotations

from urllib.parse import quote

import msgspec

READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)
"""Readers on the web, and what the feed's address is put behind to add it there."""


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A feed's address, and the links that add it to a reader: name and address."""

    address: str
    app: str
    """Opens whatever reader is installed: those that are told of `feed:` take it."""
    readers: tuple[tuple[str, str], ...]


def subscription(address: str) -> Subscription:
    """How to subscribe to the feed with this absolute address."""
    readers = tuple((name, before + quote(address, safe="")) for name, before in READERS)
    return Subscription(address=address, app=f"feed:{address}", readers=readers)
