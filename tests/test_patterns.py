"""Expressions are kept as Python compiled them, are used again, and never believed where they may be another's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from feedgen_kusama import patterns
from feedgen_kusama.patterns import MOST, keep_patterns

COUNT = """
import re, sys
compiled = []
before = re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(pattern) or before(pattern, flags)
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from feedgen_kusama.patterns import keep_patterns
keep_patterns(Path(sys.argv[1]))
compiled.clear()
exec(sys.argv[2])
print(len(compiled))
"""
"""Prints how many expressions Python had to compile for a program."""
ENGINE: Any = sys.modules["_sre"]
EXPRESSIONS = (
    (r"(?P<year>\d{4})-(?P<month>\d\d)?", 0, "in 2024-11 and 2025-"),
    (r"^(?:sources?|tags?)\s*:\s*\S(?:[^.!?]|\.\S)*$", re.IGNORECASE | re.MULTILINE, "a\nSources: x.y"),
    (r"[^\W\d_]+", re.ASCII, "Grüße aus Köln"),
    (r"[α-ωäöü]+(?=!)", re.IGNORECASE, "ΩMEGA ÄÖÜ!"),
    (r" a \d+ # a comment", re.VERBOSE, "xa12"),
    (rb"\x00[\x80-\xff]++", 0, b"\x00\x99\xfe"),
    (r"(a)|(?<=b)(?(1)c|d)", re.DOTALL, "bd"),
    ("", 0, "ab"),
)


@pytest.fixture(autouse=True)
def python_writes_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "kept.patterns"


@pytest.fixture(autouse=True)
def compiler(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Python's own compiler, as it was after each test."""
    found: Any = re._compiler  # type: ignore[attr-defined]
    monkeypatch.setattr(found, "compile", found.compile)
    return found


def keep(
    place: Path,
    compiler: Any,
    new: Mapping[patterns.Key, re.Pattern[Any]],
    known: Mapping[patterns.Key, patterns.Code] = MappingProxyType({}),
) -> None:
    patterns._keep(place, b"head", known, new, compiler, ENGINE)


def count_compiled(place: Path, program: str) -> int:
    done = subprocess.run([sys.executable, "-c", COUNT, str(place), program], capture_output=True, text=True, check=True)
    assert not done.stderr
    return int(done.stdout)


def test_what_one_process_compiled_no_later_one_compiles(place: Path) -> None:
    program = "import feedgen_kusama.building, feedgen_kusama.commands.build"
    assert count_compiled(place, program) > 100
    assert count_compiled(place, program) == 0


def test_a_process_adds_what_it_compiled(place: Path) -> None:
    assert count_compiled(place, "re.compile('a+')") == 1
    assert count_compiled(place, "re.compile('a+'); re.compile('b+')") == 1
    assert count_compiled(place, "re.compile('a+'); re.compile('b+'); re.compile('a+', re.I)") == 1


@pytest.mark.parametrize(("expression", "flags", "text"), EXPRESSIONS)
def test_an_expression_that_was_kept_is_the_one_that_python_compiles(
    place: Path, compiler: Any, expression: str, flags: int, text: str
) -> None:
    anew = compiler.compile(expression, int(flags))
    keep(place, compiler, {(expression, int(flags)): anew})
    known = patterns._read(place, b"head")
    found = patterns._remembering(lambda *_: pytest.fail("compiled"), ENGINE, known, {})(expression, int(flags))
    assert found == anew  # Python compares their code too
    assert (found.groups, found.groupindex, found.flags) == (anew.groups, anew.groupindex, anew.flags)
    assert [match.span() for match in found.finditer(text)] == [match.span() for match in anew.finditer(text)] != []


def test_what_another_python_kept_is_not_used(place: Path, compiler: Any) -> None:
    keep(place, compiler, {("a+", 0): re.compile("a+")})
    assert patterns._read(place, b"head")
    assert not patterns._read(place, b"other")


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_what_was_cut_short_is_gathered_anew(place: Path, share: float) -> None:
    assert count_compiled(place, "re.compile('a+')") == 1
    whole = place.read_bytes()
    place.write_bytes(whole[: int(len(whole) * share)])
    assert count_compiled(place, "re.compile('a+')") == 1
    assert place.read_bytes() == whole


def test_what_was_damaged_is_gathered_anew(place: Path) -> None:
    count_compiled(place, "re.compile('a+')")
    whole = place.read_bytes()
    place.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    assert count_compiled(place, "re.compile('a+')") == 1


def test_what_another_compiler_would_make_otherwise_is_not_kept(place: Path, compiler: Any) -> None:
    keep(place, compiler, {("a+", 0): re.compile("a*"), ("b+", 0): re.compile("b+")})
    assert patterns._read(place, b"head").keys() == {("b+", 0)}


def test_beyond_their_number_expressions_are_gathered_anew(place: Path, compiler: Any) -> None:
    known: dict[patterns.Key, patterns.Code] = {(f"a{n}", 0): patterns._code(compiler, f"a{n}", 0) for n in range(MOST)}
    keep(place, compiler, {("b", 0): re.compile("b")}, known)
    assert patterns._read(place, b"head").keys() == {("b", 0)}


def test_where_nothing_can_be_kept_everything_works(tmp_path: Path) -> None:
    assert count_compiled(tmp_path / "no folder" / "kept.patterns", "re.compile('a+')") == 1


def test_nothing_is_left_where_they_cannot_be_put_into_place(place: Path) -> None:
    place.mkdir()
    assert count_compiled(place, "re.compile('a+')") == 1
    assert [*place.parent.iterdir()] == [place]


def test_another_compiler_is_left_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = re._compiler  # type: ignore[attr-defined]
    before = compiler.compile
    monkeypatch.delattr(compiler, "_code")
    keep_patterns(place)
    assert compiler.compile is before


def test_they_lie_where_python_keeps_code() -> None:
    found = patterns.default_place()
    assert found is not None
    assert found.parent.name == "__pycache__"


def test_where_python_may_write_no_code_what_is_there_is_used_and_nothing_added(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert count_compiled(place, "re.compile('a+')") == 1
    assert not place.exists()
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert count_compiled(place, "re.compile('a+')") == 1
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert count_compiled(place, "re.compile('a+'); re.compile('b+')") == 1
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE")
    assert count_compiled(place, "re.compile('b+')") == 1


def test_an_expression_at_fault_is_told_as_python_tells_it(place: Path) -> None:
    keep_patterns(place)
    with pytest.raises(re.error, match="unterminated"):
        re.compile("(a")


def test_every_command_keeps_what_it_compiled(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    subprocess.run([sys.executable, "-m", "feedgen_kusama", "--version"], env=environment, capture_output=True, check=True)
    [kept] = tmp_path.rglob("*.patterns")
    assert kept.stat().st_size > 1000
