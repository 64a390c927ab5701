"""Feed readers that people use, each as one function: fetch a feed as that reader does, and say what it shows.

A folder is one subscriber: what the reader remembers lies there from one call to the next. What a call has
shown is read by the time of the next, so that only what comes after it is new.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from calendar import timegm
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from importlib import import_module
from importlib.util import find_spec
from mailbox import Maildir
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from lxml import html

UTC = timezone.utc
FEEDSMITH = Path(__file__).parent / "feedsmith"
RSS, ATOM, JSON = "rss.xml", "atom.xml", "feed.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a reader shows of an entry. Items stand in the order in which it lists them."""

    id: str
    title: str
    author: str | None
    date: datetime
    content: str
    """HTML."""
    is_new: bool


def run(*command: str, folder: Path, text: str = "") -> str:
    """What a command prints, run in a subscriber's folder with that for its home. Raises if it fails."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "no_proxy": "*"}
    options: dict[str, Any] = {"cwd": folder, "env": env, "encoding": "utf-8", "timeout": 30}
    done: subprocess.CompletedProcess[str] = subprocess.run(command, input=text, capture_output=True, check=False, **options)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr or done.stdout}"
    return done.stdout


def read_newsboat(address: str, folder: Path) -> list[Item]:
    """newsboat keeps what it shows in a database; its list is by date."""
    (folder / "urls").write_text(address + "\n", "utf-8")
    newsboat("-x", "reload", folder=folder)
    with closing(sqlite3.connect(folder / "cache.db")) as cache, cache:
        columns = "guid, title, author, pubDate, content, unread"
        rows = cache.execute(f"SELECT {columns} FROM rss_item WHERE deleted = 0 ORDER BY pubDate DESC, id DESC").fetchall()
        cache.execute("UPDATE rss_item SET unread = 0")
    return [
        Item(id=id, title=title, author=author, date=datetime.fromtimestamp(date, UTC), content=content, is_new=bool(unread))
        for id, title, author, date, content, unread in rows
    ]


def newsboat(*arguments: str, folder: Path) -> str:
    (folder / "config").touch()
    return run("newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", *arguments, folder=folder)


def read_sfeed(address: str, folder: Path) -> list[Item]:
    """sfeed_update merges what it fetches into a table; one line is one item."""
    (folder / "sfeedrc").write_text(f"sfeedpath=feeds\nfeeds() {{\n\tfeed news '{address}'\n}}\n", "utf-8")
    table = folder / "feeds" / "news"
    known = {_sfeed_identity(row) for row in _sfeed_rows(table)}
    run("sfeed_update", "sfeedrc", folder=folder)
    return [
        Item(
            id=row[5],
            title=row[1],
            author=row[6],
            date=datetime.fromtimestamp(int(row[0]), UTC),
            content=re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), row[3]),
            is_new=_sfeed_identity(row) not in known,
        )
        for row in _sfeed_rows(table)
    ]


def _sfeed_rows(table: Path) -> list[list[str]]:
    return [line.split("\t") for line in table.read_text("utf-8").splitlines()] if table.exists() else []


def _sfeed_identity(row: list[str]) -> tuple[str, str, str]:
    """By what sfeed_update's `merge` tells items apart: title, link and id."""
    return row[1], row[2], row[5]


MAIL = """\
[DEFAULT]
to = reader@localhost
name-format = {author}
date-header = True
date-header-order = issued
html-mail = True
email-protocol = maildir
maildir-path = mail
maildir-mailbox = INBOX
"""


def read_rss2email(address: str, folder: Path) -> list[Item]:
    """rss2email sends a mail for each item; the mailbox lists mails by their dates."""
    command = ("r2e", "-c", "r2e.cfg", "-d", "r2e.json")
    if not (folder / "r2e.cfg").exists():
        (folder / "mail").mkdir()
        (folder / "r2e.cfg").write_text(MAIL, "utf-8")
        run(*command, "add", "news", address, folder=folder)
    run(*command, "run", folder=folder)
    with closing(Maildir(folder / "mail" / "INBOX")) as box:
        items = [_read_mail(box, key) for key in box.keys()]  # noqa: SIM118 (a mailbox iterates over its mails)
    return sorted(items, key=lambda item: item.date, reverse=True)


def _read_mail(box: Maildir, key: str) -> Item:
    """The mail with this key, which thereby is no longer new."""
    kept = box[key]
    is_new = kept.get_subdir() == "new"
    kept.set_subdir("cur")
    box[key] = kept
    mail = message_from_bytes(box.get_bytes(key), policy=policy.default)
    page: Any = html.fromstring(mail.get_content())
    return Item(
        id=mail["X-RSS-ID"],
        title=mail["Subject"],
        author=mail["From"].addresses[0].display_name,
        date=parsedate_to_datetime(mail["Date"]).replace(tzinfo=UTC),  # always in UTC, which it does not say
        content=html.tostring(page.get_element_by_id("body"), encoding="unicode"),
        is_new=is_new,
    )


