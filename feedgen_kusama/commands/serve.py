"""`serve`: the published folder over HTTP."""

from __future__ import annotations

import secrets
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
    site = Site(output, year=lambda: datetime.now(timezone.utc).year, log=_say_nothing if quiet else _log, live=live)
    builder = _Builder(rebuild, live) if live else None

    def begin() -> None:
        if builder:
            builder.start()
        if not quiet:
            click.echo(f"Serving {output} at {address_of(listener)}; Ctrl-C ends")

    with listen(host, port) as listener:
        try:
            run(site, listener, on_begin=begin, on_end=builder.end if builder else _do_nothing)
        finally:
            if builder:
                builder.wait()


def _refuse_unused(ctx: click.Context) -> None:
    """Raise UsageError for an option that does nothing here."""
    for name in BUILDING:
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"--{name} is for builds: give --watch too, or leave it out")


class _Builder:
    """Builds once, then on each change in a thread of its own, and announces what is new."""

    def __init__(self, rebuild: Rebuild, live: Live) -> None:
        from feedgen_kusama.watch import Watched

        self._rebuild, self._live = rebuild, live
        self._watched = Watched(source=rebuild.source, config=rebuild.settings)
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Return when the first build is done."""
        from feedgen_kusama.watch import follow

        seen = self._watched.snapshot()
        self._rebuild.build()
        self._thread = Thread(target=follow, args=(self._build, self._watched, seen, self._stop))
        self._thread.start()

    def _build(self) -> None:
        if self._rebuild.build(jobs=1):  # no process is started from a thread: it would inherit the server's sockets
            self._live.announce()

    def end(self) -> None:
        """Build no more, and let all pages go."""
        self._stop.set()
        self._live.end()

    def wait(self) -> None:
        """Return when a build under way is done."""
        self.end()
        if self._thread:
            self._thread.join()


def _log(visit: Visit) -> None:
    """A line of log; what a stranger wrote into it cannot break out of it."""
    request, agent = (_printable(text) for text in (f"{visit.method} {visit.target}", visit.agent))
    click.echo(
        f'{datetime.now().astimezone():%H:%M:%S}  {visit.client} "{request}" {visit.status} {visit.sent} "{agent}"', err=True
    )


def _say_nothing(_visit: Visit) -> None:
    """No log."""


def _do_nothing() -> None:
    """There is nothing to end."""


def _printable(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii").replace('"', "\\x22")
