"""Templates loaded by their code, which is kept.

To compile them takes several times as long as to fill all pages that an edit touches.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, Environment, Template, compiler

from feedgen_kusama.kept_code import CodeLoader

TEMPLATES = Path(__file__).with_name("templates")
_AUTHORS = (compiler.__file__, str(Path(__file__).with_name("rendering.py")))
"""What code depends on beside its template: the compiler, and the module that tells it how to."""


class CompiledLoader(BaseLoader):
    """Loads templates from a folder by their code."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        code = _TemplateLoader(environment, name, str(self._folder / name)).code()
        return environment.template_class.from_code(environment, code, {} if globals is None else globals)


class _TemplateLoader(CodeLoader):
    def __init__(self, environment: Environment, name: str, path: str) -> None:
        super().__init__(name, path)
        self._environment = environment

    def source_to_code(self, data: bytes, path: str, *_: object, **__: object) -> CodeType:  # type: ignore[override]
        return self._environment.compile(data.decode(), self.name, path)

    def path_stats(self, path: str) -> Mapping[str, Any]:
        """Code is out of date when anything is another that it was made by."""
        stats = super().path_stats(path)
        return {**stats, "mtime": stats["mtime"] + sum(Path(author).stat().st_mtime for author in _AUTHORS)}
