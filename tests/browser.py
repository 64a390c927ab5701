"""A real browser, and servers on ports of their own for it to read from. A pytest plugin."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCREENSHOTS = Path(os.environ.get("FEEDGEN_KUSAMA_SCREENSHOTS", ROOT / "build" / "screenshots"))
"""Where tests leave pictures, to be looked at."""
ARGUMENTS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
""".split()
"""No sandbox, since tests may run as root; nothing that a browser asks the network for on its own."""
TYPES = {".js": "text/javascript", ".xml": "application/xml", ".json": "application/json", ".html": "text/html; charset=utf-8"}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, driven by Playwright."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = TYPES

    def __init__(self, *args: object, headers_sent: Mapping[str, str], **rest: object) -> None:
        self._headers_sent = headers_sent
        super().__init__(*args, **rest)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        for name, value in self._headers_sent.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a folder on a port of its own, each response with these headers; gives the address, without a slash."""
    handler = partial(_Handler, directory=str(folder), headers_sent=headers or {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
