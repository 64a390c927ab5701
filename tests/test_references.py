"""What a document ends with that is no news, and what only looks like it."""

from __future__ import annotations

import pytest

from feedgen_kusama.documents import Reader

HEAD = "# Kusama News - May 2024\n\n## Referendum\n\nIt passed.\n\n## Runtime Upgrade\n\nIt was enacted.\n"
ITEMS = "- [The vote](https://a.example/vote)\n- [The upgrade](https://a.example/upgrade)\n"


def left_out(reader: Reader, ending: str) -> list[tuple[str, str]]:
    document = reader.parse(f"{HEAD}\n{ending}", "x.md")
    assert [draft.title for draft in document.drafts][:2] == ["Referendum", "Runtime Upgrade"]
    assert len(document.drafts) == 2 or not document.left_out
    assert document.drafts[1].text == "It was enacted." or not document.left_out
    return [(part.why, part.text) for part in document.left_out]


@pytest.mark.parametrize(
    "title",
    [
        "References",
        "Sources",
        "SOURCES:",
        "Further Reading",
        "Links",
        "Credits",
        "Sources and Credits",
        "Works Cited",
        "Footnotes",
    ],
)
@pytest.mark.parametrize("form", ["## {}", "**{}**", "{}\n---"])
def test_a_list_of_references_under_its_usual_names_is_left_out(title: str, form: str, reader: Reader) -> None:
    heading = form.format(title)
    assert [why for why, _ in left_out(reader, f"{heading}\n\n{ITEMS}")] == ["references", "references"]


@pytest.mark.parametrize(
    "ending",
    [
        "[1] Ann Example, The Vote, 2024, https://a.example/vote\n\n[2] Bo Sample, The Upgrade, May 2024\n",
        "[1]: Ann Example, https://a.example/vote\n\n[2]: Bo Sample, https://a.example/upgrade\n",
        "## Where to Look\n\n1. https://a.example/vote\n2. https://a.example/upgrade\n",
        f"## Sources\n\n{ITEMS}\n## Links\n\n{ITEMS}",
    ],
    ids=["marked", "defined", "addresses alone", "two lists"],
)
def test_references_are_known_by_their_form_too(ending: str, reader: Reader) -> None:
    assert {why for why, _ in left_out(reader, ending)} <= {"references"}


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("[This letter was written in May.]\n", "[This letter was written in May.]"),
        ("(Photographs: Ann Example)\n", "(Photographs: Ann Example)"),
        ("I hope this helps you with your letter!\n", "I hope this helps you with your letter!"),
        ("Let me know if it should be shorter.\n", "Let me know if it should be shorter."),
        ("---\n\n*Kusama News appears every month.*\n", "Kusama News appears every month."),
    ],
)
def test_a_closing_note_is_left_out(ending: str, text: str, reader: Reader) -> None:
    assert left_out(reader, ending) == [("closing note", text)]


@pytest.mark.parametrize(
    "ending",
    [
        "[1] is the number of the referendum.\n",
        "---\n\nThe letter appears every month.\n",
        "*The bridge opens in June.*\n",
        "Nobody (but one) agreed. [They did later.]\n",
        "## Links Between Chains\n\nThe bridge opens in June, and every chain may use it at once.\n",
        f"## The Parachain Bridge Opens\n\nIt opens in June.\n\n{ITEMS}",
        f"{ITEMS}\nThe bridge opens in June.\n",
        "## Links\n\nThe Links bridge opened between two parachains.\n",
        "I hope this vote will be the last, said Ann Example.\n",
    ],
)
def test_what_tells_news_is_kept(ending: str, reader: Reader) -> None:
    assert left_out(reader, ending) == []


def test_a_section_named_sources_in_the_middle_is_a_section(reader: Reader) -> None:
    text = HEAD.replace("## Runtime", f"## Sources\n\n{ITEMS}\n## Runtime")
    assert [draft.title for draft in reader.parse(text, "x.md").drafts] == ["Referendum", "Sources", "Runtime Upgrade"]
