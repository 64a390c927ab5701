"""WebSub: tell the hub of feeds that have changed (https://www.w3.org/TR/websub/, section 6.2).

A hub is reached by https, or on this machine's loopback. Where it sends on to is looked up first and then connected to
by the number found: it must not be a way into a private network.
"""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from threading import Event
from urllib.parse import urlencode, urljoin, urlsplit

from feedgen_kusama import __version__
from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.feeds import plots
from feedgen_kusama.model import EDITIONS
from feedgen_kusama.reach import is_loopback, may_lead_to
from feedgen_kusama.settings import Settings
from feedgen_kusama.web.connection import Connection, new_context, time_limit
from feedgen_kusama.web.places import Place, parse_place
from feedgen_kusama.web.resolve import Endpoint, UnknownHostError, look_up

MOST_HOPS = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries; each pause is about twice the one before."""
WORKERS = 4
AGAIN = frozenset({408, 425, 429})
"""Answers below 500 after which a second try may help."""
ONWARD = frozenset({307, 308})
"""Answers that send a POST on as it is (RFC 9110, section 15.4)."""


class HubError(FeedgenKusamaError):
    """The hub that the settings name cannot be used."""

    status = USAGE


class _FailureError(Exception):
    """The hub could not be told; its text says why."""

    def __init__(self, message: str, *, is_passing: bool = False, pause: float = 0.0) -> None:
        super().__init__(message)
        self.is_passing = is_passing
        self.pause = pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A feed of which the hub could not be told, and why."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A hub, and how long to wait for it: seconds for a request, and how often one is tried again."""

    address: str
    timeout: float = 10.0
    retries: int = 3


def feed_folders(settings: Settings) -> dict[str, str]:
    """The folder of every feed that has a hub, by the feed's id: the site's own is empty, the others end in a slash."""
    return {**{plot.id: plot.folder for plot in plots(settings)}, EDITIONS: f"{EDITIONS}/"}


def check_hub(address: str) -> None:
    """Raise HubError where a hub is reached neither by https nor on loopback."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise HubError(f"hub: {address!r}: not reached by https: write https://, or leave hub out of the settings")


def tell(hub: Hub, addresses: Sequence[str]) -> list[Failure]:
    """Tell the hub that these feeds changed; gives those of which it could not be told. Raises HubError."""
    check_hub(hub.address)
    is_down = Event()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        told = pool.map(lambda address: _tell_patiently(hub, address, is_down), addresses)
        return [failure for failure in told if failure is not None]


def _tell_patiently(hub: Hub, address: str, is_down: Event) -> Failure | None:
    """Tell the hub of one feed, again where that may help; once only if it did not help for another one."""
    attempt = 0
    while True:
        try:
            _tell_once(hub, address)
        except _FailureError as failure:
            if not failure.is_passing or is_down.is_set() or attempt == hub.retries:
                if failure.is_passing:
                    is_down.set()
                return Failure(address=address, reason=str(failure))
            pause = FIRST_PAUSE * 2**attempt * random.uniform(0.75, 1.25)  # noqa: S311
            time.sleep(min(max(pause, failure.pause), LONGEST_PAUSE))
            attempt += 1
        else:
            return None


def _tell_once(hub: Hub, address: str) -> None:
    """One request, and those that it is sent on to. Raises _FailureError."""
    here, place, endpoints = _find(hub.address)
    until = time.monotonic() + hub.timeout
    for _ in range(MOST_HOPS + 1):
        status, onward, pause = _post(place, endpoints, address, until - time.monotonic())
        if 200 <= status < 300:
            return
        if status not in ONWARD or not onward:
            raise _refusal(status, pause)
        here, place, endpoints = _find(here, onward)
        if not may_lead_to(place.scheme, (number for number, _ in endpoints), hub.address):
            raise _FailureError(f"it sends on to {place.origin}, not followed: not public, or not by https")
    raise _FailureError(f"it sends on more than {MOST_HOPS} times")


def _refusal(status: int, pause: float) -> _FailureError:
    if 300 <= status < 400:
        return _FailureError(f"it answered {status}, which sends to another place: write that as hub in the settings")
    return _FailureError(f"it answered {status}", is_passing=status >= 500 or status in AGAIN, pause=pause)


def _find(base: str, onward: str = "") -> tuple[str, Place, tuple[Endpoint, ...]]:
    """An address, where it leads, and the numbers of its host. Raises _FailureError."""
    try:
        address = urljoin(base, onward)
        place = parse_place(address)
    except ValueError:
        raise _FailureError("it sends on to what is no address of a hub, not followed") from None
    try:
        return address, place, look_up(place.host, place.port)
    except UnknownHostError:
        raise _FailureError(f"{place.host}: no such host", is_passing=True) from None


def _post(place: Place, endpoints: tuple[Endpoint, ...], address: str, timeout: float) -> tuple[int, str, float]:
    """The answer's status, where it sends on to, and the seconds that it asks to wait. Raises _FailureError."""
    body = urlencode({"hub.mode": "publish", "hub.url": address})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": f"feedgen-kusama/{__version__}"}
    context = new_context(is_trusting=False) if place.scheme == "https" else None
    timeout = max(timeout, 0.001)
    connection = Connection(place, endpoints, context, timeout, is_proxy=False)
    try:
        with time_limit(connection, timeout):
            connection.request("POST", place.target, body, headers)
            answer = connection.getresponse()
        again = answer.getheader("Retry-After", "")
        return answer.status, answer.getheader("Location", ""), float(again) if again.isdecimal() else 0.0
    except TimeoutError:
        raise _FailureError("no answer in time", is_passing=True) from None
    except ssl.SSLCertVerificationError as error:
        raise _FailureError(f"its certificate is not valid: {error.verify_message}") from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise _FailureError(f"it cannot be reached: {reason}", is_passing=True) from None
    finally:
        connection.close()
