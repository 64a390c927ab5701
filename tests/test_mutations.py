"""Whatever authors do to their documents, a story that survives keeps its id and its date of publication.

The full count of sequences is run with FEEDGEN_KUSAMA_FULL=1.
"""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedgen_kusama.building import authority_of
from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.model import Document, Entry
from feedgen_kusama.settings import Settings
from tests.mutations import MUTATIONS, Publication, Story
from tests.publishing import Assembly, assemble

NEWS = Path(__file__).parent.parent / "news"
SEQUENCES = 200 if os.environ.get("FEEDGEN_KUSAMA_FULL") else 8
BUILDS = 10
START = datetime(2025, 10, 1, 6, tzinfo=timezone.utc)


class Subscriber:
    """Follows a publication from build to build and holds it to its promises."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication
        self.ledger = Ledger(authority=authority_of(publication.settings), records=())
        self.now = START
        self.seen: dict[int, Entry] = {}
        self.words: dict[int, tuple[list[str], list[str]]] = {}
        self.owner: dict[str, int] = {}
        self.kept = self.told = 0

    def build(self) -> None:
        self.now += timedelta(hours=self.publication.rng.randint(1, 400))
        assembly = self._assemble()
        stories = self._stories(assembly)
        for key, (story, entry) in stories.items():
            self._compare(key, story, entry)
        assert len({entry.id for _, entry in stories.values()}) == len(stories)
        self.ledger = assembly.ledger
        self.publication.parts.clear()
        assert self._assemble().files == assembly.files, "a build without change writes no byte"
        later = self._assemble(later=timedelta(days=400)).files
        # Tombstones stand in Atom for ninety days; nothing else knows what time it is.
        assert [p for p in later if later[p] != assembly.files[p] and b"deleted-entry" not in assembly.files[p]] == []

    def _assemble(self, later: timedelta = timedelta(0)) -> Assembly:
        reader = Reader(self.publication.settings)
        documents = [reader.parse(file.markdown(), name) for name, file in self.publication.files.items()]
        return assemble(self.publication.settings, documents, self.ledger, self.now + later)

    def _stories(self, assembly: Assembly) -> dict[int, tuple[Story, Entry]]:
        """Each story with its entry, told by its place in its file."""
        found: dict[int, tuple[Story, Entry]] = {}
        by_slug = {(str(entry.edition), entry.slug): entry for entry in assembly.entries}
        places = {(record.source, record.position): record for record in assembly.ledger.records if not record.retracted}
        for name, file in self.publication.files.items():
            for position, story in enumerate(file.stories):
                record = places[name, position]
                found[story.key] = (story, by_slug[record.edition, record.slug])
        assert len(found) == len(assembly.entries)
        return found

    def _compare(self, key: int, story: Story, entry: Entry) -> None:
        assert self.owner.setdefault(entry.id, key) == key, f"the id of another story was reused for {story.title!r}"
        before = self.seen.get(key)
        if before is not None:
            self.told += 1
            self.kept += entry.id == before.id
            assert entry.id == before.id, f"{story.title!r} lost its id"
            assert entry.published == before.published
            changed = self.words[key] != story.words
            assert (entry.updated != before.updated) == changed, f"{story.title!r}: updated must move when words change"
            assert entry.updated >= before.updated
        self.seen[key], self.words[key] = entry, story.words


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    reader = Reader(replace(builtin(), url="https://kusama-news.example/"))
    return [reader.parse(path.read_bytes(), path.name) for path in sorted(NEWS.glob("*.md"))]


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_every_surviving_story_keeps_its_identity(seed: int, documents: list[Document], settings: Settings) -> None:
    """Up to ten builds, each after one to four changes of any kind, over the sample editions."""
    rng = random.Random(seed)
    publication = Publication.of(rng.sample(documents, 3), settings, seed)
    subscriber = Subscriber(publication)
    subscriber.build()
    for _ in range(rng.randint(1, BUILDS - 1)):
        for mutate in rng.choices(MUTATIONS, k=rng.randint(1, 4)):
            mutate(publication)
        subscriber.build()
    assert subscriber.kept == subscriber.told


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_each_kind_of_change_alone(mutate: object, documents: list[Document], settings: Settings) -> None:
    """The same kind of change, five builds in a row, over all editions."""
    assert callable(mutate)
    publication = Publication.of(documents, settings, 1)
    subscriber = Subscriber(publication)
    subscriber.build()
    for _ in range(5):
        mutate(publication)
        subscriber.build()
    assert subscriber.told > 100
