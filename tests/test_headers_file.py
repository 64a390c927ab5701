"""The file `_headers` gives what other hosts send, as far as its rules can say it."""

from __future__ import annotations

import pytest

from tests.headers_file import LONGEST_LINE, MOST_RULES, THEIRS, headers_of, parse_headers_file
from tests.hosting import DEPLOY
from tests.readings import ROOT
from tests.served import ASKED, FACTS, HTML, LONG, MODERATE, SHORT, Fact

TEXT = (DEPLOY / "_headers").read_text("utf-8")
RULES = parse_headers_file(TEXT)


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact.path != "/another.js"], ids=lambda fact: fact.path)
def test_the_headers_file_gives_a_file_its_media_type_and_age(fact: Fact) -> None:
    """Pages keep what the hosts send by themselves; archives of closed years cannot be told from this year's."""
    headers = headers_of(RULES, fact.path)
    assert headers.get("content-type", HTML) == fact.media
    expected = {SHORT: SHORT, MODERATE: MODERATE, LONG: MODERATE, ASKED: ASKED}[fact.cache]
    if "/archive/" in fact.path:
        expected = MODERATE
    assert headers.get("cache-control") == (None if fact.is_page else expected)
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == "ETag"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].count("default-src") == 1


def test_the_headers_file_is_one_that_the_hosts_read() -> None:
    assert len(RULES) <= MOST_RULES
    assert max(map(len, TEXT.splitlines())) <= LONGEST_LINE
    assert not THEIRS & {name for rule in RULES for name, _ in rule.headers}
    assert len({rule.path for rule in RULES}) == len(RULES)


def test_no_published_file_has_two_rules_for_a_header() -> None:
    for path in (ROOT / "feeds").rglob("*"):
        address = f"/{path.relative_to(ROOT / 'feeds').as_posix()}"
        names = [name for rule in RULES if rule.is_for(address) for name, _ in rule.headers]
        assert len(names) == len(set(names)), address
