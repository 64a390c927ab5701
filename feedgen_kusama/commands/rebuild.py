"""A build that is done again and again: what it finds is told, and no refusal ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from feedgen_kusama.commands.options import DEFAULT_CONFIG, config_path, refuse_nothing
from feedgen_kusama.commands.summary import render_summary
from feedgen_kusama.config import read_settings
from feedgen_kusama.errors import FeedgenKusamaError, SettingsError
from feedgen_kusama.problems import render_problem
from feedgen_kusama.sources import list_sources

WAIT = 60.0
"""Seconds for which another build is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """Builds, each at the time it is called."""

    config: Path | None
    url: str | None
    source: Path
    output: Path
    quiet: bool

    @property
    def settings(self) -> Path:
        """Where the settings are, or would be."""
        return self.config or DEFAULT_CONFIG

    def refuse_missing(self) -> None:
        """Raise NothingError, SourceError or SettingsError where what was named is not there at all."""
        refuse_nothing(self.config, self.source)
        list_sources(self.source)
        if self.config is not None and not self.config.exists():
            raise SettingsError([f"{self.config}: no such file: name the settings with --config"])

    def build(self, *, jobs: int | None = None) -> bool:
        """Build once; whether that could be done. What cannot be is told, and left for the next time."""
        from feedgen_kusama.cache import default_place
        from feedgen_kusama.pipeline import build

        try:
            settings = read_settings(config_path(self.config), url=self.url)
            now, cache = datetime.now().astimezone(), default_place(self.output)
            result = build(settings, source=self.source, output=self.output, now=now, wait=WAIT, cache=cache, jobs=jobs)
        except FeedgenKusamaError as error:
            for line in str(error).splitlines():
                click.echo(line, err=True)
            return False
        for problem in result.problems:
            click.echo(render_problem(problem), err=True)
        if not self.quiet:
            click.echo(f"{now:%H:%M:%S}  {render_summary(result)}")
        return True
