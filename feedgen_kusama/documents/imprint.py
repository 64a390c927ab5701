"""Lines that say only when, where or as which number a document appeared."""

from __future__ import annotations

import re
from datetime import date

from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.dates import find_full_days, match_days, month_span

MOST_IMPRINT_WORDS = 12
MOST_DATED_WORDS = 14
"""A line with more words is prose, whatever day or name stands in it."""
_NUMBERED = re.compile(r"\b(?:vol(?:ume)?|no|number|issue|edition|nr)\b\.?\s*#?[\dIVX]+", re.IGNORECASE)
_IMPRINT_LABEL = re.compile(
    r"(?:date|date\s*line|location|place|published|publication|category|categories|tags?|keywords|word\s+count|reading\s+time)"
    r"\s*:\s*\S",
    re.IGNORECASE,
)

_EDITION = re.compile(
    r"(?:(?:daily|weekly|monthly|quarterly|annual|special|regular|digital|online|extra|morning|evening|late|final)\s+)"
    r"(?:edition|issue)",
    re.IGNORECASE,
)
_BARS = re.compile(r"\s*[|·•]\s*")
_MASTHEAD_PART = re.compile(
    r"\d{1,3}[\s-]*min(?:ute)?s?\s+read|free(?:\s+(?:copy|issue|edition))?|price\s*:\s*.{1,40}|est(?:ablished)?\.?(?:\s+in)?\s+\d{4}",
    re.IGNORECASE,
)
"""What stands beside date and number in a masthead."""


def split_day(text: str, names: Calendar) -> tuple[date | None, str]:
    """The date that a short line states beside a byline, place or label, and the rest of the line.

    `Date: March 5, 2024`, `Zug, 5 March 2024`, `By A. Name | March 5, 2024`.
    """
    if len(text.split()) > MOST_DATED_WORDS or text[-1:] in ".!?;":
        return None, text
    found = list(find_full_days(text, names))
    if not found and text.startswith(("By ", "BY ")):
        return None, _without_day(text, names)
    if len(found) != 1:
        return None, text
    day, start, end = found[0]
    rest = " ".join((text[:start] + " " + text[end:]).split()).strip(" |,;:()[]-\u2012\u2013\u2014•·*_")
    rest = re.sub(
        r"^(?:date|dated|date\s*line|published|posted|updated|issued?|release[d]?)(?:\s+on)?\s*:?\s*", "", rest, flags=re.I
    )
    rest = _NUMBERED.sub("", rest).strip(" ,|·•-")
    rest = re.sub(r"\b(?:on|of)$", "", rest).strip(" |,;:-\u2012\u2013\u2014")
    is_place = bool(re.fullmatch(r"(?:[A-Z][\w.'’-]*[,\s]*){1,4}", rest)) and not re.match(r"by\b", rest, re.I)
    return day, "" if is_place else rest


def _without_day(text: str, names: Calendar) -> str:
    """A byline without the day that ends it and has no year: `By A. Name, June 12`."""
    start = next((match.start() for match in match_days(text, names) if match.end() == len(text)), len(text))
    return text[:start].rstrip(" ,|-\u2012\u2013\u2014")


def is_imprint(text: str, names: Calendar) -> bool:
    """Whether a short line is a month alone, the number of an issue, or a label of the publication's with its value."""
    if len(text.split()) > MOST_IMPRINT_WORDS or text[-1:] in ".!?;":
        return False
    if _IMPRINT_LABEL.match(text):
        return True
    parts = _BARS.split(text)
    known = [part for part in parts if _MASTHEAD_PART.fullmatch(part)]
    if known:
        return all(part in known or is_imprint(part, names) for part in parts)
    span = month_span(text, names)
    rest = _EDITION.sub("", _NUMBERED.sub("", text[: span[0]] + " " + text[span[1] :] if span else text))
    return rest != text and not re.search(r"\w", rest)
