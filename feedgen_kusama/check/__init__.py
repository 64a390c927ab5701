"""The check: published feeds are read back and judged, one document at a time and all together. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from feedgen_kusama.check.findings import Finding
from feedgen_kusama.check.parse import parse_published
from feedgen_kusama.check.parsed import Parsed, path_below
from feedgen_kusama.check.relations import RELATIONS, Publication
from feedgen_kusama.check.rules import RULES
from feedgen_kusama.ledger.published import ReadbackError
from feedgen_kusama.model import Severity

__all__ = ["JUDGED", "SUFFIXES", "Finding", "check_files"]

SUFFIXES = (".xml", ".json", ".opml", ".rss", ".atom")
"""How the names of documents end."""
PAGES = ".html"
JUDGED = (*SUFFIXES, PAGES)
"""How the names of all files end that are looked into."""
Files = Mapping[str, bytes]


def check_files(files: Files, now: datetime, *, site: str | None = None) -> list[Finding]:
    """What is wrong with a site's files, by path, sorted by path; none where all is well.

    `site` is the address they are served at; without it, the one that most of them name.
    """
    wanted = [path for path in sorted(files) if path.endswith(SUFFIXES)]
    documents: dict[str, Parsed] = {}
    found: list[Finding] = []
    for path in wanted:
        try:
            if parsed := parse_published(path, files[path]):
                documents[path] = parsed
        except ReadbackError as error:
            message = f"{str(error).removeprefix(f'{path}: ')}: build again"
            found.append(Finding(path=path, entry=None, rule="readable", message=message, severity="error"))
    said = _site(documents, site)
    if site is not None and said != site:
        message = f"its documents say that it is {said}: build with this address as `url`"
        found.append(Finding(path="", entry=None, rule="site", message=message, severity="error"))
    documents = {path: document for path, document in documents.items() if not _is_alias(document, said, files)}
    found += _judge(documents.values(), now)
    pages = {path: data for path, data in files.items() if path.endswith(PAGES)}
    found += _relate(Publication(site=said, paths=files.keys(), documents=documents, pages=pages))
    return sorted(found, key=lambda finding: finding.path)


def find_faults(files: Iterable[tuple[str, bytes]], now: datetime, fresh: Collection[str] | None = None) -> Iterator[Finding]:
    """What in documents, each judged alone, breaks for their readers. An entry reads the same in all of one format, and is
    looked into in the first; of all entries only those with `fresh` ids, if they are named."""
    sound: dict[str, set[str]] = defaultdict(set)
    for path, data in files:
        done = sound[path.rpartition("/")[2]]
        try:
            parsed = parse_published(path, data, partial(_is_to_judge, done, fresh))
        except ReadbackError as error:
            yield Finding(path=path, entry=None, rule="readable", message=str(error), severity="error")
            continue
        found = list(_judge([parsed], now, severity="error")) if parsed else []
        yield from found
        if parsed and not found:
            done.update(parsed.ids)


def _is_to_judge(done: Collection[str], fresh: Collection[str] | None, id: str) -> bool:
    return not id or (id not in done and (fresh is None or id in fresh))


def _judge(documents: Collection[Parsed], now: datetime, *, severity: Severity | None = None) -> Iterator[Finding]:
    rules = [rule for rule in RULES if severity in (None, rule.severity)]
    for document in documents:
        for rule in rules:
            for entry, message in rule.find(document, now):
                yield Finding(path=document.path, entry=entry, rule=rule.name, message=message, severity=rule.severity)


def _relate(publication: Publication) -> Iterator[Finding]:
    for relation in RELATIONS:
        for path, entry, message in relation.find(publication):
            yield Finding(path=path, entry=entry, rule=relation.name, message=message, severity=relation.severity)


def _site(documents: Mapping[str, Parsed], site: str | None) -> str:
    """The address that most documents name as their site's."""
    named = Counter(
        said.removesuffix(path) for path, document in documents.items() if (said := document.link("self")).endswith(f"/{path}")
    )
    return max(named, key=lambda address: (named[address], address == site)) if named else site or ""


def _is_alias(document: Parsed, site: str, files: Files) -> bool:
    """Whether a document stands at a former address: the same, byte by byte, is where it says that it is."""
    path = path_below(document.link("self"), site)
    return path is not None and path != document.path and files.get(path) == files[document.path]
