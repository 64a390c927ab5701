"""The table of all tools, in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping

from bench.tools import Tool, eleventy, forty, hugo, ours, pelican, zola

TOOLS: Mapping[str, Tool] = {
    tool.id: tool for tool in (ours.HEADS, ours.EVERYTHING, forty.TOOL, hugo.TOOL, zola.TOOL, pelican.TOOL, eleventy.TOOL)
}
OURS = ("heads", "everything")
