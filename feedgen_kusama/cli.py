"""The command line: where the clock is read, arguments become values, and errors become messages."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedgen_kusama import __version__
from feedgen_kusama.config import builtin, read_settings
from feedgen_kusama.errors import DONE, PROBLEMS, FeedgenKusamaError
from feedgen_kusama.ledger.clock import whole_second
from feedgen_kusama.settings import Settings

if TYPE_CHECKING:
    from feedgen_kusama.pipeline import Result

DEFAULT_CONFIG = Path("feeds.toml")
MOST_NAMED = 3
"""Files of others that the summary names."""
PATIENCE = 1.0
"""Seconds that pass before progress is shown."""


class _Time(click.ParamType[datetime]):
    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
            return whole_second(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))
        except ValueError:
            self.fail(f"{value!r} is no time: write it as 2024-11-30T12:00:00Z", param, ctx)


class _Group(click.Group):
    """The one place that turns this package's exceptions into a message and an exit status."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FeedgenKusamaError as error:
            for line in str(error).splitlines():
                click.echo(line, err=True)
            ctx.exit(error.status)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="feedgen-kusama")
def main() -> None:
    """Turn monthly news documents into RSS and Atom feeds, one overall and one per topic.

    Exit status: 0 done or nothing to do, 1 published but with problems, 2 usage or settings, 3 refused.
    """


def _path(name: str, default: str | None, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    path = Path(default) if default else None
    return click.option(name, type=click.Path(path_type=Path), default=path, show_default=default is not None, help=help)


_config = _path("--config", None, "The settings.  [default: feeds.toml, if there is one]")
_source = _path("--source", "news", "The folder of documents.")
_output = _path("--output", "feeds", "The folder of feeds.")


@main.command()
@_config
@_source
@_output
@click.option("--url", help="The address the feeds will have, in place of the settings'.")
@click.option("--now", type=_Time(), help="The time of this build, in place of the clock's.")
@click.option("--dry-run", is_flag=True, help="Print the plan and the files that would be written, and write nothing.")
@click.option("--strict", is_flag=True, help="Publish nothing if there is any problem.")
@click.option("--allow-retractions", is_flag=True, help="Retract many entries at once, which is refused otherwise.")
@click.option("--wait", type=click.FloatRange(min=0), default=0, help="Seconds to wait for another build to end.")
@click.option("--quiet", is_flag=True, help="Say nothing but problems.")
def build(*, config: Path | None, url: str | None, now: datetime | None, dry_run: bool, quiet: bool, **options: Any) -> None:
    """Bring the feeds in line with the documents."""
    from feedgen_kusama.explain import render_plan, render_problem
    from feedgen_kusama.pipeline import build as run

    if not math.isfinite(options["wait"]):
        raise click.BadParameter("write a number of seconds", param_hint="--wait")
    settings = read_settings(_config_path(config), url=url)
    watch = iter if quiet else _with_progress
    result = run(settings, now=now or datetime.now(timezone.utc), dry_run=dry_run, watch=watch, **options)
    for problem in result.problems:
        click.echo(render_problem(problem), err=True)
    if dry_run:
        for line in render_plan(result.assembly.plan, result.difference, options["output"]):
            click.echo(line)
    if not quiet:
        click.echo(_summary(result, dry_run=dry_run))
    sys.exit(PROBLEMS if result.problems else DONE)


def _summary(result: Result, *, dry_run: bool) -> str:
    assembly, difference = result.assembly, result.difference
    parts = [
        _count(len(assembly.documents), "document"),
        _count(len(assembly.entries), "entry", "entries"),
        _count(sum(1 for feed in assembly.feeds if not feed.is_archive), "feed"),
    ]
    write, remove = ("to write", "to remove") if dry_run else ("written", "removed")
    files = [f"{len(difference.write)} {write}", f"{len(difference.unchanged)} unchanged"]
    if difference.remove:
        files.append(f"{len(difference.remove)} {remove}")
    if difference.beside:
        files.append(f"{len(difference.beside)} of others left alone ({', '.join(difference.beside[:MOST_NAMED])})")
    return f"{', '.join(parts)}: {', '.join(files)}"


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


@main.command()
@_config
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object a document.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def explain(*, config: Path | None, as_json: bool, files: Sequence[Path]) -> None:
    """Show how documents are read: month, headline, stories, topics and why, authors, dates, and what is left out."""
    from feedgen_kusama.documents import Reader
    from feedgen_kusama.explain import render_account, render_json
    from feedgen_kusama.sources import read_document

    reader = Reader(_settings_to_read(config))
    has_problems = False
    for path in files:
        document = read_document(reader, path.parent, path.name)
        has_problems |= bool(document.problems)
        lines = [render_json(document, str(path))] if as_json else render_account(document, str(path))
        for line in lines:
            click.echo(line)
    sys.exit(PROBLEMS if has_problems else DONE)


@main.command()
@_output
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, one object an entry.")
@click.argument("which", required=False, metavar="[ENTRY|EDITION]")
def history(*, output: Path, as_json: bool, which: str | None) -> None:
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


@main.command()
@click.option("--now", type=_Time(), help="The time by which dates are judged, in place of the clock's.")
@click.argument("where", default="feeds", metavar="[DIR|URL]")
def check(*, where: str, now: datetime | None) -> None:
    """Read published feeds back, from a folder or over http, and judge them.

    Exit status: 0 nothing found, 1 findings, 2 nothing to check.
    """
    from feedgen_kusama.check import check_files
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
        click.echo(f"{_count(len(files), 'file')}: nothing found")
    sys.exit(PROBLEMS if findings else DONE)


def _settings_to_read(config: Path | None) -> Settings:
    """Settings for reading alone, which needs no address."""
    path = _config_path(config)
    return read_settings(path, url="https://localhost/") if path else replace(builtin(), url="https://localhost/")


def _config_path(config: Path | None) -> Path | None:
    if config is not None:
        return config
    return DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None


def _with_progress(names: Sequence[str]) -> Iterable[str]:
    """The names, with a bar on a terminal once it takes longer than a moment."""
    return _show_progress(names) if sys.stderr.isatty() else names


def _show_progress(names: Sequence[str]) -> Iterator[str]:
    begun = time.monotonic()
    waiting = iter(names)
    done = 0
    for name in waiting:
        yield name
        done += 1
        if time.monotonic() - begun > PATIENCE:
            break
    else:
        return
    with click.progressbar(waiting, length=len(names), label="Reading documents", file=sys.stderr) as bar:
        bar.update(done)
        yield from bar
