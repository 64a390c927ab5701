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
from feedgen_kusama.works import Entries, Stock, Work, encode_document

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
    """Works to be done, with what they need."""

    works: Sequence[Work]
    stock: Stock
    now: datetime


class MakeResult(msgspec.Struct, frozen=True, kw_only=True):
    """Files that were made, and what in them would break for their readers."""

    files: Sequence[tuple[str, bytes]]
    faults: Sequence[Finding]


def make(job: MakeJob) -> MakeResult:
    """The files of the works."""
    entries = Entries(job.stock)
    files = [(path, content) for work in job.works for path, content in work.make(entries)]
    from feedgen_kusama.check import find_faults  # reads what was written with other libraries

    feeds = ((path, content) for path, content in files if path.rpartition("/")[2] in FEEDS)
    return MakeResult(files=files, faults=[fault for path, content in feeds for fault in find_faults(path, content, job.now)])
