"""What a person is told when a bucket fails.

The storage library's errors quote requests and answers, which may hold keys: of them only status, code and kind are shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from feedgen_kusama.publish.target import TargetError, UnusableTargetError

DENIED = frozenset({"401", "403"})
UNSUPPORTED = frozenset({"405", "501"})
"""How a store answers that knows no conditional put."""
KINDS: Mapping[str, str] = {
    "Connect": "no connection",
    "Timeout": "no answer in time",
    "Request": "the connection broke",
    "Interrupted": "the connection broke",
}
"""The library's kinds of network failure in words."""


class AbsentError(TargetError):
    """There is no such file."""


class UnsupportedError(TargetError):
    """The store does not know what was asked."""


def in_words(place: str, text: str, *, is_absent: bool) -> TargetError | UnusableTargetError:
    """What a person is told of a failure."""
    status = next(iter(re.findall(r"status code: (\d{3})", text)), "")
    code = next(iter(re.findall(r"<Code>(\w{1,40})</Code>", text)), "")
    shown = " ".join(filter(None, (status, code)))
    if code == "NoSuchBucket" or (status == "404" and not is_absent):
        return UnusableTargetError(f"{place}: no such bucket ({shown}): create it, or name another target")
    if status in DENIED:
        return UnusableTargetError(f"{place}: not allowed ({shown}): check the credentials and what the bucket lets them do")
    if is_absent:
        return AbsentError(f"{place}: not there")
    if status in UNSUPPORTED:
        return UnsupportedError(f"{place}: the store answered {shown}: it does not know what it was asked")
    kind = next((words for kind, words in KINDS.items() if f"kind: {kind}" in text), "it failed")
    if status and status < "500":
        return TargetError(f"{place}: the store answered {shown}: check the target, the region and the credentials")
    why = f"the store answered {shown}" if status else kind
    return TargetError(f"{place}: {why}, also when tried again: publish again later, which goes on from there")
