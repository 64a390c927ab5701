"""A diagnosis for people, grouped by rule, and for programs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from feedgen_kusama.doctor import Diagnosis, Finding
from feedgen_kusama.doctor.cures import ANY, cures_for
from feedgen_kusama.doctor.hosts import HOSTS

MOST_MESSAGES = 4
"""Messages of one rule that are shown."""
MOST_ADDRESSES = 3
"""Addresses with one message that are shown."""


def render_report(diagnosis: Diagnosis, host: str | None) -> Iterator[str]:
    """The lines for people: what was read, then each rule with its findings and the cure on this host, or on every host."""
    yield f"{diagnosis.site}{f' on {HOSTS[host]}' if host else ''}: {_summary(diagnosis)}"
    for note in diagnosis.notes:
        yield f"  {note}"
    for rule in dict.fromkeys(finding.rule for finding in diagnosis.findings):
        yield ""
        yield from _render_rule([finding for finding in diagnosis.findings if finding.rule == rule], host)


def _summary(diagnosis: Diagnosis) -> str:
    counts = ((diagnosis.documents, "document"), (diagnosis.pages, "page"), (diagnosis.requests, "request"))
    read = ", ".join(_count(number, thing) for number, thing in counts)
    severities = [finding.severity for finding in diagnosis.findings]
    found = [_count(severities.count(severity), severity) for severity in ("error", "warning") if severity in severities]
    return f"{read}: {', '.join(found) or 'nothing found'}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _render_rule(findings: list[Finding], host: str | None) -> Iterator[str]:
    rule, messages = findings[0].rule, list(dict.fromkeys(finding.message for finding in findings))
    yield f"{findings[0].severity}: {rule}"
    for message in messages[:MOST_MESSAGES]:
        addresses = list(dict.fromkeys(finding.address for finding in findings if finding.message == message))
        yield from (f"  {address}: {message}" for address in addresses[:1])
        yield from (f"  {address}: the same" for address in islice(addresses, 1, MOST_ADDRESSES))
        if len(addresses) > MOST_ADDRESSES:
            yield f"  and {len(addresses) - MOST_ADDRESSES} more"
    if len(messages) > MOST_MESSAGES:
        yield f"  and {_count(len(messages) - MOST_MESSAGES, 'other finding')} of this kind"
    for name, cure in cures_for(rule, host).items():
        label = "cure" if name == ANY else f"cure on {name}"
        lines = cure.strip().splitlines()
        yield f"  {label}:{f' {lines[0]}' if len(lines) == 1 else ''}"
        yield from (f"    {line}" for line in lines if len(lines) > 1)


def render_json(diagnosis: Diagnosis, host: str | None) -> str:
    """One object: the diagnosis, each finding with its cures by host."""
    findings = [
        {
            "rule": finding.rule,
            "severity": finding.severity,
            "address": finding.address,
            "message": finding.message,
            "cures": dict(cures_for(finding.rule, host)),
        }
        for finding in diagnosis.findings
    ]
    found = {
        "site": diagnosis.site,
        "host": host,
        "documents": diagnosis.documents,
        "pages": diagnosis.pages,
        "requests": diagnosis.requests,
        "notes": list(diagnosis.notes),
        "findings": findings,
    }
    return msgspec.json.format(msgspec.json.encode(found), indent=1).decode()
