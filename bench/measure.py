"""What a command costs: wall time, processor time, and the memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.01
"""Seconds between two looks at the memory."""
PROC = Path("/proc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost. `wall` and `cpu` (user and system, children too) in seconds; `memory` in bytes, 0 where it was
    not watched: the peak of the resident set of the process itself, or of the proportional set sizes of it and all
    below it together, whichever is more. (What `wait4` tells of memory would count this program's own before `exec`.)"""

    wall: float
    cpu: float
    memory: int


class RunError(Exception):
    """A command that failed, with what it said."""


def run(command: Sequence[str], folder: Path, *, environment: Mapping[str, str], is_watched: bool = False) -> Cost:
    """Run a command to its end. Watching its memory disturbs its times. Raises RunError."""
    # With it, programs in Python would compile anew what they keep compiled where people run them.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**inherited, **environment}, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        watch = _Watch(process.pid) if is_watched else None
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = watch.stop() if watch else 0
        if process.returncode:
            said.seek(0)
            text = said.read().decode(errors="replace")[-2000:]
            raise RunError(f"{' '.join(command)} in {folder}: exit status {process.returncode}\n{text}")
    return Cost(wall=wall, cpu=usage.ru_utime + usage.ru_stime, memory=peak)


class _Watch:
    """A thread that looks at the memory of a process and all below it until it is stopped."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._ended = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(INTERVAL):
            together = sum(_find_size(process, "smaps_rollup", "Pss:") for process in _family(self._pid))
            self._peak = max(self._peak, together, _find_size(self._pid, "status", "VmHWM:"))

    def stop(self) -> int:
        """The peak in bytes; 0 where the system tells no such thing."""
        self._ended.set()
        self._thread.join()
        return self._peak


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        found = [(task / "children").read_text() for task in (PROC / str(pid) / "task").iterdir()]
    except OSError:  # it has ended
        return
    for child in " ".join(found).split():
        yield from _family(int(child))


def _find_size(pid: int, file: str, label: str) -> int:
    """A size in bytes that the system tells of a process; 0 where it has ended or is not told of."""
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(label)), 0)
