"""Projects as their owners have them: documents, settings, and the feeds that builds publish. A pytest plugin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feedgen_kusama.cli import main
from feedgen_kusama.ledger.records import Ledger, Record, parse_ledger

ROOT = Path(__file__).parent.parent
NOW = "2026-01-15T12:00:00Z"
NOBODY = 65534

UNPRIVILEGED = f"""
import os
from click.testing import CliRunner
from feedgen_kusama.cli import main
CliRunner().invoke(main, ["build", "--dry-run"])  # loads what this user may not read
CliRunner().invoke(main, ["publish", "--dry-run", "nowhere"])
import filelock  # which a dry run does without
os.setgroups([])
os.setgid({NOBODY})
os.setuid({NOBODY})
main()
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind: exit status and the lines on both streams."""

    status: int
    out: tuple[str, ...]
    err: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with `news/`, `feeds.toml` and, once built, `feeds/`."""

    folder: Path

    @property
    def news(self) -> Path:
        return self.folder / "news"

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    @property
    def toml(self) -> Path:
        return self.folder / "feeds.toml"

    @property
    def ledger(self) -> Ledger:
        return parse_ledger((self.feeds / "ledger.jsonl").read_bytes())

    @property
    def stories(self) -> tuple[Record, ...]:
        """The records of stories: whole months, which have no slug, have records too."""
        return tuple(record for record in self.ledger.records if record.slug)

    def run(self, *arguments: str) -> Outcome:
        """A command in this process; an exception that is no exit passes through."""
        with chdir(self.folder):
            result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        return Outcome(result.exit_code, tuple(result.stdout.splitlines()), tuple(result.stderr.splitlines()))

    def build(self, *options: str, now: str = NOW) -> Outcome:
        return self.run("build", "--now", now, *options)

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[str]:
        """A command in a process of its own."""
        command = [sys.executable, "-m", "feedgen_kusama", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, stdout=pipe, stderr=pipe, encoding="utf-8", **how)

    def finish(self, process: subprocess.Popen[str]) -> Outcome:
        out, err = process.communicate(timeout=60)
        return Outcome(process.returncode, tuple(out.splitlines()), tuple(err.splitlines()))

    def spawn(self, *arguments: str, **how: Any) -> Outcome:
        return self.finish(self.start(*arguments, **how))

    def spawn_unprivileged(self, *arguments: str, loads: str = "os") -> Outcome:
        """A command in a process that permissions bind, also where root runs the tests; `loads` are modules it needs."""
        if os.geteuid() != 0:
            return self.spawn(*arguments)
        command = [sys.executable, "-c", f"import {loads}\n{UNPRIVILEGED}", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, encoding="utf-8", timeout=60, check=False)
        return Outcome(done.returncode, tuple(done.stdout.splitlines()), tuple(done.stderr.splitlines()))

    def published(self) -> dict[str, bytes]:
        """Every file below `feeds/`, hidden ones too, by its path there."""
        return {p.relative_to(self.feeds).as_posix(): p.read_bytes() for p in self.feeds.rglob("*") if p.is_file()}

    def write(self, name: str, content: str | bytes) -> Path:
        """A document in `news/`."""
        path = self.news / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace the first such text in a document."""
        path = self.news / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def copy(self, folder: Path) -> Project:
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)


def new_project(folder: Path) -> Project:
    """A project with this project's settings and no document."""
    (folder / "news").mkdir(parents=True)
    shutil.copy(ROOT / "feeds.toml", folder)
    return Project(folder)


def sample_project(folder: Path) -> Project:
    project = new_project(folder)
    for path in sorted((ROOT / "news").iterdir()):
        shutil.copy(path, project.news)
    return project


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A project without any document."""
    return new_project(tmp_path / "bare")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with the sample documents, not built yet."""
    return sample_project(tmp_path / "project")


@pytest.fixture(scope="session")
def sample_feeds(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """What the sample documents publish."""
    project = sample_project(tmp_path_factory.mktemp("sample") / "project")
    assert project.build().status == 0
    return project.published()


@pytest.fixture
def shared_project() -> Iterator[Project]:
    """The sample project where every user can reach it, owned by nobody if root runs the tests."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        project = sample_project(Path(name) / "project")
        if os.geteuid() == 0:
            for path in (project.folder, *project.folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        yield project
        for path in Path(name).rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
