"""The client asks only where it may, holds to what it looked up, and bears only so much."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from feedgen_kusama.web.answers import Answer, Failure
from feedgen_kusama.web.client import USER_AGENT, Client, Limits
from feedgen_kusama.web.coding import CodingError, TooLargeError, decode_body
from feedgen_kusama.web.places import is_public, join_address, parse_place
from feedgen_kusama.web.resolve import Endpoint
from tests.wrong_servers import Answered, Asked, serving

PUBLIC = "1.1.1.1 93.184.215.14 2606:4700::1111 64:ff9b::101:101 ::ffff:1.1.1.1 2002:101:101::1"
INSIDE = """
    127.0.0.1 127.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 192.0.2.1
    224.0.0.1 240.0.0.1 255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd00::1 fec0::1 ff02::1 2001:db8::1
    ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 2002:7f00:1::1 2002:a00:1::1
"""
NAMED = frozenset({"127.0.0.1"})


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@contextmanager
def talking(answer: bytes, *, times: int = 1) -> Iterator[str]:
    """A server that says this to whoever connects, then nothing, and goes away when the next one comes or at the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def talk() -> None:
            for number in range(times):
                connection, _ = server.accept()
                with connection:
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                    if number == times - 1:
                        ended.wait()

        thread = threading.Thread(target=talk)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        ended.set()
        thread.join()


def kind_of(client: Client, address: str) -> str:
    outcome = client.ask(address)
    assert isinstance(outcome, Failure)
    return outcome.kind


@pytest.mark.parametrize("ip", PUBLIC.split())
def test_public_addresses_are_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", INSIDE.split())
def test_private_addresses_are_not_public_however_they_are_wrapped(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1/",
        "http://localhost/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::1]:80/",
        "https://[::ffff:7f00:1]/",
    ],
)
def test_a_private_address_is_asked_for_only_where_it_was_named(address: str) -> None:
    assert kind_of(Client(named={"news.example"}), address) == "private"


@pytest.mark.parametrize(
    "address",
    ["ftp://a.example/", "file:///etc/passwd", "http://", "http://[", "http://u:p@a.example/", "x", "http://a.example:x/"],
)
def test_only_plain_addresses_of_the_web_are_asked_for(address: str) -> None:
    assert kind_of(Client(named=()), address) == "address"


def test_places_and_references() -> None:
    place = parse_place("https://BÜcher.example/a b?c=ä#d")
    assert (place.origin, place.target) == ("https://xn--bcher-kva.example", "/a%20b?c=%C3%A4")
    assert parse_place("http://[2606::1]:8080").origin == "http://[2606::1]:8080"
    assert join_address("https://a.example/b/c.html", "../d.xml#e") == "https://a.example/d.xml"


def test_a_name_is_looked_up_once_and_held_to() -> None:
    with serving() as url, serving() as other:
        ports = iter([int(url.split(":")[2].strip("/")), int(other.split(":")[2].strip("/"))])
        looked_up: list[str] = []

        def look_up(host: str, _port: int) -> tuple[Endpoint, ...]:
            looked_up.append(host)
            return (("127.0.0.1", next(ports)),)

        client = Client(named={"news.example"}, look_up=look_up)
        answers = [client.ask("http://news.example/rss.xml") for _ in range(3)]
        client.close()
    assert all(isinstance(answer, Answer) and answer.status == 200 for answer in answers)
    assert looked_up == ["news.example"]


def test_a_name_with_one_private_address_among_others_is_not_asked() -> None:
    client = Client(named=(), look_up=lambda _host, port: (("1.1.1.1", port), ("127.0.0.1", port)))
    assert kind_of(client, "http://news.example/") == "private"


def test_it_says_who_it_is_and_takes_gzip() -> None:
    heard: list[Asked] = []

    def listen(asked: Asked, _serve: object) -> Answered:
        heard.append(asked)
        return Answered(200, {}, b"heard")

    with serving(listen) as url:
        client = Client(named=NAMED)
        client.ask(url + "a?b")
        client.close()
    (asked,) = heard
    assert (asked.path, asked.headers["user-agent"], asked.headers["accept-encoding"]) == ("/a?b", USER_AGENT, "gzip")
    assert asked.headers["host"] == url.split("/")[2]


def test_a_connection_that_the_server_has_closed_is_replaced() -> None:
    with talking(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", times=3) as url:
        client = Client(named=NAMED)
        answers = [client.ask(url) for _ in range(3)]
        client.close()
    assert [isinstance(answer, Answer) and answer.body for answer in answers] == [b"ok"] * 3


def test_a_large_answer_is_given_up_packed_or_not() -> None:
    packed = gzip.compress(bytes(10_000_000))
    assert len(packed) < 20_000
    with serving(lambda *_: Answered(200, {"Content-Encoding": "gzip"}, packed)) as url:
        assert kind_of(Client(named=NAMED, limits=Limits(largest=20_000)), url) == "size"
        assert kind_of(Client(named=NAMED, limits=Limits(largest=200)), url) == "size"


def test_codings() -> None:
    body = b"some news " * 9
    assert decode_body(gzip.compress(body) + gzip.compress(body), "GZIP", 1000) == body + body
    assert decode_body(body, "identity", 1000) == decode_body(body, "", 1000) == body
    assert decode_body(b"", "gzip", 1000) == b""
    for data, coding in ((body, "gzip"), (gzip.compress(body)[:-4], "gzip"), (body, "br"), (body, "gzip, gzip")):
        with pytest.raises(CodingError):
            decode_body(data, coding, 1000)
    with pytest.raises(TooLargeError):
        decode_body(gzip.compress(body), "gzip", 50)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", b"HTTP/1.1 100 C\r\n\r\n"]
)
def test_a_server_that_falls_silent_is_given_up(answer: bytes) -> None:
    with talking(answer) as url:
        assert kind_of(Client(named=NAMED, limits=Limits(patience=0.2)), url) == "time"


@pytest.mark.parametrize(
    "answer",
    [b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", b"HTTP/1.1 200 OK\r\na: " + b"b" * 99_999],
)
def test_what_is_no_http_is_a_failure(answer: bytes) -> None:
    with talking(answer) as url:
        assert kind_of(Client(named=NAMED), url) == "connection"


def test_so_many_requests_and_so_much_time_and_no_more() -> None:
    with serving() as url:
        client = Client(named=NAMED, limits=Limits(most=2))
        assert [isinstance(client.ask(url), Answer) for _ in range(3)] == [True, True, False]
        client.close()
        seconds = iter(range(0, 1000, 10))
        hasty = Client(named=NAMED, limits=Limits(total=35), clock=lambda: next(seconds))
        assert isinstance(hasty.ask(url), Answer)
        assert kind_of(hasty, url) == "budget"
        hasty.close()


def test_a_proxy_is_used_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def listen(asked: Asked, _serve: object) -> Answered:
        heard.append(asked.headers["host"])
        return Answered(200, {}, b"by proxy")

    with serving(listen) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "")
        client = Client(named=())
        outcome = client.ask("http://news.example/rss.xml")
        assert kind_of(client, "http://10.0.0.1/") == kind_of(client, "http://a.localhost/") == "private"
        client.close()
    assert isinstance(outcome, Answer)
    assert (outcome.body, heard) == (b"by proxy", ["news.example"])
