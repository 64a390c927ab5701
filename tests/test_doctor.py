"""`doctor` finds what is wrong with how a publication is served, nothing where all is well, and says how to cure it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from feedgen_kusama.doctor import Diagnosis, diagnose
from feedgen_kusama.doctor.cures import ANY, cures_for, read_cures
from feedgen_kusama.doctor.hosts import HOSTS, recognise_host
from feedgen_kusama.doctor.observe import observe
from feedgen_kusama.doctor.observed import Observations
from feedgen_kusama.doctor.report import MOST_ADDRESSES, render_report
from feedgen_kusama.doctor.rules import RULES
from feedgen_kusama.web.answers import Answer, Certificate
from feedgen_kusama.web.client import Limits
from tests.projects import Project
from tests.publishing import publish
from tests.wrong_cases import CASES, RSS, headed, instead, redirecting, renamed_hub
from tests.wrong_servers import Answered, Asked, Serve, serving, small_site

pytest_plugins = ["projects"]

NOW = datetime(2024, 12, 15, tzinfo=timezone.utc)
HANDBOOK = Path(__file__).parent.parent / "docs" / "doctor.md"
OWN_TESTS = {"certificate", "downgrade", "encryption", "renewal", "slow", "stale", "unread"}
"""Rules that take more than a server that answers otherwise: they have tests of their own, here and in test_doctor_tls."""


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="module")
def seen() -> Observations:
    """A sound server, observed."""
    with pytest.MonkeyPatch.context() as patch, serving() as url:
        patch.setenv("no_proxy", "*")
        return observe(url)


def rules_in(diagnosis: Diagnosis) -> set[str]:
    return {finding.rule for finding in diagnosis.findings}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_what_a_server_does_wrong_is_found_and_nothing_else(case: tuple[object, ...]) -> None:
    rule, words, change, files = case
    with serving(change, files=files) as url:  # type: ignore[arg-type]
        diagnosis = diagnose(observe(url), NOW)
    assert rules_in(diagnosis) == {rule}
    assert any(str(words) in finding.message for finding in diagnosis.findings)
    assert all(finding.address.startswith("http") for finding in diagnosis.findings)


def test_a_sound_server_has_no_finding(seen: Observations) -> None:
    diagnosis = diagnose(seen, NOW)
    assert diagnosis.findings == ()
    assert (diagnosis.documents, diagnosis.pages) == (13, 5)
    assert diagnosis.notes == ("hub: none, readers ask on their own", "newest entry: 2024-11-30")


def test_no_rule_is_dead_and_each_has_a_cure() -> None:
    names = {rule.name for rule in RULES}
    assert names - OWN_TESTS <= {case.rule for case in CASES.values()}
    assert list(read_cures()) == [rule.name for rule in RULES]
    for rule, known in read_cures().items():
        assert known.keys() - {"why"} in ({ANY}, HOSTS.keys()), rule
        assert all(text.strip() for text in known.values())


def test_a_publication_that_has_gone_quiet_is_found(seen: Observations) -> None:
    diagnosis = diagnose(seen, NOW + timedelta(days=60))
    assert rules_in(diagnosis) == {"stale"}
    assert {finding.message for finding in diagnosis.findings} == {"its newest entry is of 2024-11-30, 74 days ago"}
    assert {finding.address for finding in diagnosis.findings} == {
        seen.site + name for name in ("rss.xml", "atom.xml", "feed.json")
    }


def test_a_publication_without_entries_is_not_called_quiet() -> None:
    with serving(files={**publish({}).files, "embed.js": b"export {};"}) as url:
        assert diagnose(observe(url), NOW).findings == ()


def test_a_slow_answer_is_found(seen: Observations) -> None:
    address = f"{seen.site}rss.xml"
    end = seen.trips[address].end
    assert isinstance(end, Answer)
    slow = replace(seen.trips[address], end=replace(end, seconds=9.0))
    (finding,) = diagnose(replace(seen, trips={**seen.trips, address: slow}), NOW).findings
    assert (finding.rule, finding.address, finding.message) == ("slow", address, "took 9 seconds")


def test_a_certificate_that_ends_soon_is_found(seen: Observations) -> None:
    certificate = Certificate(origin="https://news.example", fault="", ends=NOW + timedelta(days=13))
    (finding,) = diagnose(replace(seen, certificates=(certificate,)), NOW).findings
    assert (finding.rule, finding.message) == ("renewal", "its certificate ends on 2024-12-28")
    later = replace(certificate, ends=NOW + timedelta(days=15))
    assert diagnose(replace(seen, certificates=(later,)), NOW).findings == ()


def test_it_asks_for_so_much_and_says_what_it_did_not_read() -> None:
    with serving() as url:
        observed = observe(url, limits=Limits(most=12))
    assert observed.requests == 12
    assert "unread" in rules_in(diagnose(observed, NOW))


def test_a_host_that_wants_fewer_requests_is_left_alone() -> None:
    asked: list[Asked] = []

    def tire(request: Asked, serve: Serve) -> Answered:
        asked.append(request)
        return serve(request) if len(asked) < 8 else Answered(429)

    with serving(tire) as url:
        diagnosis = diagnose(observe(url), NOW)
    assert len(asked) == diagnosis.requests == 8
    assert rules_in(diagnosis) == {"answer", "unread"}


def test_a_hub_is_told_and_no_finding() -> None:
    with serving(files=renamed_hub("https://hub.example/")) as url:
        diagnosis = diagnose(observe(url), NOW)
    assert (diagnosis.notes[0], diagnosis.findings) == ("hub: https://hub.example/", ())


# Where it begins


@pytest.mark.parametrize("path", ["", "index.html", "governance/index.html", "editions/2024-11.html", "?from=a/b"])
def test_the_site_is_found_from_any_of_its_pages(path: str) -> None:
    with serving(redirecting({})) as url:
        assert observe(url + path).site == url


def test_a_feed_is_judged_alone() -> None:
    with serving(headed("/rss.xml", content_type="text/html")) as url:
        assert diagnose(observe(f"{url}governance/atom.xml"), NOW).findings == ()
        assert rules_in(diagnose(observe(f"{url}rss.xml"), NOW)) == {"media-type"}


def test_a_site_without_pages_has_no_finding() -> None:
    files = {path: data for path, data in small_site().items() if not path.endswith("index.html")}
    with serving(files=files) as url:
        assert rules_in(diagnose(observe(url), NOW)) == {"dead-link"}
        assert observe(url.rstrip("/")).site == url


def test_a_site_that_has_moved_is_followed() -> None:
    with serving() as url, serving(redirecting({"/": url})) as old:
        diagnosis = diagnose(observe(old), NOW)
    assert (diagnosis.site, diagnosis.findings) == (url, ())


def test_a_host_that_refuses_everything_is_a_finding() -> None:
    with serving(lambda _asked, _serve: Answered(403)) as url:
        assert rules_in(diagnose(observe(url), NOW)) == {"answer"}


def test_what_is_not_published_is_not_missed() -> None:
    files = {path: data for path, data in small_site().items() if path not in ("embed.js", "fragment.html")}
    with serving(instead("/embed.js", 403), files=files) as url:
        assert diagnose(observe(url), NOW).findings == ()


@pytest.mark.parametrize("path", ["market/atom.xml", "market/archive/2024/atom.xml", "editions/archive/2025/feed.json"])
def test_what_follows_from_a_document_that_was_refused_is_not_told(path: str, sample_feeds: Mapping[str, bytes]) -> None:
    with serving(instead(f"/{path}", 500), files=sample_feeds) as url:
        (finding,) = diagnose(observe(url), datetime(2025, 10, 15, tzinfo=timezone.utc)).findings
    assert (finding.rule, finding.address) == ("answer", url + path)


# What it says


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ({"Server": "nginx/1.22.1"}, "nginx"),
        ({"Server": "openresty"}, "nginx"),
        ({"Server": "Caddy"}, "caddy"),
        ({"server": "Apache/2.4.62 (Debian)"}, "apache"),
        ({"Server": "GitHub.com"}, "github-pages"),
        ({"Server": "cloudflare", "X-GitHub-Request-Id": "1:2"}, "github-pages"),
        ({"Server": "Netlify"}, "netlify"),
        ({"Server": "x", "x-nf-request-id": "01"}, "netlify"),
        ({"Server": "AmazonS3"}, "s3"),
        ({"Server": "nginx", "x-amz-request-id": "1"}, "s3"),
        ({"Server": "not nginx"}, None),
        ({}, None),
    ],
)
def test_hosts_are_known_by_their_headers(headers: dict[str, str], host: str | None) -> None:
    answer = Answer(address="", status=200, reason="", headers=tuple(headers.items()), body=b"", sent=0, seconds=0)
    assert recognise_host([answer]) == host


def test_a_cure_is_for_the_host_that_is_known_or_for_all() -> None:
    assert list(cures_for("cors", "caddy")) == ["Caddy"]
    assert list(cures_for("cors", None)) == list(HOSTS.values())
    assert list(cures_for("stale", "nginx")) == [ANY]
    assert cures_for("language", "nginx") == {}


def test_findings_are_grouped_by_rule_and_the_rest_is_counted() -> None:
    with serving(lambda asked, serve: serve(asked).having(etag=None, last_modified=None)) as url:
        diagnosis = diagnose(observe(url), NOW)
    lines = list(render_report(diagnosis, "nginx"))
    assert lines[0] == f"{url} on nginx: 13 documents, 5 pages, {diagnosis.requests} requests: 13 warnings"
    assert lines[4].startswith("warning: validator")
    assert lines[5] == f"  {url}rss.xml: neither ETag nor Last-Modified: it is loaded whole again and again"
    assert lines[6] == f"  {url}atom.xml: the same"
    assert lines[5 + MOST_ADDRESSES] == f"  and {13 - MOST_ADDRESSES} more"
    assert lines[-1].startswith("  cure on nginx: `etag on;`")
    assert len(lines) == 7 + MOST_ADDRESSES


def test_of_many_messages_some_are_shown() -> None:
    changes = {"/rss.xml": "a/a", "/atom.xml": "b/b", RSS: "c/c", "/editions/rss.xml": "d/d", "/feed.json": "e/e"}
    with serving(lambda asked, serve: serve(asked).having(content_type=changes.get(asked.path, "text/html"))) as url:
        lines = list(render_report(diagnose(observe(url), NOW), "s3"))
    assert lines[lines.index("error: media-type") + 5 :][0] == "  and 5 other findings of this kind"


# As a command


def test_the_samples_as_built_for_an_address_and_served_there_are_status_0(project: Project) -> None:
    files: dict[str, bytes] = {}
    with serving(files=files) as url:
        assert project.build("--url", url).status == 0
        files |= project.published()
        outcome = project.run("doctor", url, "--now", "2025-10-15")
    assert (outcome.status, outcome.err) == (0, ())
    documents = sum(path.endswith((".xml", ".json", ".opml")) for path in files)
    assert outcome.out[0].startswith(f"{url}: {documents} documents, 18 pages, ")
    assert outcome.out[0].endswith(": nothing found")


def test_findings_are_status_1_with_their_cure(project: Project) -> None:
    with serving(lambda asked, serve: serve(asked).having(access_control_allow_origin=None, server="Caddy")) as url:
        outcome = project.run("doctor", url, "--now", "2024-12-15")
        other = project.run("doctor", url, "--now", "2024-12-15", "--host", "netlify")
    assert (outcome.status, outcome.err) == (1, ())
    assert outcome.out[4] == "error: cors"
    cure = ("  cure on Caddy:", "    @embedded path */embed.js */feed.json */fragment.html")
    assert outcome.out[-3:-1] == cure
    assert other.out[-1] == "      Access-Control-Allow-Origin: *"


def test_json_carries_everything(project: Project) -> None:
    with serving(instead(RSS, 503)) as url:
        outcome = project.spawn("doctor", url, "--json", "--now", "2024-12-15")
    found = json.loads("\n".join(outcome.out))
    assert (outcome.status, outcome.err, found["site"], found["host"], found["documents"]) == (1, (), url, None, 12)
    (finding,) = found["findings"]
    assert (finding["rule"], finding["severity"], finding["address"]) == ("answer", "error", f"{url}governance/rss.xml")
    assert list(finding["cures"]) == list(HOSTS.values())


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "http://127.0.0.1:1/",
        "http://[/",
        "feeds",
        "https://",
        "http://a b/",
        "http://a..b/",
        "http://x@127.0.0.1/",
    ],
)
def test_an_address_that_cannot_be_used_is_status_2(project: Project, url: str) -> None:
    outcome = project.run("doctor", url)
    assert (outcome.status, outcome.out, len(outcome.err)) == (2, (), 1)


def test_a_host_without_feeds_is_status_2(project: Project) -> None:
    with serving(files={"index.html": b"<p>Hello"}) as url:
        outcome = project.run("doctor", url)
    assert (outcome.status, outcome.out, len(outcome.err)) == (2, (), 1)
    assert "no feed there" in outcome.err[0]


def test_an_unknown_host_is_status_2(project: Project) -> None:
    outcome = project.run("doctor", "https://example.org/", "--host", "iis")
    assert outcome.status == 2
    assert "write one of nginx, caddy" in outcome.err[-1]


# In the documentation


def render_handbook() -> str:
    """What the documentation says of each rule and its cures."""
    lines = []
    for rule in RULES:
        known = read_cures()[rule.name]
        lines += [f"### `{rule.name}`", "", f"{'An error' if rule.severity == 'error' else 'A warning'}. {known['why']}", ""]
        for name, cure in cures_for(rule.name, None).items():
            first, *rest = cure.strip().splitlines()
            lines.append(f"- {'Everywhere' if name == ANY else name}:{f' {first}' if not rest else ''}")
            lines += ["", "  ```", *(f"  {line}" for line in [first, *rest]), "  ```", ""] if rest else []
        lines.append("")
    return "\n".join(lines).replace("\n\n\n", "\n\n").strip() + "\n"


def test_the_documentation_has_every_rule_and_cure() -> None:
    beginning, marker, _ = HANDBOOK.read_text("utf-8").partition("## Findings and cures\n")
    if os.environ.get("FEEDGEN_KUSAMA_REWRITE"):
        HANDBOOK.write_text(f"{beginning}{marker}\n{render_handbook()}", "utf-8")
    assert HANDBOOK.read_text("utf-8") == f"{beginning}{marker}\n{render_handbook()}"
