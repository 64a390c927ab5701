"""Under which topic each story of a document is filed: what is said of it, else what its words and its place claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feedgen_kusama.documents.front_matter import FrontMatter
from feedgen_kusama.documents.sections import Story
from feedgen_kusama.documents.topics import Classifier, Place, Verdict
from feedgen_kusama.model import Reason
from feedgen_kusama.settings import Settings


class Filing:
    """Files stories under one publication's topics."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.classifier = Classifier(settings.topics)

    def unknown_topics(self, front_matter: FrontMatter) -> Iterator[tuple[int | None, str]]:
        """What is wrong with the topics that the front matter names, with its line."""
        for name in front_matter.topics:
            if self.settings.find_topic(name) is None:
                yield front_matter.lines.get("topics"), f"front matter: topics: {self._no_topic(name)}"

    def _no_topic(self, name: str) -> str:
        return f"no topic is called {name!r}: known are {', '.join(topic.id for topic in self.settings.topics)}"

    def judge_lead(self) -> Verdict:
        """The verdict on a lead: it opens the document."""
        topic = max(self.settings.topics, key=lambda topic: topic.opening)
        id = topic.id if topic.opening > 0 else self.settings.fallback
        return _settled(id, Reason(word="the lead", where="place", weight=topic.opening))

    def judge(self, stories: Sequence[Story], front_matter: FrontMatter, *, opens: bool) -> list[Verdict]:
        """The verdict on each section: an opening and a closing are judged knowing what the others claim.

        `opens` says whether the first of several does: where it stands below a headline that has no lead.
        """
        classifier = self.classifier.narrowed(front_matter.topics)
        places: list[Place] = ["first" if story.is_umbrella else "between" for story in stories]
        if len(stories) > 1 and opens:
            places[0] = "first"
        if len(stories) > 2:
            places[-1] = "last"
        evidence = [
            classifier.weigh(f"{story.under} {story.title}", "\n".join([piece.block.text for piece in story.body]))
            for story in stories
        ]
        alone = [classifier.judge(found) for found in evidence]
        return [
            alone[i]
            if place == "between"
            else classifier.judge(found, place, {v.topic for j, v in enumerate(alone) if v.topic and j != i})
            for i, (found, place) in enumerate(zip(evidence, places, strict=True))
        ]

    def file(self, story: Story, verdict: Verdict, front_matter: FrontMatter) -> tuple[str, Verdict, list[str]]:
        """The story's topic, the verdict that decided, and what is wrong with what was said of it."""
        said = story.said.get("topic") or front_matter.topics_by_title.get(story.title.casefold())
        if not said and len(front_matter.topics) == 1 and self.settings.find_topic(front_matter.topics[0]):
            said = front_matter.topics[0]
        faults = []
        if said:
            topic = self.settings.find_topic(said)
            if topic:
                return topic.id, _settled(topic.id, Reason(word=said, where="said", weight=1.0)), []
            faults.append(self._no_topic(said))
        if verdict.topic:
            return verdict.topic, verdict, faults
        weak = verdict.leaning
        fallback = weak or self.settings.fallback
        faults.append(f"no topic claims {story.title!r}: filed under {fallback}; name one below the heading: <!-- topic: … -->")
        reason = Reason(word="few words" if weak else "no topic's words", where="place", weight=0.0)
        return fallback, _settled(fallback, reason), faults


def _settled(topic: str, reason: Reason) -> Verdict:
    """A verdict for which there is one reason."""
    return Verdict(topic, {topic: reason.weight}, further=((topic, reason),))
