"""Publishing to a bucket: what is uploaded, with which headers, and what happens when the store fails."""

from __future__ import annotations

import gzip
import re
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sites import LATER, NEWEST
from tests.stores import KEY, SECRET, Fault, Request, Store

if TYPE_CHECKING:
    from tests.projects import Outcome, Project

pytest_plugins = ["projects", "sites", "stores"]

SITE = b"https://harbour.example/"
HEADS = ("rss.xml", "atom.xml", "feed.json")
MANIFEST = ".feedgen-kusama.json"


def named_by(path: str, content: bytes) -> set[str]:
    """The paths of archives and pages that a head names."""
    if path.rpartition("/")[2] not in HEADS or "archive/" in path:
        return set()
    found = {match.decode() for match in re.findall(re.escape(SITE) + rb'([^"<>#\s\\&]*)', content)}
    pages = {f"{name}index.html" if name.endswith("/") or not name else name for name in found}
    return {name for name in pages if name != path and name.endswith((".html", *HEADS))}


class Witness:
    """Looks at what is stored after every change: no head may name what is not there."""

    def __init__(self) -> None:
        self.missing: set[tuple[str, str]] = set()
        self.steps = 0

    def __call__(self, held: Mapping[str, bytes]) -> None:
        self.steps += 1
        for path, content in held.items():
            self.missing |= {(path, name) for name in named_by(path, content) if name not in held}


def test_all_files_are_there_and_a_second_publication_asks_three_times_and_changes_nothing(
    site: Project, s3_store: Store
) -> None:
    outcome = site.run("publish", *s3_store.arguments)
    assert (outcome.status, outcome.err) == (0, ())
    assert s3_store.files() == site.published()
    assert outcome.out == (f"{s3_store.target}: {len(site.published())} uploaded, 0 removed, 0 unchanged",)
    s3_store.forget()
    outcome = site.run("publish", *s3_store.arguments)
    assert outcome.out == (f"{s3_store.target}: 0 uploaded, 0 removed, {len(site.published())} unchanged",)
    assert [method for method, _, _ in s3_store.log] == ["GET", "GET"], "the manifest and the listing"


