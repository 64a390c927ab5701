"""Addresses taken apart, and which of them lie in public. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urldefrag, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
"""The schemes that are known, and their ports."""
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as IPv6 hosts reach them (RFC 6052, section 2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an address leads: a server, and what to ask it for."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header wants them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"


def parse_place(address: str) -> Place:
    """Where an http or https address leads. Raises ValueError, which says what is wrong with it."""
    parts = urlsplit(address)
    if parts.scheme not in PORTS:
        raise ValueError(f"{parts.scheme} is not http or https" if parts.scheme else "names neither http nor https")
    if not parts.hostname:
        raise ValueError("names no host")
    if parts.username is not None:
        raise ValueError("carries a user's name")
    host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
    if not host.isprintable() or " " in host:
        raise ValueError("names no host")
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    query = f"?{parts.query}" if parts.query else ""
    return Place(scheme=parts.scheme, host=host, port=port, target=quote((parts.path or "/") + query, safe="/?%!$&'()*+,;=:@~"))


def join_address(base: str, reference: str) -> str:
    """The address that a reference stands for, without fragment. Raises ValueError."""
    return urldefrag(urljoin(base, reference.strip())).url


def is_public(ip: str) -> bool:
    """Whether an IP address lies in the public network, also where it is wrapped in another.

    Loopback, private, link-local, shared (RFC 6598), documentation and group addresses do not.
    """
    return _is_public(ip_address(ip.partition("%")[0]))


def _is_public(ip: IPv4Address | IPv6Address) -> bool:
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast
    wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _TRANSLATED:
        wrapped.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    is_inside = any(inner is not None and not _is_public(inner) for inner in wrapped)
    if ip.ipv4_mapped or ip in _TRANSLATED:
        return not is_inside
    return ip.is_global and not (ip.is_multicast or ip.is_site_local or is_inside)
