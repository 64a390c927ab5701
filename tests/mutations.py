"""A publication as an author sees it, and the ways in which authors change it.

Stories carry a key that the program never sees: it tells which story is which, whatever is done to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from feedgen_kusama.model import Document
from feedgen_kusama.settings import Settings
from feedgen_kusama.words import split_words

MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Story:
    key: int
    title: str
    body: str

    @property
    def words(self) -> tuple[list[str], list[str]]:
        return split_words(self.title), split_words(self.body)


@dataclass
class File:
    year: int
    month: int
    stories: list[Story]
    level: int = 2

    def markdown(self) -> str:
        head = f"# Kusama News - {MONTHS[self.month - 1]} {self.year}\n"
        return "\n".join([head, *(f"{'#' * self.level} {story.title}\n\n{story.body}\n" for story in self.stories)])


@dataclass
class Publication:
    """All files by name, the settings, and what was deleted and may come back."""

    files: dict[str, File]
    settings: Settings
    rng: random.Random
    vocabulary: list[str]
    deleted: dict[str, File] = field(default_factory=dict)
    keys: int = 0
    parts: set[int] = field(default_factory=set)
    """Stories split or inserted since the last build. Where one part is dropped at once, the other is the story itself: no
    answer is right, and none is asked for."""
    joined: set[int] = field(default_factory=set)
    """Stories that took another in. They are not split again: out would come the other, with its old id."""

    @classmethod
    def of(cls, documents: list[Document], settings: Settings, seed: int) -> Publication:
        rng = random.Random(seed)
        words = sorted({word for d in documents for draft in d.drafts for word in split_words(draft.text)})
        publication = cls(files={}, settings=settings, rng=rng, vocabulary=words)
        for document in documents:
            assert document.edition is not None
            drafts = [d for d in document.drafts if len(split_words(d.text)) > 20]
            stories = [publication.new_story(d.title, " ".join(d.text.replace("#", "").split())) for d in drafts]
            publication.files[document.path] = File(*document.edition, stories)
        return publication

    def new_story(self, title: str, body: str) -> Story:
        self.keys += 1
        return Story(self.keys, title, body)

    def invented(self) -> Story:
        """A story that has nothing to do with any other but the language."""
        body = " ".join(self.rng.choices(self.vocabulary, k=60))
        return self.new_story(self.phrase(5), f"{body[0].upper()}{body[1:]}.")

    def phrase(self, count: int) -> str:
        return " ".join(word.capitalize() for word in self.rng.choices(self.vocabulary, k=count))

    def file(self) -> File:
        return self.files[self.rng.choice(sorted(self.files))]

    def place(self) -> tuple[File, int]:
        file = self.file()
        return file, self.rng.randrange(len(file.stories))


def retitle(p: Publication) -> None:
    file, at = p.place()
    file.stories[at] = replace(file.stories[at], title=p.phrase(p.rng.randint(3, 8)))


def reword(p: Publication) -> None:
    """Replace up to two fifths of a story's words by others of the publication."""
    file, at = p.place()
    words = file.stories[at].body.split()
    for index in p.rng.sample(range(len(words)), int(len(words) * p.rng.uniform(0.01, 0.4))):
        words[index] = p.rng.choice(p.vocabulary)
    file.stories[at] = replace(file.stories[at], body=" ".join(words))


def polish(p: Publication) -> None:
    """Change marks, letter case and white space, but no word."""
    file, at = p.place()
    words = file.stories[at].body.split()
    index = p.rng.randrange(len(words))
    words[index] = f"**{words[index].strip('*_`')}**" if words[index].isalpha() else words[index]
    file.stories[at] = replace(file.stories[at], body="  ".join(words[:3]) + "\n" + " ".join(words[3:]))


def reorder(p: Publication) -> None:
    p.rng.shuffle(p.file().stories)


def insert(p: Publication) -> None:
    file, at = p.place()
    story = p.invented()
    file.stories.insert(at, story)
    p.parts.add(story.key)  # joined to a story that readers know before they know this one, it would only be more of that


def remove(p: Publication) -> None:
    file, at = p.place()
    if len(file.stories) > 3 and file.stories[at].key not in p.parts:
        del file.stories[at]


def split(p: Publication) -> None:
    file, at = p.place()
    story = file.stories[at]
    words = story.body.split()
    if len(words) > 40 and story.key not in p.joined:
        half = len(words) // 2
        file.stories[at] = replace(story, body=" ".join(words[:half]) + ".")
        rest = p.new_story(p.phrase(4), "So " + " ".join(words[half:]))
        file.stories.insert(at + 1, rest)
        p.parts |= {story.key, rest.key}


def join(p: Publication) -> None:
    file, at = p.place()
    if at + 1 < len(file.stories) and len(file.stories) > 3:
        story, other = file.stories[at], file.stories[at + 1]
        if len(other.body) <= len(story.body) and not p.parts & {story.key, other.key}:
            file.stories[at : at + 2] = [replace(story, body=f"{story.body} {other.body}")]
            p.joined.add(story.key)


def rename(p: Publication) -> None:
    name = p.rng.choice(sorted(p.files))
    p.files[f"renamed-{p.rng.randrange(10**6)}.md"] = p.files.pop(name)


def relevel(p: Publication) -> None:
    p.file().level = p.rng.randint(1, 5)


def move_site(p: Publication) -> None:
    p.settings = msgspec.structs.replace(p.settings, url=f"https://site-{p.rng.randrange(100)}.example/news/")


def rename_topics(p: Publication) -> None:
    topics = tuple(msgspec.structs.replace(t, title=f"{t.title} {p.rng.randrange(100)}") for t in p.settings.topics)
    p.settings = msgspec.structs.replace(p.settings, topics=topics)


def reweigh_topics(p: Publication) -> None:
    topics = tuple(msgspec.structs.replace(t, words={w: p.rng.uniform(0.1, 5) for w in t.words}) for t in p.settings.topics)
    p.settings = msgspec.structs.replace(p.settings, topics=topics)


def move_to_other_file(p: Publication) -> None:
    """Move a story into a second file of the same month."""
    file, at = p.place()
    if len(file.stories) > 3:
        name = f"more-{file.year}-{file.month:02d}.md"
        other = p.files.setdefault(name, File(file.year, file.month, []))
        if other is not file:
            other.stories.insert(p.rng.randint(0, len(other.stories)), file.stories.pop(at))
        if not other.stories:
            del p.files[name]


def delete(p: Publication) -> None:
    if len(p.files) > 2:
        name = p.rng.choice(sorted(p.files))
        p.deleted[name] = p.files.pop(name)


def bring_back(p: Publication) -> None:
    if p.deleted:
        name = p.rng.choice(sorted(p.deleted))
        p.files.setdefault(name, p.deleted.pop(name))


MUTATIONS: tuple[Callable[[Publication], None], ...] = (
    retitle,
    reword,
    polish,
    reorder,
    insert,
    remove,
    split,
    join,
    rename,
    relevel,
    move_site,
    rename_topics,
    reweigh_topics,
    move_to_other_file,
    delete,
    bring_back,
)
