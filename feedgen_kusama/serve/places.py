"""From a request's target to a file below the folder that is served: nothing outside it, nothing hidden."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from urllib.parse import unquote_to_bytes

Names = tuple[str, ...]
_ORIGIN = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://[^/]*")
_NEVER = re.compile(r"[\x00-\x1f\x7f/\\]")
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def split_target(target: bytes) -> Names | None:
    """The names in a target's path, without its query; the last is empty for a folder. None where no file can be.

    A target may be a whole address (RFC 9112 section 3.2.2). What is decoded is not split again: an encoded slash
    parts nothing.
    """
    path = _ORIGIN.sub(b"", target, count=1) or b"/"
    if not path.startswith(b"/"):
        return None
    try:
        names = tuple(unquote_to_bytes(part).decode() for part in path[1:].split(b"/"))
    except UnicodeDecodeError:
        return None
    if any(name.startswith(".") or _NEVER.search(name) for name in names) or not all(names[:-1]):
        return None
    return names


def is_folder(folder: Path, names: Names) -> bool:
    """Whether names lead to a folder below the folder."""
    place = _resolve(folder, names)
    return place is not None and place.is_dir()


def open_file(folder: Path, names: Names) -> int | None:
    """A descriptor of the regular file that names lead to; None where there is none that may be read.

    Links are followed as long as they stay below the folder and out of hidden ones. A pipe is not waited for.
    """
    place = _resolve(folder, names)
    if place is None:
        return None
    try:
        descriptor = os.open(place, _FLAGS)
    except OSError:
        return None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    return None


def _resolve(folder: Path, names: Names) -> Path | None:
    try:
        root = folder.resolve()
        place = root.joinpath(*names).resolve(strict=True)
        inside = place.relative_to(root)
    except (OSError, RuntimeError, ValueError):
        return None
    return None if any(part.startswith(".") for part in inside.parts) else place
