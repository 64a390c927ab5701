"""From records and drafts to entries with their final HTML, and to whole months as entries. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from feedgen_kusama.html import Resolve, finish_html, strip_html, summarise
from feedgen_kusama.ledger.library import Library
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.links import page_address
from feedgen_kusama.model import EDITIONS, Draft, Entry, Topic
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

EDITION = Topic(id=EDITIONS, title="Editions")
"""What whole months are filed under."""
MOST_TOLD = 40
"""So many stories are told in the entry of a whole month. One of more only lists as many and leads to its page: readers
load a feed again and again, and give up on one of many megabytes."""


def make_entry(settings: Settings, record: Record, draft: Draft, resolve: Resolve) -> Entry:
    """The entry of a record from its draft; `resolve` tells where its links between documents lead."""
    page = page_address(settings, record.edition)
    html = finish_html(draft.markup, page=page, anchor=record.slug, resolve=resolve) or f"<p>{escape(record.title)}</p>"
    has_code = re.search(r"<(?:script|style)\b", draft.markup, re.IGNORECASE)  # whose text is no text
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=settings.topic(record.topic),
        title=record.title,
        summary=summarise(strip_html(html) if has_code else draft.text) or record.title,
        html=html,
        text=draft.text,
        author=draft.author,
        role=draft.role,
        days=draft.days,
        published=record.published,
        updated=record.updated,
    )


def held_entry(settings: Settings, record: Record, published: Published | None) -> Entry:
    """The entry of a document that cannot be read now, as it was published; from the ledger's words alone
    where not even that can be read."""
    page = page_address(settings, record.edition)
    html = published.html if published else f"<p>{escape(record.text, quote=False)}</p>"
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=settings.topic(record.topic),
        title=record.title,
        summary=published.summary if published else summarise(record.text),
        html=html,
        text=published.text if published else record.text,
        author=published.author if published else None,
        role=published.role if published else None,
        days=published.days if published else (),
        published=record.published,
        updated=record.updated,
    )


class Whole(NamedTuple):
    """What the entry of a whole month is made of: the records of the stories it tells, and how many more there are."""

    stories: tuple[Record, ...]
    more: int


def tell(library: Library, edition: str) -> Whole:
    """What the entry of a whole month is made of."""
    stories = library.stories(edition)
    return Whole(stories[:MOST_TOLD], max(0, len(stories) - MOST_TOLD))


def count_told(library: Library, edition: str) -> int:
    """How many stories the entry of a whole month tells."""
    return min(library.shelves[edition].live, MOST_TOLD)


def make_edition(settings: Settings, record: Record, stories: Sequence[Entry], more: int = 0) -> Entry:
    """A whole month as one entry: a table of contents, then every story under its title; where there are `more`, only the
    contents and a link to all."""
    page = page_address(settings, record.edition)
    contents = "".join(f'<li><a href="{escape(s.link)}">{escape(s.title, quote=False)}</a></li>' for s in stories)
    parts = [f"<ol>{contents}</ol>"]
    texts = [s.title for s in stories]
    if more:
        parts.append(f'<p><a href="{escape(page)}">and {more:,} more</a></p>')
        texts.append(f"and {more:,} more")
    else:
        parts += [f"<h2>{escape(s.title, quote=False)}</h2>\n{s.html}" for s in stories]
        texts = [f"{s.title}\n{s.text}" for s in stories]
    return Entry(
        id=record.id,
        slug="",
        link=page,
        edition=record.month,
        topic=EDITION,
        title=": ".join(filter(None, (month_title(record.month, settings.months[0]), record.title))),
        summary=stories[0].summary,
        html="\n".join(parts),
        text="\n\n".join(texts),
        author=None,
        role=None,
        days=tuple(sorted({day for s in stories for day in s.days})),
        published=record.published,
        updated=record.updated,
    )
