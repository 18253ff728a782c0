"""Body: a Markdown text as HTML, with the headline and the summary that stand in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sources.identity import fold
from sources.markdown.shortcodes import filled, shortcodes_plugin, without_liquid
from sources.text import one_line, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
NOTE_MARK = re.compile(r"<sup>\d+</sup>")
# The lines above an MDX text that load its components.
MODULE_LINES = re.compile(r"\s*(?:(?:import|export)\s[^\n]*(?:\n|\Z)\s*)+")


@dataclass(frozen=True, slots=True)
class Body:
    """content: HTML, not clean yet; title: of its first heading; summary: what stands above `<!--more-->`."""

    content: str
    title: str | None = None
    summary: str | None = None


def read_body(text: str, title: str | None, *, is_mdx: bool = False) -> Body:
    """Make HTML of CommonMark with tables, footnotes and strikethrough; raw HTML passes, shortcodes don't.

    title: the headline if it's known. A first heading that is the headline is cut from the content.
    Raises ValueError for a text that nests too deep.
    """
    text = without_liquid(
        MODULE_LINES.sub("", text, count=1) if is_mdx and MODULE_LINES.match(text) else text
    )
    parser = _parser()
    env: dict[str, Any] = {}
    try:
        tokens = parser.parse(text, env)
        found, tokens = _cut_heading(tokens, title)
        for token in tokens:
            if token.type == "html_block":
                token.content = filled(token.content)
        content: str = parser.renderer.render(tokens, parser.options, env)
    except RecursionError as error:
        raise ValueError("the text is nested too deep") from error
    above, more, below = _parted(content)
    summary = one_line(plain(NOTE_MARK.sub("", above))) if more else ""
    return Body((above + below).strip(), found, summary or None)


def _parted(content: str) -> tuple[str, str, str]:
    match = MORE.search(content)  # in code it would be escaped
    return (content[: match.start()], match[0], content[match.end() :]) if match else (content, "", "")


def _cut_heading(tokens: list[Token], title: str | None) -> tuple[str | None, list[Token]]:
    """Find the first heading of the first level; cut it if it is the headline."""
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1" and token.level == 0:
            found = one_line(_words(tokens[index + 1].children or []))
            if not found or (title and fold(found) != fold(title)):
                return None, tokens
            return found, tokens[:index] + tokens[index + 3 :]
    return None, tokens


def _words(tokens: Sequence[Token]) -> str:
    return "".join(" " if token.type.endswith("break") else _word(token) for token in tokens)


def _word(token: Token) -> str:
    return token.content if token.type in ("text", "code_inline", "image") else ""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # Notes inside the text, `^[…]`, are parsed by recursion without bound, and no generator here has them.
    parser.use(footnote_plugin, inline=False).use(shortcodes_plugin)
    for name, write in NOTES.items():
        parser.add_render_rule(name, write)
    return parser


# Footnotes without the links to and fro: a feed has many articles on one page, and cleaning takes ids out.


def _note_mark(_self: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f"<sup>{tokens[index].meta['id'] + 1}</sup>"


def _written(text: str) -> Any:
    return lambda *_: text


NOTES = {
    "footnote_ref": _note_mark,
    "footnote_anchor": _written(""),
    "footnote_block_open": _written("<hr>\n<ol>\n"),
    "footnote_block_close": _written("</ol>\n"),
    "footnote_open": _written("<li>"),
    "footnote_close": _written("</li>\n"),
}
