"""Titles without their label, wrapping quotes and trailing colon; everything else stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedgen_kusama.documents.titles import closing_quote, parse_title, unquote


@pytest.mark.parametrize(
    ("text", "title", "label"),
    [
        ("Votes Are Counted", "Votes Are Counted", None),
        ("Headline: Votes Are Counted", "Votes Are Counted", "headline"),
        ("HEADLINE : Votes", "Votes", "headline"),
        ("Main Headline: Votes", "Votes", "headline"),
        ("Title: Votes", "Votes", "headline"),
        ("Headline", "", "headline"),
        ('Headline: "Votes"', "Votes", "headline"),
        ('"Headline: Votes"', "Votes", "headline"),
        ("Sub-headline: Votes", "Votes", "deck"),
        ("Subheading: Votes", "Votes", "deck"),
        ("Article 3: Votes", "Votes", "number"),
        ("ARTICLE 12 - Votes", "Votes", "number"),
        ("Section IV. Votes", "Votes", "number"),
        ("Story Two: Votes", "Votes", "number"),
        ("Article 3", "", "number"),
        ("3. Votes", "Votes", "item"),
        ("3) Votes", "Votes", "item"),
        ("Market:", "Market", None),
        ("  Votes \n are\tcounted ", "Votes are counted", None),
    ],
)
def test_a_label_is_taken_off_and_named(text: str, title: str, label: str | None) -> None:
    parsed = parse_title(text)
    assert (parsed.text, parsed.label) == (title, label)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('"Votes Are Counted"', "Votes Are Counted"),
        ("“Votes Are Counted”", "Votes Are Counted"),
        ("„Votes Are Counted“", "Votes Are Counted"),
        ("«Votes Are Counted»", "Votes Are Counted"),
        ("'Votes Are Counted'", "Votes Are Counted"),
        ("‘Kusama’s Votes Are Counted’", "Kusama’s Votes Are Counted"),
        ('"Kusama\'s "Wild" Summer"', 'Kusama\'s "Wild" Summer'),
        ("“Kusama’s ‘Wild’ Summer”", "Kusama’s ‘Wild’ Summer"),
        ('"Votes Are Counted', "Votes Are Counted"),
        ('Votes Are Counted"', "Votes Are Counted"),
        ('"Votes Are Counted":', "Votes Are Counted"),
    ],
)
def test_quotes_that_wrap_a_title_are_taken_off(text: str, title: str) -> None:
    parsed = parse_title(text)
    assert (parsed.text, parsed.is_quoted) == (title, True)


@pytest.mark.parametrize(
    "text",
    [
        '"Canary" Sings',
        'The Network Sings "Canary"',
        "“One” and “Two”",
        '"One" and "Two"',
        "'Tis the Season for Votes",
        "Voters' Choices",
        "Kusama's Validators'",
        "Headlines of the Month",
        "Article of Faith",
        "2024 Begins",
        "3.5 Million Tokens Move",
        "Part of the Plan",
        "C++: A Short History",
        "Votes?",
    ],
)
def test_what_belongs_to_a_title_stays(text: str) -> None:
    parsed = parse_title(text)
    assert (parsed.text, parsed.label, parsed.is_quoted) == (text, None, False)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('"a" b', 2),
        ('"a "b" c" d', 8),
        ("‘a’s b’", 6),
        ("“a “b” c”", 8),
        ('"a', None),
        ("a", None),
        ("", None),
        ("(a)", None),
    ],
)
def test_a_quotation_ends_where_its_first_mark_is_closed(text: str, end: int | None) -> None:
    assert closing_quote(text) == end


@given(st.text(alphabet=st.sampled_from("\"'“”‘’„«»:. aB1") | st.characters(), max_size=30))
def test_a_clean_title_is_clean(text: str) -> None:
    title = parse_title(text).text
    assert parse_title(title).text == title
    assert unquote(title) == title
