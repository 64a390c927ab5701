"""Who wrote a story, in the forms that people write, and lines that only begin like one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedgen_kusama.documents.bylines import Byline, parse_byline, parse_name, split_byline
from feedgen_kusama.documents.titles import closing_quote


@pytest.mark.parametrize(
    ("text", "author", "role"),
    [
        ("By Ann Example", "Ann Example", None),
        ("by Ann Example", "Ann Example", None),
        ("BY ANN EXAMPLE", "ANN EXAMPLE", None),
        ("✍️ By Ann Example", "Ann Example", None),
        ("Ann Example reports", "Ann Example", None),
        ("Ann Example reports:", "Ann Example", None),
        ("Interview by Ann Example", "Ann Example", None),
        ("By: Ann Example", "Ann Example", None),
        ("Byline: Ann Example", "Ann Example", None),
        ("BY-LINE: Ann Example.", "Ann Example", None),
        ("Written by Ann Example", "Ann Example", None),
        ("Story by Ann Example", "Ann Example", None),
        ("Author: Ann Example", "Ann Example", None),
        ("— By Ann Example", "Ann Example", None),
        ("*By Ann Example*", "Ann Example", None),
        ("(By Ann Example)", "Ann Example", None),
        ("[By Ann Example]", "Ann Example", None),
        ("(Ann Example)", "Ann Example", None),
        ("By Ann Example | Market Analyst", "Ann Example", "Market Analyst"),
        ("By Ann Example, Staff Writer", "Ann Example", "Staff Writer"),
        ("By Ann Example - Editor", "Ann Example", "Editor"),
        ("By Ann Example – Editor", "Ann Example", "Editor"),
        ("By Ann Example (Markets)", "Ann Example", "Markets"),
        ("Ann Example | Market Analyst", "Ann Example", "Market Analyst"),
        ("Ann Example, Staff Writer", "Ann Example", "Staff Writer"),
        ("By Staff Reporter", None, "Staff Reporter"),
        ("BYLINE: Governance Reporter", None, "Governance Reporter"),
        ("By Ann Example and Bo Sample", "Ann Example and Bo Sample", None),
        ("By Ann Example & Bo Sample", "Ann Example & Bo Sample", None),
        ("By Inês d'Ávila", "Inês d'Ávila", None),
        ("By Siobhán O’Neill-Öst", "Siobhán O’Neill-Öst", None),
        ("By Pieter van der Meulen", "Pieter van der Meulen", None),
        ("By J. P. Ströbele", "J. P. Ströbele", None),
        ("By Åsa", "Åsa", None),
    ],
)
def test_a_byline_names_an_author_or_a_role_or_both(text: str, author: str | None, role: str | None) -> None:
    assert parse_byline(text) == Byline(author, role)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "By",
        "By:",
        "By the end of May",
        "By June",
        "By Monday",
        "Traders reports",
        "The council reports",
        "Ann Example Reports",
        "By 2024 it was done",
        "By May 5",
        "By and large",
        "By comparison, little happened",
        "By Late Summer",
        "By The End of the Year Every Desk",
        "By the time they had met the staff.",
        "By [the end of] May",
        "By Then",
        "By Ann Example who wrote about many of the things here",
        "Ann Example",
        "Runtime Upgrade, Part Two",
        "(in brackets)",
        "(Note)",
        "Story: a bridge",
        "Bylaws Change",
        "Driven By Demand",
    ],
)
def test_what_only_begins_like_a_byline_is_none(text: str) -> None:
    assert parse_byline(text) is None


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("By [Your Name]", None),
        ("Byline: [Your Name]", None),
        ("By: [Reporter Name]", None),
        ("**By [Name], Staff Writer**", "Staff Writer"),
        ("By <Author's Name> | Market Analyst", "Market Analyst"),
        ("Written by [Insert Author Name Here's Name]", None),
    ],
)
def test_a_name_that_was_never_filled_in_is_nobodys(text: str, role: str | None) -> None:
    assert parse_byline(text) == Byline(None, role)


@pytest.mark.parametrize(
    ("text", "byline"),
    [
        ("By The Harbour Gazette Staff", Byline(None, "The Harbour Gazette Staff")),
        ("Byline: By Ann Example", Byline("Ann Example", None)),
    ],
)
def test_a_byline_may_name_a_papers_staff_or_be_called_so_twice(text: str, byline: Byline) -> None:
    assert parse_byline(text) == byline


@pytest.mark.parametrize("text", ["Ann Example", "Ann van Example", "*Ann B. Example*", "– Łukasz von Ahn"])
def test_a_name_alone_may_be_a_byline(text: str) -> None:
    assert parse_name(text) == Byline(text.strip("*– "), None)


@pytest.mark.parametrize("text", ["Ann Example, Busan", "Ann Example, New York"])
def test_a_name_alone_may_have_a_place(text: str) -> None:
    assert parse_name(text) == Byline("Ann Example", None)


@pytest.mark.parametrize("text", ["Ann", "ann example", "Market Analyst", "Ann, Bo", "A Name Of Five Words", "Version 2", ""])
def test_what_is_no_plain_name_is_none(text: str) -> None:
    assert parse_name(text) is None


@pytest.mark.parametrize(
    ("text", "head", "author"),
    [
        ('"Votes Are Counted" By Ann Example', '"Votes Are Counted"', "Ann Example"),
        ("“Votes Are Counted,” by Ann Example", "“Votes Are Counted,”", "Ann Example"),
        ('"Votes" (By Ann Example)', '"Votes"', "Ann Example"),
        ("Votes Are Counted | By Ann Example", "Votes Are Counted", "Ann Example"),
        ("Votes Are Counted – By Ann Example", "Votes Are Counted", "Ann Example"),
        ("Votes Are Counted - by Ann Example", "Votes Are Counted", "Ann Example"),
        ("Votes Are Counted, by Ann Example", "Votes Are Counted", "Ann Example"),
        ("Votes Are Counted (by Ann Example)", "Votes Are Counted", "Ann Example"),
        ("Votes Are Counted | Byline: Ann Example", "Votes Are Counted", "Ann Example"),
    ],
)
def test_a_byline_behind_a_title_is_split_off(text: str, head: str, author: str) -> None:
    assert split_byline(text, quoted_to=closing_quote(text)) == (head, Byline(author, None))


@pytest.mark.parametrize(
    "text",
    [
        "Growth Driven By Community Demand",
        "Step-by-Step: Becoming a Validator",
        '"Canary" Stands By Its Word',
        "Price Falls, by a Third",
        "Passed – By the Skin of Its Teeth",
        "Stand by Me",
    ],
)
def test_a_by_within_a_title_stays(text: str) -> None:
    assert split_byline(text, quoted_to=closing_quote(text)) == (text, None)


@given(st.text())
@example("|")
def test_a_byline_that_is_read_names_somebody(text: str) -> None:
    for byline in (parse_byline(text), parse_byline(f"By {text}"), parse_name(text)):
        assert byline is None or byline.author or byline.role
