"""Monthly news documents to feeds, overall and per topic.

The way through, which the folders show:

    news/*.md ── documents/ ──▶ Document, Drafts, Problems              pure: text in, values out
                                   │
    feeds/ledger.jsonl ── ledger/ ──▶ reconcile ──▶ Entries, Plan       pure: the clock is an argument
                                   │
            feeds ── formats/ (RSS, Atom, JSON, OPML), site/ (pages)    pure: {path: bytes}
                                   │
                        output ──▶ feeds/                               only what differs, each file whole

`assembly` joins the pure parts, `pipeline` surrounds them with reading and writing. Effects (clock, disk, network)
live at the edge: `cli`, `sources`, `ledger.store`, `output`, `web`.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedgen_kusama.config import read_settings
    from feedgen_kusama.documents import parse_document
    from feedgen_kusama.model import Document, Draft, Edition, Entry, Feed, Problem, Topic
    from feedgen_kusama.pipeline import Result, build
    from feedgen_kusama.settings import Settings

__all__ = [
    "Document",
    "Draft",
    "Edition",
    "Entry",
    "Feed",
    "Problem",
    "Result",
    "Settings",
    "Topic",
    "build",
    "parse_document",
    "read_settings",
]

try:
    __version__ = version("feedgen-kusama")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0"

_HOMES = {
    "Result": "pipeline",
    "build": "pipeline",
    "Settings": "settings",
    "read_settings": "config",
    "parse_document": "documents",
}


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first used: a command loads only what it needs."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"feedgen_kusama.{_HOMES.get(name, 'model')}"), name)
