"""One document asked for in every way in which readers ask."""

from __future__ import annotations

from collections.abc import Mapping

from feedgen_kusama.doctor.observed import ORIGIN, READERS, Probe
from feedgen_kusama.web.answers import Answer, Outcome, Trip
from feedgen_kusama.web.client import USER_AGENT, Client
from feedgen_kusama.web.places import PORTS, parse_place

CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
"""The header that asks whether a document has changed, by the one that tells its state (RFC 9110, section 13)."""

PLAIN = {"Accept-Encoding": "identity"}
"""Uncompressed: hosts that compress while they send cannot tell a length before."""


def probe(first: Answer, client: Client) -> Probe:
    """A document that was answered once, asked for again."""
    conditions = {ask: said for tell, ask in CONDITIONS.items() if (said := first.header(tell))}
    return Probe(
        first=first,
        head=client.ask(first.address, "HEAD", headers=PLAIN),
        plain=client.ask(first.address, headers={**PLAIN, "Origin": ORIGIN}),
        again=client.ask(first.address, headers=conditions) if conditions else None,
    )


def ask_as_readers(address: str, client: Client) -> Mapping[str, Outcome]:
    """What feed readers are answered. They are named in front of this program's own name."""
    return {name: client.ask(address, headers={"User-Agent": f"{name} ({USER_AGENT})"}) for name in READERS}


def read_robots(address: str, client: Client) -> str:
    """What the server's `robots.txt` says (RFC 9309); empty where there is none."""
    trip = client.follow(f"{parse_place(address).origin}/robots.txt")
    return trip.answer.body.decode("utf-8", "replace") if trip.answer and trip.answer.media == "text/plain" else ""


def follow_other(address: str, client: Client) -> Trip | None:
    """The address over http instead of https, or the other way round; None for one with a port of its own."""
    place = parse_place(address)
    if place.port != PORTS[place.scheme]:
        return None
    other = "http" if place.scheme == "https" else "https"
    return client.follow(address.replace(place.scheme, other, 1))
