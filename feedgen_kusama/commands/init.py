"""`init`: begin a publication."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from feedgen_kusama.config import parse_settings
from feedgen_kusama.errors import OutputError, RefusedError, SettingsError
from feedgen_kusama.sources import list_sources
from feedgen_kusama.start import Beginning, render_document, render_settings

QUESTIONS = {
    "title": "What is the publication called?",
    "url": "At which address will its feeds be served (https://…/)?",
}
SOUND = Beginning(title="News", url="https://example.org/", author="News", description="News.", language="en")
"""Stands for what was not asked yet, so that one answer can be judged alone."""


@click.command("init")
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--title", help="What the publication is called.")
@click.option("--url", help="The address at which its feeds will be served.")
@click.option("--author", help="Who wrote what names no author.  [default: the title]")
@click.option("--description", help="The publication in one sentence.  [default: made from the title]")
@click.option("--language", default="en", show_default=True, help="The language tag of the feeds.")
def command(*, folder: Path, title: str | None, url: str | None, **texts: Any) -> None:
    """Begin a publication: settings, and a first document that shows how documents are written.

    On a terminal it asks for what is not given. No file is ever overwritten: exit status 3.
    """
    config, news = folder / "feeds.toml", folder / "news"
    _refuse_taken(folder, config, news)
    title, url = _ask(title=title, url=url)
    author, description = texts["author"] or title, texts["description"] or f"{title}, month by month."
    beginning = Beginning(title=title, url=url, author=author, description=description, language=texts["language"])
    settings = render_settings(beginning)
    parse_settings(settings, "init")
    today = datetime.now().astimezone().date()
    document = news / f"{today:%Y-%m}.md"
    files = {config: settings} | ({} if news.is_dir() and list_sources(news) else {document: render_document(beginning, today)})
    for path, text in files.items():
        _write(path, text)
        click.echo(f"wrote {path}")
    click.echo(_next_steps(folder, document if document in files else news))


def _refuse_taken(folder: Path, *paths: Path) -> None:
    config, news = paths
    if config.exists() or config.is_symlink():
        raise RefusedError(f"{config}: there already, and left as it is: the publication has begun; run `feedgen-kusama build`")
    for place in (folder, news):
        if place.exists() and not place.is_dir():
            raise RefusedError(f"{place}: a file, not a folder: choose another folder")


def _ask(**given: str | None) -> list[str]:
    """The answers to what is not given. Raises UsageError where there is nobody to ask."""
    missing = [name for name, answer in given.items() if answer is None]
    if missing and not sys.stdin.isatty():
        raise click.UsageError(f"nobody to ask on this terminal: give {' and '.join(f'--{name}' for name in missing)}")
    return [_prompt(name) if answer is None else answer for name, answer in given.items()]


def _prompt(name: str) -> str:
    answer: str = click.prompt(QUESTIONS[name], value_proc=partial(_judge, name))
    return answer


def _judge(name: str, answer: str) -> str:
    """The answer, if the settings take it; else it is asked for again."""
    values = {field: getattr(SOUND, field) for field in Beginning.__slots__} | {name: answer}
    try:
        parse_settings(render_settings(Beginning(**values)), "settings")
    except SettingsError as error:
        raise click.BadParameter(error.faults[0].removeprefix("settings: ")) from None
    return answer


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise RefusedError(f"{path}: there already, and left as it is") from None
    except OSError as error:
        raise OutputError(f"{error.filename or path}: cannot be written: {error.strerror}") from None


def _next_steps(folder: Path, document: Path) -> str:
    lines = ["", "Next:"]
    if folder != Path():
        lines.append(f"  cd {folder}")
    return "\n".join(
        [
            *lines,
            f"  feedgen-kusama build     publishes {document.relative_to(folder)} to feeds/",
            "  feedgen-kusama serve --watch     shows it in a browser, and again after each change",
        ]
    )
