"""In which order files are published, into a folder or to a host: nothing names what is not there yet. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.model import EDITION_PATH

_EDITION = re.compile(EDITION_PATH.format(r"\d{4}-\d\d"))
_ARCHIVE = re.compile(r"(?:.*/)?archive/(\d{4})(?:-(\d+))?/")

RANKS: tuple[Callable[[str], object], ...] = (
    _EDITION.fullmatch,
    _ARCHIVE.match,
    lambda path: path.endswith(".html"),
    lambda path: path.rpartition("/")[2] in FORMATS,
    lambda path: path == opml.NAME,
    lambda path: path == LEDGER,
)
"""What comes after files that are none of these (styles, scripts): the entries' pages, archives, other pages, heads, the
list of all heads, and last the ledger, which vouches for everything."""


def stages(paths: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The paths in stages; those of one stage may be published in any order.

    Among archives the latest come first: an earlier one leads on to it (RFC 5005, section 4).
    """
    ordered = sorted(paths, key=lambda path: (_stage(path), path))
    return tuple(tuple(group) for _, group in groupby(ordered, key=_stage))


def _stage(path: str) -> tuple[int, int, int]:
    rank = next((number for number, belongs in enumerate(RANKS, 1) if belongs(path)), 0)
    archive = _ARCHIVE.match(path)
    return (rank, -int(archive[1]), -int(archive[2] or 1)) if archive else (rank, 0, 0)
