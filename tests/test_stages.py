"""The order in which files are published, and what a plan makes of what is here and there."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from feedgen_kusama.publish.manifest import Manifest, Position, Stored, parse_manifest, render_manifest
from feedgen_kusama.publish.plan import Seen, There, decide, doubtful, find_refusals, heads
from feedgen_kusama.publish.prepare import Headers, Prepared, digest_of
from feedgen_kusama.stages import stages

PATHS = """
    style.css editions/2024-03.html editions/2024-11.html archive/2025/atom.xml ships/archive/2025/rss.xml
    archive/2024-2/atom.xml archive/2024/atom.xml ships/archive/2024/atom.xml editions/index.html index.html ships/index.html
    atom.xml feed.json rss.xml ships/atom.xml feeds.opml ledger.jsonl
""".split()
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)

contents = st.dictionaries(st.sampled_from(PATHS), st.binary(max_size=2), max_size=8)


def stored(content: bytes) -> Stored:
    return Stored(sha256=digest_of(content), token=f"token of {content!r}")


def prepared(files: dict[str, bytes]) -> dict[str, Prepared]:
    return {path: Prepared(content=content, headers=Headers()) for path, content in files.items()}


def test_pages_and_archives_come_before_heads_and_the_ledger_comes_last() -> None:
    uploads = stages(reversed(PATHS))
    assert [path for stage in uploads for path in stage] == PATHS
    assert [len(stage) for stage in uploads] == [1, 2, 2, 1, 2, 3, 4, 1, 1]


def test_only_the_heads_of_feeds_that_the_hub_knows_are_announced() -> None:
    assert heads(PATHS, ["", "ships/"]) == ("atom.xml", "feed.json", "rss.xml", "ships/atom.xml")
    assert heads(PATHS, []) == ()


@given(here=contents, there=contents, claimed=st.sets(st.sampled_from(PATHS)), known=st.sets(st.sampled_from(PATHS)))
def test_after_a_plan_the_target_holds_what_is_here_and_nothing_else_of_ours(
    here: dict[str, bytes], there: dict[str, bytes], claimed: set[str], known: set[str]
) -> None:
    """Whatever the manifest says: it may be behind, and may know of files that are gone."""
    manifest = Manifest(files={path: stored(b"?" if path in claimed else there.get(path, b"")) for path in known})
    state = There(tokens={path: stored(content).token for path, content in there.items()}, manifest=manifest)
    seen = {path: Seen(stored=stored(there[path]), has_mark=True) for path in doubtful(here, state)}
    plan = decide(prepared(here), state, seen, feeds=())
    after = {**there, **{path: here[path] for path in plan.uploaded}}
    for path in plan.removals:
        del after[path]
    assert {path: content for path, content in after.items() if path in here} == here
    assert not [path for path in after if path not in here and path in known]
    assert {path for path in plan.uploaded if there.get(path) == here[path]} == set(), "nothing is uploaded that is there"
    assert not set(plan.uploaded) & set(plan.removals)
    assert all(path in known for path in plan.removals)


@given(here=contents, there=contents)
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(here: dict[str, bytes], there: dict[str, bytes]) -> None:
    state = There(
        tokens={path: stored(content).token for path, content in here.items()},
        manifest=Manifest(files={path: stored(content) for path, content in here.items()}),
    )
    assert decide(prepared(here), state, {}, feeds=("",)).is_done
    assert doubtful([*here, *there], state) == ()


def test_a_claim_vouches_for_nothing_that_is_about_to_change() -> None:
    state = There(
        tokens={"a.html": "1", "b.html": "2"}, manifest=Manifest(files={"a.html": stored(b"a"), "b.html": stored(b"b")})
    )
    plan = decide(prepared({"a.html": b"new", "c.html": b"c"}), state, {}, feeds=())
    claim = plan.claim(Position(authority="x,2026", updated={}))
    assert claim.files == {}
    assert claim.claimed == ("a.html", "b.html", "c.html")


def test_a_manifest_is_read_back_as_it_was_written_and_a_damaged_one_is_none() -> None:
    position = Position(authority="x,2026", updated={"tag:1": NOW})
    headers = Headers(type="text/css", cache="no-cache", encoding="gzip")
    manifest = Manifest(
        files={"a": Stored(sha256="1", token='"2"', headers=headers)}, claimed=("b",), announce=("rss.xml",), coming=position
    )
    data = render_manifest(manifest)
    assert parse_manifest(data) == manifest
    assert [
        parse_manifest(damaged) for damaged in (None, b"", b"{}", b"[]", data[:-5], data.replace(b"feedgen", b"other"))
    ] == [None] * 6


def refusals(mine: Position, theirs: Position) -> list[str]:
    return list(find_refusals({}, mine, [theirs], There(tokens={}, manifest=None), {}))


def test_a_target_is_ahead_if_it_has_an_entry_more_or_a_later_update() -> None:
    mine = Position(authority="x,2026", updated={"1": NOW, "2": NOW})
    assert refusals(mine, mine) == []
    assert refusals(mine, Position(authority="x,2026", updated={"1": NOW})) == []
    assert refusals(mine, Position(authority="x,2026", updated={"1": NOW - timedelta(1)})) == []
    assert "1 entry" in refusals(mine, Position(authority="x,2026", updated={"1": NOW + timedelta(1)}))[0]
    assert "2 entries" in refusals(mine, Position(authority="x,2026", updated={"3": NOW, "4": NOW}))[0]
    assert "'y,2026'" in refusals(mine, Position(authority="y,2026", updated={}))[0]
