"""Sites: a folder for each tool with the same text in the tool's own notation, brought into the state a work needs."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measure import Cost, run
from bench.posts import Post
from bench.stock import Stock
from bench.tools import Installed, Tool, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A tool's folder. Everything in it that `lay_out` did not put there was made by the tool."""

    tool: Tool
    installed: Installed
    stock: Stock
    folder: Path

    @property
    def sources(self) -> Path:
        return self.folder / self.tool.sources

    @property
    def published(self) -> Path:
        """The folder of all feeds."""
        return self.feed(None).parent

    def lay_out(self) -> None:
        """Write settings, templates, and the whole corpus."""
        self.sources.mkdir(parents=True)
        for path, text in self.tool.files(self.stock.topics).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, "utf-8")
        for name, text in self.stock.documents.items():
            self._put(name, text, self.stock.posts[name] if self.tool.post else ())

    def prepare(self, work: Work, number: int) -> None:
        """Bring the sources into the state that a work begins with; `number` tells edits apart."""
        if work == "cold":
            self._restore()
        elif work == "edited":
            self._write(*self.stock.edited(number))
        elif work == "added":
            self._write(*self.stock.added)

    def run(self, work: Work, *, is_watched: bool) -> Cost:
        """Do the work once. Raises RunError."""
        command = self.tool.command(self.installed, self.folder, work)
        environment = {"XDG_CACHE_HOME": str(self.folder / "cache"), "NO_COLOR": "1"}
        return run(command, self.folder, environment=environment, is_watched=is_watched)

    def feed(self, topic: str | None) -> Path:
        """The feed of a topic, or of everything."""
        folder = f"{self.tool.topics}{topic}/" if topic else self.tool.whole
        return self.folder / self.tool.feed.format(folder)

    def _restore(self) -> None:
        """Undo edits and additions, and remove all that the tool made."""
        kept = {path.partition("/")[0] for path in (*self.tool.files(self.stock.topics), self.tool.sources)}
        for path in self.folder.iterdir():
            if path.name not in kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in self._paths(self.stock.added[0], self.stock.split(*self.stock.added)):
            path.unlink(missing_ok=True)
        name = self.stock.edited(0)[0]
        self._put(name, self.stock.documents[name], self.stock.posts[name] if self.tool.post else ())

    def _write(self, name: str, text: str) -> None:
        self._put(name, text, self.stock.split(name, text) if self.tool.post else ())

    def _paths(self, name: str, posts: Sequence[Post]) -> list[Path]:
        return [self.sources / f"{post.name}.md" for post in posts] if self.tool.post else [self.sources / name]

    def _put(self, name: str, text: str, posts: Sequence[Post]) -> None:
        texts = [self.tool.post(post) for post in posts] if self.tool.post else [text]
        for path, content in zip(self._paths(name, posts), texts, strict=True):
            if not path.exists() or path.read_text("utf-8") != content:
                path.write_text(content, "utf-8")
