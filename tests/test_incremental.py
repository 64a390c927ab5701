"""A build does what changed and no more, and ends where one that does everything anew would."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from feedgen_kusama import making
from feedgen_kusama.cache import default_place, program_digest
from feedgen_kusama.config import read_settings
from feedgen_kusama.documents import Reader
from feedgen_kusama.jobs import MakeJob
from feedgen_kusama.ledger import library, store
from feedgen_kusama.ledger.records import Record, parse_records
from feedgen_kusama.model import Document
from feedgen_kusama.orders import Result
from feedgen_kusama.pipeline import build
from feedgen_kusama.settings import Settings
from feedgen_kusama.works import Work
from tests.mutations import MUTATIONS, Publication
from tests.publishing import read_tree
from tests.readings import ROOT

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

SEQUENCES = 60 if os.environ.get("FEEDGEN_KUSAMA_FULL") else 8
START = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)
LINKED = "# Kusama News - {month} 2024\n\n## {title}\n\nThe council voted on the referendum; see [the other]({link}).\n"


@dataclass
class Twins:
    """The same documents published twice: with a cache, and always anew."""

    folder: Path
    settings: Settings
    now: datetime = START
    news: Path = field(init=False)

    def __post_init__(self) -> None:
        self.news = self.folder / "news"
        self.news.mkdir()

    def write(self, documents: dict[str, str]) -> None:
        for path in self.news.iterdir():
            if path.name not in documents:
                path.unlink()
        for name, text in documents.items():
            (self.news / name).write_text(text)

    def build(self, **how: object) -> Result:
        """Build both, and hold that they are the same; the result of the one with a cache."""
        self.now += timedelta(hours=30)
        told = [
            build(
                self.settings,
                source=self.news,
                output=self.folder / name,
                now=self.now,
                cache=cache,
                allow_retractions=True,
                **how,  # type: ignore[arg-type]
            )
            for name, cache in (("cached", self.folder / "cache"), ("anew", None))
        ]
        assert read_tree(self.folder / "cached") == read_tree(self.folder / "anew")
        cached, anew = told
        assert [(p.line, p.message) for p in cached.problems] == [(p.line, p.message) for p in anew.problems]
        assert (cached.documents, cached.entries, cached.feeds) == (anew.documents, anew.entries, anew.feeds)
        assert cached.plan.counts() == anew.plan.counts()
        assert sorted(cached.difference.write) == sorted(anew.difference.write)
        assert cached.difference.remove == anew.difference.remove
        return cached


@pytest.fixture(scope="module")
def documents(reader: Reader) -> list[Document]:
    return [reader.parse(path.read_bytes(), path.name) for path in sorted((ROOT / "news").glob("*.md"))]


@pytest.fixture
def twins(tmp_path: Path, settings: Settings) -> Twins:
    return Twins(tmp_path, settings)


WHOLE = """# Kusama News - January 2024

## A council votes
By Ana Lisboa | Reporter

