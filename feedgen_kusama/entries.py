"""Between drafts and records: drafts with their words, entries with their final HTML, whole months. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from urllib.parse import unquote

from feedgen_kusama.html import finish_html, strip_html, summarise
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.reconcile import Continued
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import EDITIONS, Document, Entry, Topic
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

EDITION = Topic(id=EDITIONS, title="Editions")
"""What whole months are filed under."""
_NOWHERE = "https://localhost/"


def place_drafts(document: Document) -> Iterator[Placed]:
    """A document's drafts in reading order. Their words are taken from the HTML as it would be published,
    so that they can be told again from what was."""
    if document.edition is None:
        return
    for position, draft in enumerate(document.drafts):
        text = strip_html(finish_html(draft.markup, page=_NOWHERE, anchor="x"))
        yield Placed(draft=draft, edition=document.edition, source=document.path, position=position, text=text)


class Targets:
    """Where links between documents lead: to the entry or edition that they mean."""

    def __init__(self, settings: Settings, live: Iterable[Continued]) -> None:
        self._pages: dict[str, str] = {}
        self._entries: dict[tuple[str, str], str] = {}
        for record in (continued.record for continued in live):
            page = page_address(settings, record)
            self._pages.setdefault(record.source, page)
            for name in (record.title, record.slug):
                self._entries.setdefault((record.source, _key(name)), f"{page}#{record.slug}")

    def resolve(self, source: str, address: str) -> str | None:
        """The permanent link of what a relative address in a document means: `#heading`, `other.md`,
        `other.md#heading`; None where it means neither."""
        path, _, fragment = unquote(address).partition("#")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
        if fragment:
            found = self._entries.get((name, _key(fragment)))
            if found or not path:
                return found
        return self._pages.get(name) if path else None


def _key(text: str) -> str:
    """A heading or fragment in a form in which every way of making anchors agrees: letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


def make_entry(settings: Settings, continued: Continued, targets: Targets, contents: Mapping[str, Published]) -> Entry:
    """The entry of a record: from its draft, else from what was published under its id."""
    record = continued.record
    if continued.placed is None:
        return _held_entry(settings, record, contents.get(record.id))
    draft = continued.placed.draft
    page = page_address(settings, record)
    resolve = partial(targets.resolve, record.source)
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


def _held_entry(settings: Settings, record: Record, published: Published | None) -> Entry:
    """The entry of a document that cannot be read now, as it was published; from the ledger's words alone
    where not even that can be read."""
    page = page_address(settings, record)
    topic = settings.find_topic(record.topic) or settings.topic(settings.fallback)
    html = published.html if published else f"<p>{escape(record.text, quote=False)}</p>"
    return Entry(
        id=record.id,
        slug=record.slug,
        link=f"{page}#{record.slug}",
        edition=record.month,
        topic=topic,
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


def make_edition(settings: Settings, record: Record, stories: Sequence[Entry]) -> Entry:
    """A whole month as one entry: a table of contents, then every story under its title."""
    contents = "".join(f'<li><a href="{escape(s.link)}">{escape(s.title, quote=False)}</a></li>' for s in stories)
    bodies = (f"<h2>{escape(s.title, quote=False)}</h2>\n{s.html}" for s in stories)
    return Entry(
        id=record.id,
        slug="",
        link=page_address(settings, record),
        edition=record.month,
        topic=EDITION,
        title=": ".join(filter(None, (month_title(record.month, settings.months[0]), record.title))),
        summary=stories[0].summary,
        html="\n".join([f"<ol>{contents}</ol>", *bodies]),
        text="\n\n".join(f"{s.title}\n{s.text}" for s in stories),
        author=None,
        role=None,
        days=tuple(sorted({day for s in stories for day in s.days})),
        published=record.published,
        updated=record.updated,
    )


def page_address(settings: Settings, record: Record) -> str:
    """The absolute address of the page of an entry's edition."""
    return f"{settings.url}editions/{record.edition}.html"
