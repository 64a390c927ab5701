"""Documents as they were read and as labels say they should be, in forms that can be compared."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from feedgen_kusama.model import Document

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
NEWS = sorted((ROOT / "news").glob("*.md"))
SHARED = ROOT.parent / "shared"
ARCHIVE = sorted((SHARED / "editions").glob("*.md"))
"""Documents of the real archive, where it lies beside the repository."""
_PLAIN = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


@dataclass(frozen=True)
class Case:
    """A document and the label that says how an editor reads it."""

    document: Path
    label_path: Path

    def __str__(self) -> str:
        return self.document.name

    @cached_property
    def label(self) -> Any:
        return json.loads(self.label_path.read_text("utf-8"))


def cases(documents: Path, labels: Path) -> list[Case]:
    """Every labelled document; a label's name is the document's, with or without its suffix."""
    found = []
    for path in sorted(labels.glob("*.json")):
        name = path.name.removesuffix(".json")
        found.append(Case(documents / (name if Path(name).suffix == ".md" else f"{name}.md"), path))
    return found


def words(text: str) -> list[str]:
    """A text's words without mark-up and letter case, typographic marks read as plain ones."""
    text = unicodedata.normalize("NFC", text).translate(_PLAIN)
    return re.findall(r"\w+", re.sub(r"[*_`\\]|(?<!\w)#+\s", "", text).lower())


def reading(document: Document, *, straight: bool = False) -> list[object]:
    """All that a reader of the feeds sees of a document, quotes made straight on demand."""

    def text(value: str | None) -> str | None:
        return value.translate(_STRAIGHT) if value and straight else value

    return [
        (document.edition, text(document.headline)),
        *(
            (d.kind, text(d.title), d.topic, text(d.author), text(d.role), d.date, d.days, (text(d.text) or "").split())
            for d in document.drafts
        ),
    ]
