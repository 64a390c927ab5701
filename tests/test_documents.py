"""Whole documents: labelled ones are read as an editor reads them, and what a document says of itself holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from feedgen_kusama.documents import Reader, parse_document
from feedgen_kusama.model import Document
from feedgen_kusama.settings import Settings
from tests.readings import CASES, ROOT, Case, cases, words

LABELLED = cases(CASES / "documents", CASES / "documents") + cases(ROOT / "news", CASES / "news")
HEAD = "# Kusama News - May 2024\n\n"
FIELDS = {"line": "line", "title": "title", "kind": "kind", "author": "author", "role": "author_role"}
"""A draft's fields and what labels call them."""


def read(case: Case, reader: Reader) -> Document:
    return reader.parse(case.document.read_bytes(), case.document.name)


def test_there_are_cases_to_be_read() -> None:
    assert len(LABELLED) > 80


@pytest.mark.parametrize("case", LABELLED, ids=str)
def test_a_document_is_read_as_its_label_says(case: Case, reader: Reader) -> None:
    document, label = read(case, reader), case.label
    found = [{**{f: getattr(d, f) for f in FIELDS}, "days": [str(day) for day in d.days]} for d in document.drafts]
    wanted = [{**{f: e[name] for f, name in FIELDS.items()}, "days": e["dates_in_text"]} for e in label["entries"]]
    assert (str(document.edition), document.headline) == (label["edition"], label["headline"])
    assert found == wanted


@pytest.mark.parametrize("case", LABELLED, ids=str)
def test_a_text_begins_and_ends_where_its_label_says(case: Case, reader: Reader) -> None:
    def ends(first: str, last: str) -> tuple[list[str], list[str]]:
        return words(first)[:3], words(last)[-3:]

    drafts, entries = read(case, reader).drafts, case.label["entries"]
    assert [ends(d.text, d.text) for d in drafts] == [ends(e["body_first"], e["body_last"]) for e in entries]


def test_topics_are_ones_that_an_editor_accepts(reader: Reader) -> None:
    hits = [
        draft.topic in (entry["topic"], *entry["also"])
        for case in LABELLED
        for draft, entry in zip(read(case, reader).drafts, case.label["entries"], strict=True)
    ]
    assert len(hits) > 400
    assert sum(hits) / len(hits) >= 0.93


@pytest.mark.parametrize("case", LABELLED, ids=str)
def test_no_labelled_document_has_an_error(case: Case, reader: Reader) -> None:
    assert [str(problem) for problem in read(case, reader).problems if problem.severity == "error"] == []


