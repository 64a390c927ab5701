"""The same document written in another way gives the same entries."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.documents import Reader
from tests.readings import ARCHIVE, NEWS, reading
from tests.rewrites import REWRITES

QUOTES = {"straight quotes", "curly quotes"}
ENCODINGS = ["byte order mark", "CRLF"]
"""What a file is only given when it is stored."""
SEQUENCES = st.tuples(
    st.lists(st.sampled_from(sorted(set(REWRITES) - set(ENCODINGS))), unique=True, max_size=7),
    st.lists(st.sampled_from(ENCODINGS), unique=True),
).map(lambda parts: parts[0] + parts[1])


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", REWRITES)
@pytest.mark.parametrize("path", [*NEWS, *ARCHIVE], ids=lambda path: path.name)
def test_a_rewrite_changes_no_entry(path: Path, name: str, reader: Reader) -> None:
    straight = name in QUOTES
    before = reading(reader.parse(text_of(path), path.name), straight=straight)
    after = reading(reader.parse(REWRITES[name](text_of(path)), path.name), straight=straight)
    assert after == before
    assert len(before) > 2


@effort(max_examples=60, deadline=None)
@given(path=st.sampled_from(NEWS), names=SEQUENCES)
def test_rewrites_one_after_another_change_no_entry(path: Path, names: list[str], reader: Reader) -> None:
    text = text_of(path)
    for name in names:
        text = REWRITES[name](text)
    straight = bool(QUOTES & set(names))
    assert reading(reader.parse(text, path.name), straight=straight) == reading(
        reader.parse(text_of(path), path.name), straight=straight
    )


def test_every_rewrite_changes_the_text_of_some_document() -> None:
    """Otherwise the tests above would prove nothing."""
    assert all(any(rewrite(text_of(path)) != text_of(path) for path in NEWS) for rewrite in REWRITES.values())
