"""Rules for the headers of answers, and for what they promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from feedgen_kusama.check.fetch import MEDIA
from feedgen_kusama.check.parsed import path_below
from feedgen_kusama.doctor.announced import PAGES
from feedgen_kusama.doctor.findings import Fault, Faults
from feedgen_kusama.doctor.observed import EMBEDDED, ORIGIN, Observations
from feedgen_kusama.web.answers import TOO_MANY, Answer, Failure

SCRIPT = frozenset({"text/javascript", "application/javascript"})
NAMED: Mapping[str, frozenset[str]] = {"embed.js": SCRIPT, "fragment.html": PAGES}
"""The media types of what is no feed, by name."""
SMALLEST = 1_400
"""Bytes that fit into one packet: compressing less saves nothing."""
ANSWERED = (304, TOO_MANY)
"""What may be answered for what has not changed."""
COMPARED = ("Content-Type", "Last-Modified")


def wrong_media(seen: Observations, _now: datetime) -> Faults:
    """Readers take a feed, and browsers a script, only by its media type."""
    for address, answer in seen.served():
        wanted = _wanted(seen, address)
        if wanted and answer.media not in wanted:
            yield Fault(
                address, f"served as {answer.media or 'nothing'}; readers and browsers want {', '.join(sorted(wanted))}"
            )


def _wanted(seen: Observations, address: str) -> frozenset[str]:
    path = path_below(address, seen.site) or ""
    if path in NAMED:
        return NAMED[path]
    if address in seen.linked:
        return PAGES
    document = seen.documents.get(path)
    return MEDIA.get(document.format, frozenset()) if document else frozenset()


def wrong_charset(seen: Observations, _now: datetime) -> Faults:
    """A charset in the media type outweighs what the document says (RFC 7303, section 3), which is UTF-8."""
    for address, answer in seen.served():
        if answer.charset not in ("", "utf-8", "utf8"):
            yield Fault(address, f"said to be {answer.charset}, but it is utf-8")


def missing_cors(seen: Observations, _now: datetime) -> Faults:
    """Pages of other sites may read what is there to be embedded."""
    for name in EMBEDDED:
        probe = seen.probes.get(seen.site + name)
        if probe and isinstance(probe.plain, Answer):
            allowed = probe.plain.header("Access-Control-Allow-Origin")
            if allowed not in ("*", ORIGIN):
                said = f"allows {allowed} alone" if allowed else "does not allow pages of other sites to read it"
                yield Fault(seen.site + name, f"{said}: Access-Control-Allow-Origin: *")


def missing_validator(seen: Observations, _now: datetime) -> Faults:
    """A reader asks whether a feed has changed by what it was told of its state (RFC 9110, section 8.8)."""
    for path in seen.documents:
        answer = seen.trips[seen.site + path].answer
        if answer and not answer.header("ETag") and not answer.header("Last-Modified"):
            yield Fault(seen.site + path, "neither ETag nor Last-Modified: it is loaded whole again and again")


def ignored_condition(seen: Observations, _now: datetime) -> Faults:
    """What has not changed is answered with 304 and nothing else (RFC 9110, section 15.4.5)."""
    for address, probe in seen.probes.items():
        if (
            isinstance(probe.again, Answer)
            and probe.again.status not in ANSWERED
            and not _has_changed(probe.first, probe.again)
        ):
            yield Fault(address, f"has not changed, but is answered with {probe.again.status} and not with 304")


def missing_compression(seen: Observations, _now: datetime) -> Faults:
    """Feeds shrink to a fifth."""
    for address, probe in seen.probes.items():
        if len(probe.first.body) > SMALLEST and probe.first.sent >= len(probe.first.body):
            yield Fault(address, "sent uncompressed to readers that take gzip")


def wrong_compression(seen: Observations, _now: datetime) -> Faults:
    """Compressed or not, it is the same, and comes as it was asked for."""
    for address, trip in seen.trips.items():
        if isinstance(trip.end, Failure) and trip.end.kind == "coding":
            yield Fault(address, trip.end.reason)
    for address, probe in seen.probes.items():
        plain = probe.plain
        if isinstance(plain, Failure) and plain.kind == "coding":
            yield Fault(address, plain.reason)
        elif isinstance(plain, Answer) and not _has_changed(probe.first, plain):
            yield from (Fault(address, message) for message in _differences(probe.first, plain))


def _differences(first: Answer, plain: Answer) -> Iterator[str]:
    if plain.status == 200 and plain.body != first.body:
        yield "is another document when it is asked for uncompressed"
    elif _is_coded(plain):
        yield f"sent as {plain.header('Content-Encoding')} to readers that take it uncompressed alone"


def different_head(seen: Observations, _now: datetime) -> Faults:
    """HEAD tells what GET would (RFC 9110, section 9.3.2); hubs and link checkers ask so."""
    for address, probe in seen.probes.items():
        head, plain = probe.head, probe.plain
        if isinstance(head, Failure):
            if head.kind != "budget":
                yield Fault(address, f"HEAD: {head.reason}")
        elif head.status != probe.first.status:
            yield Fault(address, f"HEAD is answered with {head.status}, GET with {probe.first.status}")
        elif isinstance(plain, Answer) and (differing := _differing(head, plain)):
            yield Fault(address, f"HEAD and GET differ in {', '.join(differing)}")


def _differing(head: Answer, plain: Answer) -> list[str]:
    names = [name for name in COMPARED if head.header(name) != plain.header(name)]
    if _tag(head) != _tag(plain):
        names.append("ETag")
    length = head.header("Content-Length")
    if length and not _is_coded(head) and not _is_coded(plain) and length != str(plain.sent):
        names.append("Content-Length")
    return names


def _is_coded(answer: Answer) -> bool:
    return answer.header("Content-Encoding") not in ("", "identity")


def _tag(answer: Answer) -> str:
    """An ETag without what hosts add to it when they compress."""
    return answer.header("ETag").removeprefix("W/").strip('"').removesuffix("-gzip").removesuffix("-br")


def _has_changed(first: Answer, later: Answer) -> bool:
    """Whether a document was replaced between two requests."""
    before, after = first.header("Last-Modified"), later.header("Last-Modified")
    return bool(before and after) and before != after
