"""Markdown to blocks: mistune's syntax tree, with the line of every top-level block."""

from __future__ import annotations

import html
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

import msgspec
from mistune.core import BlockState
from mistune.plugins.footnotes import parse_footnote_item
from msgspec import Struct

from feedgen_kusama.characters import on_one_line, remove_forbidden
from feedgen_kusama.documents.mistuned import READER, WRITER, LineState, Token, resolve_plain
from feedgen_kusama.html import strip_html

TOP_LEVEL = 3
"""The level of an entry's own strongest heading: below the page's headline and the entry's title."""
BREAKS = frozenset({"softbreak", "linebreak"})


class Block(Struct, frozen=True, kw_only=True):
    """One top-level block: its mistune token, its line, and its text without mark-up."""

    kind: str
    line: int
    text: str
    token: Token

    @property
    def children(self) -> list[Token]:
        children: list[Token] = self.token.get("children", [])
        return children

    @property
    def level(self) -> int | None:
        """A heading's level, 1 to 6."""
        return int(self.token["attrs"]["level"]) if self.kind == "heading" else None


class Source(msgspec.Struct, frozen=True):
    """A document's blocks together with what is defined anywhere in it (links, notes, abbreviations)."""

    blocks: tuple[Block, ...]
    state: BlockState

    def render(self, blocks: Iterable[Block]) -> str:
        """The blocks as HTML, unsanitised, with the footnotes they mention numbered from 1 at the end."""
        numbers: dict[str, int] = {}
        tokens = _rebase([_renumber_block(block, numbers) for block in blocks])
        if numbers:
            tokens.append({"type": "footnotes", "children": self._notes(numbers)})
        renderer = WRITER.renderer
        assert renderer is not None
        return renderer(tokens, self.state)

    def text(self, blocks: Iterable[Block]) -> str:
        """The blocks as plain text, a line each, and the footnotes they mention."""
        if not self._has_notes:
            return "\n".join([block.text for block in blocks if block.text])
        numbers: dict[str, int] = {}
        lines = []
        for block in blocks:
            token = _renumber_block(block, numbers)
            lines.append(block.text if token is block.token else block_text(token))
        notes = self._notes(numbers) if numbers else []
        lines += [f"[{note['attrs']['index']}] {block_text(note)}" for note in notes]
        return "\n".join(filter(None, lines))

    @property
    def _has_notes(self) -> bool:
        return bool(self.state.env.get("ref_footnotes"))

    def _notes(self, numbers: dict[str, int]) -> list[Token]:
        """The footnotes of these numbers, which are extended by those that footnotes mention."""
        notes: list[Token] = []
        while len(notes) < len(numbers):
            key = list(numbers)[len(notes)]
            item = parse_footnote_item(READER.block, key, numbers[key] - 1, self.state)
            resolved = _BlockTokens(self.state).resolve([{**item, "attrs": {"key": key, "index": numbers[key]}}])
            notes += [_renumber(note, numbers) for note in resolved]
        return notes


def _rebase(tokens: list[Token]) -> list[Token]:
    """The tokens with their headings raised or lowered so that the strongest is of TOP_LEVEL."""
    if all(token["type"] == "paragraph" for token in tokens):
        return tokens
    strongest = min((t["attrs"]["level"] for t in _walk(tokens) if t["type"] == "heading"), default=TOP_LEVEL)
    return tokens if strongest == TOP_LEVEL else [_shift(token, TOP_LEVEL - strongest) for token in tokens]


def _walk(tokens: Iterable[Token]) -> Iterable[Token]:
    """The blocks, and those in them."""
    for token in tokens:
        yield token
        if token["type"] not in HOLD_TEXT:
            yield from _walk(token.get("children", ()))


def _shift(token: Token, by: int) -> Token:
    if token["type"] == "heading":
        level = min(max(token["attrs"]["level"] + by, TOP_LEVEL), 6)
        return {**token, "attrs": {**token["attrs"], "level": level}}
    if "children" not in token:
        return token
    return {**token, "children": [_shift(child, by) for child in token["children"]]}


class _BlockTokens:
    """Resolves the inline text of tokens, in place, against a document's definitions."""

    def __init__(self, parent: BlockState) -> None:
        self.state = BlockState(parent)

    def resolve(self, tokens: list[Token]) -> list[Token]:
        self.state.tokens = tokens
        resolved = READER.render_state(self.state)
        assert isinstance(resolved, list)
        return resolved


