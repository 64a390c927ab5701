"""The Nu validator, which judges for the HTML standard, finds nothing wrong with pages, styles and pictures."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.publishing import published_rich

pytest_plugins = ["projects"]

JAR = Path(__file__).parent / "vnu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
KNOWN = ("Bad value “feed:http", "Section lacks heading")
"""No faults: the validator knows `feed:` as nothing but `feed://`, though the URL standard sees an opaque path there;
and a story's footnotes, which are a section, need no heading."""
CHECKED = {".html": "", ".css": "--also-check-css", ".svg": "--also-check-svg"}


def judge(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Every error and warning, with the file's name."""
    if not shutil.which("java") or not JAR.exists():
        pytest.skip("needs java, and vnu-jar from npm in tests/vnu")
    for path, content in files.items():
        if path.endswith("fragment.html"):
            content = b'<!doctype html><html lang="en"><title>A Page</title><h1>A Page</h1>' + content
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    options = ["--format", "json", "--exit-zero-always", *filter(None, CHECKED.values())]
    command = ["java", "-Xss2m", "-jar", str(JAR), *options, *(str(folder / path) for path in files)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True)
    messages = json.loads(done.stderr)["messages"]
    faults = (m for m in messages if m["type"] != "info" or m.get("subType") == "warning")
    return [
        f"{m.get('url', '').rpartition(folder.name)[2]}: {m['message']}" for m in faults if not m["message"].startswith(KNOWN)
    ]


def test_all_that_is_published_for_browsers_is_valid(tmp_path: Path, sample_feeds: Mapping[str, bytes]) -> None:
    chosen = {path: data for path, data in sample_feeds.items() if Path(path).suffix in CHECKED}
    rich = {f"rich/{path}": data for path, data in published_rich().files.items() if path.endswith(".html")}
    wrong = {"wrong.html": b'<!doctype html><html lang="en"><title>A Page</title><h1>A Page</h1><div><p></div></p>',
             "wrong.css": b"p { colour: red }"}  # fmt: skip
    found = judge(tmp_path, {**chosen, **rich, **wrong})
    assert [fault for fault in found if not fault.startswith("/wrong")] == []
    assert {fault.partition(":")[0] for fault in found} == {"/wrong.html", "/wrong.css"}, "what is wrong is found"