The **council** voted on the [referendum](https://polkadot.example/1) on Monday.[^1]

[^1]: In the evening.
"""
OTHER = "# Kusama News - June 2024\n\n## A parachain launches\n\nThe parachain launched at noon.\n"
ARRANGEMENTS: dict[str, dict[str, object]] = {
    "everything": {},
    "without archives": {"archives": False},
    "without archives, older than the heads": {"archives": False, "limit": 1},
    "heads alone": {"archives": False, "pages": False},
}


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_what_was_published_of_a_document_at_fault_stays_whole(twins: Twins, arrangement: str) -> None:
    """With the cache and without; and once it is mended, nothing of what was kept remains."""
    twins.settings, address = replace(twins.settings, **ARRANGEMENTS[arrangement]), twins.settings.url.encode()
    twins.write({"a.md": WHOLE, "b.md": OTHER})
    twins.build()
    before = read_tree(twins.folder / "anew")
    shown = {path for path, content in before.items() if b"Ana Lisboa" in content and b"council</strong>" in content}
    assert shown
    twins.write({"a.md": "No month and no heading.\n", "b.md": OTHER})
    twins.build()
    edited = OTHER.replace("noon", "night")
    twins.write({"a.md": "No month and no heading.\n", "b.md": edited})
    twins.build()
    after = read_tree(twins.folder / "anew")
    assert all(b"Ana Lisboa" in after[path] and b"council</strong>" in after[path] for path in shown)
    twins.settings = replace(twins.settings, url="https://elsewhere.example/", authority="kusama-news.example,2026")
    twins.build()
    twins.write({"a.md": WHOLE, "b.md": edited})
    twins.build()
    mended = read_tree(twins.folder / "anew")
    assert not any(address in content for path, content in mended.items() if not path.endswith(".jsonl"))


def test_what_is_held_or_retracted_follows_its_topic_to_a_new_id(twins: Twins) -> None:
    council = f"{WHOLE}\n<!-- topic: governance -->\n"
    launch = f"{OTHER}\n<!-- topic: parachains -->\n"
    twins.write({"a.md": council, "b.md": launch})
    twins.build()
    former = replace(twins.settings.topic("governance"), id="politics", former=("governance",))
    topics = tuple(former if topic.id == "governance" else topic for topic in twins.settings.topics)
    twins.settings = replace(twins.settings, topics=topics)
    twins.write({"a.md": "No month and no heading.\n", "b.md": launch})
    twins.build()
    files = read_tree(twins.folder / "anew")
    assert files["politics/atom.xml"] == files["governance/atom.xml"]
    assert b"<title>A council votes</title>" in files["politics/atom.xml"]
    twins.write({"b.md": launch})
    twins.build()
    files = read_tree(twins.folder / "anew")
    assert b"deleted-entry" in files["politics/atom.xml"]
    assert b"deleted-entry" not in files["market/atom.xml"]
    twins.settings = replace(twins.settings, topics=tuple(topic for topic in topics if topic.id != "parachains"))
    twins.write({"b.md": "No month and no heading.\n"})
    twins.build()
    assert b"launched" in read_tree(twins.folder / "anew")[f"{twins.settings.fallback}/atom.xml"]


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_a_cache_changes_no_byte(seed: int, twins: Twins, documents: list[Document]) -> None:
    """Up to five builds, each after changes of any kind or none, some with a document that cannot be read."""
    rng = random.Random(seed)
    publication = Publication.of(rng.sample(documents, 4), twins.settings, seed)
    for _ in range(rng.randint(3, 5)):
        for mutate in rng.choices(MUTATIONS, k=rng.randint(0, 3)):
            mutate(publication)
        twins.settings = publication.settings
        texts = {name: file.markdown() for name, file in publication.files.items()}
        if rng.random() < 0.3:
            texts[rng.choice(sorted(texts))] = "---\nmonth: soon\n---\n"
        if rng.random() < 0.3:
            texts["copy.md"] = texts[min(texts)]
        twins.write(texts)
        twins.build()


def test_links_between_documents_follow_what_they_mean(twins: Twins) -> None:
    documents = {
        "may.md": LINKED.format(month="May", title="Council Votes", link="april.md#council-met"),
        "april.md": LINKED.format(month="April", title="Council Met", link="https://example.org/"),
    }
    twins.write(documents)
    twins.build()
    page = twins.folder / "cached" / "editions" / "2024-05.html"
    assert "editions/2024-04.html#council-met" in page.read_text()
    twins.write({"may.md": documents["may.md"]})
    twins.build()
    assert "editions/2024-04.html#council-met" not in page.read_text()
    twins.write(documents)
    twins.build()
    assert "editions/2024-04.html#council-met" in page.read_text()


def test_a_tombstone_ends_when_its_time_comes(twins: Twins) -> None:
    documents = {
        f"{month}.md": LINKED.format(month=month, title=f"The Referendum of {month}", link="https://a.example/")
        for month in ("May", "June")
    }
    twins.write(documents)
    twins.build()
    twins.write({"May.md": documents["May.md"]})
    twins.build()
    head = twins.folder / "cached" / "atom.xml"
    assert b"deleted-entry" in head.read_bytes()
    twins.now += timedelta(days=85)
    assert twins.build().difference.write == ()
    twins.now += timedelta(days=5)
    assert "atom.xml" in twins.build().difference.write
    assert b"deleted-entry" not in head.read_bytes()


# What has to be done: counts, not seconds


@dataclass
class Counted:
    """A project whose builds tell what they did."""

    project: Project
    now: datetime = START

    def build(self) -> Result:
        self.now += timedelta(hours=1)
        folder = self.project.folder
        return build(
            read_settings(self.project.toml),
            source=self.project.news,
            output=self.project.feeds,
            now=self.now,
            cache=folder / "cache",
        )


@pytest.fixture
def counted(project: Project) -> Counted:
    counted = Counted(project)
    assert len(counted.build().parsed) == 8
    return counted


def is_of_a_time(work: Work) -> bool:
    """Whether it makes an archive or an edition's page."""
    return re.search(r"(^|/)archive/|editions/\d", work.paths[0]) is not None


@pytest.fixture
def entries_made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many entries each job was given, those of heads aside, which hold up to fifty."""
    sizes: list[int] = []

    def count(works: Sequence[Work], *rest: Any) -> MakeJob:
        sizes.append(sum(work.size for work in works if is_of_a_time(work)))
        return new_job(works, *rest)

    new_job = making._job
    monkeypatch.setattr(making, "_job", count)
    return sizes


def test_a_build_without_change_parses_makes_and_writes_nothing(counted: Counted, entries_made: list[int]) -> None:
    result = counted.build()
    assert (result.parsed, result.made, result.difference.write, entries_made) == ((), (), (), [])


def test_a_document_touched_but_not_changed_is_no_change(counted: Counted) -> None:
    for path in counted.project.news.iterdir():
        os.utime(path)
    result = counted.build()
    assert (result.parsed, result.made) == ((), ())


def test_an_edit_parses_its_document_and_makes_what_shows_it(counted: Counted) -> None:
    counted.project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    result = counted.build()
    assert result.parsed == ("2024-03.md",)
    record = next(r for r in counted.project.stories if "three subjects filled" in r.text.casefold())
    folders = ["", f"{record.topic}/"]
    archives = {f"{folder}archive/{record.published.year}/{name}" for folder in folders for name in FORMATS}
    heads = {f"{folder}{name}" for folder in (*folders, "editions/") for name in FORMATS}
    months = {"editions/2024-03.html", *(f"editions/archive/{record.published.year}/{name}" for name in FORMATS)}
    months |= {"editions/embed.html", "editions/fragment.html"}
    # Of the pages only the topic's still shows the story: the others, and what is embedded, show newer ones.
    pages = {f"{record.topic}/index.html"}
    assert set(result.difference.write) == archives | heads | months | pages | {"ledger.jsonl"}
    assert set(result.made) == set(result.difference.write)


FORMATS = ("rss.xml", "atom.xml", "feed.json")


def test_a_document_that_is_added_is_the_only_one_parsed_and_other_years_are_not_made(counted: Counted) -> None:
    counted.project.write(
        "2026-01.md", LINKED.format(month="January", title="A Vote", link="https://a.example/").replace("2024", "2026")
    )
    result = counted.build()
    assert result.parsed == ("2026-01.md",)
    years = {path.split("archive/")[1][:4] for path in result.made if "archive/" in path}
    assert years == {"2026", "2025"}, "the new year, and the one before it, which now leads to it"
    pages = {path for path in result.made if path.startswith("editions/2")}
    assert len(pages) == 2, "the new month and the one before it, which now leads to it"


def test_a_document_that_is_removed_makes_none_parsed(counted: Counted) -> None:
    (counted.project.news / "2024-03.md").unlink()
    result = build(
        read_settings(counted.project.toml),
        source=counted.project.news,
        output=counted.project.feeds,
        now=counted.now + timedelta(hours=1),
        cache=counted.project.folder / "cache",
        allow_retractions=True,
    )
    assert result.parsed == ()
    assert "editions/2024-03.html" in result.difference.remove


def write_years(parent: Path, years: int) -> Path:
    """A publication of so many years up to 2019, two documents in each."""
    folder = parent / str(years)
    (folder / "news").mkdir(parents=True)
    for year in range(2020 - years, 2020):
        for month in ("March", "July"):
            text = LINKED.format(month=month, title=f"The Vote of {month} {year}", link="https://a.example/")
            (folder / "news" / f"{year}-{month}.md").write_text(text.replace("2024", str(year)))
    return folder


def test_work_does_not_grow_with_what_exists(tmp_path: Path, settings: Settings, entries_made: list[int]) -> None:
    """The same edit in a publication of twice as many years makes as many entries."""
    made = []
    for years in (4, 8):
        folder = write_years(tmp_path, years)
        for number in range(2):
            entries_made.clear()
            build(settings, source=folder / "news", output=folder / "feeds", now=START + timedelta(number), cache=folder / "c")
            path = folder / "news" / "2018-July.md"
            path.write_text(path.read_text().replace("The council", "Everybody"))
        made.append(sum(entries_made))
    assert made[0] == made[1] > 0


def test_records_read_do_not_grow_with_what_exists(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same edit in a publication of twice as many years reads as many records, and keeps the lines of all others."""
    read: list[int] = []

    def count(lines: bytes) -> list[Record]:
        found = parse_records(lines)
        read[-1] += len(found)
        return found

    monkeypatch.setattr(library, "parse_records", count)
    monkeypatch.setattr(store, "parse_records", count)
    for years in (20, 40):
        folder = write_years(tmp_path, years)
        heads = replace(settings, archives=False, pages=False, limit=5)
        for number in range(2):
            read.append(0)
            result = build(
                heads, source=folder / "news", output=folder / "feeds", now=START + timedelta(number), cache=folder / "c"
            )
            path = folder / "news" / "2018-July.md"
            path.write_text(path.read_text().replace("The council", "Everybody"))
        assert result.plan.counts() == {"changed": 1, "unchanged": 2 * years - 1}
    assert read[1] == read[3] > 0


# The cache itself


def _exchange_a_word(path: Path) -> None:
    content = path.read_bytes()
    assert b"Two subjects filled" in content
    path.write_bytes(content.replace(b"Two subjects filled", b"Ten subjects filled"))


def _break_a_character(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Two subjects filled", b"Two subjects\xfffilled"))


def _tear_the_middle(path: Path) -> None:
    """Leaves what a database is opened by, and nothing of what it holds."""
    content = path.read_bytes()
    path.write_bytes(content[:16_384] + b"\0" * (len(content) - 16_384))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "gone": lambda path: path.rename(path.parent / "away"),
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"x" * 5_000),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:4_096]),
    "torn in the middle": _tear_the_middle,
    "torn": lambda path: path.write_bytes(path.read_bytes()[:8_192] + b"\0" * (path.stat().st_size - 8_192)),
    "a word exchanged": _exchange_a_word,
    "a character broken": _break_a_character,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_cache_that_is_lost_or_damaged_costs_only_time(counted: Counted, damage: str) -> None:
    before = counted.project.published()
    DAMAGES[damage](counted.project.folder / "cache")
    result = counted.build()
    assert (result.problems, result.difference.write) == ((), ())
    assert counted.project.published() == before
    counted.project.edit("kusama_news_aug_2024.md", "fourteen days", "twenty days")
    counted.build()
    after = counted.project.published()["archive/2024/rss.xml"]
    assert after != before["archive/2024/rss.xml"]
    assert b"Two subjects filled" in after
    counted.project.edit("kusama_news_aug_2024.md", "twenty days", "thirty days")
    counted.build()
    counted.project.edit("kusama_news_aug_2024.md", "thirty days", "forty days")
    assert len(counted.build().parsed) == 1  # by now all is known again


