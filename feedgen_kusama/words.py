"""What a word is, wherever words are counted: for topics, likeness and digests alike."""

from __future__ import annotations

import re

_FOREIGN = re.compile(r"[^\w\x00-\x7f]")
"""What parts words and is no ASCII."""
_LOOSE = re.compile(r"'(?:(?<![^\W_]')|(?![^\W_]))")
"""An apostrophe that is not inside a word."""
_BLANKED = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "'" else ord(" ") for code in range(256))
"""What becomes of each byte: letters, figures and apostrophes stay, all other ASCII parts words."""


def split_words(text: str) -> list[str]:
    """A text's words in small letters; hyphens part words, apostrophes inside do not."""
    small = text.casefold().replace("’", "'")
    if not small.isascii():
        small = _FOREIGN.sub(" ", small)
    if "'" in small:
        small = _LOOSE.sub(" ", small)
    return small.encode(errors="surrogatepass").translate(_BLANKED).decode(errors="surrogatepass").split()
