"""Connections to endpoints that are known already, directly or through a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from feedgen_kusama.web.places import Place
from feedgen_kusama.web.resolve import Endpoint

PROXY_PORT = 8080


class Connection(HTTPConnection):
    """A connection to one of these endpoints, under the place's name."""

    def __init__(
        self, place: Place, endpoints: tuple[Endpoint, ...], context: ssl.SSLContext | None, patience: float, *, is_proxy: bool
    ) -> None:
        super().__init__(place.host, place.port, timeout=patience)
        self._place, self._endpoints, self._context = place, endpoints, context
        if is_proxy and context:
            self.set_tunnel(place.host, place.port)
        self.is_absolute = is_proxy and not context
        """Whether whole addresses are asked for, as of a proxy."""

    def connect(self) -> None:
        self.sock = _connect(self._endpoints, self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tunnel_host:  # type: ignore[attr-defined]
            self._tunnel()  # type: ignore[attr-defined]
        if self._context:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self._place.host)


def _connect(endpoints: tuple[Endpoint, ...], patience: float | None) -> socket.socket:
    failure = OSError("no address")
    for endpoint in endpoints:
        try:
            return socket.create_connection(endpoint, timeout=patience)
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def time_limit(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds, however slowly it goes on. Raises TimeoutError then."""
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        if sock := connection.sock:
            try:
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                return

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TimeoutError


def find_proxy(place: Place) -> Endpoint | None:
    """The proxy that the environment names for a place."""
    address = getproxies().get(place.scheme)
    if not address or proxy_bypass(place.authority):
        return None
    parts = urlsplit(address if "://" in address else f"http://{address}")
    return (parts.hostname or "", parts.port or PROXY_PORT)


def new_context(*, is_trusting: bool) -> ssl.SSLContext:
    """How servers show who they are; a trusting context takes their word for it."""
    context = ssl.create_default_context()
    if is_trusting:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
