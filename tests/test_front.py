"""What stands before the first section: title, masthead, preamble, dateline, headline and lead."""

from __future__ import annotations

from datetime import date

import pytest

from feedgen_kusama.documents import Reader
from feedgen_kusama.documents.masthead import is_nameplate

TITLE = "# Kusama News - May 2024\n\n"
STORIES = "## Referendum Passes\n\nThe vote on the referendum ended.\n\n## Runtime Upgrade\n\nThe upgrade was enacted.\n"
BIG = "# A Month of Long Days and Short Nights\n\n"
LEAD = "Much was done in these weeks.\n\n"


def read(reader: Reader, text: str) -> tuple[str | None, str | None, list[tuple[str, str]], list[str]]:
    """The headline, the lead's text, what was left out and why, and the sections' titles."""
    document = reader.parse(text, "kusama_may_2024.md")
    lead = next((draft.text for draft in document.drafts if draft.kind == "lead"), None)
    out = [(part.why, part.text) for part in document.left_out]
    return document.headline, lead, out, [draft.title for draft in document.drafts if draft.kind == "section"]


SECTIONS = ["Referendum Passes", "Runtime Upgrade"]
HEADLINE = "A Month of Long Days and Short Nights"


@pytest.mark.parametrize(
    "headline",
    [
        BIG,
        f"Headline: {HEADLINE}\n\n",
        f"## Headline: {HEADLINE}\n\n",
        f'Headline: "{HEADLINE}"\n\n',
        f"**{HEADLINE}**\n\n",
        f"“{HEADLINE}”\n\n",
        f"{HEADLINE}\n\n",
        f"## {HEADLINE}\n\n",
        f"<h1>{HEADLINE}</h1>\n\n",
        "A Month of Long Days and\nShort Nights\n========\n\n",
        f"# Headline\n\n# {HEADLINE}\n\n",
    ],
)
def test_a_headline_stands_over_the_document_in_many_forms(headline: str, reader: Reader) -> None:
    lead = "Much was done this month.\n\n"
    assert read(reader, TITLE + headline + lead + STORIES)[:2] == (HEADLINE, lead.strip())
    assert read(reader, TITLE + headline + lead + STORIES)[3] == SECTIONS


def test_without_a_headline_the_text_below_the_title_is_the_lead(reader: Reader) -> None:
    assert read(reader, TITLE + LEAD + STORIES) == (None, LEAD.strip(), [], SECTIONS)


def test_without_a_lead_the_first_story_is_a_section(reader: Reader) -> None:
    assert read(reader, TITLE + BIG + STORIES) == (HEADLINE, None, [], SECTIONS)
    assert read(reader, TITLE + STORIES) == (None, None, [], SECTIONS)


@pytest.mark.parametrize(
    ("head", "why", "text"),
    [
        ("**The Kusama Times**\n\n", "masthead", "The Kusama Times"),
        ("# The Canary Gazette\n\n", "masthead", "The Canary Gazette"),
        ("*Zug, 31 May 2024*\n\n", "dateline", "Zug, 31 May 2024"),
        ("Date: May 31, 2024\n\n", "dateline", "Date: May 31, 2024"),
        ("Vol. 3, No. 5\n\n", "dateline", "Vol. 3, No. 5"),
        ("Sure, here is the letter that you asked for.\n\n", "preamble", "Sure, here is the letter that you asked for."),
        ("Here's the news:\n\n", "preamble", "Here's the news:"),
        ("The following is an article on Kusama in May.\n\n", "preamble", "The following is an article on Kusama in May."),
    ],
)
def test_what_is_no_news_at_the_front_is_left_out_with_its_reason(head: str, why: str, text: str, reader: Reader) -> None:
    assert read(reader, TITLE + head + BIG + LEAD + STORIES) == (HEADLINE, LEAD.strip(), [(why, text)], SECTIONS)


@pytest.mark.parametrize(
    "lead",
    ["Here is where the month began: in a small hall.\n\n", "Sure, it was quiet.\n\n", "The votes were these:\n\n- one\n\n"],
)
def test_a_lead_that_begins_like_a_preamble_is_kept(lead: str, reader: Reader) -> None:
    (headline, text, out, _) = read(reader, TITLE + BIG + lead + STORIES)
    assert (headline, out) == (HEADLINE, [])
    assert text == lead.replace("- ", "").replace("\n\n", "\n").strip()


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("*31 May 2024*\n\n" + BIG + LEAD, date(2024, 5, 31)),
        (BIG + "Zug, June 5, 2024\n\n" + LEAD, date(2024, 6, 5)),
        (BIG + "ZUG, June 5, 2024 - The network grew.\n\n", date(2024, 6, 5)),
        (BIG + "ZUG, Switzerland (June 5, 2024) — The network grew.\n\n", date(2024, 6, 5)),
        (BIG + "On June 5, 2024 – a Wednesday – the network grew.\n\n", date(2024, 5, 31)),
        (BIG + LEAD, date(2024, 5, 31)),
    ],
)
def test_a_dateline_dates_every_entry_and_the_months_end_does_else(head: str, day: date, reader: Reader) -> None:
    document = reader.parse(TITLE + head + STORIES, "x.md")
    assert {draft.date for draft in document.drafts} == {day}
    assert len(document.drafts) == 3


def test_the_byline_below_a_headline_is_the_leads(reader: Reader) -> None:
    for head in (f"{BIG}By Ann Example\n\n", f'# "{HEADLINE}" By Ann Example\n\n'):
        document = reader.parse(TITLE + head + LEAD + STORIES, "x.md")
        assert [(draft.kind, draft.author) for draft in document.drafts] == [
            ("lead", "Ann Example"),
            ("section", None),
            ("section", None),
        ]


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("The Kusama Times", True),
        ("Canary Weekly", True),
        ("News", True),
        ("Hard Times Ahead", False),
        ("A Long Story About the Old News", False),
        ("", False),
    ],
)
def test_a_nameplate_is_a_few_words_that_end_as_papers_do(text: str, is_name: bool) -> None:
    assert is_nameplate(text) is is_name


def test_a_byline_without_a_lead_is_told_as_left_out(reader: Reader) -> None:
    document = reader.parse(f"# Harbour News - May 2024\n\nReporting by Ann Example\n\n{STORIES}", "x.md")
    assert [(left.why, left.text) for left in document.left_out] == [("byline", "Reporting by Ann Example")]
