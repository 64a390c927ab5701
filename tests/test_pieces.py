"""What each block of a document may be, and which lines are headings because of what stands below them."""

from __future__ import annotations

import pytest

from feedgen_kusama.documents.calendars import calendar_for
from feedgen_kusama.documents.markdown import parse_blocks
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.pieces import read_pieces

ENGLISH = calendar_for(("en",))


def name_of(piece: Piece) -> str:
    """A piece's kind, as a letter: heading, byline, imprint, remark, rule or text."""
    flags = {
        "H": piece.heading,
        "B": piece.byline,
        "I": piece.is_imprint,
        "C": piece.remark,
        "-": piece.is_rule,
        "t": piece.is_text,
    }
    return "".join(letter for letter, flag in flags.items() if flag)


def read(text: str) -> list[Piece]:
    return list(read_pieces(parse_blocks(text).blocks, ENGLISH))


PROSE = "The votes were counted in the hall, and the hall was full."


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"# A\n\n{PROSE}", "Ht"),
        (f"A heading\n---\n\n{PROSE}", "Ht"),
        (f"{PROSE}\n---\n\n{PROSE}", "tt"),
        (f"<h2>A</h2>\n\n{PROSE}", "Ht"),
        (f"## A\n\nBy Ann Example\n\n{PROSE}", "HBt"),
        (f"## A\n\n### By Ann Example\n\n{PROSE}", "HBt"),
        (f"## A\n\nDate: 5 May 2024\n\n{PROSE}", "HIt"),
        (f"## A\n\nIssue 7\n\n{PROSE}", "HIt"),
        (f"## A\n<!-- topic: market -->\n\n{PROSE}", "HCt"),
        (f"## A\n\n<!-- a note to self -->\n\n{PROSE}", "Htt"),
        (f"#\n\n---\n\n{PROSE}", "--t"),
        (f"**Votes**\n{PROSE}", "Ht"),
        (f"## A\n\nBy Ann Example\n{PROSE}", "HBt"),
        (f"**Votes**\n*By Ann Example*\n{PROSE}", "HBt"),
        (f"Votes Are Counted\nBy Ann Example, Market Analyst\n\n{PROSE}", "HBt"),
        (f"Votes Are Counted in\nthe Great Hall\nBy Ann Example\n\n{PROSE}", "HBt"),
        (f"Votes Are Counted\nBy Ann Example | Reporter\n{PROSE}", "HBt"),
        ("The tool was built in a month\nby Ann Example.\n\nThe end.", "tt"),
        (f'Votes\n\n{PROSE}\n\n"We count on everybody"\n\n— Ann Example, councillor\n\n{PROSE}', "Htttt"),
        (f"Votes Are Counted\n\n{PROSE}\n\nHave your say until the end of May\n\nMarket Falls\n\n{PROSE}", "HttHt"),
        (f"Votes Are Counted\n\n{PROSE}\n\nSee you all next month\n\nYour harbour news", "Httt"),
        (f"Votes Are Counted\n\n{PROSE}\n\nWho was counted in May\n\n- one\n- two", "Httt"),
        (f"Votes Are Counted\n\n{PROSE}\n\n“I have never counted so much”\n\n{PROSE}", "Httt"),
        (f"TREASURY PAYS\nby Ann Example\n\n{PROSE}", "HBt"),
        (f"## A\n\nAnn Example - Market Desk\n\n{PROSE}\n\n## B\n\nBo Sample - Governance\n\n{PROSE}", "HBtHBt"),
        (f"## A\n\n{PROSE}\n\n## B\n\nBridge Works - Governance\n\n{PROSE}", "HtHHt"),
        (f"**Votes Counted**\n*Ann Example*\n\n{PROSE}\n\n**Market Falls**\n*Bo Sample*\n\n{PROSE}", "HBtHBt"),
        (f"## A\n\n**By Ann Example**\n**Market Reporter**\n\n{PROSE}", "HBtt"),
        ("Votes Counted\n\nBy Ann Example\n\nThree were counted in May\n\nMarket Falls\n\nIt fell.", "HBtHt"),
        (f"5 May 2024\n{PROSE}", "It"),
        (f"{PROSE}\nBy Ann Example", "t"),
        (f"Votes Are Counted\n\n{PROSE}", "Ht"),
        (f"{PROSE}\n\nVotes Are Counted", "tt"),
        (f"{PROSE}\n\n**Votes Are Counted**", "tt"),
        ("Votes Are Counted\n\n![Hall](hall.png)", "Ht"),
        ("Market:\n\n- up\n- down", "tt"),
        (f"Market:\n\n{PROSE}", "Ht"),
        (f"**Votes.** {PROSE}\n\n**Market.** {PROSE}\n\n**Events:** {PROSE}", "HtHtHt"),
        (f"**Votes.** {PROSE}\n\n**Market.** {PROSE}", "tt"),
        (f"**Votes.** {PROSE}\n\n**Market.** {PROSE}\n\n**Events:** {PROSE}\n\n## A\n\n{PROSE}", "tttHt"),
    ],
)
def test_a_block_is_what_it_looks_like_and_what_stands_below_it_proves(text: str, kinds: str) -> None:
    assert "".join(map(name_of, read(text))) == kinds


