"""What a word is, wherever words are counted: for topics, likeness and digests alike."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_BLANKED = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
"""What becomes of each byte of ASCII: letters and figures stay, all else parts words."""


def split_words(text: str) -> list[str]:
    """A text's words in small letters; hyphens part words, apostrophes inside do not."""
    small = text.casefold().replace("’", "'")
    if small.isascii() and "'" not in small:  # the same words, four times as quick
        return small.encode().translate(_BLANKED).decode().split()
    return _WORD.findall(small)
