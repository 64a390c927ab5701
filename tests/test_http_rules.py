"""What the server decides without touching anything: conditions, parts, codings, types, targets."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from feedgen_kusama.media import LONG, SHORT, cache_control, media_type
from feedgen_kusama.serve.answers import accepts_gzip
from feedgen_kusama.serve.conditions import find_refusal, parse_moment, render_moment
from feedgen_kusama.serve.places import split_target
from feedgen_kusama.serve.ranges import find_span

EARLIER, SAME, LATER = (render_moment(1_700_000_000 + seconds) for seconds in (-1, 0, 1))

CONDITIONS: Mapping[str, tuple[Mapping[str, str], int | None]] = {
    "none": ({}, None),
    "the tag": ({"if-none-match": '"a"'}, 304),
    "the tag, weakly": ({"if-none-match": 'W/"a"'}, 304),
    "one of several tags": ({"if-none-match": '"x,y", "a"'}, 304),
    "any tag": ({"if-none-match": " * "}, 304),
    "another tag": ({"if-none-match": '"b"'}, None),
    "a tag without quotes": ({"if-none-match": "a"}, None),
    "another tag, the same time": ({"if-none-match": '"b"', "if-modified-since": SAME}, None),
    "the same time": ({"if-modified-since": SAME}, 304),
    "a later time": ({"if-modified-since": LATER}, 304),
    "an earlier time": ({"if-modified-since": EARLIER}, None),
    "no time at all": ({"if-modified-since": "yesterday"}, None),
    "a tag that must be": ({"if-match": '"a"'}, None),
    "another that must be": ({"if-match": '"b"'}, 412),
    "a weak one that must be": ({"if-match": 'W/"a"'}, 412),
    "unchanged since earlier": ({"if-unmodified-since": EARLIER}, 412),
    "unchanged since": ({"if-unmodified-since": SAME}, None),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_are_heeded_in_their_order(condition: str) -> None:
    headers, status = CONDITIONS[condition]
    assert find_refusal(headers, '"a"', 1_700_000_000) == status


def test_where_the_time_says_nothing_conditions_on_it_are_void() -> None:
    assert find_refusal({"if-modified-since": LATER}, '"a"', None) is None


def test_a_time_is_written_as_http_wants_it_and_read_in_all_its_forms() -> None:
    assert render_moment(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    for text in ("Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"):
        assert parse_moment(text) == 784_111_777


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-", (2, 10)),
        ("Bytes = 2-4 ", (2, 5)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=5-99", (5, 10)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=0-1,3-4", None),
        ("bytes=+1-2", None),
        ("bytes=٣-", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
def test_one_range_is_a_part_and_all_else_the_whole(header: str, span: tuple[int, int] | None) -> None:
    assert find_span(header, 10) == span


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=99-100", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_a_range_without_a_byte_is_refused(header: str, size: int) -> None:
    with pytest.raises(ValueError, match="no byte"):
        find_span(header, size)


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [
        ("", False),
        ("gzip", True),
        ("GZip , br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("identity", False),
        ("xgzipx", False),
        ("gzip;q=.", False),
    ],
)
def test_gzip_is_sent_to_who_takes_it(header: str, is_accepted: bool) -> None:
    assert accepts_gzip(header) is is_accepted


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("archive/2025/atom.xml", LONG),
        ("ships/archive/2025-2/rss.xml", LONG),
        ("archive/2026/atom.xml", SHORT),
        ("atom.xml", SHORT),
        ("archive/atom.xml", SHORT),
        ("my-archive/2025/atom.xml", SHORT),
    ],
)
def test_only_the_archive_of_a_past_year_is_closed(path: str, cache: str) -> None:
    assert cache_control(path, 2026) == cache


@pytest.mark.parametrize(
    ("name", "media"),
    [("a.PNG", "image/png"), ("a.mp3", "audio/mpeg"), ("a.svg", "image/svg+xml"), ("a", "application/octet-stream")],
)
def test_other_files_have_their_types_too(name: str, media: str) -> None:
    assert media_type(name) == media


@pytest.mark.parametrize(
    ("target", "names"),
    [
        (b"/", ("",)),
        (b"/a/b.xml", ("a", "b.xml")),
        (b"/a/", ("a", "")),
        (b"/%C3%BC", ("ü",)),
        (b"http://x", ("",)),
        (b"HTTPS://x:1/a", ("a",)),
        (b"*", None),
        (b"a", None),
        (b"//a", None),
        (b"/a/../b", None),
        (b"/a%2fb", None),
    ],
)
def test_a_target_is_names(target: bytes, names: tuple[str, ...] | None) -> None:
    assert split_target(target) == names
