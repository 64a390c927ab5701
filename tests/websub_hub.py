"""A WebSub hub, run as a program: it verifies intent, fetches a topic when told of a change, and delivers it.

It prints its port. `GET /log` gives the topics of which it was told, in order, as JSON.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode
from urllib.request import Request, urlopen

CHALLENGE = "2b7e151628aed2a6"
subscribers: dict[str, list[str]] = {}
told: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(200, json.dumps(told).encode())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        act = {"subscribe": self.subscribe, "publish": self.publish}.get(form["hub.mode"][0])
        if act is None or self.headers.get_content_type() != "application/x-www-form-urlencoded":
            self.answer(400)
        else:
            act(form)

    def subscribe(self, form: dict[str, list[str]]) -> None:
        """Verify the intent of the subscriber (section 5.3)."""
        topic, callback = form["hub.topic"][0], form["hub.callback"][0]
        asked = {"hub.mode": "subscribe", "hub.topic": topic, "hub.challenge": CHALLENGE, "hub.lease_seconds": "86400"}
        with urlopen(f"{callback}?{urlencode(asked)}", timeout=30) as echo:
            if echo.read().decode() == CHALLENGE:
                subscribers.setdefault(topic, []).append(callback)
        self.answer(202)

    def publish(self, form: dict[str, list[str]]) -> None:
        """Fetch the topic and deliver it (section 7)."""
        (topic,) = form["hub.url"]
        told.append(topic)
        with urlopen(topic, timeout=30) as feed:
            content, media = feed.read(), feed.headers["Content-Type"]
        link = f'<http://127.0.0.1:{server.server_port}/>; rel="hub", <{topic}>; rel="self"'
        for callback in subscribers.get(topic, ()):
            urlopen(Request(callback, content, {"Content-Type": media, "Link": link}), timeout=30).close()
        self.answer(204)

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
