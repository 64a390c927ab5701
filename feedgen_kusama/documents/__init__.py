"""Documents: from a file's text to its drafts, left-out lines and problems. Pure: text in, values out.

source · front_matter · markdown -> numbered
-> pieces (stacked · headings · bylines · imprint · signed · confirmation · unended · run_ins)
-> references · furniture · front (front_parts · masthead) · sections (tree · strays)
-> dates (calendars) · filing (topics)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace

from feedgen_kusama.characters import plain_text
from feedgen_kusama.documents.bylines import Byline
from feedgen_kusama.documents.calendars import Calendar, calendar_for
from feedgen_kusama.documents.dates import find_days, find_month, month_end, parse_day
from feedgen_kusama.documents.filing import Filing
from feedgen_kusama.documents.front import Front, read_front
from feedgen_kusama.documents.front_matter import FrontMatter, split_front_matter
from feedgen_kusama.documents.furniture import split_furniture
from feedgen_kusama.documents.markdown import Source, parse_blocks
from feedgen_kusama.documents.months import find_edition
from feedgen_kusama.documents.numbered import split_numbered
from feedgen_kusama.documents.piece import Piece
from feedgen_kusama.documents.pieces import read_pieces
from feedgen_kusama.documents.references import is_closing_note, split_references
from feedgen_kusama.documents.sections import Story, read_stories, read_story
from feedgen_kusama.documents.source import find_excess, find_nesting, read_text
from feedgen_kusama.model import Document, Draft, Edition, LeftOut, Problem
from feedgen_kusama.month_names import month_title
from feedgen_kusama.settings import Settings

__all__ = ["Reader", "parse_document"]


def parse_document(text: str | bytes, path: str, settings: Settings) -> Document:
    """The document in a text, as `path` names it. Never raises for what the text holds."""
    return Reader(settings, tells_why=True).parse(text, path)


class _Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A document taken apart, before its stories become drafts."""

    front: Front
    source: Source
    lead: Story | None
    stories: tuple[Story, ...]
    left_out: tuple[tuple[str, Piece], ...]
    empty: tuple[Piece, ...]


class Reader:
    """Reads documents with one publication's settings: its topics, and the months it understands.

    `tells_why` is for people who ask: each draft then has the reasons for its topic.
    """

    def __init__(self, settings: Settings, *, tells_why: bool = False) -> None:
        self.settings = settings
        self.tells_why = tells_why
        self.names: Calendar = calendar_for(settings.months)
        self.filing = Filing(settings)

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
        pieces = read_pieces(split_numbered(source.blocks, text.text), self.names)
        excess = find_excess((piece.line, piece.block.text) for piece in pieces if piece.heading)
        if excess:
            return _unreadable(path, problems, excess)
        reading = self._take_apart(pieces, source, split.front_matter)
        return self._assemble(path, split.front_matter, reading, problems)

    def _take_apart(self, pieces: Sequence[Piece], source: Source, front_matter: FrontMatter) -> _Reading:
        pieces, references = split_references(pieces)
        pieces, furniture = split_furniture(pieces)
        front = read_front(pieces, self.names, self.filing.classifier.classify)
        stories, empty = read_stories(pieces[front.rest :], self.filing.classifier.classify)
        stories, note = _split_note(stories)
        title = self._headline(front, front_matter) or (
            front.title.heading.title if front.title and front.title.heading else ""
        )
        lead = read_story(None, None, front.lead, title=title or front_matter.title or "")
        left_out = (
            *front.left_out,
            *(("byline", p) for p in front.lead if p.byline and not lead.body),
            *(("furniture", p) for p in furniture),
            *(("closing note", p) for p in note),
            *(("references", p) for p in references),
        )
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
        problems += [_problem(path, line, message, "warning") for line, message in self.filing.unknown_topics(front_matter)]
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
        verdicts = [self.filing.judge_lead() for _ in lead]
        opens = not lead and reading.front.headline is not None
        verdicts += self.filing.judge(reading.stories, front_matter, opens=opens)
        for story, verdict in zip((*lead, *reading.stories), verdicts, strict=True):
            is_draft, faults = story.draft
            problems += [_problem(path, story.line_of("draft"), message, "warning") for message in faults]
            if is_draft:
                continue
            topic, verdict, faults = self.filing.file(story, verdict, front_matter)
            problems += [_problem(path, story.line_of("topic"), message, "warning") for message in faults]
            stated = story.date
            if "date" in story.said:
                stated = parse_day(story.said["date"], self.names)
                message = f"date: {story.said['date']!r} is no day: write it as 2024-11-30"
                problems += [] if stated else [_problem(path, story.line_of("date"), message, "warning")]
            blocks = [piece.block for piece in story.body]
            text = reading.source.text(blocks)
            byline = story.byline or Byline(front_matter.author, None)
            author = story.said.get("author") or byline.author
            yield Draft(
                kind="lead" if story is reading.lead else "section",
                line=story.line,
                title=plain_text(story.title) or month_title(edition, self.settings.months[0]),
                topic=topic,
                reasons=verdict.reasons if self.tells_why else (),
                author=plain_text(author) if author else None,
                role=plain_text(byline.role) if byline.role else None,
                date=stated or day,
                days=find_days(text, edition, self.names),
                text=text,
                markup=reading.source.render(blocks),
            )


def _problem(path: str, line: int | None, message: str, severity: str = "error") -> Problem:
    return Problem(path=path, line=line, message=message, severity="warning" if severity == "warning" else "error")


def _unreadable(path: str, problems: list[Problem], excess: tuple[int, str] | None) -> Document:
    """A document of which nothing is read but what is wrong with it."""
    found = [*problems, _problem(path, *excess)] if excess else problems
    return Document(path=path, edition=None, edition_source=None, title=None, headline=None, problems=tuple(found))


def _split_note(stories: tuple[Story, ...]) -> tuple[tuple[Story, ...], tuple[Piece, ...]]:
    """The stories without the closing note that the last one may end with, and the note."""
    body = stories[-1].body if stories else ()
    rule = max((i for i, piece in enumerate(body) if piece.is_rule), default=0)
    is_set_apart = rule > 0 and all(is_closing_note(piece, after_rule=True) for piece in body[rule + 1 :])
    start = rule + 1 if is_set_apart else len(body) - 1
    if start < 1 or not all(is_closing_note(piece, after_rule=is_set_apart) for piece in body[start:]):
        return stories, ()
    kept = list(body[:start])
    while kept and kept[-1].is_rule:
        kept.pop()
    return (*stories[:-1], stories[-1].with_body(tuple(kept))), body[start:]


def _left_out(reading: _Reading) -> Iterator[LeftOut]:
    for why, piece in reading.left_out:
        if not piece.is_rule:
            yield LeftOut(line=piece.line, text=piece.block.text, why=why, markup=reading.source.render([piece.block]))