def parse_blocks(text: str, *, first_line: int = 1) -> Source:
    """The blocks of a Markdown text whose first line is `first_line` of its file.

    Link references, footnotes and abbreviations are resolved over the whole text.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    state = LineState()
    state.process(text if text.endswith("\n") else text + "\n")
    READER.block.parse(state)
    starts = [0, *accumulate(map(len, state.src.splitlines(keepends=True)))]
    for hook in READER.before_render_hooks:
        hook(READER, state)
    state.tokens = [token for token in state.tokens if token["type"] != "blank_line"]
    texts = [resolve_plain(token, state.env) for token in state.tokens]
    _BlockTokens(state).resolve([token for token, text in zip(state.tokens, texts, strict=True) if text is None])
    blocks = tuple(
        Block(
            kind=token["type"],
            line=first_line + bisect_right(starts, token.get("offset", 0)) - 1,
            text=block_text(token) if text is None else text,
            token=token,
        )
        for token, text in zip(state.tokens, texts, strict=True)
    )
    return Source(blocks, state)


def paragraph(line: int, children: Sequence[Token]) -> Block:
    """A paragraph made of inline tokens."""
    token = {"type": "paragraph", "children": list(children)}
    return Block(kind="paragraph", line=line, text=block_text(token), token=token)


def is_emphasised(block: Block) -> bool:
    """Whether a block is a paragraph all of which is bold or in italics."""
    return block.kind == "paragraph" and len(block.children) == 1 and block.children[0]["type"] in ("emphasis", "strong")


def inline_text(tokens: Iterable[Token]) -> str:
    """Inline tokens as plain text: no mark-up, entities decoded, line breaks as blanks."""
    return "".join(map(token_text, tokens))


def token_text(token: Token) -> str:
    """An inline token as plain text."""
    kind = token["type"]
    if kind == "text":
        raw = token["raw"].replace("\n", " ")
        return remove_forbidden(html.unescape(raw)) if "&" in raw else str(raw)
    if kind in BREAKS:
        return " "
    if kind == "inline_html":
        return ""
    if kind == "footnote_ref":
        return f"[{token['attrs']['index']}]"
    if "children" in token:
        return inline_text(token["children"])
    return str(token.get("raw", ""))


def block_text(token: Token) -> str:
    """A block as plain text: one line for each paragraph, list item and row in it."""
    kind = token["type"]
    if kind == "block_html":
        return strip_html(token["raw"])
    if kind == "block_code":
        return str(token["raw"]).strip("\n")
    children = token.get("children")
    if children is None:
        return ""
    if kind in ("table_head", "table_row"):
        return " ".join(filter(None, map(block_text, children)))
    if kind in HOLD_TEXT or not _holds_blocks(children):
        return on_one_line(inline_text(children))
    return "\n".join(filter(None, map(block_text, children)))


HOLD_TEXT = frozenset(("paragraph", "heading", "block_text", "table_cell"))
BLOCK_KINDS = frozenset(
    (
        "paragraph block_text heading list list_item task_list_item block_code block_quote block_html thematic_break table "
        "table_head table_body table_row table_cell def_list def_list_head def_list_item footnotes footnote_item blank_line"
    ).split()
)


def _holds_blocks(children: Sequence[Token]) -> bool:
    return any(child["type"] in BLOCK_KINDS for child in children)


def _renumber_block(block: Block, numbers: dict[str, int]) -> Token:
    """A block's token, its footnote marks renumbered, which show in the text."""
    return _renumber(block.token, numbers) if "[" in block.text else block.token


def _renumber(token: Token, numbers: dict[str, int]) -> Token:
    """The token with its footnote marks counted from 1 in order of mention, `numbers` extended."""
    if token["type"] == "footnote_ref":
        is_first = token["raw"] not in numbers
        index = numbers.setdefault(token["raw"], len(numbers) + 1)
        return {**token, "attrs": {"index": index, "is_first": is_first}}
    children = token.get("children")
    if not children:
        return token
    renumbered = [_renumber(child, numbers) for child in children]
    if all(new is old for new, old in zip(renumbered, children, strict=True)):
        return token
    return {**token, "children": renumbered}
