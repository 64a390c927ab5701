"""What many test modules start from."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.settings import Settings


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: browsers, servers and readers are often waited for."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session", autouse=True)
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Builds keep their caches among the tests' own files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The built-in settings with an address and an authority."""
    return replace(builtin(), url="https://kusama-news.example/", authority="kusama-news.example,2026")


@pytest.fixture(scope="session")
def reader(settings: Settings) -> Reader:
    """A reader with these settings, which tells why."""
    return Reader(settings, tells_why=True)
