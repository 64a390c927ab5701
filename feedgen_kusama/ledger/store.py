"""The ledger on disk: read, or rebuilt from the published Atom documents where it is missing or damaged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

import msgspec

from feedgen_kusama.errors import RefusedError
from feedgen_kusama.folders import consists_of, has_mark, opened, read_published
from feedgen_kusama.formats import atom
from feedgen_kusama.ledger import NAME
from feedgen_kusama.ledger.published import ReadbackError
from feedgen_kusama.ledger.readback import Readback, parse_xml, read_back, rebuild_ledger
from feedgen_kusama.ledger.records import Ledger, LedgerError, Record, newest_time, parse_authority, parse_ledger, parse_records
from feedgen_kusama.ledger.shelves import Anchors, Closed, Links, Shelf
from feedgen_kusama.memory import Part
from feedgen_kusama.model import EDITIONS, Problem

HEAD = 4_096
"""Bytes of a feed that tell when it was updated, and who made it."""
_UPDATED = re.compile(rb"<updated>([^<]{1,40})</updated>")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger as it was found, and what had to be done to have it."""

    ledger: Ledger
    problems: tuple[Problem, ...] = ()
    closed: Closed = msgspec.field(default_factory=Closed)
    """The editions of which the ledger is not told."""
    links: Links = msgspec.field(default_factory=dict)
    anchors: Anchors = msgspec.field(default_factory=dict)
    """What is known of relative addresses in the live stories of settled editions that it is told of."""

    @property
    def live(self) -> int:
        """How many stories were published."""
        told = sum(1 for record in self.ledger.records if record.retracted is None and record.topic != EDITIONS)
        return told + sum(shelf.live for shelf in self.closed.shelves.values())


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's file, which is as the last build left it."""

    file: BinaryIO
    header: int
    """How many bytes its first line is."""
    shelves: Mapping[str, Shelf]

    def find(self, settled: Collection[str]) -> Found:
        """What it says: settled editions in which nothing was retracted stay closed."""
        sizes = [shelf.lines.size for shelf in self.shelves.values()]
        starts = dict(zip(self.shelves, accumulate([self.header, *sizes]), strict=False))

        def lines(edition: str) -> bytes:
            self.file.seek(starts[edition])
            return self.file.read(self.shelves[edition].lines.size)

        self.file.seek(0)
        authority = parse_authority(self.file.read(self.header))
        closed = {e: shelf for e, shelf in self.shelves.items() if e in settled and not shelf.has_retracted}
        told = [edition for edition in self.shelves if edition not in closed]
        kept = [self.shelves[edition] for edition in told if edition in settled]
        links = {id: found for shelf in kept for id, (_, found) in shelf.links.items()}
        anchors = {id: found for shelf in kept for id, found in shelf.anchors.items()}
        records = tuple(record for edition in told for record in parse_records(lines(edition)))
        ledger = Ledger(authority=authority, records=records)
        return Found(ledger=ledger, closed=Closed(shelves=closed, lines=lines), links=links, anchors=anchors)


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger that had to be read whole."""

    found: Found

    def find(self, _: Collection[str]) -> Found:
        """What it says."""
        return self.found


@contextmanager
def open_ledger(
    output: Path, authority: str, parts: Sequence[Part], shelves: Mapping[str, Shelf] | None
) -> Iterator[Known | Unknown]:
    """The ledger in a folder of feeds, read as far as it is not as it was left: in these parts, a header and shelves.

    Raises RefusedError as `read_ledger` does."""
    with opened(output, NAME) as file:
        if file and shelves and consists_of(file, parts) and not _is_behind(output, Closed(shelves=shelves).newest):
            yield Known(file=file, header=parts[0].size, shelves=shelves)
        else:
            yield Unknown(found=read_ledger(output, authority))


def read_ledger(output: Path, authority: str) -> Found:
    """The ledger in a folder of feeds; an empty one, minted by `authority`, where nothing was published yet.

    Raises RefusedError where going on could lose an identity: the ledger is of an unknown version, or it is
    damaged and the published feeds cannot be read either.
    """
    data = read_published(output, NAME)
    fault: LedgerError | None = None
    if data is not None:
        try:
            return Found(ledger=_caught_up(output, parse_ledger(data)))
        except LedgerError as error:
            fault = error
            if error.is_newer:
                raise RefusedError(f"{output / NAME}:{error.line}: {error}") from None
    published = list(_published_atom(output))
    if fault is None and not published:
        return Found(ledger=Ledger(authority=authority, records=()))
    place = f"{output / NAME}:{fault.line}: {fault}" if fault else f"{output / NAME}: missing beside published feeds"
    ledger = rebuild_ledger(_read_back(published, place), authority, intact=fault.intact if fault else ())
    if fault and not ledger.records:
        raise RefusedError(f"{place}; no published feed is there to rebuild it from: restore {NAME} from your history")
    message = f"{fault or 'missing'}: rebuilt from the published feeds with {len(ledger.records)} entries"
    problem = Problem(path=NAME, line=fault.line if fault else None, message=message, severity="warning")
    return Found(ledger=ledger, problems=(problem,))


def _caught_up(output: Path, ledger: Ledger) -> Ledger:
    """The ledger with what was published after it was written: somebody put an old one beside new feeds, or a build was
    killed before it wrote its own. What readers have seen keeps its ids and times."""
    if not _is_behind(output, newest_time(ledger.records)):
        return ledger
    try:
        readback = read_back(list(_published_atom(output)))
    except ReadbackError:  # the ledger is whole, and worth more
        return ledger
    seen = {id: entry.updated for id, entry in readback.entries.items()}
    intact = [record for record in ledger.records if record.updated >= seen.get(record.id, record.updated)]
    return msgspec.structs.replace(rebuild_ledger(readback, ledger.authority, intact=intact), authority=ledger.authority)


def _is_behind(output: Path, newest: datetime | None) -> bool:
    """Whether the feed of everything was updated after all that a ledger knows of. It is replaced after all that it leads to
    and before the ledger."""
    with opened(output, atom.NAME) as file:
        head = file.read(HEAD) if file else b""
    found = _UPDATED.search(head)
    if found is None or not has_mark(atom.NAME, head):
        return False
    try:
        updated = datetime.fromisoformat(found[1].decode("ascii", "replace"))
    except ValueError:
        return False
    return newest is None or (updated.tzinfo is not None and updated > newest)


def _read_back(published: Sequence[tuple[str, bytes]], place: str) -> Readback:
    try:
        return read_back(published)
    except ReadbackError as error:
        raise RefusedError(f"{place}; and it cannot be rebuilt: {error}: restore {NAME} from your history") from None


def _published_atom(output: Path) -> Iterator[tuple[str, bytes]]:
    """The heads and the archives of the feeds of everything and of whole months, and the heads of topics."""
    for path in sorted(output.glob(f"*/{atom.NAME}")):
        folder = path.parent.name
        if folder != EDITIONS and not path.with_name(NAME).exists():  # or it is of a publication below this one
            data = read_published(output, f"{folder}/{atom.NAME}")
            if data is not None and not _is_foreign(path.name, data):
                yield f"{folder}/{atom.NAME}", data
    for feed in ("", f"{EDITIONS}/"):
        archives = sorted(path.name for path in (output / feed).glob("archive/*") if path.is_dir())
        for folder in (*(f"{feed}archive/{name}/" for name in archives), feed):
            data = read_published(output, folder + atom.NAME)
            if data is not None:
                yield folder + atom.NAME, data


def _is_foreign(path: str, data: bytes) -> bool:
    """Whether a whole document is none of this program's: one that is damaged may have been."""
    try:
        parse_xml(data, path)
    except ReadbackError:
        return False
    return not has_mark(path, data)


def _place(record: Record) -> str:
    """What its id says within the publication: `2024-11/slug`, `editions/2024-11`."""
    return record.id.rpartition(":")[2]


def find_records(ledger: Ledger, which: str | None) -> tuple[Record, ...]:
    """The records of an edition, or of the entry with this id, slug or these words in its title; all without `which`."""
    ordered = sorted(ledger.records, key=lambda record: (record.edition, record.position, record.slug))
    if which is None:
        return tuple(ordered)
    wanted = which.casefold()
    exact = [r for r in ordered if wanted in (r.edition, r.id.casefold(), r.slug, _place(r))]
    return tuple(exact or [r for r in ordered if wanted in r.title.casefold()])
