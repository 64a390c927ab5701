"""The names of months that a publication's documents are read with, and the patterns of months and days built on them."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

import msgspec

from feedgen_kusama.month_names import ENGLISH, month_names

WORD = r"[^\W\d_]{3,}+"
ORDINAL_WORD = f"{WORD}(?:-{WORD})?"
"""What may be a month and an ordinal. Whether it is one is asked afterwards: `re` takes long to compile all of them."""
DASH = r"\s*[-\u2010-\u2015]\s*"
_ORDINAL = r"(?:st|nd|rd|th)"
ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth "
    "twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_IN = r"\b[Ii]n\s+(?:the\s+\w+\s+of\s+|(?:early|mid|late)[\s-]+)?"
LONGEST_RUN_UP = 60
RUN_UP_ENDS = tuple(f"{word}{gap}" for word in ("in", "of", "early", "mid", "late") for gap in " -")
LONGEST_END = max(map(len, RUN_UP_ENDS))
_NO_DATE_AFTER = r"(?!\s*%|\d|:\d|[.,/]\d|\s+(?:percent|per\s+cent|million|billion|thousand)\b)"


class Calendar(msgspec.Struct, frozen=True):
    """The names of months that are understood, and the patterns built on them."""

    numbers: dict[str, int]
    spellings: frozenset[str]
    """How the names are written: English ones with a capital ("may" and "march" are verbs)."""
    others: frozenset[str]
    """The names in other languages alone, casefolded: they may be written in any letter case."""
    month: re.Pattern[str]
    """A month and its year, if the words in it are names of months."""
    days: re.Pattern[str]
    """A day or several of one month, if the words in it are a name of a month and an ordinal."""
    hints: re.Pattern[str]
    """What every month begins with and no day is named without, and quick to look for: the names of months, and figures
    that may go on to be a part of either."""
    run_up: re.Pattern[str]
    """What may stand before the name of the month as a part of the day: at most LONGEST_RUN_UP characters, the last of
    which are one of RUN_UP_ENDS."""

    def number(self, name: str) -> int:
        return self.numbers[name.rstrip(".").casefold()]

    def is_month(self, name: str) -> bool:
        """Whether a word is the name of a month."""
        name = name.rstrip(".")
        return name in self.spellings or (bool(self.others) and name.casefold() in self.others)


@cache
def calendar_for(languages: tuple[str, ...]) -> Calendar:
    """The calendar for these languages (`en` alone needs no extra). Raises LookupError."""
    numbers: dict[str, int] = {}
    for language in languages:
        for number, names in enumerate(month_names(language), 1):
            for name in names:
                numbers.setdefault(name.rstrip(".").casefold(), number)
    names = sorted(numbers, key=len, reverse=True)
    english = {name.casefold() for month in ENGLISH for name in month} if "en" in languages else set()
    spellings = tuple(chain.from_iterable((name.capitalize(), name.upper()) if name in english else (name,) for name in names))
    flags = re.IGNORECASE if languages != ("en",) else 0
    initials = "".join(sorted({spelling[0] for spelling in spellings}))
    are_words = all(re.fullmatch(WORD, name) for name in names)
    word = WORD if are_words else "|".join(map(re.escape, spellings))
    name = rf"(?<![^\W\d_])(?:{word})(?![^\W\d_])\.?"
    year = r"(?:19|20|21)\d\d(?!\d)"
    day = rf"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:{_ORDINAL}\b)?"
    month = re.compile(
        rf"(?P<name>{name})(?:\s*(?:{DASH}|/|&|and|to)\s*(?P<later>{name}))?,?\s+(?:of\s+)?(?:(?P<year>{year})|['’](?P<short>\d\d)(?!\w))"
        rf"|(?P<year2>{year}){DASH.replace('*', '?')}(?P<number>0[1-9]|1[0-2])(?![\d-])"
        rf"|(?<![\d/])(?P<number2>0?[1-9]|1[0-2])/(?P<year3>{year})"
        rf"|(?P<year4>{year}),?\s+(?P<name2>{name})",
        flags,
    )
    dot = "" if languages == ("en",) else r"\.?"  # `5. Mai`
    # At most so many days in one list: without a bound, numbers that belong to no month cost quadratic time.
    more = rf"(?:{DASH}|\s*,\s*(?:and\s+)?|\s+(?:to|through|until|and|&|or)\s+)(?:the\s+)?{day}"
    items = rf"{day}(?:{more}){{0,15}}"
    # Of `May 30 and 2 June` the second day is one of another month.
    same = rf"(?!{_ORDINAL}?\s+(?:of\s+)?(?-i:[{initials.upper()}])[^\W\d_]{{2}})"
    items_after = rf"{day}(?:{more}{same}){{0,15}}"
    days = re.compile(
        rf"(?<![^\W\d_])(?:"
        rf"(?P<iso>\b{year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b)"
        rf"|(?P<dotted>\b(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.{year})"
        rf"|(?P<before>{_IN})?(?P<month>{name})\s+(?:the\s+)?(?P<list>{items_after})"
        rf"{_NO_DATE_AFTER}(?:,?\s+(?P<year>{year}))?"
        rf"|\b(?:(?P<ordinal>{ORDINAL_WORD})\s+of|(?P<list2>{items}){dot}(?:\s+of)?)"
        rf"\s+(?P<month2>{name})(?:,?\s+(?P<year2>{year}))?)",
        flags,
    )
    # It begins with a set of characters: then `re` passes quickly over all others.
    goes_on = rf"\d*+(?=\.\d\d?\.|{_ORDINAL}?\.?\s*(?:[-/,&\u2010-\u2015]|to|through|until|and|o[rf]|[{initials}]))"
    endings = "|".join(dict.fromkeys(re.escape(spelling[1:]) for spelling in spellings))
    hints = re.compile(f"[0-9{re.escape(initials)}](?:(?<=[0-9]){goes_on}|{endings})", flags)
    run_up = re.compile(rf"(?:{_IN}|\b(?P<ordinal>{ORDINAL_WORD})\s+of\s+)$", flags)
    return Calendar(numbers, frozenset(spellings), frozenset(numbers.keys() - english), month, days, hints, run_up)
