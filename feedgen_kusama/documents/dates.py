"""Months and days as people write them: candidates are cut out by pattern, then read strictly.

`dateutil` is never let loose on prose, where it finds dates that are none; it reads one
candidate at a time.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timezone
from functools import lru_cache
from pathlib import PurePath

import msgspec

from feedgen_kusama.documents.calendars import DASH, LONGEST_END, LONGEST_RUN_UP, ORDINALS, RUN_UP_ENDS, Calendar
from feedgen_kusama.model import Edition

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years outside are taken for other numbers."""
_CENTURY = re.compile(r"19\d|20\d|21\d|['’]\d\d")
"""What no year is named without."""
_NUMBER = re.compile(r"\d+")


def month_end(edition: Edition) -> date:
    """The last day of the edition's month."""
    return date(edition.year, edition.month, calendar.monthrange(edition.year, edition.month)[1])


def find_month(text: str, names: Calendar) -> Edition | None:
    """The month that a title names; of a range of months the later one."""
    found: Edition | None = None
    end = 0
    for match in match_months(text, names):
        if found is None or _continues(text, end, match.start()):
            found, end = _edition(match, names), match.end()
    return found


def match_months(text: str, names: Calendar) -> Iterator[re.Match[str]]:
    """The months in a text, from left to right. The pattern is slow to fail, so it is tried only where a month can begin."""
    end = 0
    for hint in names.hints.finditer(text):
        if hint.start() >= end and (match := names.month.match(text, hint.start())) and _names_months(match, names):
            end = match.end()
            yield match


def _names_months(match: re.Match[str], names: Calendar) -> bool:
    return all(map(names.is_month, filter(None, match.group("name", "later", "name2"))))


def month_span(text: str, names: Calendar) -> tuple[int, int] | None:
    """Where a title names its month or range of months."""
    if not _CENTURY.search(text):
        return None
    span: tuple[int, int] | None = None
    for match in match_months(text, names):
        if span is None:
            span = match.span()
        elif _continues(text, span[1], match.start()):
            span = (span[0], match.end())
    return span


def _edition(match: re.Match[str], names: Calendar) -> Edition:
    year = int(match["year"] or match["year2"] or match["year3"] or match["year4"] or f"20{match['short']}")
    name = match["later"] or match["name"] or match["name2"]
    return Edition(year, names.number(name) if name else int(match["number"] or match["number2"]))


def _continues(text: str, end: int, start: int) -> bool:
    """Whether a second month carries a range on: `December 2023 - January 2024`."""
    return re.fullmatch(rf"(?:{DASH}|\s*/\s*|\s+(?:and|to|&)\s+)", text[end:start]) is not None


class NamedMonth(msgspec.Struct, frozen=True):
    """What a file name says: a month, or a day of publication (which says less about the month)."""

    edition: Edition
    is_day: bool


def find_file_month(path: str, names: Calendar) -> NamedMonth | None:
    """The month in a file's name: `kusama_may_2021.md`, `2021-05.md`, `may2021`, `2021-05-31-report.md`."""
    stem = PurePath(path).stem
    day = re.search(r"(?<!\d)((?:19|20|21)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)", stem)
    if day:
        return NamedMonth(Edition(int(day[1]), int(day[2])), True)
    compact = re.search(r"(?<!\d)((?:19|20|21)\d\d)[-_. ]?(0[1-9]|1[0-2])(?![\d])", stem)
    if compact:
        return NamedMonth(Edition(int(compact[1]), int(compact[2])), False)
    spaced = " ".join(re.findall(r"\d+|[^\W\d_]+", stem))
    reverse = re.search(r"(?<!\d)(0[1-9]|1[0-2]) ((?:19|20|21)\d\d)(?!\d)", spaced)
    if reverse:
        return NamedMonth(Edition(int(reverse[2]), int(reverse[1])), False)
    edition = find_month(spaced.title(), names)
    return NamedMonth(edition, False) if edition else None


