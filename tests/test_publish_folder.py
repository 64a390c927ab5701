"""Publishing to a folder, and what is refused whatever the target is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects", "sites"]

MANIFEST = ".feedgen-kusama.json"


def held(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the manifest."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    files.pop(MANIFEST, None)
    return files


def test_a_folder_gets_all_files_and_a_second_publication_touches_none(site: Project) -> None:
    target = site.folder / "www"
    outcome = site.run("publish", "www")
    assert (outcome.status, outcome.err) == (0, ())
    assert held(target) == site.published()
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    outcome = site.run("publish", "www")
    assert outcome.out == (f"www: 0 uploaded, 0 removed, {len(site.published())} unchanged",)
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before


@pytest.mark.parametrize("form", ["file://{}", "file://localhost{}", "{}"])
def test_a_folder_may_be_named_by_path_or_address(site: Project, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "a folder"
    assert site.run("publish", form.format(str(folder) if form == "{}" else str(folder).replace(" ", "%20"))).status == 0
    assert held(folder) == site.published()


def test_what_is_gone_is_removed_with_its_folder_and_others_files_stay(site: Project, later: Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    site.toml.write_text(site.toml.read_text().replace('id = "ships"', 'id = "ships"\nformer = ["boats"]'))
    site.build()
    site.run("publish", str(target))
    assert (target / "boats" / "rss.xml").exists()
    (target / "about.html").write_text("<h1>About</h1>")
    (target / "mine.html").write_text("by feedgen-kusama, kept by hand")
    assert later.run("publish", str(target)).status == 0
    others = {"about.html": b"<h1>About</h1>", "mine.html": b"by feedgen-kusama, kept by hand"}
    assert held(target) == {**later.published(), **others}
    assert not (target / "boats").exists()


def test_hidden_files_and_files_of_others_are_not_published(site: Project) -> None:
    before = site.published()
    for name in (".htaccess", "notes.txt", "draft.html", ".git/config", "img/photo.jpg"):
        path = site.feeds / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")
    assert site.run("publish", "www").status == 0
    assert held(site.folder / "www") == before


def test_links_in_the_folder_of_feeds_are_not_followed(site: Project, tmp_path: Path) -> None:
    before = site.published()
    (tmp_path / "secret.html").write_text("feedgen-kusama secret")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "index.html").write_text("feedgen-kusama secret")
    (site.feeds / "secret.html").symlink_to(tmp_path / "secret.html")
    (site.feeds / "more").symlink_to(tmp_path / "more")
    assert site.run("publish", "www").status == 0
    assert held(site.folder / "www") == before


def test_a_link_in_the_target_is_not_followed(site: Project, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = site.folder / "www"
    target.mkdir()
    (target / "editions").symlink_to(tmp_path / "elsewhere")
    outcome = site.run("publish", "www")
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_manifest_leads_to_no_file_outside_the_target(site: Project) -> None:
    site.run("publish", "www")
    path = site.folder / "www" / MANIFEST
    outside = site.folder / "keep.html"
    outside.write_text("feedgen-kusama")
    manifest = json.loads(path.read_text())
    manifest["held"]["claimed"] = ["../keep.html", str(outside), "x/../../keep.html", "//keep.html"]
    path.write_text(json.dumps(manifest))
    assert site.run("publish", "www").status == 0
    assert outside.exists()


DAMAGES: Mapping[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "that of another program": lambda path: path.write_text('{"manifest": "other", "version": 1}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_manifest_that_is_damaged_is_made_anew(site: Project, damage: str) -> None:
    site.run("publish", "www")
    path = site.folder / "www" / MANIFEST
    before = path.read_bytes()
    DAMAGES[damage](path)
    outcome = site.run("publish", "www")
    assert (outcome.status, outcome.out[0].startswith("www: 0 uploaded")) == (0, True)
    assert path.read_bytes() == before


def test_a_manifest_of_a_newer_program_is_refused(site: Project) -> None:
    site.run("publish", "www")
    path = site.folder / "www" / MANIFEST
    path.write_text(path.read_text().replace('"version":1', '"version":2'))
    before = held(site.folder / "www")
    outcome = site.run("publish", "www")
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert held(site.folder / "www") == before


def test_what_was_changed_or_removed_by_hand_is_mended(site: Project) -> None:
    site.run("publish", "www")
    (site.folder / "www" / "rss.xml").unlink()
    (site.folder / "www" / "index.html").write_text("edited")
    assert site.run("publish", "www").out[0].startswith("www: 2 uploaded")
    assert held(site.folder / "www") == site.published()


def test_a_target_that_is_ahead_is_refused_and_stays_as_it_was(site: Project, later: Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    later.run("publish", str(target))
    outcome = site.run("publish", str(target))
    assert (outcome.status, outcome.out, len(outcome.err)) == (3, (), 1)
    assert "is ahead" in outcome.err[0]
    assert held(target) == later.published()
    assert site.run("publish", str(target), "--dry-run").status == 3


def test_another_publication_s_target_is_refused(site: Project, later: Project, tmp_path: Path) -> None:
    target = tmp_path / "www"
    site.run("publish", str(target))
    for path in (later.toml, later.feeds / "ledger.jsonl"):
        path.write_text(path.read_text().replace("harbour.example,2026", "other.example,2026"))
    outcome = later.run("publish", str(target))
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert "'harbour.example,2026'" in outcome.err[0]
    assert held(target) == site.published()


def test_a_target_with_a_damaged_ledger_is_refused_with_a_way_out(site: Project) -> None:
    site.run("publish", "www")
    ledger = site.folder / "www" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:200])
    outcome = site.run("publish", "www")
    assert (outcome.status, len(outcome.err)) == (3, 1)
    ledger.unlink()
    assert site.run("publish", "www").status == 0
    assert held(site.folder / "www") == site.published()


USAGES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "no target": ((), "TARGET"),
    "no folder of feeds": (("www", "--output", "nowhere"), "build first"),
    "a folder without a ledger": (("www", "--output", "news"), "build first"),
    "the folder of feeds itself": (("feeds",), "folders of their own"),
    "a folder in the folder of feeds": (("feeds/www",), "folders of their own"),
    "a folder around the folder of feeds": ((".",), "folders of their own"),
    "a file": (("feeds.toml",), "a file, not a folder"),
    "an unknown kind of target": (("ftp://example.org/x",), "s3://"),
    "a bucket without a name": (("s3:///x",), "s3://bucket"),
    "another machine's folder": (("file://server/x",), "file:///"),
    "no address": (("s3://[/x",), "no address"),
    "an endpoint for a folder": (("www", "--endpoint-url", "https://s3.example"), "leave it out"),
    "headers for a folder": (("www", "--gzip"), "no headers"),
    "a negative number of tries": (("www", "--retries", "-1"), "--retries"),
    "no time at all": (("www", "--timeout", "0"), "--timeout"),
    "a time that is none": (("www", "--timeout", "nan"), "--timeout"),
    "an endless wait": (("www", "--wait", "inf"), "--wait"),
    "a hub by http": (("www", "--config", "hub.toml"), "https://"),
}


def test_an_address_is_judged_though_there_are_no_settings(site: Project) -> None:
    site.toml.unlink()
    assert site.run("publish", "www", "--url", "not an address").status == 2
    assert not (site.folder / "www").exists()


@pytest.mark.parametrize("mistake", USAGES)
def test_a_mistake_is_status_2_says_what_to_write_and_changes_nothing(site: Project, mistake: str) -> None:
    arguments, words = USAGES[mistake]
    (site.folder / "hub.toml").write_text(
        site.toml.read_text().replace("[[topics]]", 'hub = "http://hub.example/"\n[[topics]]', 1)
    )
    before = {*site.folder.rglob("*")}
    outcome = site.run("publish", *arguments)
    assert (outcome.status, outcome.out) == (2, ())
    assert words in "\n".join(outcome.err)
    assert {*site.folder.rglob("*")} == before


def test_without_the_extra_a_folder_is_published_and_a_bucket_says_what_to_install(site: Project, tmp_path: Path) -> None:
    for name in ("obstore", "boto3"):
        (tmp_path / "broken" / name).mkdir(parents=True)
        (tmp_path / "broken" / name / "__init__.py").write_text(f"raise ModuleNotFoundError('none', name={name!r})")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "broken")}
    assert site.spawn("publish", "www", env=environment).status == 0
    outcome = site.spawn("publish", "s3://bucket/x", env=environment)
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert "feedgen-kusama[s3]" in outcome.err[0]


def test_a_folder_that_cannot_be_written_is_told(shared_project: Project) -> None:
    assert shared_project.build().status == 0
    target = shared_project.folder / "www"
    target.mkdir()
    target.chmod(0o555)
    for path in shared_project.feeds.rglob("*"):
        path.chmod(0o777)
    shared_project.feeds.chmod(0o777)
    outcome = shared_project.spawn_unprivileged("publish", "www")
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert outcome.err[0].startswith("www: cannot be written")


def test_nothing_is_published_while_a_build_runs(site: Project) -> None:
    from filelock import FileLock

    from feedgen_kusama.folders import LOCK

    with FileLock(site.feeds / LOCK):
        outcome = site.run("publish", "www")
    assert outcome.status == 3
    assert not (site.folder / "www").exists()


def test_a_publisher_that_was_killed_leaves_no_temporary_file_for_long(site: Project) -> None:
    (site.folder / "www").mkdir()
    (site.folder / "www" / ".feedgen-kusama-x1y2").write_text("half a fi")
    assert site.run("publish", "www").status == 0
    assert held(site.folder / "www") == site.published()


@pytest.mark.parametrize("path", ["feed.json", "ships"])
def test_what_cannot_be_read_is_refused_and_stays_published(site: Project, path: str) -> None:
    site.run("publish", "www")
    before = held(site.folder / "www")
    mode = (site.feeds / path).stat().st_mode
    (site.feeds / path).chmod(0)
    try:
        outcome = site.spawn_unprivileged("publish", "--dry-run", "www")
    finally:
        (site.feeds / path).chmod(mode)
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert f"feeds/{path}" in outcome.err[0]
    assert "cannot be read: Permission denied" in outcome.err[0]
    assert held(site.folder / "www") == before


@pytest.mark.parametrize("path", ["feed.json", "index.html"])
def test_what_is_damaged_is_refused_and_stays_published(site: Project, path: str) -> None:
    site.run("publish", "www")
    before = held(site.folder / "www")
    (site.feeds / path).write_bytes(before[path][:40])
    outcome = site.run("publish", "www")
    assert outcome.status == 3
    assert outcome.err[0].startswith(f"feeds/{path}: ")
    assert "damaged" in outcome.err[0]
    assert held(site.folder / "www") == before


@pytest.mark.parametrize("path", ["feed.json", "ships/atom.xml", "archive/2025/rss.xml", "editions/2025-02.html"])
def test_what_is_missing_beside_its_like_is_refused_and_stays_published(site: Project, path: str) -> None:
    site.run("publish", "www")
    before = held(site.folder / "www")
    (site.feeds / path).unlink()
    outcome = site.run("publish", "www")
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert outcome.err[0].startswith(f"feeds/{path}: missing")
    assert held(site.folder / "www") == before
