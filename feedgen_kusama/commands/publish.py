"""`publish`: bring a target in line with the feeds."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedgen_kusama.commands import options
from feedgen_kusama.commands.interrupt import ending_at_once
from feedgen_kusama.commands.options import Seconds, config_path
from feedgen_kusama.commands.progress import with_progress
from feedgen_kusama.commands.summary import count
from feedgen_kusama.config import read_settings
from feedgen_kusama.errors import DONE, PROBLEMS

if TYPE_CHECKING:
    from feedgen_kusama.hub import Hub
    from feedgen_kusama.publish.publication import Publication


@click.command("publish")
@options.config
@options.output
@click.option("--url", help="The address the feeds have, in place of the settings'.")
@click.option("--endpoint-url", help="The address of an S3-compatible store; http:// is spoken only if you write it.")
@click.option("--gzip", "compress", is_flag=True, help="Store text compressed, for a bucket that cannot do it.")
@click.option("--dry-run", is_flag=True, help="Print what would be uploaded and removed, and change nothing.")
@options.timeout
@options.retries
@click.option("--wait", type=Seconds(min=0), default=0, help="Seconds to wait for a build to end.")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
@click.argument("target", metavar="TARGET")
def command(
    *,
    target: str,
    config: Path | None,
    url: str | None,
    endpoint_url: str | None,
    timeout: float,
    retries: int,
    quiet: bool,
    dry_run: bool,
    **rest: Any,
) -> None:
    """Bring TARGET in line with the feeds: upload what differs, remove what is gone, tell the hub.

    TARGET is a folder, or a bucket: s3://bucket/prefix, gs://bucket/prefix, az://container/prefix.

    Exit status: 0 done or nothing to do, 1 not all is there or the hub was not told (publish again),
    2 usage, settings or credentials, 3 refused or a folder that cannot be written.
    """
    from feedgen_kusama.publish.publication import publish
    from feedgen_kusama.publish.target import Patience
    from feedgen_kusama.publish.targets import open_target

    feeds, announce = _announcement(config, url, timeout=timeout, retries=retries)
    place = open_target(target, endpoint=endpoint_url, patience=Patience(timeout=timeout, retries=retries))
    watch = (lambda paths, _: paths) if quiet else partial(with_progress, label="Publishing")
    year = datetime.now(timezone.utc).year
    with ending_at_once("interrupted: publish again to go on"):
        done = publish(place, year=year, feeds=feeds, announce=announce, dry_run=dry_run, watch=watch, **rest)
    if dry_run:
        _show_plan(done)
    if not quiet:
        click.echo(_summary(done, dry_run=dry_run))
    sys.exit(PROBLEMS if done.unannounced else DONE)


def _announcement(config: Path | None, url: str | None, *, timeout: float, retries: int) -> tuple[Sequence[str], Any]:
    """The folders of the feeds that the hub knows, and how it is told; no feeds without a hub."""
    from feedgen_kusama.hub import Hub, check_hub, feed_folders

    path = config_path(config)
    settings = read_settings(path, url=url) if path or url is not None else None
    if settings is None or settings.hub is None:
        return (), lambda _: ()
    check_hub(settings.hub)
    hub = Hub(address=settings.hub, timeout=timeout, retries=retries)
    return tuple(feed_folders(settings).values()), partial(_tell, hub, settings.url)


def _tell(hub: Hub, site: str, paths: Sequence[str]) -> Sequence[str]:
    """Tell the hub of feeds; reports and gives those of which it could not be told."""
    from feedgen_kusama.hub import tell

    failures = tell(hub, [site + path for path in paths])
    for failure in failures:
        click.echo(f"{hub.address}: not told of {failure.address}: {failure.reason}", err=True)
    if failures:
        click.echo("what was published stays; publish again to tell the hub", err=True)
    return [failure.address.removeprefix(site) for failure in failures]


def _show_plan(done: Publication) -> None:
    for verb, paths in (("upload", done.plan.uploaded), ("remove", done.plan.removals), ("announce", done.plan.announce)):
        for path in paths:
            click.echo(f"would {verb} {path}")


def _summary(done: Publication, *, dry_run: bool) -> str:
    """What a publication found and did, in one line."""
    plan = done.plan
    uploaded, removed, announced = (
        ("to upload", "to remove", "to announce") if dry_run else ("uploaded", "removed", "announced")
    )
    parts = [f"{len(plan.uploaded)} {uploaded}", f"{len(plan.removals)} {removed}", f"{len(plan.kept)} unchanged"]
    if plan.announce:
        told = len(plan.announce) - len(done.unannounced)
        parts.append(f"{count(told, 'feed document')} {announced}")
    return f"{done.target}: {', '.join(parts)}"
