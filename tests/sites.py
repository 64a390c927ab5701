"""A small publication: two months, two topics, built. A pytest plugin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects import NOW, Project, new_project

LATER = "2026-02-15T12:00:00Z"
SETTINGS = """\
title = "Harbour News"
url = "https://harbour.example/"
description = "The harbour, month by month."
author = "Harbour News"
authority = "harbour.example,2026"

[[topics]]
id = "ships"
title = "Ships"
words = { ship = 2 }

[[topics]]
id = "quays"
title = "Quays"
words = { quay = 2 }
"""
OLD = """\
# Harbour News - February 2025

# A Month of Small Steps

The harbour closed February with fewer ships.

## The Last Ship of the Winter

The last ship left on February 12th.
"""
NEW = """\
# Harbour News - March 2025

# Spring at the Harbour

The harbour woke up.

## The North Quay Is Mended

The quay carries cranes again.

## A Ship from Afar

The ship carried tea.
"""
NEWEST = "# Harbour News - January 2026\n\n## A New Quay\n\nThe quay opened on January 7th.\n"


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = new_project(tmp_path_factory.mktemp("site") / "built")
    project.toml.write_text(SETTINGS, "utf-8")
    project.write("2025-02.md", OLD)
    project.write("2025-03.md", NEW)
    assert project.build().status == 0
    return project


@pytest.fixture(scope="session")
def edited_site(built_site: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The same, later: a story reworded, a month of a new year, an old month retracted."""
    project = built_site.copy(tmp_path_factory.mktemp("site") / "edited")
    edit(project)
    return project


@pytest.fixture
def site(built_site: Project, tmp_path: Path) -> Project:
    """The publication, built."""
    return built_site.copy(tmp_path / "site")


@pytest.fixture
def later(edited_site: Project, tmp_path: Path) -> Project:
    """The publication, edited and built again."""
    return edited_site.copy(tmp_path / "later")


def edit(project: Project) -> None:
    project.edit("2025-03.md", "The ship carried tea", "The ship carried coffee")
    project.write("2026-01.md", NEWEST)
    (project.news / "2025-02.md").unlink()
    assert project.build("--allow-retractions", now=LATER).status == 0


__all__ = ["LATER", "NOW", "built_site", "edit", "edited_site", "later", "site"]
