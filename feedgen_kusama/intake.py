"""The documents that a build has to know anew: what changed is parsed, what stands beside it is taken from the cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec

from feedgen_kusama.cache import Cache
from feedgen_kusama.executors import Workshop
from feedgen_kusama.jobs import ParseJob, parse
from feedgen_kusama.memory import Memory, Seen, changed_sources, digest, settled_editions
from feedgen_kusama.orders import Place
from feedgen_kusama.readings import Reading, make_reading
from feedgen_kusama.settings import encode_settings
from feedgen_kusama.sources import digest_source, read_source, unreadable_document

BATCH = 16
"""Documents in one job."""
MANY = 150
"""So many to be parsed are worth starting other processes."""


class Intake(msgspec.Struct, kw_only=True):
    """Reads documents below a folder, each once, through a cache."""

    place: Place
    digests: dict[str, str]
    """A digest of every document's bytes, by name; brought up to date where a document changes meanwhile."""
    cache: Cache
    shop: Workshop
    watch: Callable[[Sequence[str]], Iterable[str]]

    def key(self, name: str) -> str:
        """The key of a document in the cache."""
        return digest(self.place.base.encode(), name.encode("utf-8", "surrogateescape"), self.digests[name].encode())

    def read(self, names: Collection[str]) -> Taken:
        """The readings of documents."""
        by_key = {self.key(name): name for name in names}
        decoder = msgspec.msgpack.Decoder(Reading)
        readings = {by_key[key]: decoder.decode(data) for key, data in self.cache.readings(by_key)}
        missing = tuple(name for name in names if name not in readings)
        if missing:
            readings.update(self._parse(missing, decoder))
        return Taken(readings=readings, parsed=missing)

    def documents(self, names: Collection[str]) -> dict[str, bytes]:
        """Documents that were read, encoded, by name; those that the cache has lost are parsed again."""
        found = self._documents(names)
        lost = [name for name in names if name not in found]
        if lost:
            for _ in self._parse(lost, msgspec.msgpack.Decoder(Reading)):
                pass
            found |= self._documents(lost)
        return found

    def _documents(self, names: Collection[str]) -> dict[str, bytes]:
        by_key = {self.key(name): name for name in names}
        return {by_key[key]: data for key, data in self.cache.documents(by_key)}

    def months(self, keys: Mapping[str, str]) -> dict[str, bytes]:
        """The entries of whole months that were kept, encoded, by edition; `keys` are those of all that are wanted."""
        by_key = {key: edition for edition, key in keys.items()}
        return {by_key[key]: data for key, data in self.cache.months(by_key)}

    def _parse(self, names: Sequence[str], decoder: msgspec.msgpack.Decoder[Reading]) -> Iterator[tuple[str, Reading]]:
        """The readings of documents that the cache does not know; it does afterwards."""
        unreadable: dict[str, str] = {}
        sent: list[tuple[str, ...]] = []

        def jobs() -> Iterator[ParseJob]:
            settings, waiting = encode_settings(self.place.settings), iter(self.watch(names))
            while batch := tuple(islice(waiting, BATCH)):
                files = [read_source(self.place.source, name) for name in batch]
                self.digests.update((file.name, digest_source(file)) for file in files)
                unreadable.update((file.name, file.fault) for file in files if file.fault is not None)
                sound = [file for file in files if file.fault is None]
                sent.append(tuple(file.name for file in sound))
                yield ParseJob(settings=settings, sources=[(file.name, file.data) for file in sound])

        for number, results in enumerate(self.shop.run(parse, jobs(), is_much=len(names) >= MANY)):
            self.cache.put([(self.key(name), *result) for name, result in zip(sent[number], results, strict=True)])
            yield from ((name, decoder.decode(reading)) for name, (reading, _) in zip(sent[number], results, strict=True))
        yield from ((name, make_reading(unreadable_document(name, fault))) for name, fault in unreadable.items())


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Readings by name, and which documents were parsed for them; of the `settled` editions there are none."""

    readings: dict[str, Reading]
    parsed: tuple[str, ...]
    settled: frozenset[str] = frozenset()

    def seen(self, digests: Mapping[str, str], memory: Memory | None) -> dict[str, Seen]:
        """What is to be remembered of every document."""
        known = memory.sources if memory else {}
        return {name: _seen(self.readings[name], digests[name]) if name in self.readings else known[name] for name in digests}


def take_in(intake: Intake, memory: Memory | None) -> Taken:
    """The readings of all documents of which anything may have changed since the build that is remembered.

    Editions with nothing changed are settled, unless a document is at fault: then anything may hang together.
    """
    names = intake.digests.keys()
    changed = changed_sources(memory, intake.digests) if memory else frozenset(names)
    settled = settled_editions(memory, changed) if memory else frozenset()
    first = intake.read(sorted(changed & names))
    if all(reading.is_sound for reading in first.readings.values()):
        settled -= {str(reading.edition) for reading in first.readings.values()}
    else:
        settled = frozenset()
    known = memory.sources if memory else {}
    beside = intake.read(sorted(name for name in names - changed if known[name].edition not in settled))
    return Taken(readings=first.readings | beside.readings, parsed=first.parsed + beside.parsed, settled=settled)


def _seen(reading: Reading, digest_of_source: str) -> Seen:
    edition = str(reading.edition) if reading.edition else None
    return Seen(digest=digest_of_source, edition=edition, problems=reading.problems)
