"""Which files are documents, and their bytes or the reason why there are none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama.documents import Reader
from feedgen_kusama.model import LARGEST_DOCUMENT
from feedgen_kusama.sources import SourceError, list_sources, read_document, read_source

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_documents_are_told_by_their_suffix_in_any_letter_case(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", "b.MD", "c.markdown", "d.txt", "e.mdown", "f.html", "g.md.bak", "md", "h.md~")
    assert list_sources(tmp_path) == ["a.md", "b.MD", "c.markdown", "d.txt", "e.mdown"]


def test_hidden_files_and_those_with_a_leading_underscore_are_none(tmp_path: Path) -> None:
    fill(tmp_path, "a.md", ".a.md", "_a.md", ".git/a.md", "_drafts/a.md", "2024/_a.md")
    assert list_sources(tmp_path) == ["a.md"]


def test_names_are_sorted_by_code_point_over_all_folders(tmp_path: Path) -> None:
    fill(tmp_path, "b.md", "a/z.md", "a.md", "B.md", "é.md")
    assert list_sources(tmp_path) == ["B.md", "a.md", "a/z.md", "b.md", "é.md"]


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    fill(tmp_path, "outside/a.md", "news/b.md")
    (tmp_path / "news" / "linked").symlink_to(tmp_path / "outside")
    (tmp_path / "news" / "round").symlink_to(tmp_path / "news")
    assert list_sources(tmp_path / "news") == ["b.md"]


@pytest.mark.parametrize(("name", "words"), [("none", "no such folder"), ("file", "a file, not a folder")])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str, words: str) -> None:
    fill(tmp_path, "file")
    with pytest.raises(SourceError, match=words) as caught:
        list_sources(tmp_path / name)
    assert caught.value.status == 2


def test_an_empty_folder_holds_no_documents(tmp_path: Path) -> None:
    assert list_sources(tmp_path) == []


def test_bytes_are_handed_on_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff\r\n\x00")
    assert read_source(tmp_path, "a.md").data == b"\xff\r\n\x00"


def test_a_link_that_stays_inside_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "_texts/a")
    (tmp_path / "a.md").symlink_to("_texts/a")
    assert (read_source(tmp_path, "a.md").data, read_source(tmp_path, "a.md").fault) == (b"x", None)


@pytest.mark.parametrize("target", ["../outside.md", "/etc/passwd", "loop.md", "none.md"])
def test_a_link_that_leads_elsewhere_or_nowhere_is_a_fault(tmp_path: Path, target: str) -> None:
    fill(tmp_path, "outside.md")
    news = tmp_path / "news"
    news.mkdir()
    (news / "loop.md").symlink_to(target)
    file = read_source(news, "loop.md")
    assert file.data == b""
    assert file.fault


def test_a_source_folder_may_itself_be_a_link(tmp_path: Path) -> None:
    fill(tmp_path, "real/a.md")
    (tmp_path / "news").symlink_to("real")
    assert list_sources(tmp_path / "news") == ["a.md"]
    assert read_source(tmp_path / "news", "a.md").fault is None


@pytest.mark.parametrize(("size", "is_read"), [(LARGEST_DOCUMENT, True), (LARGEST_DOCUMENT + 1, False)])
def test_a_file_beyond_the_largest_size_is_not_read(tmp_path: Path, size: int, is_read: bool) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * size)
    file = read_source(tmp_path, "a.md")
    assert (len(file.data), file.fault is None) == ((size, True) if is_read else (0, False))


def test_a_file_that_vanishes_before_it_is_read_is_a_fault(tmp_path: Path, reader: Reader) -> None:
    document = read_document(reader, tmp_path, "gone.md")
    assert [problem.path for problem in document.problems] == ["gone.md"]
    assert document.edition is None


def test_a_file_outside_is_not_published_through_a_link(project: Project) -> None:
    secret = project.folder / "secret.txt"
    secret.write_text("# Letter - May 2022\n\n## A Vote\n\nThe governance password is hunter2.\n")
    (project.news / "x.md").symlink_to(secret)
    assert project.build().status == 1
    assert not any(b"hunter2" in data for data in project.published().values())


def test_a_folder_without_permission_is_told_and_published_entries_stay(shared_project: Project) -> None:
    moved = shared_project.news / "old"
    moved.mkdir()
    (shared_project.news / "2024-03.md").rename(moved / "2024-03.md")
    if os.geteuid() == 0:
        os.chown(moved, 65534, 65534)
    assert shared_project.spawn_unprivileged("build").status == 0
    before = shared_project.published()
    moved.chmod(0)
    outcome = shared_project.spawn_unprivileged("build")
    assert outcome.status in (1, 2)
    assert len(outcome.err) == 1
    assert outcome.err[0].startswith("news/old: cannot be read: Permission denied")
    assert shared_project.published() == before
