"""Notice when documents or settings have changed, however that came about."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import FrameType

from watchfiles import watch as watch_files

PAUSE = 1.0
"""Seconds after which a change is looked for that nobody reported: on a network disk, or in a folder that was replaced."""
SETTLED = 0.1
"""Seconds without a change after which a file is taken to be written to its end."""
Snapshot = Mapping[str, tuple[int, int, int]]
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched: the folder of documents, and the settings, which need not be there."""

    source: Path
    config: Path

    def snapshot(self) -> Snapshot:
        """Every file with what changes when it does: inode, size and time."""
        return dict(self._stamps())

    def _stamps(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        for path in (self.config, *self._documents()):
            try:
                status = path.stat()
            except OSError:  # gone by now, which the next snapshot shows
                continue
            yield str(path), (status.st_ino, status.st_size, status.st_mtime_ns)

    def _documents(self) -> Iterator[Path]:
        for root, folders, files in os.walk(self.source):
            folders[:] = [name for name in folders if name[0] not in "._"]
            yield from (Path(root, name) for name in files if name[0] not in "._")


def follow(build: Callable[[], object], watched: Watched, seen: Snapshot, stop: Event) -> None:
    """Build after each change to what was seen, until `stop` is set."""
    while wait_for_change(watched, seen, stop):
        seen = settled(watched, stop)
        build()


def settled(watched: Watched, stop: Event) -> Snapshot:
    """The files once nothing is being written to them any more."""
    seen = watched.snapshot()
    while not stop.wait(SETTLED) and (now := watched.snapshot()) != seen:
        seen = now
    return seen


def wait_for_change(watched: Watched, seen: Snapshot, stop: Event) -> bool:
    """Return when the files are others than those seen, or `stop` is set; which of them is it."""
    while not stop.is_set() and watched.snapshot() == seen:
        _wait_for_report(watched, seen, stop)
    return not stop.is_set()


def _wait_for_report(watched: Watched, seen: Snapshot, stop: Event) -> None:
    """Watch what is there until it differs from what was seen. Ends early where it can no longer be watched."""
    paths = [path for path in (watched.source, watched.config) if path.exists()]
    if not paths:
        stop.wait(PAUSE)
        return
    pause = int(PAUSE * 1000)
    try:
        for _ in watch_files(*paths, watch_filter=None, stop_event=stop, rust_timeout=pause, yield_on_timeout=True):
            if watched.snapshot() != seen:
                return
    except OSError:  # no more watches are to be had, or the folder went at this moment
        stop.wait(PAUSE)


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that the first SIGINT or SIGTERM sets; the second one acts as it always does."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        restore()

    before = {number: signal.signal(number, end) for number in SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    try:
        yield stop
    finally:
        restore()
