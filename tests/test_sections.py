"""Which headings are entries, and which only divide, label or gather them."""

from __future__ import annotations

import pytest

from feedgen_kusama.documents import Reader
from feedgen_kusama.documents.calendars import calendar_for
from feedgen_kusama.documents.markdown import parse_blocks
from feedgen_kusama.documents.pieces import read_pieces
from feedgen_kusama.documents.tree import Node, build_tree

TITLE = "# Kusama News - May 2024\n\n# A Month of Long Days and Short Nights\n\nMuch was done this month.\n\n"
FIRST = 7
"""The line on which the sections begin."""
VOTE = "Holders voted on a referendum in OpenGov."
PRICE = "The price of KSM rose, and traders bought it on the market."
CODE = "The runtime upgrade was enacted by validators."
MEET = "Volunteers and ambassadors met at a hackathon and a meetup."


def read(reader: Reader, text: str) -> list[tuple[int, str, str]]:
    """Each section's line, title and text."""
    return [(d.line, d.title, d.text) for d in reader.parse(TITLE + text, "x.md").drafts if d.kind == "section"]


def outline(nodes: tuple[Node, ...]) -> str:
    return "".join(node.heading.title + (f"({outline(node.children)})" if node.children else "") for node in nodes)


@pytest.mark.parametrize(
    ("levels", "tree"),
    [
        ("111", "012"),
        ("123", "0(1(2))"),
        ("1223", "0(12(3))"),
        ("321", "012"),
        ("1312", "0(1)2(3)"),
        ("133", "0(12)"),
        ("", ""),
    ],
)
def test_each_heading_stands_below_the_nearest_stronger_one_before_it(levels: str, tree: str) -> None:
    text = "\n\n".join(f"{'#' * int(level)} {n}\n\ntext" for n, level in enumerate(levels))
    assert outline(build_tree(read_pieces(parse_blocks(text).blocks, calendar_for(("en",))))) == tree


@pytest.mark.parametrize("marks", ["#", "##", "###", "####", "#####", "######"])
def test_sections_stand_at_any_level(marks: str, reader: Reader) -> None:
    text = f"{marks} Vote\n\n{VOTE}\n\n{marks} Price\n\n{PRICE}\n"
    assert read(reader, text) == [(FIRST, "Vote", VOTE), (FIRST + 4, "Price", PRICE)]


def test_headings_below_a_section_of_one_topic_only_divide_it(reader: Reader) -> None:
    parts = f"{VOTE}\n\n### The Voters\n\n{VOTE}\n\n### The Council\n\n{VOTE}"
    text = f"## A Referendum in OpenGov\n\n{parts}\n\n## Price\n\n{PRICE}\n"
    body = f"{VOTE}\nThe Voters\n{VOTE}\nThe Council\n{VOTE}"
    assert read(reader, text) == [(FIRST, "A Referendum in OpenGov", body), (FIRST + 12, "Price", PRICE)]


def test_an_umbrella_over_several_topics_gives_way_to_its_stories_and_keeps_its_own_text(reader: Reader) -> None:
    stories = f"### Vote\n\n{VOTE}\n\n### Price\n\n{PRICE}\n\n### Runtime\n\n{CODE}\n\n## Meetups\n\n{MEET}\n"
    titles = [title for _, title, _ in read(reader, f"## Around the Network\n\n{stories}")]
    assert titles == ["Vote", "Price", "Runtime", "Meetups"]
    assert read(reader, f"## Around the Network\n\nMuch happened.\n\n{stories}")[0] == (
        FIRST,
        "Around the Network",
        "Much happened.",
    )


def test_stories_with_authors_of_their_own_are_entries(reader: Reader) -> None:
    parts = "".join(f"### The {name} Vote\n\nBy {name} Example\n\n{VOTE}\n\n" for name in ("Ann", "Bo"))
    titles = [title for _, title, _ in read(reader, f"## OpenGov\n\n{parts}## Price\n\n{PRICE}\n")]
    assert titles == ["The Ann Vote", "The Bo Vote", "Price"]


@pytest.mark.parametrize(
    "label", ["## OpenGov", "## Article 1", "## Article 1: OpenGov", "## Article 1: A Label That Is Numbered and Long Enough"]
)
@pytest.mark.parametrize("marks", ["##", "###"])
def test_a_label_gives_way_to_the_headline_below_it_and_the_entry_begins_on_its_line(
    label: str, marks: str, reader: Reader
) -> None:
    text = f"{label}\n\n{marks} Holders Vote on Everything There Ever Was\n\n{VOTE}\n\n## Price\n\n{PRICE}\n"
    entries = read(reader, text)
    assert entries[0] == (FIRST, "Holders Vote on Everything There Ever Was", VOTE)
    assert [title for _, title, _ in entries[1:]] == ["Price"]


@pytest.mark.parametrize("form", ["## {}", "**{}**"])
def test_a_label_gives_way_to_a_short_headline_of_its_own_form(form: str, reader: Reader) -> None:
    label, headline = form.format("OpenGov"), form.format("Holders Vote Again")
    entries = read(reader, f"{label}\n\n{headline}\n\n{VOTE}\n\n{form.format('Price Watch')}\n\n{PRICE}\n")
    assert entries == [(FIRST, "Holders Vote Again", VOTE), (FIRST + 6, "Price Watch", PRICE)]


