"""`ping`: tell the hub of feeds, whatever was published."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from feedgen_kusama.commands import options
from feedgen_kusama.commands.options import config_path
from feedgen_kusama.commands.summary import count
from feedgen_kusama.config import builtin, read_settings
from feedgen_kusama.errors import DONE, PROBLEMS, SettingsError


@click.command("ping")
@options.config
@click.option("--url", help="The address the feeds have, in place of the settings'.")
@click.option("--all", "everything", is_flag=True, help="Every feed.")
@options.timeout
@options.retries
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
def command(
    *, config: Path | None, url: str | None, everything: bool, timeout: float, retries: int, quiet: bool, topics: Sequence[str]
) -> None:
    """Tell the hub that feeds changed: those of the topics named by id, or with --all every one.

    `all` is the feed of every entry, `editions` that of whole months; combined feeds go by their ids.
    `publish` does this by itself for the feeds that it uploads.

    Exit status: 0 done, 1 the hub was not told of some, 2 usage or settings.
    """
    from feedgen_kusama.formats import FORMATS
    from feedgen_kusama.hub import Hub, feed_folders, tell

    path = config_path(config)
    settings = read_settings(path, url=url) if path or url else builtin()
    if settings.hub is None:
        raise SettingsError([f"{path or 'settings'}: hub: not set: write the address of a WebSub hub"])
    folders = feed_folders(settings)
    wanted = _wanted(topics, folders, everything=everything)
    addresses = [settings.url + folders[id] + name for id in wanted for name in FORMATS]
    failures = tell(Hub(address=settings.hub, timeout=timeout, retries=retries), addresses)
    for failure in failures:
        click.echo(f"{settings.hub}: not told of {failure.address}: {failure.reason}", err=True)
    if not quiet:
        click.echo(f"{settings.hub}: told of {count(len(addresses) - len(failures), 'feed document')} ({', '.join(wanted)})")
    sys.exit(PROBLEMS if failures else DONE)


def _wanted(topics: Sequence[str], known: dict[str, str], *, everything: bool) -> Sequence[str]:
    """The ids of the feeds that are meant, each once."""
    if everything == bool(topics):
        raise click.UsageError("name the topics whose feeds changed, or --all for every feed")
    for id in topics:
        if id not in known:
            raise click.BadParameter(f"{id!r} is no feed: known are {', '.join(known)}", param_hint="TOPIC")
    return tuple(known) if everything else tuple(dict.fromkeys(topics))
