"""Front matter: YAML between `---` lines or TOML between `+++` lines at the top of a document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<inner>.*?)(?:^(?P=fence)|^\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_PLAIN_LINE = (
    r"(?P<key>[A-Za-z_][\w-]{0,40}):(?:[ ]+(?:(?P<text>\w(?:[\w .,;/()'&+-]*[\w.,;/()'&+-])?)"
    r'|"(?P<quoted>[\w !#-\[\]-~\u2010-\u2027]*)"|\[(?P<items>\w[\w .-]*(?:,[ ]*\w[\w .-]*)*)\]))?[ ]*\n'
)
"""A line of YAML in which nothing but commas, quotes and the first colon could mean anything."""
MOST_ITEMS, LONGEST_VALUE = 20, 300
NULLS = ("null", "~")
"""How YAML writes that there is no value."""
DRAFT: Mapping[str, bool] = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False, "": False}
FIELDS = ("title", "month", "date", "author", "topics", "draft")
_UNCLOSED = re.compile(rf"(?P<fence>---|\+\+\+)[ \t]*\n(?:{'|'.join(FIELDS)})[ \t]*[:=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What a document says of itself before its text, keys in any letter case; those not named here are ignored."""

    title: str | None = None
    month: str | None = None
    date: str | None = None
    author: str | None = None
    topics: tuple[str, ...] = ()
    """The topics that the document's sections may have; one alone is every section's."""
    topics_by_title: Mapping[str, str] = field(default_factory=dict)
    """A section's title, casefolded, to its topic."""
    draft: bool = False
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    """On which line each field stands."""


NONE = FrontMatter()


class Split(msgspec.Struct, frozen=True):
    """A document's front matter and text; `first_line` is where the text begins. `faults` have lines."""

    front_matter: FrontMatter
    text: str
    first_line: int
    faults: tuple[tuple[int, str], ...] = ()


def split_front_matter(text: str) -> Split:
    """The front matter at the top of a text, if there is one, and the text below it."""
    match = _FENCED.match(text)
    if not match and (unclosed := _UNCLOSED.match(text)):
        return Split(NONE, text, 1, ((2, f"front matter is not closed: write {unclosed['fence']} below its last line"),))
    if not match or not _looks_like_fields(match["inner"], match["fence"]):
        return Split(NONE, text, 1)
    below = text[match.end() :]
    first_line = 1 + text[: match.end()].count("\n")
    language = "TOML" if match["fence"] == "+++" else "YAML"
    try:
        table = tomllib.loads(match["inner"]) if language == "TOML" else read_yaml(match["inner"])
    except (ValueError, RecursionError) as error:
        line, message = _fault(error)
        return Split(NONE, below, first_line, ((line, f"front matter is not valid {language}: {message}"),))
    if table and not isinstance(table, dict):
        fault = "front matter has no field: write them as `title: Words`, with a blank after the colon"
        return Split(NONE, below, first_line, ((2, fault),))
    lines = {key: _line_of(match["inner"], key) for key in FIELDS}
    fields, faults = _read_fields(_fold_keys(table or {}), lines)
    return Split(fields, below, first_line, tuple((lines[key], message) for key, message in faults))


def read_yaml(text: str) -> Any:
    """What a text in YAML says; every scalar stays text: no tag, number or date of YAML's own can surprise.
    Raises ValueError and RecursionError."""
    fields = _read_plain_yaml(text)
    if fields is not None:
        return fields
    import yaml  # takes long to load, and is seldom needed

    try:
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _read_plain_yaml(text: str) -> dict[str, str | list[str]] | None:
    """The fields of a text all of whose lines are of the plainest kind; None where one is not."""
    fields: dict[str, str | list[str]] = {}
    end = 0
    lines = re.compile(_PLAIN_LINE)  # not before it is needed, as few documents have front matter
    while line := lines.match(text, end):
        items = line["items"]
        fields[line["key"]] = [item.strip() for item in items.split(",")] if items else line["text"] or line["quoted"] or ""
        end = line.end()
    return fields if end == len(text) else None


