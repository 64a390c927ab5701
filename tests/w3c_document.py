"""A published feed document as the validator's rules look at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
HISTORY = "{http://purl.org/syndication/history/1.0}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Document:
    """A feed document with the address it is served at and the time at which it is judged."""

    root: etree._Element
    address: str
    now: datetime

    @property
    def is_atom(self) -> bool:
        return self.root.tag == f"{ATOM}feed"

    @cached_property
    def feed(self) -> etree._Element:
        """The element that holds the feed's own properties."""
        channel = self.root if self.is_atom else self.root.find("channel")
        return self.root if channel is None else channel

    @cached_property
    def items(self) -> list[etree._Element]:
        return self.feed.findall(f"{ATOM}entry" if self.is_atom else "item")

    @property
    def is_archive(self) -> bool:
        return self.feed.find(f"{HISTORY}archive") is not None

    def name(self, atom: str, rss: str) -> str:
        """An element's name in this document's format."""
        return f"{ATOM}{atom}" if self.is_atom else rss

    def links(self, element: etree._Element) -> list[tuple[str, str]]:
        """An element's links as relation and address; of RSS the plain `link` too."""
        links = [(link.get("rel", "alternate"), link.get("href", "")) for link in element.findall(f"{ATOM}link")]
        return links + [("alternate", link.text or "") for link in element.findall("link")]

    def times(self) -> Iterator[tuple[etree._Element, datetime | None]]:
        """Every element that holds a time, and the time; None where it is none."""
        for element in (self.feed, *self.items):
            for name in ("updated", "published"):
                for found in element.findall(f"{ATOM}{name}"):
                    yield found, _time(RFC_3339, datetime.fromisoformat, found.text)
            for name in ("pubDate", "lastBuildDate"):
                for found in element.findall(name):
                    yield found, _time(RFC_822, parsedate_to_datetime, found.text)


def _time(form: re.Pattern[str], parse: Callable[[str], datetime], text: str | None) -> datetime | None:
    try:
        return parse(text) if text and form.fullmatch(text) else None
    except ValueError:
        return None
