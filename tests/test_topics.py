"""Which topic a section belongs to: heading and body weighed together, and its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedgen_kusama.documents import Reader
from feedgen_kusama.documents.topics import Classifier, Place
from feedgen_kusama.model import Reason, Topic
from feedgen_kusama.settings import Settings

TOPICS = (
    Topic(id="news", title="News", words={"month in review": 4}, opening=8),
    Topic(id="votes", title="Votes", aliases=("Ballots",), words={"vote": 2, "referend*": 3, "open gov": 4}),
    Topic(id="price", title="Price", former=("market",), words={"price": 2, "trad*": 2, "dull*": -3}),
    Topic(id="next", title="Next", words={"ahead": 1}, closing=6),
)
CLASSIFIER = Classifier(TOPICS)


@pytest.mark.parametrize(
    ("heading", "body", "topic"),
    [
        ("The Vote", "", "votes"),
        ("", "One vote, another vote.", "votes"),
        ("REFERENDUM", "", "votes"),
        ("Referenda", "", "votes"),
        ("Open-Gov", "", "votes"),
        ("Traders Wait", "", "price"),
        ("Month in Review", "", "news"),
        ("A Price for Every Voter", "", "price"),
        ("The Vote on the Price", "", "votes"),
    ],
)
def test_words_phrases_and_stems_claim_a_section_in_any_letter_case(heading: str, body: str, topic: str) -> None:
    assert CLASSIFIER.classify(heading, body).topic == topic


def test_a_stem_may_be_one_letter() -> None:
    classifier = Classifier([Topic(id="votes", title="Votes", words={"\u6295*": 5})])
    assert classifier.classify("", "\u6295\u7968").topic == "votes"


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("", ""),
        ("Nothing", "Nothing at all."),
        ("Devoted Voters", "devotees"),
        ("Opening the Government", ""),
        ("", "open, then gov"[:10]),
        ("Prices", ""),
        ("", "ahead"),
        ("Dull Trade", ""),
    ],
)
def test_no_topic_claims_what_does_not_reach_the_least_score(heading: str, body: str) -> None:
    verdict = CLASSIFIER.classify(heading, body)
    assert (verdict.topic, verdict.reasons) == (None, ())


def test_a_heading_that_names_another_topic_in_passing_is_outvoted_by_the_body() -> None:
    body = "Traders trade. The price of trading: a traded price, and what traders paid."
    assert CLASSIFIER.classify("After the Vote", "").topic == "votes"
    assert CLASSIFIER.classify("After the Vote", body).topic == "price"


def test_a_word_counts_for_less_each_time_it_is_repeated() -> None:
    scores = [CLASSIFIER.classify("", "vote " * count).scores["votes"] for count in (1, 4, 9)]
    assert scores == [2, 4, 6]


@pytest.mark.parametrize(("place", "topic"), [("first", "news"), ("last", "next"), ("between", None)])
def test_the_first_and_the_last_place_speak_for_a_topic(place: Place, topic: str | None) -> None:
    assert CLASSIFIER.classify("", "", place).topic == topic


@pytest.mark.parametrize(
    ("heading", "body", "topic"),
    [
        ("The Vote", "It was held.", "votes"),
        ("It Was Held", "A vote.", "votes"),
        ("A Vote Ahead", "", "next"),
        ("Hm", "", "next"),
    ],
)
def test_a_last_section_closes_only_if_its_words_look_ahead_or_say_nothing(heading: str, body: str, topic: str) -> None:
    assert CLASSIFIER.classify(heading, body, "last").topic == topic


def test_what_others_tell_counts_less_in_an_opening_and_a_closing_only() -> None:
    scores = {
        place: CLASSIFIER.classify("The Vote", "Ahead.", place, told_elsewhere={"votes"}).scores["votes"]
        for place in ("first", "last", "between")
    }
    assert scores["first"] < scores["last"] < scores["between"] == 6


def test_an_opening_that_names_several_topics_sums_up() -> None:
    heading = "Votes Ahead: a Referendum, Trading and the Price of It"
    assert CLASSIFIER.classify(heading, "", "between").topic == "price"
    assert CLASSIFIER.classify(heading, "", "first", told_elsewhere={"votes", "price"}).topic == "news"


def test_reasons_are_the_evidence_for_the_winner_strongest_first() -> None:
    verdict = CLASSIFIER.classify("A Vote", "Referendum: vote, vote, vote, vote on the price.")
    assert verdict.reasons == (
        Reason(word="vote", where="heading", weight=6.0),
        Reason(word="vote", where="body", weight=4.0),
        Reason(word="referend*", where="body", weight=3.0),
    )
    assert sum(reason.weight for reason in verdict.reasons) == verdict.scores["votes"]
    assert verdict.margin == pytest.approx(1 - 2 / 13)


@pytest.mark.parametrize(
    ("names", "topic"), [(["price"], "price"), (["MARKET"], "price"), (["Ballots", "x"], "votes"), (["x"], "votes")]
)
def test_a_classifier_can_be_narrowed_to_topics_by_any_of_their_names(names: list[str], topic: str) -> None:
    assert CLASSIFIER.narrowed(names).classify("Vote, Vote and Price", "").topic == topic


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("OpenGov Referenda Set a Record", "governance"),
        ("Parachain Auctions Resume", "parachains"),
        ("Runtime Upgrade and Asynchronous Backing", "technology"),
        ("KSM Price and Market Capitalisation", "market"),
        ("Developers Build New Dapps", "ecosystem"),
        ("Ambassadors Meet at the Hackathon", "community"),
        ("Looking Ahead: the Roadmap", "outlook"),
        ("The Month in Review", "overview"),
    ],
)
def test_the_built_in_words_know_every_topic(heading: str, topic: str, settings: Settings) -> None:
    assert Classifier(settings.topics).classify(heading, "").topic == topic


def test_what_no_topic_claims_is_filed_under_the_fallback_and_reported(reader: Reader) -> None:
    stories = "## Referendum\n\nIt passed.\n\n## Mice\n\nThey sleep.\n\n## Looking Ahead\n\nJune comes.\n"
    document = reader.parse(f"# Kusama News - May 2024\n\n{stories}", "x.md")
    assert [draft.topic for draft in document.drafts] == ["governance", "overview", "outlook"]
    assert [(p.line, p.severity) for p in document.problems] == [(7, "warning")]
    assert "no topic claims 'Mice': filed under overview" in document.problems[0].message


@given(heading=st.text(), body=st.text(), place=st.sampled_from(["first", "last", "between"]))
def test_a_verdict_is_the_same_in_any_letter_case_and_white_space(heading: str, body: str, place: Place) -> None:
    verdict = CLASSIFIER.classify(heading, body, place)
    assert CLASSIFIER.classify(f" {heading}\n", f"\t{body} ", place) == verdict
    assert CLASSIFIER.classify(heading.casefold(), body.casefold(), place) == verdict
