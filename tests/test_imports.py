"""What a command loads: each only what its own way through the program needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

TELLING = """
import atexit, sys
atexit.register(lambda: print(*sys.modules))
from feedgen_kusama.cli import main
main()
"""
NOW, LATER = "2026-01-15T12:00:00Z", "2026-02-05T12:00:00Z"
NEVER = frozenset("asyncio babel distributed email http lxml.html rich ssl starlette unittest uvicorn watchfiles".split())
POOL = frozenset("concurrent multiprocessing".split())
PAGES = frozenset("jinja2 markupsafe feedgen_kusama.site.plan".split())
PARSING = frozenset("mistune feedgen_kusama.documents".split())
MAKING = frozenset("dateutil feedgen lxml nh3 feedgen_kusama.check feedgen_kusama.formats".split())
WRITING = frozenset("filelock shutil tempfile".split())
ALL = NEVER | POOL | PAGES | PARSING | MAKING | WRITING | {"slugify", "yaml"}
HEADS = ("archives = false\n", "pages = false\n")


def load(project: Project, *arguments: str) -> frozenset[str]:
    """Every module that a command has loaded when it ends."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    done = subprocess.run(
        [sys.executable, "-c", TELLING, *arguments],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return frozenset(done.stdout.split())


def build(project: Project, now: str, *options: str) -> frozenset[str]:
    return load(project, "build", "--quiet", "--cache", "cache", "--now", now, *options)


def plain_document(project: Project) -> Path:
    """A document without front matter."""
    return next(path for path in sorted(project.news.iterdir()) if not path.read_text("utf-8").startswith("---"))


@pytest.fixture
def built(project: Project, settings_of_build: tuple[str, ...]) -> Project:
    """The sample documents, built with these settings more."""
    project.toml.write_text("".join(settings_of_build) + project.toml.read_text("utf-8"), "utf-8")
    build(project, NOW)
    return project


@pytest.mark.parametrize("settings_of_build", [(), HEADS], ids=["everything", "heads only"])
def test_a_build_without_change_loads_neither_parser_nor_format_nor_lock(built: Project) -> None:
    assert build(built, NOW) & ALL == set()


UNUSED: Mapping[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "heads only": (HEADS, NEVER | POOL | PAGES | {"slugify", "yaml"}),
    "everything": ((), NEVER | POOL | {"slugify", "yaml"}),
}


@pytest.mark.parametrize(("settings_of_build", "unused"), UNUSED.values(), ids=UNUSED)
def test_an_edit_loads_what_it_takes(built: Project, unused: frozenset[str]) -> None:
    document = plain_document(built)
    document.write_text(document.read_text("utf-8").replace(" the ", " that ", 1), "utf-8")
    loaded = build(built, LATER)
    assert loaded & unused == set()
    assert loaded >= ALL - unused


def test_an_explanation_loads_the_parser_alone(project: Project) -> None:
    document = plain_document(project)
    loaded = load(project, "explain", str(document))
    assert loaded & ALL == PARSING | {"nh3"}