def test_a_cache_of_another_publication_is_not_believed(counted: Counted, project: Project, tmp_path: Path) -> None:
    other = project.copy(tmp_path / "other")
    other.toml.write_text(other.toml.read_text().replace("Kusama News", "Harbour News"))
    shutil.copy(project.folder / "cache", other.folder / "cache")
    result = Counted(other, counted.now).build()
    assert b"Harbour News" in (other.feeds / "rss.xml").read_bytes()
    assert len(result.parsed) == 8


def test_a_published_file_that_was_tampered_with_is_restored_whatever_its_time_says(counted: Counted) -> None:
    path = counted.project.feeds / "governance" / "rss.xml"
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Kusama", b"Kasuma"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert counted.build().difference.write == ("governance/rss.xml",)
    assert b"Kasuma" not in path.read_bytes()


def test_a_document_whose_size_and_time_stay_is_read_again(counted: Counted) -> None:
    path = counted.project.news / "2024-03.md"
    before = path.stat()
    counted.project.edit("2024-03.md", "Two subjects filled", "Ten subjects filled")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert counted.build().parsed == ("2024-03.md",)


def test_a_dry_run_keeps_nothing(counted: Counted) -> None:
    cache = counted.project.folder / "cache"
    before = cache.read_bytes()
    counted.project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    counted.project.run("build", "--dry-run", "--cache", str(cache), "--now", "2026-02-01")
    assert cache.read_bytes() == before


