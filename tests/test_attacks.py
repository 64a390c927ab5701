"""Nothing that stands in a document, a file's name or the settings can hurt who publishes or who reads.

With FEEDGEN_KUSAMA_FULL=1 every case is published alone, on disk as well, and every page is judged.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedgen_kusama.config import builtin, parse_settings
from feedgen_kusama.errors import FeedgenKusamaError
from feedgen_kusama.model import Topic
from feedgen_kusama.pipeline import build
from feedgen_kusama.settings import Settings
from feedgen_kusama.sources import list_sources
from tests.attacks import (
    FOLDER,
    HEAD,
    LONGEST,
    SOUND,
    SOUND_NAME,
    Attack,
    TooSlowError,
    attacked_documents,
    in_time,
    read_attacks,
)
from tests.judge import Item, find_faults, judge_html, parse_xml, read_json_items, read_xml_items, text_of
from tests.publishing import publish, read_tree

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
SITE = "https://kusama-news.example/"
TOPICS = (
    Topic(id="overview", title="Overview", description="All else.", opening=8),
    Topic(id="governance", title="Governance", words={"vote": 2, "governance": 3, "fellow*": 2}),
)
SETTINGS = replace(builtin(), url=SITE, authority="kusama-news.example,2026", topics=TOPICS)
DOCUMENT_KINDS = ("html", "markdown", "urls", "xml", "front_matter")
IN_DOCUMENTS = [attack for kind in DOCUMENT_KINDS for attack in read_attacks(kind)]
LEAST_CASES = 900


def in_batches(attacks: tuple[Attack, ...], size: int) -> list[tuple[Attack, ...]]:
    """The attacks in groups that are published together."""
    return [attacks[start : start + size] for start in range(0, len(attacks), size)]


IS_FULL = bool(os.environ.get("FEEDGEN_KUSAMA_FULL"))
ON_DISK = IN_DOCUMENTS[:: 1 if IS_FULL else 30]
BATCHES = [tuple(batch) for kind in DOCUMENT_KINDS for batch in in_batches(read_attacks(kind), 1 if IS_FULL else 10)]
FILE_NAMES = [attack for attack in read_attacks("file_names") if not re.search("[\ud800-\udfff]", attack.text)]
"""Without those that no text can hold; on disk they are tried, too."""


def cases(attacks: list[Attack] | tuple[Attack, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("attack", [pytest.param(attack, id=attack.id) for attack in attacks])


def items_of(files: Mapping[str, bytes], name: str) -> dict[str, Item]:
    """The entries in one published file by id."""
    data = files[name]
    items = read_json_items(json.loads(data)) if name.endswith(".json") else read_xml_items(parse_xml(data))
    return {item.id: item for item in items}


def assert_alike(files: Mapping[str, bytes]) -> None:
    """Every format says the same of every entry: what looks like mark-up in a text is text in all of them."""
    rss, atom, feed = (items_of(files, name) for name in ("rss.xml", "atom.xml", "feed.json"))
    assert rss.keys() == atom.keys() == feed.keys()
    for id, item in feed.items():
        texts = {(other.title, other.author, other.categories) for other in (rss[id], atom[id], item)}
        assert len(texts) <= 1 + any("\r" in text for text in (item.title, item.author))
        assert {text_of(rss[id].summary), text_of(atom[id].summary)} == {" ".join(item.summary.split())}
        assert rss[id].html.split() == atom[id].html.split() == item.html.split()


def sound_story(files: Mapping[str, bytes]) -> Item:
    """The sound document's story as it is published."""
    return next(item for item in items_of(files, "feed.json").values() if item.id.endswith(":2024-12/fellows-elected"))


@pytest.fixture(scope="module")
def sound() -> Item:
    return sound_story(publish({SOUND_NAME: SOUND}, SETTINGS).files)


def test_the_corpus_is_whole() -> None:
    attacks = [attack for path in FOLDER.glob("*.jsonl") for attack in read_attacks(path.stem)]
    assert len({attack.id for attack in attacks}) == len(attacks) >= LEAST_CASES


@cases(
    [
        attack
        for attack in read_attacks("html")
        if re.match(r"(?:script|image with on|iframe|form|svg with|style|base|meta)", attack.name)
    ]
)
def test_the_judge_sees_what_an_attack_would_do(attack: Attack) -> None:
    """Where the attack stands in HTML as it is written. Full-width letters and references are only text."""
    is_text = re.search(
        r"full-width|entities|references|in code|escaped brackets|never ends|slashes$|tag is never closed", attack.name
    )
    assert is_text or judge_html(f"<p>a</p>{attack.text}")


@pytest.mark.parametrize("batch", [pytest.param(batch, id=f"{batch[0].id} to {batch[-1].name}") for batch in BATCHES])
def test_attacks_in_documents_reach_nobody(batch: tuple[Attack, ...], sound: Item) -> None:
    found: object = faults_of(batch, sound)
    if found and len(batch) > 1:
        found = {attack.id: faults for attack in batch if (faults := faults_of((attack,), sound))} or found
    assert not found


