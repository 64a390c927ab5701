"""Ledgers whole, which a build writes in parts."""

from __future__ import annotations

from feedgen_kusama.ledger.records import Ledger, render_header, render_records


def render_ledger(ledger: Ledger) -> bytes:
    """The ledger as a file's bytes."""
    return render_header(ledger.authority, len(ledger.records)) + render_records(ledger.records)
