"""The manifest: what a target holds of ours, kept in the target itself. Pure.

It is written twice: before the first upload, as a claim (whose paths these are, which ledger is coming, which feeds are
to be announced), and at the end. It vouches for a file only together with the token under which the target lists it: what
was removed or replaced since is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from feedgen_kusama.ledger.records import NAME as OWNER
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.publish.prepare import Headers

NAME = ".feedgen-kusama.json"
VERSION = 1


class UnknownVersionError(Exception):
    """A newer program wrote the manifest."""


class Stored(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file in a target: its content's SHA-256, its headers, and the target's own token for it."""

    sha256: str
    token: str
    headers: Headers = Headers()


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far a ledger is: whose it is, and when each entry was last updated."""

    authority: str
    updated: Mapping[str, datetime]

    @classmethod
    def of(cls, ledger: Ledger) -> Position:
        return cls(authority=ledger.authority, updated={record.id: record.updated for record in ledger.records})


class Manifest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a target holds of ours."""

    files: Mapping[str, Stored] = {}
    claimed: tuple[str, ...] = ()
    """Paths that a publication was about to write or remove when it began, and has not reported on since."""
    announce: tuple[str, ...] = ()
    """Paths of feeds of which the hub has still to be told."""
    coming: Position | None = None
    """The ledger of the publication that has begun."""

    @property
    def own(self) -> frozenset[str]:
        return frozenset({*self.files, *self.claimed})


class _File(msgspec.Struct, frozen=True, kw_only=True):
    manifest: str
    version: int
    held: Manifest


class _Version(msgspec.Struct, frozen=True, kw_only=True):
    manifest: str
    version: int


def parse_manifest(data: bytes | None) -> Manifest | None:
    """The manifest in a file's bytes; None where it is missing or damaged: then contents are compared.

    Raises UnknownVersionError.
    """
    try:
        version = msgspec.json.decode(data or b"", type=_Version)
        if (version.manifest, version.version) == (OWNER, VERSION):
            return _confined(msgspec.json.decode(data or b"", type=_File).held)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
    if version.manifest == OWNER and version.version > VERSION:
        raise UnknownVersionError(f"version {version.version} of the manifest is unknown here")
    return None


def _confined(manifest: Manifest) -> Manifest:
    """The manifest without paths that lead out of the target, which only a stranger can have written."""
    files = {path: stored for path, stored in manifest.files.items() if _is_plain(path)}
    return msgspec.structs.replace(manifest, files=files, claimed=tuple(filter(_is_plain, manifest.claimed)))


def _is_plain(path: str) -> bool:
    return "\\" not in path and not any(part.startswith(".") or not part for part in path.split("/"))


def render_manifest(manifest: Manifest) -> bytes:
    """The manifest as a file's bytes: the same manifest gives the same bytes."""
    return msgspec.json.encode(_File(manifest=OWNER, version=VERSION, held=manifest), order="deterministic")
