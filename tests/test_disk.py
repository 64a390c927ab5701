"""Disks that are full, read-only or gone: a clear message, and what was published stays whole."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama.config import read_settings
from feedgen_kusama.errors import OutputError, RefusedError
from feedgen_kusama.output import staging
from feedgen_kusama.pipeline import build

if TYPE_CHECKING:
    from tests.projects import Outcome, Project

pytest_plugins = ["projects"]

LATER = "2026-02-15T12:00:00Z"
LIMITED = """
import resource, sys
from feedgen_kusama.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
main()
"""
"""The command in a process that can write no file of more than so many bytes."""


def mount(*arguments: str | Path) -> None:
    """Mount, or skip the test where that is not allowed."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount")
    done = subprocess.run(["mount", *arguments], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", "size=8m", "none", folder)
    yield folder
    subprocess.run(["umount", folder], check=True)


def edit(project: Project) -> None:
    """Make every feed a little longer."""
    settings = project.toml.read_text()
    project.toml.write_text(settings.replace('title = "Kusama News"', 'title = "Kusama News, Monthly"'))
    project.write("x.md", "# Letter - May 2022\n\n## A Vote\n\n" + "The governance vote was held. " * 400)


def assert_one_line(outcome: Outcome, *words: str) -> None:
    assert outcome.status in (1, 3)
    assert len(outcome.err) == 1, outcome.err
    for word in words:
        assert word in outcome.err[0]


def assert_healed(project: Project, folder: Path) -> None:
    """The next build ends where one that was never disturbed does."""
    assert project.build("--output", str(folder), now=LATER).status == 0
    undisturbed = project.folder / "undisturbed"
    shutil.copytree(project.folder / "before", undisturbed)
    project.build("--output", str(undisturbed), now=LATER)
    assert files(folder) == files(undisturbed)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_full_disk_is_one_line_and_changes_nothing(project: Project, small_disk: Path) -> None:
    feeds = small_disk / "feeds"
    project.build("--output", str(feeds))
    shutil.copytree(feeds, project.folder / "before")
    before = files(feeds)
    edit(project)
    filler = small_disk / "filler"
    status = os.statvfs(small_disk)
    filler.write_bytes(b"\0" * (status.f_bavail * status.f_frsize - 64_000))
    assert_one_line(project.build("--output", str(feeds), now=LATER), "No space left on device", str(feeds))
    assert files(feeds) == before
    filler.unlink()
    assert_healed(project, feeds)


@pytest.mark.parametrize("most", [0, 3_000, 20_000])
def test_a_file_that_cannot_be_written_to_its_end_leaves_the_old_one(project: Project, most: int) -> None:
    project.build()
    shutil.copytree(project.feeds, project.folder / "before")
    before = project.published()
    edit(project)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(most), "build", "--now", LATER],
        cwd=project.folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1), done.stderr
    assert "File too large" in done.stderr
    after = project.published()
    assert_healed(project, project.feeds)
    new = project.published()
    assert all(content in (before.get(path), new[path]) for path, content in after.items())
    assert before.keys() <= after.keys()
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != most


@pytest.mark.parametrize("place", [".", "governance"])
def test_a_folder_that_may_not_be_written_is_one_line(shared_project: Project, place: str) -> None:
    shared_project.spawn_unprivileged("build", "--now", "2026-01-15T12:00:00Z")
    before = shared_project.published()
    edit(shared_project)
    (shared_project.feeds / place).chmod(0o555)
    outcome = shared_project.spawn_unprivileged("build", "--now", LATER)
    assert_one_line(outcome, "cannot be written: Permission denied")
    after = shared_project.published()
    assert before.keys() <= after.keys()
    assert {path for path in after if Path(path).name.startswith(".")} == set()
    if place == ".":
        assert after == before


def test_a_read_only_disk_is_one_line_and_nothing_is_changed(project: Project) -> None:
    project.build()
    before = project.published()
    edit(project)
    mount("--bind", project.feeds, project.feeds)
    try:
        mount("-o", "remount,ro,bind", project.feeds)
        assert_one_line(project.build(now=LATER), "Read-only file system")
        assert project.published() == before
    finally:
        subprocess.run(["umount", project.feeds], check=True)


def test_a_build_without_change_needs_no_room(project: Project, small_disk: Path) -> None:
    feeds = small_disk / "feeds"
    project.build("--output", str(feeds))
    status = os.statvfs(small_disk)
    (small_disk / "filler").write_bytes(b"\0" * (status.f_bavail * status.f_frsize))
    assert project.build("--output", str(feeds)).status == 0


@pytest.mark.parametrize("output", ["feeds.toml", "feeds.toml/feeds"])
def test_an_output_folder_that_is_a_file_is_one_line(project: Project, output: str) -> None:
    before = (project.folder / output.removesuffix("/feeds")).read_bytes()
    assert_one_line(project.build("--output", output), output, "cannot be written")
    assert (project.folder / output.removesuffix("/feeds")).read_bytes() == before


def test_an_output_folder_that_vanishes_while_documents_are_read_ends_well_or_is_told(project: Project) -> None:
    project.build()
    whole = project.published()

    def vanish(names: Sequence[str]) -> Iterator[str]:
        shutil.rmtree(project.feeds)
        yield from names

    now = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)
    with suppress(OutputError, RefusedError):
        build(read_settings(project.toml), source=project.news, output=project.feeds, now=now, watch=vanish)
        assert project.published() == whole


def test_an_output_folder_that_vanishes_before_it_is_written_is_told(tmp_path: Path) -> None:
    """Files that did not differ are gone as well: to write only the others would publish half a folder."""
    feeds = tmp_path / "feeds"
    old = {"atom.xml": b"feedgen-kusama 1", "rss.xml": b"feedgen-kusama 1"}
    new = {**old, "rss.xml": b"feedgen-kusama 2"}
    for path, content in old.items():
        feeds.mkdir(exist_ok=True)
        (feeds / path).write_bytes(content)
    with staging(feeds) as stage:
        for path, content in new.items():
            stage.put(path, content)
        difference = stage.difference(names=frozenset())
        shutil.rmtree(feeds)
        try:
            stage.apply(difference)
        except OutputError:
            return
    assert files(feeds) == new
