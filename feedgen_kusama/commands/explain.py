"""`explain`: show how documents are read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from msgspec.structs import replace

from feedgen_kusama.commands import options
from feedgen_kusama.commands.options import config_path
from feedgen_kusama.config import builtin, read_settings
from feedgen_kusama.errors import DONE, PROBLEMS
from feedgen_kusama.settings import Settings


@click.command("explain")
@options.config
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a document.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def command(*, config: Path | None, as_json: bool, files: Sequence[Path]) -> None:
    """Show how documents are read: month, headline, stories, topics and why, authors, dates, and what is left out."""
    from feedgen_kusama.documents import Reader
    from feedgen_kusama.explain import render_account, render_json
    from feedgen_kusama.sources import read_document

    reader = Reader(_settings_to_read(config), tells_why=True)
    has_problems = False
    for path in files:
        document = read_document(reader, path.parent, path.name)
        has_problems |= bool(document.problems)
        lines = [render_json(document, str(path))] if as_json else render_account(document, str(path))
        for line in lines:
            click.echo(line)
    sys.exit(PROBLEMS if has_problems else DONE)


def _settings_to_read(config: Path | None) -> Settings:
    """Settings for reading alone, which needs no address."""
    path = config_path(config)
    return read_settings(path, url="https://localhost/") if path else replace(builtin(), url="https://localhost/")
