"""Hashtags: the tags of a story whose last paragraph is nothing but `#nelayan #CuacaBuruk`."""

from __future__ import annotations

import html
import re

MARKUP = re.compile(r"<[^<>]*>")
OTHER = re.compile(r"<(?!p[ >]|/?(?:a|b|br|em|i|span|strong|u)\b)")  # pictures, lists, a paragraph's end
EMPTY = re.compile(r"<(?:p|br|/?div|/?section)>|</p>|&nbsp;|\s")  # what may stand behind it and shows nothing
LONGEST = 10_000  # characters; a longer paragraph is no list of tags


def take_hashtags(content: str) -> tuple[str, list[str]]:
    """Return clean HTML without a last paragraph of hashtags alone, and their names as printed, without `#`.

    A story that is nothing else keeps them: it would be empty.
    """
    end = content.rfind("#")
    start = content.rfind("<p", 0, end + 1)
    stop = content.find("</p>", end)
    if -1 in (end, start, stop) or stop - start > LONGEST or EMPTY.sub("", content[stop + 4 :]):
        return content, []
    names = [] if OTHER.search(content, start, stop) else _names(content[start:stop])
    rest = (content[:start] + content[stop + 4 :]).strip()
    if not names or not MARKUP.sub("", rest).strip():
        return content, []
    return rest, names


def _names(paragraph: str) -> list[str]:
    """Return the names in a paragraph of hashtags; none if there is any other word in it."""
    text = html.unescape(MARKUP.sub("", paragraph.replace("<br>", " ")))
    words = re.split(r"[\s,;|·]+", text.replace("#", " #").strip())
    names = [word.lstrip("#").rstrip(".!") for word in words]
    if all(word.startswith("#") and any(map(str.isalpha, word)) for word in words):
        return names
    return []
