"""Markdown to blocks: each with its kind, its line and its plain text; and back to HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.documents.markdown import Block, inline_text, paragraph, parse_blocks

KINDS = {
    "paragraph": ("Two *plain*\nlines & `a*b`.", "Two plain lines & a*b."),
    "heading": ("## A *fine* heading ##", "A fine heading"),
    "underlined heading": ("A heading\n---------", "A heading"),
    "rule": ("* * *", ""),
    "list": ("- one\n- two\n  - three\n- [x] four", "one\ntwo\nthree\nfour"),
    "numbers": ("1. one\n2. two", "one\ntwo"),
    "quote": ("> said **so**\n>\n> twice", "said so\ntwice"),
    "code": ("```sh\n# no heading\n\n  a < b\n```", "# no heading\n\n  a < b"),
    "table": ("| a | b |\n| - | - |\n| 1 | 2 |", "a b\n1 2"),
    "html": ("<p>One <b>bold</b> &amp; word</p>", "One bold & word"),
    "comment": ("<!-- unseen -->", ""),
    "definitions": ("Term\n: what it means", "Term\nwhat it means"),
    "image": ("![A chart](a.png)", "A chart"),
    "link": ("[words](https://a.example) and <https://b.example>", "words and https://b.example"),
    "entity": ("AT&amp;T &lt;b&gt; \\*plain\\*", "AT&T <b> *plain*"),
    "break": ("one  \ntwo\\\nthree", "one two three"),
    "struck": ("~~old~~ new", "old new"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_block_is_plain_text_line_by_line(kind: str) -> None:
    text, plain = KINDS[kind]
    blocks = parse_blocks(text).blocks
    assert [block.text for block in blocks] == [plain]


@effort(max_examples=150, deadline=None)
@given(
    kinds=st.lists(st.sampled_from(sorted(set(KINDS) - {"definitions"})), min_size=1, max_size=8),
    gaps=st.lists(st.integers(1, 3), min_size=8, max_size=8),
    first=st.integers(1, 40),
)
def test_every_block_knows_the_line_on_which_it_begins(kinds: list[str], gaps: list[int], first: int) -> None:
    """Lists that follow one another are one to Markdown, so a rule parts all blocks."""
    text, expected = "", []
    for kind, gap in zip(kinds, gaps, strict=False):
        for part in (KINDS[kind][0], "***"):
            expected.append(first + text.count("\n"))
            text += part + "\n" * (gap + 1)
    assert [block.line for block in parse_blocks(text, first_line=first).blocks] == expected


@pytest.mark.parametrize("before", ["", "Text.\n\n", "\n\n\n"])
def test_definitions_begin_on_the_line_of_their_first_term(before: str) -> None:
    block = parse_blocks(f"{before}Term\n: what it means\n").blocks[-1]
    assert (block.kind, block.line) == ("def_list", before.count("\n") + 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_alike_with_every_line_end(end: str) -> None:
    text = end.join(["# A", "", "text", "more", "", "```", "x", "", "y", "```", "", "# B", "> c", "", "end"])
    assert [(block.kind, block.line) for block in parse_blocks(text).blocks] == [
        ("heading", 1),
        ("paragraph", 3),
        ("block_code", 6),
        ("heading", 12),
        ("block_quote", 13),
        ("paragraph", 15),
    ]


NOTES = """First[^b] and second[^a] and [a link][there].

Again[^a], an HTML word.

[^a]: Note *of* a.
[^b]: Note of b.
[there]: https://there.example "Title"
*[HTML]: Hypertext
"""


def test_links_notes_and_abbreviations_hold_over_the_whole_text() -> None:
    source = parse_blocks(NOTES)
    html = source.render(source.blocks[:2])
    assert '<a href="https://there.example" title="Title">a link</a>' in html
    assert '<abbr title="Hypertext">HTML</abbr>' in html


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "First[1] and second[2] and a link.\n[1] Note of b.\n[2] Note of a."),
        (1, "Again[1], an HTML word.\n[1] Note of a."),
    ],
)
def test_a_part_has_its_own_notes_counted_from_one(index: int, text: str) -> None:
    source = parse_blocks(NOTES)
    part = [source.blocks[index]]
    assert source.text(part) == text
    html = source.render(part)
    assert re.findall(r'<li id="fn-(\d)">', html) == [str(n) for n in range(1, text.count("\n") + 1)]
    assert re.findall(r'href="#fn-(\d)"', html) == re.findall(r"\[(\d)\](?! Note)", text)


def test_a_note_that_mentions_another_or_itself_ends() -> None:
    source = parse_blocks("One[^a].\n\n[^a]: See[^b] and[^a].\n[^b]: See[^a].\n")
    assert source.text(source.blocks).startswith("One[1].\n[1] See")
    assert source.render(source.blocks)


def test_html_is_kept_as_written_and_text_is_escaped() -> None:
    source = parse_blocks("<div class='x'>a</div>\n\na < b & c <b>d</b>\n")
    assert source.render(source.blocks) == "<div class='x'>a</div>\n\n<p>a &lt; b &amp; c <b>d</b></p>\n"


def test_a_paragraph_can_be_made_of_inline_tokens() -> None:
    children = parse_blocks("**Bold** and\nmore").blocks[0].children
    made = paragraph(7, children[1:])
    assert (made.kind, made.line, made.text, made.level) == ("paragraph", 7, "and more", None)
    assert inline_text(children) == "Bold and more"


@pytest.mark.parametrize(("text", "level"), [("# a", 1), ("###### a", 6), ("a\n=", 1), ("a\n-", 2), ("a", None)])
def test_a_heading_has_a_level(text: str, level: int | None) -> None:
    (block,) = parse_blocks(text).blocks
    assert isinstance(block, Block)
    assert block.level == level
