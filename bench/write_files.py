"""Write files as a build publishes them, and do nothing else: each aside first, then into its place.

Called with a file that names every path and its size as JSON, and with the folder that they go to.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Write, as the command line says."""
    listing, folder = map(Path, sys.argv[1:])
    aside = folder / "aside"
    aside.mkdir(parents=True)
    staged = {}
    for number, (path, size) in enumerate(json.loads(listing.read_text("utf-8")).items()):
        staged[path] = aside / str(number)
        staged[path].write_bytes(bytes(size))
    for path, place in staged.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        place.replace(folder / path)


if __name__ == "__main__":
    main()
