"""The module that shows a feed on any page, in a real browser: what it shows, what it survives, what it asks for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from feedgen_kusama.site import static_file
from tests.browser import ROOT, SCREENSHOTS
from tests.embedding import FALLBACK, STRICT, Embedding

pytest_plugins = ["browser", "embedding", "projects"]

EMBED = '<kusama-feed src="{host}/governance/feed.json"></kusama-feed>'
WORDS = {"loading": "Loading …", "empty": "No entries yet.", "failed": "Not available now."}
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
ITEM = {"id": "1", "url": "https://news.example/1", "title": "One", "summary": "First.", "content_text": "First.\nSecond."}
FEED: Mapping[str, Any] = {"title": "Small", "home_page_url": "https://news.example/", "language": "en", "items": [ITEM]}
MINUTE = 60_000
"""Milliseconds. A clock that is moved on by more than a little past a request would end its time, too."""


def titles(page: Page) -> list[str]:
    return page.locator("kusama-feed li > :first-child").all_inner_texts()


def events(page: Page, count: int) -> list[list[str | None]]:
    """What elements have told the page, once it is so much: outcome, the element's id, what went wrong."""
    page.wait_for_function("(count) => seen.events.length >= count", arg=count)
    told: list[list[str | None]] = page.evaluate("seen.events")
    return told


def each(attributes: str, values: Iterable[str]) -> str:
    """An element for each value of its last attribute, which is its id too."""
    return "".join(f'<kusama-feed id="{value}" {attributes}="{value}"></kusama-feed>' for value in values)


def found(page: Page, selector: str, expression: str) -> dict[str, Any]:
    """What each element shows, by its id: a value made of `all` that match within it."""
    script = f"(es, s) => es.map(e => [e.id, (all => {expression})([...e.shadowRoot.querySelectorAll(s)])])"
    return dict(page.locator("kusama-feed").evaluate_all(script, selector))


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"embed-{name}.png", full_page=True)


def faults(page: Page) -> list[str]:
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in violations for node in fault["nodes"]]


def test_the_module_is_small_and_needs_nothing() -> None:
    source = static_file("embed.js").decode()
    assert len(source.encode()) <= 6000
    assert "feedgen-kusama" in source.splitlines()[0]
    assert not [word for word in ("innerHTML", "import", "eval(", "parseFromString", "document.write") if word in source]


def test_its_documentation_names_every_attribute_property_and_part() -> None:
    source, guide = static_file("embed.js").decode(), (ROOT / "docs" / "embedding.md").read_text("utf-8")
    attributes = re.search(r'observedAttributes = "([^"]+)"', source)
    assert attributes
    names = [
        *attributes[1].split(),
        *re.findall(r"var\((--[\w-]+)", source),
        *re.findall(r'(?:part: |heading\(\w+, )"([\w-]+)"', source),
    ]
    assert len(set(names)) == 9 + 3 + 9
    assert [name for name in names if f"`{name}`" not in guide] == []
    assert [words for words in WORDS.values() if f"*{words}*" not in guide] == []


def test_a_feed_is_shown_newest_first_with_titles_days_and_summaries(
    embedding: Embedding, sample_feeds: Mapping[str, bytes]
) -> None:
    feed = json.loads(sample_feeds["governance/feed.json"])
    page = embedding.show(EMBED)
    expect(page.locator("kusama-feed section")).to_have_attribute("aria-busy", "false")
    newest = feed["items"][:5]
    assert titles(page) == [item["title"] for item in newest]
    assert page.locator("kusama-feed li a").evaluate_all("all => all.map(a => a.href)") == [item["url"] for item in newest]
    assert page.locator("kusama-feed li p").all_inner_texts() == [item["summary"] for item in newest]
    times = page.locator("kusama-feed time").evaluate_all("all => all.map(t => t.dateTime.slice(0, 10))")
    assert times == [item["date_published"][:10] for item in newest]
    heading = page.get_by_role("region", name=feed["title"]).get_by_role("heading", level=2)
    expect(heading).to_have_text(feed["title"])
    expect(heading.get_by_role("link")).to_have_attribute("href", feed["home_page_url"])
    assert events(page, 1) == [["load", "", None]]
    picture(page, "light")


