"""The pages in a real browser: reading, copying, framing, in light and dark, narrow and wide, with and without script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.attacks import attacked_documents, read_attacks
from tests.browser import SCREENSHOTS, serving
from tests.publishing import SETTINGS, publish

pytest_plugins = ["browser", "projects"]

STRICT = {"Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
PAGES = {"start": "index.html", "topic": "governance/index.html", "editions": "editions/index.html",
         "edition": "editions/2024-08.html", "embed": "governance/embed.html"}  # fmt: skip
WIDTHS = {"wide": 1280, "narrow": 320}
OPEN = "document.querySelectorAll('details').forEach(details => details.open = true)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90400000000002c00000000010001000002024401003b")
"""What a story of the samples shows a picture of: any will do."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A browser on a site of its own, what it was told and what it asked for."""

    browser: Browser
    address: str
    stack: ExitStack
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str, *, width: int = 1280, **how: Any) -> Page:
        """A page of the site."""
        context = self.browser.new_context(viewport={"width": width, "height": 800}, **how)
        self.stack.callback(context.close)
        context.set_default_timeout(30_000)
        context.on("request", lambda request: self.asked.append(request.url))
        page = context.new_page()
        page.on("console", lambda message: self.complaints.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"{path}: {error}"))
        page.goto(f"{self.address}/{path}")
        return page


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@contextmanager
def visiting(browser: Browser, folder: Path, below: str = "") -> Iterator[Visit]:
    """A visit under a policy that allows nothing but the site itself; nobody may complain, no other site be asked."""
    with ExitStack() as stack:
        address = stack.enter_context(serving(folder, STRICT))
        visit = Visit(browser, address + below, stack)
        yield visit
        assert visit.complaints == []
        assert [url for url in visit.asked if not url.startswith(address)] == []


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_feeds: Mapping[str, bytes]) -> Path:
    """The sample feeds, below a path of a site."""
    root = tmp_path_factory.mktemp("site")
    write(root / "some" / "path", {**sample_feeds, "img/jura-roofs.jpg": PIXEL})
    return root


@pytest.fixture
def visit(chromium: Browser, folder: Path) -> Iterator[Visit]:
    with visiting(chromium, folder, "/some/path") as visit:
        yield visit


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"page-{name}.png", full_page=True)


