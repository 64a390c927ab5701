"""The attacks in `cases/attacks/`, and documents, file names and settings that carry them."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import ascii_lowercase
from types import FrameType

FOLDER = Path(__file__).parent / "cases" / "attacks"
HEAD = "# Kusama News - {month} 2024\n\n"
SOUND_NAME = "sound.md"
SOUND = HEAD.format(month="December") + "## Fellows Elected\n\nThe fellowship elected *two* fellows by ballot.\n"
"""A document that must be published as ever, whatever stands beside it."""
LONGEST = 2.0
"""Seconds of computing that one case may cost."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One case: what is written, and in which places it stands."""

    kind: str
    name: str
    places: tuple[str, ...]
    text: str

    @property
    def id(self) -> str:
        return f"{self.kind}: {self.name}"


@cache
def read_attacks(kind: str) -> tuple[Attack, ...]:
    """The cases in one file, in the order in which they stand there."""
    lines = (FOLDER / f"{kind}.jsonl").read_text("ascii").splitlines()
    cases = map(json.loads, lines)
    return tuple(Attack(kind, c["name"], tuple(c["in"]), c["attack"] * c.get("times", 1)) for c in cases)


def _below_heading(attack: str) -> str:
    return f"## Vote Held\n\nThe governance vote was held.\n\n{attack}\n\nThe treasury paid the bounty.\n"


def _with_fields(attack: str) -> str:
    """The attack in front matter. JSON's strings are YAML's, but for pairs of surrogates."""
    text = json.dumps(attack, ensure_ascii=False)
    fields = f"title: {text}\nauthor: {text}\ndate: {text}\ntopics: {{{text}: {text}, Vote Held: {text}}}\n"
    return f"---\n{fields}---\n\n{{head}}The news below.\n\n## {attack}\n\nThe vote was held.\n\n{_below_heading('')}"


def _with_escapes(attack: str) -> str:
    """The attack in front matter, all of it in escapes that only YAML undoes."""
    text = "".join(f"\\U{ord(character):08X}" for character in attack)
    return f'---\ntitle: "{text}"\nauthor: "{text}"\n---\n\n{{head}}The news below.\n\n{_below_heading("")}'


def _as_addresses(address: str) -> str:
    """An address in every form that a link can have, each in a story of its own."""
    quoted = escape(address).replace("&amp;", "&")
    bare = address.replace(" ", "%20")
    forms = (
        f"[a]({bare})", f"[a](<{address}>)", f"[a]({bare} 'b')", f"[a][x]\n\n[x]: {bare}", f"[y]\n\n[y]: <{address}> (b)",
        f"<{bare}>", f"See {bare} there.", f"![a]({bare})", f"![z][]\n\n[z]: {bare}", f"[![a]({bare})]({bare})",
        f'<a href="{quoted}">a</a>', f"<p><a href='{quoted}'>a</a></p>", f"<a href={bare}>a</a>",
        f'<p><img src="{quoted}" alt="a"></p>',
        f'<blockquote cite="{quoted}"><a xlink:href="{quoted}" href="{quoted}" ping="{quoted}">a</a></blockquote>',
        f"A note[^1].\n\n[^1]: [a](<{address}>)", f"| [a]({bare}) | b |\n|---|---|\n| c | ![d](<{address}>) |",
    )  # fmt: skip
    stories = (f"## Vote {number} Held\n\nThe vote.\n\n{form}\n" for number, form in enumerate(forms, 1))
    return "{head}" + "\n".join(stories)


def _in(template: str) -> Callable[[str], str]:
    return lambda attack: template.replace("@", attack)


PLACES: Mapping[str, Callable[[str], str]] = {
    "body": lambda attack: "{head}" + _below_heading(attack),
    "lead": lambda attack: f"{{head}}{attack}\n\nMuch happened.\n\n{_below_heading('')}",
    "heading": _in("{head}## Vote @ Held\n\nThe vote.\n\n## @\n\nA text.\n\n<h2>@</h2>\n\nA text.\n\n**@**\n\nA text.\n"),
    "headline": _in("{head}# @\n\nA lead.\n\n## Vote Held\n\nThe vote.\n\n## Price Fell\n\nThe market.\n"),
    "byline": _in("{head}## Vote Held\n\nBy Ada Example @\n\nThe vote.\n\n## Price Fell\n\nBy @ | Reporter @\n\nThe market.\n"),
    "remark": _in("{head}## Vote Held\n\n<!-- author: @ -->\n\n<!-- topic: @ -->\n\n<!-- date: @ -->\n\nThe vote.\n"),
    "front": _with_fields,
    "escapes": _with_escapes,
    "table": _in("{head}## Vote Held\n\nThe vote.\n\n| @ | b |\n|---|---|\n| c | @ |\n"),
    "note": _in("{head}## Vote Held\n\nThe vote[^1].\n\n[^1]: A note @\n\n    @\n"),
    "item": _in("{head}## Vote Held\n\nThe vote.\n\n- @\n- [ ] @\n\n1. a\n\n   @\n"),
    "quote": _in("{head}## Vote Held\n\nThe vote.\n\n> @\n>\n> > @\n"),
    "definition": _in("{head}## Vote Held\n\nThe vote.\n\n@\n: @\n\nThe KSM.\n\n*[KSM]: @\n"),
    "emphasis": _in("{head}## Vote Held\n\nThe vote **@** and *@* and ~~@~~ and [@](x.html '@') and ![@](x.png \"@\").\n"),
    "summary": _in("{head}## Vote Held\n\n@\n"),
    "code": _in("{head}## Vote Held\n\nThe vote.\n\n`@`\n\n```@\n@\n```\n"),
    "address": _as_addresses,
    "fields": _in("@\n{head}A lead.\n\n## Vote Held\n\nThe vote.\n"),
    "fields alone": _in("@\n## Vote Held\n\nThe vote.\n\n## Price Fell\n\nThe market.\n"),
}  # fmt: skip
"""What a document with an attack in this place says; `{head}` is where its title stands."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "text": tuple(place for place in PLACES if place not in ("address", "fields", "fields alone")),
    "fields": ("fields", "fields alone"),
}


def attacked_documents(*attacks: Attack) -> dict[str, str]:
    """A document for each place where an attack stands, and a sound one, by name."""
    documents = {SOUND_NAME: SOUND}
    for letter, attack in zip(ascii_lowercase, attacks, strict=False):
        for place in (place for name in attack.places for place in GROUPS.get(name, (name,))):
            documents[f"{letter} {place}.md"] = PLACES[place](attack.text).replace("{head}", HEAD.format(month="January"))
    return documents


class TooSlowError(BaseException):
    """A case that cost more than LONGEST; no `except Exception` may hide it."""


@contextmanager
def in_time(seconds: float = LONGEST) -> Iterator[None]:
    """Raise TooSlowError when what is done here takes longer, counted in this process's own time."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlowError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
