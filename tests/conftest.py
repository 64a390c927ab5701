"""What many test modules start from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The built-in settings with an address and an authority."""
    return replace(builtin(), url="https://kusama-news.example/", authority="kusama-news.example,2026")


@pytest.fixture(scope="session")
def reader(settings: Settings) -> Reader:
    """A reader with these settings."""
    return Reader(settings)
