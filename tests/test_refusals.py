"""What a build refuses, and what it keeps: nothing published is lost by mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

MONTHS = ("January 2022", "February 2022", "March 2022", "April 2022")


def entries(month: str, numbers: range) -> str:
    """A document of stories that have hardly a word in common."""
    words = {n: " ".join(f"w{n}{letter}" for letter in "abcdefghijklmnop") for n in numbers}
    parts = [f"## Referendum r{n}x\n\nThe governance vote {words[n]}.\n" for n in numbers]
    return "\n".join([f"# Letter - {month}\n", *parts])


def fill(project: Project, count: int) -> None:
    """Four documents with `count` stories in all, and one build."""
    for n, month in enumerate(MONTHS):
        project.write(f"{n}.md", entries(month, range(n * count // 4, (n + 1) * count // 4)))
    assert project.build().status == 0
    assert len(project.stories) == count


@pytest.mark.parametrize(
    ("count", "gone", "is_refused"),
    [
        (4, 1, False),
        (16, 4, False),
        (40, 8, False),
        (40, 9, True),
        (20, 4, False),
        (20, 5, True),
        (100, 10, False),
        (100, 11, True),
        (200, 11, True),
    ],
)
def test_more_than_a_fifth_or_more_than_ten_retractions_are_refused_but_for_a_few(
    bare: Project, count: int, gone: int, is_refused: bool
) -> None:
    fill(bare, count)
    before = bare.published()
    is_whole = gone == count // 4
    bare.write("0.md", f"---\ndraft: {str(is_whole).lower()}\n---\n{entries(MONTHS[0], range(gone, count // 4))}")
    outcome = bare.build()
    assert outcome.status == (3 if is_refused else 0), outcome.err
    assert (bare.published() == before) == is_refused
    assert sum(r.retracted is not None for r in bare.stories) == (0 if is_refused else gone)


def test_a_few_are_refused_where_their_document_is_missing(bare: Project) -> None:
    fill(bare, 16)
    (bare.news / "0.md").unlink()
    assert bare.build().status == 3


def test_a_refusal_lists_the_documents_and_says_which_files_are_missing(project: Project) -> None:
    project.build()
    before = project.published()
    (project.news / "2024-03.md").unlink()
    (project.news / "canary-letter.md").unlink()
    project.write("kusama_june_2023_news.md", "---\ndraft: true\n---\n# Kusama News - June 2023\n")
    outcome = project.build()
    lines = [line.strip() for line in outcome.err]
    assert outcome.status == 3
    assert "stories would be retracted; nothing was changed" in lines[0]
    assert [line.split(":")[0] for line in lines[1:4]] == [
        "news/2024-03.md",
        "news/canary-letter.md",
        "news/kusama_june_2023_news.md",
    ]
    assert [line.endswith(": the file is missing") for line in lines[1:4]] == [True, True, False]
    assert "--allow-retractions" in lines[4]
    assert project.published() == before


def test_an_empty_source_folder_is_refused(project: Project) -> None:
    project.build()
    before = project.published()
    for path in project.news.iterdir():
        path.unlink()
    assert project.build("--dry-run").status == 3
    assert project.build().status == 3
    assert project.published() == before


def test_retractions_can_be_allowed_and_taken_back_with_the_old_ids(project: Project) -> None:
    project.build()
    kept = {r.id: r.published for r in project.stories}
    project.news.rename(project.folder / "elsewhere")
    project.news.mkdir()
    assert project.build("--allow-retractions", now="2026-02-01T00:00:00Z").status == 0
    assert all(r.retracted for r in project.stories)
    project.news.rmdir()
    (project.folder / "elsewhere").rename(project.news)
    assert project.build(now="2026-03-01T00:00:00Z").status == 0
    assert {r.id: r.published for r in project.stories if not r.retracted} == kept


def test_a_tombstone_stands_in_atom_for_ninety_days(bare: Project) -> None:
    fill(bare, 40)
    bare.write("3.md", entries(MONTHS[3], range(31, 40)))
    bare.build(now="2026-02-01T12:00:00Z")
    gone = next(r.id for r in bare.stories if r.retracted)
    stone = f'ref="{gone}" when="2026-02-01T12:00:00+00:00"'.encode()
    for now, is_there in [("2026-02-01T13:00:00Z", True), ("2026-05-02T11:59:00Z", True), ("2026-05-02T12:01:00Z", False)]:
        assert bare.build(now=now).status == 0
        for path in ("atom.xml", "governance/atom.xml"):
            assert (stone in bare.published()[path]) == is_there
        assert gone.encode() not in bare.published()["rss.xml"]
    assert gone in {r.id for r in bare.stories}


def test_a_draft_is_retracted_and_comes_back(project: Project) -> None:
    project.build()
    before = {r.id: r.published for r in project.stories}
    project.edit("2024-03.md", "month: 2024-03\n", "month: 2024-03\ndraft: true\n")
    assert project.build(now="2026-02-01T00:00:00Z").status == 0
    assert {r.source for r in project.stories if r.retracted} == {"2024-03.md"}
    assert b"Bulk Coretime Goes on Sale" not in project.published()["atom.xml"]
    project.edit("2024-03.md", "draft: true\n", "")
    assert project.build(now="2026-03-01T00:00:00Z").status == 0
    assert {r.id: r.published for r in project.stories if not r.retracted} == before


def spoil(project: Project) -> None:
    project.write("2024-03.md", b"\xff\xfe")


def spoil_month(project: Project) -> None:
    project.edit("2024-03.md", "month: 2024-03", "month: soon")


def rename_and_spoil(project: Project) -> None:
    project.write("another.md", b"")
    (project.news / "2024-03.md").unlink()


def bare(data: bytes) -> bytes:
    return re.sub(rb'<aside aria-labelledby="_kept">.*?</aside>\n', b"", data, flags=re.DOTALL)


def spoil_all(project: Project) -> None:
    for path in project.news.iterdir():
        path.write_bytes(b"")


@pytest.mark.parametrize("change", [spoil, spoil_month, rename_and_spoil, spoil_all])
def test_a_document_that_turns_bad_keeps_its_entries_as_published(project: Project, change: Callable[[Project], None]) -> None:
    project.build()
    before = project.published()
    change(project)
    outcome = project.build(now="2026-02-01T00:00:00Z")
    assert (outcome.status, {"Traceback" in line for line in outcome.err}) == (1, {False})
    # Its references are no entries: the page of the month may do without them until it is mended.
    after = project.published()
    assert {path for path in before if bare(after[path]) != bare(before[path])} == set()


def test_a_document_that_turned_bad_does_not_hold_up_the_others(project: Project) -> None:
    project.build()
    spoil(project)
    project.edit("canary-letter.md", "validators", "validating people")
    assert project.build(now="2026-02-01T00:00:00Z").status == 1
    changed = {r.source for r in project.stories if r.updated > r.published}
    assert changed == {"canary-letter.md"}
    assert b"Bulk Coretime Goes on Sale" in project.published()["atom.xml"]


def test_a_document_that_is_mended_goes_on_with_its_entries(project: Project) -> None:
    project.build()
    before = project.published()
    text = (project.news / "2024-03.md").read_bytes()
    rename_and_spoil(project)
    project.build(now="2026-02-01T00:00:00Z")
    project.write("another.md", text)
    assert project.build(now="2026-02-02T00:00:00Z").status == 0
    after = project.published()
    assert {path for path in before if before[path] != after[path]} == {"ledger.jsonl"}


def test_what_returns_after_only_its_tombstone_was_left_is_dated_like_any_back_issue(project: Project) -> None:
    project.build("--no-cache", now="2026-10-01T12:00:00Z")
    kept = {record.id: record.published for record in project.ledger.records}
    away = (project.news / "2024-03.md").rename(project.folder / "away.md")
    project.build("--no-cache", "--allow-retractions", now="2026-10-02T12:00:00Z")
    (project.feeds / "ledger.jsonl").unlink()
    project.build("--no-cache", now="2026-10-03T12:00:00Z")
    away.rename(project.news / "2024-03.md")
    assert project.build("--no-cache", now="2026-10-04T12:00:00Z").status == 0
    assert {record.id: record.published for record in project.ledger.records} == kept
    assert project.run("check", "--now", "2026-10-05T12:00:00Z").status == 0
