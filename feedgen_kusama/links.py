"""Where links between documents lead: to the entry or edition that they mean. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from feedgen_kusama.ledger.library import Library
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.ledger.shelves import Anchors, Links
from feedgen_kusama.model import EDITION_PATH
from feedgen_kusama.settings import Settings

Resolved = Mapping[str, Mapping[str, str]]
"""Where an entry's links between documents lead, by the entry's id and the address as written."""


def find_links(placed: Sequence[Placed], live: Sequence[Record]) -> Links:
    """The relative addresses of the entries that have any, by id."""
    linked = {(draft.source, draft.position): draft.links for draft in placed if draft.links}
    if not linked:
        return {}
    return {record.id: linked[place] for record in live if (place := (record.source, record.position)) in linked}


def find_anchors(settings: Settings, links: Links, live: Sequence[Record]) -> tuple[Links, Anchors]:
    """Where those relative addresses lead that mean a story of the same document, and the others."""
    linked = [record for record in live if record.id in links]
    editions: dict[str, list[Record]] = {record.edition: [] for record in linked}
    for record in live:
        if record.edition in editions:
            editions[record.edition].append(record)
    targets = Targets(settings, {record.source: record.edition for record in linked}, editions.__getitem__)
    others: dict[str, tuple[str, ...]] = {}
    anchors: dict[str, dict[str, str]] = {}
    for record in linked:
        mine = [address for address in links[record.id] if find_document(record.source, address) == record.source]
        others[record.id] = tuple(address for address in links[record.id] if address not in mine)
        anchors[record.id] = {a: target for a in mine if (target := targets.resolve(record.source, a))}
    return others, {id: found for id, found in anchors.items() if found}


def resolve_links(settings: Settings, library: Library) -> Resolved:
    """Where relative addresses lead that mean another entry or edition, by the entry's id."""
    editions = {source: edition for edition, shelf in library.shelves.items() for source in shelf.sources}
    targets = Targets(settings, editions, library.stories)
    found: dict[str, dict[str, str]] = {}
    for shelf in library.shelves.values():
        found.update(shelf.anchors)
        for id, (source, addresses) in shelf.links.items():
            resolved = {address: target for address in addresses if (target := targets.resolve(source, address))}
            if resolved:
                found[id] = found.get(id, {}) | resolved
    return found


class Targets:
    """Where links between documents lead: to the entry or edition that they mean."""

    def __init__(self, settings: Settings, editions: Mapping[str, str], stories: Callable[[str], Iterable[Record]]) -> None:
        """`editions` are those of the documents, by source; `stories` tells an edition's entries."""
        self._settings = settings
        self._editions = editions
        self._stories = stories
        self._entries: dict[str, Mapping[str, str]] = {}

    def resolve(self, source: str, address: str) -> str | None:
        """The permanent link of what a relative address in a document means: `#heading`, `other.md`,
        `other.md#heading`; None where it means neither."""
        name = find_document(source, address)
        if name not in self._editions:
            return None
        path, _, fragment = unquote(address).partition("#")
        if fragment:
            found = self._entries_of(name).get(_key(fragment))
            if found or not path:
                return found
        return page_address(self._settings, self._editions[name]) if path else None

    def _entries_of(self, source: str) -> Mapping[str, str]:
        """The permanent links of a document's entries by what links may call them."""
        if source not in self._entries:
            edition = self._editions[source]
            found: dict[str, str] = {}
            for record in self._stories(edition):
                if record.source == source:
                    for name in (record.title, record.slug):
                        found.setdefault(_key(name), f"{page_address(self._settings, edition)}#{record.slug}")
            self._entries[source] = found
        return self._entries[source]


def find_document(source: str, address: str) -> str:
    """The name of the document that a relative address in a document would mean."""
    path = unquote(address).partition("#")[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source


def _key(text: str) -> str:
    """A heading or fragment in a form in which every way of making anchors agrees: letters and digits alone."""
    return re.sub(r"[\W_]+", "", text.casefold())


def page_address(settings: Settings, edition: str) -> str:
    """The absolute address of an edition's page."""
    return settings.url + EDITION_PATH.format(edition)
