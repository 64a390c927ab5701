"""The doctor: a live publication is asked for as readers ask, judged by rules, and each finding comes with its cure.

    observe ──▶ Observations ── rules, check ──▶ Findings ── cures, report ──▶ lines

Only `observe` and `probing` ask for anything; all behind them is pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedgen_kusama.check import check_files
from feedgen_kusama.check.fetch import ABSENT
from feedgen_kusama.check.parsed import folder_of
from feedgen_kusama.doctor.contents import newest_entry
from feedgen_kusama.doctor.findings import Finding
from feedgen_kusama.doctor.hosts import recognise_host
from feedgen_kusama.doctor.observed import Observations
from feedgen_kusama.doctor.rules import RULES
from feedgen_kusama.web.answers import Answer

__all__ = ["Diagnosis", "Finding", "diagnose"]

FOLLOWING = frozenset({"missing-format", "chain"})
"""Rules of `check` that find fault with archives that nothing led to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What is to be said of a publication. `host` is None where the host is not recognised."""

    site: str
    host: str | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    """What is neither good nor bad."""
    documents: int
    pages: int
    requests: int


def diagnose(seen: Observations, now: datetime) -> Diagnosis:
    """The findings of all rules in their order, errors first, then those of `check`."""
    found = [
        Finding(rule=rule.name, severity=rule.severity, address=fault.address, message=fault.message)
        for rule in RULES
        for fault in rule.find(seen, now)
    ]
    found += _check(seen, now)
    return Diagnosis(
        site=seen.site,
        host=recognise_host(answer for _, answer in seen.served()),
        findings=tuple(sorted(found, key=lambda finding: finding.severity != "error")),
        notes=tuple(_notes(seen)),
        documents=len(seen.documents),
        pages=len(seen.pages),
        requests=seen.requests,
    )


def _check(seen: Observations, now: datetime) -> Iterator[Finding]:
    """What `check` finds in what was served, save what follows from documents that were not."""
    missed = [
        address
        for address, trip in seen.trips.items()
        if not trip.answer and not (isinstance(trip.end, Answer) and trip.end.status in ABSENT)
    ]
    unreached = {_series(address) for address in missed}
    for finding in check_files(seen.files, now, site=seen.site) if seen.files else ():
        address = seen.site + finding.path
        message = ": ".join(filter(None, (finding.entry, finding.message)))
        is_unread = any(lost == address or lost in message for lost in missed)
        if not is_unread and not (finding.rule in FOLLOWING and _series(address) in unreached):
            yield Finding(rule=finding.rule, severity=finding.severity, address=address, message=message)


def _series(address: str) -> tuple[str, str]:
    """The folder of a feed and the name of a format: its head and its archives, each of which leads to the one before."""
    return folder_of(address.partition("archive/")[0]), address.rpartition("/")[2]


def _notes(seen: Observations) -> Iterator[str]:
    hubs = dict.fromkeys(link for _, document in seen.heads() for rel, link in document.links if rel == "hub")
    yield f"hub: {', '.join(hubs) or 'none, readers ask on their own'}"
    moments = filter(None, (newest_entry(document) for _, document in seen.heads()))
    if newest := max(moments, default=None):
        yield f"newest entry: {newest:%Y-%m-%d}"
