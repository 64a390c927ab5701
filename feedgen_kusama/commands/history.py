"""`history`: show the life of entries from the ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feedgen_kusama.commands import options
from feedgen_kusama.errors import PROBLEMS


@click.command("history")
@options.output
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object an entry.")
@click.argument("which", required=False, metavar="[ENTRY|EDITION]")
def command(*, output: Path, as_json: bool, which: str | None) -> None:
    """Show the life of entries from the ledger.

    All of them, those of an edition (2024-11), or those with an id, a slug, or words in their title.
    """
    from feedgen_kusama.explain import render_life, render_record
    from feedgen_kusama.ledger.store import find_records, read_ledger

    ledger = read_ledger(output, "").ledger
    records = find_records(ledger, which)
    if not records:
        click.echo(f"{output}: no entry {which!r} in the ledger" if which else f"{output}: nothing was published yet", err=True)
        sys.exit(PROBLEMS)
    for record in records:
        for line in [render_record(record)] if as_json else render_life(record):
            click.echo(line)
