"""Changes: what a work left otherwise than it found it, counted in the files that were published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from feedgen_kusama.formats import atom, rss

Files = Mapping[str, tuple[int, int, int]]
"""Inode, time of modification in ns and size by path: a file that is written anew has others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Files written and the bytes in them; entries in them, each once, and as often as it stands in RSS and Atom documents."""

    files: int
    size: int
    entries: int
    shown: int


def look_at(folder: Path) -> Files:
    """The files below a folder, which may not be there yet."""
    found = ((path.relative_to(folder).as_posix(), path.stat()) for path in folder.rglob("*") if path.is_file())
    return {path: (stat.st_ino, stat.st_mtime_ns, stat.st_size) for path, stat in found}


def find_change(folder: Path, before: Files) -> Change:
    """What is otherwise below a folder than it was."""
    after = look_at(folder)
    changed = [path for path, stamp in after.items() if before.get(path) != stamp]
    entries: set[str] = set()
    shown = 0
    for path in changed:
        if path.rpartition("/")[2] in (rss.NAME, atom.NAME):
            found = _ids(folder / path)
            entries |= found
            shown += len(found)
    return Change(files=len(changed), size=sum(after[path][2] for path in changed), entries=len(entries), shown=shown)


def _ids(path: Path) -> set[str]:
    root = etree.parse(str(path)).getroot()
    return {guid.text or "" for guid in (*root.iterfind("channel/item/guid"), *root.iterfind("{*}entry/{*}id"))}
