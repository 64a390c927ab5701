"""The exceptions that leave this package, each with its exit status."""

from __future__ import annotations

from collections.abc import Sequence

DONE, PROBLEMS, USAGE, REFUSED = 0, 1, 2, 3
"""Exit status: done or nothing to do; published but with problems; usage or settings; refused or not written."""
INTERRUPTED = 130
"""Exit status of what was ended by Ctrl-C, as shells have it."""


class FeedgenKusamaError(Exception):
    """Base of this package's exceptions; its text is meant for the person at the terminal."""

    status = PROBLEMS


class SettingsError(FeedgenKusamaError):
    """The settings cannot be used. `faults` names them all, one line each."""

    status = USAGE

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class OutputError(FeedgenKusamaError):
    """The output folder cannot be written, or only in part; what is there is whole."""

    status = REFUSED


class RefusedError(FeedgenKusamaError):
    """The build would do what it must not; nothing was changed."""

    status = REFUSED
