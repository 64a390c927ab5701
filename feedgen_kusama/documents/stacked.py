"""What is written as one block but is several, as lines right above a text that stand alone, or as two but is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from feedgen_kusama.characters import on_one_line
from feedgen_kusama.documents.bylines import LONG_ROLE_WORDS, Byline, may_hold_byline, parse_byline
from feedgen_kusama.documents.calendars import Calendar
from feedgen_kusama.documents.headings import ends_sentence, is_capitalised, is_prose
from feedgen_kusama.documents.imprint import MOST_DATED_WORDS, split_day
from feedgen_kusama.documents.markdown import BREAKS, Block, inline_text, paragraph
from feedgen_kusama.documents.mistuned import Token
from feedgen_kusama.documents.titles import closing_quote

_QUOTES = '"“”'
_QUOTED = re.compile(r"\n[\"“][^\n]+[\"”][ \t]*(?:\n|$)")
"""A line below the first that is all in quotes."""
_ONWARD = frozenset("a an the and or but of at to for from with as into than its their while after amid".split())
"""With what no title ends."""
MOST_TITLE_LINES = 3
MOST_STACKED = 20
"""What is stacked higher is no title, byline or date above a text."""


def join_wrapped(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, a marked heading that breaks off joined with the line right below it: only of a paragraph does Markdown
    know that it may go on there."""
    broken: Block | None = None
    for block in blocks:
        if broken is None and block.kind != "heading":
            yield block
            continue
        if broken is not None and _continues(broken, block):
            broken = replace(
                broken,
                text=f"{broken.text} {block.text}",
                token={**broken.token, "children": [*broken.children, {"type": "softbreak"}, *block.children]},
            )
            continue
        if broken is not None:
            yield broken
        broken = block if block.kind == "heading" and _breaks_off(block.text) else None
        if broken is None:
            yield block
    if broken is not None:
        yield broken


def _breaks_off(text: str) -> bool:
    return text.endswith(",") or text.rpartition(" ")[2].casefold() in _ONWARD


def _continues(heading: Block, block: Block) -> bool:
    """Whether a paragraph right below a heading is one line, and no prose."""
    is_line = block.kind == "paragraph" and block.line == heading.line + 1 and len(list(_lines(block.children))) == 1
    return is_line and not is_prose(block.text)


def take_apart(block: Block, names: Calendar) -> Iterable[Block]:
    """What is written as one block but is several; nearly always the block itself."""
    children = block.children if block.kind == "paragraph" else ()
    if len(children) > 1 or (children and "\n" in children[0].get("raw", "")):
        return _unstack(block, names)
    return _split_comments(block) if block.kind == "block_html" else (block,)


def _split_comments(block: Block) -> Sequence[Block]:
    """HTML that is nothing but comments as one block for each: several may stand on a line."""
    comments, rest = [], block.token["raw"].strip()
    while rest.startswith("<!--") and "-->" in rest:
        comment, end, rest = rest.partition("-->")
        comments.append(comment + end)
        rest = rest.lstrip()
    if len(comments) < 2 or rest:
        return (block,)
    return [replace(block, token={**block.token, "raw": comment}) for comment in comments]


def _unstack(block: Block, names: Calendar) -> Iterator[Block]:
    """A paragraph's first lines as blocks of their own where each stands alone: a title, a byline, a date set directly
    above the text without a blank line between."""
    for _ in range(MOST_STACKED):
        taken = _take_first(block, names)
        if taken is None:
            break
        first, block = taken
        yield first
    if _may_hold_title(block.children):
        yield from _split_titles(block)
    else:
        yield block


def _split_titles(block: Block) -> Iterator[Block]:
    """A paragraph in parts where lines all in bold, italics or quotes stand between its sentences: titles without blank lines
    about them."""
    lines, start = list(_lines(block.children)), 0
    for index, line in enumerate(lines):
        if index > 0 and _is_title_between(lines[index - 1], line, lines[index + 1 : index + 2]):
            if start < index:
                yield paragraph(block.line + start, _joined(lines[start:index]))
            yield paragraph(block.line + index, line)
            start = index + 1
    if start < len(lines):
        yield paragraph(block.line + start, _joined(lines[start:])) if start else block


def _may_hold_title(children: Sequence[Token]) -> bool:
    """Whether a line below the first may be all in bold, italics or quotes: quick to tell, and mostly none may."""
    if len(children) > 1 and any(token["type"] in ("strong", "emphasis") for token in children[1:]):
        return True
    for token in children:
        text = token.get("raw", "")
        if ('\n"' in text or "\n“" in text) and _QUOTED.search(text):
            return True
    return False


