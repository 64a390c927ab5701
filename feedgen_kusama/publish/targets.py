"""The target that an address names: a folder, or a bucket by its scheme."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from feedgen_kusama.publish.bucket import STORES, open_bucket
from feedgen_kusama.publish.folder import FolderTarget
from feedgen_kusama.publish.target import Patience, Target, UnusableTargetError


def open_target(where: str, *, endpoint: str | None, patience: Patience) -> Target:
    """The target at an address: a path, `file://`, or the address of a bucket. Raises UnusableTargetError."""
    if "://" not in where:
        return _open_folder(Path(where), endpoint)
    address = _split(where)
    if address.scheme == "file":
        if address.netloc not in ("", "localhost"):
            raise UnusableTargetError(f"file://{address.netloc}: another machine: write file:///path or the path alone")
        return _open_folder(Path(unquote(address.path)), endpoint)
    if address.scheme not in STORES:
        known = ", ".join(f"{scheme}://" for scheme in STORES)
        raise UnusableTargetError(f"{address.scheme}://: no known target: name a folder, or begin with one of {known}")
    name = f"{address.scheme}://{address.netloc}{address.path.rstrip('/')}"
    if not address.netloc:
        raise UnusableTargetError(f"{name}: no bucket: write {address.scheme}://bucket/prefix")
    return open_bucket(address, name, endpoint, patience)


def _split(where: str) -> SplitResult:
    """The parts of an address. One with credentials is refused without a word of them."""
    try:
        address = urlsplit(where)
    except ValueError:
        raise UnusableTargetError("the target is no address: write a folder, or scheme://bucket/prefix") from None
    if "@" in address.netloc or address.query or address.fragment:
        raise UnusableTargetError(
            f"{address.scheme}://…: a target has no user name, query or fragment: give credentials by the environment"
        )
    return address


def _open_folder(folder: Path, endpoint: str | None) -> FolderTarget:
    if endpoint:
        raise UnusableTargetError(f"--endpoint-url: {folder} is a folder: leave it out")
    if folder.exists() and not folder.is_dir():
        raise UnusableTargetError(f"{folder}: a file, not a folder: name a folder")
    return FolderTarget(folder=folder)


def check_target(target: Target, output: Path, *, compress: bool) -> None:
    """Raise UnusableTargetError where the target cannot hold what is published as it is asked for."""
    if compress and not target.has_headers:
        raise UnusableTargetError(f"--gzip: {target.name} keeps no headers: leave it out, and let the server compress")
    if isinstance(target, FolderTarget):
        _refuse_overlap(target, output)


def _refuse_overlap(target: FolderTarget, output: Path) -> None:
    """Raise UnusableTargetError where feeds and target lie within one another: one would be taken for the other."""
    here, there = output.resolve(), target.folder.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise UnusableTargetError(f"{target.name}: feeds and target must lie in folders of their own: choose another target")
