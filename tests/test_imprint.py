"""Lines that say only when, where or as which number a document appeared."""

from __future__ import annotations

from datetime import date

import pytest

from feedgen_kusama.documents.calendars import calendar_for
from feedgen_kusama.documents.imprint import is_imprint, split_day

ENGLISH = calendar_for(("en",))
FIFTH = date(2024, 5, 5)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("5 May 2024", ""),
        ("Date: May 5, 2024", ""),
        ("Published on 2024-05-05", ""),
        ("Zug, 5 May 2024", ""),
        ("New York, May 5, 2024", ""),
        ("Vol. 3, No. 5 | May 5, 2024", ""),
        ("By Ann Example | 5 May 2024", "By Ann Example"),
        ("By Ann Example, May 5, 2024", "By Ann Example"),
    ],
)
def test_a_day_is_split_from_a_place_a_number_or_a_byline(text: str, rest: str) -> None:
    assert split_day(text, ENGLISH) == (FIFTH, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Zug",
        "May 2024",
        "It happened on May 5, 2024.",
        "From May 5, 2024 to May 6, 2024",
        "On 5 May 2024 the network voted for the first time on a proposal of its youngest members",
    ],
)
def test_prose_and_lines_without_one_day_have_none_to_split(text: str) -> None:
    assert split_day(text, ENGLISH) == (None, text)


@pytest.mark.parametrize(
    "text",
    [
        "May 2024",
        "Issue 7",
        "Vol. III, No. 5",
        "Issue #7 | May 2024",
        "Category: News",
        "Reading time: 5 minutes",
        "5 min read",
        "Vol. IV · No. 7 · Price: one smile",
        "Issue 5 | May 2024 | Free",
    ],
)
def test_a_month_a_number_or_a_label_alone_is_an_imprint(text: str) -> None:
    assert is_imprint(text, ENGLISH)


@pytest.mark.parametrize(
    "text",
    ["", "Zug", "Number of Voters", "Issue 7 passed", "May 2024 in Numbers", "May", "Issue 7!", "Datebook: Events", "Edition"],
)
def test_a_line_with_words_of_its_own_is_none(text: str) -> None:
    assert not is_imprint(text, ENGLISH)
