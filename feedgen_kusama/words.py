"""What a word is, wherever words are counted: for topics, likeness and digests alike."""

from __future__ import annotations

import re

_LOOSE = re.compile(r"'(?:(?<![^\W_]')|(?![^\W_]))")
"""An apostrophe that is not inside a word."""
_ASCII = bytes(range(128))
_BLANKED = bytes(code if code > 127 or chr(code).isalnum() or chr(code) == "'" else ord(" ") for code in range(256))
"""What becomes of each byte: letters, figures and apostrophes stay, all other ASCII parts words."""
_SMALL = _BLANKED.lower()
"""The same, in small letters."""


def split_words(text: str) -> list[str]:
    """A text's words in small letters; hyphens part words, apostrophes inside do not."""
    if text.isascii() and "'" not in text:
        return text.encode().translate(_SMALL).decode().split()
    small = text.casefold().replace("’", "'")
    for mark in {*small.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")}:
        if not mark.isalnum():  # what parts words and is no ASCII
            small = small.replace(mark, " ")
    if "'" in small:
        small = _LOOSE.sub(" ", small)
    return small.encode(errors="surrogatepass").translate(_BLANKED).decode(errors="surrogatepass").split()
