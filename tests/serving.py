"""The server as its owner runs it: a process on a port of its own, and requests as written. A pytest plugin."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PATIENCE = 30.0
"""Seconds after which a condition is given up."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status, the headers by their names in small letters, the body as sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, its process, and what it wrote to standard error."""

    address: str
    process: subprocess.Popen[str]
    errors: Path

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """A request whose path is sent as it is; `if_range` stands for If-Range."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def write(self, request: bytes) -> bytes:
        """All that comes back for these bytes."""
        parts = urlsplit(self.address)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=PATIENCE) as connection:
            connection.sendall(request)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """The exit status after a signal, and all that was written to standard error."""
        self.process.send_signal(number)
        self.process.wait(PATIENCE)
        return self.process.returncode, self.errors.read_text("utf-8")


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    """`serve` in a folder, on a free port."""
    errors = folder / "errors.txt"
    command = [sys.executable, "-m", "feedgen_kusama", "serve", "--port", "0", *options]
    with errors.open("w") as stderr:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=stderr, encoding="utf-8")
    try:
        yield Server(_address(process, errors), process, errors)
    finally:
        process.kill()
        process.communicate()


def _address(process: subprocess.Popen[str], errors: Path) -> str:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://\S+(?=/;)", line):
            return found[0]
    raise AssertionError(errors.read_text("utf-8"))


def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)
