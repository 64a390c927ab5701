"""Templates' code is kept as Python keeps that of modules, and never believed where it is stale or damaged."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from feedgen_kusama.site import compiled
from feedgen_kusama.site.compiled import CompiledLoader


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    path = tmp_path / "page.html"
    path.write_text("<p>{{ word }}</p>", "utf-8")
    return path


def render(path: Path) -> str:
    """The page as a new process makes it."""
    environment = Environment(loader=CompiledLoader(path.parent), autoescape=True)
    return environment.get_template(path.name).render(word="a < b")


def kept(path: Path) -> Path:
    [found] = (path.parent / "__pycache__").iterdir()
    return found


def test_code_is_kept_and_found_again(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert render(page) == "<p>a &lt; b</p>"
    assert kept(page).name.startswith("page.")
    monkeypatch.setattr(Environment, "compile", None)
    assert render(page) == "<p>a &lt; b</p>"


def test_a_template_that_changed_is_compiled_anew(page: Path) -> None:
    render(page)
    page.write_text("<b>{{ word }}</b> now", "utf-8")
    assert render(page) == "<b>a &lt; b</b> now"


def test_another_compiler_compiles_anew(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    render(page)
    before = kept(page).read_bytes()
    other = tmp_path / "compiler.py"
    other.touch()
    monkeypatch.setattr(compiled, "_AUTHORS", (str(other),))
    render(page)
    assert kept(page).read_bytes() != before


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_code_cut_short_is_made_again(page: Path, share: float) -> None:
    render(page)
    whole = kept(page).read_bytes()
    kept(page).write_bytes(whole[: int(len(whole) * share)])
    assert render(page) == "<p>a &lt; b</p>"


def test_what_is_no_code_is_not_run(page: Path) -> None:
    render(page)
    kept(page).write_bytes(kept(page).read_bytes()[:16] + b"N")
    assert render(page) == "<p>a &lt; b</p>"


def test_nothing_is_kept_where_python_keeps_nothing(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert render(page) == "<p>a &lt; b</p>"
    assert not (page.parent / "__pycache__").exists()
