"""Which month a document covers: its title, front matter, file name or dateline say so, in this order."""

from __future__ import annotations

from dataclasses import dataclass

from feedgen_kusama.documents.dates import Calendar, find_file_month, find_month, parse_day
from feedgen_kusama.documents.front import Front
from feedgen_kusama.documents.front_matter import FrontMatter
from feedgen_kusama.model import Edition

MISSING = 'no month found: begin with "# Name - Month Year" or set `month: 2024-11` in the front matter'


@dataclass(frozen=True, slots=True)
class Found:
    """The edition, where it was found, and the faults with their lines."""

    edition: Edition | None
    source: str | None
    faults: tuple[tuple[int | None, str], ...] = ()


def find_edition(path: str, front: Front, front_matter: FrontMatter, names: Calendar) -> Found:
    """The document's edition. Title, front matter and file name must not contradict one another;
    a day of publication (dateline, dated file name) and the headline only fill in for them."""
    line = front.title.line if front.title else None
    stated: list[tuple[str, Edition]] = []
    title = _title_month(front, front_matter, names)
    if title:
        stated.append(("title", title))
    if front_matter.month:
        month = find_month(front_matter.month, names) or _month_of_day(front_matter.month, names)
        if month is None:
            return Found(None, None, ((line, f"front matter: month: {front_matter.month!r} is no month: write it as 2024-11"),))
        stated.append(("front matter", month))
    file = find_file_month(path, names)
    if file and not file.is_day:
        stated.append(("file name", file.edition))
    if stated:
        source, edition = stated[0]
        for other, month in stated[1:]:
            if month != edition:
                fault = f"two months at odds: the {source} says {edition}, the {other} {month}: correct one of them"
                return Found(edition, source, ((line, fault),))
        return Found(edition, source)
    day = front_matter.date and parse_day(front_matter.date, names) or front.dateline
    if day:
        return Found(Edition(day.year, day.month), "dateline")
    if file:
        return Found(file.edition, "file name")
    headline = find_month(front.headline.title, names) if front.headline else None
    return Found(headline, "headline") if headline else Found(None, None, ((line, MISSING),))


def _title_month(front: Front, front_matter: FrontMatter, names: Calendar) -> Edition | None:
    for title in (front.title.heading.title if front.title and front.title.heading else None, front_matter.title):
        edition = find_month(title, names) if title else None
        if edition:
            return edition
    return None


def _month_of_day(text: str, names: Calendar) -> Edition | None:
    day = parse_day(text, names)
    return Edition(day.year, day.month) if day else None
