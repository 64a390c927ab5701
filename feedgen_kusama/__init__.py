"""Monthly news documents to feeds, overall and per topic.

The way through, which the folders show:

    news/*.md ── documents/ ──▶ Document ── readings ──▶ Reading            pure: text in, values out
                                                │
    feeds/ledger.jsonl ── ledger/ ──▶ reconcile ──▶ records, Plan           pure: the clock is an argument
                                                │
                   assembly ── feeds, site/ ──▶ Works: which files, made of what, with a digest of it
                                                │
                   jobs ── works, formats/, site/ ──▶ {path: bytes}          pure, here or in other processes
                                                │
                                output ──▶ feeds/                            only what differs, each file whole

`pipeline` tells a build without change from any other; `building` goes the way above, with `intake` and
`making` at its ends, past `guards`. `cache` saves the next build what this one did: `memory` says what, and of every
edition `ledger.shelves`: of one with nothing changed no record is read unless something has to be made of it. Effects
(clock, disk, network) live at the edge: `commands`, `sources`, `ledger.store`, `cache`, `executors`, `output`. A command
starts in `__main__`, and with `patterns` is spared what an earlier one did already.

Around the folder that is so published: `check` reads it back and judges it, `serve` shows it and `watch` builds on
change, `publish/` and `hub` take it to where readers are, and `doctor/` asks there, through `web/`, as a reader would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feedgen_kusama.config import read_settings
    from feedgen_kusama.documents import parse_document
    from feedgen_kusama.model import Document, Draft, Edition, Entry, Feed, Problem, Topic
    from feedgen_kusama.orders import Result
    from feedgen_kusama.pipeline import build
    from feedgen_kusama.settings import Settings

__version__: str
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

_HOMES = {
    "Result": "orders",
    "build": "pipeline",
    "Settings": "settings",
    "read_settings": "config",
    "parse_document": "documents",
}


def __getattr__(name: str) -> Any:
    """The public names, each imported when it is first used: a command loads only what it needs."""
    if name == "__version__":
        return _version()
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"feedgen_kusama.{_HOMES.get(name, 'model')}"), name)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("feedgen-kusama")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0"
