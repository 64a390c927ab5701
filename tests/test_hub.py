"""WebSub: the hub is told of the feeds that changed, after they are there, and of no others."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from feedgen_kusama.hub import Hub, tell
from feedgen_kusama.reach import is_loopback, may_lead_to
from tests.quiet_server import QuietServer
from tests.stores import free_port

if TYPE_CHECKING:
    from tests.projects import Outcome, Project

pytest_plugins = ["projects", "sites"]

LATER = "2026-02-15T12:00:00Z"
HEADS = tuple(
    folder + name for folder in ("", "ships/", "quays/", "editions/") for name in ("rss.xml", "atom.xml", "feed.json")
)


@contextmanager
def running(handler: Callable[..., BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server on loopback; gives its address, which ends in a slash."""
    server = QuietServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://{'localhost' if context else '127.0.0.1'}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(BaseHTTPRequestHandler):
    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Subscriber:
    """Where a hub delivers: what came, by the path of the topic."""

    delivered: dict[str, bytes] = field(default_factory=dict)
    deliveries: int = 0

    @contextmanager
    def listening(self, site: str) -> Iterator[str]:
        subscriber = self

        class Handler(_Quiet):
            def do_GET(self) -> None:
                self.answer(200, parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode())

            def do_POST(self) -> None:
                topic = self.headers["Link"].split("<")[-1].partition(">")[0]
                subscriber.delivered[topic.removeprefix(site)] = self.body()
                subscriber.deliveries += 1
                self.answer(200)

        with running(Handler) as address:
            yield address


@dataclass
class Scripted:
    """A hub that answers as told: `rule` gives status and headers for how many requests there were of a topic."""

    rule: Callable[[int], tuple[int, Mapping[str, str]]] = lambda _: (204, {})
    told: list[str] = field(default_factory=list)
    """The topics of all requests."""
    paths: list[str] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def listening(self, context: ssl.SSLContext | None = None) -> Iterator[str]:
        hub = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                topic = parse_qs(self.body().decode())["hub.url"][0]
                hub.told.append(topic)
                hub.paths.append(self.path)
                status, headers = hub.rule(hub.told.count(topic))
                if status == 0:
                    hub.hold.wait(30)
                else:
                    self.answer(status, b"", headers)

        with running(Handler, context) as address:
            yield address
            self.hold.set()


def with_hub(project: Project, hub: str, url: str = "https://harbour.example/") -> Project:
    """The project with this hub, built."""
    text = project.toml.read_text()
    project.toml.write_text(f'hub = "{hub}"\n' + text.replace("https://harbour.example/", url))
    assert project.build().status == 0
    return project


