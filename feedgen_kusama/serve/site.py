"""The site as an ASGI application: each request is read, answered from the shelf, and told to a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from feedgen_kusama.media import NEVER, cache_control
from feedgen_kusama.serve.answers import EVERY, METHODS, POLICY, PREFLIGHT, Answer, answer
from feedgen_kusama.serve.live import EVENTS, FOLDER, SCRIPT, SCRIPT_TEXT, Live
from feedgen_kusama.serve.places import Names, is_folder, split_target
from feedgen_kusama.serve.shelf import CHUNK, Shelf, Taken, make_file

INDEX = "index.html"
NOT_FOUND = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nothing here</title>
<link rel="stylesheet" href="{root}style.css">
</head>
<body>
<main id="main">
<h1>There is nothing at this address</h1>
<p>It may be mistyped, or what was here has been withdrawn.</p>
<p><a href="{root}">Go to the start page</a></p>
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that was answered: who asked for what with which program, and got how many bytes."""

    client: str
    method: str
    target: str
    status: int
    sent: int
    agent: str


Log = Callable[[Visit], None]


class Site:
    """Serves a folder. `year` tells which year it is now; with `live`, pages are told of each build."""

    def __init__(self, folder: Path, *, year: Callable[[], int], log: Log, live: Live | None = None) -> None:
        self._folder, self._shelf = folder, Shelf(folder)
        self._year, self._log, self._live = year, log, live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        names = split_target(scope["raw_path"])
        if names and names[0] == FOLDER and self._live:
            await self._follow(names, self._live)(scope, receive, send)
            return
        counter = Counter(send, is_head=scope["method"] == "HEAD")
        try:
            await self._serve(names, scope, receive, counter)
        finally:
            self._log(_visit(scope, counter))

    async def _serve(self, names: Names | None, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await Response(status_code=204, headers={**EVERY, **PREFLIGHT})(scope, receive, send)
        elif method not in ("GET", "HEAD"):
            words = f"{method} is not for here: feeds and pages are read with GET\n"
            await PlainTextResponse(words, 405, {**EVERY, "Allow": METHODS})(scope, receive, send)
        elif names is not None and (taken := await run_sync(self._take, names)):
            try:
                cache = NEVER if self._live else cache_control(taken.file.path, self._year())
                await _send_file(answer(method, _fold(scope), taken.file, cache), taken, send)
            finally:
                taken.close()
        elif names is not None and await run_sync(self._lacks_slash, names):
            await _redirect(names[-1], scope["query_string"])(scope, receive, send)
        else:
            await self._not_found(scope)(scope, receive, send)

    def _lacks_slash(self, names: Names) -> bool:
        """Whether this is a folder asked for as if it were a file."""
        return bool(names[-1]) and is_folder(self._folder, names)

    def _take(self, names: Names) -> Taken | None:
        """The file asked for: for a folder, its page."""
        taken = self._shelf.take(names if names[-1] else (*names[:-1], INDEX))
        if taken is None or self._live is None or taken.file.content is None or not taken.file.media.startswith("text/html"):
            return taken
        content = self._live.add_script(taken.file.content, names)
        return Taken(file=make_file(taken.file.path, content, modified=None))

    def _not_found(self, scope: Scope) -> Response:
        """A page in words. It links relatively, since the site may lie at any path of a proxy."""
        names: Names = ("",) * max(scope["raw_path"].count(b"/"), 1)
        page = NOT_FOUND.format(root="../" * (len(names) - 1) or "./").encode()
        headers = {**EVERY, "Cache-Control": NEVER, "Content-Security-Policy": POLICY}
        return Response(self._live.add_script(page, names) if self._live else page, 404, headers, "text/html")

    def _follow(self, names: Names, live: Live) -> Response:
        headers = {**EVERY, "Cache-Control": "no-store"}
        if names == SCRIPT:
            return Response(SCRIPT_TEXT, headers=headers, media_type="text/javascript")
        if names == EVENTS:
            return StreamingResponse(live.events(), headers=headers, media_type="text/event-stream")
        return PlainTextResponse("There is nothing at this address\n", 404, headers)


class Counter:
    """Sends on what it is given, and remembers the status and the size."""

    def __init__(self, send: Send, *, is_head: bool) -> None:
        self._send, self._is_head = send, is_head
        self.status, self.sent = 0, 0

    async def __call__(self, message: Message) -> None:
        self.status = message.get("status", self.status)
        self.sent += 0 if self._is_head else len(message.get("body", b""))
        await self._send(message)


def _fold(scope: Scope) -> Mapping[str, str]:
    """The request's headers; lines of one name are one list (RFC 9110 section 5.3)."""
    headers = Headers(scope=scope)
    return {name: ", ".join(headers.getlist(name)) for name in headers}


def _redirect(name: str, query: bytes) -> Response:
    """To the folder's page, relatively: the name is one part of a path, which leads to no other host."""
    target = f"./{quote(name, safe='')}/" + (f"?{query.decode('latin-1')}" if query else "")
    return RedirectResponse(target, 301, {**EVERY, "Cache-Control": NEVER})


async def _send_file(reply: Answer, taken: Taken, send: Send) -> None:
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    content = taken.file.packed if reply.is_packed else taken.file.content
    begin, end = reply.span or (0, 0)
    if content is None:
        while begin < end:
            data = await run_sync(partial(taken.read, begin, min(begin + CHUNK, end)))
            begin += len(data)
            await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": content[begin:end]})


def _visit(scope: Scope, counter: Counter) -> Visit:
    client, query = scope.get("client"), scope["query_string"]
    target = scope["raw_path"] + (b"?" + query if query else b"")
    return Visit(
        client=client[0] if client else "-",
        method=scope["method"],
        target=target.decode("latin-1"),
        status=counter.status,
        sent=counter.sent,
        agent=Headers(scope=scope).get("user-agent", "-"),
    )
