"""A web server for tests that says nothing of clients which go away: to hang up is a client's right, and theirs to test."""

from __future__ import annotations

from http.server import ThreadingHTTPServer


class QuietServer(ThreadingHTTPServer):
    """One that keeps errors of connections to itself, so that what is said is what the program under test says."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""
