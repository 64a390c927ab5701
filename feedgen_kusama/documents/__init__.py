"""Documents: from a file's text to its drafts, left-out lines and problems. Pure: text in, values out.

source · front_matter · markdown -> pieces (headings · bylines · imprint) -> front · references · sections -> dates · topics
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from feedgen_kusama.characters import plain_text
from feedgen_kusama.documents.bylines import Byline
from feedgen_kusama.documents.dates import Calendar, calendar_for, find_days, find_month, month_end, parse_day
from feedgen_kusama.documents.front import Front, read_front
from feedgen_kusama.documents.front_matter import FrontMatter, split_front_matter
from feedgen_kusama.documents.markdown import Source, parse_blocks
from feedgen_kusama.documents.months import find_edition
from feedgen_kusama.documents.pieces import Piece, read_pieces
from feedgen_kusama.documents.references import is_closing_note, split_references
from feedgen_kusama.documents.sections import Story, read_stories, read_story
from feedgen_kusama.documents.source import find_excess, find_nesting, read_text
from feedgen_kusama.documents.topics import Classifier, Place, Verdict
from feedgen_kusama.model import Document, Draft, Edition, LeftOut, Problem, Reason
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

__all__ = ["Reader", "parse_document"]


def parse_document(text: str | bytes, path: str, settings: Settings) -> Document:
    """The document in a text, as `path` names it. Never raises for what the text holds."""
    return Reader(settings).parse(text, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A document taken apart, before its stories become drafts."""

    front: Front
    source: Source
    lead: Story | None
    stories: tuple[Story, ...]
    left_out: tuple[tuple[str, Piece], ...]
    empty: tuple[Piece, ...]


