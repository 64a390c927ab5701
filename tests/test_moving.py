"""Stories that go to another month keep their identity; what only reads alike there is another story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.publishing import NOW, publish

WORDS = {
    "A Vote on the Budget": "voters settled a quarrel over the budget of the treasury, and three motions fell in one "
    "evening while nobody in the hall had expected so much as a decision before the summer recess",
    "Blocks in Half the Time": "validators halved the time of a block after a rehearsal on two hundred nodes, and operators "
    "who had feared for their disks found that a cheaper machine was enough to keep the pace",
    "Painters Open a Gallery": "painters from nine cities hung their works in a gallery that exists on the chain alone, "
    "sold them to one another for the price of a coffee and argued all night about the frames",
}
BOILERPLATE = (
    "join us for the monthly call on the 12th, where the teams answer questions of newcomers for an hour or two in the lobby"
)


def document(month: str, stories: Mapping[str, str]) -> str:
    return "\n\n".join([f"# Letter - {month} 2024", *(f"## {title}\n\nThis time {text}." for title, text in stories.items())])


def ids(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of the entries by title, before and after an edit."""
    first = publish(before)
    second = publish(after, ledger=first.ledger, now=NOW + timedelta(days=1))
    return {e.title: e.id for e in first.entries}, {e.title: e.id for e in second.entries}


def edited(title: str, old: str, new: str) -> dict[str, str]:
    assert old in WORDS[title]
    return {**WORDS, title: WORDS[title].replace(old, new)}


def test_a_document_whose_month_is_corrected_takes_edited_stories_along() -> None:
    before = {"a.md": document("October", WORDS)}
    stories = edited("A Vote on the Budget", "three motions fell in one evening", "a single motion was carried")
    stories["A Gallery of Painters"] = stories.pop("Painters Open a Gallery")
    old, new = ids(before, {"a.md": document("November", stories)})
    assert set(new.values()) == set(old.values())
    assert new["A Gallery of Painters"] == old["Painters Open a Gallery"]
    old, new = ids(before, {"b.md": document("November", stories)})
    assert set(new.values()) == set(old.values()), "in another file too"


SLIPS = {
    "a letter": ("quarrel", "quarell"),
    "a word": ("quarrel", "dispute"),
    "the end": ("the summer recess", "the summer"),
    "the beginning": ("voters settled", "voters at last settled"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_story_that_goes_to_another_document_may_be_mended_on_the_way(slip: str) -> None:
    title = "A Vote on the Budget"
    rest = {name: text for name, text in WORDS.items() if name != title}
    moved = {title: WORDS[title].replace(*SLIPS[slip])}
    before = {"a.md": document("October", WORDS), "b.md": document("November", {"Other": "nothing of the kind took place"})}
    after = {
        "a.md": document("October", rest),
        "b.md": document("November", {"Other": "nothing of the kind took place", **moved}),
    }
    old, new = ids(before, after)
    assert new == old


def test_a_document_written_over_with_the_next_month_begins_new_stories() -> None:
    before = {"a.md": document("October", {**WORDS, "Calls": BOILERPLATE})}
    fresh = {
        "Nothing Like It": "an eclipse hid the sun above the harbour",
        "Nor This": "bakers struck for a week over the price of rye",
    }
    old, new = ids(before, {"a.md": document("November", {**fresh, "Calls": BOILERPLATE.replace("12th", "14th")})})
    assert not set(new.values()) & set(old.values())


def test_a_story_that_stays_is_not_continued_by_its_copy_in_another_month() -> None:
    before = {"a.md": document("October", {"Calls": BOILERPLATE, **WORDS})}
    old, new = ids(before, {**before, "b.md": document("November", {"Calls Again": BOILERPLATE.replace("12th", "14th")})})
    assert old.items() <= new.items()
    assert new["Calls Again"] not in old.values()


def test_a_story_called_as_a_retracted_one_is_another_where_its_words_are_others() -> None:
    title = "A Vote on the Budget"
    rest = {name: text for name, text in WORDS.items() if name != title}
    first = publish({"a.md": document("October", WORDS)})
    gone = publish({"a.md": document("October", rest)}, ledger=first.ledger, now=NOW + timedelta(days=1))

    def returned(text: str) -> str:
        again = {"a.md": document("October", {**rest, title: text})}
        later = publish(again, ledger=gone.ledger, now=NOW + timedelta(days=200))
        return next(entry.id for entry in later.entries if entry.title == title)

    id = next(entry.id for entry in first.entries if entry.title == title)
    assert returned(WORDS[title].replace("evening", "night")) == id
    assert returned("fishers counted their boats, and found more of them than anybody remembers") == f"{id}-2"
