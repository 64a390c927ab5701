"""A document with a fault costs itself alone: one line with its place, exit status 1, all others published."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects import Outcome, Project

pytest_plugins = ["projects"]

HEAD = "# Letter - May 2022\n\n"
STORY = "## A Vote\n\nThe governance vote was held.\n"

FAULTY: Mapping[str, tuple[str | bytes, int | None, str]] = {
    "no month": (f"# Letter\n\n{STORY}", 1, "no month found"),
    "two months at odds": (f"---\nmonth: 2022-06\n---\n{HEAD}{STORY}", 4, "two months at odds"),
    "an empty file": (b"", None, "empty"),
    "white space alone": (b"\n \t\r\n", None, "empty"),
    "not UTF-8": ("# Letter - May 2022\n\nCaf\xe9.\n".encode("latin-1"), 3, "not UTF-8: byte 0xE9"),
    "UTF-16": (f"{HEAD}{STORY}".encode("utf-16"), 1, "UTF-16"),
    "binary": (b"\x7fELF\x02\x01\x00" + bytes(range(256)) * 40, None, "binary"),
    "text with a zero": (b"# Letter - May 2022\n\x00\n", None, "binary"),
    "a lone surrogate": (HEAD.encode() + b"\xed\xa0\x80\n", 3, "not UTF-8"),
    "a heading of 10,000 characters": (f"{HEAD}## {'long ' * 2000}\n\nText.\n", 3, "a heading of "),
    "10,000 headings": (HEAD + STORY * 10_000, None, "more than"),
    "quotes a thousand deep": (f"{HEAD}{STORY}\n{'> ' * 1000}deep\n", 7, "nested"),
    "lists a thousand deep": (f"{HEAD}{STORY}\n{'- ' * 1000}deep\n", 7, "nested"),
    "YAML that is broken": (f"---\nauthor: me\ntopics: [vote\n---\n{HEAD}{STORY}", None, "front matter is not valid YAML"),
    "TOML that is broken": (f"+++\nauthor =\n+++\n{HEAD}{STORY}", 2, "front matter"),
    "a draft neither true nor false": (f"---\ntitle: x\ndraft: perhaps\n---\n{HEAD}{STORY}", 3, "neither true nor false"),
    "a title alone": (HEAD, None, "no story"),
}
"""By what is wrong: the content, the line told (None where none or no certain one is), and words of the message."""


def assert_one_line(outcome: Outcome, name: str, line: int | None, words: str) -> None:
    assert outcome.status == 1
    assert len(outcome.err) == 1, outcome.err
    assert outcome.err[0].startswith(f"news/{name}:{'' if line is None else f'{line}:'}")
    assert words in outcome.err[0]
    assert "Traceback" not in "".join(outcome.err)


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_document_is_one_line_and_all_others_are_published(
    project: Project, sample_feeds: Mapping[str, bytes], fault: str
) -> None:
    content, line, words = FAULTY[fault]
    project.write("x.md", content)
    assert_one_line(project.build(), "x.md", line, words)
    assert project.published() == sample_feeds


def make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(50_000_000)


def link_out(path: Path) -> None:
    outside = path.parent.parent / "outside.md"
    outside.write_text(HEAD + STORY)
    path.symlink_to(outside)


NO_DOCUMENTS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "a folder, not a document"),
    "a pipe": (os.mkfifo, "not a regular file"),
    "50 MB": (make_sparse, "50,000,000 bytes are too many"),
    "a link that leads out": (link_out, "leads out of the source folder"),
    "a link to nothing": (lambda path: path.symlink_to("nothing.md"), "no such file"),
    "a link to itself": (lambda path: path.symlink_to(path.name), ""),
}


@pytest.mark.parametrize("fault", NO_DOCUMENTS)
def test_what_is_no_document_is_one_line_and_all_others_are_published(
    project: Project, sample_feeds: Mapping[str, bytes], fault: str
) -> None:
    make, words = NO_DOCUMENTS[fault]
    make(project.news / "x.md")
    assert_one_line(project.build(), "x.md", None, words)
    assert project.published() == sample_feeds


NAMES = {
    "not UTF-8": b"\xff.md",
    "a line end": b"a\nb.md",
    "an escape": b"a\x1b[31mb.md",
    "a right-to-left mark": "a\u202eb.md".encode(),
}


@pytest.mark.parametrize("content", [HEAD + STORY, "no month"], ids=["sound", "faulty"])
@pytest.mark.parametrize("name", NAMES)
def test_a_document_with_an_odd_name_costs_no_other_and_takes_at_most_one_line(
    project: Project, sample_feeds: Mapping[str, bytes], name: str, content: str
) -> None:
    (project.news / os.fsdecode(NAMES[name])).write_text(content)
    outcome = project.build()
    assert outcome.status in (0, 1)
    assert len(outcome.err) == outcome.status
    assert "\x1b" not in "".join(outcome.err)
    assert sample_feeds.keys() <= project.published().keys()


def test_a_document_without_read_permission_is_one_line_and_all_others_are_published(
    shared_project: Project, sample_feeds: Mapping[str, bytes]
) -> None:
    shared_project.write("x.md", HEAD + STORY).chmod(0)
    outcome = shared_project.spawn_unprivileged("build", "--now", "2026-01-15T12:00:00Z")
    assert_one_line(outcome, "x.md", None, "cannot be read: Permission denied")
    assert shared_project.published() == sample_feeds


HOSTILE = {
    "lists deeper line by line": HEAD + STORY + "\n" + "\n".join(f"{'  ' * n}- deep" for n in range(1000)),
    "brackets": f"{HEAD}{STORY}\n{'[' * 5000}x{']' * 5000}\n",
    "links": f"{HEAD}{STORY}\n{'[' * 1000}x{'](y)' * 1000}\n",
    "stars": f"{HEAD}{STORY}\n{'**x *y ' * 2000}\n",
    "elements": f"{HEAD}{STORY}\n{'<div><b>' * 1000}x\n",
    "YAML a thousand deep": f"---\ntitle: {'[' * 3000}\n---\n{HEAD}{STORY}",
    "TOML a thousand deep": f"+++\ntitle = {'[' * 3000}\n+++\n{HEAD}{STORY}",
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_document_made_to_hurt_ends_in_a_message_or_an_entry(
    project: Project, sample_feeds: Mapping[str, bytes], hostile: str
) -> None:
    project.write("x.md", HOSTILE[hostile])
    assert project.build().status in (0, 1)
    assert sample_feeds.keys() <= project.published().keys()


def test_aliases_in_front_matter_that_multiply_are_not_written_out(project: Project) -> None:
    names = "abcdefghij"
    levels = "\n".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in pairwise(names))
    project.write("x.md", f"---\na: &a [x]\n{levels}\ntitle: *j\n---\n{HEAD}{STORY}")
    process = project.start("build")
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail("300 bytes keep a build busy for more than thirty seconds")
    finally:
        process.communicate()
    assert process.returncode in (0, 1)


def test_control_characters_are_left_out_and_the_document_is_published(project: Project) -> None:
    project.write("x.md", f"{HEAD}## A Vote\n\nThe governance\x07 vote\x1b was held.\n")
    assert_one_line(project.build(), "x.md", 5, "U+0007")
    assert any(b"The governance vote was held." in data for data in project.published().values())


def test_all_faults_of_all_documents_are_told_at_once(project: Project) -> None:
    for number, (content, _, _) in enumerate(FAULTY.values()):
        project.write(f"x{number:02}x.md", content)
    outcome = project.build()
    assert outcome.status == 1
    assert [line.split(":")[0] for line in outcome.err] == [f"news/x{n:02}x.md" for n in range(len(FAULTY))]


def test_the_real_command_tells_a_fault_without_traceback(project: Project) -> None:
    project.write("x.md", b"")
    outcome = project.spawn("build", "--now", "2026-01-15T12:00:00Z")
    assert_one_line(outcome, "x.md", None, "empty")
    assert len(outcome.out) == 1
