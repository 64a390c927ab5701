"""Parts that not everyone needs: a missing one is named together with how to install it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from feedgen_kusama.errors import USAGE, FeedgenKusamaError


class MissingExtraError(FeedgenKusamaError):
    """A library is not installed that only some commands need."""

    status = USAGE


def load(module: str, *, extra: str) -> ModuleType:
    """Import a module that an extra brings. Raises MissingExtraError, which says how to install it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != module.partition(".")[0]:
            raise
        name = module.partition(".")[0]
        raise MissingExtraError(f"{name} is not installed: run pip install 'feedgen-kusama[{extra}]'") from None
