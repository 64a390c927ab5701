"""RSS: what RSS 2.0 and its readers ask for beyond what Atom does."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from lxml import etree
from msgspec.structs import replace

from feedgen_kusama.formats import rss
from feedgen_kusama.model import Feed
from tests.publishing import SETTINGS, make_entry, published_rich

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def head() -> Feed:
    """The newest entries of everything."""
    return published_rich().feeds[0]


def archive() -> Feed:
    """The archive behind the head."""
    return published_rich().feeds[1]


def channel(feed: Feed) -> etree._Element:
    return etree.fromstring(rss.render(feed))[0]


def test_the_channels_link_is_its_page_and_its_atom_link_itself() -> None:
    found = channel(head())
    assert [link.text for link in found.findall("link")] == [SETTINGS.url]
    links = {link.get("rel"): link.get("href") for link in found.findall(f"{ATOM}link")}
    assert links["self"] == f"{SETTINGS.url}rss.xml"
    assert "alternate" not in links


def test_an_author_is_dc_creator_alone() -> None:
    """RSS's own `author` needs an address of e-mail, and with both the validator complains."""
    items = channel(head()).findall("item")
    assert [item.findtext(CREATOR) for item in items] == ["Kusama News", "Zoë Lindeqvist", "Kusama News"]
    assert [item.find("author") for item in items] == [None] * 3


def test_a_guid_is_no_permalink() -> None:
    guids = channel(head()).findall("item/guid")
    assert [guid.get("isPermaLink") for guid in guids] == ["false"] * 3
    assert [guid.text for guid in guids] == [entry.id for entry in head().entries]


def test_the_full_text_is_encoded_content_and_the_description_its_summary() -> None:
    item = channel(head()).findall("item")[1]
    assert item.findtext(CONTENT) == head().entries[1].html
    assert item.findtext("description") == head().entries[1].summary.replace("&", "&amp;").replace("<", "&lt;").replace(
        ">", "&gt;"
    )


@pytest.mark.parametrize("name", ["title", "link", "description", "language", "generator", "lastBuildDate", "docs"])
def test_the_channel_has_each_property_once(name: str) -> None:
    assert len(channel(head()).findall(name)) == 1


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (datetime(2024, 11, 30, 12, tzinfo=timezone.utc), "Sat, 30 Nov 2024 12:00:00 +0000"),
        (datetime(2020, 2, 29, 23, 59, 59, tzinfo=timezone.utc), "Sat, 29 Feb 2020 23:59:59 +0000"),
        (datetime(2019, 1, 1, 0, 0, 1, tzinfo=timezone.utc), "Tue, 01 Jan 2019 00:00:01 +0000"),
    ],
)
def test_times_are_those_of_rfc_822_with_a_year_of_four_digits(day: datetime, written: str) -> None:
    entry = make_entry(1, published=day)
    found = channel(replace(head(), entries=(entry,), updated=entry.updated))
    assert found.findtext("item/pubDate") == written
    assert found.findtext("lastBuildDate") == written


def test_an_archive_says_so_and_leads_to_its_neighbours() -> None:
    found = channel(replace(archive(), previous="archive/2023/", following="archive/2025/"))
    links = {link.get("rel"): link.get("href", "") for link in found.findall(f"{ATOM}link")}
    assert {rel: address.removeprefix(SETTINGS.url) for rel, address in links.items()} == {
        "self": "archive/2024/rss.xml",
        "current": "rss.xml",
        "prev-archive": "archive/2023/rss.xml",
        "next-archive": "archive/2025/rss.xml",
    }
    assert found.find("{http://purl.org/syndication/history/1.0}archive") is not None
    assert channel(head()).find("{http://purl.org/syndication/history/1.0}archive") is None


def test_the_same_feed_gives_the_same_bytes() -> None:
    assert rss.render(head()) == rss.render(head())
    assert rss.render(head()) != rss.render(archive())


def test_the_encoding_is_utf_8_and_characters_stand_as_they_are() -> None:
    data = rss.render(head())
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert "Zoë Lindeqvist".encode() in data
    assert b"CDATA" not in data
