"""A publication: what is there is read, the plan is decided, and carried out in its order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from feedgen_kusama.errors import RefusedError
from feedgen_kusama.folders import has_mark
from feedgen_kusama.ledger import NAME as LEDGER
from feedgen_kusama.ledger.records import LedgerError, parse_ledger
from feedgen_kusama.media import cache_control, media_type
from feedgen_kusama.publish import manifest as manifests
from feedgen_kusama.publish.manifest import Manifest, Position, Stored, UnknownVersionError, parse_manifest, render_manifest
from feedgen_kusama.publish.plan import Plan, Seen, There, decide, doubtful, find_refusals
from feedgen_kusama.publish.prepare import Headers, Local, Prepared, decode, digest_of, prepare, read_local
from feedgen_kusama.publish.target import ConflictError, Target
from feedgen_kusama.publish.targets import check_target

Watch = Callable[[Iterable[str], int], Iterable[str]]
"""Is given paths as they are done, and how many they will be, and hands them on."""
Announce = Callable[[Sequence[str]], Sequence[str]]
"""Tells the hub of feeds, by path; gives those of which it could not be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a publication did, or with `dry_run` would have done."""

    target: str
    plan: Plan
    unannounced: tuple[str, ...] = ()


def publish(
    target: Target,
    *,
    output: Path,
    year: int,
    feeds: Collection[str] = (),
    announce: Announce = lambda _: (),
    compress: bool = False,
    dry_run: bool = False,
    wait: float = 0.0,
    watch: Watch = lambda paths, _: paths,
) -> Publication:
    """Bring a target in line with the feeds in `output`.

    `year` is the current one; `feeds` are the folders of the feeds that the hub knows, none without a hub.
    Raises NothingToPublishError, OutputError, TargetError (what is there is whole, and the next publication goes
    on), UnusableTargetError, and RefusedError with nothing changed.
    """
    check_target(target, output, compress=compress)
    local = read_local(output, wait=wait, dry_run=dry_run)
    files = prepare(local.files, year=year, compress=compress, has_headers=target.has_headers)
    there, token = _find(target, files)
    seen = _look_at(target, doubtful(files, there))
    mine = Position.of(local.ledger)
    if refusals := [*find_refusals(files, mine, list(_positions(target, local, there)), there, seen)]:
        raise RefusedError("\n".join(f"{target.name}: refused: {why}; nothing was changed" for why in refusals))
    plan = decide(files, there, seen, feeds=feeds)
    if damaged := [path for path in plan.removals if (output / path).exists()]:
        message = f"{output / damaged[0]}: was published and is damaged, or not made by feedgen-kusama any more"
        raise RefusedError(f"{message}: build first, or move it away to remove it from {target.name}; nothing was changed")
    if dry_run or plan.is_done:
        return Publication(target=target.name, plan=plan)
    token = _write_manifest(target, plan.claim(mine), token)
    stored = dict(plan.kept)
    for path in watch(_carry_out(target, plan, files, stored, token), len(plan.uploaded) + len(plan.removals)):
        _ = path
    unannounced = tuple(announce(plan.announce)) if plan.announce else ()
    _write_manifest(target, Manifest(files=stored, announce=unannounced), token)
    return Publication(target=target.name, plan=plan, unannounced=unannounced)


def _find(target: Target, files: Mapping[str, Prepared]) -> tuple[There, str | None]:
    """What the target holds, and the token of its manifest."""
    held = target.read(manifests.NAME)
    try:
        manifest = parse_manifest(held.stored if held else None)
    except UnknownVersionError as error:
        message = f"{target.name}/{manifests.NAME}: {error}: publish with the program that wrote it or a newer one"
        raise RefusedError(message) from None
    own = manifest.own if manifest else frozenset()
    return There(tokens=target.tokens({*files, *own}), manifest=manifest), held.token if held else None


def _look_at(target: Target, paths: Sequence[str]) -> Mapping[str, Seen]:
    with ThreadPoolExecutor(max_workers=target.workers) as pool:
        looks = zip(paths, pool.map(lambda path: _look(target, path), paths), strict=True)
        return {path: look for path, look in looks if look is not None}


def _look(target: Target, path: str) -> Seen | None:
    held = target.read(path)
    if held is None:
        return None
    content = decode(held.stored, held.headers.encoding)
    return Seen(
        stored=Stored(sha256=digest_of(content), token=held.token, headers=held.headers),
        has_mark=has_mark(path, content),
    )


def _positions(target: Target, local: Local, there: There) -> Iterator[Position]:
    """How far the target's ledger is, and how far it will be when a publication that has begun ends."""
    if there.manifest and there.manifest.coming:
        yield there.manifest.coming
    vouched = there.vouched().get(LEDGER)
    if vouched and vouched.sha256 == digest_of(local.files[LEDGER]):
        return
    held = target.read(LEDGER) if LEDGER in there.tokens else None
    if held is None:
        return
    try:
        yield Position.of(parse_ledger(decode(held.stored, held.headers.encoding)))
    except LedgerError as error:
        place = f"{target.name}/{LEDGER}:{error.line}"
        hint = "publish with that program" if error.is_newer else "remove that file, if this target is yours, then publish"
        raise RefusedError(f"{place}: {error}: {hint}; nothing was changed") from None


def _carry_out(
    target: Target, plan: Plan, files: Mapping[str, Prepared], stored: dict[str, Stored], token: str
) -> Iterator[str]:
    """Upload stage by stage, then remove; gives each path when it is done, and notes in `stored` what is there."""
    with ThreadPoolExecutor(max_workers=target.workers) as pool:
        for stage in plan.uploads:
            _keep_claim(target, token)
            waiting = {pool.submit(_upload, target, path, files[path]): path for path in stage}
            try:
                for done in as_completed(waiting):
                    stored[waiting[done]] = done.result()
                    yield waiting[done]
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        if plan.removals:
            _keep_claim(target, token)
        for path in plan.removals:
            target.remove(path)
            yield path


def _upload(target: Target, path: str, file: Prepared) -> Stored:
    token = target.write(path, file.stored, file.headers)
    return Stored(sha256=file.digest, token=token, headers=file.headers)


def _write_manifest(target: Target, manifest: Manifest, token: str | None) -> str:
    name = manifests.NAME
    headers = Headers(type=media_type(name), cache=cache_control(name, 0)) if target.has_headers else Headers()
    try:
        return target.write_if(name, render_manifest(manifest), headers, token)
    except ConflictError:
        raise _taken_over(target) from None


def _keep_claim(target: Target, token: str) -> None:
    """Raise RefusedError where another publisher has begun since."""
    if target.token(manifests.NAME) != token:
        raise _taken_over(target)


def _taken_over(target: Target) -> RefusedError:
    return RefusedError(f"{target.name}: another publisher is at work there: wait until it is done, then publish again")