def test_names_alone_are_bylines_where_the_document_repeats_the_form() -> None:
    text = f"## Votes\n\nAnn Example\n\n{PROSE}\n\n## Market\n\nBo Sample\n\n{PROSE}\n"
    assert "".join(map(name_of, read(text))) == "HBtHBt"
    assert [piece.byline.author for piece in read(text) if piece.byline] == ["Ann Example", "Bo Sample"]
    assert "".join(map(name_of, read(text.partition("## Market")[0]))) == "HHt"


def test_words_that_the_text_writes_small_are_no_names() -> None:
    text = f"## Votes\n\nFull Hall\n\n{PROSE}\n\n## Market\n\nBo Sample\n\n{PROSE}\n"
    assert "B" not in "".join(map(name_of, read(text)))


@pytest.mark.parametrize(
    ("remark", "said"),
    [
        ("<!-- topic: market -->", ("topic", "market")),
        ("<!--Topic:  Market  prices-->", ("topic", "Market  prices")),
        ("<!-- author: Ann Example -->", ("author", "Ann Example")),
        ("<!-- date: 2024-05-05 -->", ("date", "2024-05-05")),
        ("<!-- draft -->", ("draft", "")),
        ("<!-- todo: ask Ann -->", None),
        ("<!-- topic -->text", None),
    ],
)
def test_a_comment_may_say_something_of_its_section(remark: str, said: tuple[str, str] | None) -> None:
    assert read(remark)[0].remark == said


def test_every_line_of_a_stack_knows_its_place() -> None:
    pieces = read(f"{PROSE}\n\n**Votes**\n*By Ann Example*\n5 May 2024\n{PROSE}\n")
    assert [(name_of(piece), piece.line) for piece in pieces] == [("t", 1), ("H", 3), ("B", 4), ("I", 5), ("t", 6)]


@pytest.mark.parametrize("lines", ["By Ann Example", "Votes Are Counted\nBy Ann Example", "**Votes**", "5 May 2024"])
def test_lines_may_stack_without_end(lines: str) -> None:
    pieces = read("\n".join([lines] * 3_000))
    words = " ".join(piece.block.text for piece in pieces).split()
    assert words == lines.replace("*", "").split() * 3_000


def test_marked_headings_outrank_lines() -> None:
    pieces = read(f"###### A\n\n{PROSE}\n\n**B**\n\n{PROSE}\n\nC Stands Here\n\n{PROSE}\n")
    assert [piece.heading.rank for piece in pieces if piece.heading] == [6, 7, 7]
