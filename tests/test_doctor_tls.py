"""`doctor` and certificates, https, names: against servers that carry certificates, under names that lead to this machine."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from feedgen_kusama.doctor import diagnose
from feedgen_kusama.doctor.observe import observe
from feedgen_kusama.web.answers import Answer
from feedgen_kusama.web.client import Client
from feedgen_kusama.web.resolve import Endpoint, Lookup, UnknownHostError
from tests.projects import Project
from tests.test_doctor import NOW, rules_in
from tests.wrong_cases import RSS, redirecting
from tests.wrong_servers import Answered, Change, serving, sound

pytest_plugins = ["projects"]

LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)
NAME = "news.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority, and no other."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("no_proxy", "*")


def context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(tls)
    return tls


def own_context(folder: Path) -> ssl.SSLContext:
    """A certificate that signed itself."""
    authority = trustme.CA()
    (folder / "self.pem").write_bytes(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "self.pem")
    return tls


CERTIFICATES: dict[str, Callable[[trustme.CA, Path], ssl.SSLContext]] = {
    "has expired": lambda ca, _: context(ca.issue_cert("localhost", not_before=LONG_AGO, not_after=LONG_AGO.replace(month=2))),
    "is not valid yet": lambda ca, _: context(
        ca.issue_cert(
            "localhost",
            not_before=datetime(2090, 1, 1, tzinfo=timezone.utc),
            not_after=datetime(2091, 1, 1, tzinfo=timezone.utc),
        )
    ),
    "is made out to another name": lambda ca, _: context(ca.issue_cert("elsewhere.example")),
    "is signed by itself": lambda _, folder: own_context(folder),
    "an authority that no reader knows": lambda *_: context(trustme.CA().issue_cert("localhost")),
}


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_certificate_that_is_not_trusted_is_found_and_all_else_is_read(
    fault: str, authority: trustme.CA, tmp_path: Path
) -> None:
    with serving(tls=CERTIFICATES[fault](authority, tmp_path)) as url:
        diagnosis = diagnose(observe(url), NOW)
    (finding,) = diagnosis.findings
    assert (finding.rule, finding.address) == ("certificate", url.rstrip("/"))
    assert fault in finding.message
    assert diagnosis.documents == 13


def test_a_trusted_certificate_is_no_finding_and_its_end_is_known(authority: trustme.CA, project: Project) -> None:
    end = datetime(2035, 5, 5, tzinfo=timezone.utc)
    with serving(tls=context(authority.issue_cert("localhost", not_after=end))) as url:
        seen = observe(url)
        outcome = project.spawn("doctor", url, "--now", "2024-12-15")
    assert diagnose(seen, NOW).findings == ()
    assert [certificate.ends for certificate in seen.certificates] == [end]
    assert (outcome.status, outcome.err) == (0, ())


def test_check_takes_no_document_from_a_server_that_is_not_trusted(tmp_path: Path, project: Project) -> None:
    with serving(tls=own_context(tmp_path)) as url:
        outcome = project.run("check", url)
    assert (outcome.status, outcome.err) == (2, (f"{url}rss.xml: its certificate is signed by itself",))


def test_a_redirect_from_https_to_http_is_found(authority: trustme.CA) -> None:
    tls = context(authority.issue_cert("localhost"))
    with ExitStack() as stack:
        places: dict[str, str] = {}
        url = stack.enter_context(serving(redirecting(places), tls=tls))
        plain = stack.enter_context(serving(url=url)).replace("127.0.0.1", "localhost")
        places[RSS] = plain.rstrip("/") + RSS
        (finding,) = diagnose(observe(url), NOW).findings
    assert (finding.rule, finding.message) == ("downgrade", f"redirects from https to {places[RSS]}")


def tunnel(source: socket.socket) -> None:
    """Connect on as a proxy is asked to (RFC 9110, section 9.3.6), and carry bytes both ways until one end has none."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += source.recv(1)
    _host, _, port = head.split()[1].decode().rpartition(":")
    with source, socket.create_connection(("127.0.0.1", int(port))) as target:
        source.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        other = {source: target, target: source}
        while ready := select.select(list(other), [], [], 10)[0]:
            for end in ready:
                if not (data := end.recv(1 << 16)):
                    return
                other[end].sendall(data)


def test_a_proxy_leads_to_a_server_whose_certificate_is_looked_at(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tls=context(authority.issue_cert(NAME))) as url, socket.create_server(("127.0.0.1", 0)) as proxy:
        thread = threading.Thread(target=lambda: tunnel(proxy.accept()[0]))
        thread.start()
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        client = Client(named=())
        outcome = client.ask(f"https://{NAME}:{urlsplit(url).port}/rss.xml")
        client.close()
        thread.join()
    assert isinstance(outcome, Answer)
    assert outcome.media == "application/xml"
    assert [certificate.fault for certificate in client.certificates.values()] == [""]


# Names that lead to this machine: --url https://news.example/, say, and nobody else has to know


def leading(**ports: str) -> Lookup:
    """A name service that knows one name: `https` and `http` are the addresses of the servers behind its ports."""
    places = {{"https": 443, "http": 80}[scheme]: urlsplit(address).port or 0 for scheme, address in ports.items()}

    def look_up(host: str, port: int) -> tuple[Endpoint, ...]:
        if host != NAME:
            raise UnknownHostError
        return (("127.0.0.1", places.get(port, 1)),)

    return look_up


def to_https(_asked: object, _serve: object) -> Answered:
    return Answered(301, {"Location": f"https://{NAME}/"})


@pytest.mark.parametrize(
    ("plain", "rules"), [(to_https, set()), (sound, {"encryption"}), (None, set())], ids=["redirect", "open", "closed"]
)
def test_http_sends_readers_on_to_https(plain: Change | None, rules: set[str], authority: trustme.CA) -> None:
    url = f"https://{NAME}/"
    with ExitStack() as stack:
        there = {"https": stack.enter_context(serving(url=url, tls=context(authority.issue_cert(NAME))))}
        if plain:
            there["http"] = stack.enter_context(serving(plain, url=url))
        assert rules_in(diagnose(observe(url, look_up=leading(**there)), NOW)) == rules


def test_a_publication_without_https_is_found(authority: trustme.CA) -> None:
    url = f"http://{NAME}/"
    with serving(url=url) as plain:
        (finding,) = diagnose(observe(url, look_up=leading(http=plain)), NOW).findings
        assert (finding.rule, finding.message) == ("encryption", "is served without encryption; https does not answer")
        with serving(url=url, tls=context(authority.issue_cert(NAME))) as safe:
            (finding,) = diagnose(observe(url, look_up=leading(http=plain, https=safe)), NOW).findings
    assert finding.message.endswith("https answers too: send readers there")
