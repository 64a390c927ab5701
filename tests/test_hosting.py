"""What each host sends with the configurations of `deploy/`: one table of facts, real servers."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Browser

from feedgen_kusama.media import media_type
from tests.browser import serving
from tests.hosting import DEPLOY, SERVERS, Site, hosting
from tests.projects import Project
from tests.readings import ROOT
from tests.served import FACTS, HIDDEN, OUTSIDE, Fact, public_folder

pytest_plugins = ["browser", "projects"]


@pytest.fixture(scope="module", params=SERVERS)
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A server with its shipped configuration over the published feeds."""
    if SERVERS[request.param].path is None:
        pytest.skip(f"needs {request.param}")
    with (
        public_folder() as folder,
        tempfile.TemporaryDirectory() as work,
        hosting(request.param, folder, Path(work)) as running,
    ):
        yield running


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path)
def test_a_file_has_its_media_type_its_age_and_is_open_to_scripts_of_every_site(site: Site, fact: Fact) -> None:
    for encoding in ({}, {"Accept_Encoding": "gzip"}):
        answer = site.ask(fact.path, Origin="https://elsewhere.example", **encoding)
        assert answer.status == 200
        assert answer.headers["content-type"] == fact.media
        assert answer.headers["cache-control"] == fact.cache
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-expose-headers"] == "ETag"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert set(answer.headers["vary"].split(", ")) == {"Accept-Encoding"}
        assert ("content-security-policy" in answer.headers) is fact.is_page
        assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path)
def test_what_has_not_changed_is_not_sent_again(site: Site, fact: Fact) -> None:
    for encoding in ({}, {"Accept_Encoding": "gzip"}):
        first = site.ask(fact.path, **encoding)
        asked = ({"If_None_Match": first.headers["etag"]}, {"If_Modified_Since": first.headers["last-modified"]})
        for condition in asked:
            again = site.ask(fact.path, **encoding, **condition)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["etag"]
            assert again.headers["cache-control"] == fact.cache
            assert again.headers["access-control-allow-origin"] == "*"
            assert set(again.headers["vary"].split(", ")) == {"Accept-Encoding"}
        other = site.ask(fact.path, **encoding, If_None_Match='"another"', If_Modified_Since=first.headers["last-modified"])
        assert other.status == 200


def test_a_changed_feed_is_sent_again_with_another_etag(site: Site) -> None:
    path = site.folder / "technology" / "rss.xml"
    first = site.ask("/technology/rss.xml")
    content = path.read_bytes().replace(b"<title>", b"<title>News of ", 1)
    (path.parent / "new").write_bytes(content)
    (path.parent / "new").replace(path)
    again = site.ask("/technology/rss.xml", If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (200, content)
    assert again.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path)
def test_head_tells_what_get_would_and_sends_nothing(site: Site, fact: Fact) -> None:
    head, get = site.ask(fact.path, method="HEAD"), site.ask(fact.path)
    assert (head.status, head.body) == (200, b"")
    apart = {"date"}
    assert {n: v for n, v in head.headers.items() if n not in apart} == {n: v for n, v in get.headers.items() if n not in apart}


@pytest.mark.parametrize("fact", [fact for fact in FACTS if not fact.path.endswith("/")], ids=lambda fact: fact.path)
def test_text_is_compressed_for_those_who_take_it(site: Site, fact: Fact) -> None:
    content = (site.folder / fact.path[1:]).read_bytes()
    plain, packed = site.ask(fact.path), site.ask(fact.path, Accept_Encoding="gzip")
    assert (plain.body, plain.headers.get("content-encoding")) == (content, None)
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == content
    assert len(packed.body) < len(content) / 2


def test_a_part_can_be_asked_for(site: Site) -> None:
    content = (site.folder / "atom.xml").read_bytes()
    whole = site.ask("/atom.xml")
    assert whole.headers["accept-ranges"] == "bytes"
    part = site.ask("/atom.xml", Range="bytes=100-199")
    assert (part.status, part.body) == (206, content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(content)}"
    assert site.ask("/atom.xml", Range="bytes=100-199", If_Range=whole.headers["etag"]).status == 206
    assert site.ask("/atom.xml", Range="bytes=100-199", If_Range='"another"').body == content
    assert site.ask("/atom.xml", Range=f"bytes={len(content)}-").status == 416


