"""`check` finds every fault that its rules are for, none in what is published, and keeps bad feeds from being written."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from feedgen_kusama.characters import find_forbidden
from feedgen_kusama.check import Finding, check_files, content, fetch, find_faults
from feedgen_kusama.check.findings import Fault, Faults
from feedgen_kusama.check.parse import parse_published
from feedgen_kusama.check.parsed import Parsed
from feedgen_kusama.check.relations import RELATIONS
from feedgen_kusama.check.rules import RULES, Rule
from feedgen_kusama.formats import FORMATS, rss
from tests.publishing import NOW, RICH, SETTINGS, edited, publish, published_folder, published_rich
from tests.quiet_server import QuietServer
from tests.readings import ROOT, SHARED

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

OLD = "archive/2024/"
PAGES = "https://kusama-news.example/editions/"
ANOTHER = "https://kusama-news.example/governance/"
BROKEN = [
    ("readable", "rss.xml", "</channel>", ""),
    ("readable", "rss.xml", "<rss ", "<!DOCTYPE rss><rss "),
    ("readable", "rss.xml", "<item>", "<item>&#1;"),
    ("readable", "rss.xml", "<.*>", "<html/>"),
    ("readable", "feed.json", "}\n$", ""),
    ("readable", "feed.json", "^.*$", "[" * 100_000),
    ("readable", "feed.json", "version/1.1", "version/2"),
    ("readable", "feed.json", '"items"', '"entries"'),
    ("readable", "feed.json", "^.*$", "[]"),
    ("readable", "feeds.opml", "</body>", ""),
    ("element", "rss.xml", "<title>.*?</title>", ""),
    ("element", "rss.xml", "<guid.*?</guid>", ""),
    ("element", "rss.xml", "<pubDate>.*?</pubDate>", "<pubDate> </pubDate>"),
    ("element", "atom.xml", "<updated>.*?</updated>", ""),
    ("element", "atom.xml", "<published>.*?</published>", ""),
    ("element", "atom.xml", '<link href="[^"]*editions[^>]*>', ""),
    ("element", "feed.json", '"title"', '"name"'),
    ("element", "feed.json", '"id": "tag:[^"]*2024-11[^"]*"', '"id": 1'),
    ("element", "feed.json", '"url"', '"URL"'),
    ("element", "feeds.opml", "<title>.*?</title>", ""),
    ("repeated-element", "rss.xml", "<link>", "<link>https://example.org/</link><link>"),
    ("repeated-element", "atom.xml", "</summary>", '</summary><summary type="html">again</summary>'),
    ("self", "rss.xml", 'rel="self"', 'rel="related"'),
    ("self", "atom.xml", 'rel="prev-archive"', 'rel="self"'),
    ("self", "feed.json", "feed_url", "feed-url"),
    ("author", "rss.xml", "<dc:creator>.*?</dc:creator>", ""),
    ("author", "atom.xml", "<name>Kusama News", "<name> "),
    ("author", "atom.xml", "Zoë Lindeqvist", ""),
    ("author", "feed.json", '"authors"', '"author"'),
    ("author", "feed.json", "Zoë Lindeqvist", ""),
    ("language", "rss.xml", "<language>.*?</language>", ""),
    ("language", "atom.xml", 'xml:lang="en"', 'xml:lang="English language"'),
    ("language", "feed.json", '"language"', '"lang"'),
    ("repeated-id", "rss.xml", "2024-11/validators-[^<]*", "2024-11/council-votes-on-the-referendum"),
    ("repeated-id", "feed.json", '2024-11/validators-[^"]*', "2024-11/council-votes-on-the-referendum"),
    ("id", "rss.xml", ">tag:kusama-news.example,2026:", ">tag:kusama-news.example:"),
    ("id", "atom.xml", "<id>tag:kusama-news.example,2026:", "<id>tag:kusama_news.example,2026:"),
    ("id", "atom.xml", "example,2026", "example,2026-13"),
    ("id", "atom.xml", "<id>tag:[^<]*", "<id>tag:kusama-news.example,2026:a b"),
    ("id", "feed.json", '"id": "tag:', '"id": "tag '),
    ("permalink", "rss.xml", ' isPermaLink="false"', ""),
    ("permalink", "rss.xml", 'isPermaLink="false"', 'isPermaLink="true"'),
    ("date", "rss.xml", "Nov 2024", "Nov 24"),
    ("date", "rss.xml", "<pubDate>Sat", "<pubDate>Mon"),
    ("date", "rss.xml", "<pubDate>Sat, 30", "<pubDate>Sat, 31"),
    ("date", "atom.xml", "2024-11-30T", "2024-11-31T"),
    ("date", "atom.xml", r"12:00:00\+00:00", "12:00:00"),
    ("date", "feed.json", "2024-11-30T", "30 November 2024 "),
    ("future", "rss.xml", "<pubDate>Sat, 30 Nov 2024", "<pubDate>Sat, 30 Nov 2030"),
    ("future", "atom.xml", "<updated>2024", "<updated>2030"),
    ("future", "feed.json", '_published": "2024', '_published": "2030'),
    ("repeated-date", "rss.xml", "11:59:59", "12:00:00"),
    ("repeated-date", "atom.xml", "<updated>2024-11-30T11:59:59", "<updated>2024-11-30T12:00:00"),
    ("repeated-date", "feed.json", "11:59:59Z", "12:00:00Z"),
    ("order", "rss.xml", "<pubDate>Sat, 30 Nov 2024 12", "<pubDate>Sat, 30 Nov 2024 10"),
    ("order", "atom.xml", "<published>2024-11-30T12", "<published>2024-11-30T10"),
    ("order", "feed.json", '_published": "2024-11-30T12', '_published": "2024-11-30T10'),
    ("update", "rss.xml", "<lastBuildDate>Sat, 30", "<lastBuildDate>Fri, 29"),
    ("update", "atom.xml", "<updated>2024-11-30", "<updated>2024-12-30"),
    ("update", "atom.xml", "<updated>2024-11-30", "<updated>2024-11-29"),
    ("link", "rss.xml", "<link>https://kusama-news.example/editions", "<link>editions"),
    ("link", "atom.xml", "html#council", "html#cöuncil"),
    ("link", "feed.json", '"home_page_url": "https:', '"home_page_url": "'),
    ("link", "feeds.opml", 'xmlUrl="https:', 'xmlUrl="'),
    ("canonical", "rss.xml", "<link>https://kusama-news.example/<", "<link>https://kusama-news.example<"),
    ("canonical", "atom.xml", '<link href="https://kusama-news.example/"', '<link href="https://Kusama-News.example/"'),
    ("canonical", "atom.xml", '<link href="https://kusama-news.example/"', '<link href="https://kusama-news.example:443/"'),
    ("canonical", "atom.xml", "/editions/2024-11.html#council", "/%65ditions/2024-11.html#council"),
    ("canonical", "feed.json", "/editions/2024-11.html#council", "/x/../editions/2024-11.html#council"),
    ("content", "rss.xml", 'href="https://kusama-news.example/votes', 'href="../votes'),
    ("content", "atom.xml", 'src="https://kusama-news.example/', 'src="//'),
    ("content", "atom.xml", 'href="https://[^"]*#(?=[a-z-]*-fn-1)', 'href="#'),
    ("content", "atom.xml", 'href="https://example.org/', 'href="https://[example.org/'),
    ("content", "atom.xml", 'href="https://example.org/[^"]*', 'href="java&amp;#10;script:x()'),
    ("content", "rss.xml", "&lt;p&gt;", "&lt;p onclick=&quot;x()&quot;&gt;"),
    *(("content", "feed.json", "<p>", f"<{tag}></{tag}><p>") for tag in "script style iframe object embed form".split()),
    ("content", "rss.xml", "<item>.*?<description>", "<item><description>&lt;script&gt;x()&lt;/script&gt;"),
    ("character", "rss.xml", "<item>.*?<title>", "<item><title>\x85\x86"),
    ("character", "atom.xml", "<subtitle>", "<subtitle>\ufffd"),
    ("character", "feed.json", "<p>", r"<p>\u0007"),
    ("title", "rss.xml", "<title>Council", "<title>&lt;b&gt;Council&lt;/b&gt;"),
    ("title", "atom.xml", "<title>Council", "<title>&amp;quot;Council"),
    ("title", "feed.json", '"title": "Council', '"title": "&#39;Council'),
    ("undeclared", "atom.xml", '<summary type="html">', "<summary>"),
    ("undeclared", "atom.xml", '<content type="html">', '<content type="text">'),
    ("text", "rss.xml", "<content:encoded>.*?</content:encoded>", ""),
    ("text", "atom.xml", "<summary.*?</summary>", ""),
    ("text", "feed.json", '"content_html"', '"content"'),
    ("size", "rss.xml", "<item>", f"<!--{'x' * 512 * 1024}--><item>"),
    ("outline", "feeds.opml", ' type="rss"', ""),
    ("outline", "feeds.opml", ' text="[^"]*"', ' text=" "'),
    ("outline", "feeds.opml", " title=", " name="),
    ("outline", "feeds.opml", " xmlUrl=", " url="),
    ("dead-outline", "feeds.opml", "governance/atom.xml", "governance/atom"),
    ("dead-outline", "feeds.opml", 'xmlUrl="https://kusama-news', 'xmlUrl="https://news'),
    ("address", "rss.xml", 'example/rss.xml" rel="self"', 'example/feed.xml" rel="self"'),
    (
        "address",
        OLD + "atom.xml",
        'href="https://([^"]*)" rel="self"',
        'href="https://example.org/archive/2024/atom.xml" rel="self"',
    ),
    ("address", "feed.json", "feed_url[^,]*", f'feed_url": "{ANOTHER}feed.json"'),
    ("missing-format", "governance/feed.json", "^.*$", None),
    ("missing-format", OLD + "rss.xml", "^.*$", None),
    ("formats", "rss.xml", "<item>.*?</item>", ""),
    ("formats", "feed.json", "2024-11/council-votes", "2024-11/council-rests"),
    ("formats", OLD + "atom.xml", "(<entry>.*?</entry>)(.*?)(<entry>.*?</entry>)", "<!-- -->"),
    ("chain", "atom.xml", "archive/2024/atom.xml", "archive/2023/atom.xml"),
    ("chain", "rss.xml", 'rel="prev-archive"', 'rel="related"'),
    ("chain", "rss.xml", 'rel="prev-archive"', 'rel="current"'),
    ("chain", "feed.json", "next_url", "next"),
    ("chain", OLD + "rss.xml", 'rel="current"', 'rel="prev-archive"'),
    ("chain", OLD + "rss.xml", "<item>.*?</item>", ""),
    ("chain", OLD + "feed.json", '"archive": true', '"archive": false'),
    ("chain", OLD + "atom.xml", "<fh:archive/>", ""),
    ("chain", OLD + "atom.xml", 'rel="current"', 'rel="next-archive"'),
    ("chain", OLD + "atom.xml", "https://kusama-news.example/atom.xml", f"{ANOTHER}atom.xml"),
    ("anchor", "editions/2024-11.html", 'id="council-votes-on-the-referendum"', ""),
    ("dead-link", "atom.xml", "&lt;p&gt;", f"&lt;p&gt;&lt;a href='{PAGES}2024-13.html'&gt;&lt;/a&gt;"),
    ("dead-link", "rss.xml", "&lt;p&gt;", f'&lt;p&gt;&lt;img src="{PAGES}x.png"&gt;'),
    ("dead-link", "feed.json", "<p>", f"<p><a href='{PAGES}?x#'>x</a><a href='{PAGES}2024-11.html#nowhere'>x</a>"),
]
"""A rule, a file, a pattern in it, and what stands in its place once the file is broken; None: the file is gone."""


def rules_in(findings: list[Finding]) -> set[str]:
    return {finding.rule for finding in findings}


@pytest.mark.parametrize(("rule", "path", "old", "new"), BROKEN)
def test_a_rule_finds_what_it_is_for(rule: str, path: str, old: str, new: str | None) -> None:
    files = dict(published_rich().files)
    if new is None:
        del files[path]
    else:
        files[path] = edited(files[path].decode(), old, new).encode()
    findings = [finding for finding in check_files(files, NOW) if finding.rule == rule]
    assert findings
    assert any(path.rpartition("/")[2] in str(finding) for finding in findings)
    assert all(re.search(": [a-z]|, not |not readable", finding.message) for finding in findings)


def test_no_rule_is_dead() -> None:
    known = {rule.name for rule in (*RULES, *RELATIONS)}
    assert {rule for rule, *_ in BROKEN} | {"media", "site"} == known | {"readable", "site"}


@pytest.mark.parametrize("name", ["rss.rss", "feed.json.xml"])
def test_a_feed_whose_name_has_the_wrong_end_is_found(name: str) -> None:
    files = {name: publish({"2024-11.md": RICH}).files["rss.xml"]}
    assert ("media" in rules_in(check_files(files, NOW))) == name.endswith(".rss")


@pytest.mark.parametrize("source", [ROOT / "news", SHARED / "editions"], ids=["samples", "archive"])
def test_what_is_published_has_no_finding(source: Path) -> None:
    if not source.is_dir():
        pytest.skip("the real archive does not lie beside this repository")
    assert check_files(published_folder(source).files, NOW) == []


LINKING = """# News - November 2024

