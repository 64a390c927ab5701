"""The benchmark's corpora are the same everywhere and of the stated size, and a run tells what builds cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
