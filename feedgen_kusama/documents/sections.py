"""The stories of a document: which of its headings are entries.

No list of phrases decides. A heading that no stronger one precedes is a section. Headings below
a section divide its story, unless it is an umbrella: one of no clear topic of its own over stories
of several. A label directly above the story's true headline gives way to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from feedgen_kusama.documents.bylines import DASHES, MOST_ROLE_WORDS, Byline, is_role
from feedgen_kusama.documents.front_matter import read_draft
from feedgen_kusama.documents.front_parts import Weigh
from feedgen_kusama.documents.headings import FEW_WORDS, LINE_RANK, Heading, is_capitalised
from feedgen_kusama.documents.piece import Piece, text_of
from feedgen_kusama.documents.strays import CLEAR_MARGIN, raise_strays
from feedgen_kusama.documents.tree import Node, build_tree

LEAST_LABELS = 2
LABEL_WORDS = 4
"""A heading of no more words and without a colon may be a mere label,"""
LABEL_ABOVE_WORDS = 6
"""and one of so many when the story's only other heading stands right below it."""
MANY_TOPICS = 4
"""Parts that clearly tell of so many topics are stories, whatever is written above them."""
PART_WORDS = 3
"""A lone sub-heading of no more words names a part of its story (`Market Reaction`), where the story's own has more."""


class Story(Struct, frozen=True, kw_only=True):
    """A lead or section as it was cut out: its heading taken apart, its body still in pieces."""

    line: int
    title: str
    body: tuple[Piece, ...]
    byline: Byline | None = None
    date: date | None = None
    is_umbrella: bool = False
    under: str = ""
    """The label it stood below."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What comments in the story say of it: topic, author, date, draft,"""
    lines: Mapping[str, int] = field(default_factory=dict)
    """and on which lines."""

    def line_of(self, remark: str) -> int:
        """Where it says so, or else where it begins."""
        return self.lines.get(remark, self.line)

    @property
    def draft(self) -> tuple[bool, list[str]]:
        """Whether it is said to be a draft, and what is wrong with how; `<!-- draft -->` says so too."""
        return read_draft(self.said["draft"] or "true") if "draft" in self.said else (False, [])

    @property
    def is_draft(self) -> bool:
        return self.draft[0]

    def with_body(self, body: tuple[Piece, ...]) -> Story:
        return replace(self, body=body)


def read_stories(pieces: Sequence[Piece], weigh: Weigh) -> tuple[tuple[Story, ...], tuple[Piece, ...]]:
    """The stories in reading order, and the headings that have no text."""
    roots = tuple(raise_strays(build_tree(pieces), weigh))
    nodes: list[Node] = []
    empty: list[Piece] = []
    is_only = sum(1 for root in roots if root.has_text or root.children) == 1
    for node in _join_labels(roots):
        found = list(_entries(node, weigh, is_only=is_only, is_last=node.heading is roots[-1].heading))
        empty += [] if found else [node.piece]
        nodes += found
    return tuple(map(_read_node, nodes)), tuple(empty)


def _read_node(node: Node) -> Story:
    story = read_story(node.piece, node.heading, tuple(node.pieces()))
    return replace(story, is_umbrella=True) if node.is_umbrella else story


