"""What `explain` and `history` tell people and programs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]


def test_explain_shows_a_document_to_a_person(project: Project) -> None:
    outcome = project.run("explain", "news/2024-03.md")
    text = "\n".join(outcome.out)
    assert (outcome.status, outcome.err) == (0, ())
    assert outcome.out[0] == "news/2024-03.md: 2024-03 (from the front matter)"
    for part in (
        "headline  Bulk Coretime",
        "parachains  First Monthly Sale",
        "because  ",
        "by       Maren",
        "dated    2024-03-14",
    ):
        assert part in text


def test_explain_gives_programs_one_object_a_document(project: Project) -> None:
    files = sorted(f"news/{path.name}" for path in project.news.iterdir())
    outcome = project.run("explain", "--json", *files)
    found = [json.loads(line) for line in outcome.out]
    assert (outcome.status, [document["file"] for document in found]) == (0, files)
    for document in found:
        assert re.fullmatch(r"\d{4}-\d\d", document["edition"])
        assert document["entries"]
        for entry in document["entries"]:
            assert {"line", "title", "topic", "author", "text", "days"} <= entry.keys()
            assert isinstance(entry["line"], int)


def test_explain_of_a_faulty_or_missing_document_is_status_1(project: Project) -> None:
    project.write("x.md", "# Letter\n\n## A Vote\n\nThe governance vote.\n")
    outcome = project.run("explain", "news/x.md", "news/none.md", "news/2024-03.md")
    text = "\n".join(outcome.out)
    assert outcome.status == 1
    assert "news/x.md: no month" in text
    assert "none.md" in text
    assert "Maren Oudekerk" in text


def test_history_shows_all_an_edition_or_an_entry(project: Project) -> None:
    project.build()
    ids = [record.id for record in project.ledger.records]
    assert sum(line.startswith("  id ") for line in project.run("history").out) == len(ids)
    edition = project.run("history", "2024-03")
    assert edition.status == 0
    assert {line.split()[0] for line in edition.out if not line.startswith(" ")} == {"2024-03"}
    stories = [record for record in project.ledger.records if record.edition == "2024-03" and record.topic != "editions"]
    named = [line.split()[-1] for line in edition.out if line.startswith("  document ")]
    assert named == [record.source for record in stories]  # the month itself is of no single document
    for which in (ids[0], ids[0].rpartition("/")[2], ids[0].rpartition(":")[2]):
        assert f"  id         {ids[0]}" in project.run("history", which).out
    assert [json.loads(line)["id"] for line in project.run("history", "--json", ids[0]).out] == [ids[0]]


@pytest.mark.parametrize("which", [(), ("2024-03",), ("no such story",)])
def test_history_of_what_is_not_there_is_status_1(project: Project, which: tuple[str, ...]) -> None:
    outcome = project.run("history", *which)
    assert (outcome.status, outcome.out, len(outcome.err)) == (1, (), 1)
