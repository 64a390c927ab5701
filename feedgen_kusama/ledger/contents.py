"""What is published of documents at fault, read back from wherever it still stands: their entries stay as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from feedgen_kusama.errors import RefusedError
from feedgen_kusama.folders import read_published
from feedgen_kusama.formats import json_feed
from feedgen_kusama.ledger.published import Published, ReadbackError
from feedgen_kusama.ledger.readback_json import read_back_json
from feedgen_kusama.ledger.readback_page import read_back_page
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import EDITION_PATH, EDITIONS


def read_contents(output: Path, records: Sequence[Record], held: Collection[str], site: str) -> Mapping[str, Published]:
    """What is published under the ids of records whose documents cannot be read now, from the archives;
    where there are none, from the heads and pages of the `site`."""
    wanted = {r.id: r for r in records if r.source in held and r.retracted is None and r.topic != EDITIONS}
    found: dict[str, Published] = {}
    damaged: list[str] = []
    places = (f"archive/*/{json_feed.NAME}", json_feed.NAME, f"*/{json_feed.NAME}")
    for path in (path for place in places for path in sorted(output.glob(place))):
        if wanted.keys() <= found.keys():
            return found
        name = path.relative_to(output).as_posix()
        try:
            found |= read_back_json(name, read_published(output, name) or b"")
        except ReadbackError as error:
            damaged.append(f"{output}/{error}")
    missing: dict[str, dict[str, Record]] = defaultdict(dict)
    for record in wanted.values():
        if record.id not in found:
            missing[record.edition][record.slug] = record
    for edition, by_slug in missing.items():
        page = read_published(output, EDITION_PATH.format(edition)) or b""
        found |= {story.id: story for story in read_back_page(page.decode(errors="replace"), by_slug, site)}
    lost = sorted({record.source for record in wanted.values() if record.id not in found})
    if lost and damaged:
        raise RefusedError(f"{damaged[0]}; nothing else tells what is published of {lost[0]}: mend either")
    return found
