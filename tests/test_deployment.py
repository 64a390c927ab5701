"""The container and the units of `deploy/` do what they say, as far as they run without their engines."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from feedgen_kusama.cli import COMMANDS
from tests.browser import serving
from tests.hosting import DEPLOY
from tests.projects import NOBODY, Project
from tests.readings import ROOT
from tests.running import run

pytest_plugins = ["projects"]

PROGRAM = "/opt/feedgen-kusama/bin/feedgen-kusama"
UNITS = ("feedgen-kusama.service", "feedgen-kusama-serve.service", "feedgen-kusama.timer")
MOST_EXPOSED = {"feedgen-kusama.service": 10, "feedgen-kusama-serve.service": 15}
"""In tenths, of 100, as systemd judges."""
SANDBOX = """
set -e
mount --make-rprivate /
mount --bind "$FOLDER/feeds" "$FOLDER/feeds"
mount -o remount,bind,ro /
mount -o remount,bind,rw "$FOLDER/feeds"
cd "$FOLDER"
exec setpriv --reuid "$USER_ID" --regid "$USER_ID" --clear-groups --no-new-privs --bounding-set=-all "$@"
"""
"""A command with a file system that is read-only but for the feeds, without network, as another user."""


def settings_of(unit: str) -> Mapping[str, str]:
    """The settings of a unit file; of those that come twice the last."""
    lines = (line.partition("=") for line in (DEPLOY / unit).read_text("utf-8").splitlines() if not line.startswith(("#", "[")))
    return {name: value for name, equals, value in lines if equals}


def instructions() -> list[tuple[str, str]]:
    """The instructions of the container's file, continued lines joined."""
    text = re.sub(r"\\\n", "", (DEPLOY / "Containerfile").read_text("utf-8"))
    lines = (line.strip() for line in text.splitlines())
    return [(line.split()[0], line.split(None, 1)[1]) for line in lines if line and not line.startswith("#")]


def last_stage() -> Mapping[str, str]:
    """The instructions of the stage that becomes the image, by name; of those that come twice the last."""
    found = instructions()
    begin = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[begin:])


def options_of(command: str) -> set[str]:
    """The long options that a command knows."""
    return set(re.findall(r"--[a-z-]+", run([sys.executable, "-m", "feedgen_kusama", command, "--help"]).text))


def commands_named() -> list[list[str]]:
    """Every command line of the program that the container and the units run."""
    units = [settings_of(unit)["ExecStart"] for unit in UNITS if unit.endswith(".service")]
    return [*(shlex.split(line)[1:] for line in units), json.loads(last_stage()["CMD"])]


@pytest.mark.parametrize("words", commands_named(), ids=lambda words: " ".join(words))
def test_the_commands_are_those_of_the_program(words: list[str]) -> None:
    if words[0] not in COMMANDS:
        pytest.skip(f"this program has no command {words[0]}")
    assert {word for word in words if word.startswith("--")} <= options_of(words[0])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units_and_finds_them_tight(tmp_path: Path) -> None:
    for unit in UNITS:
        text = (DEPLOY / unit).read_text("utf-8").replace(PROGRAM, shutil.which("true") or "/bin/true")
        (tmp_path / unit).write_text(text, "utf-8")
    verified = run(["systemd-analyze", "verify", "--man=no", *(f"./{unit}" for unit in UNITS)], cwd=tmp_path)
    assert (verified.status, verified.text) == (0, "")
    for unit, most in MOST_EXPOSED.items():
        judged = run(["systemd-analyze", "security", "--offline=yes", f"--threshold={most}", unit], cwd=tmp_path)
        assert judged.status == 0, judged.text


@pytest.mark.skipif(os.geteuid() != 0 or sys.platform != "linux", reason="needs root to take rights away")
def test_a_build_needs_no_more_than_its_unit_allows(shared_project: Project) -> None:
    """The file system is read-only but for the feeds, there is no network and no right that root has."""
    shared_project.feeds.mkdir()
    os.chown(shared_project.feeds, NOBODY, NOBODY)
    unit = settings_of("feedgen-kusama.service")
    assert unit["ReadWritePaths"] == f"{unit['WorkingDirectory']}/feeds"
    assert unit["SuccessExitStatus"] == "1"
    words = [sys.executable, "-B", "-m", "feedgen_kusama", *shlex.split(unit["ExecStart"])[1:]]
    sandbox = ["unshare", "--mount", "--net", "--ipc", "sh", "-c", SANDBOX, "sh", *words]
    where = {"FOLDER": str(shared_project.folder), "USER_ID": str(NOBODY), "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"}
    if run(["unshare", "--mount", "--net", "--ipc", "true"]).status:
        pytest.skip("namespaces are not allowed here")
    before = set(shared_project.folder.rglob("*"))
    built = run(sandbox, env=where)
    assert (built.status, built.text) == (0, "")
    assert {
        path for path in set(shared_project.folder.rglob("*")) - before if not path.is_relative_to(shared_project.feeds)
    } == set()
    assert (shared_project.feeds / "atom.xml").stat().st_uid == NOBODY
    shared_project.write("2099-99.md", "No month.\n")
    again = run(sandbox, env=where)
    assert again.status == 1
    assert "news/2099-99.md" in again.text


def test_the_container_is_not_root_and_starts_the_program() -> None:
    stage = last_stage()
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", stage["USER"])
    assert json.loads(stage["ENTRYPOINT"]) == ["feedgen-kusama"]
    assert stage["FROM"].startswith("python:3.11-")
    assert {name for name, _ in instructions()} <= {
        *("FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD")
    }


def test_all_that_the_container_copies_is_there_and_let_through() -> None:
    let = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = {word for name, rest in instructions() if name == "COPY" and "--from" not in rest for word in rest.split()[:-1]}
    assert copied == let
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {project["readme"], *project["license-files"]} <= copied
    installed = next(rest for name, rest in instructions() if name == "RUN")
    extras = set(re.findall(r"/source\[([\w,]+)\]", installed)[0].split(","))
    assert extras <= set(project["optional-dependencies"])


def test_the_container_is_healthy_while_it_serves() -> None:
    words = json.loads(last_stage()["HEALTHCHECK"].partition("CMD")[2])
    with serving(ROOT / "feeds") as address:
        command = [sys.executable, *(word.replace("http://127.0.0.1:8000", address) for word in words[1:])]
        assert run(command).status == 0
    assert run(command).status != 0


def test_the_compose_file_is_valid() -> None:
    words = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(DEPLOY / "compose.yaml")]
    checked = run([sys.executable, "-m", *words])
    assert checked.status == 0, checked.text
