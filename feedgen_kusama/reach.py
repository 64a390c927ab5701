"""Which hosts may be reached: what a hub sends on to must not be a way into a private network. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit


def may_lead_to(parts: SplitResult, numbers: Iterable[str], hub: str) -> bool:
    """Whether a hub may send on to an address whose host has these numbers: a public one by https, and where the hub
    is on this machine's loopback, another place there."""
    found = [_number(number) for number in numbers]
    if is_loopback(urlsplit(hub).hostname or "") and all(number.is_loopback for number in found):
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and all(number.is_global and not number.is_multicast for number in found)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this machine's loopback (RFC 6761, section 6.3)."""
    try:
        return host == "localhost" or _number(host).is_loopback
    except ValueError:
        return False


def _number(text: str) -> IPv4Address | IPv6Address:
    number = ip_address(text.partition("%")[0])
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    return mapped or number
