"""Quick ways through text take no other turn than the slow ones: each is compared with what it stands in for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial

import mistune
import pytest
import yaml
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.check import read_time
from feedgen_kusama.check.content import _html_faults, _tree_faults
from feedgen_kusama.documents import dates, stacked
from feedgen_kusama.documents.calendars import ORDINAL_WORD, ORDINALS, WORD, Calendar, calendar_for
from feedgen_kusama.documents.front_matter import read_yaml
from feedgen_kusama.documents.markdown import block_text, inline_text, parse_blocks
from feedgen_kusama.documents.mistuned import PLUGINS, Token
from feedgen_kusama.html import finish_html, strip_html
from feedgen_kusama.words import split_words

OURS = frozenset({"offset"})
PLAIN = mistune.create_markdown(renderer=None, plugins=list(PLUGINS))
WRITER = mistune.create_markdown(escape=False, plugins=list(PLUGINS))
LINES = [
    *(
        "",
        "",
        "Plain words on a line.",
        "and more of them",
        "two blanks  ",
        "a backslash\\",
        "\u00a0",
        "“Quoted” words",
        "12 of them",
    ),
    *(
        "# One",
        "## Two ##",
        "### ",
        "####### Seven",
        "#none",
        "Below\n===",
        "Below\n---",
        "***",
        "- - -",
        "**Bold** words",
        "*Soft*",
    ),
    *(
        "* item",
        "- item",
        "+ item",
        "1. first",
        "2) second",
        "    code",
        "\tcode",
        "  two blanks before",
        "- [ ] task",
        "- Plain item",
        "* Plain item",
        "2. Plain item",
        "3) Plain item",
        "  Plain words in an item",
        "   Plain words in an item",
        "> Plain words in a quote",
        "[1] cited",
        "> quote",
        "> > deep",
    ),
    *("```", "~~~ sh", "<div>", "</div>", "<b>inline</b>", "<!-- seen", "-->", "| a | b |", "|---|---|", "a | b", "--- | ---"),
    *(
        "[x]: https://x.example 'X'",
        "[x] and [y](z)",
        "[^1] noted",
        "[^1]: the note",
        "    of two lines",
        "*[KSM]: Kusama",
        "KSM",
    ),
    *(
        ": what it means",
        "http://bare.example/ here",
        "a `code` b",
        "![i](i.png)",
        "&amp; &lt;b&gt;",
        '5 > 4 & "so"',
        "~~old~~",
        "__x__",
    ),
]
DATED = (
    "5 12 31 1st 2nd 23rd of May March 2024 in In the early mid late middle May, June 5, and or & to through until - – , . "
    "2024-05-06 6.5.2024 5.6 first third thirty-first of 5-7 May 10–12 Sept. January word (May _May 5May a5 .5 20 % percent "
    "3.5 10% 1,000 TWENTY-FIRST First JULY july IN MAY Mai 3. Jänner janvier 5/2024 11/24 2024-11 2024 ’24 2024-1 /"
).split()

HTML = (
    "<p> </p> <ol> <li> </ol> <ul> <b> </b> <table> <td> <div> </div> <br> <pre> <script> <x> <!-- --> </body> < > & text "
    "&amp; &lt; &#1; &#0; &nbsp; \" ' </a> \x01 \x00 \ufffe \u2028 \ud800 \n é"
).split(" ")
ADDRESSES = (
    "https://a.example/ http://a.example https://a.example/b?c=d&amp;e=f#g https://a.example/&lt; https://a.example/&amp;lt; "
    "https://a.example/&quot;x https://a.example?x https:/// https:// /b #c mailto:d ftp://e/ https://a.example/&#1;x "
    "javascript:x https://é.example/ https://a.example/é //a.example/ https://a.example/&x https://a.example/' "
).split(" ")
ELEMENTS = ["a", "img", "li", "sup", "p", "object"]
ATTRIBUTES = ["href", "src", "alt", "id", "title", "onclick", "data"]
VALUES = [*ADDRESSES, "", " ", "words & more", "&#1;\x01", "\x00", "'", "\ufffe"]
FIELD_PARTS = (
    "title: month: date: author: topics: x-y: 2024-03 \"Kept: as 'it' is\" March 2024 [a, b] [one two,three] [] [a,] , - & * ! "
    "| > % @ ` # ' \" \\ ? : : { } a:b a#b a,b it's null ~ yes 1_000 0o17 Zoë “so” … \u00a0 \t --- ... << = first: last:"
).split(" ")

PLAIN_HTML = (
    "<p>{}{}</p>",
    "<p>{}</p>\n",
    "<h3>{}</h3>\n",
    "<ul>\n<li>{}</li>\n<li>{}</li>\n</ul>\n",
    "<ol><li>{}</li></ol>",
    "<ol>\n</ol>",
    "{}",
    "<h2>{}</h3>",
    "<ul>{}</ul>",
)
RAW_TEXT = (
    *(
        "",
        "a",
        " b ",
        "\n",
        "&amp;",
        "&lt;b>",
        "&nbsp;",
        "\xa0",
        "&#1;",
        "&",
        "\"'",
        "\x0c",
        "\t",
        "\ufffd",
        "é",
        "<b>",
        "</p>",
        "<br>",
    ),
)


def _bare(tokens: list[Token]) -> list[Token]:
    """Tokens as mistune gives them, but for blank lines, which nothing depends on, and for how lines of text are held."""
    bare: list[Token] = []
    for token in tokens:
        if token["type"] == "softbreak":
            token = {"type": "text", "raw": "\n"}
        if token["type"] == "text" and bare and bare[-1]["type"] == "text":
            bare[-1] = {**bare[-1], "raw": bare[-1]["raw"] + token["raw"]}
        elif token["type"] not in ("blank_line", "footnotes"):
            bare.append({key: _bare(value) if key == "children" else value for key, value in token.items() if key not in OURS})
    return bare


@effort(max_examples=400, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=14))
def test_blocks_are_those_that_mistune_reads(lines: list[str]) -> None:
    text = "\n".join(lines)
    expected, _ = PLAIN.parse(text)
    assert isinstance(expected, list)
    blocks = parse_blocks(text).blocks
    assert _bare([block.token for block in blocks]) == _bare(expected)
    assert [block.text for block in blocks] == [block_text(block.token) for block in blocks]


@effort(max_examples=200, deadline=None)
@given(
    lines=st.lists(
        st.sampled_from([line for line in LINES if not re.match(r"#|Below|\[\^|- \[", line)]), min_size=1, max_size=8
    )
)
def test_html_is_what_mistune_writes(lines: list[str]) -> None:
    """But for headings, tasks and notes, which an entry needs otherwise."""
    text = "\n".join(lines)
    source = parse_blocks(text)
    assert source.render(source.blocks) == WRITER(text)


@effort(max_examples=200, deadline=None)
@given(lines=st.lists(st.sampled_from([line for line in LINES if line.strip()]), min_size=1, max_size=8))
def test_the_lines_of_a_paragraph_are_those_that_are_split_off_one_by_one(lines: list[str]) -> None:
    for block in parse_blocks("\n".join(lines)).blocks:
        rest: Sequence[Token] = block.children if block.kind == "paragraph" else ()
        found, split = [inline_text(line) for line in stacked._lines(rest)], []
        while rest:
            line, rest = stacked._split_line(rest)
            split.append(inline_text(line))
        assert found == split


@effort(max_examples=1_000, deadline=None)
@given(
    words=st.lists(st.sampled_from(DATED), min_size=1, max_size=9), languages=st.sampled_from([("en",), ("en", "de"), ("fr",)])
)
def test_days_and_months_are_found_wherever_their_patterns_match(words: list[str], languages: tuple[str, ...]) -> None:
    pytest.importorskip("babel") if languages != ("en",) else None
    names, text = calendar_for(languages), " ".join(words)
    days, months = _spelled_out(names.days, names), _spelled_out(names.month, names)
    assert [match.span() for match in dates.match_days(text, names)] == [match.span() for match in days.finditer(text)]
    assert [match.span() for match in dates.match_months(text, names)] == [match.span() for match in months.finditer(text)]


def _spelled_out(pattern: re.Pattern[str], names: Calendar) -> re.Pattern[str]:
    """A pattern with the names of months and days in it, instead of any words."""
    spellings = sorted(names.spellings, key=len, reverse=True)
    ordinals, months = "|".join(ORDINALS), "|".join(n if n in names.others else f"(?-i:{n})" for n in spellings)
    spelled = pattern.pattern.replace(ORDINAL_WORD, f"(?:{ordinals})").replace(WORD, months)
    return re.compile(spelled, pattern.flags)


@effort(max_examples=500, deadline=None)
@given(text=st.one_of(st.text(max_size=60), st.text(alphabet="ab1_'’-. \n\x1fÉé", max_size=30)))
def test_words_are_runs_of_letters_and_figures_with_apostrophes_inside(text: str) -> None:
    expected = re.findall(r"[^\W_]+(?:'[^\W_]+)*", text.casefold().replace("’", "'"))
    assert split_words(text) == expected


TAGS = st.builds(
    lambda name, attributes: "<" + " ".join([name, *(f'{each}="{value}"' for each, value in attributes)]) + ">",
    st.sampled_from(ELEMENTS),
    st.lists(st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(VALUES)), min_size=1, max_size=2),
)


@effort(max_examples=2_000, deadline=None)
@given(
    start=st.sampled_from(["", "<p>", "<ol>", "</p>"]),
    before=st.lists(st.sampled_from(HTML), max_size=4),
    tag=TAGS,
    after=st.lists(st.sampled_from(HTML), max_size=4),
)
def test_faults_in_html_with_attributes_are_those_of_its_tree(
    start: str, before: list[str], tag: str, after: list[str]
) -> None:
    html = "".join([start, *before, tag, *after])
    assert _html_faults(html) == tuple(dict.fromkeys(_tree_faults(html)))


def _moment(parse: Callable[[str], datetime], text: str) -> datetime | None:
    try:
        return parse(text)
    except ValueError:
        return None


@effort(max_examples=1_000, deadline=None)
@given(
    parts=st.tuples(
        st.sampled_from("Sat Sun Mon Foo".split()),
        st.sampled_from("30 29 31 05 5 00 32 ٣٠".split()),
        st.sampled_from("Nov Feb Jan Foo nov".split()),
        st.sampled_from("2024 2023 1999 0024 0000 9999".split()),
        st.sampled_from("12:00:00 24:00:00 23:59:60 23:60:00 23:59 00:00:59 ١٢:٠٠:٠٠".split()),
        st.sampled_from("+0000 +0000 +0000 -0000 GMT +0100".split()),
    )
)
def test_times_in_rss_are_those_that_the_library_reads(parts: tuple[str, ...]) -> None:
    text = "{}, {} {} {} {} {}".format(*parts)
    if usual := read_time._USUAL.fullmatch(text):
        read = _moment(lambda _: read_time._parse_usual(*usual.groups()), text)
        assert read == _moment(parsedate_to_datetime, text)


@effort(max_examples=2_000, deadline=None)
@given(
    lines=st.lists(
        st.one_of(
            st.lists(st.sampled_from(FIELD_PARTS), min_size=1, max_size=4).map(" ".join),
            st.builds(
                "{}:{}{}".format, st.sampled_from(["title", "a-b", "_"]), st.sampled_from(["", " ", "  "]), st.text(max_size=8)
            ),
            st.sampled_from(
                ["", " ", "  - item", "- item", "  more", "title: a  ", "title:", "topics: [a, b ]", 'title: "a" ']
            ),
        ),
        max_size=4,
    )
)
def test_front_matter_is_what_yaml_says(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    try:
        expected = yaml.load(text, yaml.BaseLoader)
    except yaml.YAMLError as error:
        with pytest.raises(ValueError, match=re.escape(str(error))):
            read_yaml(text)
        return
    assert read_yaml(text) == ({} if expected is None and not text else expected)


@effort(max_examples=1_000, deadline=None)
@given(
    blocks=st.lists(
        st.tuples(st.sampled_from(PLAIN_HTML), st.lists(st.sampled_from(RAW_TEXT), min_size=2, max_size=2)), max_size=4
    )
)
def test_plain_html_is_finished_and_stripped_as_all_other(blocks: list[tuple[str, list[str]]]) -> None:
    markup = "".join(block.format(*texts) for block, texts in blocks)
    marked = f"<!-- -->{markup}"
    finish = partial(finish_html, page="https://x.example/", anchor="a")
    assert finish(markup) == finish(marked)
    assert strip_html(markup) == strip_html(marked)


@effort(max_examples=500, deadline=None)
@given(year=st.integers(1890, 2210), month=st.integers(0, 14), day=st.integers(0, 33))
def test_days_are_those_that_dateutil_reads(year: int, month: int, day: int) -> None:
    iso = f"{year}-{month:02d}-{day:02d}"
    assert dates._read_day(iso) == dates._parse_day(iso)
