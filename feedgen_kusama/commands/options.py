"""What several commands take: the settings, the folders, a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.ledger.clock import whole_second

DEFAULT_CONFIG = Path("feeds.toml")


class NothingError(FeedgenKusamaError):
    """No publication has begun here."""

    status = USAGE


class Time(click.ParamType[datetime]):
    """A moment as an argument: ISO 8601, in UTC where it names no zone."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no time: write it as 2024-11-30T12:00:00Z", param, ctx)
        try:
            return whole_second(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


class Seconds(click.FloatRange):
    """A number of seconds, of which there is an end."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds = float(super().convert(value, param, ctx))
        return seconds if math.isfinite(seconds) else self.fail("write a number of seconds", param, ctx)


def path_option(name: str, default: str | None, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option that takes a path."""
    path = Path(default) if default else None
    return click.option(name, type=click.Path(path_type=Path), default=path, show_default=default is not None, help=help)


config = path_option("--config", None, "The settings.  [default: feeds.toml, if there is one]")
source = path_option("--source", "news", "The folder of documents.")
cache = path_option("--cache", None, "The file that saves the next build work.  [default: one in your cache folder]")
output = path_option("--output", "feeds", "The folder of feeds.")

timeout = click.option(
    "--timeout",
    type=Seconds(min=0, min_open=True, max=86_400),
    default=30.0,
    show_default=True,
    help="Seconds for one request.",
)
retries = click.option(
    "--retries", type=click.IntRange(0, 100), default=5, show_default=True, help="How often a request is tried again."
)


def refuse_nothing(config: Path | None, source: Path) -> None:
    """Raise NothingError in a folder that holds neither settings nor documents."""
    if config_path(config) is None and not source.exists():
        raise NothingError(f"neither {DEFAULT_CONFIG} nor {source}/ is here: begin a publication with `feedgen-kusama init`")


def config_path(config: Path | None) -> Path | None:
    """The settings that are meant: those named, else feeds.toml where there is one."""
    if config is not None:
        return config
    return DEFAULT_CONFIG if DEFAULT_CONFIG.exists() else None
