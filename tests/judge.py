"""What is published, judged as readers parse it: XML by lxml, HTML by html5lib. Only trees are looked at.

Independent of the package on purpose: what it allows is written down here once more.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
from lxml import etree

SKELETON = frozenset({"html", "head", "body"})
XHTML = "{http://www.w3.org/1999/xhtml}"
ELEMENTS = frozenset(
    (
        "a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 "
        "h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th "
        "thead time tr u ul var"
    ).split()
)
"""What a text is made of. Nothing in it runs, loads (but images), submits or restyles the page around it."""
ATTRIBUTES = frozenset("href src alt title width height id value start reversed colspan rowspan scope datetime".split())
SCHEMES = frozenset({"http", "https", "mailto"})
NOTE_ID = re.compile(r"[\w-]+-fn(?:ref)?-\d+")
"""Only footnotes have ids; others could shadow what a page's own scripts look for."""
UNFIT = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
     "|[" + "".join(chr(plane * 0x10000 + end) for plane in range(1, 17) for end in (0xFFFE, 0xFFFF)) + "]"
)  # fmt: skip
"""What XML 1.0 forbids or discourages (section 2.2), and marks that reorder the text around them."""
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
VOCABULARY = frozenset(
    (
        *(ATOM + name for name in "feed id title subtitle updated published author name link category generator entry".split()),
        *(ATOM + name for name in ("summary", "content")),
        *"rss channel title link description docs generator language lastBuildDate item guid category pubDate".split(),
        *"opml head ownerName body outline".split(),
        *(CONTENT, CREATOR, "{http://purl.org/syndication/history/1.0}archive"),
        "{http://purl.org/atompub/tombstones/1.0}deleted-entry",
    )
)
XML_ATTRIBUTES = frozenset(
    (
        "version href rel type term label scheme isPermaLink ref when text title description language xmlUrl htmlUrl "
        "{http://www.w3.org/XML/1998/namespace}lang"
    ).split()
)
SVG = "{http://www.w3.org/2000/svg}"
PAGE_ELEMENTS = (
    ELEMENTS
    | SKELETON
    | frozenset("title link meta article footer header main nav script button iframe".split())
    | frozenset(SVG + name for name in ("svg", "path", "text"))
)
PAGE_ATTRIBUTES = ATTRIBUTES | frozenset(
    "class lang rel type charset content name property aria-current aria-label aria-labelledby aria-hidden role hidden target "
    "defer loading viewBox preserveAspectRatio focusable d x y".split()
)
"""What a page's own template may add."""
LOADED = {"script": frozenset({"page.js", "frame.js"}), "iframe": frozenset({"embed.html"})}
"""What pages run and frame: files of their own site."""
NAMES = re.compile(
    r"(?:[a-z0-9][a-z0-9-]*/)*(?:rss\.xml|atom\.xml|feed\.json|(?:index|embed|fragment)\.html)"
    r"|editions/\d{4}-\d\d\.html|feeds\.opml|(?:feed|style|embed)\.css|(?:page|frame|embed)\.js|icon\.svg|ledger\.jsonl"
)
TAG = re.compile(r"tag:[a-z0-9.@_-]+,\d{4}(?:-\d\d){0,2}:[A-Za-z0-9/._~-]+")
ADDRESS = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
MARK = "feedgen-kusama"


@dataclass(frozen=True, slots=True)
class Item:
    """An entry in one format. `summary` is HTML but in JSON, where it is text."""

    id: str
    link: str
    title: str
    author: str
    categories: tuple[str, ...]
    summary: str
    html: str


def find_faults(files: Mapping[str, bytes], site: str, *, has_pages: bool = True) -> list[str]:
    """Everything in published files that could hurt who reads them, each with the file's name. Pages take most
    of the time and show what feeds hold: without `has_pages` only their names are judged."""
    found = []
    for name, data in files.items():
        if not NAMES.fullmatch(name) or PurePosixPath(name).is_absolute():
            found.append(f"{name!r}: no name of a published file")
        if not has_pages and name.endswith(".html"):
            continue
        found += [f"{name}: {fault}" for fault in _judge_file(name, data, site)]
    return list(dict.fromkeys(found))


def _judge_file(name: str, data: bytes, site: str) -> Iterable[str]:
    if name.endswith((".xml", ".opml")):
        return _judge_xml(data, site)
    if name.endswith(".json"):
        return _judge_json(data, site)
    if name.endswith(".html"):
        return _judge_page(data.decode("utf-8"), site + name, site)
    return _judge_lines(data) if name.endswith(".jsonl") else ()


