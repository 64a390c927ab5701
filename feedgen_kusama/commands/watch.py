"""`watch`: build again whenever documents or settings change."""

from __future__ import annotations

from pathlib import Path

import click

from feedgen_kusama.commands import options
from feedgen_kusama.commands.rebuild import Rebuild
from feedgen_kusama.extras import load


@click.command("watch")
@options.config
@options.source
@options.output
@click.option("--url", help="The address the feeds will have, in place of the settings'.")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
def command(*, config: Path | None, source: Path, output: Path, url: str | None, quiet: bool) -> None:
    """Build now, and again whenever documents or settings change.

    A build that fails is told, and the next change is waited for. Ctrl-C ends it with exit status 0.
    """
    load("watchfiles", extra="serve")
    from feedgen_kusama.watch import Watched, follow, stopping

    rebuild = Rebuild(config=config, url=url, source=source, output=output, quiet=quiet)
    rebuild.refuse_missing()
    if not quiet:
        click.echo(f"Watching {source} and {rebuild.settings}; Ctrl-C ends")
    watched = Watched(source=source, config=rebuild.settings)
    with stopping() as stop:
        seen = watched.snapshot()
        rebuild.build()
        follow(rebuild.build, watched, seen, stop)
