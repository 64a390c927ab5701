"""Eleventy: posts have no page of their own, topics are a collection each, and only feeds are written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.posts import Post
from bench.tools import ADDRESS, LIMIT, TITLE, Installed, Tool, Work
from bench.tools.installing import install_node, run_installer

SETTINGS = """
export default function (eleventy) {
  eleventy.setQuietMode(true);
  eleventy.addCollection("posts", (all) => all.getFilteredByGlob("src/posts/*.md").sort((a, b) => a.date - b.date));
}
export const config = {dir: {input: "src", output: "public"}, markdownTemplateEngine: false};
"""
TEMPLATE = f"""
const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
export default class {{
  data() {{
    return {{
      pagination: {{data: "feeds", size: 1, alias: "feed"}},
      permalink: ({{feed}}) => feed ? `${{feed}}/rss.xml` : "rss.xml",
      eleventyExcludeFromCollections: true,
    }};
  }}
  render({{feed, collections}}) {{
    const chosen = feed ? collections.posts.filter((post) => post.data.topic === feed) : collections.posts;
    const items = chosen.slice(-{LIMIT}).reverse().map((post) => `
<item><title>${{escape(post.data.title)}}</title><link>{ADDRESS}${{post.fileSlug}}</link>
<guid isPermaLink="false">${{post.fileSlug}}</guid><pubDate>${{post.date.toUTCString()}}</pubDate>
<category>${{post.data.topic}}</category><content:encoded>${{escape(post.content)}}</content:encoded></item>`);
    return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{TITLE} ${{feed}}</title><link>{ADDRESS}${{feed}}</link><description>{TITLE} ${{feed}}</description>${{items.join("")}}
</channel></rss>
`;
  }}
}}
"""


def _install(folder: Path) -> Installed:
    modules = install_node(folder / "eleventy", "@11ty/eleventy@3.1.2")
    program = str(modules / "@11ty" / "eleventy" / "cmd.cjs")
    return Installed(command=("node", program), version=run_installer(["node", program, "--version"]))


def _command(installed: Installed, _folder: Path, _work: Work) -> Sequence[str]:
    return installed.command


def _files(topics: Sequence[str]) -> Mapping[str, str]:
    return {
        "package.json": '{"type": "module"}',
        "eleventy.config.js": SETTINGS,
        "src/_data/feeds.json": json.dumps(["", *topics]),
        "src/feed.11ty.js": TEMPLATE,
        "src/posts/posts.json": '{"permalink": false}',
    }


def _post(post: Post) -> str:
    front = {"title": post.title, "date": post.moment.isoformat(), "topic": post.topic}
    lines = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items())
    return f"---\n{lines}\n---\n\n{post.body}"


TOOL = Tool(
    id="eleventy",
    title="Eleventy",
    install=_install,
    command=_command,
    files=_files,
    sources="src/posts",
    post=_post,
    feed="public/{}rss.xml",
)
