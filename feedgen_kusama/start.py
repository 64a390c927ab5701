"""A new publication: its settings and a first document, which shows how documents are written. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

from feedgen_kusama.model import Edition
from feedgen_kusama.month_names import month_title

_MARKS = re.compile(r"[\\`*_<>\[\]#~]|&\S")
"""What Markdown may take for more than text."""

_SETTINGS = """\
# What is not named here is built in; feedgen-kusama's docs/settings.md tells of all settings.
title = {title}
url = {url}  # where the folder feeds/ will be served
description = {description}
language = {language}
author = {author}

# The topics: each has its own feeds. An id is part of their address and of every build to come,
# so choose it before you publish; titles and words may change at any time.
# A story goes to the topic whose words weigh most; `*` stands for any ending.

[[topics]]
id = "overview"
title = "Overview"
opening = 8  # speaks for the first section of a document
words = {{ summary = 3, overview = 4, "in brief" = 3 }}

[[topics]]
id = "decisions"
title = "Decisions"
words = {{ "decision*" = 2, "decid*" = 2, "vote*" = 3, "elect*" = 2, "rule*" = 1 }}

[[topics]]
id = "events"
title = "Events"
words = {{ "event*" = 2, "meeting*" = 2, "festival*" = 3, "workshop*" = 2, "invit*" = 1 }}

[[topics]]
id = "projects"
title = "Projects"
words = {{ "project*" = 2, "build*" = 1, "built" = 1, "launch*" = 2, "team*" = 1 }}
"""

_DOCUMENT = """\
# {name} - {month}

# The First Edition

This paragraph is the lead: what stands below the headline of the month and above the first
section becomes an entry of its own, called as the headline is.

## Every Section Becomes an Entry
By A. Writer | Reporter

A heading begins a story. The line below it may name who wrote it. One story, one subject: then
whoever follows the projects alone reads of projects alone.

## A Vote Decides the Topic of This Story

The words of a story choose its topic. This one tells of a vote and of a decision, so it lands in
the feed of decisions. `feedgen-kusama explain` shows which words decided.

## Build on This Document

Write over it, build, and look at the result. Once it is published, a story keeps its identity
when you retitle or reword it, and readers do not see it as new.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new publication says of itself."""

    title: str
    url: str
    author: str
    description: str
    language: str


def render_settings(beginning: Beginning) -> str:
    """The settings as TOML, with what they say in quotes."""
    return _SETTINGS.format(**{name: quote(getattr(beginning, name)) for name in Beginning.__slots__})


def render_document(beginning: Beginning, day: date) -> str:
    """The first document, of the month in which the day lies."""
    name = "News" if _MARKS.search(beginning.title) else " ".join(beginning.title.split())
    return _DOCUMENT.format(name=name, month=month_title(Edition(day.year, day.month)))


def quote(text: str) -> str:
    """A text as a basic string of TOML: JSON writes the same, but for one character that TOML wants escaped."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
