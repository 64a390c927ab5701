"""HTML in a feed is safe, stands on its own, and says what its author wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.html import absolute_address, finish_html, strip_html, strip_lines
from tests.publishing import publish

SITE = "https://kusama-news.example/"
PAGE = f"{SITE}editions/2024-11.html"
ADDRESSES = [
    ("https://example.org/a?b=1&c=2#d", "https://example.org/a?b=1&c=2#d"),
    ("http://example.org", "http://example.org"),
    ("mailto:news@example.org", "mailto:news@example.org"),
    ("//cdn.example.org/x.png", "https://cdn.example.org/x.png"),
    ("x.html", f"{SITE}editions/x.html"),
    ("../x.html", f"{SITE}x.html"),
    ("../../../x.html", f"{SITE}x.html"),
    ("/x.html", f"{SITE}x.html"),
    ("?q=1", f"{PAGE}?q=1"),
    ("#other", f"{PAGE}#other"),
    ("#fn-1", f"{PAGE}#story-fn-1"),
    ("#fnref-12", f"{PAGE}#story-fnref-12"),
    ("a b.html", f"{SITE}editions/a%20b.html"),
    ("  https://example.org/  ", "https://example.org/"),
    ("https://exa\nmple.org/", "https://example.org/"),
]
DROPPED = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "file:///etc/passwd",
    "ftp://example.org/x",
    "tel:+1",
    "blob:https://example.org/1",
    "view-source:https://example.org/",
    "https://[::1",
]
ENCODED = [
    "&#106;avascript:alert(1)",
    "&#x6A;&#x61;vascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "jav&#x0A;ascript:alert(1)",
    "java&Tab;script:alert(1)",
    "javascript&colon;alert(1)",
    "&#1;javascript:alert(1)",
    "d&#97;ta:text/html,x",
]
KEPT = [
    "<p>AT&amp;T</p>",
    "<p><code>&lt;x&gt; &amp;amp; &lt;/x&gt;</code></p>",
    "<pre><code>if a &lt; b &amp;&amp; c &gt; d {\n    x;\n}\n</code></pre>",
    "<p>one<br>two</p>\n<hr>\n<blockquote>\n<p>q</p>\n</blockquote>",
    '<ol start="3">\n<li>a</li>\n<li value="7">b</li>\n</ol>',
    '<p><abbr title="Kusama">KSM</abbr> <del>a</del> <ins>b</ins> <mark>c</mark> <sub>d</sub> <em>e</em></p>',
    '<table>\n<thead>\n<tr><th>A</th></tr></thead>\n<tbody>\n<tr>\n<td colspan="2">1</td>\n</tr>\n</tbody>\n</table>',
    '<figure><img src="https://example.org/a.png" alt="A &amp; B" width="20"><figcaption>C</figcaption></figure>',
    "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>",
]
DANGEROUS = [
    ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
    ("<style>p{color:red}</style><p>a</p>", "<p>a</p>"),
    ('<p onclick="x()" style="color:red" class="c">a</p>', "<p>a</p>"),
    ('<iframe src="https://example.org/"></iframe><p>a</p>', "<p>a</p>"),
    ('<object data="x"></object><embed src="x"><p>a</p>', "<p>a</p>"),
    ('<form action="x"><input name="n"><button>b</button></form>', "b"),
    ('<base href="https://evil.example/"><p>a</p>', "<p>a</p>"),
    ('<img src="x.png" onerror="alert(1)" srcset="y.png 2x">', f'<img src="{SITE}editions/x.png">'),
    ("<!-- note --><p>a<!-- b --></p>", "<p>a</p>"),
    ('<img src="mailto:a@example.org" alt="A">', '<img alt="A">'),
    ('<img width="100%" height="1e9" alt="A">', '<img alt="A">'),
    ("<p>a", "<p>a</p>"),
    ("<b><i>a</b></i>", "<b><i>a</i></b>"),
]
IDS = [
    ('<sup id="fnref-1"><a href="#fn-1">1</a></sup>', f'<sup id="story-fnref-1"><a href="{PAGE}#story-fn-1">1</a></sup>'),
    ('<ul><li id="fn-1">a</li></ul>', '<ul><li id="story-fn-1">a</li></ul>'),
    ('<ul><li id="menu">a</li></ul>', "<ul><li>a</li></ul>"),
    ('<ul><li id="fn-x">a</li></ul>', "<ul><li>a</li></ul>"),
    ('<h3 id="fn-1">a</h3>', "<h3>a</h3>"),
]


def finish(markup: str) -> str:
    return finish_html(markup, page=PAGE, anchor="story")


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_an_address_becomes_absolute(address: str, expected: str) -> None:
    assert absolute_address(address, page=PAGE, anchor="story") == expected
    assert finish(f'<a href="{address.replace("&", "&amp;")}">x</a>') == f'<a href="{expected.replace("&", "&amp;")}">x</a>'


@pytest.mark.parametrize("address", DROPPED)
def test_an_address_that_must_not_be_followed_is_dropped(address: str) -> None:
    assert absolute_address(address, page=PAGE, anchor="story") is None
    assert finish(f'<a href="{address.replace("<", "&lt;")}">x</a>') == "<a>x</a>"


@pytest.mark.parametrize("address", ENCODED)
def test_an_address_that_hides_in_entities_is_dropped(address: str) -> None:
    assert finish(f'<a href="{address}">x</a><img src="{address}" alt="A">') == '<a>x</a><img alt="A">'


@pytest.mark.parametrize("markup", KEPT)
def test_what_is_safe_stays_as_it_is(markup: str) -> None:
    assert finish(markup) == markup


@pytest.mark.parametrize(("markup", "expected"), [*DANGEROUS, *IDS])
def test_what_is_dangerous_goes_and_ids_are_those_of_notes_with_the_entrys_anchor(markup: str, expected: str) -> None:
    assert finish(markup) == expected


@given(st.text(alphabet="abcjsript:/<>=\"'&#;x0 \n\x01!-", max_size=80))
@effort(max_examples=100, deadline=None)
def test_finishing_twice_changes_nothing_more(markup: str) -> None:
    once = finish(markup)
    assert finish(once) == once


def test_lines_are_paragraphs_items_and_rows() -> None:
    table = "<table><tr><td>5</td><td>6</td></tr></table>"
    markup = "<h3>A &amp; B</h3>\n<p>One\ntwo</p>\n<ul>\n<li>Three</li>\n<li>Four</li>\n</ul>\n"
    assert strip_lines(markup + table) == "A & B\nOne two\nThree\nFour\n5 6"


WRITTEN = [
    ("AT&T", "<p>AT&amp;T</p>", "AT&T"),
    ("AT&amp;T", "<p>AT&amp;T</p>", "AT&T"),
    ("`<x>` and `&amp;`", "<p><code>&lt;x&gt;</code> and <code>&amp;amp;</code></p>", "<x> and &amp;"),
    ("3 < 4 > 2", "<p>3 &lt; 4 &gt; 2</p>", "3 < 4 > 2"),
    ("&copy; &#8364; &lt;b&gt;", "<p>© € &lt;b&gt;</p>", "© € <b>"),
    ("[a](/b?c=1&d=2)", f'<p><a href="{SITE}b?c=1&amp;d=2">a</a></p>', "a"),
]


@pytest.mark.parametrize(("written", "html", "text"), WRITTEN)
def test_entities_are_neither_doubled_nor_lost(written: str, html: str, text: str) -> None:
    (entry,) = publish({"2024-11.md": f"# News - November 2024\n\n## The Governance Vote\n\n{written}\n"}).entries
    assert (entry.html, entry.text, entry.summary) == (html, text, text)


STRIPPED = [
    ("<p>a</p><p>b</p>", "a b"),
    ("<ul><li>a</li><li>b</li></ul>", "a b"),
    ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ("a<br>b", "a b"),
    ("<em>a</em>b", "ab"),
    ("<p>AT&amp;T &amp;lt; &lt;x&gt;</p>", "AT&T &lt; <x>"),
    ("<p>a\n   b\u00a0c</p>", "a b c"),
    ("", ""),
]


@pytest.mark.parametrize(("markup", "expected"), STRIPPED)
def test_text_without_tags_has_blanks_between_blocks_and_entities_decoded(markup: str, expected: str) -> None:
    assert strip_html(markup) == expected
