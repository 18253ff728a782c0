"""Paths: what a Markdown file's place says: date, slug, language, and the address a generator would give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

ENDINGS = (".md", ".markdown", ".mdx", ".mdown", ".mkd")
DATED = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[\d:.-]+Z?)?[-_](.+)")
IN_LANGUAGE = re.compile(r"(.+)\.([a-z]{2}(?:-[A-Za-z]{2,4})?)")
ROOTS = ("content", "src", "_posts", "_drafts", "pages")  # folders that are no part of an address
PLACEHOLDER = re.compile(r"[{}]|/:|^:")


@dataclass(frozen=True, slots=True)
class Place:
    """folders: above the article, a page bundle's own not among them; slug: "" for the front page."""

    folders: tuple[str, ...]
    slug: str
    date: str | None = None
    language: str | None = None
    is_section: bool = False


def place_of(path: str) -> Place:
    """Read a file's path: `posts/2024-10-28-ombak.id.md`, or `posts/ombak/index.md` for a page bundle."""
    *folders, name = PurePosixPath(path.replace("\\", "/").lstrip("/")).parts or ("",)
    stem = next((name[: -len(end)] for end in ENDINGS if name.lower().endswith(end)), name)
    language = None
    if match := IN_LANGUAGE.fullmatch(stem):
        stem, language = match[1], match[2]
    if stem.lower() == "index":
        stem = folders.pop() if folders and folders[-1] not in ROOTS else ""
    day, slug = _dated(stem)
    return Place(tuple(folders), slug, day, language, stem.lower() == "_index")


def _dated(stem: str) -> tuple[str | None, str]:
    match = DATED.fullmatch(stem)
    if match is None:
        return None, stem
    try:
        return date.fromisoformat(match[1]).isoformat(), match[2]
    except ValueError:  # 2024-13-45
        return None, stem


def stated_url(front: Mapping[str, Any]) -> str | None:
    """Give the address that the front matter states; patterns that a generator would fill in state none."""
    for name in ("url", "permalink", "canonical_url", "canonicalURL", "canonical"):
        value = front.get(name)
        if isinstance(value, str) and "/" in value and not PLACEHOLDER.search(value):
            return value.strip()
    path = front.get("path")  # Zola's: without the slash that it begins with
    return f"/{path.strip().strip('/')}/" if isinstance(path, str) and path.strip("/ ") else None


def path_of(path: str, front: Mapping[str, Any]) -> str:
    """Give the path part of an article's address, as generators make it if they aren't told otherwise.

    path: the file's, within the site's sources. front: its front matter; a stated address wins.
    `content/posts/ombak.md` and `content/posts/ombak/index.md` are `/posts/ombak/` (Hugo, Zola, Eleventy);
    `_posts/2024-10-28-ombak.md` with the category `laut` is `/laut/2024/10/28/ombak.html` (Jekyll).
    A guess, for sites that keep to the defaults. Hugo would keep a date in a name, Pelican no folders.
    """
    if url := stated_url(front):
        return url
    place = place_of(path)
    slug = front.get("slug")
    slug = slug if isinstance(slug, str) and slug.strip() else place.slug
    if "_posts" in place.folders and place.date:
        categories = front.get("categories") or front.get("category") or []
        names = categories.split() if isinstance(categories, str) else categories
        above = [str(name) for name in names] if isinstance(names, list) else []
        return "/" + "/".join(map(_segment, [*above, *place.date.split("-"), slug])) + ".html"
    folders = list(place.folders)
    for root in ROOTS:
        if root in folders:
            folders = folders[folders.index(root) + 1 :]
    segments = [_segment(part) for part in (*folders, slug) if part]
    return "/" + "".join(f"{segment}/" for segment in segments)


def _segment(name: str) -> str:
    return re.sub(r"[\s/]+", "-", name.strip().strip("/").lower())
