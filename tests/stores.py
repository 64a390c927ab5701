"""A real server that speaks S3, and a proxy before it that fails as told and watches what is stored. A pytest plugin."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import md5
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import boto3
import pytest
from botocore.config import Config

from tests.quiet_server import QuietServer

KEY, SECRET = "AKIAFEEDGENTESTKEY00", "s3cr3t/Feedgen+Test+Key+That+Nobody+Sees"
BUCKET = "feeds-bucket"
MANIFEST = ".feedgen-kusama.json"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that speaks S3, a process of its own."""
    port = free_port()
    log = tmp_path_factory.mktemp("s3") / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out
        )
        try:
            _wait_for(port, process)
            _client(port).create_bucket(Bucket=BUCKET)
            yield port
        finally:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.05)
    raise AssertionError("the server ended before it listened")


@cache
def _client(port: int) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """A request to the store: its method, the path below the bucket's prefix, how often both came, how many came at all."""

    method: str
    path: str
    times: int
    total: int


Fault = int | str | None
"""What becomes of a request: an answer with this status, `hang`, `cut` (not passed on), `lose` (its answer), or nothing."""


@dataclass
class Store:
    """A prefix in the bucket behind a proxy. `rule` decides on faults; `watch` sees what is stored after every change."""

    port: int
    prefix: str
    rule: Callable[[Request], Fault] = lambda _: None
    watch: Callable[[Mapping[str, bytes]], None] = lambda _: None
    log: list[tuple[str, str, int]] = field(default_factory=list)
    """Method, path and status of every request that was passed on or answered, in order."""
    held: dict[str, bytes] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    end: threading.Event = field(default_factory=threading.Event)
    proxy_port: int = 0
    waiting: int = 0
    """Requests that are not answered yet."""

    @property
    def target(self) -> str:
        return f"s3://{BUCKET}/{self.prefix}"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.proxy_port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        return (self.target, "--endpoint-url", self.endpoint)

    def paths(self, method: str) -> list[str]:
        """The paths of successful requests of a method, without those of the manifest."""
        return [p for m, p, status in self.log if m == method and status < 300 and p != MANIFEST]

    def files(self) -> dict[str, bytes]:
        """Everything that is stored but the manifest. What went by is compared with what the store lists."""
        pages = _client(self.port).get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{self.prefix}/")
        listed = {file["Key"]: file["ETag"] for page in pages for file in page.get("Contents", ())}
        assert listed == {f"{self.prefix}/{path}": f'"{md5(content).hexdigest()}"' for path, content in self.held.items()}
        return {path: content for path, content in self.held.items() if path != MANIFEST}

    def head(self, path: str) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = _client(self.port).head_object(Bucket=BUCKET, Key=f"{self.prefix}/{path}")
        return answer

    def put(self, path: str, content: bytes) -> None:
        _client(self.port).put_object(Bucket=BUCKET, Key=f"{self.prefix}/{path}", Body=content)
        self.held[path] = content

    def delete(self, path: str) -> None:
        _client(self.port).delete_object(Bucket=BUCKET, Key=f"{self.prefix}/{path}")
        self.held.pop(path, None)

    def settle(self) -> None:
        """Wait until every request was answered, also those of a process that is gone."""
        while self.waiting:
            threading.Event().wait(0.005)

    def forget(self) -> None:
        """Forget the requests so far, and fail no more."""
        self.rule = lambda _: None
        self.log.clear()
        self.seen.clear()

    @contextmanager
    def listening(self) -> Iterator[Store]:
        """Listen, on the same port each time; outside of it connections are refused."""
        self.end.clear()
        server = _Server(("127.0.0.1", self.proxy_port), _Handler)
        server.store = self
        self.proxy_port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.end.set()
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(QuietServer):
    store: Store
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def _count(self) -> None:
        store = self.server.store
        with store.lock:
            store.waiting += 1
        try:
            self._pass_on(store)
        finally:
            with store.lock:
                store.waiting -= 1

    def _pass_on(self, store: Store) -> None:
        path = unquote(self.path.partition("?")[0]).removeprefix(f"/{BUCKET}").removeprefix(f"/{store.prefix}").lstrip("/")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with store.lock:
            store.seen[self.command, path] += 1
            request = Request(self.command, path, store.seen[self.command, path], sum(store.seen.values()))
            fault = store.rule(request)
        if fault == "hang":
            store.end.wait(30)
        if fault in ("hang", "cut"):
            self.close_connection = True
            return
        if isinstance(fault, int):
            store.log.append((self.command, path, fault))
            self._answer(fault, {}, f"<Error><Code>Told</Code><AWSAccessKeyId>{KEY}</AWSAccessKeyId></Error>".encode())
            return
        with store.lock:
            status, headers, answer = self._ask(body)
            store.log.append((self.command, path, status))
            self._note(store, path, body, status)
        if fault == "lose":
            self.close_connection = True
            return
        self._answer(status, headers, answer)

    def _note(self, store: Store, path: str, body: bytes, status: int) -> None:
        """Keep what is stored, and show it, after a change."""
        removed = [path] if self.command == "DELETE" else re.findall(r"<Key>(.*?)</Key>", body.decode("utf-8", "replace"))
        if status < 300 and self.command == "PUT":
            store.held[path] = body
        elif status < 300 and self.command in ("DELETE", "POST"):
            for key in removed:
                store.log.append(("DELETE", key.removeprefix(f"{store.prefix}/"), status)) if self.command == "POST" else None
                store.held.pop(key.removeprefix(f"{store.prefix}/"), None)
        else:
            return
        store.watch(store.held)

    def _ask(self, body: bytes) -> tuple[int, Mapping[str, str], bytes]:
        upstream = HTTPConnection("127.0.0.1", self.server.store.port, timeout=30)
        try:
            upstream.request(self.command, self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except (OSError, HTTPException) as error:  # pragma: no cover
            return 502, {}, str(error).encode()
        finally:
            upstream.close()

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        try:
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in ("content-length", "connection", "transfer-encoding", "server", "date"):
                    self.send_header(name, value)
            length = headers.get("Content-Length") if self.command == "HEAD" else None
            self.send_header("Content-Length", length or str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
        except OSError:
            self.close_connection = True  # whoever asked is gone

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _count  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials in the environment, and no others."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))


@pytest.fixture
def s3_store(s3_port: int, aws: None, tmp_path: Path) -> Iterator[Store]:
    """An empty place in a bucket, by way of the proxy."""
    with Store(s3_port, re.sub(r"[^a-z0-9]+", "-", f"{tmp_path.parent.name}-{tmp_path.name}".lower())).listening() as store:
        yield store
