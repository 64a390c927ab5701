"""Problems as people are told them."""

from __future__ import annotations

import click

from feedgen_kusama.model import Problem


def render_problem(problem: Problem) -> str:
    """A problem on one line, its severity by colour."""
    return click.style(str(problem), fg="red" if problem.severity == "error" else "yellow")
