"""The folder over HTTP: what is sent, to whom, and what never is."""

from __future__ import annotations

import gzip
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from feedgen_kusama.check import check_files
from feedgen_kusama.check.fetch import fetch_site
from feedgen_kusama.serve.run import address_of, listen
from tests.serving import Reply, Server, running, until

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["projects"]

NOW = datetime(2026, 1, 15, tzinfo=timezone.utc)
SECRET = b"the governance password is hunter2"
LARGE = bytes(range(256)) * (1 << 17)
"""More than the server holds in memory."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample_feeds: Mapping[str, bytes]) -> Path:
    """The sample feeds, and beside and among them what strangers must not see."""
    root = tmp_path_factory.mktemp("served")
    beside = {
        "secret.txt": SECRET,
        "feedsmith/secret.txt": SECRET,
        "feeds/.env": SECRET,
        "feeds/.git/config": SECRET,
        "feeds/bare/text.txt": b"short",
        "feeds/large.bin": LARGE,
        "feeds/umläut ü/page.html": b"<!doctype html><title>x</title>",
    }
    for path, content in {**{f"feeds/{path}": content for path, content in sample_feeds.items()}, **beside}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    feeds = root / "feeds"
    (feeds / "out.txt").symlink_to(root / "secret.txt")
    (feeds / "outside").symlink_to(root)
    (feeds / "hidden.txt").symlink_to(".env")
    (feeds / "round").symlink_to("round")
    (feeds / "in.xml").symlink_to("rss.xml")
    os.mkfifo(feeds / "pipe.xml")
    return root


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with running(folder) as server:
        yield server


MEDIA = {
    "/rss.xml": "application/rss+xml; charset=utf-8",
    "/atom.xml": "application/atom+xml; charset=utf-8",
    "/feed.json": "application/feed+json",
    "/governance/archive/2024/rss.xml": "application/rss+xml; charset=utf-8",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/ledger.jsonl": "application/jsonl",
    "/": "text/html; charset=utf-8",
    "/style.css": "text/css; charset=utf-8",
    "/embed.js": "text/javascript; charset=utf-8",
    "/large.bin": "application/octet-stream",
    "/in.xml": "application/xml; charset=utf-8",
}


@pytest.mark.parametrize("path", MEDIA)
def test_each_kind_of_file_has_its_media_type_and_no_other_may_be_guessed(server: Server, path: str) -> None:
    reply = server.ask(path, "HEAD")
    assert (reply.status, reply.headers["content-type"]) == (200, MEDIA[path])
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_every_published_file_is_sent_as_it_lies_on_the_disk(server: Server, sample_feeds: Mapping[str, bytes]) -> None:
    for path, content in sample_feeds.items():
        assert server.ask(f"/{path}").body == content


def test_what_is_served_stands_the_check_over_http(server: Server) -> None:
    fetched = fetch_site(f"{server.address}/")
    findings = [*fetched.findings, *check_files(fetched.files, NOW, site=fetched.site)]
    assert len(fetched.files) > 30
    assert not [finding for finding in findings if finding.severity == "error" and finding.rule != "site"]


def test_a_folder_is_its_page_and_is_led_to_with_a_slash_and_its_query(server: Server, folder: Path) -> None:
    assert server.ask("/governance/").body == (folder / "feeds/governance/index.html").read_bytes()
    reply = server.ask("/governance?x=1")
    assert (reply.status, reply.headers["location"]) == (301, "./governance/?x=1")
    assert server.ask("/uml%C3%A4ut%20%C3%BC").headers["location"] == "./uml%C3%A4ut%20%C3%BC/"
    assert server.ask("/uml%C3%A4ut%20%C3%BC/page.html").status == 200


def test_a_folder_without_a_page_is_not_listed(server: Server) -> None:
    reply = server.ask("/bare/")
    assert reply.status == 404
    assert b"text.txt" not in reply.body


NEVER = """
    /.env /.git/config /%2eenv /hidden.txt /out.txt /outside/ /outside/secret.txt /round /pipe.xml
    /../secret.txt /governance/../../secret.txt /..%2fsecret.txt /%2e%2e/secret.txt /%2e%2e%2fsecret.txt /%252e%252e/secret.txt
    /..\\secret.txt /..%5csecret.txt /governance/..%5c..%5csecret.txt //secret.txt /./secret.txt /../feedsmith/secret.txt
    /rss.xml%00 /rss.xml%00.html /%00 /%ff /%c0%ae%c0%ae/secret.txt /rss.xml/ /rss.xml/x //evil.example/.. /RSS.XML /%
    http://evil.example/../secret.txt ///etc/passwd /%2fetc/passwd /file:///etc/passwd
