"""What the doctor finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from feedgen_kusama.doctor.observed import Observations
from feedgen_kusama.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault in how a publication is served. An error breaks it for somebody; a warning makes it worse."""

    rule: str
    severity: Severity
    address: str
    message: str


class Fault(NamedTuple):
    """What a rule yields: the address and the message."""

    address: str
    message: str


Faults = Iterator[Fault]


class Rule(NamedTuple):
    """A rule: what it finds, and how bad that is. Its cures stand in `cures.toml` under its name."""

    name: str
    severity: Severity
    find: Callable[[Observations, datetime], Faults]
