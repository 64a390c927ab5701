"""Whether a conditional request is to be carried out (RFC 9110 section 13)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

NOT_MODIFIED, FAILED = 304, 412
_TAG = re.compile(r'(W/)?("[^"]*")')


def find_refusal(headers: Mapping[str, str], etag: str, modified: int | None) -> int | None:
    """The status that ends the request, in the order of section 13.2.2; None where it goes on.

    `modified` is in seconds since 1970, None where the file's time says nothing about what is sent.
    """
    if "if-match" in headers:
        if not _names(headers["if-match"], etag, is_strong=True):
            return FAILED
    elif _is_later(modified, headers.get("if-unmodified-since")) is True:
        return FAILED
    if "if-none-match" in headers:
        return NOT_MODIFIED if _names(headers["if-none-match"], etag, is_strong=False) else None
    return NOT_MODIFIED if _is_later(modified, headers.get("if-modified-since")) is False else None


def is_unchanged(condition: str, etag: str, modified: int | None) -> bool:
    """Whether an If-Range holds, so that the rest of what the reader has may be sent (section 13.1.5)."""
    if '"' in condition:
        return condition.strip() == etag
    moment = parse_moment(condition)
    return moment is not None and moment == modified


def parse_moment(text: str) -> int | None:
    """An HTTP date in seconds since 1970; None for what is none."""
    try:
        moment = parsedate_to_datetime(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())
    except (ValueError, OverflowError):
        return None


def render_moment(moment: int) -> str:
    """Seconds since 1970 as an HTTP date (section 5.6.7), in the words of no locale."""
    when = datetime.fromtimestamp(moment, timezone.utc)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[when.weekday()]
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[when.month - 1]
    return f"{day}, {when:%d} {month} {when:%Y %H:%M:%S} GMT"


def _names(tags: str, etag: str, *, is_strong: bool) -> bool:
    if tags.strip() == "*":
        return True
    return any(tag == etag and not (weak and is_strong) for weak, tag in _TAG.findall(tags))


def _is_later(modified: int | None, moment: str | None) -> bool | None:
    """Whether the file changed after a moment; None where either is unknown."""
    parsed = None if moment is None else parse_moment(moment)
    return None if modified is None or parsed is None else modified > parsed
