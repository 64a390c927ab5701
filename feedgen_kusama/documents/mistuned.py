"""mistune as documents need it: with the place of every top-level block, and quick where text is plain."""

from __future__ import annotations

import re
from collections.abc import Iterable, MutableMapping
from re import Match
from typing import Any

import mistune
from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.inline_parser import InlineParser
from mistune.util import safe_entity

from feedgen_kusama.characters import on_one_line

Token = dict[str, Any]
PLUGINS = ("strikethrough", "table", "footnotes", "task_lists", "def_list", "abbr", "url")


class LineState(BlockState):
    """A block state that stamps every top-level token with the offset at which it begins."""

    mark: int | None = None

    def append_token(self, token: Token) -> None:
        if self.parent is None:
            token["offset"] = self.cursor if self.mark is None else self.mark
        super().append_token(token)

    @property
    def is_in_paragraph(self) -> bool:
        """Whether a line of text would go on with a paragraph."""
        return bool(self.tokens) and self.tokens[-1]["type"] == "paragraph"

    def read_plain(self, start: int) -> int | None:
        """Append the plain block that begins at a place, if one does, and tell where it ends."""
        if plain := _PLAIN.match(self.src, start):
            self.add_plain(plain)
            return plain.end()
        if self.parent is None and (items := _PLAIN_LIST.match(self.src, start)):
            self.add_plain_list(items)
            return items.end()
        return None

    def add_plain(self, plain: Match[str]) -> None:
        """Append a plain block and the blank lines below it."""
        mark, title, text, blank = plain.group("mark", "title", "text", "blank")
        token: Token = {"type": "paragraph", "text": text}
        if mark:
            token = {"type": "heading", "text": title, "attrs": {"level": len(mark)}, "style": "atx"}
        if self.parent is None:
            token["offset"] = plain.start()
        self.tokens.append(token)
        if blank:
            self.tokens.append({"type": "blank_line"})

    def add_plain_list(self, items: Match[str]) -> None:
        """Append a plain list."""
        number, bullet = items.group("number", "bullet")
        attrs = {"depth": 0, "ordered": bool(number)} | ({"start": int(number)} if number and number != "1" else {})
        indent = "   " if number else "  "
        texts = [text.replace(f"\n{indent}", "\n") for text in _ITEM_MARK.split(items["items"])[1:]]
        children = [{"type": "list_item", "children": [{"type": "block_text", "text": text}]} for text in texts]
        token = {"type": "list", "children": children, "tight": True, "bullet": bullet or items["after"], "attrs": attrs}
        self.tokens.append({**token, "offset": items.start()})

    def add_paragraph(self, text: str) -> None:
        super().add_paragraph(text)
        self.tokens[-1].setdefault("offset", self.cursor)


_LINE = r"(?:[^\W\d_]|[\"'“”‘’«(!]|[*_]{1,3}[^\W_]|\d++(?![.)])|\[[^\[\]\\\n]*\](?!:))[^\n]*\n"
_PLAIN = re.compile(
    rf"(?:(?P<text>(?:{_LINE})++)|(?P<mark>\#{{1,6}})[ \t]++(?P<title>[^\n\#]*[^\s\#])[ \t]*\n)"
    r"(?P<blank>(?:[ \t\v\f]*\n)++|\Z)"
)
"""A paragraph whose lines begin as no other block does, nor what makes a table or heading of the line above; or a
heading; then a blank line."""
_PLAIN_LIST = re.compile(
    rf"(?P<items>(?P<bullet>[-*+])[ ]{_LINE}(?:(?:(?P=bullet)|[ ])[ ]{_LINE})*+"
    rf"|(?P<number>\d)(?P<after>[.)])[ ]{_LINE}(?:(?:\d(?P=after)|[ ]{{2}})[ ]{_LINE})*+)"
    r"(?:(?:[ \t\v\f]*\n)++|\Z)(?![ \t*+\d-])"
)
"""A list whose items are each a paragraph of such lines; then blank lines, and nothing that could go on with it."""
_ITEM_MARK = re.compile(r"^(?:[-*+]|\d[.)])[ ]", re.MULTILINE)


class _LineParser(BlockParser):
    """A block parser that tells the state where the block it is about to read begins, and reads plain blocks at once:
    trying all rules on each of their lines costs more than all the rest."""

    state_cls = LineState

    def _parse_indent_code_fast(self, state: BlockState) -> int | None:
        """mistune asks this at the beginning of every block."""
        end = state.cursor
        if isinstance(state, LineState) and not state.is_in_paragraph:
            while after := state.read_plain(end):
                end = after
        return end if end > state.cursor else super()._parse_indent_code_fast(state)

    def parse_method(self, m: Match[str], state: BlockState) -> int | None:
        if not isinstance(state, LineState) or state.parent is not None:
            return super().parse_method(m, state)
        known = len(state.tokens)
        begin = m.start()
        if m.lastgroup == "def_list":  # its first term was read as a paragraph
            begin = next((t["offset"] for t in reversed(state.tokens) if t["type"] == "paragraph"), begin)
        state.mark = begin
        end = super().parse_method(m, state)
        state.mark = None
        for token in state.tokens[max(known - 1, 0) :]:  # lists and quotes come in by other ways
            token.setdefault("offset", begin)
        return end