def _join_labels(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes, a label without text joined with the headline of the same rank that follows it; where several labels
    stand so, each has a headline."""
    pairs = [(above, node) for above, node in pairwise(nodes) if _is_bare_label(above) and not _is_bare_label(node)]
    is_form = len(pairs) >= LEAST_LABELS
    label: Node | None = None
    for node in nodes:
        is_below = label is not None and node.heading.rank == label.heading.rank
        if label is not None and is_below and (is_form or _is_headline(node.heading, label.heading)):
            node = _below_label(label, node)
        elif label is not None:
            yield label
        label = None
        if _is_bare_label(node):
            label = node
        else:
            yield node
    if label is not None:
        yield label


def _is_bare_label(node: Node) -> bool:
    return not node.has_text and not node.children and is_label(node.heading)


def _is_headline(heading: Heading, label: Heading) -> bool:
    """Whether a line below a label is the story's headline: it says so, is in quotes or more than a label, be it only by
    its words, or the label is but a number."""
    is_longer = heading.words > max(label.words, FEW_WORDS - 1)
    return heading.label == "headline" or heading.form == "quoted" or is_longer or not is_label(heading) or not label.title


def is_label(heading: Heading, *, most: int = LABEL_WORDS) -> bool:
    """Whether a heading may only name a section's place or subject: numbered, or few words and no colon."""
    return not heading.title or (":" not in heading.title and (heading.words <= most or heading.label == "number"))


def _is_label_above(node: Node) -> bool:
    """Whether a section is a label with the true headline, and no deck, right below."""
    if not _is_over_one(node) or _is_deck(node.children[0].heading, node.heading):
        return False
    if not node.children[0].has_text and not node.children[0].children:
        return False
    return is_label(node.heading, most=LABEL_ABOVE_WORDS)


def _is_over_one(node: Node) -> bool:
    """Whether a heading has another one right below it, and no more."""
    return len(node.children) == 1 and not node.has_text


def _is_deck(heading: Heading, above: Heading) -> bool:
    """Whether a line right below a heading only adds to it: in italics, in fewer words and few, in no more words than a title
    that is long for a label, or in small letters below a title that is not."""
    if heading.form == "italic" or heading.is_announcing:
        return True
    if heading.words <= above.words and not is_label(above, most=LABEL_WORDS):
        return True
    if above.title and heading.words < above.words and is_label(heading, most=PART_WORDS):
        return True
    return above.words >= PART_WORDS and is_capitalised(above.title) and not is_capitalised(heading.title)


def _below_label(label: Node, node: Node) -> Node:
    """The story under its true headline, beginning on the label's line; what the label's head says stays."""
    block = replace(node.piece.block, line=label.piece.line)
    heading = replace(node.heading, under=f"{label.heading.under} {label.heading.title}".strip())
    return replace(node, piece=replace(node.piece, block=block, heading=heading), text=(*label.text, *node.text))


def _entries(node: Node, weigh: Weigh, *, is_only: bool = False, is_last: bool = False) -> Iterator[Node]:
    """The nodes that are entries: the node as a whole, or itself and what stands below it."""
    children = node.children
    if _is_label_above(node):
        yield from _entries(_below_label(node, children[0]), weigh, is_last=is_last)
    elif _is_umbrella(node, weigh, is_only=is_only):
        if node.has_text:
            yield replace(node, children=(), is_umbrella=True)
        for child in _join_labels(children):
            yield from _entries(child, weigh, is_last=is_last and child.heading is children[-1].heading)
    elif children and _is_astray(node, children[-1], weigh, is_last=is_last):
        yield replace(node, children=children[:-1])
        yield from _entries(children[-1], weigh, is_last=is_last)
    elif any(piece.is_text or (piece.heading and piece.heading.rank >= LINE_RANK) for piece in node.pieces()):
        yield node


def _is_umbrella(node: Node, weigh: Weigh, *, is_only: bool) -> bool:
    """Whether a heading only gathers the stories below it."""
    if any(child.has_byline for child in node.children):
        return not _is_over_one(node)  # a title and its deck
    if len(node.children) < 2 or is_only:
        return len(node.children) > 1
    found = [weigh(child.heading.title, text_of(child.pieces())) for child in node.children]
    topics = {verdict.topic for verdict in found} - {None}
    own = weigh(node.heading.title, "")
    if len(topics) < 2:
        return False
    if len({verdict.topic for verdict in found if verdict.topic and verdict.margin >= CLEAR_MARGIN}) >= MANY_TOPICS:
        return True
    if own.is_general:  # parts of a summary are called by a few words that name no subject
        parts = sum(1 for child in node.children if _is_part(child.heading, weigh))
        return 2 * parts < len(node.children)
    return own.topic is None or own.margin < CLEAR_MARGIN


def _is_part(heading: Heading, weigh: Weigh) -> bool:
    """Whether a heading is called as parts of a summary are: `Key Figures`, `At a Glance`."""
    verdict = weigh(heading.title, "")
    return verdict.is_general or (verdict.topic is None and heading.words <= PART_WORDS)


def _is_astray(node: Node, last: Node, weigh: Weigh, *, is_last: bool) -> bool:
    """Whether a lone heading in a section heads a story of its own: its words name another topic, and are more than a
    label, unless it is the document's last heading."""
    if (
        not node.has_text
        or len(node.children) > 1
        or not last.has_text
        or (not is_last and is_label(last.heading, most=PART_WORDS) and not is_label(node.heading, most=PART_WORDS))
    ):
        return False
    topic = weigh(last.heading.title, "").topic
    return topic is not None and topic != weigh(node.heading.title, text_of(node.text)).topic


def _is_role_line(piece: Piece) -> bool:
    text = piece.block.text
    return piece.block.kind == "paragraph" and len(text.split()) <= MOST_ROLE_WORDS and is_role(text)


def _signature(body: Sequence[Piece]) -> Byline | None:
    """Who signed a story: a name behind a dash below its text. Below a quotation it is who said it."""
    *_, above, last = body
    is_signed = last.block.text.startswith(tuple(DASHES)) and above.block.kind != "block_quote"
    return last.name if is_signed else None


def read_story(piece: Piece | None, heading: Heading | None, below: Sequence[Piece], *, title: str = "") -> Story:
    """A story from its heading (None for a lead) and everything below it: bylines, dates and remarks taken out."""
    body = list(below)
    byline = heading.byline if heading else None
    day: date | None = None
    said = dict(p.remark for p in body if p.remark)
    lines = {p.remark[0]: p.line for p in body if p.remark}
    body = [p for p in body if not p.remark]
    deck = body[:1] if len(body) > 1 and body[0].heading and body[1].byline and not body[1].heading else []
    del body[: len(deck)]
    while body and (body[0].byline or body[0].date or body[0].is_rule) and not body[0].heading:
        byline, day = byline or body[0].byline, day or body[0].date
        body.pop(0)
    body = deck + body
    if byline and byline.role is None and len(body) > 1 and _is_role_line(body[0]):
        byline = replace(byline, role=body.pop(0).block.text)
    while body and body[-1].is_rule:
        body.pop()
    if len(body) > 1 and byline is None:
        byline = body[-1].byline or _signature(body)
        body = body[:-1] if byline else body
    line = piece.line if piece else body[0].line if body else 1
    if heading and piece:
        title = heading.title or piece.block.text
    under = heading.under if heading else ""
    return Story(line=line, title=title, under=under, body=tuple(body), byline=byline, date=day, said=said, lines=lines)
