"""The folder of feeds as a build finds it: what is foreign, linked or of no use any more."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from feedgen_kusama.folders import LOCK

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]


def touched(folder: Path) -> dict[str, tuple[int, int]]:
    """Each file's inode and time of change: the same where it was not touched."""
    found = {p.relative_to(folder).as_posix(): p.stat() for p in folder.rglob("*") if p.is_file()}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in found.items()}


def test_a_foreign_file_in_the_way_is_reported_and_all_others_are_published(project: Project) -> None:
    project.feeds.mkdir()
    (project.feeds / "rss.xml").write_bytes(b"mine")
    outcome = project.build()
    assert (outcome.status, len(outcome.err)) == (1, 1)
    assert outcome.err[0].startswith("feeds/rss.xml: not made by feedgen-kusama, or damaged, and left alone")
    assert (project.feeds / "rss.xml").read_bytes() == b"mine"
    assert (project.feeds / "atom.xml").exists()


def test_a_topic_that_is_removed_leaves_no_file(project: Project) -> None:
    tables = '[[topics]]\nid = "one"\ntitle = "One"\n[topics.words]\nvote = 1\n'
    settings = project.toml.read_text()
    project.toml.write_text(settings + tables + '[[topics]]\nid = "two"\ntitle = "Two"\n[topics.words]\ncommunity = 9\n')
    project.build()
    assert (project.feeds / "two" / "atom.xml").exists()
    (project.feeds / "two" / "notes.txt").write_text("mine")
    project.toml.write_text(settings + tables)
    told = 'feeds/two/atom.xml: removed with its readers: a topic that has another id now keeps them by former = ["two"]'
    assert told in project.build().err
    assert told not in project.build().err
    assert [p.name for p in (project.feeds / "two").rglob("*")] == ["notes.txt"]


def test_a_lock_that_is_a_link_is_not_followed(project: Project) -> None:
    target = project.folder / "precious"
    target.write_text("mine")
    project.feeds.mkdir()
    (project.feeds / LOCK).symlink_to(target)
    outcome = project.build()
    assert outcome.status in (0, 3)
    assert target.read_text() == "mine"


def test_a_link_in_the_output_is_one_line_and_changes_nothing(project: Project) -> None:
    project.build()
    outside = project.folder / "outside"
    (project.feeds / "governance").rename(outside)
    (project.feeds / "governance").symlink_to(outside)
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    before, behind = project.published(), touched(outside)
    outcome = project.build()
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert outcome.err[0].startswith("feeds/governance: a link")
    assert (project.published(), touched(outside)) == (before, behind)


def test_a_foreign_file_without_read_permission_costs_nothing(shared_project: Project) -> None:
    other = shared_project.feeds / "other"
    other.mkdir(parents=True)
    (other / "rss.xml").write_text("mine")
    (other / "rss.xml").chmod(0)
    for path in (shared_project.feeds, other):
        os.chown(path, *((65534, 65534) if os.geteuid() == 0 else (-1, -1)))
    outcome = shared_project.spawn_unprivileged("build")
    assert outcome.status in (0, 1)
    assert "Traceback" not in "\n".join(outcome.err)


def test_pages_of_others_stay_though_they_name_or_include_what_is_published(project: Project) -> None:
    project.build()
    fragment = (project.feeds / "governance" / "fragment.html").read_text("utf-8")
    mine = {
        "about.html": "<p>Made with feedgen-kusama.</p>",
        "talks/index.html": f"<!doctype html><title>Talks</title>{fragment}",
        "old/2024-03.html": "<p>Copied from feedgen-kusama</p>",
    }
    for path, text in mine.items():
        (project.feeds / path).parent.mkdir(exist_ok=True)
        (project.feeds / path).write_text(text, "utf-8")
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    assert project.build().status == 0
    assert {path: (project.feeds / path).read_text("utf-8") for path in mine} == mine


def test_files_of_others_stay_though_they_are_called_alike_and_name_the_program(project: Project) -> None:
    mine = {
        "blog/atom.xml": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Moved to feedgen-kusama</title></feed>',
        "blog/feed.json": '{"title": "feedgen-kusama"}',
        "blog/style.css": "/* as in feedgen-kusama */",
        "blog/page.js": "// feedgen-kusama",
        "feeds.opml": "<opml><!-- from feedgen-kusama --></opml>",
    }
    for path, text in mine.items():
        (project.feeds / path).parent.mkdir(parents=True, exist_ok=True)
        (project.feeds / path).write_text(text, "utf-8")
    outcome = project.build()
    assert [line.partition(":")[0] for line in outcome.err] == ["feeds/feeds.opml"]
    (project.feeds / "ledger.jsonl").unlink()
    outcome = project.build()
    assert (outcome.status, len(outcome.err)) == (1, 2)
    assert "rebuilt from the published feeds with 70 entries" in outcome.err[0]
    assert {path: (project.feeds / path).read_text("utf-8") for path in mine} == mine


def test_a_publication_below_another_is_left_alone(project: Project) -> None:
    assert project.run("build", "--output", "feeds/music", "--url", "https://news.example/music/").status == 0
    before = project.published()
    assert project.build().status == 0
    assert before.items() <= project.published().items()


def test_a_file_that_was_cut_off_is_mended(project: Project) -> None:
    project.build()
    before = project.published()
    for path in ("feed.json", "rss.xml", "index.html"):
        (project.feeds / path).write_bytes(before[path][:40])
    assert project.build().status == 0
    assert project.published() == before


def test_a_file_where_a_folder_belongs_is_refused_and_changes_nothing(project: Project) -> None:
    project.build()
    shutil.rmtree(project.feeds / "governance")
    (project.feeds / "governance").write_text("mine")
    before = project.published()
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    outcome = project.build()
    assert outcome.status == 3
    assert outcome.err[0].endswith("feeds/governance: stands where a folder belongs: remove it or choose another --output")
    assert project.published() == before
