"""A port to listen on, and a server that ends without a word when it is told to."""

from __future__ import annotations

import errno
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from feedgen_kusama.errors import USAGE, FeedgenKusamaError

WAITING = 2048
"""Connections that may wait to be accepted."""
PATIENCE = 3
"""Seconds for which answers under way are waited for at the end."""
REASONS = {
    errno.EADDRINUSE: "the port is in use: choose another with --port, or 0 for any that is free",
    errno.EACCES: "this port needs more rights than you have: choose one from 1024 up with --port",
    errno.EADDRNOTAVAIL: "no address of this machine: choose another --host, as 127.0.0.1",
}


class PortError(FeedgenKusamaError):
    """The host and port cannot be listened on."""

    status = USAGE


class FolderError(FeedgenKusamaError):
    """There is nothing to serve."""

    status = USAGE


def find_nothing(folder: Path) -> str | None:
    """Why a folder cannot be served, and what to do; None where it can."""
    try:
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            return None
        reason = "empty"
    except FileNotFoundError:
        reason = "no such folder"
    except NotADirectoryError:
        return f"{folder}: a file, not a folder: name the folder of feeds with --output"
    except OSError as error:
        return f"{folder}: cannot be read: {error.strerror}: check its permissions"
    return f"{folder}: {reason}: run `feedgen-kusama build` first, or serve with --watch, which builds"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises PortError."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (socket.gaierror, UnicodeError):
        raise PortError(f"{host}: no address of this machine: choose another --host, as 127.0.0.1") from None
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, else asyncio leaves delays (Nagle) on
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(WAITING)
        return listener
    except OSError as error:
        listener.close()
        raise PortError(f"{host}, port {port}: {REASONS.get(error.errno or 0, error.strerror)}") from None


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser; for all of the machine's addresses, the one that leads to itself."""
    host, port = listener.getsockname()[:2]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host) or (f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}/"


class _Server(uvicorn.Server):
    """Leaves the signals to `run`, which hears them also before there is an answer to give."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(site: ASGIApp, listener: socket.socket, *, on_begin: Callable[[], None], on_end: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM: at the first, answers under way are sent to their end, at the second they are not.

    `on_begin` is called first; `on_end` when a signal arrives, which may be at any moment.
    """
    config = uvicorn.Config(
        site,
        lifespan="off",
        ws="none",
        http="h11",
        loop="asyncio",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    server = _Server(config)

    def end(_number: int, _frame: FrameType | None) -> None:
        server.force_exit, server.should_exit = server.should_exit, True
        on_end()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        on_begin()
        server.run(sockets=[listener])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
