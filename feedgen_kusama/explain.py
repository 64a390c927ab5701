"""Accounts of what was read and decided: for people in colour, for programs as JSON Lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from feedgen_kusama.ledger.plan import VERBS, Change, Plan
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import EDITIONS, Document, Draft
from feedgen_kusama.output import Difference
from feedgen_kusama.problems import render_problem

MOST_REASONS = 6
MOST_WORDS = 12
COLOURS = {"new": "green", "changed": "yellow", "returned": "green", "retracted": "red"}


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


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def render_plan(plan: Plan, difference: Difference, output: Path) -> Iterator[str]:
    """What a build would make of every entry, and the files it would write."""
    for verb in VERBS:
        if verb != "unchanged":
            for change in plan.having(verb):
                yield _change(change)
    counts = plan.counts()
    told = [f"{counts[verb]} {verb}" for verb in VERBS if counts[verb]]
    if plan.held:
        told.append(f"{plan.held} of these held as published, their documents being at fault")
    yield f"entries: {', '.join(told) or 'none'}"
    yield from (f"would write {output / path}" for path in difference.write)
    yield from (f"would remove {output / path}" for path in difference.remove)


def _change(change: Change) -> str:
    verb = click.style(f"{change.verb:<9}", fg=COLOURS.get(change.verb))
    words = [f"{sign}{_words(found)}" for sign, found in (("+ ", change.added), ("- ", change.removed)) if found]
    return f"{verb}  {change.edition}  {change.slug}" + "".join(f"\n             {line}" for line in words)


def _words(words: tuple[str, ...]) -> str:
    rest = len(words) - MOST_WORDS
    return " ".join(words[:MOST_WORDS]) + (f" … and {rest} more" if rest > 0 else "")


def render_record(record: Record) -> str:
    """A record as one line of JSON."""
    return msgspec.json.encode(record).decode()


def render_life(record: Record) -> Iterator[str]:
    """An entry's life as the ledger tells it."""
    yield f"{record.edition}  {click.style(record.title, bold=True)}"
    yield f"  id         {record.id}"
    yield f"  topic      {record.topic}"
    if record.topic != EDITIONS:  # a whole month is of all its documents
        yield f"  document   {record.source or 'unknown until the next build'}"
    yield f"  published  {_moment(record.published)}"
    if record.updated != record.published:
        yield f"  updated    {_moment(record.updated)}"
    if record.retracted:
        yield click.style(f"  retracted  {_moment(record.retracted)}", fg="red")


def _moment(time: dt.datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S} UTC"
