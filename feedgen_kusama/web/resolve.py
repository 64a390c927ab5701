"""Names of hosts looked up once and held to, so that none changes between the look at it and the connection."""

from __future__ import annotations

import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from feedgen_kusama.web.places import Place, is_public

Endpoint = tuple[str, int]
"""An IP address and a port."""
Lookup = Callable[[str, int], tuple[Endpoint, ...]]
"""The endpoints of a host and port. Raises UnknownHostError."""


class UnknownHostError(OSError):
    """A name that no host has."""


class PrivateError(Exception):
    """An address inside a private network that nobody named."""


def look_up(host: str, port: int) -> tuple[Endpoint, ...]:
    """Where this machine finds a host. Raises UnknownHostError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnknownHostError from None
    return tuple(dict.fromkeys((str(address[0]), int(address[1])) for *_, address in found))


@dataclass(slots=True, kw_only=True)
class Resolver:
    """Where hosts are. Those in `named` may lie in a private network."""

    named: Collection[str]
    look_up: Lookup = look_up
    _known: dict[Endpoint, tuple[Endpoint, ...]] = field(default_factory=dict)

    def find(self, place: Place) -> tuple[Endpoint, ...]:
        """The endpoints of a place, the same at every call. Raises UnknownHostError, PrivateError."""
        key = (place.host, place.port)
        if key not in self._known:
            self._known[key] = self.look_up(*key)
        found = self._known[key]
        if place.host not in self.named and not all(is_public(ip) for ip, _ in found):
            raise PrivateError
        return found

    def guard_literal(self, place: Place) -> None:
        """Hold off addresses that are written as private ones, where a proxy looks up the names. Raises PrivateError."""
        try:
            is_inside = not is_public(place.host)
        except ValueError:
            is_inside = place.host.rpartition(".")[2] == "localhost"
        if is_inside and place.host not in self.named:
            raise PrivateError
