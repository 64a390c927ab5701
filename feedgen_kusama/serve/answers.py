"""What a request for a file is answered with: the status, the headers, and which bytes. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedgen_kusama.media import is_text
from feedgen_kusama.serve.conditions import NOT_MODIFIED, find_refusal, is_unchanged, render_moment
from feedgen_kusama.serve.ranges import Span, find_span
from feedgen_kusama.serve.shelf import File

METHODS = "GET, HEAD, OPTIONS"
EVERY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Range, Date, ETag",
    "X-Content-Type-Options": "nosniff",
}
"""In every answer, whether or not it was asked for: caches keep one answer for all origins."""
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Cache-Control, If-Modified-Since, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}
POLICY = (
    "default-src 'self'; img-src * data:; media-src *; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
"""What a page may load: pictures from anywhere, scripts from this site alone."""
_CODING = re.compile(r"\s*([\w*-]+)\s*(?:;\s*q\s*=\s*([\d.]+)\s*)?", re.ASCII)
_NO_BODY = frozenset({"content-type", "content-length", "content-encoding", "accept-ranges", "content-security-policy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, headers, and the bytes to send of the content or of the packed content (None: no body)."""

    status: int
    headers: Mapping[str, str]
    span: Span | None
    is_packed: bool = False


def answer(method: str, headers: Mapping[str, str], file: File, cache: str) -> Answer:
    """The answer to a GET or HEAD (RFC 9110). `headers` are those of the request by their names in small letters,
    `cache` is the Cache-Control."""
    asked = headers.get("range") if method == "GET" else None
    is_packed = file.packed is not None and asked is None and accepts_gzip(headers.get("accept-encoding", ""))
    etag, size = (file.packed_etag, len(file.packed or b"")) if is_packed else (file.etag, file.size)
    sent = _headers(file, cache, etag, is_packed=is_packed)
    refusal = find_refusal(headers, etag, file.modified)
    if refusal is not None:
        if refusal == NOT_MODIFIED:
            sent = {name: value for name, value in sent.items() if name.lower() not in _NO_BODY}
        return Answer(status=refusal, headers=sent if refusal == NOT_MODIFIED else {**EVERY, "Content-Length": "0"}, span=None)
    condition = headers.get("if-range")
    if asked is not None and (condition is None or is_unchanged(condition, etag, file.modified)):
        try:
            part = find_span(asked, size)
        except ValueError:
            return Answer(status=416, headers={**EVERY, "Content-Range": f"bytes */{size}", "Content-Length": "0"}, span=None)
        if part:
            sent |= {"Content-Range": f"bytes {part[0]}-{part[1] - 1}/{size}", "Content-Length": str(part[1] - part[0])}
            return Answer(status=206, headers=sent, span=part)
    sent["Content-Length"] = str(size)
    return Answer(status=200, headers=sent, span=None if method == "HEAD" else (0, size), is_packed=is_packed)


def _headers(file: File, cache: str, etag: str, *, is_packed: bool) -> dict[str, str]:
    headers = {**EVERY, "Content-Type": file.media, "ETag": etag, "Cache-Control": cache, "Accept-Ranges": "bytes"}
    if file.modified is not None:
        headers["Last-Modified"] = render_moment(file.modified)
    if is_text(file.media):
        headers["Vary"] = "Accept-Encoding"
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    if file.media.startswith("text/html"):
        headers["Content-Security-Policy"] = POLICY
    return headers


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110 section 12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        if found := _CODING.fullmatch(part):
            try:
                weights[found[1].lower()] = float(found[2] or 1)
            except ValueError:
                continue
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0
