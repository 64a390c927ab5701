"""Which month a document covers: its title, front matter, file name or dateline say so, in this order."""

from __future__ import annotations

import msgspec

from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.dates import NamedMonth, find_file_month, find_month, parse_day
from feedgen_kusama.documents.front import Front
from feedgen_kusama.documents.front_matter import FrontMatter
from feedgen_kusama.model import Edition

MISSING = 'no month found: begin with "# Name - Month Year" or set `month: 2024-11` in the front matter'


class Found(msgspec.Struct, frozen=True):
    """The edition, where it was found, and the faults with their lines."""

    edition: Edition | None
    source: str | None
    faults: tuple[tuple[int | None, str], ...] = ()


def find_edition(path: str, front: Front, front_matter: FrontMatter, names: Calendar) -> Found:
    """The document's edition. Title, front matter and file name must not contradict one another;
    a day of publication (dateline, dated file name) and the headline only fill in for them."""
    line = front.title.line if front.title else front_matter.lines.get("month" if front_matter.month else "title")
    month = front_matter.month and (find_month(front_matter.month, names) or _month_of_day(front_matter.month, names))
    if front_matter.month and not month:
        fault = f"front matter: month: {front_matter.month!r} is no month: write it as 2024-11"
        return Found(None, None, ((front_matter.lines.get("month"), fault),))
    file = find_file_month(path, names)
    stated = [
        ("title", _title_month(front, front_matter, names)),
        ("front matter", month or None),
        ("file name", file.edition if file and not file.is_day else None),
    ]
    said = [(source, edition) for source, edition in stated if edition]
    if not said:
        return _guess(file, front, front_matter, names) or Found(None, None, ((line or 1, MISSING),))
    source, edition = said[0]
    for other, differing in said[1:]:
        if differing != edition:
            fault = f"two months at odds: the {source} says {edition}, the {other} {differing}: correct one of them"
            return Found(edition, source, ((line, fault),))
    return Found(edition, source)


def _guess(file: NamedMonth | None, front: Front, front_matter: FrontMatter, names: Calendar) -> Found | None:
    """The edition where no month is stated as such: from a day of publication, else from the headline."""
    stated = front_matter.date and parse_day(front_matter.date, names)
    if day := stated or front.dateline:
        return Found(Edition(day.year, day.month), "front matter" if stated else "dateline")
    if file:
        return Found(file.edition, "file name")
    imprints = (find_month(piece.block.text, names) for why, piece in front.left_out if why == "dateline")
    if imprint := next(filter(None, imprints), None):
        return Found(imprint, "dateline")
    headline = find_month(front.headline.title, names) if front.headline else None
    return Found(headline, "headline") if headline else None


def _title_month(front: Front, front_matter: FrontMatter, names: Calendar) -> Edition | None:
    for title in (front.title.heading.title if front.title and front.title.heading else None, front_matter.title):
        edition = find_month(title, names) if title else None
        if edition:
            return edition
    return None


def _month_of_day(text: str, names: Calendar) -> Edition | None:
    day = parse_day(text, names)
    return Edition(day.year, day.month) if day else None
