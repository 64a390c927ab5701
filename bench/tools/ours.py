"""This program: with heads only, and with everything it publishes."""

from __future__ import annotations

import compileall
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.corpus import HEADS_ONLY, LATER, NOW, SETTINGS
from bench.tools import REBUILDS, Installed, Tool, Work
from feedgen_kusama import __file__ as package
from feedgen_kusama import __version__


def _install(_folder: Path) -> Installed:
    # As pip leaves a program. Where PYTHONDONTWRITEBYTECODE is set a checkout would be compiled anew by every command.
    compileall.compile_dir(Path(package).parent, quiet=1)
    return Installed(command=(sys.executable, "-m", "feedgen_kusama"), version=__version__)


def _command(installed: Installed, folder: Path, work: Work) -> Sequence[str]:
    if work == "explain":
        return (*installed.command, "explain", str(max((folder / "news").iterdir(), key=lambda path: path.name)))
    now = NOW if work in ("cold", "unchanged") else LATER
    return (*installed.command, "build", "--quiet", "--now", now)


def _settings(_topics: Sequence[str], more: str = "") -> Mapping[str, str]:
    return {"feeds.toml": SETTINGS + more}


def _heads_only(topics: Sequence[str]) -> Mapping[str, str]:
    return _settings(topics, HEADS_ONLY)


HEADS = Tool(
    id="heads",
    title="feedgen-kusama, heads only",
    install=_install,
    command=_command,
    files=_heads_only,
    sources="news",
    feed="feeds/{}rss.xml",
    works=(*REBUILDS, "explain"),
)
EVERYTHING = Tool(
    id="everything",
    title="feedgen-kusama, everything",
    install=_install,
    command=_command,
    files=_settings,
    sources="news",
    feed="feeds/{}rss.xml",
    works=(*REBUILDS, "explain"),
)