def _lines(children: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The lines of a paragraph, each once through: there may be very many."""
    line: list[Token] = []
    for token in children:
        first, *more = token["raw"].split("\n") if token["type"] == "text" else ("",)
        if token["type"] in BREAKS:
            yield line
            line = []
        elif more:
            yield [*line, {**token, "raw": first}]
            yield from ([{**token, "raw": text}] for text in more[:-1])
            line = [{**token, "raw": more[-1]}]
        else:
            line.append(token)
    if line:
        yield line


def _joined(lines: Iterable[Sequence[Token]]) -> Sequence[Token]:
    first, *rest = lines
    return [*first, *(token for line in rest for token in ({"type": "softbreak"}, *line))]


def _is_title_between(above: Sequence[Token], line: Sequence[Token], below: Sequence[Sequence[Token]]) -> bool:
    text = inline_text(line).strip()
    if not _stands_out(line, text) or is_prose(text.strip(_QUOTES)) or not is_capitalised(text):
        return False
    following = inline_text(below[0]).lstrip(_QUOTES)[:1] if below else ""
    return ends_sentence(inline_text(above).rstrip()) and not following.islower()


def _take_first(block: Block, names: Calendar) -> tuple[Block, Block] | None:
    """The first lines of a paragraph as a block of their own, and what stands below them."""
    if _may_have_title(block) and (title := _split_title(block.children)):
        first, rest, lines = title
        return paragraph(block.line, first), paragraph(block.line + lines, rest)
    before = _split_byline(block.children)
    first, rest = before or _split_line(block.children)
    if not rest or not _stands_alone(first, rest, names) or _goes_on(first, block):
        return None
    return paragraph(block.line, first), paragraph(block.line if before else block.line + 1, rest)


def _may_have_title(block: Block) -> bool:
    """Whether one of the first lines below the very first may be a byline that says so: quick to tell, and mostly none may."""
    if not may_hold_byline(block.text) or len(block.children) > 1:
        return may_hold_byline(block.text)
    _, *lines = block.children[0].get("raw", "").split("\n", MOST_TITLE_LINES + 1)
    return any(
        (line[:1].isupper() or line.startswith("by ")) and line.count(" ") < LONG_ROLE_WORDS
        for line in lines[:MOST_TITLE_LINES]
    )


def _split_title(children: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token], int] | None:
    """A title of a few lines right above a byline, what follows it, and how many lines it has. Only a title is left without
    a full stop before a line that names an author and begins with a capital, or is one in capitals; `by` in small letters
    goes on with the title unless whole names follow."""
    first, rest = _split_line(children)
    for lines in range(1, MOST_TITLE_LINES + 1):
        if not rest:
            return None
        line, after = _split_line(rest)
        signed, text = inline_text(line).lstrip("*_ "), on_one_line(inline_text(first))
        if (byline := parse_byline(signed)) and (signed[:1].isupper() or (is_capitalised(text) and _has_whole_names(byline))):
            return (first, rest, lines) if text and not is_prose(text) and not parse_byline(text) else None
        first, rest = [*first, {"type": "softbreak"}, *line], after
    return None


def _has_whole_names(byline: Byline) -> bool:
    return all(" " in name for name in re.split(r"\s*(?:,|&|\band\b)\s*", byline.author or ""))


def _goes_on(first: Sequence[Token], block: Block) -> bool:
    """Whether a byline ends with the paragraph: the author's role goes on below it."""
    begun, whole = parse_byline(inline_text(first)), parse_byline(block.text)
    return bool(begun and whole and begun.role and begun.author == whole.author)


def _split_byline(children: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]] | None:
    """A byline in emphasis that begins a paragraph, and the text behind it on the same line."""
    first, *rest = children
    if first["type"] not in ("emphasis", "strong") or not inline_text(rest).strip() or not _split_line(rest)[0]:
        return None
    return ([first], rest) if parse_byline(inline_text([first])) else None


def _split_line(children: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    for index, token in enumerate(children):
        if token["type"] in BREAKS:
            return children[:index], children[index + 1 :]
        line, end, rest = token["raw"].partition("\n") if token["type"] == "text" else ("", "", "")
        if end:
            return [*children[:index], {**token, "raw": line}], [{**token, "raw": rest}, *children[index + 1 :]]
    return children, ()


def _stands_out(line: Sequence[Token], text: str) -> bool:
    """Whether a line is all in bold, italics or quotes."""
    return (len(line) == 1 and line[0]["type"] in ("strong", "emphasis")) or closing_quote(text) == len(text) - 1 > 0


def _stands_alone(first: Sequence[Token], rest: Sequence[Token], names: Calendar) -> bool:
    text = on_one_line(inline_text(first))
    stands_out = _stands_out(first, text)
    if not text or (not stands_out and text.count(" ") >= MOST_DATED_WORDS):
        return False
    following = inline_text(rest[:1]).lstrip()[:1] or inline_text(rest).lstrip()[:1]
    if (not following.isalnum() and following not in "\"'“‘(*[") or following.islower():
        return False
    if stands_out:
        return not is_prose(text.strip('"“”'))
    day, left = split_day(text, names)
    return bool(day and not left) or parse_byline(left) is not None
