"""A new publication: what is written works, and nothing is written over."""

from __future__ import annotations

import os
import pty
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama.config import read_settings
from tests.projects import Project

if TYPE_CHECKING:
    from tests.projects import Outcome

pytest_plugins = ["projects"]

TITLES = (
    "Harbour News",
    'Die "Börse"',
    "C:\\news\\",
    "Möwe & Meer — №1",
    "*Stars* [and](links) <b>",
    "# Heading",
    "News - May 2020",
    "'''",
    "日本語ニュース",
)


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """A folder with nothing in it."""
    return Project(tmp_path)


def begin(project: Project, *options: str, title: str = "Harbour News", url: str = "https://news.example/x") -> Outcome:
    return project.run("init", "--title", title, "--url", url, *options)


@pytest.mark.parametrize("title", TITLES)
def test_what_is_begun_builds_and_stands_the_check(empty: Project, title: str) -> None:
    assert begin(empty, title=title).status == 0
    assert tomllib.loads(empty.toml.read_text("utf-8"))["title"] == title
    outcome = empty.run("build")
    assert (outcome.status, outcome.err) == (0, ())
    assert "1 document, 4 entries" in outcome.out[0]
    outcome = empty.run("check")
    assert (outcome.status, outcome.err) == (0, ())


def test_the_first_document_shows_how_topics_are_chosen(empty: Project) -> None:
    begin(empty)
    empty.run("build")
    assert {record.topic for record in empty.stories} == {"overview", "decisions", "projects"}


def test_what_is_not_given_is_made_from_the_title(empty: Project) -> None:
    begin(empty)
    settings = read_settings(empty.toml)
    assert (settings.url, settings.author, settings.language) == ("https://news.example/x/", "Harbour News", "en")
    assert settings.description == "Harbour News, month by month."


def test_everything_may_be_given(empty: Project) -> None:
    begin(empty, "--author", 'A "B"', "--description", "\\", "--language", "pt-BR")
    settings = read_settings(empty.toml)
    assert (settings.author, settings.description, settings.language) == ('A "B"', "\\", "pt-BR")


def test_it_says_what_to_do_next(empty: Project) -> None:
    lines = "\n".join(begin(empty, "a/b").out)
    assert "cd a/b" in lines
    assert "feedgen-kusama build" in lines
    assert "feedgen-kusama serve --watch" in lines
    assert (empty.folder / "a/b/feeds.toml").exists()


def test_no_file_is_written_over(empty: Project) -> None:
    begin(empty)
    before = {path: path.read_bytes() for path in empty.folder.rglob("*") if path.is_file()}
    outcome = begin(empty, title="Other")
    assert (outcome.status, outcome.out, len(outcome.err)) == (3, (), 1)
    assert outcome.err[0].startswith("feeds.toml: there already")
    assert {path: path.read_bytes() for path in empty.folder.rglob("*") if path.is_file()} == before


def test_documents_that_are_there_are_enough(empty: Project) -> None:
    empty.write("2024-05.md", "# Letter - May 2024\n\n## A Vote\n\nThe vote.\n")
    assert begin(empty).status == 0
    assert [path.name for path in empty.news.iterdir()] == ["2024-05.md"]
    assert empty.run("build").status == 0


@pytest.mark.parametrize("name", ["news", "feeds.toml/x"])
def test_a_file_in_the_way_is_told(empty: Project, name: str) -> None:
    (empty.folder / name.partition("/")[0]).write_text("x")
    outcome = begin(empty, *(["feeds.toml"] if "/" in name else []))
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert "a file, not a folder" in outcome.err[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"url": "news.example"}, "url: 'news.example/' is not absolute"),
        ({"title": " "}, "title: empty"),
        ({"title": "a\x00b"}, "title: holds a character"),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_written(empty: Project, options: dict[str, str], words: str) -> None:
    outcome = begin(empty, **options)
    assert outcome.status == 2
    assert words in outcome.err[0]
    assert not list(empty.folder.iterdir())


def test_without_a_terminal_the_missing_options_are_named(empty: Project) -> None:
    outcome = empty.run("init", "--title", "x")
    assert outcome.status == 2
    assert outcome.err[-1].endswith("give --url")
    assert empty.run("init").err[-1].endswith("give --title and --url")


def test_on_a_terminal_it_asks_until_the_answer_can_be_used(empty: Project) -> None:
    ours, theirs = pty.openpty()
    process = empty.start("init", stdin=theirs)
    os.write(ours, b'Die "M\xc3\xb6we"\nnews.example\nhttps://news.example/\n')
    outcome = empty.finish(process)
    for descriptor in (ours, theirs):
        with suppress(OSError):
            os.close(descriptor)
    assert outcome.status == 0
    assert any("is not absolute" in line for line in (*outcome.out, *outcome.err))
    settings = read_settings(empty.toml)
    assert (settings.title, settings.url) == ('Die "Möwe"', "https://news.example/")


def test_a_folder_that_cannot_be_written_is_told(shared_project: Project) -> None:
    shared_project.toml.unlink()
    shared_project.folder.chmod(0o555)
    outcome = shared_project.spawn_unprivileged(
        "init", "--title", "x", "--url", "https://x.example/", loads="feedgen_kusama.start"
    )
    assert (outcome.status, outcome.err) == (3, ("feeds.toml: cannot be written: Permission denied",))


@pytest.mark.parametrize("command", ["build", "watch", "serve"])
def test_where_nothing_has_begun_commands_name_the_one_that_begins(empty: Project, command: str) -> None:
    outcome = empty.run(command, *(["--watch"] if command == "serve" else []))
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert "feedgen-kusama init" in outcome.err[0]


def test_the_first_document_may_be_written_over(empty: Project) -> None:
    assert empty.run("init", ".", "--title", "T", "--url", "https://news.example/").status == 0
    assert empty.run("build").status == 0
    (document,) = empty.news.iterdir()
    document.write_text("# T\n\n## An Own Story\n\nThe festival was a success.\n", "utf-8")
    assert empty.run("build").status == 0
    assert [r.title for r in empty.stories if not r.retracted] == ["An Own Story"]
