"""Times as the formats write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial

from feedgen_kusama.check.parsed import Time

_RFC_822 = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT)")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=4096)  # every entry stands in several documents
def _time(form: re.Pattern[str], parse: Callable[[str], datetime], text: str) -> Time | None:
    """The time in a text that must be of a form; None where there is no text."""
    if not text:
        return None
    try:
        moment = parse(text) if form.fullmatch(text) else None
    except ValueError:
        moment = None
    return Time(text, moment if moment and moment.tzinfo else None)


def _parse_rfc_822(text: str) -> datetime:
    moment = parsedate_to_datetime(text)
    if "," in text and not text.startswith(_DAYS[moment.weekday()]):
        raise ValueError("another day of the week")
    return moment


rfc_822 = partial(_time, _RFC_822, _parse_rfc_822)
rfc_3339 = partial(_time, _RFC_3339, datetime.fromisoformat)
