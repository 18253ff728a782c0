"""Shortcodes: what a generator would fill in, `{{< … >}}` and `{% … %}`, taken out, but for figures."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

# Hugo's two forms, Liquid's tags, Zola's `{{ video(id="x") }}`, and kramdown's attribute lists `{: .lead}`.
SHORTCODE = re.compile(
    r"\{\{<(?P<hugo>[^{}]*)>\}\}|\{\{%[^{}]*%\}\}|\{%[^{}]*%\}|\{\{\s*\w+\([^{}]*\)\s*\}\}|\{:[^{}\n]*\}"
)
ON_ITS_LINE = re.compile(rf"(?:(?:{SHORTCODE.pattern.replace('?P<hugo>', '?:')})[ \t]*)+(?=\n|\Z)")
# `[jadwal]({{< ref "jadwal.md" >}})`: an address that only the generator knows.
UNKNOWN_LINK = re.compile(r"\[([^\[\]\n]*)\]\((?:\{\{[^{}]*\}\}|\{%[^{}]*%\})[^()\s]*\)")
PARAMETER = re.compile(r"(\w+)\s*=\s*(?:\"([^\"]*)\"|`([^`]*)`|([^\s\"`]+))")

# Liquid is worked before Markdown, inside code too.
COMMENT = re.compile(r"\{%-?\s*(end)?comment\s*-?%\}")
SITE_ADDRESS = re.compile(r"\{\{-?\s*site\.(?:base)?url\s*-?\}\}")
RELATIVE = re.compile(r"\{\{-?\s*[\"']([^\"'{}\n]*)[\"']\s*\|\s*(?:(?:relative|absolute)_)?url\s*-?\}\}")


def without_liquid(text: str) -> str:
    """Take out Liquid's comments, which nobody is to read, and fill in the addresses that it stands for."""
    kept: list[str] = []
    start, opening = 0, None
    for mark in COMMENT.finditer(text):
        if mark[1] is None:
            opening = opening or mark
        elif opening is not None:
            kept.append(text[start : opening.start()])
            start, opening = mark.end(), None
    kept.append(text[start:])
    return RELATIVE.sub(r"\1", SITE_ADDRESS.sub("", "".join(kept)))


def shortcodes_plugin(md: MarkdownIt) -> None:
    """Let a Markdown parser know shortcodes, so that those inside code stay as they are."""
    md.block.ruler.before(
        "html_block", "shortcode", _block, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    md.inline.ruler.before("link", "shortcode", _inline)


def filled(text: str) -> str:
    """Replace the shortcodes in a piece of HTML."""
    return SHORTCODE.sub(lambda match: _figure(match["hugo"] or ""), text)


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    position = state.bMarks[start] + state.tShift[start]
    if state.is_code_block(start) or not state.src.startswith("{", position):
        return False
    match = ON_ITS_LINE.match(state.src, position)
    if match is None:
        return False
    if silent:
        return True
    line = start + 1
    while line < end and state.eMarks[line - 1] < match.end():
        line += 1
    state.line = line
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = filled(match[0]) + "\n"
    return True


def _inline(state: StateInline, silent: bool) -> bool:
    if match := SHORTCODE.match(state.src, state.pos):
        if not silent:
            state.push("html_inline", "", 0).content = filled(match[0])
    elif match := UNKNOWN_LINK.match(state.src, state.pos):
        if not silent:
            state.push("text", "", 0).content = match[1]
    else:
        return False
    state.pos = match.end()
    return True


def _figure(shortcode: str) -> str:
    """Make HTML of `figure src="ombak.jpg" caption="Ombak"`; nothing of any other."""
    name, _, rest = shortcode.strip().partition(" ")
    given = {match[1]: match[2] or match[3] or match[4] or "" for match in PARAMETER.finditer(rest)}
    if name != "figure" or not given.get("src"):
        return ""
    sizes = {key: given[key] for key in ("width", "height") if given.get(key, "").isdecimal()}
    attributes = {"src": given["src"], "alt": given.get("alt", ""), **sizes}
    written = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
    said = [html.escape(given[key], quote=False) for key in ("title", "caption", "attr") if given.get(key)]
    caption = f"<figcaption>{' '.join(said)}</figcaption>" if said else ""
    return f"<figure><img{written}>{caption}</figure>"
