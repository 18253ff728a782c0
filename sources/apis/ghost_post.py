"""Ghost post: one post of the Content API as a record for `sources.record.admit`.

Its id is what Ghost's own feed gives as guid, so that a story is one Article whichever it is read from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sources.apis.paging import Post
from sources.records.shapes import members, text

FRONT_PAGE = 3  # slashes in an address that leads further than there
NO_PAGE = "/404/"  # where Ghost sends what has no page of its own


def read_post(post: Post) -> dict[str, Any]:
    """Give what a post says under the Article's names. Nothing raises."""
    tags = list(_tags(post))
    raw = {
        "id": text(post.get("id")),
        "url": _page(post.get("url")),
        "title": text(post.get("title")),
        **_story(post),
        "published": text(post.get("published_at")) or text(post.get("created_at")),
        "modified": text(post.get("updated_at")),
        "authors": list(_authors(post)),
        "tags": tags,
        "section": tags[0] if tags else None,  # the primary tag; it stays a tag
        "images": _images(post),
        # What went out by mail alone was never meant for the web.
        "status": "withheld" if post.get("email_only") is True else None,
        "alternate_ids": _elsewhere(post),
    }
    return {name: value for name, value in raw.items() if value}


def _story(post: Post) -> dict[str, str | None]:
    """Return content and summary; of what is not for everybody the summary alone."""
    is_open = post.get("access")
    if is_open is None:  # before Ghost 3.13
        is_open = (text(post.get("visibility")) or "public") == "public"
    written, first_words = text(post.get("custom_excerpt")), text(post.get("excerpt"))
    if is_open is True:
        return {"content": text(post.get("html")), "summary": written}
    return {"content": None, "summary": written or first_words}


def _elsewhere(post: Post) -> list[str]:
    """Return where the same story was published first, if that is another place; no front page is."""
    canonical = (text(post.get("canonical_url")) or "").rstrip("/")
    if canonical.count("/") < FRONT_PAGE or canonical == (text(post.get("url")) or "").rstrip("/"):
        return []
    return [str(post["canonical_url"])]


def _page(value: Any) -> str | None:
    url = text(value)
    return None if url is None or url.endswith(NO_PAGE) else url


def _tags(post: Post) -> Iterator[str]:
    """Give the tags that readers see, the primary one first."""
    for tag in members(post.get("tags")):
        name = text(tag.get("name")) if isinstance(tag, dict) else None
        if name and not name.startswith("#") and tag.get("visibility") != "internal":
            yield name


def _authors(post: Post) -> Iterator[dict[str, str | None]]:
    for person in members(post.get("authors")) or members(post.get("primary_author")):
        if isinstance(person, dict) and (name := text(person.get("name"))):
            yield {"name": name, "url": _page(person.get("url"))}


def _images(post: Post) -> list[dict[str, str | None]]:
    url = text(post.get("feature_image"))
    caption = text(post.get("feature_image_caption")) or text(post.get("feature_image_alt"))
    return [{"url": url, "caption": caption}] if url else []
