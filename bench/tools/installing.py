"""Installing tools from package registries into a folder of their own, once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.tools import UnavailableError

PATIENCE = 600
"""Seconds that an installation may take."""


def install_python(folder: Path, *packages: str) -> Path:
    """A virtual environment with these packages. Raises UnavailableError."""
    done = folder / "done"
    if not done.exists():
        run_installer([sys.executable, "-m", "venv", "--clear", str(folder)])
        run_installer([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages])
        done.touch()
    return folder


def install_node(folder: Path, *packages: str) -> Path:
    """The `node_modules` that npm makes of these packages. Raises UnavailableError."""
    done = folder / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        if not shutil.which("npm"):
            raise UnavailableError("npm is not installed")
        run_installer(["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error", *packages])
        done.touch()
    return folder / "node_modules"


def run_installer(command: Sequence[str]) -> str:
    """What a command prints. Raises UnavailableError with the last of what it says where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnavailableError(str(error)) from None
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        told = max(said, key=lambda line: (" not found" in line, "rror" in line), default="no reason given")
        raise UnavailableError(f"{Path(command[0]).name} {Path(command[1]).name}: {told.partition(' (required')[0]}")
    return done.stdout.strip()
