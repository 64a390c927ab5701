"""An interrupt (Ctrl-C) ends a command at once, also while a library waits for the network."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from feedgen_kusama.errors import INTERRUPTED

SHOW_CURSOR = "\x1b[?25h"
"""A bar that was being shown had hidden it."""


@contextmanager
def ending_at_once(message: str) -> Iterator[None]:
    """End the process with a message when it is interrupted: for what may be broken off anywhere.

    Python's own handler would run only when the library comes back.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN or threading.current_thread() is not threading.main_thread():
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    old = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    handler = signal.signal(signal.SIGINT, lambda *_: None)
    watcher = threading.Thread(target=_watch, args=(reading, message), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.set_wakeup_fd(old)
        os.close(writing)
        watcher.join()
        os.close(reading)


def _watch(reading: int, message: str) -> None:
    while number := os.read(reading, 1):
        if number[0] == signal.SIGINT:
            click.echo(f"{SHOW_CURSOR if os.isatty(2) else ''}{message}", err=True)
            os._exit(INTERRUPTED)
