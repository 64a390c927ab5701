"""Documents made at random from Markdown, HTML and the corpus of attacks end in safe feeds or in a message.

With FEEDGEN_KUSAMA_FUZZ_SECONDS=N for so many seconds, each time with documents that were not tried before.
"""

from __future__ import annotations

import os
import time

from hypothesis import HealthCheck, given, seed
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.attacks import GROUPS, HEAD, PLACES, SOUND, SOUND_NAME, in_time, read_attacks
from tests.judge import find_faults
from tests.publishing import publish
from tests.test_attacks import NOW, SETTINGS, SITE, assert_alike

SECONDS = float(os.environ.get("FEEDGEN_KUSAMA_FUZZ_SECONDS", "0"))
EXAMPLES = 60
ROUND = 200
"""Examples between two looks at the clock."""
MARKS = (
    "# ", "## ", "### ", "> ", "- ", "1. ", "- [x] ", "    ", "**", "*", "`", "```\n", "~~", "[", "](", ")", "![", "[^1]",
    "\n[^1]: ", "\n[x]: ", "\n*[vote]: ", "| a | b |\n|---|---|\n| ", " | ", "\n: ", "\n---\n", "\n===\n", "<", ">", "</", "/>",
    "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&", "&#", "&lt;", "&gt;", "&quot;", "&#x", ";", '"', "'", "=", ":", "//",
    "\\", "<div>", "</div>", "<svg>", "<math>", "<style>", "<script>", "<a href=", "<img src=", " onerror=", " onclick=",
    "<table>", "<td>", "<p>", "<b>", "</b>", "<h2>", "</h2>", "javascript:", "data:text/html,", "https://example.org/",
    "By Ada Example", "<!-- author: ", "<!-- topic: ", " -->", "Date: 1 May 2024", "\n", "\n\n", "  \n", " ", "\t", "vote",
)  # fmt: skip
ATTACKS = [
    attack.text for kind in ("html", "markdown", "urls", "xml") for attack in read_attacks(kind) if len(attack.text) < 400
]


def cut(text: str, start: int, length: int) -> str:
    """A part of a text, so that what one piece opens another may close."""
    start %= max(len(text), 1)
    return text[start : start + length]


PARTS = st.one_of(
    st.sampled_from(MARKS),
    st.sampled_from(ATTACKS),
    st.builds(cut, st.sampled_from(ATTACKS), st.integers(0, 400), st.integers(1, 40)),
    st.text(max_size=12),
)
TEXTS = st.lists(PARTS, min_size=1, max_size=14).map("".join)
DOCUMENTS = st.one_of(
    TEXTS.map(lambda text: HEAD.format(month="January") + text),
    st.builds(
        lambda place, text: PLACES[place](text).replace("{head}", HEAD.format(month="January")),
        st.sampled_from(GROUPS["text"]),
        TEXTS,
    ),
    st.builds("---\n{}\n---\n{}".format, TEXTS, TEXTS),
)


def check(documents: list[str]) -> None:
    """Documents are published safely, together with a sound one."""
    named = {SOUND_NAME: SOUND, **{f"{number}.md": text for number, text in enumerate(documents)}}
    with in_time():
        files = publish(named, SETTINGS, now=NOW).files
    assert find_faults(files, SITE) == []
    assert_alike(files)


def run(examples: int, number: int) -> None:
    """Check so many examples; the same number gives the same ones."""

    @seed(number)
    @effort(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(DOCUMENTS, min_size=1, max_size=3))
    def checked(documents: list[str]) -> None:
        check(documents)

    checked()


def test_whatever_documents_say_their_feeds_are_safe() -> None:
    if not SECONDS:
        run(EXAMPLES, 0)
        return
    end, number = time.monotonic() + SECONDS, time.time_ns()
    while time.monotonic() < end:
        run(ROUND, number)
        number += 1
