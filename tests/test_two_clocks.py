"""When entries are published, as a subscriber and a chat tool see it.

The chat tool posts only items that are newer than the newest it has seen, as many do.
"""

from __future__ import annotations

from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from time import struct_time

import feedparser
import pytest

from feedgen_kusama.building import authority_of
from feedgen_kusama.documents import Reader
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.settings import Settings
from tests.publishing import Assembly, assemble

MONTHS = "January February March April May June July August September October November December".split()
SUBJECTS = {
    "Referendum on Bounties Passes": "The council counted votes on the referendum about bounties and confirmed the motion.",
    "KSM Price Rises on Thin Trading": "Traders saw the price of the token rise by three percent while volumes stayed low.",
    "Runtime Upgrade Speeds Up Messages": "Validators enacted the runtime upgrade, and cross-chain messages take half as long.",
    "Meetup Season Opens in Lisbon": "Two hundred guests came to the meetup, where volunteers showed how to run a node.",
}


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=timezone.utc)


def document(year: int, month: int, titles: list[str] | None = None, suffix: str = "") -> str:
    name = MONTHS[month - 1]
    stories = [f"## {t}{suffix}\n\n{SUBJECTS[t]} This was {name} {year}.\n" for t in titles or list(SUBJECTS)]
    head = f"# Kusama News - {name} {year}\n\n# Kusama Has a Month Called {name}\n\nThe month of {name} {year} in brief.\n"
    return "\n".join([head, *stories])


@dataclass
class World:
    """A publication with those who follow it."""

    settings: Settings
    files: dict[str, str] = field(default_factory=dict)
    ledger: Ledger = field(init=False)
    seen: dict[str, datetime] = field(default_factory=dict)
    chat_newest: datetime | None = None
    posted: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = Ledger(authority=authority_of(self.settings), records=())

    def build(self, now: datetime) -> Assembly:
        """Build, and let everybody fetch."""
        reader = Reader(self.settings)
        documents = [reader.parse(text, name) for name, text in self.files.items()]
        assembly = assemble(self.settings, documents, self.ledger, now)
        self.ledger = assembly.ledger
        self._hold(assembly.files, now)
        return assembly

    def _hold(self, files: Mapping[str, bytes], now: datetime) -> None:
        for path, content in files.items():
            if path.endswith("rss.xml"):
                times = [_time(item.published_parsed) for item in feedparser.parse(content).entries]
                assert times == sorted(set(times), reverse=True), f"{path}: distinct times, newest first"
        items = [(i.id, _time(i.published_parsed)) for i in feedparser.parse(files["rss.xml"]).entries]
        for id, published in items:
            assert self.seen.setdefault(id, published) == published, "a time of publication never changes"
        newest = self.chat_newest
        self.posted = [id for id, published in items if newest is not None and published > newest]
        self.chat_newest = max([published for _, published in items] + ([newest] if newest else []))


def _time(parsed: struct_time) -> datetime:
    return datetime.fromtimestamp(timegm(parsed), tz=timezone.utc)


@pytest.fixture
def world(settings: Settings) -> World:
    """Two months are out when the first build is made; the chat tool has seen them."""
    found = World(settings, {"2024-09.md": document(2024, 9), "2024-10.md": document(2024, 10)})
    found.build(at(2024, 11, 20))
    return found


def published(assembly: Assembly, edition: str) -> list[datetime]:
    return [entry.published for entry in assembly.entries if str(entry.edition) == edition]


def test_on_the_first_build_everything_has_its_documents_date(world: World) -> None:
    assembly = World(world.settings, world.files).build(at(2024, 11, 20))
    assert {time.date().isoformat() for time in published(assembly, "2024-10")} == {"2024-10-31"}
    assert {time.date().isoformat() for time in published(assembly, "2024-09")} == {"2024-09-30"}


def test_on_the_first_build_a_document_of_the_running_month_is_not_in_the_future(settings: Settings) -> None:
    now = at(2024, 11, 20)
    assembly = World(settings, {"2024-11.md": document(2024, 11)}).build(now)
    assert max(published(assembly, "2024-11")) == now