def _fault(error: Exception) -> tuple[int, str]:
    """The line of what cannot be read, and what is wrong with it."""
    cause = error.__cause__  # YAML's own
    mark = getattr(cause, "problem_mark", None)
    if mark is not None:
        return 2 + mark.line, str(getattr(cause, "problem", None) or "cannot be read")
    found = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)", str(error))
    line = 1 + int(found[1]) if found and found[1] else 2
    return line, str(error)[: found.start()] if found else str(error)


def _looks_like_fields(inner: str, fence: str) -> bool:
    """Whether the lines between two rules are fields: prose between two `---` is no front matter, nor is what stands a
    blank line below the first or holds a heading, unless it begins with one of the FIELDS. Such a one without a blank
    after its colon, or in the other language, is none, but meant as one: a draft must not leak for it."""
    key = r"\s*[\"']?[\w-]+[\"']?\s*"
    meant = rf"\s*[\"']?(?:{'|'.join(FIELDS)})[\"']?\s*[:=]"
    first = next((line for line in inner.split("\n") if line.strip() and not re.match(r"\s*#(?!#)", line)), "")
    if re.match(meant, first):
        return True
    if (inner[:1] == "\n" and first) or re.search(r"^##+\s", inner, re.MULTILINE):
        return False
    is_table = fence == "+++" and re.match(r"\[[\w.\"' -]+\]", first) is not None
    return not first or is_table or re.match(rf"{key}=" if fence == "+++" else rf"{key}:(?:\s|$)", first) is not None


def _line_of(inner: str, key: str) -> int:
    for number, line in enumerate(inner.split("\n"), 2):
        if re.match(rf"\s*[\"']?{key}[\"']?\s*[:=]", line, re.IGNORECASE):
            return number
    return 2


def _fold_keys(table: Mapping[Any, Any]) -> dict[str, Any]:
    """A table with its keys in small letters; of two that differ in letter case alone the first counts."""
    folded: dict[str, Any] = {}
    for key, value in table.items():
        folded.setdefault(str(key).casefold(), value)
    return folded


def _read_fields(table: Mapping[str, Any], lines: Mapping[str, int]) -> tuple[FrontMatter, list[tuple[str, str]]]:
    faults: list[tuple[str, str]] = []
    values: dict[str, Any] = {key: _text(table.get(key)) or None for key in ("title", "month", "date", "author")}
    topics = table.get("topics")
    if isinstance(topics, Mapping):
        values["topics_by_title"] = {_text(k).casefold(): _text(v) for k, v in topics.items()}
    elif topics is not None:
        values["topics"] = tuple(filter(None, map(_text, topics if isinstance(topics, list) else [topics])))
    values["date"] = re.sub(r"^(\d{4}-\d\d-\d\d)[T ].*", r"\1", values["date"] or "") or None
    stated = table.get("draft", False)
    draft, wrong = read_draft("a list or table" if isinstance(stated, (list, dict)) else str(stated))
    faults += [("draft", message) for message in wrong]
    return FrontMatter(**values, draft=draft, lines=lines), faults


def read_draft(stated: str) -> tuple[bool, list[str]]:
    """Whether something is said to be a draft, and what is wrong with how; what is neither true nor false counts as one: a
    draft must not leak."""
    value = stated.casefold()[:LONGEST_VALUE]
    return DRAFT.get(value, True), [] if value in DRAFT else [f"draft: {value!r} is neither true nor false"]


def _text(value: object) -> str:
    """A field's value as text: a list's items joined, days as ISO writes them; of what is nested deeper nothing."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(item) for item in value[:MOST_ITEMS] if not isinstance(item, (list, dict)))))
    if isinstance(value, dict):
        name = value.get("name", "")
        return "" if isinstance(name, (list, dict)) else _text(name)
    if value is None or value in NULLS:
        return ""
    text = value.date().isoformat() if isinstance(value, datetime) else str(value)
    return " ".join(text.split())[:LONGEST_VALUE]
