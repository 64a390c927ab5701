"""Which lines look like headings, in what form, and what they say."""

from __future__ import annotations

import pytest

from feedgen_kusama.documents.bylines import Byline
from feedgen_kusama.documents.headings import Heading, parse_heading_text, read_line
from feedgen_kusama.documents.markdown import parse_blocks


def read(text: str) -> Heading | None:
    (block,) = parse_blocks(text).blocks
    return read_line(block)


@pytest.mark.parametrize(
    ("text", "form", "title"),
    [
        ("**Votes Are Counted**", "bold", "Votes Are Counted"),
        ("__Votes are counted__", "bold", "Votes are counted"),
        ("***Votes Are Counted***", "bold", "Votes Are Counted"),
        ("**Votes Are Counted**:", "bold", "Votes Are Counted"),
        ("**Votes Are\nCounted**", "bold", "Votes Are Counted"),
        ('**"Votes Are Counted"**', "bold", "Votes Are Counted"),
        ("*Votes Are Counted*", "italic", "Votes Are Counted"),
        ('"Votes are counted"', "quoted", "Votes are counted"),
        ("“Votes Are\nCounted”", "quoted", "Votes Are Counted"),
        ("Article 3: Votes are counted", "labelled", "Votes are counted"),
        ("Headline: Votes", "labelled", "Votes"),
        ("**Headline:** Votes Are Counted", "labelled", "Votes Are Counted"),
        ("Votes Are Counted", "bare", "Votes Are Counted"),
        ("Votes are counted twice", "bare", "Votes are counted twice"),
        ("Who Counts the Votes?", "bare", "Who Counts the Votes?"),
        ("2024 Begins With a Vote", "bare", "2024 Begins With a Vote"),
        ("Votes: A Short\nHistory of Counting Them", "bare", "Votes: A Short History of Counting Them"),
        ("Market:", "bare", "Market"),
        ("Sources:", "bare", "Sources"),
        ("And then...", "bare", "And then..."),
    ],
)
def test_a_line_may_be_a_heading_in_many_forms(text: str, form: str, title: str) -> None:
    heading = read(text)
    assert heading
    assert (heading.form, heading.title) == (form, title)


@pytest.mark.parametrize(
    "text",
    [
        "Votes were counted.",
        "**Votes were counted.**",
        "**Note:** votes were counted",
        "**Votes** were counted",
        "*Votes were counted in the hall, and then they were counted again;*",
        "votes are counted",
        "The votes that were cast in the hall are counted by those who have cast them before this",
        "What we learned in the hall:",
        "Hello! We count. Then we rest!",
        "[Votes Are Counted](https://a.example)",
        "![Votes Are Counted](votes.png)",
        "See https://a.example/votes",
        "Mail us @kusama",
        "(Votes Are Counted)",
        "***",
        "**" + "Votes " * 30 + "**",
        '"' + "Votes " * 30 + '"',
    ],
)
def test_prose_links_and_emphasis_within_a_line_are_no_heading(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "title", "label", "author"),
    [
        ('Headline: "Votes" By Ann Example', "Votes", "headline", "Ann Example"),
        ("Article 2: “Votes” (By Ann Example)", "Votes", "number", "Ann Example"),
        ("Votes - By Ann Example", "Votes", None, "Ann Example"),
        ("Driven By Community Demand", "Driven By Community Demand", None, None),
    ],
)
def test_label_quotes_and_byline_are_taken_off_together(text: str, title: str, label: str | None, author: str | None) -> None:
    parsed, byline = parse_heading_text(text)
    assert (parsed.text, parsed.label) == (title, label)
    assert byline == (Byline(author, None) if author else None)


@pytest.mark.parametrize("text", ["**Votes Are Counted** By Ann Example", "*Votes Are Counted* – By Ann Example"])
def test_a_byline_may_follow_an_emphasised_heading(text: str) -> None:
    heading = read(text)
    assert heading
    assert (heading.title, heading.byline) == ("Votes Are Counted", Byline("Ann Example", None))


def test_only_a_bare_line_with_a_colon_announces_what_follows() -> None:
    lines = ("Market:", "Sources:", "**Market:**", "Market")
    assert [heading.is_announcing for line in lines if (heading := read(line))] == [True, False, False, False]
