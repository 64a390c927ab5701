"""Commands of all kinds, run to their end."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    status: int
    text: str


def run(
    command: Sequence[str], *, cwd: Path | None = None, text: str | None = None, env: Mapping[str, str] | None = None
) -> Done:
    """A command, both of its streams together; `env` is added to the environment."""
    both: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    whole = {**os.environ, **(env or {})}
    done = subprocess.run(command, cwd=cwd, input=text, env=whole, encoding="utf-8", timeout=120, check=False, **both)
    return Done(status=done.returncode, text=done.stdout)