def _judge_page(markup: str, address: str, site: str) -> Iterator[str]:
    yield from _judge_characters(markup)
    for element in html5lib.parse(markup, treebuilder="etree", scripting=True).iter():
        tag = element.tag.removeprefix(XHTML) if isinstance(element.tag, str) else "a comment"
        if tag not in PAGE_ELEMENTS or (tag == "meta" and "http-equiv" in element.attrib):
            yield f"an element {tag}"
        yield from (f"an attribute {name!r}" for name in element.attrib if name not in PAGE_ATTRIBUTES)
        if tag in LOADED:
            yield from _judge_loaded(tag, element, address, site)
        for name in {"href", "src"} & element.attrib.keys():
            leads_to = urljoin(address, element.attrib[name].removeprefix("feed:"))
            yield from _judge_site([leads_to], site) if tag == "link" else _judge_address(leads_to)


def _judge_loaded(tag: str, element: Any, address: str, site: str) -> Iterator[str]:
    """A fault where something runs or is framed that is not one of the site's own files."""
    source = urljoin(address, element.get("src", ""))
    if source.rpartition("/")[2] not in LOADED[tag] or "".join(element.itertext()).strip():
        yield f"a {tag} of its own: {source!r}"
    yield from _judge_site([source], site)


def _judge_lines(data: bytes) -> Iterator[str]:
    for number, line in enumerate(data.decode("utf-8").removesuffix("\n").split("\n"), 1):
        if not isinstance(json.loads(line), dict):
            yield f"line {number}: no object"


def parse_xml(data: bytes) -> etree._Element:
    """The root of a published XML document. Raises etree.XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))


def _judge_xml(data: bytes, site: str) -> Iterator[str]:
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        yield f"not well-formed: {error}"
        return
    info = root.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        yield "a document type"
    yield from _judge_prologue(root)
    for element in root.iter():
        yield from _judge_element(element)
    for item in read_xml_items(root):
        yield from _judge_item(item, site)
    channel = root if root.tag == f"{ATOM}feed" else root.find("channel")
    if channel is not None:
        yield from _judge_texts(
            [channel.findtext(path) or "" for path in ("title", f"{ATOM}title", f"{ATOM}subtitle", f"{ATOM}author/{ATOM}name")]
        )
        yield from _judge_summary(channel.findtext("description") or "")
    for outline in root.iter("outline", "ownerName", "title"):
        yield from _judge_texts([outline.text or "", *(outline.get(name, "") for name in ("text", "title", "description"))])
        yield from _judge_site([address for address in (outline.get("xmlUrl"), outline.get("htmlUrl")) if address], site)


def _judge_prologue(root: etree._Element) -> Iterator[str]:
    before = root.getprevious()
    while before is not None:
        if isinstance(before, etree._ProcessingInstruction) and not re.fullmatch(
            r'type="text/css" href="(?:\.\./)*feed\.css"', before.text or ""
        ):
            yield f"an instruction: {before.text!r}"
        before = before.getprevious()


def _judge_element(element: etree._Element) -> Iterator[str]:
    if not isinstance(element.tag, str):
        if (element.text or "").strip() != MARK:
            yield f"a comment, an instruction or an entity: {element.text!r}"
        return
    if element.tag not in VOCABULARY:
        yield f"an element {element.tag}"
    for name, value in element.items():
        if name not in XML_ATTRIBUTES:
            yield f"an attribute {name!r} of {element.tag}"
        yield from _judge_characters(str(value))
    for text in (element.text, element.tail):
        yield from _judge_characters(text or "")


def read_xml_items(root: etree._Element) -> Iterator[Item]:
    """The entries of an RSS or Atom document."""
    for element in root.iter("item"):
        creators = element.findall(CREATOR)
        yield Item(
            id=element.findtext("guid") or "",
            link=element.findtext("link") or "",
            title=element.findtext("title") or "",
            author=", ".join(creator.text or "" for creator in creators),
            categories=tuple(category.text or "" for category in element.findall("category")),
            summary=element.findtext("description") or "",
            html=element.findtext(CONTENT) or "",
        )
    for element in root.iter(f"{ATOM}entry"):
        links = [str(link.get("href")) for link in element.findall(f"{ATOM}link")]
        yield Item(
            id=element.findtext(f"{ATOM}id") or "",
            link=" ".join(links),
            title=element.findtext(f"{ATOM}title") or "",
            author=element.findtext(f"{ATOM}author/{ATOM}name") or "",
            categories=tuple(str(category.get("label")) for category in element.findall(f"{ATOM}category")),
            summary=element.findtext(f"{ATOM}summary") or "",
            html=element.findtext(f"{ATOM}content") or "",
        )


def read_json_items(document: Mapping[str, Any]) -> Iterator[Item]:
    """The entries of a JSON Feed document."""
    for item in document["items"]:
        yield Item(
            id=item["id"],
            link=item["url"],
            title=item["title"],
            author=item["authors"][0]["name"],
            categories=tuple(item["tags"]),
            summary=item["summary"],
            html=item["content_html"],
        )


def _judge_json(data: bytes, site: str) -> Iterator[str]:
    document = json.loads(data.decode("utf-8"))
    for text in _strings(document):
        yield from _judge_characters(text)
    yield from _judge_texts([document["title"], document["description"], *(author["name"] for author in document["authors"])])
    yield from _judge_site([document["home_page_url"], document["feed_url"], document.get("next_url", site)], site)
    for item in read_json_items(document):
        yield from _judge_item(item, site, is_html=False)
    for item in document["items"]:
        yield from _judge_texts([value for value in item["_feedgen_kusama"].values() if isinstance(value, str)])


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


@lru_cache(maxsize=20_000)
def _judge_item(item: Item, site: str, *, is_html: bool = True) -> tuple[str, ...]:
    """The faults of an entry, which stands in a head, an archive and its topic's feeds alike."""
    return tuple(_find_in_item(item, site, is_html=is_html))


