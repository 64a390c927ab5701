"""Files of the program loaded as Python loads modules: made code once, and that kept in `__pycache__`."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from types import CodeType


class CodeLoader(SourceFileLoader):
    """Finds a file's code, and keeps it where it had to be made. `source_to_code` says how that is done."""

    def code(self) -> CodeType:
        """The file's code, never what was kept of another state of it. Raises OSError."""
        try:
            found = self.get_code(self.name)
        except (EOFError, ImportError, TypeError, ValueError):  # what was kept is no code
            found = None
        return found or self.source_to_code(self.get_data(self.path), self.path)
