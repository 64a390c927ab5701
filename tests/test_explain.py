"""How a document was read, told to people and to programs."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from feedgen_kusama.documents import Reader
from feedgen_kusama.explain import MOST_REASONS, render_account, render_json
from feedgen_kusama.model import Document, Problem
from feedgen_kusama.problems import render_problem
from tests.readings import NEWS

TEXT = """---
date: 2024-06-02
---
# Kusama News - May 2024

**Zug, 31 May 2024**

# A Month of Long Days

Much was done this month.

## Referendum

By Ann Example | Staff Writer

It passed on May 5 and was enacted on May 7.

## Mice

They sleep.

## References

- https://a.example/vote
- https://b.example/mice
"""


@pytest.fixture(scope="module")
def document(reader: Reader) -> Document:
    return reader.parse(TEXT, "may.md")


def test_a_document_is_one_line_of_json(document: Document) -> None:
    line = render_json(document, "news/may.md")
    told = json.loads(line)
    assert "\n" not in line
    assert {key: told[key] for key in ("file", "edition", "edition_source", "title", "headline", "draft")} == {
        "file": "news/may.md",
        "edition": "2024-05",
        "edition_source": "title",
        "title": "Kusama News - May 2024",
        "headline": "A Month of Long Days",
        "draft": False,
    }
    assert [(part["line"], part["why"]) for part in told["left_out"]] == [
        (6, "dateline"),
        (22, "references"),
        (24, "references"),
    ]
    assert [(p["line"], p["severity"]) for p in told["problems"]] == [(18, "warning")]


def test_an_entry_is_told_with_all_that_a_feed_shows_and_why(document: Document) -> None:
    told = json.loads(render_json(document, "may.md"))["entries"]
    assert [entry["kind"] for entry in told] == ["lead", "section", "section"]
    why = told[1].pop("why")
    assert told[1] == {
        "line": 12,
        "kind": "section",
        "title": "Referendum",
        "topic": "governance",
        "author": "Ann Example",
        "role": "Staff Writer",
        "date": "2024-06-02",
        "days": ["2024-05-05", "2024-05-07"],
        "text": "It passed on May 5 and was enacted on May 7.",
    }
    assert why[0] == {"word": "referend*", "where": "heading", "weight": 9.0}


@pytest.mark.parametrize("path", NEWS, ids=lambda path: path.name)
def test_the_json_of_any_document_holds_every_entry(path: Path, reader: Reader) -> None:
    document = reader.parse(path.read_bytes(), path.name)
    told = json.loads(render_json(document, path.name))
    assert [(e["title"], e["text"], e["line"]) for e in told["entries"]] == [(d.title, d.text, d.line) for d in document.drafts]


def test_the_account_for_people_tells_the_same_line_by_line(document: Document) -> None:
    account = [click.unstyle(line) for line in render_account(document, "may.md")]
    assert account[:3] == [
        "may.md: 2024-05 (from the title)",
        "  title     Kusama News - May 2024",
        "  headline  A Month of Long Days",
    ]
    assert "     12  governance  Referendum" in account
    assert "         by       Ann Example, Staff Writer" in account
    assert "         dated    2024-06-02; names 2024-05-05, 2024-05-07" in account
    assert "      6  left out (dateline): Zug, 31 May 2024" in account
    assert account[-1].startswith("  may.md:18: no topic claims 'Mice'")


def test_only_the_strongest_reasons_are_spelled_out(reader: Reader) -> None:
    words = "Referendum, treasury, council, quorum, turnout, ballot, motion, veto, fellow."
    document = reader.parse(f"# Kusama News - May 2024\n\n## Vote\n\n{words}\n\n## Mice\n\nSleep.\n", "x.md")
    (line,) = [line for line in render_account(document, "x.md") if "because" in line and "heading" in line]
    count = len(document.drafts[0].reasons)
    assert count > MOST_REASONS
    assert line.endswith(f" and {count - MOST_REASONS} more")
    assert line.count(",") == MOST_REASONS - 1


def test_a_document_without_month_or_marked_as_a_draft_says_so(reader: Reader) -> None:
    (first, *_) = render_account(reader.parse("Text.\n", "x.md"), "x.md")
    assert click.unstyle(first) == "x.md: no month"
    (first, *_) = render_account(reader.parse("---\ndraft: true\nmonth: 2024-05\n---\nText.\n", "x.md"), "x.md")
    assert click.unstyle(first) == "x.md: 2024-05 (from the front matter), a draft: not published"
    assert json.loads(render_json(reader.parse("Text.\n", "x.md"), "x.md"))["edition"] is None


def test_what_is_left_out_is_shown_in_short(reader: Reader) -> None:
    text = f"{TEXT}- https://c.example/{'long' * 30}\n"
    (line,) = [line for line in render_account(reader.parse(text, "x.md"), "x.md") if "left out" in line and "…" in line]
    assert len(click.unstyle(line).partition("): ")[2]) == 60


@pytest.mark.parametrize(("severity", "colour"), [("error", "red"), ("warning", "yellow")])
def test_a_problem_is_coloured_by_its_severity(severity: str, colour: str) -> None:
    problem = Problem(path="x.md", line=3, message="odd", severity="error" if severity == "error" else "warning")
    assert render_problem(problem) == click.style("x.md:3: odd", fg=colour)
