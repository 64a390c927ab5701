"""The reader against the labels of the real archive, where that lies beside the repository."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter

import pytest

from feedgen_kusama.documents import Reader
from tests.readings import ROOT, SHARED, Case, cases, words

MINIMA = {
    "split": 0.99,
    "exact": 0.97,
    "title": 0.99,
    "headline": 0.97,
    "topic": 0.97,
    "author": 0.99,
    "body": 0.99,
    "days": 0.95,
    "edition": 1.0,
}
LABELLED = cases(SHARED / "editions", SHARED / "gold")
LABEL = re.compile(r"\W*(Headline|Article \d+):")
BYLINE = re.compile(r"(?:^|[\"”]\s)\W*(By(?:line)?\b.*)", re.IGNORECASE)
pytestmark = pytest.mark.skipif(not LABELLED, reason="the labelled archive (../shared) is not here")


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    command = [str(SHARED / "score"), "--json", "--", sys.executable, "-m", "feedgen_kusama", "explain", "--json"]
    found: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)
    return found


@pytest.mark.parametrize("name", MINIMA)
def test_a_figure_reaches_its_minimum(name: str, figures: dict[str, float]) -> None:
    assert figures[name] >= MINIMA[name]


@pytest.mark.parametrize("case", LABELLED, ids=str)
def test_only_words_of_labels_and_bylines_are_lost(case: Case, reader: Reader) -> None:
    """The label files want those left out of titles and bodies; an author's name is kept as the author."""
    source = case.document.read_text("utf-8")
    document = reader.parse(source, case.document.name)
    left_out = {1, *case.label["preamble_lines"]}
    lines = [line for number, line in enumerate(source.splitlines(), 1) if number not in left_out]
    carried = [document.headline or "", *(f"{d.title} {d.author or ''} {d.text}" for d in document.drafts)]
    lost = Counter(words("\n".join(lines))) - Counter(words("\n".join(carried)))
    assert lost <= _expected_losses(lines, case)


def _expected_losses(lines: list[str], case: Case) -> Counter[str]:
    """The words of labels, and those of byline lines other than the author's name."""
    bylines = [f"{entry['author'] or ''} {entry['author_role'] or ''}" for entry in case.label["entries"]]
    losses: Counter[str] = Counter()
    for line in lines:
        label, byline = LABEL.match(line), BYLINE.search(line)
        if label:
            losses += Counter(words(label[1]))
        if byline and any(byline[1].rstrip().endswith(part) for part in " ".join(bylines).split()):
            losses += Counter(words(byline[1]))
    authors = [entry["author"] or "" for entry in case.label["entries"]]
    return losses - Counter(words(" ".join(authors)))
