"""Page schema.org: what an article in schema.org's words (JSON-LD or microdata) says, as a record."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from sources.pages.values import address_in, date_in, each, media_type_in, names_in, number_in, text_in

# The kinds of article, the more telling first: a page often describes itself as both.
ARTICLE_TYPES = (
    "NewsArticle ReportageNewsArticle AnalysisNewsArticle BackgroundNewsArticle OpinionNewsArticle "
    "ReviewNewsArticle AskPublicNewsArticle LiveBlogPosting Article BlogPosting AdvertiserContentArticle "
    "SatiricalArticle Report SocialMediaPosting TechArticle ScholarlyArticle"
).split()
MEDIA = ("audio", "video", "associatedMedia", "encoding")


def rank(node: Mapping[str, Any]) -> int | None:
    """Return how telling a node's type is as an article, 0 the most; None when it is no article."""
    names = [re.split(r"[/#:]", kind)[-1] for kind in each(node.get("@type")) if isinstance(kind, str)]
    ranks = [ARTICLE_TYPES.index(name) for name in names if name in ARTICLE_TYPES]
    return min(ranks, default=None)


def article_fields(node: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Return the Article fields that a schema.org article states; its addresses resolve against `base`."""
    return {
        "url": address_in(node.get("url"), base) or address_in(node.get("mainEntityOfPage"), base),
        "title": text_in(node.get("headline")) or text_in(node.get("name")),
        "summary": text_in(node.get("description")) or text_in(node.get("abstract")),
        "published": date_in(node.get("datePublished")),
        "updated": date_in(node.get("dateModified")),
        "expires": date_in(node.get("expires")),
        "authors": [
            *_people(node.get("author") or node.get("creator"), "author", base),
            *_people(node.get("editor"), "editor", base),
            *_people(node.get("contributor"), "contributor", base),
        ],
        "publisher": text_in(node.get("publisher")),
        "tags": names_in(node.get("keywords")),
        "section": text_in(node.get("articleSection")),
        "language": _language(node.get("inLanguage")),
        "images": _images(node.get("image"), base) or _images(node.get("thumbnailUrl"), base),
        "enclosures": [media for name in MEDIA for media in _media(node.get(name), base)],
        "credit": text_in(node.get("creditText")) or text_in(node.get("sourceOrganization")),
        "rights": text_in(node.get("copyrightNotice")) or text_in(node.get("license")),
        **_body(node.get("articleBody")),
    }


def _people(value: Any, role: str, base: str) -> list[dict[str, Any]]:
    people = []
    for item in each(value):
        url = address_in(item.get("url"), base) if isinstance(item, Mapping) else None
        names = each(item.get("name")) if isinstance(item, Mapping) else [item]
        for name in map(text_in, names):
            if name and "://" not in name:
                people.append({"name": name, "role": role, "url": url})
    return people


def _language(value: Any) -> str | None:
    for item in each(value):
        # {"@type": "Language", "name": "Indonesian", "alternateName": "id"}
        code = item.get("alternateName") if isinstance(item, Mapping) else None
        if text := text_in(code or item):
            return text
    return None


def _images(value: Any, base: str) -> list[dict[str, Any]]:
    images = []
    for item in each(value):
        thing = item if isinstance(item, Mapping) else {"url": item}
        url = address_in(thing.get("contentUrl"), base) or address_in(thing, base)
        if url:
            images.append(
                {
                    "url": url,
                    "width": number_in(thing.get("width")),
                    "height": number_in(thing.get("height")),
                    "caption": text_in(thing.get("caption")) or text_in(thing.get("description")),
                    "credit": text_in(thing.get("creditText"))
                    or text_in(thing.get("creator"))
                    or text_in(thing.get("author")),
                    "media_type": media_type_in(thing.get("encodingFormat")),
                }
            )
    return images


def _media(value: Any, base: str) -> list[dict[str, Any]]:
    """Read sound and film; an embedUrl is a player's page and no file."""
    things = [item for item in each(value) if isinstance(item, Mapping)]
    return [
        {
            "url": url,
            "media_type": media_type_in(thing.get("encodingFormat")),
            "length": number_in(thing.get("contentSize")),
            "width": number_in(thing.get("width")),
            "height": number_in(thing.get("height")),
            "caption": text_in(thing.get("caption")) or text_in(thing.get("name")),
        }
        for thing in things
        if (url := address_in(thing.get("contentUrl"), base))
    ]


def _body(value: Any) -> dict[str, str]:
    """Return articleBody as `text`, one blank line between paragraphs, or as `content` where it is HTML."""
    body = next((item for item in each(value) if isinstance(item, str) and item.strip()), "")
    if re.search(r"<(?:p|br|div|h[2-6])\b[^>]*>", body, re.IGNORECASE):
        return {"content": body}
    text = html.unescape(body).replace("\r\n", "\n").strip()
    return {"text": text if "\n\n" in text else text.replace("\n", "\n\n")}