def test_as_much_of_an_entry_is_shown_as_wanted(embedding: Embedding) -> None:
    embedding.feed("/small.json", FEED)
    texts = {"titles": [], "summary": ["First."], "full": ["First.", "Second."], "": ["First."], "toString": ["First."]}
    page = embedding.show(each('src="{host}/small.json" show', texts))
    events(page, len(texts))
    assert found(page, "li p", "all.map(p => p.textContent)") == texts


def test_so_many_entries_are_shown_as_wanted(embedding: Embedding) -> None:
    counts = {"1": 1, "3": 3, "0": 5, "-2": 5, "many": 5, "2.9": 2, "1000": 8}
    page = embedding.show(each('src="{host}/governance/feed.json" limit', counts))
    events(page, len(counts))
    assert found(page, "li", "all.length") == counts


def test_headings_are_of_the_level_wanted(embedding: Embedding) -> None:
    levels = {"1": ["H1", "H2"], "3": ["H3", "H4"], "9": ["H5", "H6"], "": ["H2", "H3"], "x": ["H2", "H3"]}
    page = embedding.show(each('src="{host}/governance/feed.json" limit="1" heading', levels))
    events(page, len(levels))
    assert found(page, "h1, h2, h3, h4, h5, h6", "all.map(h => h.tagName)") == levels


def test_days_are_written_as_the_locale_or_the_feeds_language_does(embedding: Embedding) -> None:
    items = [{**ITEM, "date_published": "2024-11-12T23:59:59Z"}]
    days = {
        "fr": {"de": "12. November 2024", "en-GB": "12 November 2024", "": "12 novembre 2024", "no such!": "November 12, 2024"},
        "?": {"de": "12. November 2024", "": "November 12, 2024"},
        None: {"de": "12. November 2024", "": "November 12, 2024"},
    }
    for number, (language, wanted) in enumerate(days.items()):
        embedding.feed(f"/{number}.json", {**FEED, "language": language, "items": items})
        embeds = each(f'src="{{host}}/{number}.json" locale', wanted)
        page = embedding.show(embeds, locale="en-US", timezone_id="Asia/Tokyo")
        events(page, len(wanted))
        assert found(page, "time", "all[0].textContent") == wanted


FAILURES: Mapping[str, Mapping[str, Any] | None] = {
    "no CORS": {"content": FEED, "headers": {}},
    "404": None,
    "500": {"content": FEED, "status": 500},
    "not JSON": {"content": "<!doctype html><title>Welcome</title>"},
    "half": {"content": json.dumps(FEED)[:-9]},
    "nothing": {"content": ""},
    "null": {"content": "null"},
    "a list": {"content": []},
    "no items": {"content": {"title": "No items"}},
    "items by name": {"content": {"items": {"one": ITEM}}},
    "items as text": {"content": {"items": "one"}},
}


def test_what_stands_between_the_tags_stays_when_a_feed_cannot_be_shown(embedding: Embedding) -> None:
    for number, answer in enumerate(FAILURES.values()):
        if answer is not None:
            embedding.feed(f"/{number}.json", **answer)
    embeds = [f'<kusama-feed id="{number}" src="{{host}}/{number}.json">' for number in range(len(FAILURES))]
    page = embedding.show("".join(f"{embed}{FALLBACK}</kusama-feed>{embed}</kusama-feed>" for embed in embeds))
    told = events(page, 2 * len(FAILURES))
    assert not [event for event in told if event[0] != "error" or not event[2]]
    shown = page.locator("kusama-feed").evaluate_all("all => all.map(e => e.innerText.trim() || e.shadowRoot.textContent)")
    assert shown == ["Read the news.", WORDS["failed"]] * len(FAILURES)
    assert titles(page) == []


def test_what_stands_between_the_tags_stays_when_there_is_nobody_to_ask(embedding: Embedding) -> None:
    addresses = ["http://127.0.0.1:9/feed.json", "", "javascript:alert(1)", "data:application/json,{}", "http://["]
    page = embedding.show("".join(f'<kusama-feed src="{src}">{FALLBACK}</kusama-feed>' for src in addresses))
    assert not [event for event in events(page, len(addresses)) if event[0] != "error" or not event[2]]
    assert page.get_by_role("link", name="the news").count() == len(addresses)
    assert embedding.pages.times("/") == 1


def test_what_stands_between_the_tags_is_read_where_scripts_are_off(embedding: Embedding) -> None:
    page = embedding.show(EMBED.replace("></", f">{FALLBACK}</"), java_script_enabled=False)
    expect(page.get_by_role("link", name="the news")).to_be_visible()
    assert embedding.host.asked == []