def faults_of(attacks: tuple[Attack, ...], sound: Item) -> list[str]:
    """What is wrong when these attacks stand in documents of one publication."""
    try:
        with in_time(LONGEST if len(attacks) == 1 else 2 * LONGEST):
            files = publish(attacked_documents(*attacks), SETTINGS, now=NOW).files
    except TooSlowError as error:
        return [str(error)]
    faults = find_faults(files, SITE, has_pages=IS_FULL or attacks in BATCHES[::3])
    if not faults:
        assert_alike(files)
        assert sound_story(files) == sound
    return faults


@cases(ON_DISK)
def test_an_attack_on_disk_stays_in_the_output_folder(attack: Attack, tmp_path: Path) -> None:
    source = tmp_path / "news"
    source.mkdir()
    for name, text in attacked_documents(attack).items():
        (source / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert_built_safely(tmp_path, SETTINGS)


@cases(FILE_NAMES)
def test_an_attack_in_a_file_name_reaches_nobody(attack: Attack, sound: Item) -> None:
    documents = {
        SOUND_NAME: SOUND,
        attack.text: "## Vote Held\n\nThe vote.\n",
        f"x/{attack.text}": HEAD.format(month="May") + "Much.\n",
    }
    with in_time():
        files = publish(documents, SETTINGS, now=NOW).files
    assert find_faults(files, SITE, has_pages=IS_FULL) == []
    assert_alike(files)
    assert sound_story(files) == sound


@cases(read_attacks("file_names"))
def test_an_attack_in_a_file_name_on_disk_stays_in_the_output_folder(attack: Attack, tmp_path: Path) -> None:
    source = tmp_path / "news"
    source.mkdir()
    try:
        path = source / attack.text
        if not path.resolve().is_relative_to(source):
            pytest.skip("no name below a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.format(month="May") + "## Vote Held\n\nThe vote.\n")
    except (OSError, ValueError):
        pytest.skip("no name for a file here")
    (source / SOUND_NAME).write_text(SOUND)
    assert_built_safely(tmp_path, SETTINGS)
    assert sound_story(read_tree(tmp_path / "feeds")).title == "Fellows Elected"


def assert_built_safely(folder: Path, settings: Settings) -> None:
    """Build `news` to `feeds` twice: nothing else changes, all that is written is safe, and the second build writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    names = list_sources(folder / "news")
    with in_time():
        build(settings, source=folder / "news", output=folder / "feeds", now=NOW)
    after = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if not path.is_relative_to(folder / "feeds")}
    assert after == before
    assert names
    assert find_faults(read_tree(folder / "feeds"), settings.url) == []
    assert build(settings, source=folder / "news", output=folder / "feeds", now=NOW).difference.write == ()


PLAIN_TOPICS = "\n[[topics]]\nid = 'governance'\ntitle = 'Governance'\n"
SETTING_TEMPLATES = {
    "title": "title = @",
    "description": "description = @",
    "author": "author = @",
    "language": "language = @",
    "authority": "authority = @",
    "url": "url = @",
    "hub": "hub = @",
    "topic id": "[[topics]]\nid = @\ntitle = 'T'\n",
    "topic former": "[[topics]]\nid = 't'\ntitle = 'T'\nformer = [@]\n",
    "topic title": "[[topics]]\nid = 't'\ntitle = @\n",
    "topic description": "[[topics]]\nid = 't'\ntitle = 'T'\ndescription = @\n",
    "topic alias": "[[topics]]\nid = 't'\ntitle = 'T'\naliases = [@]\n",
    "word": "[[topics]]\nid = 't'\ntitle = 'T'\nwords = { @ = 2 }\n",
    "feed id": PLAIN_TOPICS + "[[feeds]]\nid = @\ntitle = 'F'\ntopics = ['governance']\n",
    "feed title": PLAIN_TOPICS + "[[feeds]]\nid = 'f'\ntitle = @\ntopics = ['governance']\n",
    "feed description": PLAIN_TOPICS + "[[feeds]]\nid = 'f'\ntitle = 'F'\ntopics = ['governance']\ndescription = @\n",
    "fallback": "fallback = @",
}


@cases(read_attacks("settings"))
def test_an_attack_in_the_settings_is_refused_or_reaches_nobody(attack: Attack) -> None:
    value = json.dumps(attack.text, ensure_ascii=False).replace("\x7f", "\\u007f")
    faults = {}
    for place in attack.places:
        text = SETTING_TEMPLATES[place].replace("@", value) + ("" if "[[" in SETTING_TEMPLATES[place] else PLAIN_TOPICS)
        with in_time():
            try:
                settings = parse_settings(text, "feeds.toml", url=None if place == "url" else SITE)
                files = publish({SOUND_NAME: SOUND}, settings, now=NOW).files
            except FeedgenKusamaError:
                continue
            except ValueError as error:
                faults[place] = [f"{type(error).__name__}: {error}"]
                continue
        faults[place] = find_faults(files, settings.url)
    assert {place: found for place, found in faults.items() if found} == {}
