"""What a `_headers` file makes a host send, by the rules that Netlify and Cloudflare Pages share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_RULES, LONGEST_LINE = 100, 2000
"""What Cloudflare Pages reads."""
THEIRS = frozenset(
    "accept-ranges age allow connection content-encoding content-length content-range date location server".split()
)
"""Headers that the hosts set themselves, whatever the file says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A path, in which `:name` stands for one segment and a last `*` for any rest, and its headers."""

    path: str
    headers: tuple[tuple[str, str], ...]

    def is_for(self, path: str) -> bool:
        parts = re.split(r"(:\w+|\*)", self.path)
        pattern = "".join(".*" if p == "*" else "[^/]+" if p.startswith(":") else re.escape(p) for p in parts)
        return re.fullmatch(pattern, path) is not None


def parse_headers_file(text: str) -> tuple[Rule, ...]:
    """The rules in order: a path begins a line, its headers are indented below it, `#` begins a remark."""
    rules: list[Rule] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith("/"):
            rules.append(Rule(path=line.strip(), headers=()))
            continue
        assert line.startswith("  "), line
        name, colon, value = line.strip().partition(":")
        assert colon, line
        rules[-1] = Rule(path=rules[-1].path, headers=(*rules[-1].headers, (name.lower(), value.strip())))
    return tuple(rules)


def headers_of(rules: Iterable[Rule], path: str) -> Mapping[str, str]:
    """The headers of a path: every rule that matches adds its own, values of the same header are joined."""
    found: dict[str, str] = {}
    for rule in rules:
        for name, value in rule.headers if rule.is_for(path) else ():
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found