def read_reader(address: str, folder: Path) -> list[Item]:
    """The library `reader` keeps entries in a database; its list has what arrived last on top."""
    with import_module("reader").make_reader(str(folder / "reader.sqlite")) as reader:
        reader.add_feed(address, exist_ok=True)
        reader.update_feed(address)
        entries = list(reader.get_entries())
        for entry in entries:
            reader.mark_entry_as_read(entry)
    return [
        Item(
            id=entry.id,
            title=entry.title,
            author=entry.authors_str,
            date=entry.published,
            content=entry.get_content().value,
            is_new=not entry.read,
        )
        for entry in entries
    ]


def read_feedparser(address: str, folder: Path) -> list[Item]:
    parsed = import_module("feedparser").parse(address)
    assert not parsed.bozo, parsed.bozo_exception
    dates = (datetime.fromtimestamp(timegm(e.published_parsed), UTC) for e in parsed.entries)
    items = (_item(e.id, e.title, e.author, date, e.content[0].value) for e, date in zip(parsed.entries, dates, strict=True))
    return _remembered(items, folder)


def read_atoma(address: str, folder: Path) -> list[Item]:
    """atoma knows neither RSS's `dc:creator` nor JSON Feed 1.1's `authors`."""
    atoma: Any = import_module("atoma")
    with urlopen(address, timeout=10) as response:
        content = response.read()
    match address.rpartition("/")[2]:
        case "rss.xml":
            found = atoma.parse_rss_bytes(content).items
            items = [_item(i.guid, i.title, i.author, i.pub_date, i.content_encoded) for i in found]
        case "atom.xml":
            found = atoma.parse_atom_bytes(content).entries
            items = [_item(e.id_, e.title.value, e.authors[0].name, e.published, e.content.value) for e in found]
        case _:
            found = atoma.parse_json_feed_bytes(content).items
            items = [_item(i.id_, i.title, i.author, i.date_published, i.content_html) for i in found]
    return _remembered(items, folder)


def read_feedsmith(address: str, folder: Path) -> list[Item]:
    found = json.loads(run("node", str(FEEDSMITH / "read.mjs"), address, folder=folder))
    items = (_item(i["id"], i["title"], i["author"], datetime.fromisoformat(i["date"]), i["content"]) for i in found)
    return _remembered(items, folder)


def _item(id: str, title: str, author: str | None, date: datetime, content: str) -> Item:
    return Item(id=id, title=title, author=author, date=date, content=content, is_new=True)


def _remembered(items: Iterable[Item], folder: Path) -> list[Item]:
    """The items of a library without a memory, with the memory that applications add: the ids they have seen."""
    memory = folder / "seen.json"
    seen = set(json.loads(memory.read_text("utf-8"))) if memory.exists() else set()
    items = [replace(item, is_new=item.id not in seen) for item in items]
    memory.write_text(json.dumps(sorted(seen | {item.id for item in items})), "utf-8")
    return items


def import_into_newsboat(opml: str, folder: Path) -> list[str]:
    """The addresses that newsboat is subscribed to after importing an OPML document."""
    (folder / "feeds.opml").write_text(opml, "utf-8")
    (folder / "urls").touch()
    newsboat("-i", "feeds.opml", folder=folder)
    return (folder / "urls").read_text("utf-8").split()


def import_into_sfeed(opml: str, folder: Path) -> list[str]:
    """The addresses that the configuration made by sfeed_opml_import fetches."""
    (folder / "sfeedrc").write_text(run("sfeed_opml_import", folder=folder, text=opml), "utf-8")
    return run("sh", "-c", """. ./sfeedrc; feed() { printf '%s\\n' "$2"; }; feeds""", folder=folder).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A reader, what it is found by, and what it does otherwise than most."""

    read: Callable[[str, Path], list[Item]]
    commands: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    formats: tuple[str, ...] = (RSS, ATOM)
    without_authors: tuple[str, ...] = ()
    """Formats in which it shows no entry's author."""
    refreshes: bool = True
    """Whether it shows changed words in place of the old ones."""
    renames: bool = True
    """Whether an entry with another title is the same entry to it."""
    import_opml: Callable[[str, Path], list[str]] | None = None

    @property
    def missing(self) -> str:
        """What it lacks here; empty where it can run."""
        lacking = [command for command in self.commands if shutil.which(command) is None]
        lacking += [module for module in self.modules if find_spec(module) is None]
        lacking += [f"{path.relative_to(FEEDSMITH)} (npm install)" for path in self.files if not path.exists()]
        return ", ".join(lacking)


READERS: Mapping[str, Reader] = {
    "newsboat": Reader(read=read_newsboat, commands=("newsboat",), import_opml=import_into_newsboat),
    "sfeed": Reader(
        read=read_sfeed,
        commands=("sfeed_update", "sfeed_opml_import", "curl"),
        refreshes=False,
        renames=False,
        import_opml=import_into_sfeed,
    ),
    "rss2email": Reader(read=read_rss2email, commands=("r2e",), refreshes=False),
    "reader": Reader(read=read_reader, modules=("reader", "sgmllib"), formats=(RSS, ATOM, JSON)),
    "feedparser": Reader(read=read_feedparser, modules=("feedparser",)),
    "atoma": Reader(read=read_atoma, modules=("atoma",), formats=(RSS, ATOM, JSON), without_authors=(RSS, JSON)),
    "feedsmith": Reader(
        read=read_feedsmith, commands=("node",), files=(FEEDSMITH / "node_modules" / "feedsmith",), formats=(RSS, ATOM, JSON)
    ),
}
