"""How every published file is to be served, whoever serves it, and a folder of such files."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.readings import ROOT

YEAR = time.gmtime().tm_year
HTML = "text/html; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
JSON = "application/feed+json"
SHORT = "public, max-age=300, must-revalidate"
MODERATE = "public, max-age=3600, must-revalidate"
LONG = "public, max-age=604800"
ASKED = "no-cache"


@dataclass(frozen=True, slots=True)
class Fact:
    """How one file is served."""

    path: str
    media: str
    cache: str

    @property
    def is_page(self) -> bool:
        return self.media == HTML


FACTS = (
    Fact("/", HTML, SHORT),
    Fact("/index.html", HTML, SHORT),
    Fact("/governance/", HTML, SHORT),
    Fact("/governance/embed.html", HTML, SHORT),
    Fact("/governance/fragment.html", HTML, SHORT),
    Fact("/editions/2024-08.html", HTML, SHORT),
    Fact("/atom.xml", ATOM, SHORT),
    Fact("/governance/atom.xml", ATOM, SHORT),
    Fact("/rss.xml", RSS, SHORT),
    Fact("/governance/rss.xml", RSS, SHORT),
    Fact("/feed.json", JSON, SHORT),
    Fact("/governance/feed.json", JSON, SHORT),
    Fact("/archive/2024/atom.xml", ATOM, LONG),
    Fact("/governance/archive/2024/rss.xml", RSS, LONG),
    Fact("/archive/2024-2/feed.json", JSON, LONG),
    Fact(f"/archive/{YEAR}/atom.xml", ATOM, SHORT),
    Fact(f"/governance/archive/{YEAR}-2/feed.json", JSON, SHORT),
    Fact("/feeds.opml", "text/x-opml; charset=utf-8", SHORT),
    Fact("/embed.js", "text/javascript; charset=utf-8", MODERATE),
    Fact("/another.js", "text/javascript; charset=utf-8", MODERATE),
    Fact("/style.css", "text/css; charset=utf-8", MODERATE),
    Fact("/ledger.jsonl", "application/jsonl", ASKED),
)
HIDDEN = ("/.git/config", "/.feedgen-kusama.lock", "/governance/.feedgen-kusama-x1", "/.htaccess", "/%2egit/config")
OUTSIDE = ("/../secret", "/%2e%2e/secret", "/governance/..%2f..%2fsecret", "/..%5csecret", "//../secret")


@contextmanager
def public_folder() -> Iterator[Path]:
    """The committed feeds as every user may read them, with this year's archives and what no server may show."""
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        base.chmod(0o755)
        folder = base / "feeds"
        shutil.copytree(ROOT / "feeds", folder)
        for part in ("archive", "governance/archive"):
            for new in ("2024-2", str(YEAR), f"{YEAR}-2"):
                shutil.copytree(folder / part / "2024", folder / part / new, dirs_exist_ok=True)
        for fact in FACTS:
            if not (folder / fact.path[1:]).exists():
                (folder / fact.path[1:]).write_text("<!-- feedgen-kusama -->" * 40, "utf-8")
        for name in ("../secret", *(hidden[1:].replace("%2e", ".") for hidden in HIDDEN)):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("secret", "utf-8")
        for path in (base, *base.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield folder