TOP = "# Kusama News - May 2024\n\n# A Month of Doors\n\nDoors opened and doors closed.\n\n"
VAULT, SLEEP = "The vault was opened on a Sunday.", "Nothing moved for nine days in a row."
WRITTEN: Mapping[str, tuple[str, list[tuple[str, str | None, str]]]] = {
    "bylines above headings": (
        f"*By Ana Lisboa*\n## Vault\n\n{VAULT}\n\n---\n\n*By Bo Ek*\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", "Ana Lisboa", VAULT), ("Sleep", "Bo Ek", SLEEP)],
    ),
    "bylines below stories": (
        f"## Vault\n\n{VAULT}\n\n*By Ana Lisboa*\n\n## Sleep\n\n{SLEEP}\n\n*By Bo Ek*\n",
        [("Vault", "Ana Lisboa", VAULT), ("Sleep", "Bo Ek", SLEEP)],
    ),
    "signatures": (
        f"## Vault\n\n{VAULT}\n\n— Ana Lisboa\n\n## Sleep\n\n{SLEEP}\n\n> Nothing moved.\n\n— Bo Ek\n",
        [("Vault", "Ana Lisboa", VAULT), ("Sleep", None, f"{SLEEP}\nNothing moved.\n— Bo Ek")],
    ),
    "roles below bylines": (
        f"## Vault\n\n**By Ana Lisboa**\n*Staff Writer*\n\n{VAULT}\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", "Ana Lisboa", VAULT), ("Sleep", None, SLEEP)],
    ),
    "labels above headings": (
        f"**VOTES**\n\n## Vault\n\n{VAULT}\n\n###### PRICES\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "a table of contents": (
        f"## Table of Contents\n\n1. Vault\n2. Sleep\n\n## Vault\n\n{VAULT}\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "links to the stories": (
        f"[The vault](#vault) | [Sleeping](#sleep)\n\n## Vault\n\n{VAULT}\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "a list that is none": (
        f"## Vault\n\n- Vault\n- Door\n- [Key](#key): it turned\n\n## Sleep\n\n{SLEEP}\n",
        [("Vault", None, "Vault\nDoor\nKey: it turned"), ("Sleep", None, SLEEP)],
    ),
    "numbered lines": (
        f"1. Vault\n\n{VAULT}\n\n2. Sleep\n\n{SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "numbered lines over their text": (
        f"1. **Vault**\n\n   {VAULT}\n\n2. **Sleep**\n\n   {SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "numbered lines in a story": (
        f"## Vault\n\n1. Door\n\n{VAULT}\n\n2. Key\n\n{SLEEP}\n",
        [("Vault", None, f"Door\n{VAULT}\nKey\n{SLEEP}")],
    ),
    "a last section of the document itself": (
        f"## Vault\n\n{VAULT}\n\n## Sleep\n\n{SLEEP}\n\n## About Us\n\nWe write.\n\n## Disclaimer\n\nNo advice.\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
    "leave taken in several paragraphs": (
        f"## Vault\n\n{VAULT}\n\n---\n\nThank you for reading.\n\n*The editors*\n",
        [("Vault", None, VAULT)],
    ),
    "the same line below every story": (
        "".join(f"## {name}\n\n{VAULT}\n\n[Back to top](#top)\n\n" for name in ("One", "Two", "Three")),
        [(name, None, VAULT) for name in ("One", "Two", "Three")],
    ),
    "the same text in every story": (
        "".join(f"## {name}\n\nNothing to report.\n\n" for name in ("One", "Two", "Three")),
        [(name, None, "Nothing to report.") for name in ("One", "Two", "Three")],
    ),
    "marks of headings and anchors": (
        f"##Vault\n\n{VAULT}\n\n## **Sleep** {{#sleep}}\n\n{SLEEP}\n",
        [("Vault", None, VAULT), ("Sleep", None, SLEEP)],
    ),
}


@pytest.mark.parametrize(("text", "stories"), WRITTEN.values(), ids=WRITTEN)
def test_a_form_is_read_as_what_it_is(text: str, stories: list[tuple[str, str | None, str]], reader: Reader) -> None:
    lead, *found = reader.parse(TOP + text, "x.md").drafts
    assert (lead.title, lead.text) == ("A Month of Doors", "Doors opened and doors closed.")
    assert [(draft.title, draft.author, draft.text) for draft in found] == stories


@pytest.mark.parametrize("fence", ["```", "~~~~", "```markdown", "````md"])
def test_a_document_in_a_code_block_is_read_as_without_it(fence: str, reader: Reader) -> None:
    end = fence.removesuffix("markdown").removesuffix("md")
    wrapped = reader.parse(f"Here it is:\n\n{fence}\n{TOP}## Vault\n\n{VAULT}\n{end}\n\nLet me know.\n", "x.md")
    plain = reader.parse(f"\n\n\n{TOP}## Vault\n\n{VAULT}\n", "x.md")
    assert (wrapped.drafts, wrapped.headline) == (plain.drafts, plain.headline)


@pytest.mark.parametrize("text", ["```sh\n# a comment\n## another\n```\n", "```\ncode\n```\n\n## Vault\n\nWords.\n"])
def test_code_is_no_document(text: str, reader: Reader) -> None:
    assert "<pre>" in "".join(draft.markup for draft in reader.parse(f"# News - May 2024\n\nWords.\n\n{text}", "x.md").drafts)


