"""Front matter in YAML and TOML: its fields, its faults with their lines, and prose that is none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedgen_kusama.documents.front_matter import FrontMatter, split_front_matter


def read(inner: str, fence: str = "---") -> FrontMatter:
    split = split_front_matter(f"{fence}\n{inner}\n{fence}\nText\n")
    assert (split.text, split.faults) == ("Text\n", ())
    assert split.first_line == inner.count("\n") + 4
    return split.front_matter


ALL = FrontMatter(
    title="A Title", month="2024-05", date="2024-06-02", author="Ann Example", topics=("market", "governance"), draft=True
)


@pytest.mark.parametrize(
    ("inner", "fence"),
    [
        (
            """title: A  Title
month: 2024-05
date: 2024-06-02
author: Ann Example
topics: [market, governance]
draft: true
x: 1""",
            "---",
        ),
        (
            """title = "A Title"
month = "2024-05"
date = 2024-06-02
author = "Ann Example"
topics = ["market", "governance"]
draft = true
[params]
x = 1""",
            "+++",
        ),
    ],
    ids=["YAML", "TOML"],
)
def test_every_field_is_read_and_unknown_keys_are_ignored(inner: str, fence: str) -> None:
    assert read(inner, fence) == ALL


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("month: May 2024", FrontMatter(month="May 2024")),
        ("title: 42", FrontMatter(title="42")),
        ('"title": A', FrontMatter(title="A")),
        ("# a comment\n\ntitle: A", FrontMatter(title="A")),
        ("date: 2024-06-02T23:59:59Z", FrontMatter(date="2024-06-02")),
        ("author: [Ann, Bo]", FrontMatter(author="Ann, Bo")),
        ("author: {name: Ann, mail: a@b.example}", FrontMatter(author="Ann")),
        ("topics: market", FrontMatter(topics=("market",))),
        ("topics: {The Vote: governance}", FrontMatter(topics_by_title={"the vote": "governance"})),
        ("title: null\ntopics: null", FrontMatter()),
        ("title: !!python/object:os.system x", FrontMatter(title="x")),
        ("month: 2024-13-45", FrontMatter(month="2024-13-45")),
        ('title: ""\nauthor: ""', FrontMatter()),
        ("draft: no", FrontMatter(draft=False)),
        ("Draft: true", FrontMatter(draft=True)),
        ("TITLE: A\nMonth: 2024-05\nTopics: [market]", FrontMatter(title="A", month="2024-05", topics=("market",))),
        ("Title: A\ntitle: B", FrontMatter(title="A")),
        ("\ndraft: true\n", FrontMatter(draft=True)),
        ("layout: post", FrontMatter()),
        ("  title: A\n  draft: true", FrontMatter(title="A", draft=True)),
        ("", FrontMatter()),
    ],
)
def test_a_field_may_be_written_in_several_ways(inner: str, expected: FrontMatter) -> None:
    assert read(inner) == expected


def test_topics_of_single_sections_are_a_toml_table() -> None:
    assert read('[topics]\n"The Vote" = "governance"', "+++") == FrontMatter(topics_by_title={"the vote": "governance"})


@pytest.mark.parametrize("value", ["perhaps", "1", "[]", "{}"])
def test_what_is_neither_true_nor_false_keeps_a_draft_back_and_is_reported(value: str) -> None:
    split = split_front_matter(f"---\ntitle: A\ndraft: {value}\n---\nText\n")
    assert split.front_matter.draft
    assert [(line, "is neither true nor false" in message) for line, message in split.faults] == [(3, True)]


@pytest.mark.parametrize(
    ("inner", "fence", "line"),
    [
        ("title: [a\nmonth: 2024-05", "---", 3),
        ("title: A: B", "---", 2),
        ("month: 2024-05\ntitle: A\n  b: c", "---", 4),
        ("title: [A", "---", 3),
        ('title = "A"\nmonth = ', "+++", 3),
        ("title = A", "+++", 2),
        ("title = 1\ntitle = 2", "+++", 3),
        ("title = 1\ndate = 2024-02-30", "+++", 3),
        ("title:A\ndraft: true", "---", 3),
    ],
)
def test_what_is_not_valid_is_one_fault_with_its_line_and_the_text_is_kept(inner: str, fence: str, line: int) -> None:
    split = split_front_matter(f"{fence}\n{inner}\n{fence}\nText\n")
    assert [place for place, _ in split.faults] == [line]
    assert split.faults[0][1].startswith("front matter is not valid")
    assert (split.front_matter, split.text, split.first_line) == (FrontMatter(), "Text\n", inner.count("\n") + 4)


@pytest.mark.parametrize(("fence", "end"), [("---", ""), ("+++", ""), ("---", "--\n"), ("---", "+++\n")])
def test_front_matter_that_is_not_closed_is_told(fence: str, end: str) -> None:
    split = split_front_matter(f"{fence}\ndraft: true\n{end}\nText\n")
    assert [(line, "is not closed" in message) for line, message in split.faults] == [(2, True)]


@pytest.mark.parametrize(("inner", "fence"), [("draft: true", "+++"), ("draft = true", "---"), ('"draft":true', "---")])
def test_fields_in_the_other_language_are_told(inner: str, fence: str) -> None:
    split = split_front_matter(f"{fence}\n{inner}\n{fence}\nText\n")
    assert (split.front_matter, [line for line, _ in split.faults]) == (FrontMatter(), [2])


@pytest.mark.parametrize("inner", ["draft:true", "title:A\ndraft:true", "  month:2024-05"])
def test_fields_without_a_blank_after_the_colon_are_told_and_nothing_is_published(inner: str) -> None:
    split = split_front_matter(f"---\n{inner}\n---\nText\n")
    assert (split.front_matter, split.text) == (FrontMatter(), "Text\n")
    assert [(line, "with a blank after the colon" in message) for line, message in split.faults] == [(2, True)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Text\n",
        "---\nHere is the news of May.\n---\nText\n",
        "---\nHe said: vote. We did\n---\nText\n",
        "---\n- a list\n---\nText\n",
        "---\nDate:November 2024\n---\nText\n",
        "---\nhttps://example.org/\n---\nText\n",
        "---\n## A heading\nText of it\n---\nText\n",
        "+++\nHere is the news of May.\n+++\nText\n",
        "---\nprose: never closed\n\nText\n",
        "---\n\n## A Story\n\nNews: it was told.\n\n---\n\nText\n",
        "---\n\nNote: we are late.\n\n---\nText\n",
        "---\n## A Story\nNews: it was told.\n---\nText\n",
        "Text\n---\ntitle: A\n---\n",
        "\n---\ntitle: A\n---\nText\n",
        "----\ntitle: A\n----\nText\n",
    ],
)
def test_prose_between_rules_is_no_front_matter(text: str) -> None:
    split = split_front_matter(text)
    assert (split.front_matter, split.text, split.first_line, split.faults) == (FrontMatter(), text, 1, ())


@pytest.mark.parametrize(
    "text", ["---\ntitle: A\n---", "---\ntitle: A\n...\n", "---  \ntitle: A\n--- \n", "+++\ntitle='A'\n+++"]
)
def test_fences_may_have_blanks_behind_them_and_end_the_file(text: str) -> None:
    assert split_front_matter(text).front_matter == FrontMatter(title="A")
    assert split_front_matter(text).text == ""


SNIPPETS = st.sampled_from(
    ["title:", "draft:", " ", "\n", "[", "]", "{", "&a", "*a", "=", '"', "- ", "2024-05-31", "0x", "!!int "]
)


@given(
    inner=st.lists(SNIPPETS | st.text(max_size=5), max_size=20).map("".join),
    head=st.sampled_from(["", "title: ", "draft: "]),
    fence=st.sampled_from(["---", "+++"]),
)
@example(inner="!!int", head="title: ", fence="---")
def test_any_text_between_fences_is_split_and_nothing_below_is_lost(inner: str, head: str, fence: str) -> None:
    text = f"{fence}\n{head}{inner}\n{fence}\nThe end.\n"
    split = split_front_matter(text)
    assert text.endswith(split.text)
    assert split.text.endswith("The end.\n")
    assert split.first_line == text.count("\n") - split.text.count("\n") + 1


@pytest.mark.parametrize("inner", ["title: 0x" + "f" * 5000, "draft: 0x" + "f" * 5000, "topics: 0x" + "f" * 5000])
def test_a_number_too_long_to_be_written_out_is_no_exception(inner: str) -> None:
    assert split_front_matter(f"---\n{inner}\n---\nText\n").text == "Text\n"


def test_references_that_multiply_are_read_in_a_moment() -> None:
    rows = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 6))
    split = split_front_matter(f"---\nx0: &x0 [a]\n{rows}title: *x5\n---\nText\n")
    assert len(split.front_matter.title or "") < 10_000
