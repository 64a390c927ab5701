"""What web servers answer, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Literal

REDIRECTS = frozenset({301, 302, 303, 307, 308})
TOO_MANY = 429
"""What a host answers that wants fewer requests (RFC 6585, section 4)."""
Kind = Literal["address", "name", "private", "connection", "certificate", "time", "size", "coding", "loop", "budget"]
"""Why there is no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer. `body` is without its content coding, `sent` the bytes of it on the wire."""

    address: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sent: int
    seconds: float

    def header(self, name: str) -> str:
        """A header's values, joined by commas (RFC 9110, section 5.3); empty where there is none."""
        return ", ".join(value for key, value in self.headers if key.casefold() == name.casefold())

    @property
    def media(self) -> str:
        """The media type in small letters, without parameters; empty where none is given."""
        return self._content_type.get_content_type() if self.header("Content-Type") else ""

    @property
    def charset(self) -> str:
        """The charset that the media type names, in small letters; empty where it names none."""
        return self._content_type.get_content_charset("")

    @property
    def _content_type(self) -> Message:
        message = Message()
        message["Content-Type"] = self.header("Content-Type")
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """No answer, and why."""

    address: str
    kind: Kind
    reason: str


Outcome = Answer | Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """The way from an address over all redirects to an end."""

    asked: str
    redirects: tuple[Answer, ...]
    end: Outcome

    @property
    def answer(self) -> Answer | None:
        """The answer at the end, if it is what was asked for: status 200."""
        return self.end if isinstance(self.end, Answer) and self.end.status == 200 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How a server showed who it is. `fault` is empty where that is well."""

    origin: str
    fault: str
    ends: datetime | None
