"""Settings: feeds.toml over the built-in ones, every fault named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from feedgen_kusama.characters import find_forbidden
from feedgen_kusama.errors import SettingsError
from feedgen_kusama.model import Selection, Topic
from feedgen_kusama.month_names import month_names
from feedgen_kusama.words import split_words

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""A topic's id is a folder and part of an address: letters, digits and inner hyphens."""
MOST_NEWS_DAYS = 36_500
RESERVED_IDS = frozenset({"all", "archive", "editions", "embed", "fragment", "index", "media", "feeds", "static"})
"""Names that the site itself uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a publication wants. `url` is the site's absolute address, ending in a slash."""

    title: str
    url: str
    description: str
    language: str = "en"
    author: str
    authority: str | None = None
    """Who mints the tag URIs, as `domain,YYYY[-MM[-DD]]` (RFC 4151); the site's host when absent."""
    limit: int = 50
    """How many entries a feed holds."""
    news_days: int = 45
    """A new entry whose document's date lies at most so many days before the build is news, else a back issue."""
    months: tuple[str, ...] = ("en",)
    """Languages whose names of months are understood."""
    fallback: str
    """The topic of a section that no topic claims."""
    topics: tuple[Topic, ...]
    feeds: tuple[Selection, ...] = ()
    """Feeds of several topics."""
    hub: str | None = None
    """The address of a WebSub hub."""

    def find_topic(self, name: str) -> Topic | None:
        """The topic with this id, title or alias, in any letter case."""
        wanted = name.strip().casefold()
        for topic in self.topics:
            if wanted in topic.names:
                return topic
        return None

    def topic(self, id: str) -> Topic:
        """The topic with exactly this id."""
        return next(topic for topic in self.topics if topic.id == id)


FIELDS: Mapping[str, Any] = {
    "title": str,
    "url": str,
    "description": str,
    "language": str,
    "author": str,
    "authority": str,
    "limit": int,
    "news_days": int,
    "months": tuple[str, ...],
    "fallback": str,
    "topics": tuple[Topic, ...],
    "feeds": tuple[Selection, ...],
    "hub": str,
}


TABLES: Mapping[str, Any] = {"topics": Topic, "feeds": Selection}
"""Settings that are lists of tables."""


@cache
def builtin() -> Settings:
    """The settings for Kusama News that hold where nothing else is said; its `url` is empty."""
    text = files("feedgen_kusama").joinpath("kusama.toml").read_text("utf-8")
    values, faults = _convert(tomllib.loads(text))
    if faults:
        raise SettingsError(faults)
    return Settings(url="", **values)


def read_settings(path: Path | None, *, url: str | None = None) -> Settings:
    """The settings of a file (None: only the built-in ones), with `url` in place of its address.

    Raises SettingsError with every fault, each with the file and the setting.
    """
    text = "" if path is None else _read(path)
    return parse_settings(text, str(path or "settings"), url=url)


def parse_settings(text: str, path: str, *, url: str | None = None) -> Settings:
    """The settings that a TOML text gives. Raises SettingsError."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None
    values, faults = _convert(table)
    if url is not None:
        values["url"] = url
    if "url" in values:
        values["url"] = _slashed(values["url"])
    settings: Settings = replace(builtin(), **values)
    if "topics" in values and "fallback" not in values:
        settings = replace(settings, fallback=_natural_fallback(settings))
    named = {fault.partition(":")[0] for fault in faults}
    faults += [fault for fault in _check(settings) if fault.partition(":")[0] not in named]
    if faults:
        raise SettingsError([f"{path}: {fault}" for fault in faults])
    return settings


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path}: not UTF-8 (byte {error.start}): save the file as UTF-8"]) from None
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from None


def _convert(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The table's values in their types, and a fault for each that is unknown or of a wrong type."""
    values: dict[str, Any] = {}
    faults = []
    for key, value in table.items():
        if key not in FIELDS:
            faults.append(f"{key}: unknown setting: known are {', '.join(FIELDS)}")
            continue
        if key in TABLES:
            faults += _unknown_keys(key, value)
        try:
            values[key] = msgspec.convert(value, FIELDS[key])
        except msgspec.ValidationError as error:
            faults.append(f"{key}: {_plain(str(error))}")
    return values, faults


def _unknown_keys(name: str, value: Any) -> Iterator[str]:
    """A fault for each key in a list of tables that none of them may have."""
    known = TABLES[name].__dataclass_fields__
    for number, table in enumerate(value if isinstance(value, list) else (), 1):
        for key in table if isinstance(table, dict) else ():
            if key not in known:
                yield f"{name}: number {number}: {key}: unknown setting: known are {', '.join(known)}"


def _plain(message: str) -> str:
    """A msgspec message with its path in words: `$[0].id` is the first one's id."""
    text, _, path = message.partition(" - at `$")
    place = re.sub(r"\[(\d+)\]", lambda m: f" number {int(m[1]) + 1}", path.rstrip("`")).replace(".", ": ")
    return f"{text}{' in' if place else ''}{place.replace('[...]', ' one of its values')}"