def test_only_what_differs_is_uploaded_and_what_is_gone_is_removed(site: Project, later: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    before = site.published()
    after = later.published()
    s3_store.forget()
    outcome = later.run("publish", *s3_store.arguments)
    assert (outcome.status, outcome.err) == (0, ())
    assert sorted(s3_store.paths("PUT")) == sorted(path for path in after if before.get(path) != after[path])
    assert sorted(s3_store.paths("DELETE")) == sorted(before.keys() - after.keys())
    assert before.keys() - after.keys()
    assert s3_store.files() == after


def test_at_no_moment_does_a_head_name_what_is_not_there(site: Project, later: Project, s3_store: Store) -> None:
    s3_store.watch = witness = Witness()
    assert site.run("publish", *s3_store.arguments).status == 0
    assert later.run("publish", *s3_store.arguments).status == 0
    assert witness.steps > len(later.published())
    assert witness.missing == set()
    assert named_by("atom.xml", s3_store.held["atom.xml"]) > {"index.html", "archive/2026/atom.xml", "editions/2026-01.html"}


def test_the_ledger_is_uploaded_last_and_removals_follow(site: Project, later: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    s3_store.forget()
    later.run("publish", *s3_store.arguments)
    changes = [(m, p) for m, p, _ in s3_store.log if m in ("PUT", "DELETE")]
    methods = [m for m, p in changes if p != MANIFEST]
    assert changes[0] == changes[-1] == ("PUT", MANIFEST)
    assert [p for m, p in changes if m == "PUT"][-2] == "ledger.jsonl"
    assert methods == sorted(methods, reverse=True)


HEADERS: Mapping[str, tuple[str, str]] = {
    "rss.xml": ("application/rss+xml; charset=utf-8", "public, max-age=300, must-revalidate"),
    "ships/atom.xml": ("application/atom+xml; charset=utf-8", "public, max-age=300, must-revalidate"),
    "feed.json": ("application/feed+json", "public, max-age=300, must-revalidate"),
    "archive/2025/atom.xml": ("application/atom+xml; charset=utf-8", "public, max-age=604800"),
    "editions/2025-03.html": ("text/html; charset=utf-8", "public, max-age=300, must-revalidate"),
    "style.css": ("text/css; charset=utf-8", "public, max-age=3600, must-revalidate"),
    "ledger.jsonl": ("application/jsonl", "no-cache"),
}


def test_files_are_served_with_their_media_types_and_may_be_kept_for_as_long_as_they_last(
    site: Project, s3_store: Store
) -> None:
    site.run("publish", *s3_store.arguments)
    found = {path: s3_store.head(path) for path in HEADERS}
    assert {path: (head["ContentType"], head["CacheControl"]) for path, head in found.items()} == dict(HEADERS)
    assert not any(head.get("ContentEncoding") for head in found.values())


def test_with_gzip_text_is_stored_compressed_alike_each_time_and_without_it_plain_again(site: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments, "--gzip")
    stored = s3_store.files()
    assert {path: gzip.decompress(data) for path, data in stored.items()} == site.published()
    assert s3_store.head("rss.xml")["ContentEncoding"] == "gzip"
    s3_store.forget()
    assert " 0 uploaded" in site.run("publish", *s3_store.arguments, "--gzip").out[0]
    s3_store.delete(MANIFEST)
    assert " 0 uploaded" in site.run("publish", *s3_store.arguments, "--gzip").out[0], "contents are compared unpacked"
    assert site.run("publish", *s3_store.arguments).status == 0
    assert s3_store.files() == site.published()
    assert not s3_store.head("rss.xml").get("ContentEncoding")


def test_a_lost_or_damaged_manifest_is_made_anew_without_an_upload(site: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    for damage in (None, b'{"manifest":'):
        s3_store.delete(MANIFEST) if damage is None else s3_store.put(MANIFEST, damage)
        s3_store.forget()
        assert " 0 uploaded" in site.run("publish", *s3_store.arguments).out[0]
        assert s3_store.paths("PUT") == []
        s3_store.forget()
        site.run("publish", *s3_store.arguments)
        assert len(s3_store.log) == 2, "it is believed again"


def test_what_others_removed_or_changed_is_noticed_and_mended(site: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    s3_store.delete("ships/rss.xml")
    s3_store.put("index.html", b"<h1>defaced</h1>")
    s3_store.forget()
    assert site.run("publish", *s3_store.arguments).status == 0
    assert sorted(s3_store.paths("PUT")) == ["index.html", "ships/rss.xml"]
    assert s3_store.files() == site.published()


def test_a_dry_run_tells_what_would_be_done_and_changes_nothing(site: Project, later: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    before = s3_store.files()
    s3_store.forget()
    outcome = later.run("publish", *s3_store.arguments, "--dry-run")
    assert {method for method, _, _ in s3_store.log} == {"GET"}
    assert s3_store.files() == before
    after = later.published()
    changed = {f"would upload {path}" for path in after if before.get(path) != after[path]}
    gone = {f"would remove {path}" for path in before.keys() - after.keys()}
    assert set(outcome.out[:-1]) == changed | gone
    assert outcome.out[-1].startswith(f"{s3_store.target}: {len(changed)} to upload, {len(gone)} to remove")


def only(method: str, path: str, fault: Fault, *, times: int = 1) -> Callable[[Request], Fault]:
    """A rule by which a file's first requests fail."""
    return lambda r: fault if (r.method, r.path) == (method, path) and r.times <= times else None


PASSING: Mapping[str, Callable[[Request], Fault]] = {
    "an error of the server": only("PUT", "index.html", 500, times=2),
    "a server that is too busy": only("PUT", "rss.xml", 503),
    "a connection cut before the answer": only("PUT", "archive/2025/atom.xml", "cut"),
    "a lost answer": only("PUT", "atom.xml", "lose"),
    "a lost answer to the claim": only("PUT", MANIFEST, "lose"),
    "no answer in time": only("PUT", "style.css", "hang"),
    "no answer to the claim in time": only("PUT", MANIFEST, "hang"),
    "an error while reading the manifest": only("GET", MANIFEST, 500),
    "an error while listing": only("GET", "", 500),
    "one failure in five": lambda r: 500 if r.total % 5 == 0 else None,
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_failure_that_passes_is_waited_out(site: Project, s3_store: Store, fault: str) -> None:
    s3_store.rule = PASSING[fault]
    outcome = site.run("publish", *s3_store.arguments, "--timeout", "1")
    assert (outcome.status, outcome.err) == (0, ())
    assert s3_store.files() == site.published()
    s3_store.forget()
    site.run("publish", *s3_store.arguments)
    assert len(s3_store.log) == 2


LASTING: Mapping[str, tuple[Fault, int, str]] = {
    "errors of the server": (500, 1, "the store answered 500"),
    "no answer": ("hang", 1, "no answer in time"),
    "cut connections": ("cut", 1, "the connection broke"),
    "no permission": (403, 2, "not allowed (403"),
    "wrong credentials": (401, 2, "not allowed (401"),
}


@pytest.mark.parametrize("fault", LASTING)
def test_a_failure_that_lasts_is_told_and_the_next_publication_uploads_only_the_rest(
    site: Project, s3_store: Store, fault: str
) -> None:
    how, status, words = LASTING[fault]
    s3_store.rule = lambda r: how if r.method == "PUT" and r.path.endswith("index.html") else None
    outcome = site.run("publish", *s3_store.arguments, "--retries", "1", "--timeout", "2" if how == "hang" else "30")
    assert (outcome.status, outcome.out, len(outcome.err)) == (status, (), 1)
    assert outcome.err[0].startswith(f"{s3_store.target}/")
    assert words in outcome.err[0]
    tries = max(n for (method, path), n in s3_store.seen.items() if method == "PUT" and path.endswith("index.html"))
    assert tries == (1 if status == 2 else 2), "tried again only where that may help"
    there = s3_store.paths("PUT")
    s3_store.forget()
    assert site.run("publish", *s3_store.arguments).status == 0
    assert sorted(s3_store.paths("PUT") + there) == sorted(site.published())
    assert s3_store.files() == site.published()


def test_a_manifest_that_cannot_be_written_is_tried_again_after_growing_pauses(
    site: Project, s3_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    s3_store.rule = lambda r: 500 if (r.method, r.path) == ("PUT", MANIFEST) else None
    assert site.run("publish", *s3_store.arguments, "--retries", "3").status != 0
    assert len(pauses) == 3
    assert pauses == sorted(pauses)
    assert pauses[0] > 0.1


def test_refused_connections_are_told_and_the_next_publication_goes_on(site: Project, s3_port: int, aws: None) -> None:
    store = Store(s3_port, "refused")
    with store.listening():
        store.rule = lambda r: 500 if r.path == "feeds.opml" else None
        assert site.run("publish", *store.arguments, "--retries", "0").status == 1
    there = store.paths("PUT")
    outcome = site.run("publish", *store.arguments, "--retries", "1")
    assert (outcome.status, outcome.out) == (1, ())
    assert "no connection" in outcome.err[0]
    with store.listening():
        store.forget()
        assert site.run("publish", *store.arguments).status == 0
        assert sorted(store.paths("PUT") + there) == sorted(site.published())


@pytest.mark.parametrize("after", [1, 20, -1], ids=str)
def test_a_publisher_killed_at_any_point_leaves_a_sound_target_and_the_next_one_uploads_the_rest(
    site: Project, later: Project, s3_store: Store, after: int
) -> None:
    site.run("publish", *s3_store.arguments)
    old = site.published()
    new = later.published()
    s3_store.watch = witness = Witness()
    s3_store.forget()
    changed = sum(old.get(path) != content for path, content in new.items())
    victim = after if after > 0 else changed + 1

    def rule(request: Request) -> Fault:
        if request.method == "PUT" and sum(n for (m, _), n in s3_store.seen.items() if m == "PUT") >= victim:
            process.kill()
            return "cut"
        return None

    s3_store.rule = rule
    process = later.start("publish", *s3_store.arguments)
    later.finish(process)
    assert process.returncode == -9
    s3_store.settle()
    first = s3_store.paths("PUT")
    found = s3_store.files()
    assert all(content in (old.get(path), new.get(path)) for path, content in found.items()), "whole files, old or new"
    s3_store.forget()
    assert later.run("publish", *s3_store.arguments).status == 0
    assert s3_store.files() == new
    assert sorted(first + s3_store.paths("PUT")) == sorted(path for path in new if old.get(path) != new[path]), "nothing twice"
    assert witness.missing == set()


def test_an_interrupt_ends_it_at_once_and_the_next_one_goes_on(site: Project, s3_store: Store) -> None:
    """Also while it waits for an answer, which here would take minutes."""

    def rule(request: Request) -> Fault:
        if (request.method, request.path) != ("PUT", "atom.xml"):
            return None
        process.send_signal(signal.SIGINT)
        return "hang"

    s3_store.rule = rule
    process = site.start("publish", *s3_store.arguments)
    outcome = site.finish(process)
    assert (outcome.status, outcome.out, outcome.err) == (130, (), ("interrupted: publish again to go on",))
    s3_store.forget()
    assert site.run("publish", *s3_store.arguments).status == 0
    assert s3_store.files() == site.published()


def test_a_file_uploaded_by_a_killed_publisher_and_gone_since_is_removed(site: Project, s3_store: Store) -> None:
    site.run("publish", *s3_store.arguments)
    site.write("2026-01.md", NEWEST)
    site.build(now=LATER)
    s3_store.rule = lambda r: 403 if r.method == "PUT" and r.path == "index.html" else None
    assert site.run("publish", *s3_store.arguments).status == 2
    assert "editions/2026-01.html" in s3_store.files()
    s3_store.forget()
    (site.news / "2026-01.md").unlink()
    site.build(now=LATER)
    assert site.run("publish", *s3_store.arguments).status == 0
    assert s3_store.files() == site.published()


def test_files_of_others_in_the_bucket_are_left_alone(site: Project, later: Project, s3_store: Store) -> None:
    s3_store.put("downloads/report.pdf", b"%PDF")
    s3_store.put("about.html", b"<h1>About</h1>")
    site.run("publish", *s3_store.arguments)
    assert later.run("publish", *s3_store.arguments).status == 0
    others = {"downloads/report.pdf": b"%PDF", "about.html": b"<h1>About</h1>"}
    assert s3_store.files() == {**later.published(), **others}


def test_a_file_of_another_in_the_way_is_refused_and_nothing_changed(site: Project, s3_store: Store) -> None:
    s3_store.put("index.html", b"<h1>My home page</h1>")
    outcome = site.run("publish", *s3_store.arguments)
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert "index.html" in outcome.err[0]
    assert s3_store.files() == {"index.html": b"<h1>My home page</h1>"}


def test_a_bucket_that_is_not_there_is_status_2_after_one_request(site: Project, s3_store: Store) -> None:
    outcome = site.run("publish", "s3://no-such-bucket/x", "--endpoint-url", s3_store.endpoint)
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert "no such bucket" in outcome.err[0]
    assert len(s3_store.log) <= 2


def test_a_publisher_who_comes_while_another_is_at_work_is_refused_or_makes_the_other_stop(
    site: Project, s3_store: Store, later: Project
) -> None:
    """Both begin from the same manifest: the store lets only one claim it."""
    outcomes: list[Outcome | None] = []

    def rule(request: Request) -> Fault:
        if (request.method, request.path) == ("PUT", MANIFEST) and not outcomes:
            outcomes.append(None)
            s3_store.lock.release()
            outcomes[0] = later.spawn("publish", *s3_store.arguments)
            s3_store.lock.acquire()
        return None

    s3_store.rule = rule
    outcome = site.run("publish", *s3_store.arguments)
    assert outcomes[0] is not None
    assert outcomes[0].status == 0
    assert (outcome.status, outcome.out) == (3, ())
    assert "another publisher" in outcome.err[0]
    assert s3_store.files() == later.published()


def test_a_publisher_whose_claim_is_taken_over_stops(site: Project, s3_store: Store, later: Project) -> None:
    outcomes: list[Outcome | None] = []

    def rule(request: Request) -> Fault:
        if (request.method, request.path) == ("PUT", "feed.json") and not outcomes:
            outcomes.append(None)
            s3_store.lock.release()
            outcomes[0] = later.spawn("publish", *s3_store.arguments)
            s3_store.lock.acquire()
        return None

    s3_store.rule = rule
    outcome = site.run("publish", *s3_store.arguments)
    assert outcome.status == 3
    assert outcomes[0] is not None
    assert outcomes[0].status == 0
    assert s3_store.held["ledger.jsonl"] == later.published()["ledger.jsonl"]
    assert later.run("publish", *s3_store.arguments).status == 0
    assert s3_store.files() == later.published()


def test_while_one_publishes_another_that_is_behind_is_refused(site: Project, s3_store: Store, later: Project) -> None:
    """Also where the first was killed before its ledger was there: its claim tells which ledger is coming."""
    site.run("publish", *s3_store.arguments)
    s3_store.rule = lambda r: 403 if r.method == "PUT" and r.path == "ledger.jsonl" else None
    assert later.run("publish", *s3_store.arguments).status == 2
    s3_store.forget()
    before = s3_store.files()
    outcome = site.run("publish", *s3_store.arguments)
    assert (outcome.status, len(outcome.err)) == (3, 1)
    assert "is ahead" in outcome.err[0]
    assert s3_store.files() == before
    assert later.run("publish", *s3_store.arguments).status == 0


def test_a_store_that_knows_no_conditional_put_is_written_all_the_same(site: Project, s3_store: Store) -> None:
    s3_store.rule = lambda r: 501 if (r.method, r.path) == ("PUT", MANIFEST) and r.times == 1 else None
    assert site.run("publish", *s3_store.arguments, "--retries", "0").status == 0
    assert s3_store.files() == site.published()


SOURCES: Mapping[str, str] = {
    "AWS_SHARED_CREDENTIALS_FILE": "[news]",
    "AWS_CONFIG_FILE": "[profile news]\nregion = eu-central-1",
}


@pytest.mark.parametrize("variable", SOURCES)
def test_credentials_come_from_a_profile_too(
    site: Project, s3_store: Store, variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_PROFILE", "news")
    path = tmp_path / "aws"
    path.write_text(f"{SOURCES[variable]}\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    monkeypatch.setenv(variable, str(path))
    assert site.run("publish", *s3_store.arguments).status == 0


def test_the_address_of_the_store_may_stand_in_the_environment(
    site: Project, s3_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_store.endpoint)
    assert site.run("publish", s3_store.target).status == 0
    assert site.run("publish", "elsewhere").status == 0


def test_without_credentials_the_message_says_how_to_give_them(
    site: Project, s3_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    outcome = site.run("publish", *s3_store.arguments)
    assert outcome.status == 2
    assert "AWS_ACCESS_KEY_ID" in outcome.err[0]
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    assert site.run("publish", *s3_store.arguments).status == 2
    assert s3_store.log == []


@pytest.mark.parametrize("fault", [403, 400, 500, "cut"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_key_is_ever_shown_or_stored(site: Project, s3_store: Store, fault: Fault, method: str) -> None:
    """Also where the store quotes it in its answer."""
    s3_store.rule = lambda r: fault if r.method == method else None
    outcome = site.run("publish", *s3_store.arguments, "--retries", "0")
    assert outcome.status in (1, 2)
    shown = "\n".join([*outcome.out, *outcome.err])
    assert KEY not in shown
    assert SECRET not in shown
    assert not any(KEY.encode() in content or SECRET.encode() in content for content in s3_store.held.values())


def test_a_target_with_a_password_is_refused_without_showing_it(site: Project, aws: None) -> None:
    outcome = site.run("publish", f"s3://{KEY}:{SECRET.replace('/', '')}@bucket/x")
    assert outcome.status == 2
    assert KEY not in outcome.err[0]
    assert SECRET.replace("/", "") not in outcome.err[0]


def test_http_is_spoken_only_where_the_address_says_so(site: Project, s3_store: Store) -> None:
    outcome = site.run(
        "publish", s3_store.target, "--endpoint-url", s3_store.endpoint.replace("http:", "https:"), "--retries", "0"
    )
    assert outcome.status == 1
    assert s3_store.log == []
