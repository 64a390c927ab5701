"""No rule of the W3C feed validator finds anything in what is published, and every rule finds what it is for."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from feedgen_kusama.pipeline import build
from feedgen_kusama.settings import Settings
from tests.publishing import NOW, RICH, SETTINGS, SOURCES, edited, publish, published_rich, read_tree
from tests.w3c import RULES, findings, site_findings

SITE = SETTINGS.url
ARCHIVE_RSS, ARCHIVE_ATOM = "archive/2024/rss.xml", "archive/2024/atom.xml"
BROKEN = [
    ("MissingSelf", "rss.xml", 'rel="self"', 'rel="related"'),
    ("MissingSelf", "atom.xml", 'rel="self"', 'rel="related"'),
    ("MissingSelf", "atom.xml", 'example/atom.xml" rel="self"', 'example/feed.xml" rel="self"'),
    ("MissingAuthor", "rss.xml", "<dc:creator>.*?</dc:creator>", ""),
    ("MissingAuthor", "atom.xml", "<author>.*?</author>", ""),
    ("MissingAuthor", "atom.xml", "Zoë Lindeqvist", " "),
    ("DuplicateUpdated", "rss.xml", "11:59:59", "12:00:00"),
    ("DuplicateUpdated", "atom.xml", "11:59:59", "12:00:00"),
    ("ImplausibleDate", "rss.xml", "<pubDate>Sat, 30 Nov 2024", "<pubDate>Sat, 30 Nov 2030"),
    ("ImplausibleDate", "atom.xml", "<updated>2024", "<updated>2030"),
    ("ImplausibleDate", "atom.xml", "<published>2024", "<published>1969"),
    ("InvalidDate", "rss.xml", "Nov 2024", "Nov 24"),
    ("InvalidDate", "rss.xml", "<pubDate>Sat", "<pubDate>Mon"),
    ("InvalidDate", "atom.xml", "2024-11-30T", "2024-11-31T"),
    ("InvalidDate", "atom.xml", r"12:00:00\+00:00", "12:00:00"),
    ("NotNewestFirst", "rss.xml", "<pubDate>Sat, 30 Nov 2024 12", "<pubDate>Sat, 30 Nov 2024 10"),
    ("NotNewestFirst", "atom.xml", "<published>2024-11-30T12", "<published>2024-11-30T10"),
    ("StaleUpdate", "atom.xml", "<updated>2024-11-30", "<updated>2024-12-30"),
    ("MissingLanguage", "rss.xml", "<language>.*?</language>", ""),
    ("MissingLanguage", "atom.xml", ' xml:lang="en"', ""),
    ("InvalidPermalink", "rss.xml", ' isPermaLink="false"', ""),
    ("InvalidPermalink", "rss.xml", 'isPermaLink="false"', 'isPermaLink="true"'),
    ("InvalidTAG", "rss.xml", ">tag:kusama-news.example,2026:", ">tag:kusama-news.example:"),
    ("InvalidTAG", "atom.xml", "<id>tag:kusama-news.example,2026:", "<id>tag:Kusama-News.example,2026:"),
    ("InvalidTAG", "atom.xml", "<id>tag:[^<]*", "<id>tag:kusama-news.example,2026:a b"),
    ("DuplicateIds", "rss.xml", "2024-11/validators-[^<]*", "2024-11/council-votes-on-the-referendum"),
    ("DuplicateIds", "atom.xml", "2024-11/validators-[^<]*</id>", "2024-11/council-votes-on-the-referendum</id>"),
    ("NonCanonicalURI", "rss.xml", "<link>https://kusama-news.example/<", "<link>https://kusama-news.example<"),
    ("NonCanonicalURI", "rss.xml", "<link>https://kusama-news.example/editions", "<link>editions"),
    ("NonCanonicalURI", "atom.xml", '<link href="https://kusama', '<link href="https://Kusama'),
    ("NonCanonicalURI", "atom.xml", "html#council", "html#cöuncil"),
    ("NonCanonicalURI", "atom.xml", "/editions/2024-11.html#council[^/]*/>", '/%65ditions/2024-11.html"/>'),
    ("NonCanonicalURI", "atom.xml", "/editions/2024-11.html#council[^/]*/>", '/x/../editions/2024-11.html"/>'),
    ("DuplicateAtomLink", "atom.xml", '" rel="alternate" type="text/html"/>', '"/><link href="https://example.org/"/>'),
    ("ArchiveWithoutCurrent", ARCHIVE_RSS, '<atom:link rel="current"', '<atom:link rel="related"'),
    ("ArchiveWithoutCurrent", ARCHIVE_ATOM, "<fh:archive/>", ""),
    ("ArchiveWithoutCurrent", "atom.xml", 'rel="prev-archive"', 'rel="current"'),
    ("MissingElement", "rss.xml", "<guid.*?</guid>", ""),
    ("MissingElement", "rss.xml", "<generator>.*?</generator>", ""),
    ("MissingElement", "atom.xml", "<generator>.*?</generator>", "<generator/>"),
    ("MissingElement", "atom.xml", "<published>.*?</published>", ""),
    ("MissingElement", "atom.xml", "</summary>", "</summary><summary>again</summary>"),
    ("MisplacedMetadata", "rss.xml", "</channel>", "<docs>x</docs></channel>"),
    ("MisplacedMetadata", "atom.xml", "</feed>", "<icon>x</icon></feed>"),
    ("BadCharacters", "rss.xml", "<item>.*?<title>", "<item><title>\x85"),
    ("BadCharacters", "atom.xml", "<category", '<category scheme="\ufffd"'),
    ("ContainsRelRef", "rss.xml", 'href="https://kusama-news.example/votes', 'href="../votes'),
    ("ContainsRelRef", "atom.xml", 'src="https://kusama-news.example/', 'src="//'),
    ("ContainsRelRef", "atom.xml", 'href="https://[^"]*#(?=[a-z-]*-fn-1)', 'href="#'),
    ("ContainsRelRef", "atom.xml", 'id="[a-z-]*-fn-1"', 'title="fn"'),
    ("ForeignId", "rss.xml", 'id="[a-z-]*-fn-1"', 'id="fn-1"'),
    ("SecurityRisk", "rss.xml", "&lt;p&gt;", "&lt;p onclick=&quot;x()&quot;&gt;"),
    ("SecurityRisk", "atom.xml", "&lt;p&gt;", "&lt;script&gt;x()&lt;/script&gt;&lt;p&gt;"),
    ("SecurityRisk", "atom.xml", "&lt;p&gt;", "&lt;iframe&gt;&lt;/iframe&gt;&lt;p&gt;"),
    ("SecurityRisk", "atom.xml", 'href="https://example.org/[^"]*', 'href="java script:x()'),
    ("NotHtml", "rss.xml", "&lt;/p&gt;", "&lt;/b&gt;"),
    ("NotHtml", "atom.xml", "&lt;p&gt;", "&lt;p&gt;&amp;nosuch;"),
    ("ContainsUndeclaredHTML", "rss.xml", "<title>Council", "<title>&lt;b&gt;Council&lt;/b&gt;"),
    ("ContainsUndeclaredHTML", "atom.xml", "<title>Council", "<title>&amp;quot;Council"),
    ("ContainsUndeclaredHTML", "atom.xml", '<summary type="html">', "<summary>"),
    ("MarkedUpSummary", "rss.xml", "<item>.*?<description>", "<item><description>&lt;b&gt;x&lt;/b&gt;"),
    ("SAXError", "rss.xml", "<item>", "<item>\x0c"),
    ("SAXError", "rss.xml", "<item>", "<item>&#1;"),
    ("SAXError", "atom.xml", "<feed", "<!DOCTYPE feed><feed"),
    ("SAXError", "atom.xml", "<subtitle>", "<subtitle><![CDATA[x]]>"),
    ("BrokenChain", "atom.xml", "archive/2024/atom.xml", "archive/2023/atom.xml"),
    ("BrokenChain", ARCHIVE_RSS, "<item>.*?</item>", ""),
    ("BrokenChain", ARCHIVE_RSS, "https://kusama-news.example/rss.xml", "https://kusama-news.example/governance/rss.xml"),
    ("BrokenChain", ARCHIVE_ATOM, 'rel="current"', 'rel="next-archive"'),
]
"""A rule, a file, a pattern in it, and what stands in its place once the file is broken."""


@pytest.mark.parametrize(("rule", "path", "old", "new"), BROKEN)
def test_a_rule_finds_what_it_is_for(rule: str, path: str, old: str, new: str) -> None:
    files = published_rich().files
    broken = edited(files[path].decode(), old, new).encode()
    assert rule in {finding.rule for finding in site_findings({**files, path: broken}, SITE, NOW)}


def test_no_rule_is_dead() -> None:
    assert {rule for rule, *_ in BROKEN} == {*RULES, "SAXError", "BrokenChain"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_published_samples_have_no_fault(source: Path, settings: Settings, tmp_path: Path) -> None:
    build(settings, source=source, output=tmp_path, now=NOW)
    files = read_tree(tmp_path)
    assert sum(path.endswith(".xml") for path in files) >= 2 * (1 + len(settings.topics))
    assert site_findings(files, settings.url, NOW) == []


def test_entities_code_notes_and_tables_have_no_fault() -> None:
    assert site_findings(_with_entries(SETTINGS, NOW), SITE, NOW) == []


def test_stories_changed_and_retracted_together_have_no_fault() -> None:
    first = publish({"2024-11.md": RICH})
    text = RICH.replace("are one", "were two").replace("voted", "has voted").split("## Validators", maxsplit=1)[0]
    later = NOW - timedelta(days=1)
    second = publish({"2024-11.md": text}, ledger=first.ledger, now=later)
    assert [entry.updated == entry.published for entry in second.entries] == [False, False]
    assert b"deleted-entry" in second.files["atom.xml"]
    for path in ("rss.xml", "atom.xml", ARCHIVE_RSS, ARCHIVE_ATOM, "editions/rss.xml", "editions/atom.xml"):
        assert findings(second.files[path], SITE + path, later) == []


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_feed_without_entries_has_no_fault(name: str) -> None:
    files = publish({}).files
    assert findings(files[f"outlook/{name}"], f"{SITE}outlook/{name}", NOW) == []


@pytest.mark.parametrize("url", ["http://localhost:8080/", "https://xn--bcher-kva.example/k%C3%BCrz/feeds/"])
def test_a_site_below_a_path_has_no_fault(url: str) -> None:
    settings = replace(SETTINGS, url=url)
    assert site_findings(_with_entries(settings, NOW), url, NOW) == []


def _with_entries(settings: Settings, now: datetime) -> dict[str, bytes]:
    """The feeds that hold entries."""
    assembly = publish({"2024-11.md": RICH}, settings, now=now)
    empty = {feed.folder for feed in assembly.feeds if not feed.entries}
    return {path: data for path, data in assembly.files.items() if path[: path.rfind("/") + 1] not in empty}
