"""`check`: read published feeds back and judge them."""

from __future__ import annotations

import sys
from datetime import datetime, timezone
from pathlib import Path

import click
from msgspec.structs import replace

from feedgen_kusama.commands.options import Time
from feedgen_kusama.commands.summary import count
from feedgen_kusama.errors import DONE, PROBLEMS


@click.command("check")
@click.option("--now", type=Time(), help="The time by which dates are judged, in place of the clock's.")
@click.argument("where", default="feeds", metavar="[DIR|URL]")
def command(*, where: str, now: datetime | None) -> None:
    """Read published feeds back, from a folder or over http, and judge them.

    Exit status: 0 nothing found, 1 findings, 2 nothing to check.
    """
    from feedgen_kusama.check import JUDGED, check_files
    from feedgen_kusama.check.fetch import fetch_site, read_folder

    moment = now or datetime.now(timezone.utc)
    if "://" in where:
        fetched = fetch_site(where)
        files, root = fetched.files, fetched.site
        findings = [*fetched.findings, *check_files(files, moment, site=fetched.site)]
    else:
        files, root = read_folder(Path(where)), f"{where.rstrip('/')}/"
        findings = check_files(files, moment)
    for finding in findings:
        click.echo(replace(finding, path=root + finding.path))
    if not findings:
        click.echo(f"{count(sum(path.endswith(JUDGED) for path in files), 'file')}: nothing found")
    sys.exit(PROBLEMS if findings else DONE)