def test_labels_that_stand_over_several_headlines_do_so_however_short_these_are(reader: Reader) -> None:
    text = f"## OpenGov\n\n## Holders Vote\n\n{VOTE}\n\n## Market\n\n## Price Falls\n\n{PRICE}\n"
    assert read(reader, text) == [(FIRST, "Holders Vote", VOTE), (FIRST + 6, "Price Falls", PRICE)]


def test_a_section_without_text_above_another_is_no_label_of_it(reader: Reader) -> None:
    titles = [title for _, title, _ in read(reader, f"## Runtime\n\n## Price Watch\n\n{PRICE}\n\n## Votes\n\n{VOTE}\n")]
    assert titles == ["Price Watch", "Votes"]


@pytest.mark.parametrize("title", ["Overview", "January at a Glance", "Month in Review"])
def test_what_sums_up_gathers_stories(title: str, reader: Reader) -> None:
    text = f"## {title}\n\nIn brief.\n\n### Holders Vote\n\n{VOTE}\n\n### Price Falls\n\n{PRICE}\n"
    assert [title for _, title, _ in read(reader, text)] == [title, "Holders Vote", "Price Falls"]


def test_a_lone_heading_that_names_another_topic_heads_a_story_of_its_own(reader: Reader) -> None:
    text = f"## Referendum\n\n{VOTE}\n\n### KSM Price\n\n{PRICE}\n\n## Runtime\n\n{CODE}\n"
    assert [title for _, title, _ in read(reader, text)] == ["Referendum", "KSM Price", "Runtime"]


def test_a_heading_without_text_is_reported_on_its_line(reader: Reader) -> None:
    document = reader.parse(
        f"{TITLE}## Vote\n\n{VOTE}\n\n## Nothing To See Here At All: Empty\n\n## Price\n\n{PRICE}\n", "x.md"
    )
    assert [draft.title for draft in document.drafts][1:] == ["Vote", "Price"]
    assert [(p.line, p.severity) for p in document.problems] == [(FIRST + 4, "warning")]
    assert "no text below 'Nothing To See Here At All: Empty'" in document.problems[0].message


@pytest.mark.parametrize(
    ("head", "author", "day"),
    [
        ("By Ann Example\n\n", "Ann Example", "2024-05-31"),
        ("By Ann Example | 5 May 2024\n\n", "Ann Example", "2024-05-05"),
        ("5 May 2024\n\nBy Ann Example\n\n", "Ann Example", "2024-05-05"),
        ("---\n\nDate: 5 May 2024\n\n", None, "2024-05-05"),
        ("", None, "2024-05-31"),
    ],
)
def test_a_section_has_a_byline_and_a_date_of_its_own(head: str, author: str | None, day: str, reader: Reader) -> None:
    drafts = reader.parse(f"{TITLE}## Vote\n\n{head}{VOTE}\n\n---\n\n## Price\n\n{PRICE}\n", "x.md").drafts[1:]
    assert [(d.text, d.author, str(d.date)) for d in drafts] == [(VOTE, author, day), (PRICE, None, "2024-05-31")]


def test_a_byline_may_close_a_section(reader: Reader) -> None:
    drafts = reader.parse(f"{TITLE}## Vote\n\n{VOTE}\n\n*By Ann Example*\n\n## Price\n\n{PRICE}\n", "x.md").drafts[1:]
    assert [(draft.text, draft.author) for draft in drafts] == [(VOTE, "Ann Example"), (PRICE, None)]


@pytest.mark.parametrize(
    "line", ["Location: Factory Lisbon, Hall 3", "Place: Lisbon", "Tags: hall, votes", "Category: Meetups", "Keywords: votes"]
)
def test_a_line_that_tells_where_a_story_happens_stays_in_it_or_is_left_out_with_a_reason(line: str, reader: Reader) -> None:
    document = reader.parse(f"{TITLE}## Meetup\n\n{line}\n\n{MEET}\n\n## Price\n\n{PRICE}\n", "x.md")
    kept = [draft.text for draft in document.drafts] + [part.text for part in document.left_out]
    assert line in "\n".join(kept).split("\n")


def test_headings_may_nest_and_repeat_without_end(reader: Reader) -> None:
    text = "".join(f"{'#' * (2 + n % 5)} Vote {n}\n\n{VOTE}\n\n" for n in range(250))
    assert sum(entry[2].count(VOTE) for entry in read(reader, text)) == 250


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ("## Prices\n\nCoal: 30\n\nOil: 40\n\n## Crew Day\n\nText.", {"Prices": "Coal: 30 Oil: 40", "Crew Day": "Text."}),
        (
            "## Poem\n\nRoses are red\n\nThe end.\n\n## Crew Day\n\nText.",
            {"Poem": "Roses are red The end.", "Crew Day": "Text."},
        ),
        (
            "## Long Run Aground\n\nAt last\n\nIt ran.\n\n## Crew Day\n\nText.",
            {"Long Run Aground": "At last It ran.", "Crew Day": "Text."},
        ),
        ("## Crew Day\n\nText.\n\n## Two\n\n**Bold only body**", {"Crew Day": "Text.", "Two": "Bold only body"}),
        ("## Crew Day\n\nText.\n\n## A\n\n<!-- topic: market --><!-- draft -->\n\nSecret.", {"Crew Day": "Text."}),
    ],
    ids=["figures", "verse", "a remark", "bold alone", "two comments on a line"],
)
def test_short_lines_below_marked_headings_stay_text(reader: Reader, sections: str, expected: dict[str, str]) -> None:
    document = reader.parse(f"# Harbour News - January 2026\n\n{sections}\n", "d.md")
    assert {draft.title: " ".join(draft.text.split()) for draft in document.drafts} == expected
