"""Any text is read without an exception, and of simple documents no paragraph is lost or doubled."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from feedgen_kusama.documents import Reader

HEAD = "# Kusama News - May 2024\n\n"
FRAGMENTS = (
    "# §## §###### §**§*§_§`§```§~~~§~~§> §- §1. §- [x] §\n§\n\n§\n---\n§\n===\n§\n: §| §|-§ "
    "§\t§\r§\\§:§;§.§?§, §…§\"§“§”§'§(§)§[§]"
    "§[^1]§[^1]: §[a]§[a]: b§](§![§*[A]: §<b>§<h2>§</h2>§<!--§-->§<!-- topic: market -->§<!-- draft -->§&amp;§&#0;§https://a.example"
    "§Headline:§Article 1: §Votes§Votes Are Counted§By Ann Example§By §May 2024§5 May§2024-05-31§Issue 7§References§Sure, "
    "§---\ntitle: a\n---\n§+++\n§!!int "
).split("§")
CHARACTERS = st.characters() | st.characters(categories=["Cs", "Cc", "Cf", "Co"])


@effort(max_examples=400, deadline=None)
@given(
    text=st.text(alphabet=CHARACTERS, max_size=200)
    | st.lists(st.sampled_from(FRAGMENTS) | st.text(alphabet=CHARACTERS, max_size=6)).map("".join),
    head=st.sampled_from(["", HEAD, "---\nmonth: 2024-05\n---\n"]),
)
@example(text="## Votes\n\nBy |\n\nThey were counted.\n", head=HEAD)
@example(text="---\ntitle: !!int\nmonth: 2024-05\n---\nText.\n", head="")
@example(text="---\ntitle: 0x" + "f" * 5000 + "\n---\nText.\n", head="")
def test_any_text_is_read_without_an_exception_and_never_in_silence(text: str, head: str, reader: Reader) -> None:
    document = reader.parse(head + text, "x.md")
    assert document.drafts or document.problems or "draft" in text


@effort(max_examples=100, deadline=None)
@given(data=st.binary(max_size=100))
def test_any_bytes_are_read_without_an_exception(data: bytes, reader: Reader) -> None:
    assert reader.parse(data, "x.md").problems


WORD = st.sampled_from("votes bridge hall network letter river candle market sleeps opens counts quiet and the of".split())
SENTENCE = st.lists(WORD, min_size=4, max_size=30).map(lambda parts: " ".join(parts).capitalize() + ".")
TITLES = st.lists(WORD, min_size=1, max_size=9).map(lambda parts: " ".join(parts).title())
FORMS = st.sampled_from(["# {}", "## {}", "### {}", "#### {}", "**{}**", "{}", '"{}"', "{}\n---", "Article 1: {}"])
PARTS = st.lists(
    st.tuples(st.none() | st.builds(str.format, FORMS, TITLES), st.lists(SENTENCE, max_size=3)), min_size=1, max_size=9
)


@effort(max_examples=250, deadline=None)
@given(parts=PARTS)
def test_every_paragraph_is_in_exactly_one_entry(parts: list[tuple[str | None, list[str]]], reader: Reader) -> None:
    blocks, paragraphs = [HEAD.strip()], list[str]()
    for heading, sentences in parts:
        numbered = [f"{sentence[:-1]} {len(paragraphs) + n}x." for n, sentence in enumerate(sentences)]
        paragraphs += numbered
        blocks += [heading] if heading else []
        blocks += numbered
    drafts = reader.parse("\n\n".join(blocks) + "\n", "x.md").drafts
    lines = [line for draft in drafts for line in draft.text.split("\n")]
    assert [line for line in lines if line.endswith("x.")] == paragraphs
    assert [draft.line for draft in drafts] == sorted({draft.line for draft in drafts})
