"""Tools: what is measured side by side, one module each, told apart by a table of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.posts import Post

Work = Literal["cold", "unchanged", "edited", "added", "explain"]
REBUILDS: tuple[Work, ...] = ("cold", "unchanged", "edited", "added")
LIMIT = 50
"""How many entries a feed holds."""
TITLE, ADDRESS = "Kusama News", "https://kusama-news.example/"


class UnavailableError(Exception):
    """A tool cannot be had here; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A tool that is there: the beginning of its commands, and its version."""

    command: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """How a tool is installed, laid out, fed and called. Paths are below a site's own folder."""

    id: str
    title: str
    install: Callable[[Path], Installed]
    """Into a folder for tools that is kept between runs. Raises UnavailableError."""
    command: Callable[[Installed, Path, Work], Sequence[str]]
    files: Callable[[Sequence[str]], Mapping[str, str]]
    """Settings and templates by path, given the topics' ids."""
    sources: str
    """The folder of documents or posts."""
    post: Callable[[Post], str] | None = None
    """A post's file; None where the tool reads whole documents."""
    feed: str
    """The path of a feed, `{}` standing for its folder."""
    topics: str = ""
    """The folder of the topics' folders, ending in a slash."""
    whole: str = ""
    """The folder of the feed of everything."""
    works: tuple[Work, ...] = REBUILDS
    makes_all: bool = True
    """Whether it finds the same stories and topics as the program."""
