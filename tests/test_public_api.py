"""The package as a library: a few names, loaded when used, and the same pipeline as the command."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

import feedgen_kusama
from feedgen_kusama import Result, Settings, build, parse_document, read_settings
from feedgen_kusama.errors import FeedgenKusamaError, OutputError, RefusedError, SettingsError
from feedgen_kusama.sources import SourceError

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

NOW = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)


def run_build(project: Project, now: datetime = NOW) -> Result:
    settings = read_settings(project.toml)
    return build(settings, source=project.news, output=project.feeds, now=now)


def test_every_public_name_is_there_and_sorted() -> None:
    assert feedgen_kusama.__all__ == sorted(feedgen_kusama.__all__)
    for name in feedgen_kusama.__all__:
        assert getattr(feedgen_kusama, name).__module__.startswith("feedgen_kusama")


def test_a_name_that_is_not_public_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Reader'"):
        _ = feedgen_kusama.Reader
    with pytest.raises(ImportError):
        importlib.import_module("feedgen_kusama.no_such_module")


def test_importing_the_package_loads_none_of_its_modules() -> None:
    code = "import sys, feedgen_kusama; print(*sorted(m for m in sys.modules if m.startswith(('feedgen', 'lxml', 'mistune'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.split() == ["feedgen_kusama"]


def test_help_loads_neither_a_parser_nor_a_format() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from feedgen_kusama.cli import main; "
        "CliRunner().invoke(main, ['--help']); print(*{'lxml', 'mistune', 'feedgen', 'nh3', 'yaml'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == ""


def test_the_version_is_that_of_the_distribution() -> None:
    assert feedgen_kusama.__version__ == version("feedgen-kusama")


@pytest.mark.parametrize("name", ["py.typed", "kusama.toml"])
def test_the_package_carries_its_data(name: str) -> None:
    assert files("feedgen_kusama").joinpath(name).is_file()


def test_a_build_from_python_publishes_what_the_command_does(project: Project, sample_feeds: Mapping[str, bytes]) -> None:
    result = run_build(project)
    assert result.problems == ()
    assert (result.documents, result.entries) == (8, 62)
    assert project.published() == sample_feeds


def test_a_build_is_the_same_at_the_same_instant_in_every_time_zone(
    project: Project, sample_feeds: Mapping[str, bytes]
) -> None:
    run_build(project, NOW.astimezone(timezone(timedelta(hours=-11))))
    assert project.published() == sample_feeds


def test_a_time_without_zone_is_refused_before_anything_is_written(project: Project) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        run_build(project, NOW.replace(tzinfo=None))
    assert project.published() == {}


def test_a_document_is_parsed_from_text_or_bytes(settings: Settings) -> None:
    text = "# Letter - May 2022\n\n## A Vote\n\nThe café's governance vote.\n"
    document = parse_document(text, "a.md", settings)
    assert document == parse_document(text.encode(), "a.md", settings)
    assert (str(document.edition), [draft.title for draft in document.drafts]) == ("2022-05", ["A Vote"])


@pytest.mark.parametrize(
    "text", ["", "\ud800", "\x00", "# Letter\n\ud800 - May 2022\n", b"\xff", "---\n: :\n---\n", "#" * 10_000]
)
def test_parsing_never_raises_for_what_a_text_holds(settings: Settings, text: str | bytes) -> None:
    assert parse_document(text, "a.md", settings).problems


def test_values_do_not_change(settings: Settings) -> None:
    document = parse_document("# Letter - May 2022\n\n## A Vote\n\nThe vote.\n", "a.md", settings)
    for value in (settings, document, document.drafts[0]):
        with pytest.raises(AttributeError):
            value.title = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("error", "status"), [(SettingsError(["x"]), 2), (SourceError(), 2), (RefusedError(), 3), (OutputError(), 3)]
)
def test_every_error_has_its_exit_status(error: FeedgenKusamaError, status: int) -> None:
    assert error.status == status


def test_progress_is_told_through_the_names_of_the_documents(project: Project) -> None:
    seen: list[str] = []
    build(
        read_settings(project.toml),
        source=project.news,
        output=project.feeds,
        now=NOW,
        watch=lambda names: [name for name in names if not seen.append(name)],  # type: ignore[func-returns-value]
    )
    assert seen == sorted(path.name for path in project.news.iterdir())
