"""Times as the formats write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from functools import lru_cache, partial

from feedgen_kusama.check.parsed import Time

_RFC_822 = re.compile(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT)")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_USUAL = re.compile(
    rf"[A-Z][a-z]{{2}}, ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([12][0-9]{{3}}) ([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}}) \+0000"
)
"""How nearly all times in RSS are written; no library is needed to read them."""


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
    usual = _USUAL.fullmatch(text)
    moment = _parse_usual(*usual.groups()) if usual else _parse_unusual(text)
    if "," in text and not text.startswith(_DAYS[moment.weekday()]):
        raise ValueError("another day of the week")
    return moment


def _parse_usual(day: str, month: str, year: str, *clock: str) -> datetime:
    hour, minute, second = map(int, clock)
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=timezone.utc)


def _parse_unusual(text: str) -> datetime:
    from email.utils import parsedate_to_datetime  # brings in half of what sends mails

    return parsedate_to_datetime(text)


rfc_822 = partial(_time, _RFC_822, _parse_rfc_822)
rfc_3339 = partial(_time, _RFC_3339, datetime.fromisoformat)
