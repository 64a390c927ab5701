"""Pelican: articles are read but not saved, topics are categories, and only feeds are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.posts import Post
from bench.tools import ADDRESS, LIMIT, TITLE, Installed, Tool, Work
from bench.tools.installing import install_python, run_installer

SETTINGS = f"""
SITENAME = {TITLE!r}
SITEURL = {ADDRESS.rstrip("/")!r}
AUTHOR = {TITLE!r}
TIMEZONE = "UTC"
PATH = "content"
ARTICLE_PATHS = ["posts"]
OUTPUT_PATH = "output"
THEME = "simple"
FEED_DOMAIN = SITEURL
FEED_MAX_ITEMS = {LIMIT}
FEED_ALL_RSS = "rss.xml"
CATEGORY_FEED_RSS = "{{slug}}/rss.xml"
RSS_FEED_SUMMARY_ONLY = False
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
DIRECT_TEMPLATES = []
ARTICLE_SAVE_AS = DRAFT_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = PAGE_SAVE_AS = ""
STATIC_PATHS = []
WITH_FUTURE_DATES = True
MARKDOWN = {{"extensions": ["markdown.extensions.meta", "markdown.extensions.extra"], "output_format": "html5"}}
"""


def _install(folder: Path) -> Installed:
    program = str(install_python(folder / "pelican", "pelican[markdown]>=4.10") / "bin" / "pelican")
    return Installed(command=(program,), version=run_installer([program, "--version"]))


def _command(installed: Installed, _folder: Path, _work: Work) -> Sequence[str]:
    return (*installed.command, "--quiet", "--settings", "pelicanconf.py")


def _files(_topics: Sequence[str]) -> Mapping[str, str]:
    return {"pelicanconf.py": SETTINGS}


def _post(post: Post) -> str:
    return (
        f"Title: {post.title}\nDate: {post.moment:%Y-%m-%d %H:%M:%S}\nCategory: {post.topic}\nSlug: {post.name}\n\n{post.body}"
    )


TOOL = Tool(
    id="pelican",
    title="Pelican",
    install=_install,
    command=_command,
    files=_files,
    sources="content/posts",
    post=_post,
    feed="output/{}rss.xml",
)
