"""Serve the published folder over HTTP, as a host would, and tell open pages when it has changed.

    target ── places ──▶ a file's names ── shelf ──▶ File ── answers ──▶ status, headers, span ── site ──▶ bytes

`answers`, `conditions` and `ranges` decide and touch nothing; `shelf` reads; `site` sends; `run` holds the port.
"""