class Reader:
    """Reads documents with one publication's settings: its topics, and the months it understands."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.names: Calendar = calendar_for(settings.months)
        self.classifier = Classifier(settings.topics)

    def parse(self, data: str | bytes, path: str) -> Document:
        """The document in a file's bytes or text. Its problems say what is wrong with it."""
        text = read_text(data)
        problems = [_problem(path, line, message, "warning" if text.is_usable else "error") for line, message in text.faults]
        excess = find_nesting(text.text)
        if excess or not text.is_usable:
            return _unreadable(path, problems, excess)
        split = split_front_matter(text.text)
        problems += [_problem(path, line, message) for line, message in split.faults]
        source = parse_blocks(split.text, first_line=split.first_line)
        pieces = read_pieces(source.blocks, self.names)
        excess = find_excess((piece.line, piece.block.text) for piece in pieces if piece.heading)
        if excess:
            return _unreadable(path, problems, excess)
        reading = self._take_apart(pieces, source, split.front_matter)
        return self._assemble(path, split.front_matter, reading, problems)

    def _take_apart(self, pieces: Sequence[Piece], source: Source, front_matter: FrontMatter) -> _Reading:
        pieces, references = split_references(pieces)
        front = read_front(pieces, self.names, self.classifier.classify)
        stories, empty = read_stories(pieces[front.rest :], self.classifier.classify)
        stories, note = _split_note(stories)
        title = self._headline(front, front_matter) or (
            front.title.heading.title if front.title and front.title.heading else ""
        )
        lead = read_story(None, None, front.lead, title=title or front_matter.title or "")
        left_out = (*front.left_out, *(("closing note", p) for p in note), *(("references", p) for p in references))
        if front.headline and lead.byline is None:
            lead = replace(lead, byline=front.headline.byline)
        return _Reading(
            front=front, source=source, lead=lead if lead.body else None, stories=stories, left_out=left_out, empty=empty
        )

    def _assemble(self, path: str, front_matter: FrontMatter, reading: _Reading, problems: list[Problem]) -> Document:
        front = reading.front
        title = front.title.heading.title if front.title and front.title.heading else front_matter.title
        headline = self._headline(front, front_matter)
        found = find_edition(path, front, front_matter, self.names)
        if found.edition or not any(p.severity == "error" for p in problems):
            # Front matter that cannot be read would have named the month: one fault is enough.
            problems += [_problem(path, line, message) for line, message in found.faults]
        problems += self._unknown_topics(path, front_matter)
        drafts: list[Draft] = []
        if found.edition and not front_matter.draft:
            day, faults = self._document_date(found.edition, front, front_matter)
            problems += [_problem(path, line, message, "warning") for line, message in faults]
            drafts = list(self._drafts(path, found.edition, day, front_matter, reading, problems))
            if not drafts and not any(story.is_draft for story in (*reading.stories, reading.lead) if story):
                problems.append(_problem(path, None, "no story: write one below a heading"))
        problems += [
            _problem(path, p.line, f"no text below {p.block.text!r}: write the story or remove the heading", "warning")
            for p in reading.empty
        ]
        return Document(
            path=path,
            edition=found.edition,
            edition_source=found.source,
            title=title,
            headline=plain_text(headline) if headline else None,
            drafts=tuple(drafts),
            left_out=tuple(_left_out(reading)),
            problems=tuple(problems),
            is_draft=front_matter.draft,
        )

    def _unknown_topics(self, path: str, front_matter: FrontMatter) -> Iterator[Problem]:
        for name in front_matter.topics:
            if self.settings.find_topic(name) is None:
                message = f"front matter: topics: {self._no_topic(name)}"
                yield _problem(path, front_matter.lines.get("topics"), message, "warning")

    def _no_topic(self, name: str) -> str:
        return f"no topic is called {name!r}: known are {', '.join(topic.id for topic in self.settings.topics)}"

    def _headline(self, front: Front, front_matter: FrontMatter) -> str | None:
        """The headline; a title in the front matter that names no month is one."""
        if front.headline:
            return front.headline.title
        title = front_matter.title
        return title if title and find_month(title, self.names) is None else None

    def _document_date(
        self, edition: Edition, front: Front, front_matter: FrontMatter
    ) -> tuple[date, list[tuple[int | None, str]]]:
        stated = front_matter.date and parse_day(front_matter.date, self.names)
        if front_matter.date and not stated:
            fault = f"front matter: date: {front_matter.date!r} is no day: write it as 2024-11-30"
            return front.dateline or month_end(edition), [(front_matter.lines.get("date"), fault)]
        return stated or front.dateline or month_end(edition), []

    def _drafts(
        self,
        path: str,
        edition: Edition,
        day: date,
        front_matter: FrontMatter,
        reading: _Reading,
        problems: list[Problem],
    ) -> Iterator[Draft]:
        lead = () if reading.lead is None else (reading.lead,)
        stories = (*lead, *reading.stories)
        verdicts = self._verdicts(reading, front_matter)
        for story, verdict in zip(stories, verdicts, strict=True):
            if story.is_draft:
                continue
            topic, reasons, faults = self._topic(story, verdict, front_matter)
            stated = story.date
            if "date" in story.said:
                stated = parse_day(story.said["date"], self.names)
                faults += [] if stated else [f"date: {story.said['date']!r} is no day: write it as 2024-11-30"]
            problems += [_problem(path, story.line, message, "warning") for message in faults]
            text = reading.source.text(piece.block for piece in story.body)
            byline = story.byline or Byline(front_matter.author, None)
            author = story.said.get("author") or byline.author
            yield Draft(
                kind="lead" if story is reading.lead else "section",
                line=story.line,
                title=plain_text(story.title) or month_title(edition, self.settings.months[0]),
                topic=topic,
                reasons=reasons,
                author=plain_text(author) if author else None,
                role=plain_text(byline.role) if byline.role else None,
                date=stated or day,
                days=find_days(" ".join(text.split()), edition, self.names),
                text=text,
                markup=reading.source.render(piece.block for piece in story.body),
            )

    def _verdicts(self, reading: _Reading, front_matter: FrontMatter) -> list[Verdict]:
        """Every story's verdict, the lead's first: an opening and a closing are judged knowing what the others claim."""
        lead = [self._lead_verdict()] if reading.lead else []
        stories = reading.stories
        texts = ["\n".join(piece.block.text for piece in story.body) for story in stories]
        classifier = self.classifier.narrowed(front_matter.topics)
        places: list[Place] = ["first" if story.is_umbrella else "between" for story in stories]
        if stories and not reading.lead and reading.front.headline and len(stories) > 1:
            places[0] = "first"
        if len(stories) > 2:
            places[-1] = "last"
        headings = [f"{story.under} {story.title}" for story in stories]
        evidence = [classifier.weigh(heading, text) for heading, text in zip(headings, texts, strict=True)]
        alone = [classifier.judge(found) for found in evidence]
        return lead + [
            alone[i]
            if place == "between"
            else classifier.judge(found, place, {v.topic for j, v in enumerate(alone) if v.topic and j != i})
            for i, (found, place) in enumerate(zip(evidence, places, strict=True))
        ]

    def _lead_verdict(self) -> Verdict:
        topic = max(self.settings.topics, key=lambda topic: topic.opening)
        id = topic.id if topic.opening > 0 else self.settings.fallback
        return Verdict(id, (Reason(word="the lead", where="place", weight=topic.opening),), {id: topic.opening})

    def _topic(self, story: Story, verdict: Verdict, front_matter: FrontMatter) -> tuple[str, tuple[Reason, ...], list[str]]:
        """The story's topic, why, and what is wrong with what was said of it."""
        said = story.said.get("topic") or front_matter.topics_by_title.get(story.title.casefold())
        if not said and len(front_matter.topics) == 1 and self.settings.find_topic(front_matter.topics[0]):
            said = front_matter.topics[0]
        faults = []
        if said:
            topic = self.settings.find_topic(said)
            if topic:
                return topic.id, (Reason(word=said, where="said", weight=1.0),), []
            faults.append(self._no_topic(said))
        if verdict.topic:
            return verdict.topic, verdict.reasons, faults
        fallback = self.settings.fallback
        faults.append(f"no topic claims {story.title!r}: filed under {fallback}; name one below the heading: <!-- topic: … -->")
        return fallback, (Reason(word="no topic's words", where="place", weight=0.0),), faults


def _problem(path: str, line: int | None, message: str, severity: str = "error") -> Problem:
    return Problem(path=path, line=line, message=message, severity="warning" if severity == "warning" else "error")


def _unreadable(path: str, problems: list[Problem], excess: tuple[int, str] | None) -> Document:
    """A document of which nothing is read but what is wrong with it."""
    found = [*problems, _problem(path, *excess)] if excess else problems
    return Document(path=path, edition=None, edition_source=None, title=None, headline=None, problems=tuple(found))


def _split_note(stories: tuple[Story, ...]) -> tuple[tuple[Story, ...], tuple[Piece, ...]]:
    """The stories without the closing note that the last one may end with, and the note."""
    if not stories or len(stories[-1].body) < 2:
        return stories, ()
    *body, note = stories[-1].body
    if not is_closing_note(note, after_rule=body[-1].is_rule):
        return stories, ()
    while body and body[-1].is_rule:
        body.pop()
    return (*stories[:-1], stories[-1].with_body(tuple(body))), (note,)


def _left_out(reading: _Reading) -> Iterator[LeftOut]:
    for why, piece in reading.left_out:
        if not piece.is_rule:
            yield LeftOut(line=piece.line, text=piece.block.text, why=why, markup=reading.source.render([piece.block]))
