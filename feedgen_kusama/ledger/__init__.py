"""The ledger: the record of every entry ever published, and the decisions that follow from it."""

from __future__ import annotations

NAME = "ledger.jsonl"
"""How the ledger's file is called."""
