"""`doctor`: ask for a live publication as readers do, and say how to cure what ails it."""

from __future__ import annotations

import sys
from datetime import datetime, timezone

import click

from feedgen_kusama.commands.options import Time
from feedgen_kusama.errors import DONE, PROBLEMS

WIDTH = 78
"""Columns of the line that shows what is being asked for."""


class _Host(click.ParamType[str]):
    """A host that cures are known for."""

    name = "host"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from feedgen_kusama.doctor.hosts import HOSTS

        if value not in HOSTS:
            self.fail(f"{value!r} is not known: write one of {', '.join(HOSTS)}", param, ctx)
        return str(value)


@click.command("doctor")
@click.option("--host", type=_Host(), help="Show the cures for this host: nginx, caddy, apache, github-pages, netlify or s3.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with the cures of every finding.")
@click.option("--now", type=Time(), help="The time by which ages are judged, in place of the clock's.")
@click.argument("url")
def command(*, url: str, host: str | None, as_json: bool, now: datetime | None) -> None:
    """Ask for a live publication as readers do, and say how to cure what ails it.

    URL is the address of the site, of one of its pages, or of a feed. Cures are shown for the host that is
    recognised, else for all that are known.

    Exit status: 0 nothing found, 1 findings, 2 nothing to check.
    """
    from feedgen_kusama.doctor import diagnose
    from feedgen_kusama.doctor.observe import observe
    from feedgen_kusama.doctor.report import render_json, render_report

    try:
        seen = observe(url, watch=_show)
    finally:
        _show("")
    diagnosis = diagnose(seen, now or datetime.now(timezone.utc))
    host = host or diagnosis.host
    for line in [render_json(diagnosis, host)] if as_json else render_report(diagnosis, host):
        click.echo(line)
    sys.exit(PROBLEMS if diagnosis.findings else DONE)


def _show(address: str) -> None:
    """What is being asked for, on a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{address[:WIDTH]}", nl=False, err=True)
