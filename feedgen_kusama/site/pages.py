"""Pages as HTML: the start page, one per feed, one per edition. They link relatively, so that the site works
below any path and from a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from feedgen_kusama.html import finish_html
from feedgen_kusama.model import ALL, EDITIONS, Edition, Entry, Feed, LeftOut
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

NEWEST = 12
"""Entries on the start page."""
KEPT = ("references", "closing note")
"""What is left out of entries but kept on the edition's page."""
TEMPLATES = {ALL: "index.html", EDITIONS: "editions.html"}
"""The template of each feed's page that is not like the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """An edition's page: its entries in reading order, and what its documents hold beside them."""

    edition: Edition
    headline: str
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def path(self) -> str:
        return f"editions/{self.edition}.html"


@cache
def environment() -> Environment:
    """The templates. What is not marked safe is escaped; a name that is missing is an error."""
    return Environment(
        loader=PackageLoader("feedgen_kusama.site"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_pages(settings: Settings, feeds: Sequence[Feed], months: Iterable[Month]) -> Iterator[tuple[str, bytes]]:
    """Every page by its path."""
    shown = [_show(settings, month) for month in months]
    heads = {feed.id: feed for feed in feeds if not feed.is_archive}
    shared: dict[str, Any] = {
        "settings": settings,
        "heads": heads.values(),
        "months": shown,
        "newest": NEWEST,
    }
    for head in heads.values():
        template = TEMPLATES.get(head.id, "feed.html")
        yield f"{head.folder}index.html", _render(template, head.folder, feed=head, **shared)
    for later, month, earlier in zip([None, *shown], shown, [*shown[1:], None], strict=False):
        values = {"feed": heads[EDITIONS], "month": month, "later": later, "earlier": earlier}
        yield month["path"], _render("edition.html", f"{EDITIONS}/", **values, **shared)


def _render(template: str, folder: str, **values: Any) -> bytes:
    text = environment().get_template(template).render(root="../" * folder.count("/"), folder=folder, **values)
    return (text.strip() + "\n").encode()


def _show(settings: Settings, month: Month) -> dict[str, Any]:
    """A month as the templates want it: its name in words, and its references as safe HTML."""
    page = settings.url + month.path
    kept = (part.markup for part in month.left_out if part.why in KEPT)
    return {
        "edition": str(month.edition),
        "path": month.path,
        "title": month_title(month.edition, settings.months[0]),
        "headline": month.headline,
        "entries": month.entries,
        "kept": [finish_html(markup, page=page, anchor="kept") for markup in kept],
    }
