"""Settings: a fault is named with its setting, all of them at once, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedgen_kusama import config
from feedgen_kusama.config import builtin, parse_settings, read_settings
from feedgen_kusama.config_checks import RESERVED_IDS
from feedgen_kusama.errors import SettingsError

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

URL = 'url = "https://news.example/"\n'


def topic(id: str, title: str = "T", rest: str = "") -> str:
    return f'[[topics]]\nid = "{id}"\ntitle = "{title}"\n{rest}\n'


FAULTY: Mapping[str, tuple[str, str, str]] = {
    "an unknown setting": (f"{URL}titel = 'x'", "titel", "unknown setting: known are title"),
    "an unknown setting of a topic": (URL + topic("a", rest="colour = 1"), "topics", "number 1: colour: unknown setting"),
    "a wrong type": (f"{URL}limit = 'ten'", "limit", "a text where a whole number should be: write it like 20"),
    "a boolean for a number": (f"{URL}limit = true", "limit", "true or false where a whole number should be"),
    "a number for a text": ("url = 5", "url", "a whole number where a text should be"),
    "a wrong type in a topic": (URL + "[[topics]]\nid = 1\ntitle = 'x'", "topics", "number 1: id"),
    "a topic without id": (URL + "[[topics]]\ntitle = 'x'", "topics", "number 1: no id"),
    "a table for topics": (URL + "[topics]\nid = 'x'", "topics", "a table where tables should be: write it like [[topics]]"),
    "a relative address": ("url = 'news/'", "url", "not absolute"),
    "an address without host": ("url = 'https:///news/'", "url", "not absolute"),
    "another scheme": ("url = 'ftp://news.example/'", "url", "not absolute"),
    "a broken address": ("url = 'http://[::1/'", "url", "no address"),
    "a port that is none": ("url = 'https://news.example:99999/'", "url", "no address"),
    "a query": ("url = 'https://news.example/?x=1'", "url", "query"),
    "a name and password": ("url = 'https://me:secret@news.example/'", "url", "user name"),
    "an address beyond ASCII": ("url = 'https://n\xe9ws.example/'", "url", "Punycode"),
    "a host in capitals": ("url = 'https://News.example/'", "url", "lower case"),
    "no address": ("title = 'x'", "url", "missing"),
    "an empty address": ("url = ''", "url", "missing"),
    "two topics with one id": (URL + topic("a") + topic("a", "U"), "topics", "'a' names both topic number 1 and number 2"),
    "two topics with one title": (URL + topic("a") + topic("b"), "topics", "'t' names both"),
    "an alias of another topic": (URL + topic("a") + topic("b", "U", "aliases=['A']"), "topics", "'a' names both"),
    "an id that leads out": (URL + topic("../x"), "topics", "'../x' is no id"),
    "an id with capitals": (URL + topic("Gov"), "topics", "'Gov' is no id"),
    "an empty id": (URL + topic(""), "topics", "'' is no id"),
    "an id of 65 letters": (URL + topic("a" * 65), "topics", "is no id"),
    "a former id that leads out": (URL + topic("a", rest="former=['/etc']"), "topics", "'/etc' is no id"),
    "a former id that it has": (URL + topic("a", rest="former=['a']"), "topics", "name each id once"),
    "a former id twice": (URL + topic("a", rest="former=['b', 'b']"), "topics", "name each id once"),
    "an endless weight": (URL + topic("a", rest="words={vote=inf}"), "topics", "finite weight"),
    "no topics": (URL + "topics = []", "topics", "none"),
    "a fallback that is no topic": (f"{URL}fallback = 'x'", "fallback", "no topic's id"),
    "a language that is none": (f"{URL}language = 'english language'", "language", "no language tag"),
    "a month's language that is none": (f"{URL}months = ['en', 'zz']", "months", "zz"),
    "limit 0": (f"{URL}limit = 0", "limit", "from 1 to"),
    "limit without end": (f"{URL}limit = {10**22}", "limit", "from 1 to"),
    "negative days": (f"{URL}news_days = -1", "news_days", "a number from 0"),
    "days beyond all calendars": (f"{URL}news_days = 999999999999", "news_days", ""),
    "an authority without date": (f"{URL}authority = 'news.example'", "authority", "RFC 4151"),
    "an authority of an impossible month": (f"{URL}authority = 'news.example,2026-13'", "authority", "RFC 4151"),
    "an empty title": (f"{URL}title = ' '", "title", "empty"),
}
"""By what is wrong: the file, the setting named, and words of the message."""


@pytest.mark.parametrize("fault", FAULTY)
def test_a_fault_is_named_with_its_setting_and_nothing_is_written(project: Project, fault: str) -> None:
    text, setting, words = FAULTY[fault]
    project.toml.write_text(text, "utf-8")
    outcome = project.build()
    assert outcome.status == 2
    assert [line for line in outcome.err if line.startswith(f"feeds.toml: {setting}: ") and words in line]
    assert outcome.out == ()
    assert not project.feeds.exists()


@pytest.mark.parametrize("id", sorted(RESERVED_IDS))
def test_an_id_that_the_site_uses_is_refused(id: str) -> None:
    with pytest.raises(SettingsError, match=f"topics: '{id}' is used by the site itself"):
        parse_settings(URL + topic(id), "feeds.toml")


UNREADABLE: Mapping[str, tuple[bytes, str]] = {
    "invalid TOML": (b"title = \n", "not valid TOML: Invalid value (at line 1"),
    "a setting twice": (b"limit = 1\nlimit = 2\n", "not valid TOML: Cannot overwrite a value (at line 2"),
    "nested without end": (b"a = " + b"[" * 20_000, "not valid TOML"),
    "not UTF-8": (b"title = 'Caf\xe9'\n", "not UTF-8 (byte 12)"),
    "UTF-16": ("title = 'x'".encode("utf-16"), "not UTF-8 (byte 0)"),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_file_that_is_no_settings_is_one_line(project: Project, fault: str) -> None:
    content, words = UNREADABLE[fault]
    project.toml.write_bytes(content)
    outcome = project.build()
    assert outcome.status == 2
    assert len(outcome.err) == 1
    assert outcome.err[0].startswith(f"feeds.toml: {words}")
    assert not project.feeds.exists()


@pytest.mark.parametrize(("name", "words"), [("none.toml", "No such file"), ("news", "Is a directory")])
def test_settings_that_are_asked_for_must_be_there(project: Project, name: str, words: str) -> None:
    outcome = project.build("--config", name)
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert f"{name}: cannot be read: {words}" in outcome.err[0]
    assert not project.feeds.exists()


def faults_of(text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        parse_settings(text, "feeds.toml")
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("colour = 1\ntitel = 'x'\nlimit = 'ten'\nnews_days = []", ["colour", "titel", "limit", "news_days", "url"]),
        ("url = 'news'\nlimit = 0\nlanguage = '?'\nauthor = ''", ["url", "limit", "language", "author"]),
        (URL + topic("../x") + topic("Y", "U") + topic("index", "V"), ["topics", "topics", "topics"]),
        ("colour = 1\nurl = 'news'\nlimit = 0\nnews_days = 'x'", ["colour", "url", "limit", "news_days"]),
    ],
    ids=["unknown and of wrong type", "out of bounds", "in topics", "of both kinds"],
)
def test_all_faults_are_named_at_once(text: str, settings: list[str]) -> None:
    named = [fault.split(": ")[1] for fault in faults_of(text)]
    assert sorted(named) == sorted(settings)


def test_every_fault_is_one_line() -> None:
    for fault in faults_of('url = "a\\nb"\nlanguage = "x\\ny"\nauthority = "x\\ny"\n'):
        assert "\n" not in fault


def test_what_a_file_does_not_name_is_built_in() -> None:
    settings = parse_settings(URL + "limit = 7", "feeds.toml")
    assert (settings.limit, settings.topics, settings.title) == (7, builtin().topics, builtin().title)


def test_an_address_ends_in_a_slash() -> None:
    assert parse_settings("url = 'https://news.example/kusama'", "feeds.toml").url == "https://news.example/kusama/"


def test_an_address_given_stands_for_the_one_in_the_file() -> None:
    assert parse_settings(URL, "feeds.toml", url="https://other.example").url == "https://other.example/"


def test_topics_replace_the_built_in_ones_and_the_first_takes_what_no_topic_claims() -> None:
    settings = parse_settings(URL + topic("a") + topic("b", "U"), "feeds.toml")
    assert ([t.id for t in settings.topics], settings.fallback) == (["a", "b"], "a")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(URL, "utf-8-sig")
    assert read_settings(path).url == "https://news.example/"


@pytest.mark.parametrize("name", ["opengov", "OpenGov", " governance ", "GOVERNANCE"])
def test_a_topic_is_found_by_id_title_and_alias_in_any_letter_case(name: str) -> None:
    found = builtin().find_topic(name)
    assert found is not None
    assert found.id == "governance"


def test_the_builtin_settings_are_settings_as_anybody_may_write_them() -> None:
    text = Path(config.__file__).with_name("kusama.toml").read_text("utf-8")
    address = "https://news.example/"
    assert parse_settings(f'url = "{address}"\n{text}', "kusama.toml") == replace(builtin(), url=address)
