"""Front matter: YAML between `---` lines or TOML between `+++` lines at the top of a document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<inner>.*?)(?:^(?P=fence)|^\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
FIELDS = ("title", "month", "date", "author", "topics", "draft")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What a document says of itself before its text; keys not named here are ignored."""

    title: str | None = None
    month: str | None = None
    date: str | None = None
    author: str | None = None
    topics: tuple[str, ...] = ()
    """The topics that the document's sections may have; one alone is every section's."""
    topics_by_title: Mapping[str, str] = field(default_factory=dict)
    """A section's title, casefolded, to its topic."""
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """A document's front matter and text; `first_line` is where the text begins. `faults` have lines."""

    front_matter: FrontMatter
    text: str
    first_line: int
    faults: tuple[tuple[int, str], ...] = ()


def split_front_matter(text: str) -> Split:
    """The front matter at the top of a text, if there is one, and the text below it."""
    match = _FENCED.match(text)
    if not match or not _looks_like_fields(match["inner"], match["fence"]):
        return Split(FrontMatter(), text, 1)
    below = text[match.end() :]
    first_line = 1 + text[: match.end()].count("\n")
    try:
        table = tomllib.loads(match["inner"]) if match["fence"] == "+++" else yaml.safe_load(match["inner"])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "cannot be read"
        return Split(FrontMatter(), below, first_line, ((line, f"front matter is not valid YAML: {problem}"),))
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        found = re.search(r"line (\d+)", str(error))
        line = 1 + int(found[1]) if found else 1
        return Split(FrontMatter(), below, first_line, ((line, f"front matter is not valid: {error}"),))
    fields, faults = _read_fields(table if isinstance(table, dict) else {})
    lines = {key: _line_of(match["inner"], key) for key in FIELDS}
    return Split(fields, below, first_line, tuple((lines[key], message) for key, message in faults))


def _looks_like_fields(inner: str, fence: str) -> bool:
    """Whether the lines between two rules are fields: prose between two `---` is no front matter."""
    mark = r"\s*=" if fence == "+++" else r"\s*:(?:\s|$)"
    first = next((line for line in inner.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    return not first or re.match(rf"[\"']?[\w-]+[\"']?{mark}", first) is not None


def _line_of(inner: str, key: str) -> int:
    for number, line in enumerate(inner.split("\n"), 2):
        if re.match(rf"[\"']?{key}[\"']?\s*[:=]", line):
            return number
    return 2


def _read_fields(table: Mapping[Any, Any]) -> tuple[FrontMatter, list[tuple[str, str]]]:
    faults: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for key in ("title", "month", "date", "author"):
        if table.get(key) is not None:
            values[key] = _text(table[key])
    topics = table.get("topics")
    if isinstance(topics, Mapping):
        values["topics_by_title"] = {_text(k).casefold(): _text(v) for k, v in topics.items()}
    elif isinstance(topics, (list, tuple)):
        values["topics"] = tuple(_text(topic) for topic in topics)
    elif topics is not None:
        values["topics"] = (_text(topics),)
    draft = table.get("draft", False)
    if not isinstance(draft, bool):
        faults.append(("draft", f"draft: {draft!r} is neither true nor false"))
        draft = True  # what is not meant to be published yet must not leak
    return FrontMatter(**values, draft=draft), faults


def _text(value: object) -> str:
    """A field's value as text: lists joined, dates as ISO days."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return _text(value.get("name", ""))
    return " ".join(str(value).split())
