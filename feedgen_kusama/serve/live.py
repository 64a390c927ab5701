"""Open pages are told of each build: a script in the pages that are served, never in the files, listens for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from feedgen_kusama.serve.places import Names

FOLDER = "-"
"""Where the script and the events lie: no feed can be called so."""
SCRIPT, EVENTS = (FOLDER, "reload.js"), (FOLDER, "events")
TICK, SILENCE = 0.1, 15.0
"""Seconds between two looks for a new version, and after which a page is told that there is none."""

SCRIPT_TEXT = b"""\
// Reloads the page after each build. A page in the background lets go of its connection, of which browsers allow few.
const script = document.currentScript;
const address = new URL("events", script.src);
let events = null;
function listen() {
  if (document.hidden) {
    events?.close();
    events = null;
  } else if (events === null) {
    events = new EventSource(address);
    events.onmessage = ({ data }) => {
      if (data !== script.dataset.version) {
        events.close();
        location.reload();
      }
    };
  }
}
document.addEventListener("visibilitychange", listen);
listen();
"""


class Live:
    """The version of what is published. May be moved on by any thread."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._builds = 0
        self.is_over = False

    @property
    def version(self) -> str:
        """What tells one build, of one server, from all others."""
        return f"{self._token}-{self._builds}"

    def announce(self) -> None:
        """There is something new."""
        self._builds += 1

    def end(self) -> None:
        """Let all pages go."""
        self.is_over = True

    async def events(self) -> AsyncIterator[bytes]:
        """The version, whenever it changes, as server-sent events (HTML Standard section 9.2)."""
        told, silent = None, 0.0
        while not self.is_over:
            if told != self.version:
                told, silent = self.version, 0.0
                yield f"data: {told}\n\n".encode()
            elif silent >= SILENCE:
                silent = 0.0
                yield b":\n\n"
            await asyncio.sleep(TICK)
            silent += TICK

    def add_script(self, page: bytes, names: Names) -> bytes:
        """A page with the script at its end."""
        root = "../" * (len(names) - 1)
        tag = f'<script src="{root}{"/".join(SCRIPT)}" data-version="{self.version}"></script>\n'.encode()
        head, end, tail = page.rpartition(b"</body>")
        return head + tag + end + tail if end else page + tag
