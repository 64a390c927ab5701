"""The script of forty lines: what a program that only turns headings into feeds would cost."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.tools import Installed, Tool, Work

SCRIPT = Path(__file__).parent.parent / "forty_lines.py"


def _install(_folder: Path) -> Installed:
    return Installed(
        command=(sys.executable, str(SCRIPT)), version=f"feedgen {version('feedgen')}, mistune {version('mistune')}"
    )


def _command(installed: Installed, _folder: Path, _work: Work) -> Sequence[str]:
    return installed.command


def _files(_topics: Sequence[str]) -> Mapping[str, str]:
    return {}


TOOL = Tool(
    id="forty",
    title="forty lines of Python",
    install=_install,
    command=_command,
    files=_files,
    sources="news",
    feed="feeds/{}rss.xml",
    whole="all/",
    makes_all=False,
)
