"""`serve`: the published folder over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from feedgen_kusama.commands import options
from feedgen_kusama.commands.rebuild import Rebuild
from feedgen_kusama.extras import load

if TYPE_CHECKING:
    from feedgen_kusama.serve.live import Live
    from feedgen_kusama.serve.site import Visit

BUILDING = ("config", "source", "url")
"""Options that only a build has a use for."""


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; 0.0.0.0 for all.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 for any that is free."
)
@options.output
@click.option("--watch", is_flag=True, help="Build whenever documents or settings change, and reload open pages.")
@options.source
@options.config
@click.option("--url", help="The address the feeds will have, in place of the settings'; for --watch.")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    host: str,
    port: int,
    output: Path,
    watch: bool,
    source: Path,
    config: Path | None,
    url: str | None,
    quiet: bool,
) -> None:
    """Serve the published folder over HTTP. Ctrl-C ends it with exit status 0."""
    for module in ("starlette", "uvicorn", *(["watchfiles"] if watch else [])):
        load(module, extra="serve")
    from feedgen_kusama.serve.live import Live
    from feedgen_kusama.serve.run import FolderError, address_of, find_nothing, listen, run
    from feedgen_kusama.serve.site import Site

    rebuild = Rebuild(config=config, url=url, source=source, output=output, quiet=quiet)
    if watch:
        rebuild.refuse_missing()
    else:
        _refuse_unused(ctx)
        if reason := find_nothing(output):
            raise FolderError(reason)
    live = Live(secrets.token_hex(4)) if watch else None
    with listen(host, port) as listener:
        if live:
            rebuild.build()
        if not quiet:
            click.echo(f"Serving {output} at {address_of(listener)}; Ctrl-C ends")
        site = Site(output, year=lambda: datetime.now(timezone.utc).year, log=_say_nothing if quiet else _log, live=live)
        with _rebuilding(rebuild, live) as end:
            run(site, listener, on_end=end)


def _refuse_unused(ctx: click.Context) -> None:
    """Raise UsageError for an option that does nothing here."""
    for name in BUILDING:
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name} is for builds: give --watch too, or leave it out")


@contextmanager
def _rebuilding(rebuild: Rebuild, live: Live | None) -> Iterator[Callable[[], None]]:
    """Build on each change in a thread of its own, and announce it; gives what ends that."""
    if live is None:
        yield lambda: None
        return
    from feedgen_kusama.watch import Watched, repeat

    stop = Event()

    def build() -> None:
        if rebuild.build(jobs=1):  # no process is started from a thread: it would inherit the server's sockets
            live.announce()

    def end() -> None:
        stop.set()
        live.end()

    thread = Thread(target=repeat, args=(build, Watched(source=rebuild.source, config=rebuild.settings), stop))
    thread.start()
    try:
        yield end
    finally:
        end()
        thread.join()


def _log(visit: Visit) -> None:
    """A line of log; what a stranger wrote into it cannot break out of it."""
    request, agent = (_printable(text) for text in (f"{visit.method} {visit.target}", visit.agent))
    click.echo(
        f'{datetime.now().astimezone():%H:%M:%S}  {visit.client} "{request}" {visit.status} {visit.sent} "{agent}"', err=True
    )


def _say_nothing(_visit: Visit) -> None:
    """No log."""


def _printable(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii").replace('"', "\\x22")
