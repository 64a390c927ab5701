"""Whatever a document holds, the feeds it gives are sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.publishing import NOW, SETTINGS, publish
from tests.w3c import findings

HARD = {
    "a control character by reference": "a &#1; b",
    "a control character by reference in HTML": "<p>a &#1; b</p>",
    "a control character by reference in an attribute": '<p><abbr title="&#1;">x</abbr></p>',
    "NUL by reference": "a &#0; b",
    "C1 by reference": "a &#x81; b",
    "C1 by reference in HTML": "<p>a &#x81; b</p>",
    "a noncharacter by reference in HTML": "<p>a &#xFFFE; b</p>",
    "a noncharacter of Arabic by reference": "<p>a &#xFDD0; b</p>",
    "a surrogate by reference": "<p>a &#xD800; b</p>",
    "a picture without words": "![](seal.png)",
    "a script alone": "<script>x()</script>",
    "unclosed HTML": "<div><b>a\n\n<table><tr><td>b",
    "a DOCTYPE": "<!DOCTYPE html><p>a</p>",
    "a CDATA section": "<![CDATA[a]]> b",
    "a paragraph within a paragraph": "<p>a<p>b</p>c</p>",
    "a list item alone": "<li>a</li>",
    "a table cell alone": "<td>a</td> b",
    "a link within a link": '<a href="x">a <a href="y">b</a></a>',
    "a block within a link": '<a href="x"><h2>b</h2></a>',
    "a note without text": "a[^9] b",
    "a note within a note": "a[^1] b[^2]\n\n[^1]: c[^2]\n[^2]: d[^1]",
    "a note twice": "a[^1] b[^1] c[^1]\n\n[^1]: d",
    "addresses beyond ASCII": "[a](https://bücher.example/ü?q=ö#ä) ![b](/ü.png)",
}
"""Bodies of a story in which something is hard to publish."""
MARKS = [
    "# ",
    "## ",
    "**a**",
    "*b*",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "1. ",
    "```",
    "`",
    "|a|b|\n|-|-|\n",
    "<b>",
    "</b>",
    "<p>",
    "AT&T",
]
PIECES = st.one_of(
    st.sampled_from([*HARD.values(), *MARKS]),
    st.sampled_from(["&amp;", "&lt;", "[a](b)", "<!-- topic: market -->", "By Ada Lovelace\n", "---\n", "<!-- draft -->"]),
    st.text(max_size=20),
)


def faults(text: str) -> list[str]:
    """What the validator's rules find in the feeds that hold entries."""
    assembly = publish({"2024-11.md": text})
    folders = [feed.folder for feed in assembly.feeds if feed.entries]
    paths = [f"{folder}{name}" for folder in folders for name in ("rss.xml", "atom.xml")]
    return [str(finding) for path in paths for finding in findings(assembly.files[path], SETTINGS.url + path, NOW)]


def story(body: str) -> str:
    return f"# News - November 2024\n\n## The Governance Vote\n\n{body}\n\n## The Market\n\nThe price.\n"


@pytest.mark.parametrize("body", HARD.values(), ids=HARD)
def test_a_hard_body_is_published_soundly(body: str) -> None:
    assert faults(story(body)) == []


@pytest.mark.parametrize(
    "title",
    [
        "a &#0; b",
        "a &#x81; b",
        "a &#1; b",
        "a\u2028b",
        "<i>a</i> &lt;b&gt;",
        "`&amp;` in code",
        "`</b>` in code",
        "x" * 290,
        "é" * 90,
    ],
)
def test_a_hard_title_is_published_soundly(title: str) -> None:
    assert faults(f"# News - November 2024\n\n## {title}\n\nThe governance vote.\n") == []


@given(st.lists(PIECES, max_size=14).map("".join))
@effort(max_examples=100, deadline=None)
def test_any_body_is_published_soundly(body: str) -> None:
    """Only the nesting of HTML may be odd: HTML5 knows trees that no text gives, such as of `<li><table><li>`."""
    assert [fault for fault in faults(story(body)) if "NotHtml" not in fault] == []


@given(st.text(max_size=200))
@effort(max_examples=60, deadline=None)
def test_any_text_is_published_soundly(text: str) -> None:
    assert faults(f"# News - November 2024\n\n{text}") == []


@given(st.text(max_size=60).map(lambda text: " ".join(text.split())))
@effort(max_examples=40, deadline=None)
def test_any_title_and_author_are_published_soundly(words: str) -> None:
    assert faults(f"# News - November 2024\n\n## Vote {words}\n\nBy {words}\n\nThe governance vote.\n") == []