def test_a_new_edition_is_news_and_reaches_the_chat_tool_lead_newest(world: World) -> None:
    now = at(2024, 12, 3)
    world.files["2024-11.md"] = document(2024, 11)
    times = published(world.build(now), "2024-11")
    assert len(world.posted) == 5
    assert times == sorted(times, reverse=True)
    assert times[0] == now


def test_the_edition_of_the_running_month_is_news_though_its_date_lies_ahead(world: World) -> None:
    now = at(2024, 11, 21)
    world.files["2024-11.md"] = document(2024, 11)
    assert max(published(world.build(now), "2024-11")) == now
    assert len(world.posted) == 5


def test_a_section_added_to_the_newest_edition_is_news(world: World) -> None:
    titles = list(SUBJECTS)
    world.files["2024-11.md"] = document(2024, 11, titles[:3])
    world.build(at(2024, 12, 1))
    world.files["2024-11.md"] = document(2024, 11, [titles[3], *titles[:3]])
    assembly = world.build(at(2024, 12, 2))
    assert len(world.posted) == 1
    assert [e.title for e in assembly.entries if e.published == at(2024, 12, 2)] == [titles[3]]


@pytest.mark.parametrize(("days", "is_news"), [(1, True), (44, True), (45, True), (46, False), (365, False)])
def test_an_edition_is_news_for_45_days_after_its_date(world: World, days: int, is_news: bool) -> None:
    now = at(2024, 11, 30) + timedelta(days=days)
    world.files["2024-11.md"] = document(2024, 11)
    times = published(world.build(now), "2024-11")
    assert len(world.posted) == 5  # later than all that was seen, either way
    assert (max(times) == now) is is_news
    assert (max(times).date().isoformat() == "2024-11-30") is not is_news


def test_a_back_issue_is_not_posted_again_by_the_chat_tool(world: World) -> None:
    world.files["2023-05.md"] = document(2023, 5)
    times = published(world.build(at(2024, 11, 21)), "2023-05")
    assert {time.date().isoformat() for time in times} == {"2023-05-31"}
    assert world.posted == []


def test_when_the_clock_jumps_back_news_is_still_newer_than_all_that_was_seen(world: World) -> None:
    world.files["2024-11.md"] = document(2024, 11)
    world.build(at(2024, 12, 3))
    world.files["2024-12.md"] = document(2024, 12)
    times = published(world.build(at(2024, 11, 25)), "2024-12")
    assert len(world.posted) == 5
    assert min(times) > at(2024, 12, 3)
    assert max(times) < at(2024, 12, 3) + timedelta(minutes=1)


def test_two_editions_at_once_the_later_month_is_newer(world: World) -> None:
    now = at(2024, 12, 20)
    world.files |= {"2024-11.md": document(2024, 11), "2024-12.md": document(2024, 12)}
    assembly = world.build(now)
    assert len(world.posted) == 10
    assert min(published(assembly, "2024-12")) > max(published(assembly, "2024-11"))


def test_builds_a_second_apart_lose_no_item(world: World) -> None:
    world.files["2024-11.md"] = document(2024, 11)
    world.build(at(2024, 12, 3))
    world.files["2024-12.md"] = document(2024, 12)
    world.build(at(2024, 12, 3) + timedelta(seconds=1))
    assert len(world.posted) == 5


def test_an_edit_is_an_update_and_no_news(world: World) -> None:
    now = at(2024, 11, 25)
    world.files["2024-10.md"] = world.files["2024-10.md"].replace("three percent", "four percent")
    assembly = world.build(now)
    assert world.posted == []
    assert [entry.title for entry in assembly.entries if entry.updated == now] == ["KSM Price Rises on Thin Trading"]
    assert [feed.updated for feed in assembly.feeds if feed.id == "market" and not feed.is_archive] == [now]


def test_builds_with_a_year_between_them_change_nothing(world: World) -> None:
    files = [world.build(at(year, 11, 20)).files for year in (2025, 2026, 2027)]
    assert files[0] == files[1] == files[2]
