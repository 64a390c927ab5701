"""The benchmark's corpora are the same everywhere and of the stated size; a run tells what builds cost, and what they must."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bench.bounds import Bound
from bench.changes import Change, find_change, look_at
from bench.floors import EVERY, EVERYTHING, HEADS, SHARING, Floor, Writing
from bench.limits import Floors, Limits
from bench.micro import Micro
from bench.rounds import Figure, Figures
from feedgen_kusama.config import read_settings
from feedgen_kusama.documents import Reader
from feedgen_kusama.model import Document
from tests.projects import ROOT

DOCUMENTS = 70


def run(script: str, *arguments: object) -> str:
    command = [sys.executable, str(ROOT / "bench" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True).stdout


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((folder / "news").iterdir())}


def parse(folder: Path) -> list[Document]:
    reader = Reader(read_settings(folder / "feeds.toml"))
    return [reader.parse(text, name) for name, text in read(folder).items()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    run("corpus.py", "--documents", DOCUMENTS, "--shape", "months65", folder)
    return folder


def test_a_corpus_is_the_same_each_time(corpus: Path, tmp_path: Path) -> None:
    run("corpus.py", "--documents", DOCUMENTS, "--shape", "months65", tmp_path)
    assert read(tmp_path) == read(corpus)


def test_a_corpus_has_as_many_documents_and_months_as_asked_for(corpus: Path) -> None:
    documents = parse(corpus)
    assert len(documents) == DOCUMENTS
    assert len({document.edition for document in documents}) == 65


def test_documents_are_read_like_the_samples_that_they_are_made_from(corpus: Path) -> None:
    reader = Reader(read_settings(corpus / "feeds.toml"))
    samples = [reader.parse(path.read_bytes(), path.name) for path in (ROOT / "news").iterdir()]
    known = {tuple(draft.topic for draft in sample.drafts) for sample in samples}
    for document in parse(corpus):
        assert not document.problems
        assert tuple(draft.topic for draft in document.drafts) in known


def test_no_two_stories_say_the_same(corpus: Path) -> None:
    texts = [draft.text for document in parse(corpus) for draft in document.drafts]
    assert len(set(texts)) == len(texts)


def test_a_run_without_other_tools_reports_every_work(tmp_path: Path) -> None:
    arguments = ("--sizes", 3, "--shapes", "months", "--repeats", 0, "--no-micro", "--folder", tmp_path, "--tools")
    report = run("run.py", *arguments)
    for work in ("cold build", "build without change", "one document edited", "one document added", "one document explained"):
        for what in ("heads only", "everything"):
            assert f"| feedgen-kusama, {what} | {work} |" in report


def test_a_change_counts_what_a_build_wrote(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "news", tmp_path / "news")
    build = [sys.executable, "-m", "feedgen_kusama", "build", "--url", "https://news.example/", "--no-cache", "--quiet"]
    build += ["--source", "news", "--output", "feeds", "--now", "2026-01-01T00:00:00Z"]
    subprocess.run(build, cwd=tmp_path, check=True)
    whole = find_change(tmp_path / "feeds", {})
    files = [path for path in (tmp_path / "feeds").rglob("*") if path.is_file()]
    assert (whole.files, whole.size) == (len(files), sum(path.stat().st_size for path in files))
    assert whole.shown > 2 * whole.entries > 0  # in RSS and Atom, by topic and together
    before = look_at(tmp_path / "feeds")
    assert find_change(tmp_path / "feeds", before) == Change(files=0, size=0, entries=0, shown=0)
    (tmp_path / "feeds" / "atom.xml").write_bytes((tmp_path / "feeds" / "atom.xml").read_bytes())
    atom = find_change(tmp_path / "feeds", before)
    assert atom.files == 1
    assert atom.entries == atom.shown > 0


@pytest.mark.parametrize(
    ("bound", "least"),
    [
        # 1 s loaded, 3 documents in 1.6 x 1 s, 5 entries twice in 0.1 s, shown 20 times in 0.01 s, half the files in 4 s
        (Bound(tool="heads", work="cold", what="cpu", size=3, other="hugo", factor=1), (1 + 4.8 + 1 + 0.2 + 2) / 2),
        (Bound(tool="heads", work="edited", what="cpu", size=3, other="hugo", factor=1), (1 + 1.6 + 1 + 0.2 + 2) / 2),
        (Bound(tool="heads", work="cold", what="memory", size=3, other="hugo", factor=1), 10 / 2),
        (Bound(tool="heads", work="unchanged", what="cpu", size=3, other="hugo", factor=1), 0.5 / 2),
        (Bound(tool="everything", work="cold", size=3, other="hugo", factor=1), None),
    ],
)
def test_the_least_is_the_sum_of_the_floors_of_what_changed(bound: Bound, least: float | None) -> None:
    change = Change(files=5, size=50, entries=5, shown=20)
    figure = Figure(wall=9, cpu=9, memory=9, repeats=1, change=change)
    loading = {program: floor(1) for program in (HEADS, EVERYTHING, SHARING)} | {EVERY: floor(0.5)}
    seconds = {"mistune": 1.0, "feedgen": 0.1, "read back": 0.01}
    floors = Floors(loading=loading, writing=Writing(floor=floor(4), files=10, size=100), micro=Micro(seconds=seconds))
    figures: Figures = {("heads", work): figure for work in ("cold", "edited", "unchanged")}
    found = Limits(floors={("months", 3): floors}, measured={("months", 3): figures}).least(bound, ("months", 3), 2)
    assert found == (None if least is None else pytest.approx(least))


def floor(seconds: float) -> Floor:
    return Floor(text="", wall=seconds, cpu=seconds, memory=10)