def _find_in_item(item: Item, site: str, *, is_html: bool) -> Iterator[str]:
    yield from _judge_texts((item.title, item.author, *item.categories))
    yield from judge_html(item.html)
    if is_html:
        yield from _judge_summary(item.summary)
    if not TAG.fullmatch(item.id):
        yield f"an id {item.id!r}"
    yield from _judge_site([item.link], site)


def _judge_site(addresses: Iterable[str], site: str) -> Iterator[str]:
    """A fault for each address that is none or does not stay below the site's."""
    for address in addresses:
        parts = urlsplit(address)
        climbs = ".." in unquote(parts.path.removeprefix(urlsplit(site).path)).replace("\\", "/").split("/")
        if not address.startswith(site) or climbs or not ADDRESS.fullmatch(address):
            yield f"an address outside the site: {address!r}"


@lru_cache(maxsize=20_000)
def _judge_characters(text: str) -> tuple[str, ...]:
    found = UNFIT.search(text)
    return (f"the character U+{ord(found[0]):04X} in {text[max(found.start() - 20, 0) : found.end() + 20]!r}",) if found else ()


def _judge_texts(texts: Iterable[str]) -> Iterator[str]:
    """A fault for each text that holds an element where a reader takes it for HTML."""
    for text in texts:
        yield from (f"in the text {text[:80]!r}: {element}" for element in _elements_in(text))


def _judge_summary(markup: str) -> Iterator[str]:
    yield from (f"in the summary {markup[:80]!r}: {element}" for element in _elements_in(markup))


@lru_cache(maxsize=20_000)
def _elements_in(markup: str) -> tuple[str, ...]:
    if not {"<", "&"} & set(markup):
        return ()
    tree = html5lib.parse(markup, treebuilder="etree")
    return tuple(str(element.tag) for element in tree.iter() if not _is_skeleton(element))


def _is_skeleton(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.removeprefix(XHTML) in SKELETON and not element.attrib


def text_of(markup: str) -> str:
    """What a person sees of HTML, white space collapsed."""
    return " ".join("".join(html5lib.parse(markup, treebuilder="etree").itertext()).split())


@lru_cache(maxsize=20_000)
def judge_html(markup: str) -> tuple[str, ...]:
    """The faults of HTML as part of a page where scripts run, and, written out again, as a page where none does."""
    part = html5lib.parseFragment(markup, container="div", treebuilder="etree", scripting=True)
    again = html5lib.serialize(part, tree="etree", omit_optional_tags=False, quote_attr_values="always")
    trees = (part, html5lib.parse(again, treebuilder="etree", scripting=False))
    return tuple(dict.fromkeys(fault for tree in trees for element in tree.iter() for fault in _judge_node(element)))


def _judge_node(element: Any) -> Iterator[str]:
    if element.tag == "DOCUMENT_FRAGMENT" or _is_skeleton(element):
        return
    if not isinstance(element.tag, str):
        yield f"a comment {element.text!r}"
        return
    if element.tag.removeprefix(XHTML) not in ELEMENTS:
        yield f"an element {element.tag}"
    for name, value in element.attrib.items():
        if name not in ATTRIBUTES:
            yield f"an attribute {name!r}"
        elif name in ("href", "src"):
            yield from _judge_address(value)
        elif name == "id" and not NOTE_ID.fullmatch(value):
            yield f"an id {value!r}"


def _judge_address(address: str) -> Iterator[str]:
    """The faults of an address as browsers read it: no C0 controls and blanks around, no tabs and line ends inside."""
    seen = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)", seen)
    if scheme is None or scheme[0].lower() not in SCHEMES:
        yield f"an address {seen[:200]!r}"
    elif scheme[0].lower() != "mailto" and not _has_host(seen):
        yield f"an address without a valid host: {seen[:200]!r}"


def _has_host(address: str) -> bool:
    """Whether browsers find a host: what is left of it when its letters are made alike must not end it early."""
    try:
        host = unicodedata.normalize("NFKC", urlsplit(address).hostname or "")
    except ValueError:
        return False
    return bool(host) and not re.search(r"[\x00-\x20\x7f#/<>?@\\^|]", host)
