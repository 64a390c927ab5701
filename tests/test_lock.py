"""One build at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock

from feedgen_kusama.folders import LOCK, locked

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]


def test_a_second_build_says_that_another_is_running_and_changes_nothing(project: Project) -> None:
    project.build()
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    before = project.published()
    with FileLock(project.feeds / LOCK):
        outcome = project.spawn("build")
    assert (outcome.status, outcome.out, len(outcome.err)) == (3, (), 1)
    assert outcome.err[0].startswith("feeds: another build is running")
    assert "--wait" in outcome.err[0]
    assert project.published() == {**before, LOCK: b""}


def test_a_build_that_waits_goes_on_when_the_other_ends(project: Project) -> None:
    project.feeds.mkdir()
    with FileLock(project.feeds / LOCK):
        waiting = project.start("build", "--wait", "30")
        time.sleep(1)
        assert waiting.poll() is None
    outcome = project.finish(waiting)
    assert (outcome.status, outcome.err) == (0, ())


def test_a_build_waits_no_longer_than_it_is_told(project: Project) -> None:
    project.feeds.mkdir()
    with FileLock(project.feeds / LOCK):
        begun = time.monotonic()
        assert project.build("--wait", "0.3").status == 3
        assert 0.3 <= time.monotonic() - begun < 30


def test_builds_that_wait_for_one_another_all_end_well(project: Project) -> None:
    processes = [project.start("build", "--wait", "30", "--now", "2026-01-15T12:00:00Z") for _ in range(5)]
    outcomes = [project.finish(process) for process in processes]
    assert [(outcome.status, outcome.err) for outcome in outcomes] == [(0, ())] * 5
    assert sorted(" 0 written" in outcome.out[0] for outcome in outcomes) == [False, True, True, True, True]


def test_no_lock_stays_behind(project: Project) -> None:
    project.build()
    assert LOCK not in project.published()


def test_the_lock_of_a_build_that_was_killed_is_no_hindrance(project: Project) -> None:
    project.feeds.mkdir()
    (project.feeds / LOCK).write_bytes(b"")
    assert project.build().status == 0
    assert LOCK not in project.published()


def test_a_dry_run_needs_no_lock(project: Project) -> None:
    project.feeds.mkdir()
    with FileLock(project.feeds / LOCK):
        assert project.build("--dry-run").status == 0


def test_a_build_without_change_takes_no_lock_and_heeds_one(project: Project) -> None:
    project.build()
    before = project.feeds.stat().st_mtime_ns
    assert project.build().status == 0
    assert project.feeds.stat().st_mtime_ns == before
    with FileLock(project.feeds / LOCK):
        assert project.build().status == 3


def test_what_another_build_published_meanwhile_is_not_taken_back(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at what changed and the lock there is time for an edit and a whole build."""
    project.build()
    project.write("2024-04.md", "# News - April 2024\n\n## A council meets\n\nIt votes on the treasury.\n")

    @contextmanager
    def locked_late(*arguments: Any, **how: Any) -> Iterator[bool]:
        monkeypatch.undo()
        project.edit("2024-03.md", "Two subjects filled", "Four subjects filled")
        assert project.build("--no-cache").status == 0
        with locked(*arguments, **how) as has_waited:
            yield has_waited

    monkeypatch.setattr("feedgen_kusama.pipeline.locked", locked_late)
    assert project.build().status == 0
    assert b"Four subjects filled" in project.published()["rss.xml"]


def test_what_was_edited_while_a_build_waited_is_published(project: Project) -> None:
    project.build()
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    with FileLock(project.feeds / LOCK):
        waiting = project.start("build", "--wait", "30")
        time.sleep(1)
        project.edit("2024-03.md", "Three subjects filled", "Four subjects filled")
    assert project.finish(waiting).status == 0
    assert b"Four subjects filled" in project.published()["rss.xml"]