def parse_day(text: str, names: Calendar) -> date | None:
    """The one day that a whole text states (`March 5, 2024`, `5 March 2024`, `2024-03-05`), if it does."""
    match = names.days.fullmatch(text.strip().rstrip("."))
    if not match or not _has_year(match) or not _names_day(match, names):
        return None
    days = _days_of(match, Edition(FIRST_YEAR, 1), names)
    return days[0] if len(days) == 1 else None


def find_full_days(text: str, names: Calendar) -> Iterator[tuple[date, int, int]]:
    """Every single day that is written with its year, and where."""
    for match in match_days(text, names) if _CENTURY.search(text) else ():
        if _has_year(match):
            days = _days_of(match, Edition(FIRST_YEAR, 1), names)
            if len(days) == 1:
                yield days[0], match.start(), match.end()


def _has_year(match: re.Match[str]) -> bool:
    return any(match[key] for key in ("iso", "dotted", "year", "year2"))


def find_days(text: str, edition: Edition, names: Calendar) -> tuple[date, ...]:
    """The calendar days that prose names, in order; a day without a year is one of the edition's year."""
    days: set[date] = set()
    for match in match_days(text, names):
        if match["month"] and match["before"] and _is_amount(match):
            continue
        days.update(_days_of(match, edition, names))
    return tuple(sorted(days))


def match_days(text: str, names: Calendar) -> Iterator[re.Match[str]]:
    """The days in a text, from left to right. The pattern is slow to fail, so it is tried only where a day can begin."""
    end = 0
    for hint in names.hints.finditer(text):
        start = hint.start()
        if start < end:
            continue
        if not text[start].isdigit() and text[max(end, start - LONGEST_END) : start].casefold().endswith(RUN_UP_ENDS):
            run_up = names.run_up.search(text, max(end, start - LONGEST_RUN_UP), start)
            start = run_up.start() if run_up and _is_ordinal(run_up["ordinal"]) else start
        match = names.days.match(text, start)
        if match and _names_day(match, names):
            end = match.end()
            yield match


def _names_day(match: re.Match[str], names: Calendar) -> bool:
    """Whether the words where a month and an ordinal would stand are such."""
    month = match["month"] or match["month2"]
    return (month is None or names.is_month(month)) and _is_ordinal(match["ordinal"])


def _is_ordinal(word: str | None) -> bool:
    """Whether a word, if there is one, is the number of a day."""
    return word is None or word.casefold() in ORDINALS


def _is_amount(match: re.Match[str]) -> bool:
    """Whether `In May 30 projects joined` counts projects: a bare number and no year."""
    return match["list"].isdigit() and not match["year"]


def _days_of(match: re.Match[str], edition: Edition, names: Calendar) -> Sequence[date]:
    if match["iso"] or match["dotted"]:
        return _read_day(match["iso"] or "-".join(reversed(match["dotted"].split("."))))
    year = int(match["year"] or match["year2"] or edition.year)
    month = f"{year:04d}-{names.number(match['month'] or match['month2']):02d}"
    ordinal, figures = match["ordinal"], match["list"] or match["list2"]
    numbers = [ORDINALS.index(ordinal.casefold()) + 1] if ordinal else map(int, _NUMBER.findall(figures))
    return [day for number in numbers for day in _read_day(f"{month}-{number:02d}")]


@lru_cache(maxsize=4_000)
def _read_day(iso: str) -> tuple[date, ...]:
    """The day, unless the calendar has none such (June 31)."""
    try:
        day = date.fromisoformat(iso)  # nearly always; a hundred times as quick as dateutil
    except ValueError:
        return _parse_day(iso)
    return (day,) if FIRST_YEAR <= day.year <= LAST_YEAR else ()


def _parse_day(text: str) -> tuple[date, ...]:
    """The day in a candidate, as dateutil reads it."""
    from dateutil.parser import ParserError, parse  # takes long to load

    try:
        day = parse(text, yearfirst=True, default=datetime(FIRST_YEAR, 1, 1, tzinfo=timezone.utc))
    except (ParserError, OverflowError):
        return ()
    is_one = FIRST_YEAR <= day.year <= LAST_YEAR and day.day <= calendar.monthrange(day.year, day.month)[1]
    return (day.date(),) if is_one else ()