class _MarkParser(InlineParser):
    """An inline parser that looks for the pattern of all marks once, not before each of them."""

    def _get_fast_trigger_re(self, chars: set[str]) -> re.Pattern[str]:
        return self._fast_trigger_re or super()._get_fast_trigger_re(chars)


class _Inline(_MarkParser):
    """An inline parser that takes text without any mark as it is, and looks for bare addresses and abbreviations only
    where there are any: most paragraphs are such, and each is read many times quicker."""

    def __init__(self) -> None:
        super().__init__()
        self.usual = _MarkParser()

    def __call__(self, s: str, env: MutableMapping[str, Any]) -> list[Token]:
        if is_plain(s, env):
            return _read_lines(s)
        return super().__call__(s, env) if "http" in s or env.get("ref_abbrs") else self.usual(s, env)


_MARK = re.compile(r"[\\`*_\[\]<~]")
"""What the rules of inline mark-up begin with, but for breaks between lines."""


def is_plain(text: str, env: MutableMapping[str, Any]) -> bool:
    """Whether there is surely no inline mark-up in a text."""
    return not _MARK.search(text) and "http" not in text and not env.get("ref_abbrs")


def resolve_plain(token: Token, env: MutableMapping[str, Any]) -> str | None:
    """The text of a block that is nothing but text, which is resolved by this; None where it is not, or may not be."""
    source = token.get("text")
    if source is None or token["type"] not in ("paragraph", "heading") or "&" in source or not is_plain(source, env):
        return None
    text = token.pop("text").strip(" \r\n\t\f")
    line = on_one_line(text)
    is_even = len(line) == len(text)  # then there are no blanks about the ends of lines, which need no tokens of their own
    token["children"] = [{"type": "text", "raw": text}] if is_even else _read_lines(text)
    return line


def _read_lines(text: str) -> list[Token]:
    """Text without marks as tokens: its lines, and what parts them (two blanks before the end break a line)."""
    if "\n" not in text:
        return [{"type": "text", "raw": text}]
    tokens: list[Token] = []
    is_hard = False
    for line in text.split("\n"):
        if tokens and tokens[-1]["type"] == "text":
            tokens.append({"type": "linebreak" if is_hard else "softbreak"})
        shown = line.rstrip(" ")
        is_hard = len(line) - len(shown) > 1
        if tokens:
            shown = shown.lstrip()
        if shown:
            tokens.append({"type": "text", "raw": shown})
    return tokens


def _escape(text: str) -> str:
    """What mistune's `safe_entity` gives, without asking in text that it would leave as it is."""
    return safe_entity(text) if "&" in text or "<" in text or ">" in text or '"' in text else text


_AROUND = {
    "paragraph": ("<p>", "</p>\n"),
    "block_text": ("", ""),
    "list_item": ("<li>", "</li>\n"),
    "strong": ("<strong>", "</strong>"),
    "emphasis": ("<em>", "</em>"),
}
"""What mistune writes around the commonest tokens."""


class _Writer(mistune.HTMLRenderer):
    """mistune's renderer, quicker where tokens are nothing but text and the ends of its lines: most are."""

    def render_token(self, token: Token, state: BlockState) -> str:
        around = _AROUND.get(token["type"])
        return (
            super().render_token(token, state) if around is None else self.render_tokens(token["children"], state).join(around)
        )

    def render_tokens(self, tokens: Iterable[Token], state: BlockState) -> str:
        return "".join(
            [
                _escape(token["raw"])
                if (kind := token["type"]) == "text"
                else "\n"
                if kind == "softbreak"
                else self.render_token(token, state)
                for token in tokens
            ]
        )


_INLINE = _Inline()
READER = mistune.Markdown(renderer=None, block=_LineParser(), inline=_INLINE)
WRITER = mistune.Markdown(renderer=_Writer(escape=False, allow_harmful_protocols=True), block=_LineParser())
"""Which addresses are harmful is judged where HTML is finished: mistune takes every colon for the end of a scheme."""


def _render_task(_: mistune.HTMLRenderer, text: str, *, checked: bool = False) -> str:
    """A task as a list item: a check box would be a form's, which no feed may hold."""
    box = "☑ " if checked else "☐ "
    return f"<li><p>{box}{text.removeprefix('<p>')}</li>\n" if text.startswith("<p>") else f"<li>{box}{text}</li>\n"


def _render_note_mark(_: mistune.HTMLRenderer, _key: str, index: int, *, is_first: bool = True) -> str:
    """A footnote's mark; only the first to mention the note is where the note leads back to."""
    id = f' id="fnref-{index}"' if is_first else ""
    return f'<sup{id}><a href="#fn-{index}">{index}</a></sup>'


_USUAL = mistune.Markdown(renderer=None, inline=_INLINE.usual)
for _name in PLUGINS:
    _plugin = mistune.plugins.import_plugin(_name)
    for _markdown in (READER, WRITER, _USUAL) if _name not in ("url", "abbr") else (READER, WRITER):
        _plugin(_markdown)
assert WRITER.renderer is not None
WRITER.renderer.register("task_list_item", _render_task)
WRITER.renderer.register("footnote_ref", _render_note_mark)
