"""Settings: feeds.toml over the built-in ones, every fault named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import msgspec
from msgspec.structs import replace

from feedgen_kusama.characters import find_forbidden, plain_text
from feedgen_kusama.config_checks import find_faults
from feedgen_kusama.errors import SettingsError
from feedgen_kusama.kept_code import CodeLoader
from feedgen_kusama.model import Selection, Topic
from feedgen_kusama.settings import Settings

FIELDS: Mapping[str, Any] = {field.name: field.type for field in msgspec.structs.fields(Settings)}
"""Every setting with its type."""
TABLES: Mapping[str, Any] = {"topics": Topic, "feeds": Selection}
"""Settings that are lists of tables."""
KINDS: Mapping[str, tuple[str, str]] = {
    "str": ("a text", '"text"'),
    "int": ("a whole number", "20"),
    "float": ("a number", "2.5"),
    "bool": ("true or false", "true"),
    "array": ("a list", '["one", "two"]'),
    "object": ("a table", '{ name = "value" }'),
}
"""What msgspec's names for kinds of values mean, each with an example in TOML."""
_KINDS = re.compile(r"Expected `(?P<wanted>\w+)(?: \| null)?`, got `(?P<got>\w+)`")
_MISSING = re.compile(r"Object missing required field `(\w+)`")


class _TableLoader(CodeLoader):
    def source_to_code(self, data: bytes, path: str, *_: object, **__: object) -> CodeType:  # type: ignore[override]
        return compile(repr(tomllib.loads(data.decode())), path, "eval")


@cache
def builtin() -> Settings:
    """The settings for Kusama News that hold where nothing else is said; its `url` is empty."""
    path = Path(__file__).with_name("kusama.toml")
    table = eval(_TableLoader("kusama", str(path)).code())  # noqa: S307  # the table as Python writes it
    return msgspec.convert({"url": "", **table}, Settings)


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
    settings: Settings = _plain(replace(builtin(), **values))
    if "topics" in values and "fallback" not in values:
        settings = replace(settings, fallback=_natural_fallback(settings))
    named = {fault.partition(":")[0] for fault in faults}
    faults += [fault for fault in find_faults(settings) if fault.partition(":")[0] not in named]
    if faults:
        raise SettingsError(
            [f"--{fault}" if url is not None and fault.startswith("url:") else f"{path}: {fault}" for fault in faults]
        )
    return settings


def _plain(settings: Settings) -> Settings:
    """The settings with titles and names that stay text where a reader takes them for HTML."""
    topics = tuple(replace(t, title=plain_text(t.title), description=plain_text(t.description)) for t in settings.topics)
    feeds = tuple(replace(f, title=plain_text(f.title), description=plain_text(f.description)) for f in settings.feeds)
    texts = {name: plain_text(getattr(settings, name)) for name in ("title", "description", "author")}
    return replace(settings, topics=topics, feeds=feeds, **texts)


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
        if any(map(find_forbidden, _texts(value))):
            faults.append(f"{key}: holds a character that cannot stand in a feed: remove it")
            continue
        try:
            values[key] = msgspec.convert(value, FIELDS[key])
        except msgspec.ValidationError as error:
            faults.append(_in_words(key, str(error)))
    return values, faults


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _unknown_keys(name: str, value: Any) -> Iterator[str]:
    """A fault for each key in a list of tables that none of them may have."""
    known = TABLES[name].__struct_fields__
    for number, table in enumerate(value if isinstance(value, list) else (), 1):
        for key in table if isinstance(table, dict) else ():
            if key not in known:
                yield f"{name}: number {number}: {key}: unknown setting: known are {', '.join(known)}"


def _in_words(key: str, message: str) -> str:
    """What msgspec says of a setting's value, in words: `$[0].id` is the first one's id."""
    text, _, path = message.partition(" - at `$")
    place = re.sub(r"\[(\d+)\]", lambda m: f".number {int(m[1]) + 1}", path.rstrip("`").replace("[...]", ".one of its values"))
    where = f"{key}{place.replace('.', ': ')}"
    if missing := _MISSING.fullmatch(text):
        return f"{where}: no {missing[1]}: write one"
    kinds = _KINDS.fullmatch(text)
    if kinds is None or kinds["wanted"] not in KINDS:
        return f"{where}: {text}"
    name, example = ("tables", f"[[{key}]]") if key in TABLES and not place else KINDS[kinds["wanted"]]
    got, _ = KINDS.get(kinds["got"], (f"a {kinds['got']}", ""))
    return f"{where}: {got} where {name} should be: write it like {example}"


def _slashed(url: str) -> str:
    return url if url.endswith("/") or not url else url + "/"


def _natural_fallback(settings: Settings) -> str:
    ids = [topic.id for topic in settings.topics]
    return "overview" if "overview" in ids else ids[0] if ids else ""
