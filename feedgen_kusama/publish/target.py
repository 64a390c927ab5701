"""What a target is: a place that holds files by path, under a name that errors may show."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from feedgen_kusama.errors import USAGE, FeedgenKusamaError
from feedgen_kusama.publish.prepare import Headers


class TargetError(FeedgenKusamaError):
    """The target failed; what it holds by then is whole."""


class UnusableTargetError(FeedgenKusamaError):
    """The target as it is named, or with these credentials, cannot be used."""

    status = USAGE


class ConflictError(Exception):
    """A file is no longer the one that was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a target is waited for: seconds for a request, and how often one is tried again."""

    timeout: float
    retries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file in a target, as it is stored there."""

    stored: bytes
    token: str
    headers: Headers


class Target(Protocol):
    """Files by path. A token names a file's stored bytes: the same in a listing and from the write, another after a change.

    All methods raise TargetError or UnusableTargetError; reads and writes are tried again where that may help.
    """

    @property
    def name(self) -> str:
        """How a person calls it."""

    @property
    def has_headers(self) -> bool:
        """Whether it keeps the headers that a file is served with."""

    @property
    def workers(self) -> int:
        """How many files may be written at the same time."""

    def tokens(self, paths: Collection[str]) -> Mapping[str, str]:
        """The tokens of those of these files that are there, by path."""

    def read(self, path: str) -> Held | None:
        """A file; None where there is none."""

    def token(self, path: str) -> str | None:
        """A file's token; None where there is none."""

    def write(self, path: str, stored: bytes, headers: Headers) -> str:
        """Store a file whole; gives its token."""

    def write_if(self, path: str, stored: bytes, headers: Headers, token: str | None) -> str:
        """Store a file where it still has this token (None: where there is none). Raises ConflictError."""

    def remove(self, path: str) -> None:
        """Remove a file, if it is there."""
