"""Corpora: as many documents as wanted, made from the sample editions, the same on every machine."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from bench.words import WORD, Vocabulary  # noqa: E402
from feedgen_kusama.config import builtin  # noqa: E402
from feedgen_kusama.documents import parse_document  # noqa: E402
from feedgen_kusama.documents.dates import FIRST_YEAR  # noqa: E402
from feedgen_kusama.model import Edition  # noqa: E402
from feedgen_kusama.month_names import month_title  # noqa: E402

NEWEST = Edition(2025, 12)
NOW, LATER = "2026-01-15T12:00:00Z", "2026-02-05T12:00:00Z"
"""The times of builds: of all that is there, and of those after an edit or with a document more."""
SPANS = {"months": (NEWEST.year - FIRST_YEAR) * 12 + NEWEST.month, "months65": 65}
"""Over how many months back from the newest each shape spreads its documents: as many as the program accepts, or 65.
Where there are more documents than months, months have several."""
SEED = 2026
SETTINGS = """title = "Kusama News"
url = "https://kusama-news.example/"
description = "Kusama month by month: governance, parachains, technology, market and community."
author = "Kusama News"
authority = "kusama-news.example,2026"
"""
HEADS_ONLY = "archives = false\npages = false\n"

MONTHS = tuple(month_title(Edition(2000, number)).split()[0] for number in range(1, 13))
_MONTH = "|".join(MONTHS)
_PIECES = re.compile(
    rf"""(?P<kept> ^(?:```|~~~).*?^(?:```|~~~)$ | `[^`\n]+` | <!--.*?--> | \]\([^)]*\) | ^\[[^\]]+\]:.* | \]\[[^\]]*\]
                   | \[\^[^\]]*\] | https?://\S+ | &\w+; | ^\w+:(?=\s) )
    | (?P<iso> (?<![\d.-])(?:19|20)\d\d-\d\d(?![\d.-]) )
    | (?P<named> \b(?:{_MONTH})\s+(?:19|20)\d\d\b )
    | (?P<day> \b(?:29|30|31)(?=\s+(?:{_MONTH})\b) )
    | (?P<month> \b(?:{_MONTH})\b )
    | (?P<word> {WORD.pattern} )""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sample edition, and the month it covers."""

    text: str
    edition: Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A recipe for documents: how many there are, and over how many months they are spread."""

    documents: int
    span: int
    samples: tuple[Sample, ...]
    vocabulary: Vocabulary
    seed: int = SEED

    def document(self, index: int) -> tuple[str, str]:
        """The name and text of a document; the first is the newest, and index -1 the one that is added later."""
        random = Random(f"{self.seed}:{index}")
        edition = _months_before(NEWEST, index % self.span if index >= 0 else -1)
        text = vary(random.choice(self.samples), edition, self.vocabulary, random)
        return f"kusama_{MONTHS[edition.month - 1].lower()}_{edition.year}_letter_{index + 1:05d}.md", text

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return map(self.document, range(self.documents))


def plan_corpus(documents: int, shape: str) -> Corpus:
    """The corpus of so many documents in one of the shapes of `SPANS`."""
    settings = builtin()
    samples = []
    for path in sorted((ROOT / "news").glob("*.md")):
        text = path.read_text("utf-8")
        edition = parse_document(text, path.name, settings).edition
        assert edition is not None
        samples.append(Sample(text=text, edition=edition))
    vocabulary = Vocabulary((sample.text for sample in samples), settings.topics)
    return Corpus(documents=documents, span=SPANS[shape], samples=tuple(samples), vocabulary=vocabulary)


def vary(sample: Sample, edition: Edition, vocabulary: Vocabulary, random: Random) -> str:
    """The sample as the edition of another month, in other words: its structure, names, code and topics stay."""
    shift = _count(edition) - _count(sample.edition)

    def piece(match: re.Match[str]) -> str:
        found = match[0]
        if match["word"]:
            return vocabulary.replace(found, random)
        if match["iso"]:
            return str(_months_before(Edition(int(found[:4]), int(found[5:])), -shift))
        if match["named"]:
            name, year = found.split()
            return month_title(_months_before(Edition(int(year), MONTHS.index(name) + 1), -shift))
        if match["month"]:
            return MONTHS[(MONTHS.index(found) + shift) % 12]
        if match["day"]:
            return "28"  # which every month has
        return found

    return _PIECES.sub(piece, sample.text)


def change_word(text: str, vocabulary: Vocabulary, random: Random) -> str:
    """The text with one word of one story replaced by another, in a line of prose near three quarters of it."""
    lines = text.split("\n")
    for number in range(len(lines) * 3 // 4, 0, -1):
        words = [match for match in WORD.finditer(lines[number]) if match[0] in vocabulary.words]
        if len(words) > 2 and len(lines[number]) > 60:
            match = random.choice(words)
            others = [word for word in sorted(vocabulary.words) if word != match[0]]
            lines[number] = lines[number][: match.start()] + random.choice(others) + lines[number][match.end() :]
            return "\n".join(lines)
    raise ValueError("no line of prose")


def write_corpus(corpus: Corpus, folder: Path, *, heads_only: bool = False) -> None:
    """Write `news/` and `feeds.toml` into a folder."""
    (folder / "news").mkdir(parents=True, exist_ok=True)
    (folder / "feeds.toml").write_text(SETTINGS + HEADS_ONLY * heads_only, "utf-8")
    for name, text in corpus:
        (folder / "news" / name).write_text(text, "utf-8")


def _count(edition: Edition) -> int:
    return edition.year * 12 + edition.month - 1


def _months_before(edition: Edition, months: int) -> Edition:
    year, month = divmod(_count(edition) - months, 12)
    return Edition(year, month + 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a corpus, as the command line says."""
    parser = argparse.ArgumentParser(description="Write news/ and feeds.toml: documents made from the sample editions.")
    parser.add_argument("--documents", type=int, default=65, help="how many (default: 65)")
    parser.add_argument("--shape", choices=SPANS, default="months", help="a month each as far as months go, or 65 months")
    parser.add_argument("--heads-only", action="store_true", help="settings without archives and pages")
    parser.add_argument("folder", type=Path, metavar="OUT")
    chosen = parser.parse_args(arguments)
    write_corpus(plan_corpus(chosen.documents, chosen.shape), chosen.folder, heads_only=chosen.heads_only)


if __name__ == "__main__":
    main()
