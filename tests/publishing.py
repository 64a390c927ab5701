"""What the tests of the formats publish: samples, built once, and publications made of a few lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from feedgen_kusama.assembly import Assembly, assemble
from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.model import Edition, Entry
from feedgen_kusama.pipeline import authority_of
from feedgen_kusama.settings import Settings
from feedgen_kusama.sources import list_sources, read_document
from tests.readings import ROOT, SHARED

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
SETTINGS = replace(builtin(), url="https://kusama-news.example/", authority="kusama-news.example,2026")
SOURCES = [folder for folder in (ROOT / "news", SHARED / "editions") if folder.is_dir()]
"""The sample documents, and those of the real archive where it lies beside the repository."""
RICH = """\
# Kusama News - November 2024

# A Month of `<Angles>` & Ampersands

AT&T and AT&amp;T are one[^1], and `<x>` is code. It cost 3 < 4[^two].

## Council Votes on the Referendum

By Zoë Lindeqvist

The treasury [voted](../votes.html "the votes") on the referendum. ![Seal](seal.png) See <https://example.org/?a=1&b=2>.

| Vote | Share |
|------|------:|
| Aye  | 60 %  |

## Validators Enact the Runtime Upgrade

The runtime upgrade reached the validators[^1].

```rust
if a < b && c > d { println!("&amp;"); }
```

[^1]: A note with a [link](#fn-1) and **weight**.
[^two]: Another.
"""
"""A document with all that is hard in HTML: entities, code, notes shared by stories, tables, relative addresses."""


def publish(
    documents: Mapping[str, str], settings: Settings = SETTINGS, *, now: datetime = NOW, ledger: Ledger | None = None
) -> Assembly:
    """What documents (by name) are published as, after what a ledger knows."""
    reader = Reader(settings)
    parsed = [reader.parse(text, name) for name, text in documents.items()]
    return assemble(settings, parsed, ledger or Ledger(authority=authority_of(settings), records=()), now)


@cache
def published_folder(folder: Path) -> Assembly:
    """What a folder of documents is published as by a first build."""
    reader = Reader(SETTINGS)
    documents = [read_document(reader, folder, name) for name in list_sources(folder)]
    return assemble(SETTINGS, documents, Ledger(authority=authority_of(SETTINGS), records=()), NOW)


@cache
def published_rich() -> Assembly:
    """What the document with all that is hard is published as."""
    return publish({"2024-11.md": RICH})


def make_entry(number: int, topic: str = "governance", *, published: datetime | None = None) -> Entry:
    """An entry with everything in it; a later number was published later, by an hour each."""
    time = published or datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(hours=number)
    slug = f"story-{number}"
    return Entry(
        id=f"tag:kusama-news.example,2026:{time:%Y-%m}/{slug}",
        slug=slug,
        link=f"https://kusama-news.example/editions/{time:%Y-%m}.html#{slug}",
        edition=Edition(time.year, time.month),
        topic=SETTINGS.topic(topic),
        title=f"Story {number}",
        summary=f"Summary {number}.",
        html=f"<p>Body {number}.</p>",
        text=f"Body {number}.",
        author="Ada Example",
        role=None,
        days=(),
        published=time,
        updated=time,
    )


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def edited(text: str, old: str, new: str) -> str:
    """A text with the first match of a pattern replaced; that there is one is made sure."""
    result, count = re.subn(old, lambda _: new, text, count=1, flags=re.DOTALL)
    assert count == 1, f"{old!r} is not there"
    return result
