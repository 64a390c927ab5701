"""Strays: stories that stand in others, since somebody wrote their headings in another way than those of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from feedgen_kusama.documents.front_parts import Weigh
from feedgen_kusama.documents.piece import text_of
from feedgen_kusama.documents.run_ins import LEAST_TITLE_WORDS, split_run_in
from feedgen_kusama.documents.tree import Node

MOST_STRAYS = 2
"""More headings written in another way than those above them divide what these head."""
LEAST_NAMED = 3
"""So many topics of their own tell stories from the parts of one."""
LEAST_BEFORE = 2
"""So many headings of a rank head stories."""
CLEAR_MARGIN = 0.25
"""A heading whose winning topic leads by this share is about that topic."""


def raise_strays(roots: Sequence[Node], weigh: Weigh) -> Iterator[Node]:
    """The nodes, stories that one or two sections hold raised to stand beside these: somebody wrote their headings in
    another way, and no section tells of their topic."""
    roots = _raise_last(_raise_late(_raise_ranked(roots), weigh), weigh)
    strays = {i: parts for i, root in enumerate(roots) if (parts := _part_stray(root, is_last=root is roots[-1]))}
    if not 0 < len(strays) <= MOST_STRAYS < len(roots):
        yield from roots
        return
    rest = [strays[i][0] if i in strays else root for i, root in enumerate(roots)]
    told = {weigh(node.heading.title, text_of(node.text)).topic for node in rest}
    for index, root in enumerate(roots):
        topic = _clear_topic(strays[index][1], weigh) if index in strays else None
        if topic is None or topic in told:
            yield root
        else:
            told.add(topic)
            yield from strays[index]


def _raise_ranked(roots: Sequence[Node]) -> Sequence[Node]:
    """The nodes, headings below one with a text of its own raised to stand beside it where headings of their rank head the
    stories before it: somebody marked that one more strongly."""
    if not any(root.children for root in roots):  # as in most documents
        return roots
    raised: list[Node] = []
    before: Counter[int] = Counter()
    for root in roots:
        ranks = {child.heading.rank for child in root.children}
        is_slip = root.has_text and len(ranks) == 1 and before[min(ranks)] >= LEAST_BEFORE
        found = [replace(root, children=()), *root.children] if is_slip else [root]
        before.update(node.heading.rank for node in found)
        raised += found
    return raised


def _raise_late(roots: Sequence[Node], weigh: Weigh) -> Sequence[Node]:
    """The nodes, headings below the last one raised to stand beside it where only there are any, and each (but for one of
    many) tells of a topic that no section before it has: some write the last stories' headings more weakly."""
    late = roots[-1].children if roots else ()
    if len(late) < 2 or any(root.children for root in roots[:-1]) or not all(node.has_text for node in (roots[-1], *late)):
        return roots
    *told, parent = (_clear_topic(replace(root, children=()), weigh) for root in roots)
    topics = [_clear_topic(node, weigh) for node in late]
    named = [topic for topic in (parent, *topics) if topic]
    is_each_its_own = len(set(named)) == len(named) >= max(LEAST_NAMED, len(late))
    if not is_each_its_own or any(topic in told for topic in topics if topic):
        return roots
    return (*roots[:-1], replace(roots[-1], children=()), *late)


def _raise_last(roots: Sequence[Node], weigh: Weigh) -> Sequence[Node]:
    """The nodes, the last heading of all raised to stand beside the section that it is below where it is the only one there is
    below any, and its text tells of another topic: some write the last heading in another way."""
    *above, root = roots or (None,)
    if root is None or len(root.children) != 1 or not above or any(other and other.children for other in above):
        return roots
    last = root.children[0]
    if last.children or not (root.has_text and last.has_text):
        return roots
    own, verdict = weigh(root.heading.title, text_of(root.text)), weigh(last.heading.title, text_of(last.text))
    is_clear = last.heading.form != "marked" or verdict.margin >= CLEAR_MARGIN
    if verdict.topic is None or verdict.topic == own.topic or not is_clear:
        return roots
    return (*roots[:-1], replace(root, children=()), last)


def _part_stray(root: Node, *, is_last: bool) -> tuple[Node, Node] | None:
    """A section and the only thing in it that may be a story of its own: below a heading, or a paragraph that begins with
    its title. A label of few words only names a part, unless it ends the document."""
    run_ins = {i: parts for i, piece in enumerate(root.text) if i and piece.is_text and (parts := split_run_in(piece.block))}
    if root.children and not run_ins:
        child = root.children[0]
        is_whole = len(root.children) == 1 and root.has_text and child.has_text and not child.children
        return (replace(root, children=()), child) if is_whole and child.heading.words >= LEAST_TITLE_WORDS else None
    if root.children or len(run_ins) != 1:
        return None
    [(at, (piece, text))] = run_ins.items()
    assert piece.heading is not None
    if piece.heading.words < LEAST_TITLE_WORDS and not is_last:
        return None
    heading = replace(piece.heading, rank=root.heading.rank)
    stray = Node(piece=replace(piece, heading=heading), text=(text, *root.text[at + 1 :]))
    return replace(root, text=root.text[:at]), stray


def _clear_topic(node: Node, weigh: Weigh) -> str | None:
    """The topic that a heading names, or else its text clearly has."""
    by_heading, whole = weigh(node.heading.title, ""), weigh(node.heading.title, text_of(node.text))
    return by_heading.topic or (whole.topic if whole.margin >= CLEAR_MARGIN else None)
