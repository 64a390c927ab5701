"""Explain how documents were read: for people in colour, for programs as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator

import click
import msgspec

from feedgen_kusama.model import Document, Draft, Problem

MOST_REASONS = 6


def render_json(document: Document, path: str) -> str:
    """One line of JSON: file, edition, headline, entries (line, title, topic, author, text, days and why), and the rest."""
    return msgspec.json.encode(
        {
            "file": path,
            "edition": str(document.edition) if document.edition else None,
            "edition_source": document.edition_source,
            "title": document.title,
            "headline": document.headline,
            "draft": document.is_draft,
            "entries": [_entry(draft) for draft in document.drafts],
            "left_out": [{"line": part.line, "why": part.why, "text": part.text} for part in document.left_out],
            "problems": [{"line": p.line, "message": p.message, "severity": p.severity} for p in document.problems],
        }
    ).decode()


def _entry(draft: Draft) -> dict[str, object]:
    return {
        "line": draft.line,
        "kind": draft.kind,
        "title": draft.title,
        "topic": draft.topic,
        "why": [{"word": r.word, "where": r.where, "weight": r.weight} for r in draft.reasons],
        "author": draft.author,
        "role": draft.role,
        "date": draft.date,
        "days": list(draft.days),
        "text": draft.text,
    }


def render_account(document: Document, path: str) -> Iterator[str]:
    """The account for a person, line by line, styled for a terminal."""
    month = (
        f"{click.style(str(document.edition), fg='cyan', bold=True)} (from the {document.edition_source})"
        if document.edition
        else click.style("no month", fg="red", bold=True)
    )
    yield f"{click.style(path, bold=True)}: {month}" + (", a draft: not published" if document.is_draft else "")
    if document.title:
        yield f"  title     {document.title}"
    if document.headline:
        yield f"  headline  {document.headline}"
    for draft in document.drafts:
        yield from _account_of(draft)
    for part in document.left_out:
        yield click.style(f"  {part.line:>5}  left out ({part.why}): {_short(part.text)}", dim=True)
    for problem in document.problems:
        yield "  " + render_problem(problem)


def _account_of(draft: Draft) -> Iterator[str]:
    yield f"  {draft.line:>5}  {click.style(draft.topic, fg='green')}  {click.style(draft.title, bold=True)}"
    shown = ", ".join(f"{r.word} {r.weight:g}{' in heading' * (r.where == 'heading')}" for r in draft.reasons[:MOST_REASONS])
    rest = len(draft.reasons) - MOST_REASONS
    yield f"         because  {shown}{f' and {rest} more' if rest > 0 else ''}"
    who = ", ".join(filter(None, (draft.author, draft.role)))
    if who:
        yield f"         by       {who}"
    days = f"; names {', '.join(map(str, draft.days))}" if draft.days else ""
    yield f"         dated    {draft.date}{days}"


def render_problem(problem: Problem) -> str:
    """A problem on one line, its severity by colour."""
    return click.style(str(problem), fg="red" if problem.severity == "error" else "yellow")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"