@pytest.fixture
def hub() -> Iterator[str]:
    """A real hub, a process of its own."""
    program = [sys.executable, str(Path(__file__).parent / "websub_hub.py")]
    with subprocess.Popen(program, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
        process.kill()


def told(hub: str) -> list[str]:
    with urlopen(f"{hub}log", timeout=30) as answer:
        topics: list[str] = json.load(answer)
    return topics


def test_a_subscriber_gets_exactly_the_feeds_that_changed_as_they_are_now(site: Project, hub: str) -> None:
    www = site.folder / "www"
    www.mkdir()
    with running(partial(_Files, directory=str(www))) as url:
        with_hub(site, hub, url)
        outcome = site.run("publish", "www")
        assert (outcome.status, outcome.err) == (0, ())
        assert sorted(told(hub)) == sorted(url + path for path in HEADS)
        subscriber = Subscriber()
        with subscriber.listening(url) as callback:
            for path in HEADS:
                form = urlencode({"hub.mode": "subscribe", "hub.topic": url + path, "hub.callback": callback})
                urlopen(hub, form.encode(), timeout=30).close()
            before = site.published()
            site.edit("2025-03.md", "The quay carries cranes", "The quay carries seven cranes")
            site.build(now=LATER)
            assert site.run("publish", "www").status == 0
            changed = {path: site.published()[path] for path in HEADS if site.published()[path] != before[path]}
            assert subscriber.delivered == changed
            assert {path.rpartition("/")[0] for path in changed} == {"", "quays", "editions"}
            assert subscriber.deliveries == len(changed)
            assert site.run("publish", "www").status == 0
            assert subscriber.deliveries == len(changed), "nothing changed, nothing told"
            assert len(told(hub)) == len(HEADS) + len(changed)


def test_the_hub_is_told_after_all_uploads_and_a_dry_run_tells_it_nothing(site: Project) -> None:
    scripted = Scripted()
    www = site.folder / "www"
    seen: list[bool] = []
    with scripted.listening() as address:
        with_hub(site, address)
        outcome = site.run("publish", "www", "--dry-run")
        assert scripted.told == []
        assert sum(line.startswith("would announce ") for line in outcome.out) == len(HEADS)
        scripted.rule = lambda _: (seen.append((www / "ledger.jsonl").exists()), (202, {}))[1]  # type: ignore[func-returns-value]
        site.run("publish", "www")
    assert seen == [True] * len(HEADS)


def test_without_a_hub_nobody_is_told(site: Project) -> None:
    assert "announced" not in site.run("publish", "www").out[0]


PASSING: Mapping[str, tuple[int, Mapping[str, str]]] = {
    "an error": (500, {}),
    "too busy": (503, {"Retry-After": "0"}),
    "too many requests": (429, {}),
}


@pytest.mark.parametrize("fault", PASSING)
def test_a_hub_that_fails_for_a_moment_is_told_again(site: Project, fault: str) -> None:
    scripted = Scripted(rule=lambda n: PASSING[fault] if n == 1 else (204, {}))
    with scripted.listening() as address:
        with_hub(site, address)
        outcome = site.run("ping", "ships")
    assert (outcome.status, outcome.err) == (0, ())
    assert len(scripted.told) == 6


SILENT = 0
"""Stands for the status of a hub that never answers."""
LASTING: Mapping[str, tuple[tuple[int, Mapping[str, str]], str, int]] = {
    "errors": ((500, {}), "it answered 500", 2),
    "no answer": ((SILENT, {}), "no answer in time", 2),
    "a refusal": ((403, {}), "it answered 403", 1),
    "not a hub": ((404, {}), "it answered 404", 1),
    "a redirect that turns into a GET": ((302, {"Location": "/other"}), "it answered 302", 1),
    "a redirect without a place": ((308, {}), "it answered 308", 1),
    "a redirect into a private network": ((307, {"Location": "http://192.168.0.1/"}), "not followed", 1),
    "a redirect to no host": ((307, {"Location": "https:///x"}), "not followed", 1),
    "a redirect to a cloud's metadata": ((307, {"Location": "http://169.254.169.254/latest/"}), "not followed", 1),
    "a redirect to a private address by https": ((308, {"Location": "https://10.0.0.1/"}), "not followed", 1),
    "a redirect to a private address in IPv6": ((308, {"Location": "https://[fd00::1]/"}), "not followed", 1),
    "a redirect to another scheme": ((307, {"Location": "file:///etc/passwd"}), "not followed", 1),
    "a redirect to no address": ((307, {"Location": "http://[/"}), "no address", 1),
    "redirects without end": ((307, {"Location": "/again"}), "more than 5 times", 6),
}


@pytest.mark.parametrize("fault", LASTING)
def test_a_hub_that_cannot_be_told_is_reported_and_what_was_published_stays(site: Project, fault: str) -> None:
    answer, words, requests = LASTING[fault]
    scripted = Scripted(rule=lambda _: answer)
    with scripted.listening() as address:
        with_hub(site, address)
        outcome = site.run("publish", "www", "--retries", "1", "--timeout", "0.3" if answer[0] == SILENT else "30")
    assert outcome.status == 1
    assert len(outcome.err) == len(HEADS) + 1
    assert all(
        words in line and line.startswith(f"{address}: not told of https://harbour.example/") for line in outcome.err[:-1]
    )
    assert scripted.told.count(scripted.told[0]) == requests
    assert set(Counter(scripted.told).values()) <= {1, requests}, "a hub that is down is not tried again and again"
    assert len(set(scripted.told)) == len(HEADS)
    www = site.folder / "www"
    assert {path: (www / path).read_bytes() for path in site.published()} == site.published()


def test_a_hub_that_answers_ever_so_slowly_is_given_up() -> None:
    begun = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def dribble() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 204 No Content\r\n")
                for number in range(600):
                    connection.sendall(f"X-{number}: x\r\n".encode())
                    time.sleep(0.1)

        thread = threading.Thread(target=dribble)
        thread.start()
        told = tell(Hub(address=f"http://127.0.0.1:{server.getsockname()[1]}/", timeout=0.5, retries=0), ["x"])
        thread.join()
    assert [failure.reason for failure in told] == ["no answer in time"]
    assert time.monotonic() - begun < 30


def test_what_the_hub_was_not_told_it_is_told_by_the_next_publication(site: Project) -> None:
    scripted = Scripted(rule=lambda _: (403, {}))
    with scripted.listening() as address:
        with_hub(site, address)
        assert site.run("publish", "www").status == 1
        scripted.told.clear()
        scripted.rule = lambda _: (204, {})
        outcome = site.run("publish", "www")
        assert outcome.status == 0
        assert "0 uploaded" in outcome.out[0]
        assert sorted(scripted.told) == sorted(f"https://harbour.example/{path}" for path in HEADS)
        assert site.run("publish", "www").status == 0
    assert len(scripted.told) == len(HEADS)


def test_a_publisher_killed_before_it_told_the_hub_leaves_it_to_the_next(site: Project) -> None:
    scripted = Scripted(rule=lambda _: (process.kill(), (0, {}))[1])  # type: ignore[func-returns-value]
    with scripted.listening() as address:
        with_hub(site, address)
        process = site.start("publish", "www")
        site.finish(process)
        scripted.told.clear()
        scripted.rule = lambda _: (204, {})
        assert "0 uploaded" in site.run("publish", "www").out[0]
    assert {topic.removeprefix("https://harbour.example/") for topic in scripted.told} == {*HEADS}


def test_a_redirect_that_keeps_the_request_is_followed(site: Project) -> None:
    scripted = Scripted(rule=lambda n: (307, {"Location": "/hub?x=1"}) if n == 1 else (204, {}))
    with scripted.listening() as address:
        with_hub(site, address)
        assert site.run("ping", "ships").status == 0
    assert sorted(scripted.paths) == ["/"] * 3 + ["/hub?x=1"] * 3


def ping(site: Project, *arguments: str) -> tuple[Outcome, list[str]]:
    scripted = Scripted()
    with scripted.listening() as address:
        with_hub(site, address)
        outcome = site.run("ping", *arguments)
    return outcome, sorted(topic.removeprefix("https://harbour.example/") for topic in scripted.told)


def test_ping_tells_of_the_topics_named_or_of_all(site: Project, later: Project) -> None:
    outcome, topics = ping(site, "ships", "all", "ships")
    assert outcome.status == 0
    assert topics == sorted(path for path in HEADS if path.startswith("ships/") or "/" not in path)
    assert outcome.out[0].endswith("told of 6 feed documents (ships, all)")
    outcome, topics = ping(later, "--all", "--quiet")
    assert (outcome.status, outcome.out, topics) == (0, (), sorted(HEADS))


@pytest.mark.parametrize("arguments", [(), ("--all", "ships"), ("boats",), ("ships", "--timeout", "0")])
def test_a_ping_of_nothing_or_of_what_is_no_feed_is_status_2(site: Project, arguments: tuple[str, ...]) -> None:
    outcome, topics = ping(site, *arguments)
    assert (outcome.status, outcome.out, topics) == (2, (), [])


def test_a_ping_without_a_hub_in_the_settings_is_status_2(site: Project) -> None:
    outcome = site.run("ping", "--all")
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert "hub" in outcome.err[0]


@pytest.mark.parametrize("address", ["http://hub.example/", "http://192.168.0.1/", "http://localhost.example/"])
def test_a_hub_by_http_elsewhere_is_status_2_and_nothing_is_sent(site: Project, address: str) -> None:
    with_hub(site, address)
    outcome = site.run("ping", "--all")
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert "https://" in outcome.err[0]


def test_a_hub_that_does_not_listen_is_status_1(site: Project) -> None:
    with_hub(site, f"http://127.0.0.1:{free_port()}/")
    outcome = site.run("ping", "ships", "--retries", "1")
    assert (outcome.status, len(outcome.err)) == (1, 3)
    assert "refused" in outcome.err[0]


BEGIN, END = datetime(2020, 1, 1, tzinfo=timezone.utc), datetime(2120, 1, 1, tzinfo=timezone.utc)


def certificate(folder: Path) -> Path:
    """A key and a certificate for localhost that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), BEGIN, END)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path = folder / "localhost.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_hub_by_https_must_have_a_valid_certificate(site: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    path = certificate(tmp_path)
    context.load_cert_chain(path)
    scripted = Scripted()
    with scripted.listening(context) as address:
        with_hub(site, address)
        outcome = site.run("ping", "ships")
        assert (outcome.status, scripted.told) == (1, [])
        assert "certificate" in outcome.err[0]
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert site.run("ping", "ships").status == 0
    assert len(scripted.told) == 3


HUB, OWN = "https://hub.example/", "http://localhost:8080/"
LEADS: Mapping[tuple[str, str, tuple[str, ...]], bool] = {
    (HUB, "https://new.example/", ("93.184.216.34",)): True,
    (HUB, "https://new.example/", ("2606:2800:220:1::1",)): True,
    (HUB, "http://new.example/", ("93.184.216.34",)): False,
    (HUB, "https://new.example/", ("93.184.216.34", "10.0.0.1")): False,
    (HUB, "https://new.example/", ("127.0.0.1",)): False,
    (HUB, "https://new.example/", ("::1",)): False,
    (HUB, "https://new.example/", ("::ffff:10.0.0.1",)): False,
    (HUB, "https://new.example/", ("100.64.0.1",)): False,
    (HUB, "https://new.example/", ("224.0.0.1",)): False,
    (HUB, "https://new.example/", ("fe80::1%eth0",)): False,
    (HUB, "ftp://new.example/", ("93.184.216.34",)): False,
    (OWN, "http://127.0.0.1:9/", ("127.0.0.1",)): True,
    (OWN, "http://new.example/", ("127.0.0.1", "10.0.0.1")): False,
    (OWN, "file://localhost/", ("127.0.0.1",)): False,
    (OWN, "https://new.example/", ("93.184.216.34",)): True,
}


@pytest.mark.parametrize("case", LEADS, ids=str)
def test_a_hub_may_send_on_to_public_places_alone(case: tuple[str, str, tuple[str, ...]]) -> None:
    hub, address, numbers = case
    assert may_lead_to(urlsplit(address).scheme, numbers, hub) is LEADS[case]


def test_loopback_is_a_number_or_the_one_name() -> None:
    hosts = ("localhost", "127.0.0.1", "127.8.9.1", "::1", "localhost.example", "10.0.0.1", "", "example.org")
    assert [host for host in hosts if is_loopback(host)] == ["localhost", "127.0.0.1", "127.8.9.1", "::1"]