def test_a_slow_host_is_waited_for_and_given_up(embedding: Embedding) -> None:
    later = threading.Event()
    embedding.feed("/slow.json", FEED, until=later)
    page = embedding.show('<kusama-feed src="{host}/slow.json"></kusama-feed>', prepare=lambda page: page.clock.install())
    expect(page.get_by_role("status")).to_have_text(WORDS["loading"])
    expect(page.locator("kusama-feed section")).to_have_attribute("aria-busy", "true")
    page.clock.run_for(14_000)
    expect(page.get_by_role("status")).to_have_text(WORDS["loading"])
    page.clock.run_for(1_500)
    assert events(page, 1) == [["error", "", "timed out"]]
    expect(page.get_by_role("status")).to_have_text(WORDS["failed"])
    later.set()


@pytest.mark.parametrize("items", [[], [{}], [None, 5, "text", [], {"title": 7, "url": "https://news.example/"}]])
def test_a_feed_without_entries_says_so(items: list[object], embedding: Embedding) -> None:
    embedding.feed("/small.json", {**FEED, "items": items})
    page = embedding.show(f'<kusama-feed src="{{host}}/small.json">{FALLBACK}</kusama-feed>')
    events(page, 1)
    assert page.locator("kusama-feed section").inner_text().split("\n\n") == ["Small", WORDS["empty"]]
    expect(page.get_by_role("link", name="the news")).not_to_be_visible()
    assert faults(page) == []


def test_the_page_may_choose_the_words(embedding: Embedding) -> None:
    embedding.feed("/empty.json", {**FEED, "items": []})
    page = embedding.show(
        '<kusama-feed src="{host}/empty.json" empty="Noch nichts."></kusama-feed>'
        '<kusama-feed src="{host}/none.json" failed="Gerade nicht."></kusama-feed>'
    )
    events(page, 2)
    expect(page.locator("kusama-feed section p")).to_have_text("Noch nichts.")
    expect(page.get_by_role("status")).to_have_text("Gerade nicht.")


SCRIPT = "<script>document.title = 'hit'</script><img src=x onerror=\"document.title = 'hit'\">"
HOSTILE = {
    "title": SCRIPT,
    "home_page_url": "javascript:document.title='hit'",
    "language": '"><script>',
    "items": [
        {"title": SCRIPT, "url": " java\nscript:document.title='hit'", "summary": SCRIPT, "content_text": SCRIPT},
        {"title": "data", "url": f"data:text/html,{SCRIPT}", "content_html": SCRIPT, "date_published": SCRIPT},
        {"title": "blob", "url": "blob:https://news.example/1", "summary": {"toString": 1}, "date_published": "2024-99-99"},
        {"title": "\u202eevil\u0000", "url": ["javascript:alert(1)"], "date_published": 8.64e15},
        {"title": "far", "url": "http://[", "date_published": "+275760-09-13T00:00:00Z", "content_text": ["x"]},
        {"__proto__": {"title": "inherited"}, "constructor": 1, "title": "own", "url": "//user:pw@news.example/ok"},
    ],
}


@pytest.mark.parametrize("show", ["titles", "summary", "full"])
def test_nothing_in_a_hostile_feed_comes_alive(show: str, embedding: Embedding) -> None:
    embedding.feed("/hostile.json", HOSTILE)
    page = embedding.show(f'<kusama-feed src="{{host}}/hostile.json" limit="9" show="{show}"></kusama-feed>')
    events(page, 1)
    assert len(titles(page)) == 6
    assert titles(page)[0] == SCRIPT
    assert page.locator("kusama-feed :is(script, img, iframe, style, form)").count() == 0
    links = page.locator("kusama-feed a").evaluate_all("all => all.map(a => a.href)")
    assert links == ["http://user:pw@news.example/ok"]
    assert page.title() == "A Page"


