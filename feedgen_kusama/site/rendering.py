"""Templates filled: a page is what its own template makes within what all pages of a folder share."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import msgspec
from jinja2 import Environment, StrictUndefined, select_autoescape
from markupsafe import Markup

from feedgen_kusama.month_names import day_title
from feedgen_kusama.site.compiled import TEMPLATES, CompiledLoader
from feedgen_kusama.site.navigation import Navigation


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of itself: `address` is its absolute one, `feed` the feed it belongs to, which lies in `folder`."""

    title: str
    description: str
    address: str
    feed: str
    folder: str
    kind: str = "website"
    """Its type in the Open Graph protocol."""


class _Frame(msgspec.Struct, frozen=True):
    """What all pages of a feed's folder share."""

    links: Markup
    header: Markup
    footer: Markup


@cache
def environment() -> Environment:
    """The templates. What is not marked safe is escaped; a name that is missing is an error."""
    made = Environment(
        loader=CompiledLoader(TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = _day
    return made


def _day(time: datetime, language: str) -> str:
    return day_title(time.date(), language)


@lru_cache(maxsize=128)
def _frame(navigation: Navigation, feed: str, root: str) -> _Frame:
    """The same for thousands of editions, and made once for them."""
    parts: Any = environment().get_template("frame.html").module
    return _Frame(
        links=parts.links(navigation, navigation.head(feed), root),
        header=parts.header(navigation, feed, root),
        footer=parts.footer(navigation, root),
    )


def render_page(template: str, navigation: Navigation, about: About, **values: Any) -> bytes:
    """A page within what surrounds every page."""
    root = "../" * about.folder.count("/")
    frame = _frame(navigation, about.feed, root)
    return render_bare(template, navigation=navigation, about=about, root=root, frame=frame, **values)


def render_bare(template: str, **values: Any) -> bytes:
    """What a template makes, with nothing around it."""
    text = environment().get_template(template).render(**values)
    return (text.strip() + "\n").encode()
