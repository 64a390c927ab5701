"""What pages say and where they lead, without a browser: every page of the samples, and of what is hard."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha384
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import html5lib
import pytest
from msgspec.structs import replace

from feedgen_kusama.model import EDITIONS
from feedgen_kusama.site import STATIC, static_file
from feedgen_kusama.site.pages import NEWEST, relative
from feedgen_kusama.site.snippets import HEIGHT_MESSAGE
from feedgen_kusama.site.subscriptions import READERS, subscription
from tests.publishing import RICH, SETTINGS, publish, published_folder, published_rich
from tests.readings import ROOT

SITE = SETTINGS.url
XHTML = "{http://www.w3.org/1999/xhtml}"
OLD = "# Kusama News - {month} 2024\n\n## Council Votes\n\nThe council voted on the referendum in {month}.\n"


@cache
def sample() -> Mapping[str, bytes]:
    return published_folder(ROOT / "news").files


def pages() -> dict[str, str]:
    return {path: data.decode() for path, data in sample().items() if path.endswith(".html")}


FEED_FOLDERS = ["", *(f"{topic.id}/" for topic in SETTINGS.topics), "editions/"]


def parse(text: str) -> Any:
    return html5lib.parse(text, treebuilder="etree")


def values(text: str, tag: str, name: str) -> list[str]:
    """An attribute of all elements of a kind that have it."""
    return [found for element in parse(text).iter(XHTML + tag) if (found := element.get(name)) is not None]


def words(text: str) -> str:
    return " ".join("".join(parse(text).itertext()).split())


def links(page: str, text: str) -> Iterator[str]:
    """Every address in a page, absolute."""
    for tag, name in (("a", "href"), ("link", "href"), ("script", "src"), ("iframe", "src")):
        yield from (urljoin(SITE + page, address) for address in values(text, tag, name) if not address.startswith("feed:"))


def alternates(text: str) -> list[tuple[str, str]]:
    found = [e for e in parse(text).iter(f"{XHTML}link") if e.get("rel") == "alternate"]
    return [(e.get("href"), e.get("type")) for e in found]


def test_every_link_within_the_site_leads_to_what_is_published() -> None:
    ids = {path: {e.get("id") for e in parse(text).iter() if e.get("id")} for path, text in pages().items()}
    for page, text in pages().items():
        for address in links(page, text):
            if address.startswith(SITE):
                path, anchor = urldefrag(address.removeprefix(SITE))
                path += "index.html" if not path or path.endswith("/") else ""
                assert path in sample(), f"{page}: {address}"
                assert not anchor or anchor in ids[path], f"{page}: {address}"


def test_pages_lead_on_by_relative_addresses_so_that_they_work_below_any_path() -> None:
    for page, text in pages().items():
        if PurePosixPath(page).name in ("embed.html", "fragment.html"):
            continue
        addresses = (values(text, tag, name) for tag in ("a", "script", "img", "iframe") for name in ("href", "src"))
        assert [address for found in addresses for address in found if address.startswith(SITE)] == [], page


def test_only_addresses_are_made_relative_and_never_words() -> None:
    html = f'<p>"{SITE}x" href="{SITE}x" <a title="a" href="{SITE}x?a=1&amp;b=2#y">{SITE}</a> <a href="https://a.example/?{SITE}">a</a></p>'
    same = f'<p>"{SITE}x" href="{SITE}x" <a title="a" href="../x?a=1&amp;b=2#y">{SITE}</a> <a href="https://a.example/?{SITE}">a</a></p>'
    assert relative(html, SITE) == same


def test_every_page_names_its_own_feed_first_and_atom_before_the_others() -> None:
    for page, text in pages().items():
        if PurePosixPath(page).name in ("embed.html", "fragment.html"):
            continue
        found = alternates(text)
        folder = page.rpartition("/")[0]
        own = [urljoin(SITE + page, href).removeprefix(SITE) for href, _ in found[:3]]
        assert own == [f"{folder}/{name}".lstrip("/") for name in ("atom.xml", "rss.xml", "feed.json")], page
        others = {urljoin(SITE + page, href).removeprefix(SITE) for href, _ in found[3:]}
        assert others | {own[0]} == {f"{folder}atom.xml" for folder in FEED_FOLDERS}, page


def test_every_page_has_a_description_a_canonical_address_and_a_language() -> None:
    for page, text in pages().items():
        if page.endswith(("embed.html", "fragment.html")):
            continue
        canonical = next(e.get("href") for e in parse(text).iter(f"{XHTML}link") if e.get("rel") == "canonical")
        assert canonical == SITE + page.removesuffix("index.html")
        told = {e.get("name") or e.get("property"): e.get("content") for e in parse(text).iter(f"{XHTML}meta")}
        assert told["description"] == told["og:description"]
        assert told["og:url"] == canonical
        assert told["og:title"] == parse(text).find(f".//{XHTML}title").text
        assert told["og:type"] == ("article" if re.search(r"\d-\d\d\.html$", page) else "website")
        assert parse(text).get("lang") == SETTINGS.language


def test_pages_hold_neither_style_nor_script_of_their_own() -> None:
    """A policy of nothing but 'self' lets them work."""
    for page, text in pages().items():
        for element in parse(text).iter():
            tag = element.tag.removeprefix(XHTML) if isinstance(element.tag, str) else ""
            assert tag != "style", page
            assert tag != "script" or (element.get("src") and not (element.text or "").strip()), page
            assert not [name for name in element.attrib if name == "style" or name.startswith("on")], page


def test_every_published_page_and_file_carries_the_mark() -> None:
    assert [path for path, data in sample().items() if b"feedgen-kusama" not in data] == []
    assert set(STATIC) <= sample().keys()


def test_an_edition_page_has_an_anchor_for_every_entry_and_leads_to_its_neighbours() -> None:
    editions = sorted(path for path in pages() if re.fullmatch(r"editions/\d{4}-\d\d\.html", path))
    for before, page, after in zip([None, *editions], editions, [*editions[1:], None], strict=False):
        text = pages()[page]
        entries = [e for e in published_folder(ROOT / "news").entries if page.endswith(f"{e.edition}.html")]
        anchors = [e.get("id") for e in parse(text).iter(f"{XHTML}article")]
        assert anchors == [entry.slug for entry in entries]
        assert values(text, "a", "href").count(f"#{anchors[0]}") == 2
        by_relation = {e.get("rel"): e.get("href") for e in parse(text).iter(f"{XHTML}a") if e.get("rel") in ("prev", "next")}
        around = {"prev": before, "next": after}
        assert by_relation == {rel: other.removeprefix("editions/") for rel, other in around.items() if other}


def test_references_and_credits_stay_on_the_page_of_the_edition() -> None:
    text = OLD.format(month="May") + '\n## References\n\n1. "The Vote", The Paper, May 3, 2024, <https://paper.example/vote>\n'
    page = publish({"may.md": text}).files["editions/2024-05.html"].decode()
    aside = next(parse(page).iter(f"{XHTML}aside"))
    assert "The Paper, May 3" in "".join(aside.itertext())
    assert [a.get("href") for a in aside.iter(f"{XHTML}a")] == ["https://paper.example/vote"]


def test_the_start_page_names_every_feed_with_formats_count_and_newest_day() -> None:
    text, feeds = pages()["index.html"], [feed for feed in published_folder(ROOT / "news").feeds if not feed.is_archive]
    hrefs = values(text, "a", "href")
    told = words(text)
    for feed in feeds:
        assert all(f"{feed.folder}{name}" in hrefs for name in ("atom.xml", "rss.xml", "feed.json"))
        assert f"{feed.site}{feed.folder}atom.xml" in told
        unit = "editions" if feed.id == EDITIONS else "stories"
        assert f"{feed.total} {unit}" in told
        day = feed.entries[0].published
        assert f"newest {'of ' if not feed.folder else ''}{day.day} {day:%B %Y}" in told
    assert "feeds.opml" in hrefs
    assert len(list(parse(text).iter(f"{XHTML}article"))) == NEWEST


def test_a_feed_is_added_to_readers_by_its_atom_address() -> None:
    to = subscription(f"{SITE}governance/atom.xml")
    assert to.app == f"feed:{SITE}governance/atom.xml"
    assert [name for name, _ in to.readers] == [name for name, _ in READERS]
    assert all(unquote(address).endswith(f"{SITE}governance/atom.xml") for _, address in to.readers)
    assert all("://" not in address.partition("://")[2] for _, address in to.readers)
    hrefs = values(pages()["governance/index.html"], "a", "href")
    assert {to.app, *(address for _, address in to.readers)} <= set(hrefs)


@pytest.mark.parametrize("folder", FEED_FOLDERS)
def test_a_feeds_page_has_snippets_that_name_it(folder: str) -> None:
    element, frame, include, fetch = (
        "".join(pre.itertext()) for pre in parse(pages()[f"{folder}index.html"]).iter(f"{XHTML}pre")
    )
    digest = b64encode(sha384(sample()["embed.js"]).digest()).decode()
    assert values(element, "script", "src") == [f"{SITE}embed.js"]
    assert values(element, "script", "integrity") == [f"sha384-{digest}"]
    assert values(element, "kusama-feed", "src") == [f"{SITE}{folder}feed.json"]
    assert values(element, "a", "href") == [f"{SITE}{folder}"]
    assert values(frame, "iframe", "src") == [f"{SITE}{folder}embed.html"]
    assert f'virtual="/{folder}fragment.html"' in include
    assert fetch.split()[-1] == f"{SITE}{folder}fragment.html"
    told = [address for snippet in (element, frame, fetch) for address in re.findall(r"https://[^\"'\s\]<]+", snippet)]
    assert [a for a in told if not a.endswith("/") and a.removeprefix(SITE) not in sample()] == []


def test_the_page_the_snippet_and_the_frame_mean_the_same_message() -> None:
    for name in ("page.js", "frame.js"):
        assert f'"{HEIGHT_MESSAGE}"' in static_file(name).decode()


@pytest.mark.parametrize("folder", FEED_FOLDERS)
def test_frames_and_fragments_show_the_newest_entries_with_absolute_links(folder: str) -> None:
    feed = json.loads(sample()[f"{folder}feed.json"])
    newest = feed["items"][:5]
    for name in ("embed.html", "fragment.html"):
        text = pages()[folder + name]
        hrefs = values(text, "a", "href")
        assert [href for href in hrefs if href != feed["home_page_url"]] == [item["url"] for item in newest]
        assert all(item["title"] in words(text) and " ".join(item["summary"].split()) in words(text) for item in newest)
    assert values(pages()[f"{folder}embed.html"], "a", "target") == ["_blank"] * (len(newest) + 1)
    assert set(values(pages()[f"{folder}embed.html"], "a", "rel")) == {"noopener"}


def test_a_fragment_is_one_element_whose_classes_are_its_own() -> None:
    text = pages()["governance/fragment.html"]
    assert text.startswith('<div class="feedgen-kusama"')
    assert text.endswith("</div>\n")
    root = html5lib.parseFragment(text, treebuilder="etree")
    assert len(root) == 1
    classes = {name for element in root.iter() for name in element.attrib.get("class", "").split()}
    assert all(name.startswith("feedgen-kusama") for name in classes)
    assert not any("id" in element.attrib for element in root.iter())


def test_former_addresses_of_a_topic_keep_its_pages() -> None:
    topics = tuple(replace(t, former=("politics",)) if t.id == "governance" else t for t in SETTINGS.topics)
    files = publish({"2024-11.md": RICH}, replace(SETTINGS, topics=topics)).files
    for name in ("index.html", "embed.html", "fragment.html"):
        assert files[f"politics/{name}"] == files[f"governance/{name}"]


def test_without_any_entry_there_are_pages_that_say_so() -> None:
    files = publish({}).files
    assert "No stories yet" in words(files["index.html"].decode())
    assert "No stories yet" in words(files["governance/embed.html"].decode())
    assert b"<svg" not in files["index.html"]


def test_headings_never_skip_a_level() -> None:
    for files in (sample(), published_rich().files):
        for page, data in files.items():
            if page.endswith("index.html"):
                levels = [int(e.tag[-1]) for e in parse(data.decode()).iter() if re.search(r"}h[1-6]$", str(e.tag))]
                assert levels[0] == 1, page
                assert all(after <= before + 1 for before, after in pairwise(levels)), page


def test_a_page_changes_only_with_what_it_shows() -> None:
    """An edition names its neighbours by month alone; a topic's page knows nothing of other topics."""
    documents = {f"{month}.md": OLD.format(month=month) for month in ("January", "February", "March")}
    before = publish(documents).files
    documents["March.md"] += "\n## Parachain Auction Held\n\nThe parachain auction ended and crowdloans were paid back.\n"
    after = publish(documents).files
    changed = {path for path in after if path.endswith(".html") and before[path] != after[path]}
    assert changed == {
        "index.html", "embed.html", "fragment.html", "editions/2024-03.html",
        "parachains/index.html", "parachains/embed.html", "parachains/fragment.html",
    }  # fmt: skip