def test_a_huge_feed_is_cut_to_what_a_page_can_bear(embedding: Embedding) -> None:
    item = {"title": "W" * 100_000, "url": "https://news.example/1", "content_text": "long " * 200_000}
    embedding.feed("/huge.json", {**FEED, "items": [item, *[ITEM] * 5_000]})
    page = embedding.show(
        '<kusama-feed src="{host}/huge.json" limit="5000" show="full"></kusama-feed>', viewport={"width": 320, "height": 600}
    )
    events(page, 1)
    shown = titles(page)
    assert (len(shown), len(shown[0])) == (100, 300)
    assert len(page.locator("kusama-feed li p").first.inner_text()) <= 100_000
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_strictest_policies_are_kept(embedding: Embedding) -> None:
    digest = base64.b64encode(hashlib.sha384(static_file("embed.js")).digest()).decode()
    shell = "<!doctype html><html lang=en><title>A Page</title><link rel=icon href='data:,'>{body}<!-- {style} --></html>"
    script = f'<script type="module" src="{{host}}/embed.js" integrity="sha384-{digest}" crossorigin="anonymous"></script>'
    said: list[str] = []
    page = embedding.show(
        script + EMBED.replace("></", ' show="full"></'),
        shell=shell,
        headers={"Content-Security-Policy": STRICT + "; img-src data:"},
        prepare=lambda page: page.on("console", lambda message: said.append(message.text)),
    )
    expect(page.locator("kusama-feed li")).to_have_count(5)
    expect(page.locator("kusama-feed ul")).to_have_css("padding-left", "0px")
    assert (page.evaluate("seen.violations"), said) == ([], [])


