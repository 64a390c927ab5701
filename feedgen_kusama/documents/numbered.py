"""Numbered headings without any other mark: Markdown takes them for lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feedgen_kusama.documents.headings import MOST_BARE_WORDS, is_prose
from feedgen_kusama.documents.markdown import HOLD_TEXT, Block, block_text, paragraph
from feedgen_kusama.documents.mistuned import Token

FRONT_HEADINGS = 2
"""A document's title and headline: where more is marked as a heading, numbers head nothing."""


LEAST_NUMBERED = 3


def split_numbered(blocks: Sequence[Block], text: str) -> Sequence[Block]:
    """The blocks of a text, numbered lines taken out of their lists where they head the stories: nothing else does, they
    count from one, and each has text below it."""
    places = [i for i, block in enumerate(blocks) if _is_numbered(block)]
    if not places or not _are_headings(blocks, places):
        return blocks
    lines, numbered = text.split("\n"), frozenset(places)
    return [part for i, block in enumerate(blocks) for part in (_items(block, lines) if i in numbered else (block,))]


def _is_numbered(block: Block) -> bool:
    """Whether a block is a numbered list each item of which begins with a line such as headings are."""
    if block.kind != "list" or not block.token["attrs"].get("ordered"):
        return False
    return all(_is_line(item) for item in block.children)


def _is_line(item: Token) -> bool:
    first, *_ = item.get("children") or [{"type": ""}]
    text = block_text(first) if first["type"] in HOLD_TEXT else ""
    return bool(text) and len(text.split()) <= MOST_BARE_WORDS and not is_prose(text)


def _are_headings(blocks: Sequence[Block], places: Sequence[int]) -> bool:
    numbers = [_first_number(blocks[i]) + n for i in places for n in range(len(blocks[i].children))]
    among, below = blocks[places[0] : places[-1]], blocks[places[-1] :]
    front = sum(1 for block in blocks[: places[0]] if block.kind == "heading")
    if len(numbers) < 2 or numbers != list(range(1, len(numbers) + 1)) or front > FRONT_HEADINGS or front == 0:
        return False
    others = [sum(map(_is_other, part)) for part in (among, below)]
    if others[0] or others[1] > (1 if len(numbers) >= LEAST_NUMBERED else 0):  # the last section may have no number
        return False
    return all(_has_text(blocks, i) for i in places)


def _is_other(block: Block) -> bool:
    """Whether a block is a heading of another kind."""
    return block.kind == "heading" or (block.kind == "paragraph" and _is_bold(block.children))


def _first_number(block: Block) -> int:
    return int(block.token["attrs"].get("start", 1))


def _is_bold(children: Sequence[Token]) -> bool:
    return len(children) == 1 and children[0]["type"] == "strong"


def _has_text(blocks: Sequence[Block], index: int) -> bool:
    """Whether each line of a list has text below it: within its item, or the last one behind the list."""
    *items, last = blocks[index].children
    is_followed = index + 1 < len(blocks) and blocks[index + 1].kind == "paragraph"
    return all(len(_parts(item)) > 1 for item in items) and (len(_parts(last)) > 1 or is_followed)


def _parts(item: Token) -> list[Token]:
    return [child for child in item["children"] if child["type"] != "blank_line"]


def _items(block: Block, lines: Sequence[str]) -> Iterator[Block]:
    """A list's lines as paragraphs that begin with their numbers, each before what stands below it in its item."""
    line = block.line
    for number, item in enumerate(block.children, _first_number(block)):
        line = next((at for at in range(line, len(lines) + 1) if re.match(rf"\s*{number}[.)]", lines[at - 1])), line)
        first, *rest = _parts(item)
        mark: Token = {"type": "text", "raw": f"{number}. "}
        children = first["children"]
        yield paragraph(line, children if _is_bold(children) else [mark, *children])
        for part in rest:
            kind = "paragraph" if part["type"] == "block_text" else part["type"]
            token = {**part, "type": kind}
            yield Block(kind=kind, line=line, text=block_text(token), token=token)
