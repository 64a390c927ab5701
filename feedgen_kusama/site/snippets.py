"""HTML to be copied into other sites' pages, which shows a feed there. Pure."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import msgspec

from feedgen_kusama.site.assets import EMBED, FRAGMENT, integrity
from feedgen_kusama.site.navigation import Head

HEIGHT_MESSAGE = "feedgen-kusama:height"
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What a frame needs: to tell its height, and to open links as pages that nothing holds back."""
_ELEMENT = """\
<script type="module" src="{site}embed.js"
  integrity="{integrity}"
  crossorigin="anonymous"></script>
<kusama-feed limit="5" src="{address}feed.json">
  <a href="{address}">{title}</a>
</kusama-feed>
"""
_FRAME = """\
<iframe src="{address}{embed}"
  title="{title}" width="100%" height="480" loading="lazy"
  sandbox="{sandbox}"></iframe>
<script>
  addEventListener("message", ({{ origin, source, data }}) => {{
    if (origin !== "null" || data?.type !== "{message}") return;
    const frames = document.querySelectorAll(
      'iframe[src^="{address}{embed}"]');
    for (const frame of frames)
      if (frame.contentWindow === source)
        frame.height = Math.min(data.height, 5000);
  }});
</script>
"""
_INCLUDE = """\
<!--#include virtual="{path}{fragment}" -->
"""
_FETCH = """\
curl --fail --silent --show-error --output {name}.html \\
  {address}{fragment}
"""


class Snippets(msgspec.Struct, frozen=True, kw_only=True):
    """What to paste for a feed to be shown."""

    element: str
    """The element that embed.js defines; it stays a link where there is no script."""
    frame: str
    """A frame whose height follows what it shows. Its origin is opaque, since it is sandboxed: hence "null"; which
    frame told its height is seen from its window."""
    include: str
    """A server-side include: nginx and Apache write it alike."""
    fetch: str
    """What keeps a copy for whatever else puts pages together."""


def make_snippets(site: str, head: Head) -> Snippets:
    """The snippets for a feed below `site`, an absolute address that ends in a slash."""
    address = site + head.folder
    told = {
        "site": escape(site),
        "address": escape(address),
        "title": escape(head.title),
        "integrity": integrity("embed.js"),
        "embed": EMBED,
        "fragment": FRAGMENT,
        "message": HEIGHT_MESSAGE,
        "sandbox": SANDBOX,
        "path": escape(urlsplit(address).path or "/"),
        "name": head.id,
    }
    return Snippets(
        element=_ELEMENT.format(**told),
        frame=_FRAME.format(**told),
        include=_INCLUDE.format(**told),
        fetch=_FETCH.format(**told),
    )
