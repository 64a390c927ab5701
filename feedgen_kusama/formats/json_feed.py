"""JSON Feed 1.1 (jsonfeed.org/version/1.1), with edition, topic and days in an extension object."""

from __future__ import annotations

from typing import Any

import msgspec

from feedgen_kusama.model import Entry, Feed

NAME = "feed.json"
VERSION = "https://jsonfeed.org/version/1.1"
EXTENSION = "_feedgen_kusama"


def render(feed: Feed) -> bytes:
    """The feed as a JSON Feed document; `next_url` leads from the head through the archives back in time."""
    document: dict[str, Any] = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.site + feed.head,
        "feed_url": feed.site + feed.folder + NAME,
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.author}],
    }
    if feed.previous is not None:
        document["next_url"] = feed.site + feed.previous + NAME
    if feed.hub:
        document["hubs"] = [{"type": "WebSub", "url": feed.hub}]
    document[EXTENSION] = {"generator": "feedgen-kusama", "id": feed.tag, "archive": feed.is_archive}
    document["items"] = [_item(feed, entry) for entry in feed.entries]
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": entry.link,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.html,
        "content_text": entry.text,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": entry.author or feed.author}],
        "tags": [entry.topic.title],
        "language": feed.language,
        EXTENSION: {
            "edition": str(entry.edition),
            "topic": entry.topic.id,
            "days": entry.days,
            **({"role": entry.role} if entry.role else {}),
        },
    }