@pytest.mark.parametrize(
    "above",
    ["*All of the canary*\n\n", "We are a monthly paper.\n\n---\n\n", "*A paper | Editor: Bo Ek*\n\n---\n\n"],
)
def test_what_a_paper_says_of_itself_above_the_headline_is_no_lead(above: str, reader: Reader) -> None:
    title, rest = TOP.split("\n\n", 1)
    document = reader.parse(f"{title}\n\n{above}{rest}## Vault\n\n{VAULT}\n\n## Sleep\n\n{SLEEP}\n", "x.md")
    assert [draft.title for draft in document.drafts] == ["A Month of Doors", "Vault", "Sleep"]
    assert document.drafts[0].text == "Doors opened and doors closed."


STORIES = "## Referendum\n\nIt passed.\n\n## Mice\n\nThey sleep.\n\n## Runtime Upgrade\n\nIt was enacted.\n"


def drafts_of(text: str, reader: Reader) -> Mapping[str, Any]:
    return {draft.title: draft for draft in reader.parse(text, "x.md").drafts}


def problems_of(text: str, reader: Reader) -> list[tuple[int | None, str, str]]:
    return [(p.line, p.severity, p.message) for p in reader.parse(text, "x.md").problems]


def test_a_remark_files_its_section_under_a_topic_by_any_of_its_names(reader: Reader) -> None:
    for name in ("market", "Market", "MARKET"):
        text = HEAD + STORIES.replace("## Mice\n", f"## Mice\n\n<!-- topic: {name} -->\n")
        assert {title: d.topic for title, d in drafts_of(text, reader).items()}["Mice"] == "market"
        assert drafts_of(text, reader)["Mice"].reasons[0].where == "said"
        assert problems_of(text, reader) == []


def test_remarks_give_author_and_date_before_bylines_do(reader: Reader) -> None:
    remarks = "<!-- author: Ann Example -->\n<!-- date: 5 May 2024 -->\n\nBy Bo Sample | 6 May 2024\n"
    draft = drafts_of(HEAD + STORIES.replace("## Mice\n", f"## Mice\n\n{remarks}"), reader)["Mice"]
    assert (draft.author, str(draft.date), draft.text) == ("Ann Example", "2024-05-05", "They sleep.")


@pytest.mark.parametrize("remark", ["<!-- draft -->", "<!-- draft: true -->", "<!--DRAFT-->"])
def test_a_section_marked_as_a_draft_is_no_entry_and_no_problem(remark: str, reader: Reader) -> None:
    text = HEAD + STORIES.replace("## Mice\n", f"## Mice\n\n{remark}\n")
    assert list(drafts_of(text, reader)) == ["Referendum", "Runtime Upgrade"]
    assert problems_of(text, reader) == []


@pytest.mark.parametrize("said", ["no", "false", "Off"])
def test_a_remark_may_say_that_a_section_is_no_draft(said: str, reader: Reader) -> None:
    text = HEAD + STORIES.replace("## Mice\n", f"## Mice\n\n<!-- draft: {said} -->\n")
    assert len(drafts_of(text, reader)) == 3
    assert not any("draft" in message for _, _, message in problems_of(text, reader))


def test_a_remark_that_is_neither_true_nor_false_keeps_the_section_back_and_is_told(reader: Reader) -> None:
    text = HEAD + STORIES.replace("## Mice\n", "## Mice\n\n<!-- draft: perhaps -->\n")
    assert list(drafts_of(text, reader)) == ["Referendum", "Runtime Upgrade"]
    assert problems_of(text, reader) == [(9, "warning", "draft: 'perhaps' is neither true nor false")]


@pytest.mark.parametrize("text", [HEAD + "## A\n\n<!-- draft -->\n\nText.\n", HEAD + "<!-- draft -->\n\nA lead.\n"])
def test_a_document_of_drafts_alone_is_no_fault(text: str, reader: Reader) -> None:
    assert (drafts_of(text, reader), problems_of(text, reader)) == ({}, [])