def test_a_feed_is_asked_for_without_cookies(embedding: Embedding) -> None:
    def prepare(page: Page) -> None:
        page.context.add_cookies([{"name": "who", "value": "me", "url": embedding.host.address}])

    events(embedding.show(EMBED, prepare=prepare), 1)
    asked = [headers for path, headers in embedding.host.asked if path == "/governance/feed.json"]
    assert [headers.get("Cookie") for headers in asked] == [None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_are_the_pages(scheme: Any, embedding: Embedding) -> None:
    page = embedding.show(EMBED.replace("></", ' limit="3" show="full"></'), color_scheme=scheme)
    events(page, 1)
    ink, accent = {"light": ("rgb(0, 0, 0)", "rgb(163, 25, 91)"), "dark": ("rgb(255, 255, 255)", "rgb(240, 140, 184)")}[scheme]
    expect(page.locator("kusama-feed li a").first).to_have_css("color", ink)
    expect(page.locator("kusama-feed h2")).to_have_css("border-top-color", accent)
    assert faults(page) == []
    picture(page, f"full-{scheme}")


def test_an_embed_may_follow_the_reader_where_its_page_does_not(embedding: Embedding) -> None:
    own = "kusama-feed { color-scheme: light dark; color: CanvasText; background: Canvas; }"
    assert own in (ROOT / "docs" / "embedding.md").read_text("utf-8")
    style = f":root {{ color-scheme: light !important }} {own}"
    page = embedding.show(EMBED, style=style, color_scheme="dark")
    events(page, 1)
    expect(page.locator("kusama-feed li a").first).to_have_css("color", "rgb(255, 255, 255)")
    expect(page.locator("kusama-feed")).to_have_css("background-color", "rgb(18, 18, 18)")
    assert faults(page) == []


def test_a_page_themes_by_properties_parts_and_its_own_font(embedding: Embedding) -> None:
    style = """
    kusama-feed { --kusama-accent: rgb(1, 2, 3); --kusama-link: rgb(4, 5, 6); --kusama-line: rgb(7, 8, 9);
      font-family: monospace; color: rgb(10, 11, 12); background: rgb(240, 241, 242) }
    kusama-feed::part(item-title) { font-size: 30px }
    kusama-feed::part(date) { text-transform: uppercase }
    kusama-feed::part(text) { font-style: italic }
    """
    page = embedding.show(EMBED.replace("></", ' limit="2"></'), style=style)
    events(page, 1)
    for selector, name, value in (
        ("h2", "border-top-color", "rgb(1, 2, 3)"),
        ("h3 a", "color", "rgb(4, 5, 6)"),
        ("li + li", "border-top-color", "rgb(7, 8, 9)"),
        ("h3", "font-size", "30px"),
        ("h3", "font-family", "monospace"),
        ("time", "text-transform", "uppercase"),
        ("time", "color", "rgb(10, 11, 12)"),
        ("p", "font-style", "italic"),
    ):
        expect(page.locator(f"kusama-feed section {selector}").first).to_have_css(name, value)
    picture(page, "themed")


def test_it_fits_a_narrow_window_at_twice_the_size(embedding: Embedding) -> None:
    page = embedding.show(
        EMBED.replace("></", ' show="full"></'), style=":root { font-size: 200% }", viewport={"width": 320, "height": 640}
    )
    events(page, 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    picture(page, "narrow")


def test_a_keyboard_reaches_every_link_in_reading_order(embedding: Embedding) -> None:
    embed = EMBED.replace("></", ' limit="2"></')
    page = embedding.show(f"<a href='/before'>before</a>{embed}<a href='/after'>after</a>")
    events(page, 1)
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        link = page.evaluate("(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).textContent")
        reached.append(link)
    assert reached == ["before", "Kusama News: Governance", *titles(page), "after"]


def test_a_page_with_embeds_in_every_state_breaks_no_rule_of_accessibility(embedding: Embedding) -> None:
    bad = '<kusama-feed src="{host}/none.json">'
    page = embedding.show(f"{EMBED}{EMBED.replace('governance/', '')}{bad}</kusama-feed>{bad}{FALLBACK}</kusama-feed>")
    events(page, 4)
    assert faults(page) == []


def test_several_embeds_of_a_feed_share_a_request(embedding: Embedding) -> None:
    page = embedding.show(EMBED * 3 + EMBED.replace("governance", "market"))
    events(page, 4)
    assert len(titles(page)) == 4 * 5
    assert embedding.host.times("/governance/feed.json") == embedding.host.times("/market/feed.json") == 1


def test_a_request_is_given_up_when_nobody_waits_for_it_any_more(embedding: Embedding) -> None:
    later = threading.Event()
    address = embedding.feed("/slow.json", FEED, until=later)
    page = embedding.show('<kusama-feed src="{host}/slow.json"></kusama-feed>' * 2)
    given_up: list[str] = []
    page.on("requestfailed", lambda request: given_up.append(request.url))
    page.evaluate("document.querySelector('kusama-feed').remove()")
    assert given_up == []
    with page.expect_event("requestfailed"):
        page.evaluate("document.querySelector('kusama-feed').remove()")
    assert (given_up, page.evaluate("seen.events")) == ([address], [])
    later.set()


def test_one_that_leaves_takes_nothing_from_another(embedding: Embedding) -> None:
    later = threading.Event()
    embedding.feed("/slow.json", FEED, until=later)
    page = embedding.show(
        '<kusama-feed id="a" src="{host}/slow.json"></kusama-feed><kusama-feed id="b" src="{host}/slow.json"></kusama-feed>'
    )
    page.evaluate("globalThis.gone = document.querySelector('#a'); gone.remove()")
    later.set()
    assert events(page, 1) == [["load", "b", None]]
    page.evaluate("document.body.append(gone)")
    assert events(page, 2)[1] == ["load", "a", None]
    assert titles(page) == ["One", "One"]


def test_an_embed_that_is_moved_asks_for_nothing_again(embedding: Embedding) -> None:
    page = embedding.show(EMBED + "<div></div>")
    events(page, 1)
    page.evaluate("document.querySelector('div').append(document.querySelector('kusama-feed'))")
    assert len(titles(page)) == 5
    assert embedding.host.times("/governance/feed.json") == 1


def test_attributes_are_honoured_when_they_change(embedding: Embedding) -> None:
    page = embedding.show(EMBED)
    events(page, 1)
    page.evaluate(
        "Object.entries({ limit: 2, heading: 4, show: 'titles', locale: 'de' })"
        ".forEach(([name, value]) => document.querySelector('kusama-feed').setAttribute(name, value))"
    )
    expect(page.locator("kusama-feed h5")).to_have_count(2)
    expect(page.locator("kusama-feed p:visible")).to_have_count(0)
    assert embedding.host.times("/governance/feed.json") == 1
    page.evaluate(
        "document.querySelector('kusama-feed').setAttribute('src', '" + embedding.host.address + "/market/feed.json')"
    )
    expect(page.locator("kusama-feed h4")).to_have_text("Kusama News: Market")
    page.evaluate("document.querySelector('kusama-feed').removeAttribute('src')")
    expect(page.get_by_role("status")).to_have_text(WORDS["failed"])


def test_the_last_feed_named_is_the_one_shown(embedding: Embedding) -> None:
    later = threading.Event()
    embedding.feed("/slow.json", FEED, until=later)
    page = embedding.show('<kusama-feed src="{host}/slow.json"></kusama-feed>')
    page.evaluate(
        "document.querySelector('kusama-feed').setAttribute('src', '" + embedding.host.address + "/market/feed.json')"
    )
    later.set()
    assert events(page, 1) == [["load", "", None]]
    expect(page.locator("kusama-feed h2")).to_have_text("Kusama News: Market")


def test_a_second_copy_of_the_module_does_no_harm(embedding: Embedding) -> None:
    page = embedding.show(EMBED + '<script type="module" src="{host}/embed.js?again"></script>')
    events(page, 1)
    assert embedding.host.times("/embed.js") == 2
    assert len(titles(page)) == 5


def test_an_embed_made_by_a_script_works_like_one_that_was_written(embedding: Embedding) -> None:
    page = embedding.show("")
    page.evaluate(
        """(src) => {
        const feed = document.createElement("kusama-feed");
        feed.setAttribute("limit", "2");
        feed.setAttribute("src", src);
        document.body.append(feed);
    }""",
        embedding.host.address + "/feed.json",
    )
    expect(page.locator("kusama-feed li")).to_have_count(2)
    page.evaluate("document.querySelector('kusama-feed').hidden = true")
    expect(page.locator("kusama-feed")).not_to_be_visible()


REFRESHED = '<kusama-feed src="{host}/small.json" refresh="1"></kusama-feed>'


def refreshed(embedding: Embedding) -> Page:
    """A page with an embed that has loaded once, under a clock that stands still."""
    embedding.feed("/small.json", FEED)
    page = embedding.show(REFRESHED, prepare=lambda page: page.clock.install())
    events(page, 1)
    return page


def test_a_feed_is_asked_for_again_every_five_minutes_at_most(embedding: Embedding) -> None:
    page = refreshed(embedding)
    embedding.feed("/small.json", {**FEED, "items": [{**ITEM, "title": "Two"}, ITEM]})
    page.clock.run_for(5 * MINUTE - 1000)
    assert embedding.host.times("/small.json") == 1
    page.clock.run_for(2000)
    events(page, 2)
    assert titles(page) == ["Two", "One"]
    page.evaluate("document.querySelector('kusama-feed').removeAttribute('refresh')")
    page.clock.run_for(60 * MINUTE)
    page.evaluate("document.querySelector('kusama-feed').setAttribute('refresh', '30')")
    page.clock.run_for(30 * MINUTE - 1000)
    assert embedding.host.times("/small.json") == 2
    page.clock.run_for(2000)
    events(page, 3)
    page.evaluate("document.querySelector('kusama-feed').remove()")
    page.clock.run_for(60 * MINUTE)
    assert embedding.host.times("/small.json") == 3


def test_an_unchanged_feed_is_not_drawn_again(embedding: Embedding) -> None:
    page = refreshed(embedding)
    page.evaluate("globalThis.before = document.querySelector('kusama-feed').shadowRoot.querySelector('li')")
    page.clock.run_for(5 * MINUTE + 1000)
    events(page, 2)
    assert page.evaluate("before.isConnected")


def test_a_refresh_that_fails_leaves_what_is_shown(embedding: Embedding) -> None:
    page = refreshed(embedding)
    embedding.feed("/small.json", "<!doctype html>")
    page.clock.run_for(5 * MINUTE + 1000)
    assert events(page, 2)[1][0] == "error"
    assert titles(page) == ["One"]
    embedding.feed("/small.json", {**FEED, "items": [{**ITEM, "title": "Two"}]})
    page.clock.run_for(5 * MINUTE)
    events(page, 3)
    assert titles(page) == ["Two"]


def test_a_refresh_waits_while_the_keyboard_is_inside(embedding: Embedding) -> None:
    page = refreshed(embedding)
    embedding.feed("/small.json", {**FEED, "items": [{**ITEM, "title": "Two"}]})
    page.locator("kusama-feed li a").focus()
    page.clock.run_for(5 * MINUTE + 1000)
    events(page, 2)
    expect(page.locator("kusama-feed li a")).to_be_focused()
    assert titles(page) == ["One"]
    page.evaluate("document.querySelector('kusama-feed').shadowRoot.activeElement.blur()")
    page.clock.run_for(5 * MINUTE)
    events(page, 3)
    assert titles(page) == ["Two"]


def test_a_page_that_nobody_sees_asks_for_nothing(embedding: Embedding) -> None:
    page = refreshed(embedding)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.clock.run_for(60 * MINUTE)
    assert embedding.host.times("/small.json") == 1
    page.evaluate("delete document.hidden")
    page.clock.run_for(5 * MINUTE)
    events(page, 2)
    assert embedding.host.times("/small.json") == 2
