"""What can be done anywhere: documents parsed and files made from nothing but the arguments. Pure, and picklable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from feedgen_kusama.check.findings import Finding
from feedgen_kusama.documents import Reader
from feedgen_kusama.formats import FORMATS, opml
from feedgen_kusama.readings import make_reading
from feedgen_kusama.settings import decode_settings
from feedgen_kusama.works import Entries, Maker, Months, Stock, encode_document

FEEDS = frozenset({*FORMATS, opml.NAME})
"""How the files are called that feed readers read."""


@lru_cache(maxsize=1)
def _reader(settings: bytes) -> Reader:
    return Reader(decode_settings(settings))


class ParseJob(msgspec.Struct, frozen=True, kw_only=True):
    """Documents to be read: each its name and its bytes."""

    settings: bytes
    sources: Sequence[tuple[str, bytes]]


def parse(job: ParseJob) -> list[tuple[bytes, bytes]]:
    """Each document's reading and itself, encoded."""
    reader = _reader(job.settings)
    documents = (reader.parse(data, name) for name, data in job.sources)
    return [(msgspec.msgpack.encode(make_reading(document)), encode_document(document)) for document in documents]


class MakeJob(msgspec.Struct, frozen=True, kw_only=True):
    """What makes files, with what they are made of."""

    makers: Sequence[Maker]
    stock: Stock
    now: datetime
    months: frozenset[str] = frozenset()
    """The editions of which the entry of the whole month is worth keeping."""
    fresh: frozenset[str] | None = None
    """The ids of the entries that the last build did not find sound as they are; None where that may be all."""


class MakeResult(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were made, and what in them would break for their readers."""

    files: Sequence[tuple[str, bytes]]
    faults: Sequence[Finding]
    months: Months
    """The entries of whole months that were to be kept."""


def make(job: MakeJob) -> MakeResult:
    """The files of the works."""
    entries = Entries(job.stock, job.months)
    files = [(path, content) for make_files in job.makers for path, content in make_files(entries)]
    from feedgen_kusama.check import find_faults  # reads what was written with other libraries

    feeds = ((path, content) for path, content in files if path.rpartition("/")[2] in FEEDS)
    faults = list(find_faults(feeds, job.now, job.fresh))
    return MakeResult(files=files, faults=faults, months=entries.months)
