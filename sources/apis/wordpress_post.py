"""WordPress post: one post of the REST API as a record for `sources.record.admit`.

The same fields, and the same id, as `sources.xml.post` gives for the same post in an export.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sources.apis.paging import Post, moment
from sources.records.shapes import members, several, text
from sources.text import one_line, plain
from sources.xml.fields import language
from sources.xml.post import NO_SECTION, STATUS
from sources.xml.post_text import SHORTCODE, post_html

# Where plugins for several authors, and for guests, name them: PublishPress, Co-Authors Plus, Newspack.
BYLINES = ("authors", "coauthors", "newspack_author_info")
TAXONOMIES = {"tag": "post_tag", "category": "category"}  # as they begin the names in `class_list`
MORE = re.compile(r"<a\b[^<>]*\bmore-link\b.*", re.DOTALL)  # "Continue reading", behind a cut text
CUT = ("…", "[...]", "[…]")  # what WordPress and its themes end a cut text with


def read_post(post: Post, home: str) -> dict[str, Any]:
    """Give what a post says under the Article's names. Nothing raises.

    home  the site's front address, without a slash
    """
    content, plugin = text(post.get("content")) or "", _mapping(post.get("yoast_head_json"))
    if SHORTCODE.search(content):  # a plugin that only works on pages left its own
        content = post_html(content)
    raw = {
        "id": _id(post, home),
        "url": text(post.get("link")),
        "title": text(post.get("title")),
        "content": content,
        "summary": _summary(text(post.get("excerpt")) or "", content),
        # The site's own time names no zone.
        "published": moment(post.get("date_gmt")) or post.get("date"),
        "modified": moment(post.get("modified_gmt")) or post.get("modified"),
        **_tagging(post),
        "authors": list(_authors(post)) or text(plugin.get("author")),
        "images": _images(post, plugin),
        "language": language(text(post.get("lang")), text(plugin.get("og_locale"))),
        "publisher": text(plugin.get("og_site_name")),
        "status": _status(post),
    }
    return {name: value for name, value in raw.items() if value}


def _id(post: Post, home: str) -> str | None:
    """Return the guid, which WordPress gives once and never changes; else what it would have been."""
    if guid := text(post.get("guid")):
        return html.unescape(guid)  # it is escaped for pages: `&#038;`
    return f"{home}/?p={post['id']}" if post.get("id") else None


def _status(post: Post) -> str:
    if _mapping(post.get("content")).get("protected"):
        return "withheld"  # readers would need the password
    return STATUS.get(text(post.get("status")) or "publish", "withheld")


def _summary(excerpt: str, content: str) -> str | None:
    """Return an excerpt that somebody wrote; else WordPress gives the text's own first words."""
    words, all_words = one_line(plain(MORE.sub("", excerpt))), one_line(plain(content))
    is_cut = words.endswith(CUT) and words.rstrip("[]. …") in all_words
    return None if is_cut or words == all_words or words.endswith("[…]") else excerpt


def _tagging(post: Post) -> dict[str, Any]:
    """Return tags and section: the first category is the section, further ones are tags."""
    # An export has the terms in the order of their names.
    terms = sorted(_terms(post) or _classes(post), key=lambda term: term[2].casefold())
    categories = [
        name
        for taxonomy, slug, name in terms
        if taxonomy == "category" and NO_SECTION not in (slug, name.lower())
    ]
    tags = [name for taxonomy, _, name in terms if taxonomy == "post_tag" or name in categories[1:]]
    return {"tags": tags, "section": categories[0] if categories else None}


def _terms(post: Post) -> list[tuple[str, str, str]]:
    """Return taxonomy, slug and name of each term that was embedded."""
    groups = several(_mapping(post.get("_embedded")).get("wp:term"))
    found = [term for group in groups for term in members(group) if isinstance(term, Mapping)]
    stated = [tuple(text(term.get(key)) or "" for key in ("taxonomy", "slug", "name")) for term in found]
    return [(taxonomy, slug, name) for taxonomy, slug, name in stated if name]


def _classes(post: Post) -> list[tuple[str, str, str]]:
    """Return the terms by their slugs alone: some sites keep the lists of terms to themselves."""
    names = post.get("class_list")
    names = several(list(names.values()) if isinstance(names, Mapping) else names)
    parted = [name.partition("-") for name in names if isinstance(name, str)]
    return [
        (TAXONOMIES[kind], slug, slug.replace("-", " ")) for kind, _, slug in parted if kind in TAXONOMIES
    ]


def _authors(post: Post) -> Iterator[dict[str, str | None]]:
    found = [person for name in BYLINES for person in members(post.get(name)) if isinstance(person, Mapping)]
    for person in found or _embedded(post, "author"):
        if name := text(person.get("display_name")) or text(person.get("name")):
            yield {"name": name, "url": text(person.get("link")) or text(person.get("author_link"))}


def _images(post: Post, plugin: Mapping[str, Any]) -> list[dict[str, Any]]:
    for picture in _embedded(post, "wp:featuredmedia"):
        if url := text(picture.get("source_url")):
            sizes = _mapping(picture.get("media_details"))
            return [
                {
                    "url": url,
                    "media_type": text(picture.get("mime_type")),
                    "caption": text(picture.get("caption")) or text(picture.get("alt_text")),
                    "credit": text(_mapping(sizes.get("image_meta")).get("credit")),
                    "width": sizes.get("width"),
                    "height": sizes.get("height"),
                    "length": sizes.get("filesize"),
                }
            ]
    if url := text(post.get("jetpack_featured_media_url")):
        return [{"url": url}]
    # Without a picture of the post's own, the plugin names the site's.
    pictures = members(plugin.get("og_image")) if post.get("featured_media") else []
    return [dict(picture) for picture in pictures[:1] if isinstance(picture, Mapping)]


def _embedded(post: Post, name: str) -> list[Mapping[str, Any]]:
    """Return what was embedded under a name; errors in its place, as for a user who is gone, say nothing."""
    found = members(_mapping(post.get("_embedded")).get(name))
    return [item for item in found if isinstance(item, Mapping) and "code" not in item]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
