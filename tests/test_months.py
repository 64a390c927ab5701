"""Which month a document covers, where that is said, and what happens where two places disagree."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from feedgen_kusama.documents import Reader
from feedgen_kusama.month_names import day_title
from feedgen_kusama.settings import Settings

STORIES = "## Runtime Upgrade\n\nIt was enacted.\n\n## Referendum\n\nIt was passed.\n"
TITLE = "# Kusama News - May 2024\n\n"
MATTER = "---\nmonth: 2024-05\n---\n"
DATELINE = "*Zug, 31 May 2024*\n\n# A Month of Long Days and Short Nights\n\n"
HEADLINE = "# All That Happened on the Canary Network in May 2024 and Why\n\nMuch did.\n\n"


@pytest.mark.parametrize(
    ("text", "path", "source"),
    [
        (TITLE, "news.md", "title"),
        (MATTER + TITLE, "2024-05.md", "title"),
        ("---\ntitle: Kusama News - May 2024\nmonth: 2024-05\n---\n", "2024-05.md", "title"),
        (MATTER, "2024-05.md", "front matter"),
        ("---\nmonth: May 2024\n---\n", "news.md", "front matter"),
        ("---\nmonth: 2024-05-31\n---\n", "news.md", "front matter"),
        (DATELINE, "kusama_may_2024.md", "file name"),
        (DATELINE, "news.md", "dateline"),
        ("---\ndate: 2024-05-31\n---\n", "news.md", "front matter"),
        (DATELINE, "2024-06-03-news.md", "dateline"),
        ("", "2024-05-31-news.md", "file name"),
        (HEADLINE, "2024-05-31-news.md", "file name"),
        (HEADLINE, "news.md", "headline"),
    ],
)
def test_the_month_is_said_by_title_front_matter_file_name_or_dateline_in_this_order(
    text: str, path: str, source: str, reader: Reader
) -> None:
    document = reader.parse(text + STORIES, path)
    assert (str(document.edition), document.edition_source, document.problems) == ("2024-05", source, ())


@pytest.mark.parametrize(
    "title",
    [
        "# Kusama News - May 2024",
        "# Kusama News – MAY 2024",
        "# Kusama News, May, 2024",
        "# Kusama News (May 2024)",
        "# Kusama News 2024-05",
        "# Kusama News 05/2024",
        "# Kusama News: April/May 2024",
        "# May 2024",
        "# May 2024: Kusama News",
        "## Kusama News - May 2024",
        "Kusama News - May 2024\n======================",
        "**Kusama News - May 2024**",
        "<h1>Kusama News - May 2024</h1>",
        "Kusama News - May 2024",
    ],
)
def test_a_title_names_its_month_in_many_ways(title: str, reader: Reader) -> None:
    document = reader.parse(f"{title}\n\n{STORIES}", "news.md")
    assert (str(document.edition), document.edition_source) == ("2024-05", "title")
    assert [draft.title for draft in document.drafts] == ["Runtime Upgrade", "Referendum"]


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        (MATTER.replace("05", "06") + TITLE, "x.md", "the title says 2024-05, the front matter 2024-06"),
        (TITLE, "kusama_june_2024.md", "the title says 2024-05, the file name 2024-06"),
        (MATTER, "2024-06.md", "the front matter says 2024-05, the file name 2024-06"),
        (
            "---\ntitle: Kusama News - May 2024\nmonth: 2024-06\n---\n",
            "x.md",
            "the title says 2024-05, the front matter 2024-06",
        ),
    ],
)
def test_two_months_at_odds_are_one_error_that_names_both(text: str, path: str, words: str, reader: Reader) -> None:
    (problem,) = reader.parse(text + STORIES, path).problems
    assert words in problem.message
    assert problem.severity == "error"


@pytest.mark.parametrize("path", ["2024-06-03-news.md", "20240603.md", "2023-11-30.md"])
def test_the_day_in_a_file_name_is_no_month_to_be_at_odds_with(path: str, reader: Reader) -> None:
    assert str(reader.parse(TITLE + STORIES, path).edition) == "2024-05"
    assert reader.parse(TITLE + STORIES, path).problems == ()


@pytest.mark.parametrize("text", [STORIES, f"# Kusama News\n\n{STORIES}", f"# Kusama News - Mai 2024\n\n{STORIES}"])
def test_a_document_without_a_month_is_an_error_and_has_no_entries(text: str, reader: Reader) -> None:
    document = reader.parse(text, "news.md")
    assert [(p.severity, p.message.partition(":")[0]) for p in document.problems] == [("error", "no month found")]
    assert (document.edition, document.edition_source, document.drafts) == (None, None, ())


@pytest.mark.parametrize(("field", "severity"), [("month", "error"), ("date", "warning")])
def test_a_front_matter_field_that_cannot_be_read_is_reported_where_it_stands(
    field: str, severity: str, reader: Reader
) -> None:
    (problem,) = reader.parse(f"---\nauthor: Ann\n{field}: soon\n---\n{TITLE}{STORIES}", "x.md").problems
    assert f"{field}: 'soon' is no" in problem.message
    assert (problem.line, problem.severity) == (3, severity)


@pytest.mark.parametrize("title", ["Kusama-Nachrichten - Mai 2024", "Kusama-Nachrichten - MAI 2024", "Kusama News - May 2024"])
def test_months_of_other_languages_are_read_where_they_are_set(title: str, settings: Settings) -> None:
    reader = Reader(replace(settings, months=("en", "de")))
    document = reader.parse(f"# {title}\n\n{STORIES}", "x.md")
    assert (str(document.edition), document.title) == ("2024-05", title)
    assert str(reader.parse(STORIES, "kusama_mai_2024.md").edition) == "2024-05"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "5 November 2024"), ("de", "5. November 2024"), ("fr", "5 novembre 2024"), ("pt-BR", "5 de novembro de 2024")],
)
def test_a_day_is_written_as_its_language_does(language: str, words: str) -> None:
    assert day_title(date(2024, 11, 5), language) == words
