"""The command line: each command is loaded when it is called; errors become messages and an exit status here."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from feedgen_kusama.errors import INTERRUPTED, FeedgenKusamaError, OutputError

COMMANDS = ("init", "build", "watch", "serve", "explain", "history", "check", "publish", "ping", "doctor")
"""The modules of `commands`, in the order in which help lists them."""


class _Group(click.Group):
    """The one place that turns this package's exceptions into a message and an exit status."""

    def __call__(self, *arguments: Any, **how: Any) -> Any:
        """The command as a process of its own."""
        try:
            return super().__call__(*arguments, **how)
        except OSError as error:
            if error.filename is not None:  # what is printed has no name
                raise
            click.echo(f"what was to be printed could not be written: {error.strerror}", err=True)
            sys.exit(OutputError.status)

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"feedgen_kusama.commands.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except FeedgenKusamaError as error:
            for line in str(error).splitlines():
                click.echo(line, err=True)
            ctx.exit(error.status)
        except KeyboardInterrupt:
            click.echo("Aborted!", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="feedgen-kusama", prog_name="feedgen-kusama")
def main() -> None:
    """Turn monthly news documents into RSS, Atom and JSON feeds, one overall and one per topic.

    Exit status: 0 done or nothing to do, 1 published but with problems, 2 usage or settings, 3 refused
    or not written, 130 ended by Ctrl-C.
    """
