"""Reader: one Markdown file with front matter as one raw record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.markdown.body import read_body
from sources.markdown.fields import record_of
from sources.markdown.front_matter import has_fences, split
from sources.markdown.paths import ENDINGS, Place, path_of, place_of
from sources.records.names import FIELDS
from sources.records.reader import SHOWN, Unreadable
from sources.records.shapes import first, scalar
from sources.records.translate import translate
from sources.records.values import writable
from sources.text import decode

LIMIT = 1024 * 1024  # bytes; a longer text is a book, and takes seconds


def is_markdown(head: bytes, name: str) -> bool:
    """Is this Markdown, by its name's ending, or by fields between fences in its first bytes?"""
    return name.lower().endswith(ENDINGS) or has_fences(_text(head))


def read_markdown(data: bytes, path: str, pages: str | None = None) -> dict[str, Any] | Unreadable | None:
    """Read a file as a raw record for `sources.record.admit`.

    path: the file's, within its folder; the name may hold a date, the folders may say that it's a draft.
    pages: the address that the folder's pages have on the site, with a slash at its end, if it is known.
    Gives None for what is no article (`_index.md`, Hugo's and Zola's text above a list), and `Unreadable`
    where the front matter can't be read: it may have said `draft: true`. Nothing raises.

    The record has a `url` if the front matter states one, maybe relative to the site, or if `pages` is given
    (see `sources.markdown.paths.path_of`); addresses in its `content`, `images` and `alternate_ids` stay as
    they stand, relative to it.
    """
    place = place_of(path)
    if place.is_section:
        return None
    text = _text(data[: LIMIT + 1])
    try:
        if len(data) > LIMIT:
            raise ValueError(f"longer than {LIMIT >> 20} MB, so no single article; split it")
        front, markdown = split(text)
        raw = _raw(front, markdown, place, path.lower().endswith(".mdx"))
    except ValueError as error:
        return Unreadable(writable(text[:SHOWN]), str(error))
    if pages and not raw.get("url"):
        raw["url"] = pages + path_of(path, front).lstrip("/")
    return raw


def _text(data: bytes) -> str:
    return decode(data).replace("\r\n", "\n").replace("\r", "\n")


def _raw(front: Mapping[str, Any], markdown: str, place: Place, is_mdx: bool) -> dict[str, Any]:
    record = record_of(front, place)
    title = first(record, FIELDS["title"], scalar)
    body = read_body(markdown, None if title is None else str(title), is_mdx=is_mdx)
    raw = translate({**record, "content": body.content})
    raw.pop("text", None)
    found = {"title": body.title, "summary": body.summary, **raw, "content": body.content}
    return {field: value for field, value in found.items() if value}
