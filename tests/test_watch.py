"""Builds that follow changes, and open pages that follow builds."""

from __future__ import annotations

import http.client
import shutil
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import SCREENSHOTS
from tests.projects import new_project
from tests.serving import PATIENCE, Server, running, until

if TYPE_CHECKING:
    from tests.projects import Project

pytest_plugins = ["browser", "projects"]

LETTER = "# Letter - March 2024\n\n## A Vote\n\nThe governance vote.\n"


@pytest.fixture
def letter(tmp_path: Path) -> Project:
    """A project with one short document."""
    project = new_project(tmp_path / "letter")
    project.write("letter.md", LETTER)
    return project


class Lines:
    """What a process says on both streams, line by line as it comes."""

    def __init__(self, process: Any) -> None:
        self._lines: Queue[str] = Queue()
        for stream in (process.stdout, process.stderr):
            Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: Iterable[str]) -> None:
        for line in stream:
            self._lines.put(line)

    def wait(self, words: str) -> str:
        """The next line that holds these words."""
        while words not in (line := self._lines.get(timeout=PATIENCE)):
            pass
        return line


@contextmanager
def watching(project: Project, *options: str) -> Iterator[tuple[Any, Lines]]:
    """`watch`, once its first build is done."""
    process = project.start("watch", *options)
    try:
        lines = Lines(process)
        lines.wait("written")
        yield process, lines
    finally:
        process.kill()
        process.wait()


def test_each_change_is_built_and_no_other(letter: Project) -> None:
    with watching(letter) as (_, lines):
        letter.edit("letter.md", "governance vote", "second vote")
        assert "1 document" in lines.wait("written")
        assert b"second vote" in letter.published()["atom.xml"]
        letter.write("_note.md", LETTER)
        letter.write("more/april.md", LETTER.replace("March", "April"))
        assert "2 documents" in lines.wait("written")
        (letter.news / "more/april.md").rename(letter.news / "april.md")
        assert "2 documents" in lines.wait("written")
        new = letter.folder / "new.toml"
        new.write_text(letter.toml.read_text("utf-8").replace('"Kusama News"', '"Canary"'), "utf-8")
        new.replace(letter.toml)
        lines.wait("written")
        assert b"<title>Canary</title>" in letter.published()["atom.xml"]


def test_a_build_that_fails_is_told_and_the_next_change_is_waited_for(letter: Project) -> None:
    with watching(letter) as (_, lines):
        sound = letter.toml.read_text("utf-8")
        letter.toml.write_text("title = 1\n", "utf-8")
        assert "title" in lines.wait("feeds.toml: ")
        letter.toml.write_text(sound, "utf-8")
        lines.wait("written")
        (letter.news / "letter.md").write_text("# Letter\n\nNo month.\n", "utf-8")
        lines.wait("letter.md:1:")


def test_a_source_folder_that_goes_and_comes_back_is_watched_on(letter: Project) -> None:
    with watching(letter) as (_, lines):
        away = letter.news.rename(letter.folder / "away")
        lines.wait("news: no such folder")
        shutil.copytree(away, letter.news)
        lines.wait("written")
        letter.edit("letter.md", "governance vote", "second vote")
        lines.wait("written")
        assert b"second vote" in letter.published()["atom.xml"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_status_0(letter: Project, number: int) -> None:
    with watching(letter) as (process, _):
        process.send_signal(number)
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--source", "none"), "none: no such folder"), (("--config", "none.toml"), "none.toml: no such file")],
)
def test_what_is_not_there_from_the_beginning_is_not_waited_for(letter: Project, options: tuple[str, ...], words: str) -> None:
    outcome = letter.run("watch", *options)
    assert (outcome.status, len(outcome.err)) == (2, 1)
    assert words in outcome.err[0]


def test_an_open_page_shows_each_build(letter: Project, chromium: Browser) -> None:
    with running(letter.folder, "--watch") as server:
        page = chromium.new_page()
        failures: list[str] = []
        page.on("console", lambda message: failures.append(message.text) if message.type in ("error", "warning") else None)
        page.goto(f"{server.address}/editions/2024-03.html")
        expect(page.locator("main")).to_contain_text("The governance vote.")
        for words in ("The second vote.", "The third vote."):
            letter.write("letter.md", LETTER.replace("The governance vote.", words))
            expect(page.locator("main")).to_contain_text(words, timeout=1000 * PATIENCE)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / "serve-reloaded.png")
        page.goto(f"{server.address}/editions/2024-04.html")
        page.screenshot(path=SCREENSHOTS / "serve-not-found.png")
        letter.write("april.md", LETTER.replace("March", "April"))
        expect(page.locator("main")).to_contain_text("The governance vote.", timeout=1000 * PATIENCE)
        page.close()
    assert [text for text in failures if "404" not in text] == []


def test_the_script_is_in_what_is_served_and_in_no_file(letter: Project) -> None:
    with running(letter.folder, "--watch") as server:
        page = server.ask("/governance/")
        assert b'<script src="../-/reload.js" data-version="' in page.body
        assert b"reload.js" not in b"".join(letter.published().values())
        assert page.headers["cache-control"] == "no-cache"
        assert "last-modified" not in page.headers
        assert server.ask("/governance/", If_None_Match=page.headers["etag"]).status == 304
        assert server.ask("/-/reload.js").headers["content-type"] == "text/javascript; charset=utf-8"
        assert server.ask("/-/other").status == 404
        assert server.ask("/rss.xml").body == letter.published()["rss.xml"]


def test_without_watch_there_is_no_script(letter: Project) -> None:
    letter.build()
    with running(letter.folder) as server:
        assert b"reload.js" not in server.ask("/").body
        assert server.ask("/-/reload.js").status == 404


@contextmanager
def listening(server: Server) -> Iterator[http.client.HTTPResponse]:
    """A page's connection, on which it hears of builds."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=PATIENCE)
    connection.request("GET", "/-/events")
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def test_pages_that_listen_do_not_keep_the_server(letter: Project) -> None:
    with running(letter.folder, "--watch") as server, listening(server) as events:
        assert events.readline().startswith(b"data: ")
        assert server.end() == (0, "")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_pages_that_were_closed_leave_nothing_open(letter: Project) -> None:
    with running(letter.folder, "--watch") as server:
        folder = Path(f"/proc/{server.process.pid}/fd")
        server.ask("/")
        before = len(list(folder.iterdir()))
        for _ in range(30):
            with listening(server) as events:
                events.readline()
        until(lambda: len(list(folder.iterdir())) <= before)


def test_settings_that_cannot_be_read_do_not_keep_it_from_serving(letter: Project) -> None:
    letter.build()
    letter.toml.write_text("title = 1\n", "utf-8")
    with running(letter.folder, "--watch") as server:
        assert server.ask("/rss.xml").status == 200
        assert "feeds.toml: title" in server.errors.read_text("utf-8")
