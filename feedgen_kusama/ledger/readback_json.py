"""Reading back JSON Feed documents: they hold every entry whole, with its text, role and days."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from feedgen_kusama.formats import json_feed
from feedgen_kusama.ledger.published import Published, ReadbackError


def read_back_json(path: str, data: bytes) -> dict[str, Published]:
    """The entries of a JSON Feed document that was published here, by id. Raises ReadbackError."""
    try:
        feed = msgspec.json.decode(data, type=_JsonFeed)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ReadbackError(f"{path}: {error}") from None
    default = feed.authors[0].name if feed.authors else None
    return {item.id: _from_item(item, default) for item in feed.items}


class _JsonAuthor(msgspec.Struct):
    name: str


class _JsonExtension(msgspec.Struct):
    edition: str
    topic: str
    days: tuple[date, ...] = ()
    role: str | None = None


class _JsonItem(msgspec.Struct):
    id: str
    url: str
    title: str
    summary: str
    content_html: str
    content_text: str
    date_published: datetime
    date_modified: datetime
    authors: list[_JsonAuthor]
    extension: _JsonExtension = msgspec.field(name=json_feed.EXTENSION)


class _JsonFeed(msgspec.Struct):
    authors: list[_JsonAuthor]
    items: list[_JsonItem]


def _from_item(item: _JsonItem, default_author: str | None) -> Published:
    author = item.authors[0].name if item.authors else None
    return Published(
        id=item.id,
        title=item.title,
        edition=item.extension.edition,
        slug=item.url.partition("#")[2],
        topic=item.extension.topic,
        author=None if author == default_author else author,
        summary=item.summary,
        html=item.content_html,
        published=item.date_published,
        updated=item.date_modified,
        text=item.content_text,
        role=item.extension.role,
        days=item.extension.days,
    )
