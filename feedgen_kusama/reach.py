"""Which hosts a hub may send on to: not a way into a private network. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from feedgen_kusama.web.places import is_public


def may_lead_to(scheme: str, numbers: Iterable[str], hub: str) -> bool:
    """Whether a hub may send on to an address whose host has these numbers: a public one by https, and where the hub
    is on this machine's loopback, another place there."""
    found = list(numbers)
    if is_loopback(urlsplit(hub).hostname or "") and all(map(is_loopback, found)):
        return scheme in ("http", "https")
    return scheme == "https" and all(map(is_public, found))


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this machine's loopback (RFC 6761, section 6.3)."""
    try:
        number = ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost"
    return (getattr(number, "ipv4_mapped", None) or number).is_loopback
