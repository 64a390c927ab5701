"""The command as a process of its own, which `python -m feedgen_kusama` starts too: short-lived, so it is spared what
Python does for long ones, and what an earlier one did already."""

from __future__ import annotations

import atexit
import gc

from feedgen_kusama.patterns import default_place, keep_patterns

YOUNG = 100_000
"""Objects made before Python looks for cycles among them. Values that are complete from birth form none."""


def main() -> None:
    """Run the command line."""
    gc.set_threshold(YOUNG)
    atexit.register(gc.freeze)  # no search for cycles at the end
    if place := default_place():
        keep_patterns(place)
    from feedgen_kusama.cli import main as command  # imports what compiles expressions

    command(prog_name="feedgen-kusama")


if __name__ == "__main__":
    main()
