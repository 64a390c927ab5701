"""Entries stand on their own: links, notes and headings mean the same wherever an entry is read."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone

import feedparser
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feedgen_kusama.documents import Reader
from feedgen_kusama.entries import MOST_TOLD
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.model import Selection
from feedgen_kusama.settings import Settings
from tests.publishing import Assembly, assemble

NOW = datetime(2024, 7, 1, tzinfo=timezone.utc)
PAGE = "https://kusama-news.example/editions/2024-05.html"
OTHER = """# Kusama News - April 2024

## Treasury Vote Closes

The vote on the treasury closed.
"""


def publish(settings: Settings, **files: str) -> Assembly:
    reader = Reader(settings)
    documents = [reader.parse(text, f"{name.replace('__', '/')}.md") for name, text in files.items()]
    return assemble(settings, documents, Ledger(authority="kusama-news.example,2026", records=()), NOW)


def body(settings: Settings, markdown: str) -> str:
    """The HTML of a story of May with this body, beside a story of April."""
    head = "# Kusama News - May 2024\n\n# Spring Ends Early\n\nThe month in brief.\n\n## Runtime Upgrade's Long Way"
    text = f"{head}\n\n{markdown}\n\n## Market Stays Calm\n\nKSM price news.\n"
    assembly = publish(settings, may=text, april=OTHER)
    return next(entry.html for entry in assembly.entries if entry.title.startswith("Runtime"))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("#market-stays-calm", f"{PAGE}#market-stays-calm"),
        ("#runtime-upgrades-long-way", f"{PAGE}#runtime-upgrade-s-long-way"),
        ("april.md", "https://kusama-news.example/editions/2024-04.html"),
        ("./april.md#treasury-vote-closes", "https://kusama-news.example/editions/2024-04.html#treasury-vote-closes"),
        ("https://example.org/april.md", "https://example.org/april.md"),
        ("/about", "https://kusama-news.example/about"),
    ],
)
def test_a_link_between_documents_is_the_entrys_permanent_link(settings: Settings, address: str, expected: str) -> None:
    assert f'href="{expected}"' in body(settings, f"See [there]({address}).")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("See [it][x].\n\nMore.\n\n[x]: https://example.org/ref", '<a href="https://example.org/ref">it</a>'),
        ("Text.\n\n#### One\n\ntext\n\n###### Two\n\ntext", "<h3>One</h3>"),
        ("A.\n\n- [x] done\n- [ ] open", "<li>\u2611 done</li>"),
        ("The JAM.\n\n*[JAM]: Join-Accumulate Machine", '<abbr title="Join-Accumulate Machine">JAM</abbr>'),
        ("A.\n\n- [x] done\n\n- [ ] open", "<li><p>\u2611 done</p>"),
        ("Words.\n\nTerm\n: what it means", "<dt>Term</dt>"),
        ("| a | b |\n|---|---|\n| AT&T | 1 |", "<td>AT&amp;T</td>"),
        ("```\n# no heading <b>\n```", "# no heading &lt;b&gt;"),
        ("AT&T, AT&amp;T and &copy; 2024.", "AT&amp;T, AT&amp;T and © 2024."),
    ],
    ids=["reference", "headings", "tasks", "loose tasks", "abbreviation", "definition", "table", "code", "entities"],
)
def test_what_markdown_means_stands_in_the_entry(settings: Settings, markdown: str, expected: str) -> None:
    assert expected in body(settings, markdown)


def test_footnotes_lead_to_the_entrys_own_notes(settings: Settings) -> None:
    html = body(settings, "So it was.[^a] And so.[^a]\n\n[^a]: Says who.")
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 2
    assert all(target in ids for target in re.findall(rf'href="{re.escape(PAGE)}#([^"]+)"', html))


def test_a_month_is_one_entry_with_a_linked_table_of_contents(settings: Settings) -> None:
    text = "# Kusama News - May 2024\n\n# Spring Ends\n\nIn short.\n\n## Market Stays Calm\n\nKSM price news.\n"
    assembly = publish(settings, may=text)
    feed = json.loads(assembly.files["editions/feed.json"])
    (item,) = feed["items"]
    assert (item["id"], item["url"]) == ("tag:kusama-news.example,2026:editions/2024-05", PAGE)
    assert item["title"] == "May 2024: Spring Ends"
    assert re.findall(r'<a href="([^"]+)">([^<]+)</a>', item["content_html"]) == [
        (f"{PAGE}#spring-ends", "Spring Ends"),
        (f"{PAGE}#market-stays-calm", "Market Stays Calm"),
    ]


@pytest.mark.parametrize(("count", "more"), [(MOST_TOLD, ""), (MOST_TOLD + 1, "and 1 more"), (290, "and 250 more")])
def test_a_month_of_very_many_stories_lists_the_first_and_leads_to_all(settings: Settings, count: int, more: str) -> None:
    stories = "\n".join(f"## Market Day {number}\n\nWords of story {number}.\n" for number in range(count))
    files = publish(settings, may=f"# Kusama News - May 2024\n\n{stories}").files
    (item,) = json.loads(files["editions/feed.json"])["items"]
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', item["content_html"])
    assert [title for _, title in links[:MOST_TOLD]] == [f"Market Day {number}" for number in range(MOST_TOLD)]
    assert links[MOST_TOLD:] == ([(PAGE, more)] if more else [])
    is_whole = more == ""
    assert all(("Words of story" in item[part]) is is_whole for part in ("content_html", "content_text"))
    assert files["editions/2024-05.html"].count(b"Words of story") >= count


def test_a_combined_feed_holds_the_entries_of_its_topics(settings: Settings) -> None:
    chosen = Selection(id="money", title="Money", topics=("Market", "treasury"), limit=1)
    stories = "## Market Stays Calm\n\nKSM price.\n\n## Treasury Vote\n\nReferendum.\n\n## Runtime\n\nUpgrade."
    text = f"# Kusama News - May 2024\n\n{stories}"
    assembly = publish(replace(settings, feeds=(chosen,)), may=text)
    assert [i["title"] for i in json.loads(assembly.files["money/feed.json"])["items"]] == ["Market Stays Calm"]
    archive = json.loads(assembly.files["money/archive/2024/feed.json"])
    assert [i["title"] for i in archive["items"]] == ["Market Stays Calm", "Treasury Vote"]


def test_the_hub_is_named_in_every_format(settings: Settings) -> None:
    hub = "https://hub.example/"
    files = publish(replace(settings, hub=hub), april=OTHER).files
    for name in ("rss.xml", "atom.xml"):
        assert hub in [link.href for link in feedparser.parse(files[name]).feed.links if link.rel == "hub"]
    assert json.loads(files["feed.json"])["hubs"] == [{"type": "WebSub", "url": hub}]


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=40), max_size=6))
def test_all_formats_carry_the_same_entries_in_the_same_order(settings: Settings, titles: list[str]) -> None:
    sections = "\n\n".join(f"## {title}\n\nText of story {n}.\n" for n, title in enumerate(titles))
    files = publish(settings, may=f"# Kusama News - May 2024\n\n# The Month of May in Brief\n\nLead.\n\n{sections}").files
    for path in (p for p in files if p.endswith("feed.json")):
        folder = path.removesuffix("feed.json")
        ids = [item["id"] for item in json.loads(files[path])["items"]]
        for name in ("rss.xml", "atom.xml"):
            assert [entry.id for entry in feedparser.parse(files[folder + name]).entries] == ids
