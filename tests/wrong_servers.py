"""Servers of a publication: a sound one, and as many wrong ones as there are ways to change what it answers."""

from __future__ import annotations

import gzip
import hashlib
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import PurePosixPath

import msgspec

from tests.publishing import RICH, SETTINGS, publish
from tests.quiet_server import QuietServer

BUILT_FOR = SETTINGS.url.encode()
"""The address that the files carry; each server puts its own in its place."""
MODIFIED = "Sat, 30 Nov 2024 12:00:00 GMT"
MEDIA = {
    ".xml": "application/xml",
    ".json": "application/feed+json",
    ".html": "text/html; charset=utf-8",
    ".opml": "text/x-opml",
    ".js": "text/javascript",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: header names are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def without(self, *names: str) -> Asked:
        return replace(self, headers={name: value for name, value in self.headers.items() if name not in names})

    def wanting(self, **headers: str) -> Asked:
        return replace(self, headers={**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})


@dataclass(frozen=True, slots=True)
class Answered:
    """A response. A body without Content-Length is sent with its own."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def having(self, **headers: str | None) -> Answered:
        """The same with other headers (`content_type`), or without those that are None."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in self.headers.items() if name.casefold() not in named}
        return replace(self, headers=kept | {name: value for name, value in named.items() if value is not None})


Files = Mapping[str, bytes]
Serve = Callable[[Asked], Answered]
Change = Callable[[Asked, Serve], Answered]
"""What a server answers, given a sound one."""


def sound(asked: Asked, serve: Serve) -> Answered:
    """As a server should."""
    return serve(asked)


@cache
def small_site() -> Files:
    """A publication of two topics without archives, and what is there to be embedded."""
    settings = msgspec.structs.replace(SETTINGS, topics=SETTINGS.topics[:2], archives=False)
    embedded = {"embed.js": b"export const none = null;\n", "fragment.html": b"<p>None.</p>\n"}
    return {**publish({"2024-11.md": RICH}, settings).files, **embedded}


def serve_soundly(files: Files, asked: Asked, site: bytes) -> Answered:
    """Media types, charset, ETag and Last-Modified, 304, gzip, CORS. The files carry this site's address."""
    name = asked.path.removeprefix("/") or "index.html"
    name = f"{name}index.html" if name.endswith("/") else name
    if name not in files:
        return Answered(404, {"Content-Type": "text/plain"}, b"not here\n")
    body = files[name].replace(BUILT_FOR, site)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Last-Modified": MODIFIED, "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"}
    if tag in asked.headers.get("if-none-match", "") or asked.headers.get("if-modified-since") == MODIFIED:
        return Answered(304, headers)
    headers["Content-Type"] = MEDIA.get(PurePosixPath(name).suffix, "text/plain")
    if "gzip" in asked.headers.get("accept-encoding", ""):
        return Answered(200, headers | {"Content-Encoding": "gzip"}, gzip.compress(body, 1, mtime=0))
    return Answered(200, headers, body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    respond: Serve

    def do_GET(self) -> None:
        path = self.path if "://" not in self.path else "/" + self.path.split("/", 3)[3]
        headers = {name.casefold(): value for name, value in self.headers.items()}
        answered = type(self).respond(Asked(self.command, path, headers))
        if "content-length" not in map(str.casefold, answered.headers):
            answered = answered.having(content_length=str(len(answered.body)) if answered.status != 304 else None)
        self.send_response_only(answered.status)
        for name, value in answered.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answered.status != 304:
            self.wfile.write(answered.body)
        if int(answered.headers.get("content-length", 0)) > len(answered.body):
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(
    change: Change = sound, *, files: Files | None = None, url: str = "", tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """A server on this machine; gives its address, which is what the files carry unless `url` is what they carry."""
    server = QuietServer(("127.0.0.1", 0), _Handler)
    address = f"https://localhost:{server.server_port}/" if tls else f"http://127.0.0.1:{server.server_port}/"
    said = (url or address).encode()
    served = small_site() if files is None else files

    def respond(asked: Asked) -> Answered:
        return change(asked, lambda asked: serve_soundly(served, asked, said))

    server.RequestHandlerClass = type("_ThisHandler", (_Handler,), {"respond": staticmethod(respond)})
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
