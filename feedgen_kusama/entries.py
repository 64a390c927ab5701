"""Between drafts and records: drafts with their words, and entries with their final HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from feedgen_kusama.config import Settings
from feedgen_kusama.html import finish_html, strip_html, summarise
from feedgen_kusama.ledger.readback import Published
from feedgen_kusama.ledger.reconcile import Continued, Placed
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import Document, Entry

_NOWHERE = "https://localhost/"


def place_drafts(document: Document) -> Iterator[Placed]:
    """A document's drafts in reading order. Their words are taken from the HTML as it would be published,
    so that they can be told again from what was."""
    if document.edition is None:
        return
    for position, draft in enumerate(document.drafts):
        text = strip_html(finish_html(draft.markup, page=_NOWHERE, anchor="x"))
        yield Placed(draft=draft, edition=document.edition, source=document.path, position=position, text=text)


def make_entry(settings: Settings, continued: Continued, contents: Mapping[str, Published]) -> Entry:
    """The entry of a record: from its draft, else from what was published under its id."""
    record = continued.record
    if continued.placed is None:
        return _held_entry(settings, record, contents.get(record.id))
    draft = continued.placed.draft
    page = page_address(settings, record)
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=settings.topic(record.topic),
        title=record.title,
        summary=summarise(draft.text),
        html=finish_html(draft.markup, page=page, anchor=record.slug),
        text=draft.text,
        author=draft.author,
        role=draft.role,
        days=draft.days,
        published=record.published,
        updated=record.updated,
    )


def _held_entry(settings: Settings, record: Record, published: Published | None) -> Entry:
    """The entry of a document that cannot be read now, as it was published; from the ledger's words alone
    where not even that can be read."""
    page = page_address(settings, record)
    topic = settings.find_topic(record.topic) or settings.topic(settings.fallback)
    html = published.html if published else finish_html(f"<p>{record.text}</p>", page=page, anchor=record.slug)
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=topic,
        title=record.title,
        summary=published.summary if published else summarise(record.text),
        html=html,
        text=record.text,
        author=published.author if published else None,
        role=None,
        days=(),
        published=record.published,
        updated=record.updated,
    )


def page_address(settings: Settings, record: Record) -> str:
    """The absolute address of the page of an entry's edition."""
    return f"{settings.url}editions/{record.edition}.html"
