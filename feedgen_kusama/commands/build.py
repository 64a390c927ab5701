"""`build`: bring the feeds in line with the documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from feedgen_kusama.commands import options
from feedgen_kusama.commands.options import Seconds, Time, config_path
from feedgen_kusama.commands.progress import with_progress
from feedgen_kusama.commands.summary import render_summary
from feedgen_kusama.config import read_settings
from feedgen_kusama.errors import DONE, PROBLEMS
from feedgen_kusama.problems import render_problem


@click.command("build")
@options.config
@options.source
@options.output
@click.option("--url", help="The address the feeds will have, in place of the settings'.")
@click.option("--now", type=Time(), help="The time of this build, in place of the clock's.")
@click.option("--dry-run", is_flag=True, help="Print the plan and the files that would be written, and write nothing.")
@click.option("--strict", is_flag=True, help="Publish nothing if there is any problem.")
@click.option("--allow-retractions", is_flag=True, help="Retract many entries at once, which is refused otherwise.")
@click.option("--wait", type=Seconds(min=0), default=0, help="Seconds to wait for another build to end.")
@options.cache
@click.option("--no-cache", is_flag=True, help="Do everything anew, and save nothing for the next build.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that share much work.  [default: one a core]")
@click.option("--dask", metavar="ADDRESS", help="Let the workers of a Dask scheduler do much work: tcp://host:8786.")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
def command(*, config: Path | None, url: str | None, now: datetime | None, dry_run: bool, quiet: bool, **how: Any) -> None:
    """Bring the feeds in line with the documents."""
    from feedgen_kusama.cache import default_place, may_be_cache
    from feedgen_kusama.pipeline import build

    options.refuse_nothing(config, how["source"])
    settings = read_settings(config_path(config), url=url)
    if how["cache"] and not may_be_cache(how["cache"]):
        cure = "name a file in it" if how["cache"].is_dir() else "choose another file, or remove it"
        raise click.BadParameter(f"{how['cache']} is no cache: {cure}", param_hint="--cache")
    watch = iter if quiet else _with_progress
    how["cache"] = None if how.pop("no_cache") else how["cache"] or default_place(how["output"])
    result = build(settings, now=now or datetime.now(timezone.utc), dry_run=dry_run, watch=watch, **how)
    for problem in result.problems:
        click.echo(render_problem(problem), err=True)
    if dry_run:
        from feedgen_kusama.explain import render_plan

        for line in render_plan(result.plan, result.difference, how["output"]):
            click.echo(line)
    if not quiet:
        click.echo(render_summary(result, dry_run=dry_run))
    sys.exit(PROBLEMS if result.problems else DONE)


def _with_progress(names: Sequence[str]) -> Iterable[str]:
    """The names, with a bar on a terminal once it takes longer than a moment."""
    return with_progress(names, len(names), label="Reading documents")
