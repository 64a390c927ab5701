"""The edge: a live publication is asked for, and what it answers is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from feedgen_kusama.check import SUFFIXES
from feedgen_kusama.check.fetch import ABSENT, NothingToCheckError, crawl_site
from feedgen_kusama.check.parse import parse_readable
from feedgen_kusama.check.parsed import Parsed, folder_of, path_below
from feedgen_kusama.doctor import probing
from feedgen_kusama.doctor.announced import PAGES, find_announced
from feedgen_kusama.doctor.observed import EMBEDDED, Observations, Page
from feedgen_kusama.formats import FORMATS
from feedgen_kusama.web.answers import Answer, Failure, Trip
from feedgen_kusama.web.client import Client, Limits
from feedgen_kusama.web.places import parse_place
from feedgen_kusama.web.resolve import Lookup, look_up

MOST_PAGES = 60
"""Pages of one site that are read."""
MOST_ELSEWHERE = 20
"""Announced feeds of other sites that are asked for."""
Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """A visit in progress: every address is followed once."""

    client: Client
    watch: Watch
    trips: dict[str, Trip] = field(default_factory=dict)

    def follow(self, address: str) -> Trip:
        if address not in self.trips:
            self.watch(address)
            self.trips[address] = self.client.follow(address)
        return self.trips[address]


def observe(
    url: str, *, watch: Watch = lambda _address: None, look_up: Lookup = look_up, limits: Limits | None = None
) -> Observations:
    """What is seen of the publication at the address of its site, of a page, or of a feed.

    `watch` is told every address that is asked for. Raises NothingToCheckError where there is no feed.
    """
    try:
        place = parse_place(url)
    except ValueError as error:
        raise NothingToCheckError(f"{url}: no address of a site ({error}): begin it with https://") from None
    client = Client(named={place.host}, limits=limits or Limits(), is_indulgent=True, look_up=look_up)
    try:
        return _observe(place.origin + place.target, _Visit(client=client, watch=watch))
    finally:
        client.close()


def _observe(url: str, visit: _Visit) -> Observations:
    start = visit.follow(url)
    if isinstance(start.end, Failure) and start.end.kind == "name" and not start.redirects:
        raise NothingToCheckError(f"{url}: {start.end.reason}")
    here = start.answer.address if start.answer else url
    visit.trips.setdefault(here, Trip(asked=here, redirects=(), end=start.end))
    is_feed = here.endswith(SUFFIXES) or bool(start.answer and _is_feed(here, start.answer))
    site = folder_of(here) if is_feed else _find_site(here, start.answer)
    files = dict(_crawl(here if is_feed else site, visit, is_feed=is_feed))
    documents = {path: document for path, data in files.items() if (document := parse_readable(path, data))}
    linked = frozenset(_linked(documents.values(), parse_place(here).origin + "/"))
    pages = tuple(_read_pages(([] if is_feed else [here]) + sorted(linked), visit))
    for address in _first_of_others([found.address for page in pages for found in page.announced], site):
        visit.follow(address)
    keys = [here] if is_feed else [here, *(site + name for name in dict.fromkeys((*FORMATS, *EMBEDDED)))]
    probes = {key: probing.probe(answer, visit.client) for key in keys if (answer := visit.follow(key).answer)}
    certificates = tuple(visit.client.certificates.values())
    first = next((answer.address for path in documents if (answer := visit.trips[site + path].answer)), here)
    return Observations(
        asked=url,
        site=site,
        trips=dict(visit.trips),
        files=files | dict(_page_files(linked, site, visit.trips)),
        documents=documents,
        linked=linked,
        pages=pages,
        probes=probes,
        readers=probing.ask_as_readers(first, visit.client),
        robots=probing.read_robots(first, visit.client),
        other=probing.follow_other(first, visit.client),
        certificates=certificates,
        requests=visit.client.asked,
    )


def _is_feed(address: str, answer: Answer) -> bool:
    document = parse_readable(address, answer.body)
    return document is not None and document.is_feed


def _find_site(here: str, answer: Answer | None) -> str:
    """The address of the site that an address belongs to: the uppermost folder above it with a feed that it announces."""
    here = here.partition("?")[0]
    if answer is None and not here.endswith(".html"):
        return here.rstrip("/") + "/"
    announced = find_announced(answer.body, here) if answer and answer.media in PAGES else ()
    folders = (folder_of(found.address) for found in announced)
    return min((folder for folder in folders if here.startswith(folder)), key=len, default=folder_of(here))


def _crawl(address: str, visit: _Visit, *, is_feed: bool) -> Mapping[str, bytes]:
    """The documents there; none where what keeps readers from them is a finding."""
    try:
        return crawl_site(address, visit.follow, is_document=is_feed).files
    except NothingToCheckError:
        if any(map(_is_telling, visit.trips.values())):
            return {}
        raise


def _is_telling(trip: Trip) -> bool:
    """Whether a host answered and yet did not give what was asked for."""
    return trip.end.status not in (200, *ABSENT) if isinstance(trip.end, Answer) else bool(trip.redirects)


def _linked(documents: Iterable[Parsed], origin: str) -> Iterator[str]:
    """The pages on this server that feeds and their entries lead to."""
    for document in documents:
        if document.is_feed and not document.is_archive:
            links = [document.link("alternate"), *(entry.link for entry in document.entries)]
            yield from (page for link in links if (page := link.partition("#")[0]).startswith(origin))


def _read_pages(addresses: Iterable[str], visit: _Visit) -> Iterator[Page]:
    for address in list(dict.fromkeys(addresses))[:MOST_PAGES]:
        answer = visit.follow(address).answer
        if answer and answer.media in PAGES:
            yield Page(address=address, announced=find_announced(answer.body, answer.address))


def _first_of_others(announced: Iterable[str], site: str) -> list[str]:
    """All that are the site's own, and so many of others."""
    addresses = list(dict.fromkeys(announced))
    own = [address for address in addresses if address.startswith(site)]
    return own + [address for address in addresses if not address.startswith(site)][:MOST_ELSEWHERE]


def _page_files(linked: Iterable[str], site: str, trips: Mapping[str, Trip]) -> Iterator[tuple[str, bytes]]:
    for address in linked:
        path, trip = path_below(address, site), trips.get(address)
        if path and trip and trip.answer:
            yield path, trip.answer.body
