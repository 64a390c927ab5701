"""Which host serves a publication, told by its answers' headers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from feedgen_kusama.web.answers import Answer

HOSTS = {
    "nginx": "nginx",
    "caddy": "Caddy",
    "apache": "Apache",
    "github-pages": "GitHub Pages",
    "netlify": "Netlify",
    "s3": "S3",
}
"""The hosts that cures are known for, and what they are called."""
SIGNS = (
    ("x-github-request-id", "", "github-pages"),
    ("server", r"GitHub\.com", "github-pages"),
    ("x-nf-request-id", "", "netlify"),
    ("server", "Netlify", "netlify"),
    ("server", "AmazonS3", "s3"),
    ("x-amz-request-id", "", "s3"),
    ("server", "nginx|openresty", "nginx"),
    ("server", "Caddy", "caddy"),
    ("server", "Apache", "apache"),
)
"""A header, how its value begins, and the host that sends it; the surest first."""


def recognise_host(answers: Iterable[Answer]) -> str | None:
    """The host that these answers are from; None for one that is not known."""
    heads = [{name.casefold(): value for name, value in answer.headers} for answer in answers]
    for header, beginning, host in SIGNS:
        if any(header in head and re.match(beginning, head[header], re.IGNORECASE) for head in heads):
            return host
    return None