def faults(page: Page) -> list[str]:
    """What is against WCAG 2.2 AA and good practice."""
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [f"{fault['id']}: {node['html'][:200]}" for fault in violations for node in fault["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_pages_are_accessible_and_fit_light_and_dark_narrow_and_wide(visit: Visit, width: str, scheme: str) -> None:
    for name, path in PAGES.items():
        page = visit.open(path, width=WIDTHS[width], color_scheme=scheme, bypass_csp=True)  # axe is a script of its own
        picture(page, f"{name}-{width}-{scheme}")
        page.evaluate(OPEN)
        assert (name, faults(page)) == (name, [])
        assert (name, page.evaluate(TOO_WIDE)) == (name, 0)
        if name == "topic":
            frame = page.locator("iframe.preview")
            frame.scroll_into_view_if_needed()
            expect(frame.content_frame.get_by_role("heading")).to_be_visible()
            page.locator(".panel").screenshot(path=SCREENSHOTS / f"page-panel-{width}-{scheme}.png")


def test_an_address_is_copied_to_the_clipboard(visit: Visit) -> None:
    page = visit.open("governance/index.html", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{SETTINGS.url}governance/atom.xml"
    page.get_by_text("Put this on your site").click()
    page.get_by_role("button", name="Copy the frame").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('<iframe')")


def test_where_there_is_no_clipboard_the_browsers_own_command_copies_or_the_text_is_selected(visit: Visit) -> None:
    page = visit.open("index.html")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    copied = "addEventListener('copy', () => globalThis.copied = String(getSelection()))"
    page.evaluate(copied)
    button = page.get_by_role("button", name="Copy the address of the feed of everything")
    button.click()
    expect(button).to_have_text("Copied")
    assert page.evaluate("copied") == f"{SETTINGS.url}atom.xml"
    page.evaluate("document.execCommand = () => false; getSelection().removeAllRanges()")
    button.click()
    expect(button).to_have_text("Selected")
    assert page.evaluate("String(getSelection())") == f"{SETTINGS.url}atom.xml"


def test_pages_read_the_same_without_script(visit: Visit) -> None:
    for path in PAGES.values():
        page = visit.open(path, java_script_enabled=False)
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.get_by_role("button").count() == 0
        assert page.get_by_role("link").count() > 5
    page = visit.open("governance/index.html", java_script_enabled=False)
    page.get_by_text("Put this on your site").click()
    expect(page.locator("pre").first).to_be_visible()


def test_a_click_on_an_address_selects_all_of_it_without_script(visit: Visit) -> None:
    page = visit.open("index.html")
    assert page.locator(".copyable code").first.evaluate("e => getComputedStyle(e).userSelect") == "all"


def test_a_reader_finds_the_way_from_the_start_to_an_entry_and_on(visit: Visit) -> None:
    page = visit.open("index.html")
    page.get_by_role("navigation", name="Feeds").get_by_role("link", name="Governance").click()
    title = page.locator(".listed h3").first.inner_text()
    page.locator(".listed h3 a").first.click()
    target = page.locator("article:target h2")
    expect(target).to_have_text(title)
    page.get_by_role("navigation", name="Editions", exact=True).get_by_role("link").first.click()
    expect(page).to_have_url(f"{visit.address}/editions/2025-04.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the news")).to_be_focused()


def test_pages_work_from_a_folder(chromium: Browser, folder: Path) -> None:
    with ExitStack() as stack:
        visit = Visit(chromium, (folder / "some" / "path").as_uri(), stack)
        for path in (PAGES["start"], PAGES["edition"]):
            page = visit.open(path)
            assert page.locator("body").evaluate("e => getComputedStyle(e).margin") == "0px"  # the style sheet has come
        page = visit.open("governance/index.html", permissions=["clipboard-read", "clipboard-write"])
        page.get_by_role("button", name="Copy the address").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        page.get_by_text("Put this on your site").click()
        frame = page.locator("iframe.preview")
        frame.scroll_into_view_if_needed()
        expect(frame.content_frame.get_by_role("listitem")).to_have_count(5)
        expect(frame).not_to_have_attribute("height", "420")
        assert visit.complaints == []
        assert [url for url in visit.asked if not url.startswith("file:")] == []


def framed(visit: Visit, folder: Path, sandbox: str, hash: str = "") -> Page:
    """A page on another site that frames a feed."""
    frame = f'<iframe src="{visit.address}/governance/embed.html{hash}" title="News" height="480" sandbox="{sandbox}"></iframe>'
    (folder / "host.html").write_text(f'<!doctype html><html lang="en"><title>A Page</title><main>{frame}</main>', "utf-8")
    address = visit.stack.enter_context(serving(folder))
    page = visit.browser.new_page()
    visit.stack.callback(page.close)
    page.goto(f"{address}/host.html")
    return page


def test_a_frame_shows_its_entries_where_nothing_is_allowed(visit: Visit, tmp_path: Path) -> None:
    page = framed(visit, tmp_path, "")
    expect(page.frame_locator("iframe").get_by_role("listitem")).to_have_count(5)
    inside = page.frame_locator("iframe").locator("body")
    assert inside.evaluate("e => getComputedStyle(e).margin") == "0px"


def test_light_and_dark_are_chosen_by_the_frames_address(visit: Visit, tmp_path: Path) -> None:
    found = {}
    for hash in ("", "#light", "#dark"):
        body = framed(visit, tmp_path, "", hash).frame_locator("iframe").locator("body")
        found[hash] = body.evaluate("e => getComputedStyle(e).backgroundColor")
    assert found[""] == found["#light"] == "rgb(255, 255, 255)"
    assert found["#dark"] == "rgb(22, 22, 24)"


def test_the_snippet_lets_the_frame_grow_and_its_links_open_beside_the_page(visit: Visit, tmp_path: Path) -> None:
    text = visit.open("governance/index.html").locator("pre").nth(1).text_content() or ""
    snippet = text.replace(SETTINGS.url.rstrip("/"), visit.address)
    (tmp_path / "host.html").write_text(f'<!doctype html><html lang="en"><title>A Page</title>{snippet}', "utf-8")
    page = visit.browser.new_page()
    visit.stack.callback(page.close)
    page.goto(f"{visit.stack.enter_context(serving(tmp_path))}/host.html")
    page.wait_for_function("document.querySelector('iframe').height !== '480'")
    inside = page.frame_locator("iframe").locator("html")
    height = inside.evaluate("e => e.getBoundingClientRect().height")
    assert abs(int(page.locator("iframe").get_attribute("height") or 0) - height) < 1
    page.evaluate("postMessage({ type: 'feedgen-kusama:height', height: 7 }, '*')")  # another window, another origin
    page.context.route("**/kusama-news.example/**", lambda route: route.fulfill(body="<p>here</p>", content_type="text/html"))
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("listitem").first.get_by_role("link").click()
    assert opened.value.evaluate("[opener, self.origin]") == [None, SETTINGS.url.rstrip("/")]
    assert abs(int(page.locator("iframe").get_attribute("height") or 0) - height) < 1


def test_hostile_words_stay_words_on_every_page(chromium: Browser, tmp_path: Path) -> None:
    """Whatever stands in titles, texts and bylines, nothing runs, and nothing is asked of anyone."""
    attacks = [attack for attack in read_attacks("html") if len(attack.text) < 2000]
    documents = attacked_documents(*attacks[:: max(len(attacks) // 8, 1)])
    files = publish(documents).files
    write(tmp_path, files)
    shown = [p for p in ("index.html", "overview/index.html", "overview/embed.html", "governance/index.html") if p in files]
    shown += sorted(path for path in files if path.startswith("editions/2"))
    with ExitStack() as stack:
        visit = Visit(chromium, stack.enter_context(serving(tmp_path)), stack)
        for path in shown:
            page = visit.open(path)
            page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
            allowed = {"page.js", "frame.js"}
            scripts = page.locator("script").evaluate_all("all => all.map(s => s.src.split('/').pop())")
            assert set(scripts) <= allowed
        assert [c for c in visit.complaints if "Failed to load" not in c] == []
        assert [u for u in visit.asked if u.endswith(".js") and not u.endswith(("page.js", "frame.js", "embed.js"))] == []


def test_on_paper_there_are_no_controls(visit: Visit) -> None:
    page = visit.open("editions/2024-08.html")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="Feeds").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.evaluate(TOO_WIDE) == 0