@pytest.mark.parametrize("path", [*HIDDEN, *OUTSIDE])
def test_what_is_hidden_or_outside_is_not_there(site: Site, path: str) -> None:
    answer = site.ask(path)
    assert answer.status in {400, 403, 404}
    assert b"secret" not in answer.body.replace(path.encode(), b"")


@pytest.mark.parametrize("path", ["/nothing.xml", "/governance/nothing", "/archive/2019/atom.xml"])
def test_what_is_missing_is_missing_for_a_short_time(site: Site, path: str) -> None:
    answer = site.ask(path)
    assert answer.status == 404
    assert _seconds(answer.headers.get("cache-control", "")) <= 60
    assert not answer.headers["content-type"].startswith("application/")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_folder_leads_to_its_page_and_one_without_a_page_is_not_listed(site: Site) -> None:
    redirect = site.ask("/governance")
    assert redirect.status in {301, 308}
    assert redirect.headers["location"].removeprefix(site.address) == "/governance/"
    assert redirect.headers["access-control-allow-origin"] == "*"
    listing = site.ask("/governance/archive/")
    assert listing.status in {403, 404}
    assert b"2024" not in listing.body


def test_a_script_of_another_site_may_ask_whether_a_feed_has_changed(site: Site) -> None:
    asked = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "if-none-match"}
    answer = site.ask("/governance/feed.json", method="OPTIONS", Origin="https://elsewhere.example", **asked)
    assert answer.status in {200, 204}
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD"
    assert answer.headers["access-control-max-age"] == "86400"


def test_a_browser_on_another_site_gets_a_feed_and_asks_for_it_again(site: Site, chromium: Browser) -> None:
    page = chromium.new_page()
    with serving(ROOT / "docs") as elsewhere:
        page.goto(f"{elsewhere}/")
    statuses = page.evaluate(
        """async (address) => {
            const first = await fetch(address, {credentials: "omit", cache: "no-store"});
            const headers = {"If-None-Match": first.headers.get("ETag")};
            const again = await fetch(address, {credentials: "omit", cache: "no-store", headers});
            return [(await first.json()).version, again.status];
        }""",
        f"{site.address}/governance/feed.json",
    )
    page.close()
    assert statuses == ["https://jsonfeed.org/version/1.1", 304]


def test_the_pages_have_all_they_need_under_the_policy(site: Site, chromium: Browser) -> None:
    page = chromium.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ("/", "/governance/", "/editions/2024-08.html"):
        page.goto(site.address + path, wait_until="load")
        assert page.evaluate("getComputedStyle(document.querySelector('main')).display") == "block"
    page.close()
    assert [text for text in said if "favicon" not in text and "404" not in text] == []


def test_a_published_page_has_no_script_and_style_but_files() -> None:
    for path in sorted((ROOT / "feeds").rglob("*.html")):
        tree = html5lib.parse(path.read_text("utf-8"), namespaceHTMLElements=False)
        for element in tree.iter():
            if isinstance(element.tag, str):
                assert not [name for name in element.attrib if name.startswith("on") or name == "style"], path
                assert element.tag != "style", path
                assert element.tag != "script" or "src" in element.attrib, path


def test_check_finds_nothing_wrong_also_below_a_path(site: Site, project: Project) -> None:
    address, folder = f"{site.address}/below/", site.folder / "below"
    assert project.build("--url", address, "--output", str(folder)).status == 0
    outcome = project.run("check", address)
    assert (outcome.status, outcome.err) == (0, ())


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.path)
def test_hosts_and_this_program_name_the_same_media_types(fact: Fact) -> None:
    assert media_type(fact.path if not fact.path.endswith("/") else f"{fact.path}index.html") == fact.media


def test_all_hosts_have_the_same_policy() -> None:
    policies = set()
    for name in ("nginx.conf", "Caddyfile", "htaccess", "_headers"):
        policies |= set(re.findall(r"default-src[^\"\n]+", (DEPLOY / name).read_text("utf-8")))
    assert len(policies) == 1
    assert "frame-ancestors" not in policies.pop()


def _seconds(cache_control: str) -> int:
    found = re.search(r"max-age=(\d+)", cache_control)
    return int(found[1]) if found else 0