def _slashed(url: str) -> str:
    return url if url.endswith("/") or not url else url + "/"


def _natural_fallback(settings: Settings) -> str:
    ids = [topic.id for topic in settings.topics]
    return "overview" if "overview" in ids else ids[0] if ids else ""


def _check(settings: Settings) -> Iterator[str]:
    for check in CHECKS:
        yield from check(settings)


def _check_url(settings: Settings) -> Iterator[str]:
    if not settings.url:
        yield 'url: missing: set `url = "https://…/"`, the address the feeds will have, or give --url'
    else:
        yield from _check_address("url", settings.url)
        if {"?", "#"} & set(settings.url):
            yield f"url: {settings.url!r} must have no query or fragment"
    if settings.hub is not None:
        yield from _check_address("hub", settings.hub)


def _check_address(name: str, address: str) -> Iterator[str]:
    try:
        parts = urlsplit(address)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        yield f"{name}: {address!r} is no address: {error}"
        return
    if parts.scheme not in ("http", "https") or not host:
        yield f"{name}: {address!r} is not absolute: write it with https:// and a host"
    elif parts.username:
        yield f"{name}: {address!r} must have no user name"
    elif not address.isascii() or re.search(r"[\s<>\"{}|\\^`]", address):
        yield f"{name}: {address!r} must be ASCII: write the host in Punycode and percent-encode the path"
    elif host not in parts.netloc:
        yield f"{name}: {address!r}: write the host in lower case"


def _check_texts(settings: Settings) -> Iterator[str]:
    for name in ("title", "description", "author"):
        text = getattr(settings, name)
        if not text.strip():
            yield f"{name}: empty: write a text"
        elif find_forbidden(text):
            yield f"{name}: holds a character that cannot stand in a feed: remove it"


def _check_values(settings: Settings) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", settings.language):
        yield f"language: {settings.language!r} is no language tag: write one like `en` or `pt-BR`"
    if settings.limit < 1:
        yield f"limit: {settings.limit} is too small: write 1 or more"
    if not 0 <= settings.news_days <= MOST_NEWS_DAYS:
        yield f"news_days: {settings.news_days}: write a number from 0 to {MOST_NEWS_DAYS}"
    if settings.authority and not re.fullmatch(r"[a-z0-9.@_-]+,\d{4}(-\d\d){0,2}", settings.authority):
        yield f'authority: {settings.authority!r}: write it as "example.org,2026" (RFC 4151)'


def _check_months(settings: Settings) -> Iterator[str]:
    for language in settings.months:
        try:
            month_names(language)
        except LookupError as error:
            yield f"months: {error.args[0]}"


def _check_topics(settings: Settings) -> Iterator[str]:
    if not settings.topics:
        yield "topics: none: write at least one [[topics]] table or leave topics out"
    taken: dict[str, int] = {}
    for number, topic in enumerate(settings.topics, 1):
        yield from _check_topic(topic)
        for name in sorted(topic.names):
            if taken.setdefault(name, number) != number:
                yield f"topics: {name!r} names both topic number {taken[name]} and number {number}: let one have it"
    if settings.topics and settings.fallback not in {topic.id for topic in settings.topics}:
        yield f"fallback: {settings.fallback!r} is no topic's id"


def _check_topic(topic: Topic) -> Iterator[str]:
    for name in (topic.id, *topic.former):
        if not ID.fullmatch(name):
            yield f"topics: {name!r} is no id: use small letters, digits and hyphens, since it names a folder"
        elif name in RESERVED_IDS:
            yield f"topics: {name!r} is used by the site itself: choose another id"
    for word, weight in topic.words.items():
        if not split_words(word) or not isfinite(weight):
            yield f"topics: {topic.id}: words: {word!r} = {weight}: write a word with a finite weight"


def _check_feeds(settings: Settings) -> Iterator[str]:
    taken = {name for topic in settings.topics for name in (topic.id, *topic.former)}
    for feed in settings.feeds:
        if not ID.fullmatch(feed.id) or feed.id in RESERVED_IDS:
            yield f"feeds: {feed.id!r} is no id: use small letters, digits and hyphens, and no name of the site's own"
        elif feed.id in taken:
            yield f"feeds: {feed.id!r} is taken by a topic or another feed: choose another id"
        taken.add(feed.id)
        if not feed.topics:
            yield f"feeds: {feed.id!r} has no topics: name at least one"
        for name in feed.topics:
            if settings.find_topic(name) is None:
                yield f"feeds: {feed.id!r}: no topic is called {name!r}"
        if feed.limit is not None and feed.limit < 1:
            yield f"feeds: {feed.id!r}: limit: {feed.limit} is too small: write 1 or more"


CHECKS: tuple[Callable[[Settings], Iterator[str]], ...] = (
    _check_url,
    _check_texts,
    _check_values,
    _check_months,
    _check_topics,
    _check_feeds,
)
