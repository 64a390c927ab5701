"""A summary is the beginning of a text, ended where a reader would end it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.html import summarise

SUMMARIES = [
    ("Short.", 20, "Short."),
    ("a\n  b\tc", 20, "a b c"),
    ("First one. Second one is long.", 20, "First one."),
    ("“First one!” Second one is long.", 20, "“First one!”"),
    ("One. Two is a longer sentence that goes on.", 30, "One. Two is a longer sentence…"),
    ("A sentence that goes on and on without end", 20, "A sentence that…"),
    ("A sentence, though, that goes on", 20, "A sentence, though…"),
    ("Prices fell to 3.5 percent.", 17, "Prices fell to…"),
    ("x" * 30, 20, "x" * 19 + "…"),
]


@pytest.mark.parametrize(("text", "length", "expected"), SUMMARIES)
def test_a_summary_ends_at_a_sentence_or_else_at_a_word(text: str, length: int, expected: str) -> None:
    assert summarise(text, length=length) == expected


@given(st.text(alphabet="ab. !?,”)—\n", max_size=120), st.integers(5, 60))
@effort(max_examples=100, deadline=None)
def test_a_summary_is_the_texts_beginning_and_never_longer_than_asked(text: str, length: int) -> None:
    summary = summarise(text, length=length)
    assert len(summary) <= length
    assert " ".join(text.split()).startswith(summary.removesuffix("…"))


@given(st.text(max_size=30))
@effort(max_examples=100, deadline=None)
def test_a_text_that_is_short_enough_is_its_own_summary(text: str) -> None:
    assert summarise(text, length=30) == " ".join(text.split())
