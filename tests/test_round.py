"""The whole way: a document is edited, and what it says arrives with everybody, also after a kill at every step."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from feedgen_kusama.folders import LOCK
from tests.browser import serving
from tests.serving import running
from tests.sites import NEWEST
from tests.stores import free_port
from tests.test_hub import Subscriber

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.projects import Project
    from tests.stores import Store

pytest_plugins = ["projects", "sites", "stores", "browser"]

ROOT = Path(__file__).parent
LATER = "2026-02-15T12:00:00Z"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Elsewhere</title>
<script type="module" src="{url}embed.js"></script><kusama-feed src="{url}quays/feed.json">Nothing came.</kusama-feed>"""


@pytest.fixture
def hub() -> Iterator[str]:
    """A hub, a process of its own."""
    process = subprocess.Popen([sys.executable, str(ROOT / "websub_hub.py")], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    process.kill()
    process.communicate()


def insist(project: Project, *arguments: str) -> None:
    """Run a command, kill it while it works, and run it again to its end."""
    process = project.start(*arguments)
    try:
        process.wait(timeout=0.35)
    except subprocess.TimeoutExpired:
        process.kill()
    process.communicate()
    outcome = project.spawn(*arguments)
    assert (outcome.status, outcome.err) == (0, ()), arguments
    assert not list(project.folder.glob(f"*/{LOCK}"))


@contextmanager
def subscribed(hub: str, url: str, topic: str) -> Iterator[Subscriber]:
    subscriber = Subscriber()
    with subscriber.listening(url) as callback:
        form = urlencode({"hub.mode": "subscribe", "hub.topic": url + topic, "hub.callback": callback})
        urlopen(hub, form.encode(), timeout=30).close()
        yield subscriber


def publish(project: Project, store: Store, *, now: str) -> None:
    """Everything that an operator does after an edit: the bucket keeps a copy, the folder is what is served."""
    insist(project, "build", "--now", now)
    insist(project, "publish", *store.arguments)
    insist(project, "publish", "www")


def test_an_edit_arrives_with_subscribers_readers_and_other_sites(
    site: Project, s3_store: Store, hub: str, chromium: Browser
) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    site.toml.write_text(site.toml.read_text().replace("https://harbour.example/", url))
    publish(site, s3_store, now="2026-01-15T12:00:00Z")
    site.toml.write_text(f'hub = "{hub}"\n{site.toml.read_text()}')
    with running(site.folder, "--output", "www", "--port", url.rpartition(":")[2].rstrip("/")):
        with subscribed(hub, url, "quays/atom.xml") as subscriber:
            site.edit("2025-03.md", "The quay carries cranes", "The quay carries seven cranes")
            site.write("2026-01.md", NEWEST)
            publish(site, s3_store, now=LATER)
            new = site.published()
            assert subscriber.delivered["quays/atom.xml"] == new["quays/atom.xml"]
            assert b"seven cranes" in new["quays/atom.xml"]
        assert s3_store.files() == new
        outcome = site.spawn("doctor", url, "--now", LATER)
        assert (outcome.status, outcome.err) == (0, ()), outcome.out
        other = site.folder / "other"
        other.mkdir()
        (other / "index.html").write_text(PAGE.format(url=url))
        with serving(other) as elsewhere, chromium.new_page() as page:
            page.goto(elsewhere)
            page.get_by_role("link", name="The North Quay Is Mended").wait_for()
            assert "seven cranes" in page.locator("kusama-feed").locator("section").inner_text()