""".split()


@pytest.mark.parametrize("target", [*NEVER, "/" + "x" * 300, "/" + "x/" * 3000, "/" + "%2e%2e/" * 3000])
def test_nothing_outside_or_hidden_or_misnamed_is_there(server: Server, target: str) -> None:
    answer = server.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 "), answer[:200]
    assert SECRET not in answer
    assert b"root:" not in answer
    assert b"location:" not in answer


def test_a_path_longer_than_any_is_refused_and_the_server_goes_on(server: Server) -> None:
    with suppress(ConnectionResetError):
        assert server.write(b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 4")
    assert server.ask("/rss.xml").status == 200


def test_a_whole_address_as_target_is_the_path_in_it(server: Server, folder: Path) -> None:
    answer = server.write(
        b"GET http://news.example/governance/rss.xml HTTP/1.1\r\nHost: news.example\r\nConnection: close\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith((folder / "feeds/governance/rss.xml").read_bytes())


def test_what_is_not_there_is_told_in_words_with_a_way_back(server: Server) -> None:
    reply = server.ask("/topics/none.html")
    assert (reply.status, reply.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"There is nothing at this address" in reply.body
    assert b'href="../"' in reply.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_feeds_are_only_read(server: Server, method: str) -> None:
    reply = server.ask("/rss.xml", method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["/rss.xml", "/", "/nothing", "/governance", "/large.bin"])
def test_a_head_has_the_headers_of_a_get_and_no_body(server: Server, path: str) -> None:
    head, whole = server.ask(path, "HEAD"), server.ask(path)
    assert head.body == b""
    assert head.status == whole.status
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


def test_pages_of_other_sites_may_read_everything_and_ask_beforehand(server: Server) -> None:
    for path in ("/feed.json", "/nothing", "/governance"):
        assert server.ask(path).headers["access-control-allow-origin"] == "*"
    asked = {"Origin": "https://x.example", "Access_Control_Request_Method": "GET"}
    reply = server.ask("/feed.json", "OPTIONS", **asked, Access_Control_Request_Headers="if-none-match")
    assert (reply.status, reply.body) == (204, b"")
    assert "GET" in reply.headers["access-control-allow-methods"]
    assert "If-None-Match" in reply.headers["access-control-allow-headers"]


def test_the_server_as_a_whole_tells_its_methods(server: Server) -> None:
    assert server.write(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 204 ")


def test_closed_archives_are_kept_for_long_and_all_else_for_minutes(server: Server) -> None:
    assert server.ask("/archive/2024/atom.xml").headers["cache-control"] == "public, max-age=604800"
    for path in ("/atom.xml", "/", "/editions/2024-03.html"):
        assert server.ask(path).headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert server.ask("/ledger.jsonl").headers["cache-control"] == "no-cache"


def test_what_a_reader_has_is_not_sent_again(server: Server) -> None:
    first = server.ask("/atom.xml")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f'"x", W/{etag}'}, {"If_Modified_Since": modified}):
        reply = server.ask("/atom.xml", **headers)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == etag
        assert not {"content-length", "content-type"} & reply.headers.keys()


def test_a_tag_says_more_than_a_time(server: Server) -> None:
    modified = server.ask("/atom.xml").headers["last-modified"]
    assert server.ask("/atom.xml", If_None_Match='"other"', If_Modified_Since=modified).status == 200


def test_a_tag_is_the_content_and_not_its_time(server: Server, folder: Path) -> None:
    path = folder / "feeds/bare/text.txt"
    before = server.ask("/bare/text.txt")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    after = server.ask("/bare/text.txt")
    assert after.headers["etag"] == before.headers["etag"]
    assert after.headers["last-modified"] == "Sun, 09 Sep 2001 01:46:40 GMT"


def test_text_is_packed_for_who_takes_it_and_has_a_tag_of_its_own(server: Server) -> None:
    plain, packed = server.ask("/atom.xml"), server.ask("/atom.xml", Accept_Encoding="br, gzip;q=0.5")
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert len(packed.body) < len(plain.body) / 3
    again = server.ask("/atom.xml", Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
    assert (again.status, again.headers["vary"]) == (304, "Accept-Encoding")
    assert server.ask("/atom.xml", If_None_Match=packed.headers["etag"]).status == 200


@pytest.mark.parametrize(("path", "coding"), [("/atom.xml", "gzip;q=0"), ("/bare/text.txt", "gzip"), ("/large.bin", "gzip")])
def test_nothing_is_packed_in_vain_or_unasked(server: Server, path: str, coding: str) -> None:
    assert "content-encoding" not in server.ask(path, Accept_Encoding=coding).headers


def test_a_part_is_sent_if_the_rest_is_still_the_same(server: Server) -> None:
    whole = server.ask("/atom.xml")
    for condition in (whole.headers["etag"], whole.headers["last-modified"]):
        part = server.ask("/atom.xml", Range="bytes=10-19", If_Range=condition, Accept_Encoding="gzip")
        assert (part.status, part.body) == (206, whole.body[10:20])
        assert part.headers["content-range"] == f"bytes 10-19/{len(whole.body)}"
        assert "content-encoding" not in part.headers
    for condition in ('"other"', f"W/{whole.headers['etag']}", "Sun, 09 Sep 2001 01:46:40 GMT"):
        assert server.ask("/atom.xml", Range="bytes=10-19", If_Range=condition).body == whole.body


def test_a_large_file_is_sent_whole_and_in_part(server: Server) -> None:
    assert server.ask("/large.bin").body == LARGE
    assert server.ask("/large.bin", Range="bytes=-3").body == LARGE[-3:]
    assert server.ask("/large.bin", Range="bytes=20000000-").body == LARGE[20_000_000:]


def test_a_part_beyond_the_end_is_told_with_the_size(server: Server) -> None:
    reply = server.ask("/bare/text.txt", Range="bytes=5-")
    assert (reply.status, reply.headers["content-range"]) == (416, "bytes */5")


def test_many_ranges_are_one_whole_file(server: Server, folder: Path) -> None:
    ranges = "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 9000, 2))
    assert server.ask("/atom.xml", Range=ranges).body == (folder / "feeds/atom.xml").read_bytes()


def test_pages_may_load_scripts_from_their_own_site_alone(server: Server) -> None:
    assert "default-src 'self'" in server.ask("/").headers["content-security-policy"]
    assert "script-src" not in server.ask("/").headers["content-security-policy"]
    assert "content-security-policy" not in server.ask("/rss.xml").headers


def descriptors(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_no_descriptor_is_left_open(server: Server) -> None:
    server.ask("/")
    before = descriptors(server)
    for path in ("/", "/large.bin", "/nothing", "/governance", "/pipe.xml", "/outside") * 10:
        server.ask(path, "HEAD")
        server.ask(path, Range="bytes=0-1")
        server.ask(path, If_None_Match="*")
    until(lambda: descriptors(server) <= before)


def test_who_reads_while_a_build_replaces_files_gets_whole_ones(project: Project) -> None:
    project.build()
    published, done = {project.published()["atom.xml"]}, Event()

    def read(server: Server, coding: str) -> set[tuple[bytes, str]]:
        seen = set()
        while not done.is_set():
            reply = server.ask("/atom.xml", Accept_Encoding=coding)
            body = gzip.decompress(reply.body) if coding == "gzip" else reply.body
            seen.add((body, f"{coding} {reply.headers['etag']}"))
        return seen

    with running(project.folder) as server, ThreadPoolExecutor(4) as readers:
        replies = [readers.submit(read, server, coding) for coding in ("gzip", "identity") * 2]
        try:
            for number in range(6):
                project.edit("2024-03.md", "the", f"the {number}th")
                project.build("--no-cache")
                published.add(project.published()["atom.xml"])
        finally:
            done.set()
        seen = set().union(*(reply.result() for reply in replies))
    assert {body for body, _ in seen} <= published
    assert len({tag for _, tag in seen}) == len(seen)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_status_0_and_no_traceback(folder: Path, number: int) -> None:
    with running(folder) as server:
        size = len(server.ask("/rss.xml", User_Agent='Reader "1"\t\x1b[31m').body)
        status, errors = server.end(number)
    assert status == 0
    assert errors.count("\n") == 1
    assert errors.endswith(f'127.0.0.1 "GET /rss.xml" 200 {size} "Reader \\x221\\x22\\t\\x1b[31m"\n')


def test_a_connection_that_is_left_open_does_not_keep_it(folder: Path) -> None:
    with running(folder) as server, socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2]))):
        assert server.end() == (0, "")


def test_answers_are_not_held_back_for_more_to_come() -> None:
    with listen("127.0.0.1", 0) as listener:  # asyncio switches Nagle's algorithm off where it is told that this is TCP
        assert listener.proto == socket.IPPROTO_TCP


def test_all_addresses_of_the_machine_are_told_as_its_own() -> None:
    with listen("0.0.0.0", 0) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_a_port_in_use_is_told(project: Project) -> None:
    project.build()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = project.run("serve", "--port", str(taken.getsockname()[1]))
    assert (outcome.status, outcome.out, len(outcome.err)) == (2, (), 1)
    assert "in use" in outcome.err[0]
    assert "--port" in outcome.err[0]


UNUSABLE: Mapping[str, tuple[tuple[str, ...], str]] = {
    "a missing folder": (("--output", "none"), "none: no such folder: run `feedgen-kusama build` first"),
    "an empty folder": (("--output", "empty"), "empty: empty: run"),
    "a file": (("--output", "feeds.toml"), "a file, not a folder"),
    "a host that is none": (("--output", "news", "--host", "no host"), "no address of this machine"),
    "another machine's address": (("--output", "news", "--host", "192.0.2.1"), "no address of this machine"),
    "settings without builds": (("--config", "feeds.toml"), "give --watch too"),
    "a source that is missing": (("--watch", "--source", "none"), "none: no such folder"),
    "settings that are missing": (("--watch", "--config", "none.toml"), "none.toml: no such file"),
}


@pytest.mark.parametrize("what", UNUSABLE)
def test_what_cannot_be_served_is_told_with_what_to_do(project: Project, what: str) -> None:
    (project.folder / "empty").mkdir()
    options, words = UNUSABLE[what]
    outcome = project.run("serve", *options)
    assert (outcome.status, outcome.out) == (2, ())
    assert words in "\n".join(outcome.err)


def test_a_folder_without_permission_is_told(shared_project: Project) -> None:
    shared_project.build()
    shared_project.feeds.chmod(0)
    loads = "feedgen_kusama.serve.run, feedgen_kusama.serve.site"
    outcome = shared_project.spawn_unprivileged("serve", "--port", "0", loads=loads)
    assert (outcome.status, outcome.out) == (2, ())
    assert outcome.err[-1].endswith("'feeds' is not readable.")


def test_quiet_says_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    import subprocess
    import sys

    command = [sys.executable, "-m", "feedgen_kusama", "serve", "--quiet", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        server = Server(f"http://127.0.0.1:{port}", process, Path())  # type: ignore[arg-type]
        reply: list[Reply] = []

        def answers() -> bool:
            try:
                reply.append(server.ask("/rss.xml"))
            except ConnectionRefusedError:
                return False
            return True

        until(answers)
        process.send_signal(signal.SIGINT)
        assert process.communicate()[0] == b""
    assert (reply[0].status, process.returncode) == (200, 0)
