"""What months are called: English without more, other languages from CLDR (extra `languages`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feedgen_kusama.model import Edition

ENGLISH = tuple(
    tuple(month.split("/"))
    for month in "Jan/January Feb/February Mar/March Apr/April May Jun/June Jul/July Aug/August Sep/Sept/September Oct/October "
    "Nov/November Dec/December".split()
)


def month_names(language: str) -> Sequence[Sequence[str]]:
    """The twelve months, each with all its spellings. Raises LookupError with what to do."""
    if language == "en":
        return ENGLISH
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        raise LookupError(f"{language!r} needs one more package: pip install 'feedgen-kusama[languages]'") from None
    try:
        months = Locale.parse(language, sep="-").months
    except (ValueError, UnknownLocaleError):
        raise LookupError(f"{language!r} is no language that CLDR knows") from None
    forms = [months[context][width] for context in ("format", "stand-alone") for width in ("wide", "abbreviated")]
    return [tuple(dict.fromkeys(form[number] for form in forms if not form[number].isdigit())) for number in range(1, 13)]


def month_title(edition: Edition, language: str = "en") -> str:
    """The edition in words: `November 2024`."""
    if language == "en":
        return f"{ENGLISH[edition.month - 1][-1]} {edition.year}"
    from babel import Locale
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", date(edition.year, edition.month, 1), locale=Locale.parse(language, sep="-"))


def day_title(day: date, language: str = "en") -> str:
    """A day in words: `5 November 2024`."""
    if language == "en":
        return f"{day.day} {ENGLISH[day.month - 1][-1]} {day.year}"
    from babel import Locale
    from babel.dates import format_date

    return format_date(day, "long", locale=Locale.parse(language, sep="-"))
