"""How findings are cured, host by host: the table in `cures.toml`. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from feedgen_kusama.doctor.hosts import HOSTS

ANY = "any"
"""Stands for every host where a cure is the same on all of them."""


@cache
def read_cures() -> Mapping[str, Mapping[str, str]]:
    """By rule: `why` it matters, and the cures by host or for `any`."""
    return tomllib.loads((files("feedgen_kusama.doctor") / "cures.toml").read_text("utf-8"))


def cures_for(rule: str, host: str | None) -> Mapping[str, str]:
    """The cures of a rule by the host's name, those of one host if it is known; none where the finding says it itself."""
    known = read_cures().get(rule, {})
    if ANY in known:
        return {ANY: known[ANY]}
    hosts = HOSTS if host is None else (host,)
    return {HOSTS[name]: known[name] for name in hosts if name in known}
