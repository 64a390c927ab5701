"""A client that asks one thing after the other, follows redirects itself and notes what it sees."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from http.client import HTTPException, HTTPResponse

from feedgen_kusama import __version__
from feedgen_kusama.web.answers import REDIRECTS, TOO_MANY, Answer, Certificate, Failure, Outcome, Trip
from feedgen_kusama.web.coding import TooLargeError, decode_body
from feedgen_kusama.web.connection import Connection, find_proxy, new_context, time_limit
from feedgen_kusama.web.failures import EXPECTED, certificate_fault, failure_of
from feedgen_kusama.web.places import Place, join_address, parse_place
from feedgen_kusama.web.resolve import Lookup, Resolver, look_up

USER_AGENT = f"feedgen-kusama/{__version__}"
MOST_REDIRECTS = 10
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a client bears: seconds and bytes of one answer, number and seconds of all."""

    patience: float = 20
    largest: int = 10_000_000
    most: int = 4_000
    total: float = 1_800


@dataclass(slots=True, kw_only=True)
class Client:
    """Asks web servers. `named` are hosts that may lie in a private network; others must be public.

    An indulgent client notes what is wrong with a certificate and goes on; to any other it is a failure.
    """

    named: Collection[str]
    limits: Limits = field(default_factory=Limits)
    is_indulgent: bool = False
    look_up: Lookup = look_up
    clock: Callable[[], float] = time.monotonic
    certificates: dict[str, Certificate] = field(default_factory=dict)
    """What servers showed, by origin."""
    asked: int = 0
    _resolver: Resolver = field(init=False)
    _open: dict[str, Connection] = field(default_factory=dict)
    _contexts: dict[bool, ssl.SSLContext] = field(default_factory=dict)
    _until: float = field(init=False)
    _weary: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._resolver = Resolver(named=self.named, look_up=self.look_up)
        self._until = self.clock() + self.limits.total

    def follow(self, address: str, headers: Headers | None = None) -> Trip:
        """What an address leads to over all redirects."""
        hops: list[Answer] = []
        here, seen = address, {address}
        while isinstance(end := self.ask(here, headers=headers), Answer) and end.status in REDIRECTS and end.header("Location"):
            hops.append(end)
            try:
                here = join_address(here, end.header("Location"))
            except ValueError:
                end = Failure(address=here, kind="address", reason="redirects to what is no address")
                break
            if here in seen or len(hops) > MOST_REDIRECTS:
                end = Failure(address=here, kind="loop", reason="redirects without end")
                break
            seen.add(here)
        return Trip(asked=address, redirects=tuple(hops), end=end)

    def ask(self, address: str, method: str = "GET", headers: Headers | None = None) -> Outcome:
        """One answer, or why there is none. Redirects are answers."""
        if self.asked >= self.limits.most or self.clock() > self._until:
            return Failure(address=address, kind="budget", reason="not asked for, since there is more than is read in one go")
        try:
            place = parse_place(address)
            if place.host in self._weary:
                return Failure(address=address, kind="budget", reason="not asked for, since the host wants fewer requests")
            self.asked += 1
            fields = {"Host": place.authority, "User-Agent": USER_AGENT, "Accept-Encoding": "gzip", "Accept": "*/*"}
            answer = self._ask(address, place, method, fields | dict(headers or {}))
        except EXPECTED as error:
            return failure_of(error, address, patience=self.limits.patience, largest=self.limits.largest)
        if answer.status == TOO_MANY:
            self._weary.add(place.host)
        return answer

    def close(self) -> None:
        """Close what is open."""
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _ask(self, address: str, place: Place, method: str, fields: Headers) -> Answer:
        begun = self.clock()
        try:
            kept = self._open.pop(place.origin, None)
            response, data = self._exchange(kept or self._connect(place), place, method, fields)
        except ConnectionError:
            if not kept:
                raise
            response, data = self._exchange(self._connect(place), place, method, fields)  # servers close what was kept open
        return Answer(
            address=address,
            status=response.status,
            reason=response.reason,
            headers=tuple(response.headers.items()),
            body=decode_body(data, response.headers.get("Content-Encoding", ""), self.limits.largest),
            sent=len(data),
            seconds=self.clock() - begun,
        )

    def _exchange(self, connection: Connection, place: Place, method: str, fields: Headers) -> tuple[HTTPResponse, bytes]:
        target = place.origin + place.target if connection.is_absolute else place.target
        try:
            with time_limit(connection, self.limits.patience):
                connection.request(method, target, headers=dict(fields))
                response = connection.getresponse()
                data = _read(response, self.limits.largest)
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._open[place.origin] = connection
        return response, data

    def _connect(self, place: Place) -> Connection:
        """A new connection, its certificate looked at. Raises OSError, PrivateError."""
        known = self.certificates.get(place.origin)
        connection = self._new_connection(place, is_trusting=bool(known and known.fault))
        try:
            with time_limit(connection, self.limits.patience):
                connection.connect()
        except ssl.SSLCertVerificationError as error:
            connection.close()
            self.certificates[place.origin] = Certificate(origin=place.origin, fault=certificate_fault(error), ends=None)
            if not self.is_indulgent:
                raise
            return self._connect(place)
        except BaseException:
            connection.close()
            raise
        if place.scheme == "https" and not known:
            self.certificates[place.origin] = Certificate(origin=place.origin, fault="", ends=_end_of(connection))
        return connection

    def _new_connection(self, place: Place, *, is_trusting: bool) -> Connection:
        is_trusting &= self.is_indulgent
        if place.scheme == "https" and is_trusting not in self._contexts:
            self._contexts[is_trusting] = new_context(is_trusting=is_trusting)
        if proxy := find_proxy(place):
            self._resolver.guard_literal(place)
        return Connection(
            place,
            (proxy,) if proxy else self._resolver.find(place),
            self._contexts[is_trusting] if place.scheme == "https" else None,
            self.limits.patience,
            is_proxy=bool(proxy),
        )


def _read(response: HTTPResponse, largest: int) -> bytes:
    data = b""
    while chunk := response.read(1 << 16):
        data += chunk
        if len(data) > largest:
            raise TooLargeError
    if response.length:
        raise HTTPException(f"ends {response.length:,} bytes early")
    return data


def _end_of(connection: Connection) -> datetime | None:
    """When the certificate of a connection ends."""
    shown = connection.sock.getpeercert() if isinstance(connection.sock, ssl.SSLSocket) else None
    said = (shown or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said)), timezone.utc) if said else None
