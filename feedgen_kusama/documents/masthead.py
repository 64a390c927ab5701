"""What a paper calls itself: its name, and its name with the month."""

from __future__ import annotations

import re

from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.dates import month_span
from feedgen_kusama.documents.headings import Heading, is_capitalised

NAMEPLATES = frozenset(
    (
        "times news gazette herald chronicle journal post tribune daily weekly monthly report review digest bulletin observer "
        "insider today courier newsletter dispatch record telegraph mail express wire magazine press"
    ).split()
)
"""What newspapers are called, at the end of a masthead."""
NAMEPLATE_WORDS = 4
_PARTS = re.compile(r"\s*[|·•:]\s*|\s+[\u2012-\u2015-]\s+")
_WITHIN = re.compile(r"\b(?:in|through|throughout|during|since|until|into|from)\s*$", re.IGNORECASE)


def names_publication(heading: Heading, following: Heading | None, names: Calendar) -> bool:
    """Whether a heading names the publication and its month, as `Name - Month Year` does; `following` is the heading
    that comes next, if no text does."""
    span = month_span(heading.title, names)
    if span is None:
        return False
    before, after = heading.title[: span[0]], heading.title[span[1] :]
    rest = re.findall(r"\w+", before + " " + after)
    if len(rest) <= 6 and not _WITHIN.search(before) and (not before.strip() or not after.strip(" .:|)]")):
        return True
    return following is not None and following.label == "headline"


def begins_with_nameplate(text: str) -> bool:
    """Whether a line is a paper's name and more, parted from it: `The Kusama Times | May 2021`."""
    name, *more = _PARTS.split(text, maxsplit=1)
    return any(more) and is_nameplate(name) and is_capitalised(name)


def is_nameplate(title: str) -> bool:
    """Whether a title is a paper's name: few words, the last of which papers are called."""
    words = re.findall(r"\w+", title.casefold())
    return 0 < len(words) <= NAMEPLATE_WORDS and words[-1] in NAMEPLATES
