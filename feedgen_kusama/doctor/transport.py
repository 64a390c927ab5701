"""Rules for the way to a publication: whether there is an answer, over which redirects, how safe, how fast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from itertools import pairwise

from feedgen_kusama.check.fetch import ABSENT
from feedgen_kusama.doctor.findings import Fault, Faults
from feedgen_kusama.doctor.observed import EMBEDDED, Observations
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.web.answers import Answer, Failure, Trip
from feedgen_kusama.web.places import parse_place

MOST_REDIRECTS = 2
"""Redirects that a reader may have to follow: to https, and to the host's right name."""
SLOWEST = 5.0
"""Seconds that an answer may take."""
RENEWAL = timedelta(days=14)
"""How long before its end a certificate has been renewed where that goes by itself."""
TOLD_ELSEWHERE = frozenset({"private", "loop", "budget", "coding"})
"""Failures that have a rule of their own."""


def _failures(seen: Observations) -> Iterator[tuple[str, Failure]]:
    return ((address, trip.end) for address, trip in seen.trips.items() if isinstance(trip.end, Failure))


def no_answer(seen: Observations, _now: datetime) -> Faults:
    """Every document is answered with 200. What is absent is told by those that lead to it."""
    optional = {seen.site + name for name in EMBEDDED if name not in FORMATS}
    for address, trip in seen.trips.items():
        end = trip.end
        absent = (*ABSENT, 403) if address in optional else ABSENT  # 403: S3, to those who may not list
        if isinstance(end, Answer) and end.status not in (200, *absent) and seen.is_own(address):
            yield Fault(address, f"answered {end.status} {end.reason}".rstrip())
    for address, failure in _failures(seen):
        if failure.kind not in TOLD_ELSEWHERE and seen.is_own(address):
            yield Fault(address, failure.reason)


def dead_link(seen: Observations, _now: datetime) -> Faults:
    """What feeds lead to is there."""
    for address in sorted(seen.linked & seen.trips.keys()):
        end = seen.trips[address].end
        if isinstance(end, Answer) and end.status in ABSENT:
            yield Fault(address, f"feeds lead here, and it answers {end.status}")


def unread(seen: Observations, _now: datetime) -> Faults:
    """All was read."""
    for address, failure in _failures(seen):
        if failure.kind == "budget":
            yield Fault(address, failure.reason)


def redirect_loop(seen: Observations, _now: datetime) -> Faults:
    """Redirects come to an end."""
    for address, failure in _failures(seen):
        if failure.kind == "loop":
            yield Fault(address, f"redirects without end, at last to {failure.address}")


def redirect_chain(seen: Observations, _now: datetime) -> Faults:
    """Redirects are few: each costs every reader one more request, every time."""
    for address, trip in seen.trips.items():
        if len(trip.redirects) > MOST_REDIRECTS and isinstance(trip.end, Answer):
            yield Fault(address, f"{len(trip.redirects)} redirects one behind the other to {trip.end.address}")


def downgrade(seen: Observations, _now: datetime) -> Faults:
    """No redirect leads from https to http."""
    for address, trip in seen.trips.items():
        for before, after in pairwise(_stations(trip)):
            if before.startswith("https:") and after.startswith("http:"):
                yield Fault(address, f"redirects from https to {after}")


def _stations(trip: Trip) -> list[str]:
    return [*(answer.address for answer in trip.redirects), trip.end.address]


def private_address(seen: Observations, _now: datetime) -> Faults:
    """What everyone reads leads nobody into a private network."""
    for address, failure in _failures(seen):
        if failure.kind == "private":
            way = f"leads to {failure.address}, which" if failure.address != address else "is announced, but"
            yield Fault(address, f"{way} lies in a private network; it was not asked for")


def bad_certificate(seen: Observations, _now: datetime) -> Faults:
    """Readers trust the certificate."""
    for certificate in seen.certificates:
        if certificate.fault:
            yield Fault(certificate.origin, f"its certificate {certificate.fault}")


def ending_certificate(seen: Observations, now: datetime) -> Faults:
    """The certificate is renewed before it ends."""
    for certificate in seen.certificates:
        if certificate.ends and certificate.ends - now < RENEWAL:
            yield Fault(certificate.origin, f"its certificate ends on {certificate.ends:%Y-%m-%d}")


def unencrypted(seen: Observations, _now: datetime) -> Faults:
    """The publication is read over https, also by those who ask for http. An address that is no name cannot have it."""
    if _is_numbered(seen.site):
        return
    there = seen.other.answer if seen.other else None
    if seen.site.startswith("http:"):
        hint = (
            "https answers too: send readers there" if there and there.address.startswith("https:") else "https does not answer"
        )
        yield Fault(seen.site, f"is served without encryption; {hint}" if seen.other else "is served without encryption")
    elif there and there.address.startswith("http:"):
        yield Fault(there.address, "answers over http without sending readers on to https")


def _is_numbered(address: str) -> bool:
    host = parse_place(address).host
    try:
        return bool(ip_address(host))
    except ValueError:
        return host.rpartition(".")[2] == "localhost"


def slow_answer(seen: Observations, _now: datetime) -> Faults:
    """Answers come at once: readers give up after some seconds, and then ask less often."""
    for address, answer in seen.served():
        if answer.seconds > SLOWEST:
            yield Fault(address, f"took {answer.seconds:.0f} seconds")