def test_a_draft_document_has_a_month_and_no_entries(reader: Reader) -> None:
    document = reader.parse(f"---\ndraft: true\n---\n{HEAD}{STORIES}", "x.md")
    assert (document.is_draft, str(document.edition), document.drafts, document.problems) == (True, "2024-05", (), ())


UNKNOWN = "'weather': known are overview, governance, parachains, technology, market, ecosystem, community, outlook"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + STORIES.replace("## Referendum\n", "## Referendum\n\n<!-- topic: weather -->\n"), 5),
        (f"---\ntopics: {{Referendum: weather}}\n---\n{HEAD}{STORIES}", 6),
        (f"---\nauthor: Ann\ntopics: weather\n---\n{HEAD}{STORIES}", 3),
        (f"---\nauthor: Ann\ntopics: [governance, technology, weather]\n---\n{HEAD}{STORIES}", 3),
    ],
    ids=["remark", "by title", "alone", "in a list"],
)
def test_an_unknown_topic_is_reported_with_the_known_ones(text: str, line: int, reader: Reader) -> None:
    text = text.replace("## Mice\n", "## Mice\n\n<!-- topic: market -->\n")
    assert [(place, severity, UNKNOWN in message) for place, severity, message in problems_of(text, reader)] == [
        (line, "warning", True)
    ]


def test_front_matter_may_name_topics_by_title(reader: Reader) -> None:
    text = f"---\ntopics:\n  mice: Market\n  Runtime Upgrade: community\n---\n{HEAD}{STORIES}"
    topics = {title: draft.topic for title, draft in drafts_of(text, reader).items()}
    assert topics == {"Referendum": "governance", "Mice": "market", "Runtime Upgrade": "community"}
    assert problems_of(text, reader) == []


def test_one_topic_in_front_matter_is_every_sections(reader: Reader) -> None:
    text = f"---\ntopics: market\n---\n{HEAD}{STORIES}"
    assert {draft.topic for draft in drafts_of(text, reader).values()} == {"market"}
    assert problems_of(text, reader) == []


def test_a_remark_that_cannot_be_read_is_reported(reader: Reader) -> None:
    text = HEAD + STORIES.replace("## Referendum\n", "## Referendum\n\n<!-- date: soon -->\n").replace("Mice", "Treasury")
    assert problems_of(text, reader) == [(5, "warning", "date: 'soon' is no day: write it as 2024-11-30")]


def test_the_author_in_front_matter_writes_what_nobody_else_signs(reader: Reader) -> None:
    signed = STORIES.replace("## Mice\n", "## Mice\n\nBy Bo Sample\n").replace("Upgrade\n", "Upgrade\n\nBy Staff Writer\n")
    drafts = drafts_of(f"---\nauthor: Ann Example\n---\n{HEAD}{signed}", reader)
    assert [(d.author, d.role) for d in drafts.values()] == [("Ann Example", None), ("Bo Sample", None), (None, "Staff Writer")]


def test_the_headline_may_stand_in_front_matter(reader: Reader) -> None:
    document = reader.parse(f"---\ntitle: Long Days and Short Nights\nmonth: 2024-05\n---\nMuch was done.\n\n{STORIES}", "x.md")
    assert (document.headline, document.drafts[0].title) == ("Long Days and Short Nights", "Long Days and Short Nights")


@pytest.mark.parametrize("text", [HEAD, f"{HEAD}---\n", f"{HEAD}## References\n\n- https://a.example\n- https://b.example\n"])
def test_a_document_without_a_story_is_an_error(text: str, reader: Reader) -> None:
    assert ("error", True) in [(s, message.startswith("no story")) for _, s, message in problems_of(text, reader)]


def test_a_document_can_be_read_without_a_reader(settings: Settings) -> None:
    assert parse_document(HEAD + STORIES, "x.md", settings) == Reader(settings, tells_why=True).parse(HEAD + STORIES, "x.md")