## One Thing

A [thing](#another-thing), a [month](2024-10.md), a [story](2024-10.md#council-votes-on-the-referendum), a note[^1],
![a picture](a%20b.png?x=1&y=2) and [what lies elsewhere](/elsewhere/). {more}

[^1]: Noted.

## Another Thing

Words.
"""


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("", None),
        ("[Gone](2024-09.md)", "2024-09.md leads to no file"),
        ("[Gone](#nowhere)", "2024-11.html#nowhere leads to no place on its page"),
        ("![Gone](gone.png) ![Gone](gone.png)", "gone.png leads to no file"),
    ],
)
def test_links_within_the_site_that_lead_nowhere_are_told_once(more: str, fault: str | None) -> None:
    documents = {"2024-11.md": LINKING.replace("{more}", more), "2024-10.md": RICH.replace("November", "October")}
    files = {**publish(documents).files, "editions/a b.png": b""}
    found = [finding for finding in check_files(files, NOW) if finding.rule != "update"]
    assert [(finding.rule, finding.entry) for finding in found] == ([("dead-link", "One Thing")] if fault else [])
    assert all(f"{PAGES}{fault}: " in finding.message for finding in found)


def test_without_pages_nothing_is_said_of_links_to_them() -> None:
    documents = {"2024-11.md": LINKING.replace("{more}", "[Gone](#nowhere)")}
    assert check_files(publish(documents, replace(SETTINGS, pages=False)).files, NOW) == []


def test_what_is_hard_in_html_has_no_finding() -> None:
    code = "\n## Code\n\nWrite `<script>x()</script>` and `<p onclick=x>`.\n\n    <iframe src=x>\n"
    assert check_files(publish({"2024-11.md": RICH + code}).files, NOW) == []


def test_a_publication_without_entries_has_no_finding() -> None:
    assert check_files(publish({}).files, NOW) == []


@pytest.mark.parametrize("url", ["http://localhost:8080/", "https://xn--bcher-kva.example/k%C3%BCrz/feeds/"])
def test_a_site_below_a_path_has_no_finding(url: str) -> None:
    assert check_files(publish({"2024-11.md": RICH}, replace(SETTINGS, url=url)).files, NOW, site=url) == []


def test_former_addresses_with_the_same_feed_have_no_finding() -> None:
    topics = tuple(replace(topic, former=("politics",)) if topic.id == "governance" else topic for topic in SETTINGS.topics)
    files = publish({"2024-11.md": RICH}, replace(SETTINGS, topics=topics)).files
    assert files["politics/rss.xml"] == files["governance/rss.xml"]
    assert check_files(files, NOW) == []


def test_files_that_are_no_feeds_are_none_of_its_business() -> None:
    files = dict(published_rich().files)
    files |= {"sitemap.xml": b"<urlset/>", "draft.xml": b"<a", "package.json": b"{}", "list.json": b"[1", "x.html": b""}
    assert check_files(files, NOW) == []


def test_documents_that_name_another_site_are_told_once() -> None:
    findings = check_files(published_rich().files, NOW, site="https://example.org/")
    assert [(finding.path, finding.rule) for finding in findings] == [("", "site")]


def test_a_finding_names_place_entry_fault_and_cure() -> None:
    files = dict(published_rich().files)
    files["rss.xml"] = edited(files["rss.xml"].decode(), "Zoë Lindeqvist", "").encode()
    (finding,) = check_files(files, NOW)
    assert str(finding) == "rss.xml: Council Votes on the Referendum: no author's name (RSS: dc:creator): add it"
    with pytest.raises(AttributeError):
        finding.path = "x"  # type: ignore[misc]


def test_every_forbidden_character_is_looked_for() -> None:
    for character in map(chr, range(0x11000)):
        assert content._forbidden(character) == (character if find_forbidden(character) else "")


def test_before_publishing_each_entry_is_looked_into_once_in_every_format() -> None:
    """Until it is sound: one at fault is told of every document in which it stands."""
    sound = published_rich().files
    broken = {path: re.sub("Zoë Lindeqvist", "", text.decode()).encode() for path, text in sound.items()}
    paths = ("rss.xml", "governance/rss.xml")
    said = [(fault.path, fault.rule) for fault in find_faults([(path, broken[path]) for path in paths], NOW)]
    assert said == [("rss.xml", "author"), ("governance/rss.xml", "author")]
    assert list(find_faults([("rss.xml", sound["rss.xml"]), ("governance/rss.xml", broken["governance/rss.xml"])], NOW)) == []
    assert len(list(find_faults([("atom.xml", sound["atom.xml"]), ("rss.xml", broken["rss.xml"])], NOW))) == 1


def test_before_publishing_only_fresh_entries_are_looked_into_but_the_ids_of_all() -> None:
    text = published_rich().files["rss.xml"].decode()
    document = parse_published("rss.xml", text.encode())
    assert document
    (at_fault,) = (entry.id for entry in document.entries if entry.author == "Zoë Lindeqvist")
    broken = [("rss.xml", text.replace("Zoë Lindeqvist", "").encode())]
    assert list(find_faults(broken, NOW, fresh={"tag:another"})) == []
    assert [fault.rule for fault in find_faults(broken, NOW, fresh={at_fault})] == ["author"]
    doubled = [("rss.xml", re.sub("(<item>.*?</item>)", r"\1\1", text, count=1, flags=re.DOTALL).encode())]
    assert [fault.rule for fault in find_faults(doubled, NOW, fresh=())] == ["repeated-id"]
    without = [("rss.xml", re.sub("<guid.*?</guid>", "", text, count=1).encode())]
    assert [fault.rule for fault in find_faults(without, NOW, fresh=())] == ["element"]


def test_a_fault_that_is_published_already_is_found_again_by_the_build_that_would_publish_it_elsewhere(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one is that only a new version knows: what is unchanged is not replaced, and no reason to refuse."""
    cache = project.folder / "cache"
    assert project.build("--cache", str(cache)).status == 0
    cache.unlink()

    def find(document: Parsed, _: datetime) -> Faults:
        return (Fault(entry.name, "is at fault") for entry in document.entries if ":2024-03/" in entry.id)

    monkeypatch.setattr("feedgen_kusama.check.RULES", (Rule("new", "error", find),))
    assert project.build("--cache", str(cache)).status == 0
    project.edit("kusama-news-2023-02.md", "the", "thee")
    outcome = project.build("--cache", str(cache))
    assert outcome.status == 3
    assert outcome.err[0].endswith("is at fault")


# As a command


def test_samples_as_published_are_status_0(project: Project) -> None:
    assert project.build().status == 0
    outcome = project.run("check")
    assert (outcome.status, outcome.err) == (0, ())
    assert re.fullmatch(r"\d+ files: nothing found", "\n".join(outcome.out))


def test_findings_are_status_1_and_one_line_each(project: Project) -> None:
    assert project.build().status == 0
    path = project.feeds / "governance/rss.xml"
    path.write_text(path.read_text("utf-8").replace("<language>en</language>", ""), "utf-8")
    outcome = project.spawn("check", "feeds/")
    assert outcome.status == 1
    assert outcome.out == ("feeds/governance/rss.xml: the language '' is none: write one like `en` or `pt-BR`",)


def test_a_check_before_the_times_of_the_feeds_finds_them_in_the_future(project: Project) -> None:
    assert project.build().status == 0
    outcome = project.run("check", "--now", "2020-01-01")
    assert outcome.status == 1
    assert all("lies in the future" in line for line in outcome.out)


@pytest.mark.parametrize("where", ["nowhere", "feeds.toml", "news", "ftp://example.org/", "http://127.0.0.1:1/", "http://[/"])
def test_nothing_to_check_is_status_2(project: Project, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    outcome = project.run("check", where)
    assert (outcome.status, outcome.out, len(outcome.err)) == (2, (), 1)


def test_a_build_is_refused_before_it_replaces_good_feeds_by_bad_ones(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert project.build().status == 0
    before = project.published()
    monkeypatch.setitem(FORMATS, rss.NAME, lambda feed: rss.render(feed).replace(b"<language>en</language>", b""))
    outcome = project.build("--no-cache")
    assert outcome.status == 3
    assert outcome.err[0].startswith("archive/2023/rss.xml: the language")
    assert "nothing was changed" in outcome.err[-1]
    assert project.published() == before
    assert project.build("--dry-run", "--no-cache").status == 3


def test_a_clock_that_went_back_does_not_keep_a_build_from_publishing(project: Project) -> None:
    assert project.build().status == 0
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    assert project.build(now="2021-01-01").status == 0


def test_a_build_that_changes_nothing_checks_nothing(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert project.build().status == 0
    monkeypatch.setattr("feedgen_kusama.check.find_faults", None)
    assert project.build().status == 0
    project.edit("2024-03.md", "Two subjects filled", "Three subjects filled")
    with pytest.raises(TypeError):
        project.build()


# Over http


MEDIA_TYPES = {".xml": "application/xml", ".json": "application/feed+json", ".opml": "text/x-opml", "": "text/html"}


class Host(SimpleHTTPRequestHandler):
    """A host that may be told to answer otherwise, by path."""

    answers: Mapping[str, tuple[int, str, bytes]] = {}
    extensions_map = MEDIA_TYPES

    def do_GET(self) -> None:
        if self.path not in self.answers:
            super().do_GET()
            return
        status, media, body = self.answers[self.path]
        self.send_response(status)
        self.send_header("Content-Type" if status == 200 else "Location", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served(folder: Path, **answers: tuple[int, str, bytes]) -> Iterator[str]:
    """The folder at an address on this machine."""
    host = type("ThisHost", (Host,), {"answers": {f"/{path}": answer for path, answer in answers.items()}})
    server = QuietServer(("127.0.0.1", 0), partial(host, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


def test_a_served_site_is_followed_through_its_archives_and_has_no_finding(project: Project) -> None:
    with served(project.feeds) as url:
        assert project.build("--url", url).status == 0
        outcome = project.run("check", url)
        names = {path for path in project.published() if path.endswith((".xml", ".json", ".opml"))}
        assert (outcome.status, outcome.out) == (0, (f"{len(names)} files: nothing found",))
        assert set(fetch.fetch_site(url.rstrip("/")).files) == names
        chain = {path for path in names if path.startswith("governance/") and path.endswith("atom.xml")}
        found = fetch.fetch_site(f"{url}governance/atom.xml")
        assert {found.site.removeprefix(url) + path for path in found.files} == chain
        assert project.run("check", f"{url}governance/atom.xml").status == 0


def test_a_site_served_elsewhere_than_it_says_is_told_once(project: Project) -> None:
    assert project.build().status == 0
    with served(project.feeds) as url:
        outcome = project.run("check", url)
        assert len(fetch.fetch_site(url).files) > 100
    assert (outcome.status, len(outcome.out)) == (1, 1)
    assert outcome.out[0].startswith(f"{url}: its documents say that it is https://kusama-news.example/")


def test_what_a_host_does_wrong_is_found(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(project.feeds) as url:
        assert project.build("--url", url).status == 0
    answers = {
        "rss.xml": (200, "text/html", (project.feeds / "rss.xml").read_bytes()),
        "governance/rss.xml": (500, "", b""),
        "market/archive/2023/atom.xml": (404, "", b""),
        "outlook/atom.xml": (200, "application/atom+xml", b" " * 2_000_001),
        "technology/rss.xml": (302, "ftp://127.0.0.1/", b""),
    }
    monkeypatch.setattr(fetch, "LARGEST", 2_000_000)
    with served(project.feeds, **answers) as other:
        found = fetch.fetch_site(other)
        outcome = project.run("check", other)
    messages = {finding.path: finding.message for finding in found.findings}
    assert messages.keys() == answers.keys() - {"market/archive/2023/atom.xml"}
    assert messages["rss.xml"].startswith("served as text/html: have the host say one of application/rss+xml")
    assert messages["governance/rss.xml"].startswith("answered 500")
    assert messages["outlook/atom.xml"].startswith("more than 2,000,000 bytes")
    assert any("market/archive/2024/atom.xml: its archive before it is" in line for line in outcome.out)
    assert outcome.status == 1


@pytest.mark.parametrize("status", [404, 403])
def test_a_host_without_feeds_is_nothing_to_check(project: Project, status: int) -> None:
    answers = dict.fromkeys((*FORMATS, "feeds.opml"), (status, "", b""))
    with served(project.folder, **answers) as url:
        outcome = project.run("check", url)
    assert (outcome.status, len(outcome.err)) == (2, 1)


def test_a_host_that_answers_everything_with_a_page_is_found(project: Project) -> None:
    answers = dict.fromkeys((*FORMATS, "feeds.opml"), (200, "text/html", b"<p>Hello"))
    with served(project.folder, **answers) as url:
        outcome = project.run("check", url)
    assert (outcome.status, len(outcome.out)) == (1, 4)


def test_a_document_that_takes_too_long_is_given_up(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never answers
        outcome = project.run("check", f"http://127.0.0.1:{silent.getsockname()[1]}/")
    assert outcome.status == 2
    assert "more than 0.2 seconds" in outcome.err[0]


def test_a_chain_without_end_is_given_up(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(project.feeds) as url:
        assert project.build("--url", url).status == 0
        monkeypatch.setattr(fetch, "MOST", 7)
        assert len(fetch.fetch_site(url).files) == 7
