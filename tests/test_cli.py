"""The command line as it is typed: summaries, options, exit statuses."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama import __version__

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

NOTHING_DONE: Mapping[str, tuple[str, ...]] = {
    "an unknown command": ("publsh",),
    "an unknown option": ("build", "--loud"),
    "a time that is none": ("build", "--now", "yesterday"),
    "a time without a day": ("build", "--now", "12:00"),
    "a negative wait": ("build", "--wait", "-1"),
    "a wait that is no number": ("build", "--wait", "long"),
    "explain without a file": ("explain",),
    "a missing source folder": ("build", "--source", "nowhere"),
    "a source that is a file": ("build", "--source", "feeds.toml"),
    "a relative address": ("build", "--url", "news"),
}


@pytest.mark.parametrize("mistake", NOTHING_DONE)
def test_a_mistake_on_the_command_line_is_status_2_and_writes_nothing(project: Project, mistake: str) -> None:
    outcome = project.run(*NOTHING_DONE[mistake])
    assert outcome.status == 2
    assert outcome.err
    assert outcome.out == ()
    assert not project.feeds.exists()


@pytest.mark.parametrize("now", ["0001-01-01", "0001-12-31", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_a_time_at_the_end_of_all_time_is_no_traceback(project: Project, now: str) -> None:
    assert project.build().status == 0
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    assert project.build(now=now).status in (0, 2)


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("build", "--help"), ("explain", "--help"), ("history", "-h")])
def test_help_is_status_0(project: Project, arguments: tuple[str, ...]) -> None:
    outcome = project.run(*arguments)
    assert (outcome.status, outcome.err) == (0, ())
    assert outcome.out[0].startswith("Usage: ")


def test_help_names_every_command_and_every_exit_status(project: Project) -> None:
    text = " ".join(project.run("--help").out)
    assert {"build", "explain", "history"} <= set(text.split())
    assert "0 done" in text
    assert "3 refused" in text


def test_the_version_is_the_package_s(project: Project) -> None:
    assert project.run("--version").out == (f"feedgen-kusama, version {__version__}",)


def test_a_build_without_arguments_publishes_and_sums_up_and_the_next_one_writes_nothing(project: Project) -> None:
    first = project.spawn("build")
    assert (first.status, first.err) == (0, ())
    summary = re.fullmatch(r"8 documents, 62 entries, (\d+) feeds: (\d+) written, 0 unchanged", first.out[0])
    assert summary is not None
    assert int(summary[2]) == len(project.published())
    second = project.spawn("build")
    assert second.status == 0
    assert second.out == (f"8 documents, 62 entries, {summary[1]} feeds: 0 written, {summary[2]} unchanged",)


def test_the_files_in_the_repository_are_what_the_samples_publish(project: Project) -> None:
    """What is committed below feeds/ is what a build at the same time makes of news/."""
    assert project.build().status == 0
    assert project.build("--dry-run").out[-1].split(": ")[1].startswith("0 to write")


def test_quiet_says_nothing_but_problems(project: Project) -> None:
    outcome = project.build("--quiet")
    assert (outcome.status, outcome.out, outcome.err) == (0, (), ())
    project.write("x.md", b"")
    outcome = project.build("--quiet")
    assert (outcome.status, outcome.out, len(outcome.err)) == (1, (), 1)


def test_a_dry_run_prints_the_plan_and_the_files_and_writes_nothing(project: Project) -> None:
    outcome = project.build("--dry-run")
    assert (outcome.status, outcome.err) == (0, ())
    assert not project.feeds.exists()
    assert sum(line.startswith("new ") for line in outcome.out) == 62
    assert "entries: 62 new" in outcome.out
    planned = {line.removeprefix("would write feeds/") for line in outcome.out if line.startswith("would write ")}
    project.build()
    assert planned == project.published().keys()


def test_a_dry_run_tells_words_added_and_removed(project: Project) -> None:
    project.build()
    before = project.published()
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    out = project.build("--dry-run").out
    changed = next(number for number, line in enumerate(out) if line.startswith("changed"))
    assert [line.strip() for line in out[changed + 1 : changed + 3]] == ["+ three", "- two"]
    assert "entries: 1 changed, 61 unchanged" in out
    assert project.published() == before


def test_strict_publishes_nothing_if_there_is_any_problem(project: Project) -> None:
    project.write("x.md", "# Letter - May 2022\n\n## A Vote\n\nThe governance\x07 vote.\n")
    outcome = project.build("--strict")
    assert outcome.status == 3
    assert outcome.err[0].startswith("news/x.md:5: ")
    assert outcome.err[-1] == "nothing was published: --strict allows no problem"
    assert not project.feeds.exists() or project.published() == {}


def test_strict_is_no_different_without_a_problem(project: Project, sample_feeds: Mapping[str, bytes]) -> None:
    assert project.build("--strict").status == 0
    assert project.published() == sample_feeds


def test_without_settings_an_address_is_enough(project: Project) -> None:
    project.toml.unlink()
    outcome = project.build("--url", "https://other.example/kusama")
    assert outcome.status == 0
    assert b"https://other.example/kusama/editions/2024-03.html#" in project.published()["atom.xml"]


def test_without_settings_and_address_a_build_says_how_to_name_one(project: Project) -> None:
    project.toml.unlink()
    outcome = project.build()
    assert outcome.status == 2
    assert "--url" in outcome.err[0]


def test_the_time_of_a_build_can_be_given(project: Project) -> None:
    project.build(now="2025-10-01T00:00:00Z")
    project.write("x.md", "# Letter - October 2025\n\n## A Vote\n\nThe governance vote.\n")
    project.build(now="2025-11-02T13:14:15+01:00")
    assert [r.published.isoformat() for r in project.ledger.records if r.source == "x.md"] == ["2025-11-02T12:14:15+00:00"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("arguments", [("build",), ("build", "--dry-run"), ("--help",)])
def test_what_cannot_be_printed_is_no_traceback(project: Project, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "feedgen_kusama", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=project.folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()) == (
        3,
        ["what was to be printed could not be written: No space left on device"],
    )
