"""Rules for the HTML and the titles in a feed document: each yields a message for every fault it finds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.entities import name2codepoint
from typing import Any
from urllib.parse import urlsplit

import html5lib

from tests.w3c_document import ATOM, CONTENT, Document

HTML = frozenset(
    (
        "a abbr address article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt "
        "em figcaption figure h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p picture pre q rp rt ruby s "
        "samp section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"
    ).split()
)
"""Elements of HTML that do nothing but show text and pictures."""
ADDRESSES = frozenset({"href", "src", "cite", "action", "formaction", "poster", "data", "background", "longdesc", "srcset"})
MARKUP = re.compile(r"</(\w+)>|&(#?\w+)")
FOOTNOTE = re.compile(r"fn(?:ref)?-\d+")


@cache
def parse_html(html: str) -> tuple[Any, tuple[str, ...]]:
    """The tree of an HTML fragment and the errors in it, as a browser's parser sees them."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    return tree, tuple(f"{code} at {place}" for place, code, _ in parser.errors)


def elements(html: str) -> list[Any]:
    """Every element of an HTML fragment, comments included."""
    return list(parse_html(html)[0].iter())[1:]


def contents(document: Document) -> Iterator[tuple[str, str]]:
    """Every text that is HTML, with the permanent link of its entry."""
    names = (f"{ATOM}content", f"{ATOM}summary") if document.is_atom else (CONTENT, "description")
    for item in document.items:
        link = next((address for rel, address in document.links(item) if rel == "alternate"), "")
        for name in names:
            yield link, item.findtext(name) or ""


def _attributes(html: str) -> Iterator[tuple[str, str, str]]:
    for element in elements(html):
        for name, value in element.attrib.items():
            yield str(element.tag), str(name).casefold(), value


def contains_relative_reference(document: Document) -> Iterator[str]:
    for link, html in contents(document):
        ids = {value for _, name, value in _attributes(html) if name == "id"}
        for tag, name, address in _attributes(html):
            if name not in ADDRESSES:
                continue
            parts = urlsplit(address)
            if not parts.scheme or (parts.scheme.startswith("http") and not parts.netloc):
                yield f"<{tag} {name}={address!r}> in {link}"
            page, _, fragment = address.partition("#")
            own = page == link.partition("#")[0] and FOOTNOTE.search(fragment)
            if own and fragment not in ids:
                yield f"footnote {fragment!r} is not in {link}"


def foreign_id(document: Document) -> Iterator[str]:
    for link, html in contents(document):
        ids = [value for _, name, value in _attributes(html) if name == "id"]
        own = re.escape(link.partition("#")[2]) or "[a-z0-9-]+"  # an edition holds the notes of all its stories
        yield from (f"{id!r} in {link}" for id in ids if not re.fullmatch(rf"{own}-{FOOTNOTE.pattern}", id))
        if len(ids) != len(set(ids)):
            yield f"an id twice in {link}"


def security_risk(document: Document) -> Iterator[str]:
    for link, html in contents(document):
        for element in elements(html):
            if element.tag not in HTML:
                yield f"<{element.tag}> in {link}"
        for tag, name, value in _attributes(html):
            scheme = re.sub(r"[\x00-\x20]", "", value).partition(":")[0].casefold() if ":" in value else ""
            if name.startswith("on") or name in ("style", "class", "srcdoc"):
                yield f"<{tag} {name}> in {link}"
            if name in ADDRESSES and scheme not in ("http", "https", "mailto", ""):
                yield f"<{tag} {name}={value!r}> in {link}"


def not_html(document: Document) -> Iterator[str]:
    for link, html in contents(document):
        yield from (f"{error} in {link}" for error in parse_html(html)[1])


def contains_undeclared_html(document: Document) -> Iterator[str]:
    for item in document.items:
        title = item.findtext(document.name("title", "title")) or ""
        for tag, entity in MARKUP.findall(title):
            if tag.casefold() in HTML or entity.startswith("#") or entity in name2codepoint:
                yield f"title {title!r}"
        for name in ("content", "summary"):
            element = item.find(f"{ATOM}{name}")
            if element is not None and element.get("type") != "html":
                yield f"{name} without type=html"


def marked_up_summary(document: Document) -> Iterator[str]:
    for item in document.items:
        summary = item.findtext(document.name("summary", "description")) or ""
        yield from (f"<{element.tag}> in {summary!r}" for element in elements(summary))
