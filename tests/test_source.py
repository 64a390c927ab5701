"""What cannot be a document is turned away with one reason and its line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedgen_kusama.documents import Reader, source
from feedgen_kusama.documents.source import read_text
from feedgen_kusama.model import LARGEST_DOCUMENT

HEAD = "# Kusama News - May 2024\n\n## Runtime Upgrade\n\nIt was enacted.\n\n"


@pytest.mark.parametrize(
    "data", ["Text\n", "Text\r\n", "Text\r", b"Text\n", b"\xef\xbb\xbfText\r\n", "\ufeffText\x85", "Text\u2028"]
)
def test_text_is_the_same_however_it_is_stored(data: str | bytes) -> None:
    assert read_text(data) == source.Text("Text\n")


def test_letters_are_composed() -> None:
    assert read_text("Cafe\u0301").text == "Caf\u00e9"


BAD: dict[str, tuple[str | bytes, int | None, str]] = {
    "empty": (b"", None, "empty"),
    "blank": (b" \n\t\r\n", None, "empty"),
    "UTF-16": (HEAD.encode("utf-16"), 1, "UTF-16"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", None, "binary"),
    "binary in UTF-8": (b"Text\x00\x01", None, "binary"),
    "Latin-1": (HEAD.encode() + b"Caf\xe9\n", 7, "byte 0xE9"),
    "a surrogate in bytes": (HEAD.encode() + b"\xed\xa0\x80\n", 7, "byte 0xED"),
    "too large": (b"a" * (LARGEST_DOCUMENT + 1), None, "too many"),
    "a heading too long": (f"{HEAD}## {'a' * 10_000}\n", 7, "a heading of 10,000 characters"),
    "too many headings": (HEAD + "## Another\n\nText.\n\n" * 10_000, 7 + 4 * 298, "more than 300 headings"),
    "quotes too deep": (f"{HEAD}{'> ' * 1000}deep\n", 7, "nested more than 15 deep"),
    "lists too deep": (f"{HEAD}{'- ' * 1000}deep\n", 7, "nested more than 15 deep"),
    "numbers too deep": (f"{HEAD}{'1. ' * 1000}deep\n", 7, "nested more than 15 deep"),
    "mixtures too deep": (f"{HEAD}{'> - 1) ' * 400}deep\n", 7, "nested more than 15 deep"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_one_error_with_its_line(name: str, reader: Reader) -> None:
    data, line, words = BAD[name]
    document = reader.parse(data, "bad.md")
    assert [(p.path, p.line, p.severity) for p in document.problems] == [("bad.md", line, "error")]
    assert words in document.problems[0].message
    assert document.drafts == ()


@pytest.mark.parametrize("data", ["", " \n"])
def test_a_text_may_be_empty_as_bytes_may(data: str, reader: Reader) -> None:
    assert reader.parse(data, "x.md") == reader.parse(data.encode(), "x.md")


HEADINGS = {
    "underlined": "{}\n---\n\nText {}.\n\n",
    "HTML": "<h2>{}</h2>\n\nText {}.\n\n",
    "bold": "**{}**\n\nText {}.\n\n",
}


@pytest.mark.parametrize("form", HEADINGS)
def test_headings_are_counted_in_every_form(form: str, reader: Reader) -> None:
    document = reader.parse(HEAD + "".join(HEADINGS[form].format(f"Story {n}", n) for n in range(2000)), "x.md")
    assert [problem.message.split(":")[0] for problem in document.problems] == ["more than 300 headings"]


@pytest.mark.parametrize("form", HEADINGS)
def test_headings_are_measured_in_every_form(form: str, reader: Reader) -> None:
    document = reader.parse(HEAD + HEADINGS[form].format("a" * 10_000, "below"), "x.md")
    assert [(p.line, p.message.split(":")[0]) for p in document.problems] == [(7, "a heading of 10,000 characters")]


@pytest.mark.parametrize(
    "text",
    ["- " * 40, "* " * 40, "> " * 15 + "deep", "a" * 10_000, "## Story\n\nText.\n\n" * 290, f"## {'a' * 300}\n\nText."],
    ids=["dashes", "stars", "quotes", "a long word", "many headings", "a long heading"],
)
def test_what_documents_hold_is_no_excess(text: str, reader: Reader) -> None:
    document = reader.parse(f"{HEAD}{text}\n", "x.md")
    assert document.drafts
    assert [problem for problem in document.problems if problem.severity == "error"] == []


FORBIDDEN = [
    "\x00",
    "\x01",
    "\x08",
    "\x0b",
    "\x1b",
    "\x7f",
    "\x80",
    "\ud800",
    "\udfff",
    "\ufdd0",
    "\ufffe",
    "\uffff",
    "\U0001fffe",
]
REORDERING = list("\u202e\u2066\ufffd\ufeff")


@pytest.mark.parametrize("mark", [*FORBIDDEN[1:], *REORDERING], ids=lambda mark: f"U+{ord(mark):04X}")
def test_a_character_that_no_feed_may_hold_is_left_out_and_reported_once(mark: str, reader: Reader) -> None:
    document = reader.parse(f"{HEAD}One {mark}bridge.\n\nOne {mark}more.\n", "x.md")
    assert [(p.line, p.severity) for p in document.problems] == [(7, "warning")]
    assert f"U+{ord(mark):04X}" in document.problems[0].message
    assert document.drafts[0].text == "It was enacted.\nOne bridge.\nOne more."


@given(st.text(alphabet=st.characters() | st.sampled_from(FORBIDDEN)))
def test_whatever_is_read_can_stand_in_xml(data: str) -> None:
    text = read_text(data).text
    element = etree.Element("a")
    element.text = text
    assert (etree.fromstring(etree.tostring(element)).text or "") == text
    assert unicodedata.is_normalized("NFC", text)


@given(st.binary())
def test_any_bytes_are_text_or_one_reason(data: bytes) -> None:
    text = read_text(data)
    assert text.is_usable or (text.text == "" and len(text.faults) == 1)
