"""What a publication does: what is here, what is there, in; uploads in order, removals or a refusal out. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from feedgen_kusama.formats import FORMATS
from feedgen_kusama.publish.manifest import Manifest, Position, Stored
from feedgen_kusama.publish.prepare import Prepared
from feedgen_kusama.stages import stages

MOST_NAMED = 3
"""Entries or files that a refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file in the target that was read, since the manifest does not vouch for it."""

    stored: Stored
    has_mark: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """What a target holds: the token of each file by path, and what the manifest says."""

    tokens: Mapping[str, str]
    manifest: Manifest | None

    @property
    def own(self) -> frozenset[str]:
        return self.manifest.own if self.manifest else frozenset()

    def vouched(self) -> Mapping[str, Stored]:
        """The files that are as the manifest says: it is believed where the target lists the same token."""
        files = self.manifest.files if self.manifest else {}
        return {path: stored for path, stored in files.items() if self.tokens.get(path) == stored.token}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done. `uploads` are stages, each to be finished before the next; removals come last."""

    uploads: tuple[tuple[str, ...], ...]
    removals: tuple[str, ...]
    kept: Mapping[str, Stored]
    """The files that are there already."""
    announce: tuple[str, ...]
    """The feeds of which the hub is to be told."""
    manifest: Manifest | None
    """The manifest that was found."""

    @property
    def uploaded(self) -> tuple[str, ...]:
        return tuple(path for stage in self.uploads for path in stage)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do, and the manifest says so too."""
        return self.manifest == Manifest(files=self.kept) and not (self.uploads or self.removals or self.announce)

    def claim(self, coming: Position) -> Manifest:
        """The manifest before the first upload."""
        old = self.manifest.own if self.manifest else frozenset()
        claimed = tuple(sorted({*old, *self.uploaded, *self.removals} - set(self.kept)))
        return Manifest(files=self.kept, claimed=claimed, announce=self.announce, coming=coming)


def doubtful(files: Collection[str], there: There) -> tuple[str, ...]:
    """The paths in the target that must be read before anything can be decided."""
    vouched = there.vouched()
    return tuple(sorted(path for path in there.tokens if path not in vouched and (path in files or path in there.own)))


def decide(files: Mapping[str, Prepared], there: There, seen: Mapping[str, Seen], *, feeds: Collection[str]) -> Plan:
    """The plan. `seen` are the doubtful files; `feeds` the folders of the feeds that a hub knows, none without a hub."""
    held = {**there.vouched(), **{path: found.stored for path, found in seen.items()}}
    kept = {path: held[path] for path in sorted(files) if path in held and _is_same(files[path], held[path])}
    uploads = stages(path for path in files if path not in kept)
    removable = {path for path in held if path not in seen or seen[path].has_mark}
    waiting = there.manifest.announce if there.manifest else ()
    changed = [path for stage in uploads for path in stage]
    return Plan(
        uploads=uploads,
        removals=tuple(sorted(removable & there.own - files.keys())),
        kept=kept,
        announce=heads({*changed, *(path for path in waiting if path in files)}, feeds),
        manifest=there.manifest,
    )


def _is_same(here: Prepared, there: Stored) -> bool:
    return (here.digest, here.headers) == (there.sha256, there.headers)


def find_refusals(
    files: Mapping[str, Prepared], mine: Position, theirs: Collection[Position], there: There, seen: Mapping[str, Seen]
) -> Iterator[str]:
    """Why nothing may be published: another publication's target, one that is ahead, files of others in the way."""
    for position in theirs:
        if position.authority != mine.authority:
            yield f"holds the publication of {position.authority!r}, and this is {mine.authority!r}: choose another target"
            return
        if ahead := _ahead(mine, position):
            named = ", ".join(ahead[:MOST_NAMED]) + (", …" if len(ahead) > MOST_NAMED else "")
            entries = "1 entry" if len(ahead) == 1 else f"{len(ahead)} entries"
            yield (
                f"is ahead: {entries} there missing or older here ({named}): bring ledger.jsonl up to date from "
                "whoever published last, build, then publish"
            )
            return
    foreign = [
        p for p in seen if p in files and p not in there.own and not seen[p].has_mark and not _matches(files[p], seen[p])
    ]
    if foreign:
        named = ", ".join(foreign[:MOST_NAMED]) + (", …" if len(foreign) > MOST_NAMED else "")
        yield f"files not made by feedgen-kusama stand in the way ({named}): move them away or choose another target"


def _matches(here: Prepared, seen: Seen) -> bool:
    return here.digest == seen.stored.sha256


def _ahead(mine: Position, theirs: Position) -> tuple[str, ...]:
    """The ids of entries that a ledger has and mine lacks or has as they were earlier."""
    known = mine.updated
    return tuple(id for id, updated in sorted(theirs.updated.items()) if id not in known or known[id] < updated)


def heads(paths: Iterable[str], folders: Collection[str]) -> tuple[str, ...]:
    """The heads of the feeds in these folders (each ends in a slash, the site's own is empty) among the paths."""
    wanted = {folder + name for folder in folders for name in FORMATS}
    return tuple(sorted(path for path in paths if path in wanted))
