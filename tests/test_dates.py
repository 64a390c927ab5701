"""Months and days as people write them, and what only looks like one."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.documents import dates
from feedgen_kusama.documents.calendars import calendar_for
from feedgen_kusama.documents.dates import find_days, find_file_month, find_month, parse_day
from feedgen_kusama.model import Edition
from feedgen_kusama.month_names import month_title

ENGLISH = calendar_for(("en",))
GERMAN = calendar_for(("en", "de"))
MAY = Edition(2024, 5)


@pytest.mark.parametrize(
    ("edition", "day"),
    [(Edition(2024, 2), date(2024, 2, 29)), (Edition(2023, 2), date(2023, 2, 28)), (Edition(2024, 12), date(2024, 12, 31))],
)
def test_a_month_ends_on_its_last_day(edition: Edition, day: date) -> None:
    assert dates.month_end(edition) == day


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Kusama News - May 2024", MAY),
        ("MAY 2024", MAY),
        ("May '24", MAY),
        ("Kusama News, May ’24", MAY),
        ("Kusama News (May, 2024)", MAY),
        ("the end of May of 2024", MAY),
        ("2024 May", MAY),
        ("2024-05", MAY),
        ("05/2024", MAY),
        ("5/2024", MAY),
        ("Sept. 2024", Edition(2024, 9)),
        ("Sep 2024", Edition(2024, 9)),
        ("Kusama April – May 2024", MAY),
        ("April/May 2024", MAY),
        ("April and May 2024", MAY),
        ("December 2023 - January 2024", Edition(2024, 1)),
        ("May 2024, after a dull April 2024", MAY),
    ],
)
def test_a_title_names_a_month_in_many_ways_and_of_a_range_the_later_counts(text: str, edition: Edition) -> None:
    assert find_month(text, ENGLISH) == edition
    span = dates.month_span(text, ENGLISH)
    assert span is not None
    assert find_month(text[slice(*span)], ENGLISH) == edition


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May",
        "2024",
        "we may 2024 times",
        "May '2024",
        "May '5",
        "the '24s",
        "Maya 2024",
        "May 1850",
        "2024-13",
        "2024-05-17",
        "17/05/2024",
        "Mai 2024",
    ],
)
def test_what_names_no_month_gives_none(text: str) -> None:
    assert find_month(text, ENGLISH) is None
    assert dates.month_span(text, ENGLISH) is None


@pytest.mark.parametrize(
    ("text", "edition"),
    [
        ("Mai 2024", MAY),
        ("MÄRZ 2024", Edition(2024, 3)),
        ("dezember 2024", Edition(2024, 12)),
        ("October 2024", Edition(2024, 10)),
    ],
)
def test_months_of_every_language_that_is_set_are_understood(text: str, edition: Edition) -> None:
    assert find_month(text, GERMAN) == edition


def test_days_are_understood_in_every_language_that_is_set() -> None:
    assert parse_day("5 Mai 2024", GERMAN) == date(2024, 5, 5)


def test_english_verbs_are_no_months_beside_other_languages() -> None:
    text = "It may 12 times fail, and march 5 miles. On May 12 and 5 März it did, and 3. APRIL."
    assert dates.find_days(text, MAY, GERMAN) == (date(2024, 3, 5), date(2024, 4, 3), date(2024, 5, 12))


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "May 2024"),
        ("de", "Mai 2024"),
        ("cs", "květen 2024"),
        ("fi", "toukokuu 2024"),
        ("ja", "2024年5月"),
        ("ca", "maig del 2024"),
    ],
)
def test_a_month_is_called_as_it_is_where_it_stands_alone(language: str, title: str) -> None:
    assert month_title(MAY, language) == title


@pytest.mark.parametrize("language", ["xx", "not a language", ""])
def test_an_unknown_language_is_a_fault_of_the_settings(language: str) -> None:
    with pytest.raises(LookupError, match=r".* is no language that CLDR knows"):
        calendar_for(("en", language))


@pytest.mark.parametrize(
    ("path", "edition", "is_day"),
    [
        ("2024-05.md", MAY, False),
        ("news/2024/kusama_may_2024_news.md", MAY, False),
        ("KUSAMA-MAY-2024.txt", MAY, False),
        ("may2024.md", MAY, False),
        ("kusama-2024_05-news.md", MAY, False),
        ("news202405.md", MAY, False),
        ("05-2024.md", MAY, False),
        ("kusama_sept_2024.md", Edition(2024, 9), False),
        ("77d08f_kusama_november_2024_news.md", Edition(2024, 11), False),
        ("2024-05-31-report.md", MAY, True),
        ("report_20240531.md", MAY, True),
    ],
)
def test_a_file_name_says_a_month_or_a_day(path: str, edition: Edition, is_day: bool) -> None:
    assert find_file_month(path, ENGLISH) == dates.NamedMonth(edition, is_day)


@pytest.mark.parametrize(
    "path", ["news.md", "2024/05/letter.md", "maybe-2024.md", "2024-13.md", "v12024055.md", "dismay2024x.md"]
)
def test_a_file_name_may_say_no_month(path: str) -> None:
    assert find_file_month(path, ENGLISH) is None


FIFTH = date(2024, 5, 5)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-05-05", "May 5, 2024", "May 5th, 2024", "MAY 05 2024", "5 May 2024", "5th of May, 2024", "5.5.2024"),
        *("fifth of May 2024", " 5 May 2024. "),
    ],
)
def test_a_day_is_spelled_in_many_ways(text: str) -> None:
    assert parse_day(text, ENGLISH) == FIFTH


@pytest.mark.parametrize(
    "text",
    ["May 2024", "May 5", "June 31, 2024", "2024-02-30", "May 5 and 6, 2024", "on May 5, 2024", "soon", "", "05/05/2024"],
)
def test_what_states_no_single_day_with_its_year_gives_none(text: str) -> None:
    assert parse_day(text, ENGLISH) is None


def test_full_days_are_found_with_their_place() -> None:
    text = "Born May 5, 2024, and 2024-05-06; not May 7, not May 8-9, 2024."
    found = list(dates.find_full_days(text, ENGLISH))
    assert [(day.day, text[start:end]) for day, start, end in found] == [(5, "May 5, 2024"), (6, "2024-05-06")]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("on May 5 and on June 6th", ["2024-05-05", "2024-06-06"]),
        ("May 5: repair café. **June 6**: breakfast", ["2024-05-05", "2024-06-06"]),
        ("at May 5:30 sharp", []),
        ("from June 16 to 18", ["2024-06-16", "2024-06-18"]),
        ("April 25–27", ["2024-04-25", "2024-04-27"]),
        ("May 3, 5 and 7", ["2024-05-03", "2024-05-05", "2024-05-07"]),
        ("the 3rd and 5th of May", ["2024-05-03", "2024-05-05"]),
        ("May 30 and 2 June", ["2024-05-30", "2024-06-02"]),
        ("May 30th and 5th June", ["2024-05-30", "2024-06-05"]),
        ("May 3 and 5 saw rain", ["2024-05-03", "2024-05-05"]),
        ("from the 7th to the 9th of May", ["2024-05-07", "2024-05-09"]),
        ("May 7 to the 9th", ["2024-05-07", "2024-05-09"]),
        ("between 3 May and 5 June", ["2024-05-03", "2024-06-05"]),
        ("the twenty-first of May", ["2024-05-21"]),
        ("May the 4th", ["2024-05-04"]),
        ("on December 31, 2023", ["2023-12-31"]),
        ("on 2023-12-31 and 1.1.2024", ["2023-12-31", "2024-01-01"]),
        ("on June 9, then on May 9, then on June 9 again", ["2024-05-09", "2024-06-09"]),
        ("In May 30, 2024 came last", ["2024-05-30"]),
    ],
)
def test_prose_names_days_and_the_edition_gives_the_year(text: str, days: list[str]) -> None:
    assert [str(day) for day in find_days(text, MAY, ENGLISH)] == days


@pytest.mark.parametrize(
    "text",
    [
        "mid-May, early June and the end of May",
        "May 2024 and June of 2023",
        "In May 30 projects joined",
        "in early May 12 teams met",
        "In May 12 percent left",
        "May 40% of holders vote",
        "May 12.5 million be enough",
        "May 31 million tokens move",
        "It may 5 times out of 6",
        "June 31",
        "version 1.5.2 of block 2024",
        "at 12:30, the march 3 times round",
        "referendum 5, 7 and 9",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert find_days(text, MAY, ENGLISH) == ()


FORMATS = ("%Y-%m-%d", "%B %d, %Y", "%d %B %Y", "%b %d %Y", "%d.%m.%Y", "%d of %B %Y")


@effort(max_examples=200, deadline=None)
@given(day=st.dates(date(dates.FIRST_YEAR, 1, 1), date(dates.LAST_YEAR, 12, 31)), spelling=st.sampled_from(FORMATS))
def test_every_day_is_read_back_from_every_spelling(day: date, spelling: str) -> None:
    text = day.strftime(spelling)
    assert parse_day(text, ENGLISH) == day
    assert find_days(f"It was {text}, and late.", MAY, ENGLISH) == (day,)


@pytest.mark.parametrize("unit", ["1, ", "1 and ", "May 1, "])
def test_a_long_row_of_numbers_is_read_in_a_moment(unit: str) -> None:
    begun = time.process_time()
    find_days(unit * 3000, MAY, ENGLISH)
    assert time.process_time() - begun < 1


def test_an_ordinal_may_be_written_in_capitals_where_months_have_names_in_other_languages() -> None:
    pytest.importorskip("babel")
    assert find_days("On the First of May and the THIRD OF Mai 2023", MAY, GERMAN) == (date(2023, 5, 3), date(2024, 5, 1))
