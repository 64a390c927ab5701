"""HTML that is safe and self-contained: addresses made absolute, then sanitised, always in this order.

nh3 does both in one pass over the parsed tree; what it does not name is dropped.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import urljoin, urlsplit

import nh3

from feedgen_kusama.characters import on_one_line, remove_forbidden

TAGS = frozenset(
    (
        "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 "
        "h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th "
        "thead time tr u ul var"
    ).split()
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"id", "value"},
    "ol": {"start", "reversed"},
    "sup": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
SCHEMES = frozenset({"http", "https", "mailto"})
Resolve = Callable[[str], str | None]
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*(?=\s)")
_ADDRESSES = frozenset({"href", "src"})
_NUMBERS = frozenset({"width", "height", "value", "start", "colspan", "rowspan"})


_STRIPPER = nh3.Cleaner(tags=set(), attributes={}, link_rel=None)
_BEFORE_BLOCKS = re.compile(r"<(?=/?(?:p|li|h\d|td|th|tr|dd|dt|div|br|pre|blockquote|figcaption)\b)")
_PLAIN = re.compile(
    r"(?:<p>[^<>\r]*</p>[ \n]*|<(ul|ol)>[ \n]*(?:<li>[^<>\r]*</li>[ \n]*)*</\1>[ \n]*|<(h[2-6])>[^<>\r]*</\2>[ \n]*)*"
)
_LINE_END = re.compile(r"</(?:p|li|h\d|tr|dd|dt|pre)>")
_PLAIN_TAGS = re.compile(r"<[^<>]*>(?:\s*<[^<>]*>)*")


def is_plain(markup: str) -> bool:
    """Whether HTML is nothing but paragraphs, headings and flat lists of text, as most stories are: then nothing in it
    needs to be judged."""
    return _PLAIN.fullmatch(markup) is not None


def finish_html(markup: str, *, page: str, anchor: str, resolve: Resolve = lambda _: None) -> str:
    """Markup as it may be published: on its own, anywhere, with nothing dangerous in it.

    `page` is the absolute address of the page it stands on, against which its addresses are
    resolved; `anchor` is the entry's own on that page and keeps its footnotes' ids apart. `resolve`
    gives the address of what a link means within the publication, None where it leads elsewhere.
    """
    if is_plain(markup):
        return remove_forbidden(_PLAIN_TEXT.sub(_rewrite_text, markup)).strip()
    place = _PLACE.set((page, anchor, resolve))
    try:
        clean = _CLEANER.clean(markup)
    finally:
        _PLACE.reset(place)
    return remove_forbidden(clean).strip()  # a reference may have named what no file may hold


_PLAIN_TEXT = re.compile(r"(?<=>)[^<]+(?=</(?:p|li|h\d)>)")


def _rewrite_text(text: re.Match[str]) -> str:
    """Text as nh3 writes it: what needs no reference is none."""
    if "&" not in text[0] and "\xa0" not in text[0]:
        return text[0]
    return html.escape(html.unescape(text[0]), quote=False).replace("\xa0", "&nbsp;")


_PLACE: ContextVar[tuple[str, str, Resolve]] = ContextVar("place")
"""The page, the anchor and the meaning of links where the HTML will stand that is being cleaned."""


def _filter(_tag: str, name: str, value: str) -> str | None:
    page, anchor, resolve = _PLACE.get()
    if name == "href" and (found := resolve(value)):
        return found
    if name in _ADDRESSES:
        return absolute_address(value, page=page, anchor=anchor, is_image=name == "src")
    if name == "id":
        return f"{anchor}-{value}" if re.fullmatch(r"fn(?:ref)?-\d+", value) else None
    if name in _NUMBERS:
        return value if re.fullmatch(r"\d{1,5}", value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=_filter,
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)
"""One for all HTML: making one takes longer than cleaning a story."""


def absolute_address(address: str, *, page: str, anchor: str, is_image: bool = False) -> str | None:
    """An address resolved against its page; None where it cannot or must not be followed."""
    address = re.sub(r"[\x00-\x20\u00a0]+", lambda m: "%20" if m[0] == " " else "", address.strip())
    if re.fullmatch(r"#fn(?:ref)?-\d+", address):
        return f"{page}#{anchor}-{address[1:]}"
    try:
        joined = urljoin(page, address)
        parts = urlsplit(joined)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or (is_image and parts.scheme == "mailto"):
        return None
    if parts.scheme != "mailto" and not host:
        return None
    return joined


def strip_html(markup: str) -> str:
    """The text of HTML, white space collapsed."""
    if is_plain(markup):
        return strip_plain(markup)
    spaced = _BEFORE_BLOCKS.sub(" <", markup)
    text = html.unescape(_STRIPPER.clean(spaced))
    return " ".join(remove_forbidden(text).split())


def strip_lines(markup: str) -> str:
    """The text of HTML, a line for each paragraph, list item and row."""
    return "\n".join(filter(None, map(strip_html, _LINE_END.split(markup))))


def strip_plain(markup: str) -> str:
    """The text of HTML that is plain, white space collapsed."""
    return on_one_line(remove_forbidden(html.unescape(_PLAIN_TAGS.sub(" ", markup))))


def summarise(text: str, *, length: int = 280) -> str:
    """The beginning of a text, at most `length` characters, ended at a sentence or else at a word."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    head = text[:length]
    sentences = [found for found in _SENTENCE_END.finditer(text, 0, length + 1) if found.end() <= length]
    if sentences and sentences[-1].end() >= length // 2:
        return head[: sentences[-1].end()]
    words = head[: length - 1]
    if not head.endswith(" "):
        words = words.rpartition(" ")[0] or words
    return words.rstrip(" ,;:–—-") + "…"
