"""Records: one line of JSON for every entry ever published, sorted, so that a diff shows what a build decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from feedgen_kusama.model import EDITIONS, Edition
from feedgen_kusama.words import split_words

NAME = "feedgen-kusama"
VERSION = 1
DIGEST_VERSION = 1
"""Goes up when `digest_words` counts other words: then old digests are recomputed, not compared."""


Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""An aware time."""


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is kept of an entry. Never deleted; an entry that is gone has a time of retraction."""

    edition: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    slug: str
    id: str
    title: str
    topic: str
    published: Moment
    updated: Moment
    digest: str
    source: str
    position: int
    text: str
    """The body's words as last published, from which likeness and changes are told."""
    look: str = ""
    """A digest of what is refreshed without a word: mark-up, author, role."""
    retracted: Moment | None = None

    @property
    def month(self) -> Edition:
        year, month = self.edition.split("-")
        return Edition(int(year), int(month))

    @property
    def is_forgotten(self) -> bool:
        """Whether only a tombstone tells of it: when it was published is not known any more."""
        return self.retracted is not None and not self.digest and self.published == self.retracted


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """All records, and the authority that minted the ids (RFC 4151): fixed by the first build."""

    authority: str
    records: tuple[Record, ...]


class LedgerError(Exception):
    """A ledger that cannot be read as it is: `line` is where, `intact` the records on its other lines."""

    def __init__(self, line: int, message: str, *, intact: tuple[Record, ...] = (), is_newer: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.intact = intact
        self.is_newer = is_newer


class _Version(msgspec.Struct, frozen=True, kw_only=True):
    ledger: str = NAME
    version: int


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    ledger: str
    version: int
    authority: str
    entries: int
    """How many lines follow: a ledger that was cut off is damaged."""


def digest_words(title: str, text: str) -> str:
    """A digest of an entry's words alone: mark-up, punctuation, white space and letter case do not count."""
    words = "\n".join((" ".join(split_words(title)), " ".join(split_words(text))))
    return _digest(words)


def _digest(words: str) -> str:
    return f"{DIGEST_VERSION}:{hashlib.sha256(words.encode()).hexdigest()[:32]}"


def digest_stories(digests: Iterable[str]) -> str:
    """The digest of a month by those of its stories, whatever their order: that of the words that they are."""
    words = " ".join(sorted(digests)).replace(":", " ")
    return _digest("\n" + words)


def digest_look(*parts: str | None) -> str:
    """A digest of what may change without the words changing."""
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:16]


def parse_ledger(data: bytes) -> Ledger:
    """The ledger in a file's bytes. Where two were merged line by line there may be a second header, more entries than
    either tells of, and two lines of one: that updated last counts. Raises LedgerError with the first line that is damaged
    or unknown."""
    first, *lines = data.split(b"\n")
    faults: list[tuple[int, str]] = []
    header: _Header | None = None
    try:
        header = _parse_header(first)
    except ValueError as error:
        faults.append((1, str(error)))
    records: dict[str, Record] = {}
    for number, line in enumerate(lines, 2):
        if line.strip() and not line.startswith(_HEADER):
            try:
                record = _parse_record(line)
            except ValueError as error:  # msgspec's errors are such
                faults.append((number, f"damaged: {error}"))
            else:
                records[record.id] = max(records.get(record.id, record), record, key=lambda found: found.updated)
    if header and not faults and header.entries > len(records):
        faults.append((1, f"damaged: {header.entries} entries are told of and {len(records)} are there"))
    if faults or header is None:
        raise LedgerError(*faults[0], intact=tuple(records.values()))
    return Ledger(authority=header.authority, records=tuple(records.values()))


def parse_authority(line: bytes) -> str:
    """Who minted the ids, as a sound ledger's first line tells."""
    return msgspec.json.decode(line, type=_Header).authority


def _parse_header(line: bytes) -> _Header:
    try:
        version = msgspec.json.decode(line, type=_Version)
        if version.version == VERSION and version.ledger == NAME:
            return msgspec.json.decode(line, type=_Header)
    except (msgspec.DecodeError, msgspec.ValidationError):
        raise ValueError("damaged: it does not say which ledger this is") from None
    if version.ledger != NAME:
        raise ValueError(f"damaged: it is a ledger of {version.ledger!r}")
    message = f"version {version.version} of the ledger is unknown here: use the program that wrote it or a newer one"
    raise LedgerError(1, message, is_newer=True)


_HEADER = b'{"ledger":'
"""How the first line begins, and no other."""
_DECODER = msgspec.json.Decoder(Record)
_ENCODER = msgspec.json.Encoder()


def _parse_record(line: bytes) -> Record:
    record = _DECODER.decode(line)
    if (record.topic == EDITIONS) != record.id.endswith(f":{EDITIONS}/{record.edition}"):
        raise ValueError(f"the id {record.id} is none of its edition and topic")
    return record


def render_header(authority: str, entries: int) -> bytes:
    """The ledger's first line."""
    return _ENCODER.encode_lines([_Header(ledger=NAME, version=VERSION, authority=authority, entries=entries)])


def render_records(records: Iterable[Record]) -> bytes:
    """The lines of records, in their order."""
    return _ENCODER.encode_lines(sorted(records, key=lambda record: (record.edition, record.slug, record.id)))


def parse_records(lines: bytes) -> list[Record]:
    """The records on lines that this program wrote."""
    return _DECODER.decode_lines(lines)


def reading_order(record: Record) -> tuple[str, str, int]:
    """Where an entry stands among all: by edition, document and place."""
    return record.edition, record.source, record.position


def newest_time(records: Iterable[Record]) -> datetime | None:
    """The latest instant that the records prove to have passed."""
    return max((max(r.published, r.updated) for r in records), default=None)
