"""What a word is, wherever words are counted: for topics, likeness and digests alike."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def split_words(text: str) -> list[str]:
    """A text's words in small letters; hyphens part words, apostrophes inside do not."""
    return _WORD.findall(text.casefold().replace("’", "'"))
