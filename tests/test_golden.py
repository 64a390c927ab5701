"""What is committed in `feeds/` is what the committed documents publish: today, in a year, on any machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from feedgen_kusama.building import authority_of
from feedgen_kusama.config import read_settings
from feedgen_kusama.documents import Reader
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.orders import Result
from feedgen_kusama.pipeline import build
from feedgen_kusama.settings import Settings
from feedgen_kusama.sources import list_sources, read_document
from tests.publishing import NOW, SOURCES, assemble, publish, read_tree
from tests.readings import ROOT

FEEDS = ROOT / "feeds"
YEARS = [2026, 2027, 2046]
PLACES = [
    {"TZ": "Pacific/Auckland", "LC_ALL": "C"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    {"TZ": "UTC", "LC_ALL": "C.utf8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
    {"TZ": "Asia/Kathmandu", "LC_ALL": "POSIX", "PYTHONHASHSEED": "4242", "LANGUAGE": "de"},
]
"""Environments of machines that build the same documents."""


def settings() -> Settings:
    return read_settings(ROOT / "feeds.toml")


def build_copy(folder: Path, year: int) -> Result:
    """A build of a copy of the committed documents into `folder`."""
    source = folder.parent / "news"
    shutil.copytree(ROOT / "news", source, dirs_exist_ok=True)
    return build(settings(), source=source, output=folder, now=datetime(year, 11, 21, 8, 30, tzinfo=timezone.utc))


@pytest.mark.parametrize("year", YEARS)
def test_a_build_leaves_the_committed_feeds_byte_for_byte(year: int, tmp_path: Path) -> None:
    shutil.copytree(FEEDS, tmp_path / "feeds")
    result = build_copy(tmp_path / "feeds", year)
    assert (result.difference.write, result.difference.remove, result.difference.foreign) == ((), (), ())
    assert read_tree(tmp_path / "feeds") == read_tree(FEEDS)


@pytest.mark.parametrize("year", YEARS)
def test_a_first_build_gives_the_committed_feeds_whenever_it_is_done(year: int, tmp_path: Path) -> None:
    build_copy(tmp_path / "feeds", year)
    assert read_tree(tmp_path / "feeds") == read_tree(FEEDS)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place['TZ']} {place['LC_ALL']}")
def test_every_machine_gives_the_committed_feeds(place: dict[str, str], tmp_path: Path) -> None:
    output = tmp_path / "feeds"
    command = [sys.executable, "-m", "feedgen_kusama", "build", "--output", str(output), "--now", "2026-11-21T08:30:00+13:00"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **place}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert read_tree(output) == read_tree(FEEDS)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_a_second_build_writes_nothing(source: Path, tmp_path: Path) -> None:
    build(settings(), source=source, output=tmp_path, now=NOW)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second = build(settings(), source=source, output=tmp_path, now=NOW.replace(year=2030))
    assert (second.difference.write, second.difference.remove) == ((), ())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}.items() <= before.items()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_order_in_which_documents_come_changes_nothing(source: Path) -> None:
    reader = Reader(settings())
    documents = [read_document(reader, source, name) for name in list_sources(source)]
    empty = Ledger(authority=authority_of(settings()), records=())
    orders = (documents, documents[::-1], documents[1::2] + documents[::2])
    first, *others = (assemble(settings(), order, empty, NOW).files for order in orders)
    assert all(files == first for files in others)


def test_a_build_of_no_document_publishes_the_empty_feeds() -> None:
    assembly = publish({})
    assert assembly.entries == ()
    assert {feed.folder for feed in assembly.feeds} == {"", "editions/", *(f"{topic.id}/" for topic in settings().topics)}


def test_the_committed_ledger_is_in_order_one_record_a_line() -> None:
    header, *lines = (FEEDS / "ledger.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert json.loads(header)["authority"] == settings().authority
    assert [(r["edition"], r["slug"]) for r in records] == sorted((r["edition"], r["slug"]) for r in records)
