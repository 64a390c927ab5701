"""Two sites for a browser: one that publishes feeds, and one, elsewhere, whose pages show them. A pytest plugin."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.quiet_server import QuietServer

OPEN: Mapping[str, str] = {"Access-Control-Allow-Origin": "*"}
"""What a host sends so that other sites may read a file."""
FALLBACK = "<p>Read <a href='https://kusama-news.example/'>the news</a>.</p>"
SHELL = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A Page</title><link rel="icon" href="data:,"><script type="module" src="{host}/embed.js"></script>
<style>:root {{ color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }} {style}</style>
<main><h1>A Page</h1>{body}</main></html>"""
STRICT = (
    "default-src 'none'; script-src {host}; connect-src {host}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
WATCH = """
globalThis.seen = { events: [], violations: [] };
for (const name of ["kusama-feed:load", "kusama-feed:error"])
  addEventListener(name, (event) => seen.events.push([name.slice(12), event.target.id, event.detail?.message ?? null]));
addEventListener("securitypolicyviolation", (event) => seen.violations.push(event.violatedDirective + " " + event.blockedURI));
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a site answers; where `until` is given, not before it is set."""

    body: bytes | str
    status: int = 200
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: dict(OPEN))
    until: threading.Event | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A site on a port of its own: what it answers by path, and what it was asked (path and headers)."""

    address: str
    answers: dict[str, Answer]
    asked: list[tuple[str, Mapping[str, str]]]

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(1 for asked, _ in self.asked if asked == path)


@contextmanager
def site() -> Iterator[Site]:
    """A site that answers what its `answers` hold at the time."""
    answers: dict[str, Answer] = {}
    asked: list[tuple[str, Mapping[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            asked.append((path, dict(self.headers)))
            answer = answers.get(path, Answer(body="no such file", status=404, type="text/plain"))
            if answer.until is not None:
                answer.until.wait(30)
            body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": answer.type, "Content-Length": str(len(body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # whoever asked has left

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with QuietServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield Site(f"http://127.0.0.1:{server.server_port}", answers, asked)
        server.shutdown()


@dataclass(frozen=True, slots=True)
class Embedding:
    """A publisher's host, a page elsewhere, and the browser that shows it."""

    browser: Browser
    host: Site
    pages: Site
    stack: ExitStack
    complaints: list[str]
    """What any page threw."""

    def feed(self, path: str, content: object, **how: Any) -> str:
        """Publish a feed, given as text or as what JSON holds; gives its address."""
        self.host.answers[path] = Answer(body=content if isinstance(content, str) else json.dumps(content), **how)
        return self.host.address + path

    def show(
        self,
        body: str,
        *,
        style: str = "",
        shell: str = SHELL,
        headers: Mapping[str, str] | None = None,
        prepare: Callable[[Page], object] = lambda _: None,
        **context: Any,
    ) -> Page:
        """A page with this body; `{host}` in it is the publisher's address. `prepare` comes before the page is opened."""
        body = body.replace("{host}", self.host.address)
        text = shell.format(host=self.host.address, body=body, style=style)
        sent = {name: value.format(host=self.host.address) for name, value in (headers or {}).items()}
        self.pages.answers["/"] = Answer(body=text, type="text/html; charset=utf-8", headers=sent)
        new = self.browser.new_context(**context)
        self.stack.callback(new.close)
        new.set_default_timeout(30_000)
        page = new.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.add_init_script(WATCH)
        prepare(page)
        page.goto(self.pages.address + "/")
        return page


@pytest.fixture
def embedding(chromium: Browser, sample_feeds: Mapping[str, bytes]) -> Iterator[Embedding]:
    """The sample feeds on one site, an empty other; no page may throw an error."""
    with ExitStack() as stack:
        host, pages = stack.enter_context(site()), stack.enter_context(site())
        for path, content in sample_feeds.items():
            kind = "text/javascript" if path.endswith(".js") else "application/json"
            host.answers[f"/{path}"] = Answer(body=content, type=kind)
        complaints: list[str] = []
        yield Embedding(chromium, host, pages, stack, complaints)
        assert complaints == []
