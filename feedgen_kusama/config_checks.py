"""Whether settings of the right types can be used: every fault, not only the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from math import isfinite
from urllib.parse import urlsplit

from feedgen_kusama.model import Topic
from feedgen_kusama.month_names import month_names
from feedgen_kusama.settings import Settings
from feedgen_kusama.words import split_words

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""A topic's id is a folder and part of an address: letters, digits and inner hyphens."""
MOST_NEWS_DAYS = 36_500
MOST_IN_HEAD = 1_000_000
_AUTHORITY = re.compile(r"[a-z0-9.@_-]+,\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
"""A host or address and a day (RFC 4151, section 2.1)."""
RESERVED_IDS = frozenset({"all", "archive", "editions", "embed", "fragment", "index", "media", "feeds", "static"})
"""Names that the site itself uses."""


def find_faults(settings: Settings) -> Iterator[str]:
    """Every fault of the settings, each beginning with the setting's name."""
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
        yield f"{name}: {address!r} must be ASCII without blanks: write the host in Punycode and percent-encode the path"
    elif host not in parts.netloc:
        yield f"{name}: {address!r}: write the host in lower case"
    elif re.search(r"/\.{0,2}/", parts.path):
        yield f"{name}: {address!r}: write the path without empty parts, `.` and `..`"


def _check_texts(settings: Settings) -> Iterator[str]:
    for name in ("title", "description", "author"):
        if not getattr(settings, name).strip():
            yield f"{name}: empty: write a text"


def _check_values(settings: Settings) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", settings.language):
        yield f"language: {settings.language!r} is no language tag: write one like `en` or `pt-BR`"
    if not 1 <= settings.limit <= MOST_IN_HEAD:
        yield f"limit: {settings.limit}: write a number from 1 to {MOST_IN_HEAD}"
    if not 0 <= settings.news_days <= MOST_NEWS_DAYS:
        yield f"news_days: {settings.news_days}: write a number from 0 to {MOST_NEWS_DAYS}"
    if settings.authority and not _AUTHORITY.fullmatch(settings.authority):
        yield f'authority: {settings.authority!r}: write it as "example.org,2026" (RFC 4151)'


def _check_months(settings: Settings) -> Iterator[str]:
    if not settings.months:
        yield 'months: none: write at least one language, as in ["en"]'
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
    if len({topic.id, *topic.former}) <= len(topic.former):
        yield f"topics: {topic.id}: former: name each id once that the topic had earlier, and not the one that it has"
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
        if feed.limit is not None and not 1 <= feed.limit <= MOST_IN_HEAD:
            yield f"feeds: {feed.id!r}: limit: {feed.limit}: write a number from 1 to {MOST_IN_HEAD}"


CHECKS: tuple[Callable[[Settings], Iterator[str]], ...] = (
    _check_url,
    _check_texts,
    _check_values,
    _check_months,
    _check_topics,
    _check_feeds,
)
