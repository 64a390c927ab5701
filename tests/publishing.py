"""What the tests of the formats publish: samples, built once, and publications made of a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from feedgen_kusama.assembly import Given
from feedgen_kusama.assembly import assemble as assemble_readings
from feedgen_kusama.building import authority_of
from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.entries import tell
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.plan import Plan
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.records import Ledger, parse_ledger
from feedgen_kusama.model import Document, Edition, Entry, Feed, Problem
from feedgen_kusama.readings import make_reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.sources import list_sources, read_document
from feedgen_kusama.works import Entries, Stock, encode_document, fetch
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

The treasury [voted](../votes.html "the votes") on the referendum. ![Seal](../seal.png) See <https://example.org/?a=1&b=2>.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """What documents are published as, all of it made."""

    documents: tuple[Document, ...]
    entries: tuple[Entry, ...]
    feeds: tuple[Feed, ...]
    files: Mapping[str, bytes]
    ledger: Ledger
    plan: Plan
    problems: tuple[Problem, ...]


def assemble(
    settings: Settings,
    documents: Iterable[Document],
    ledger: Ledger,
    now: datetime,
    *,
    held: frozenset[str] = frozenset(),
    contents: Mapping[str, Published] | None = None,
) -> Assembly:
    """What documents are published as."""
    documents = tuple(documents)
    readings = [make_reading(document) for document in documents]
    found = assemble_readings(settings, readings, Given(ledger=ledger, held=held), now)
    sound = {reading.path for reading in readings if reading.is_sound}
    encoded = {document.path: encode_document(document) for document in documents if document.path in sound}
    entries = Entries(Stock(settings=settings, documents=encoded, contents=contents or {}, links=found.resolved))
    live = tuple(found.library.live())
    stories = {edition: tell(found.library, edition) for edition in found.library.shelves}
    archives = [sketch.outline() for sketch in found.archives]
    outlines = [each for head in found.heads for each in (head, *(a for a in archives if a.feed.head == head.feed.folder))]
    written = b"".join(found.ledger())
    return Assembly(
        documents=documents,
        entries=tuple(map(entries.entry, live)),
        feeds=tuple(outline.fill(lambda record: fetch(entries, record, stories)) for outline in outlines),
        files={**dict(file for work in found.works for file in work.draw({}).make(entries)), LEDGER: written},
        ledger=parse_ledger(written),
        plan=found.plan,
        problems=(*(p for reading in readings for p in reading.problems), *found.repeated),
    )


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
