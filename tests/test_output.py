"""A folder is brought in line with its files: only what differs is touched, only what is ours is replaced."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedgen_kusama.errors import OutputError
from feedgen_kusama.output import Difference, staging

NAMES = frozenset({"rss.xml", "atom.xml"})
MARK = b"<generator>feedgen-kusama</generator>"
FILES = {"atom.xml": b"<a>" + MARK, "t/atom.xml": b"<b>" + MARK, "t/old/rss.xml": b"<c>" + MARK, "ledger.jsonl": MARK + b"\n"}


def bring(folder: Path, files: dict[str, bytes]) -> Difference:
    with staging(folder, own="ledger.jsonl") as stage:
        for path, content in files.items():
            stage.put(path, content)
        difference = stage.difference(names=NAMES)
        stage.apply(difference)
    return difference


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    return {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.rglob("*") if p.is_file()}


def test_a_new_folder_holds_exactly_the_files(tmp_path: Path) -> None:
    difference = bring(tmp_path / "a" / "feeds", FILES)
    assert contents(tmp_path / "a" / "feeds") == FILES
    assert difference.write == tuple(FILES)


def test_what_does_not_differ_is_not_touched(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    before = {path: (tmp_path / path).stat() for path in FILES}
    difference = bring(tmp_path, {**FILES, "t/atom.xml": MARK + b"new"})
    assert difference.write == ("t/atom.xml",)
    for path, old in before.items():
        new = (tmp_path / path).stat()
        is_same = (new.st_ino, new.st_mtime_ns, new.st_ctime_ns) == (old.st_ino, old.st_mtime_ns, old.st_ctime_ns)
        assert is_same == (path != "t/atom.xml")


def test_a_file_is_replaced_whole_and_never_written_into(tmp_path: Path) -> None:
    """Whoever has the old file open reads the old one to its end."""
    bring(tmp_path, FILES)
    with (tmp_path / "atom.xml").open("rb") as reading:
        bring(tmp_path, {**FILES, "atom.xml": MARK + b"another"})
        assert reading.read() == FILES["atom.xml"]
    assert (tmp_path / "atom.xml").read_bytes() == MARK + b"another"


def test_a_file_no_longer_wanted_is_removed_with_folders_left_empty(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    difference = bring(tmp_path, {"atom.xml": FILES["atom.xml"]})
    assert difference.remove == ("t/atom.xml", "t/old/rss.xml")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["atom.xml", "ledger.jsonl"]


def test_a_folder_that_still_holds_something_is_kept(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    (tmp_path / "t" / "notes").write_text("mine")
    bring(tmp_path, {})
    assert contents(tmp_path) == {"t/notes": b"mine", "ledger.jsonl": FILES["ledger.jsonl"]}


def test_a_foreign_file_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "u").mkdir()
    for name in ("atom.xml", "u/atom.xml"):
        (tmp_path / name).write_bytes(b"mine")
    difference = bring(tmp_path, FILES)
    assert difference.foreign == ("atom.xml",)
    assert difference.remove == ()
    assert contents(tmp_path) == {**FILES, "atom.xml": b"mine", "u/atom.xml": b"mine"}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_a_replaced_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    bring(tmp_path, FILES)
    (tmp_path / "atom.xml").chmod(mode)
    bring(tmp_path, {**FILES, "atom.xml": MARK + b"new"})
    assert (tmp_path / "atom.xml").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_new_file_has_the_mode_that_the_umask_gives(tmp_path: Path, mask: int, mode: int) -> None:
    before = os.umask(mask)
    try:
        bring(tmp_path / "feeds", FILES)
        assert (tmp_path / "feeds" / "atom.xml").stat().st_mode & 0o777 == mode
        assert os.umask(mask) == mask
    finally:
        os.umask(before)


@pytest.mark.parametrize("place", ["atom.xml", "t/atom.xml", "t", "t/old", "ledger.jsonl"])
def test_a_link_is_refused_and_not_followed(tmp_path: Path, place: str) -> None:
    outside, feeds = tmp_path / "outside", tmp_path / "feeds"
    bring(outside, FILES)
    before = marks(outside)
    (feeds / place).parent.mkdir(parents=True)
    (feeds / place).symlink_to(outside / place)
    with pytest.raises(OutputError, match="a link, which is not followed"):
        bring(feeds, dict.fromkeys(FILES, MARK + b"new"))
    assert marks(outside) == before


def test_files_behind_a_link_are_not_removed(tmp_path: Path) -> None:
    outside, feeds = tmp_path / "outside", tmp_path / "feeds"
    bring(outside, FILES)
    feeds.mkdir()
    (feeds / "u").symlink_to(outside)
    (feeds / "rss.xml").symlink_to(outside / "atom.xml")
    bring(feeds, {})
    assert contents(outside) == FILES
    assert (feeds / "rss.xml").is_symlink()


def test_what_a_killed_build_left_behind_is_swept(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    (tmp_path / ".feedgen-kusama-abc123").mkdir()
    (tmp_path / ".feedgen-kusama-abc123" / "0").write_bytes(b"half")
    bring(tmp_path, FILES)
    assert contents(tmp_path) == FILES


def test_a_folder_in_place_of_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "atom.xml").mkdir()
    with pytest.raises(OutputError, match=r"atom\.xml"):
        bring(tmp_path, FILES)
    assert contents(tmp_path) == {}


def test_what_is_no_file_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bring(tmp_path, FILES)
    (tmp_path / "t" / "atom.xml").unlink()
    os.mkfifo(tmp_path / "t" / "atom.xml")  # to read it would never end
    before = marks(tmp_path)
    with pytest.raises(OutputError, match=r"t/atom\.xml: stands where a file belongs"):
        bring(tmp_path, {path: content + b"new" for path, content in FILES.items()})
    assert marks(tmp_path) == before


def test_a_file_in_place_of_a_folder_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"mine")
    with pytest.raises(OutputError, match=f"{tmp_path}/t"):
        bring(tmp_path, FILES)
    assert (tmp_path / "t").read_bytes() == b"mine"


def test_the_ledger_is_written_last_and_the_others_as_they_came(tmp_path: Path) -> None:
    files = {"z": MARK, "ledger.jsonl": b"", "a": MARK}
    assert bring(tmp_path, files).write == ("z", "a", "ledger.jsonl")
