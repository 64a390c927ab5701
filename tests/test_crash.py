"""A build that is killed at any point leaves whole files, and the next build heals the rest.

All two hundred kills are tried with FEEDGEN_KUSAMA_FULL=1.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from lxml import etree

from feedgen_kusama.config import read_settings
from feedgen_kusama.pipeline import build

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

KILLS = 200 if os.environ.get("FEEDGEN_KUSAMA_FULL") else 8
LATER = "2026-02-15T12:00:00Z"
PREFIX = ".feedgen-kusama"
"""What the names of the lock and of temporary files begin with."""


class Edited(NamedTuple):
    """A project that was published once and edited since, with its files before and after an undisturbed build."""

    project: Project
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    seconds: float


def edit(project: Project) -> None:
    """Change the title of every feed, words of one story, and the number of stories and documents."""
    settings = project.toml.read_text()
    project.toml.write_text(settings.replace('title = "Kusama News"', 'title = "Kusama Monthly"'))
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    project.edit("canary-letter.md", "\n## ", "\n## A New Vote\n\nThe council held a governance vote on the matter.\n\n## ")
    project.write("x.md", "# Letter - January 2026\n\n## A Referendum\n\nThe governance referendum passed.\n")


@pytest.fixture
def edited(project: Project, tmp_path: Path) -> Edited:
    assert project.build().status == 0
    old = project.published()
    edit(project)
    undisturbed = project.copy(tmp_path / "undisturbed")
    begun = time.monotonic()
    assert undisturbed.spawn("build", "--now", LATER).status == 0
    return Edited(project, old, undisturbed.published(), time.monotonic() - begun)


def is_started(_: Project) -> bool:
    return True


def is_locked(project: Project) -> bool:
    return (project.feeds / f"{PREFIX}.lock").exists()


def is_being_replaced(project: Project) -> bool:
    """Whether the first files were moved into their places."""
    return any(path.stat().st_mtime > project.toml.stat().st_mtime for path in project.feeds.glob("archive/*/*.xml"))


PHASES = ((is_started, 1.0), (is_locked, 0.5), (is_being_replaced, 0.01))
"""What is waited for before a build is killed, and for what share of its time at most it goes on after that."""


def kill(project: Project, seconds: float, *, after: Callable[[Project], bool]) -> None:
    """Start a build and kill it so many seconds after something was seen of it."""
    process = project.start("build", "--now", LATER)
    while process.poll() is None and not after(project):
        time.sleep(0.0001)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()


def assert_whole(path: str, content: bytes) -> None:
    """Raises where a published file is no document."""
    if path.endswith((".xml", ".opml")):
        etree.fromstring(content)
    elif path.endswith(".json"):
        json.loads(content)
    elif path.endswith(".jsonl"):
        for line in content.splitlines():
            json.loads(line)


def assert_old_or_new(edited: Edited, found: Mapping[str, bytes]) -> None:
    for path, content in found.items():
        if not path.startswith(PREFIX):
            assert content in (edited.old.get(path), edited.new.get(path)), path
            assert_whole(path, content)
    assert (edited.old.keys() & edited.new.keys()) <= found.keys()


def test_a_killed_build_leaves_whole_files_and_the_next_one_ends_where_it_would_have(edited: Edited, tmp_path: Path) -> None:
    rng = random.Random(20)
    assert edited.old.keys() < edited.new.keys()
    assert not [path for path in edited.old if edited.old[path] == edited.new[path] and path.endswith(".xml")]
    halfway = 0
    for number in range(KILLS):
        project = edited.project.copy(tmp_path / f"killed-{number}")
        after, share = PHASES[number % len(PHASES)]
        kill(project, edited.seconds * share * (number + rng.random()) / KILLS, after=after)
        found = project.published()
        assert_old_or_new(edited, found)
        halfway += found not in (edited.old, edited.new)
        assert project.build(now=LATER).status == 0
        assert project.published() == edited.new, "no temporary file, no lock, and the same bytes"
    assert halfway, "no build was killed while it wrote"


def test_what_feeds_lead_to_is_there_before_them(edited: Edited, tmp_path: Path) -> None:
    plan = build(
        read_settings(edited.project.toml),
        source=edited.project.news,
        output=edited.project.feeds,
        now=datetime.fromisoformat(LATER),
        cache=tmp_path / "cache",
        dry_run=True,
    )
    found, site = dict(edited.old), read_settings(edited.project.toml).url
    pages = set()
    for path in plan.difference.write:
        found[path] = edited.new[path]
        told = unescape(found[path].decode()) if path.endswith("atom.xml") else ""
        led = set(re.findall(rf"{re.escape(site)}([^\s\"<#]+\.(?:html|xml|json))\b", told))
        assert led <= found.keys(), path
        pages |= {address for address in led if address.startswith("editions/") and address not in edited.old}
    assert pages, "nothing led to a new page"


def test_a_build_killed_time_and_again_is_healed_by_one_that_is_not(edited: Edited) -> None:
    for number in range(6):
        kill(edited.project, edited.seconds * number / 20, after=is_locked)
        assert_old_or_new(edited, edited.project.published())
    assert edited.project.build(now=LATER).status == 0
    assert edited.project.published() == edited.new


def test_every_order_of_old_and_new_files_is_healed(edited: Edited, tmp_path: Path) -> None:
    """Also what no kill leaves: any mixture of files, as a synchronisation cut short may."""
    rng = random.Random(7)
    for number in range(10):
        project = edited.project.copy(tmp_path / f"mixed-{number}")
        for path in sorted(edited.new):
            if path != "ledger.jsonl" and rng.random() < 0.5:
                (project.feeds / path).parent.mkdir(parents=True, exist_ok=True)
                (project.feeds / path).write_bytes(edited.new[path])
        assert project.build(now=LATER).status == 0
        assert project.published() == edited.new


def test_the_first_build_of_all_may_be_killed_too(project: Project, sample_feeds: Mapping[str, bytes], tmp_path: Path) -> None:
    for number in range(4):
        fresh = project.copy(tmp_path / f"fresh-{number}")
        kill(fresh, 0.02 * (number + 1), after=is_locked)
        fresh.build()
        assert fresh.published() == sample_feeds