def test_every_output_folder_has_a_cache_of_its_own_below_the_users_caches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    places = {default_place(tmp_path / name) for name in ("feeds", "other", "./feeds")}
    assert {place and place.parent for place in places} == {tmp_path / "feedgen-kusama"}
    assert len(places) == 2
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    place = default_place(tmp_path)
    assert place is not None
    assert place.is_relative_to(Path.home() / ".cache")


def test_a_user_without_a_home_has_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", fail)
    assert default_place(tmp_path) is None


def test_a_cache_that_cannot_be_written_is_done_without(project: Project) -> None:
    assert project.run("build", "--cache", "/dev/null/cache").status == 0
    outcome = project.run("build", "--cache", str(project.news))
    assert outcome.status == 2
    assert outcome.err[-1].endswith("news is no cache: name a file in it")


@pytest.mark.parametrize("name", ["feeds.toml", "news/2024-03.md"])
def test_a_file_that_is_no_cache_is_not_made_one(project: Project, name: str) -> None:
    before = (project.folder / name).read_bytes()
    outcome = project.build("--cache", name)
    assert outcome.status == 2
    assert f"{name} is no cache: choose another file, or remove it" in outcome.err[-1]
    assert (project.folder / name).read_bytes() == before
    assert not project.feeds.exists()


def test_a_cache_that_another_build_is_writing_is_done_without_and_kept(project: Project) -> None:
    cache = project.folder / "cache"
    project.build("--cache", str(cache))
    known = cache.read_bytes()
    connection = sqlite3.connect(cache, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    assert project.build("--cache", str(cache)).status == 0
    connection.close()
    assert cache.read_bytes() == known


def test_the_programs_digest_is_the_same_each_time() -> None:
    assert program_digest() == program_digest()


def test_the_programs_digest_is_of_its_code_wherever_and_whenever_that_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = program_digest()
    package = tmp_path / "feedgen_kusama"
    shutil.copytree(ROOT / "feedgen_kusama", package, copy_function=shutil.copyfile)
    monkeypatch.setattr("feedgen_kusama.cache.__file__", str(package / "cache.py"))
    assert program_digest() == here
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "cache.pyc").write_bytes(b"compiled")
    assert program_digest() == here
    (package / "site" / "templates" / "more.html").write_text("<p>", "utf-8")
    assert program_digest() != here
