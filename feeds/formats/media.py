"""Media: an article's pictures, sounds and films, as Media RSS 1.5 and as the enclosure of an RSS item."""

from __future__ import annotations

from lxml import etree

from feeds.formats.elements import add
from sources.article import Article, Media

# RSS wants a type on every enclosure (F-19); in Atom, readers take one without for a web page.
NO_TYPE = "application/octet-stream"
MEDIUMS = ("image", "audio", "video")


def add_images(entry: etree._Element, article: Article) -> None:
    """Add an article's pictures, and its leading one as the thumbnail that small lists show (F-62)."""
    for image in article.images:
        _add_content(entry, image, "image")
    for image in article.images[:1]:
        add(entry, "media:thumbnail", url=image.url, width=image.width, height=image.height)


def add_enclosures(item: etree._Element, article: Article) -> None:
    """Add sounds, films and files to an RSS item, which holds one enclosure (F-19): the rest is Media RSS."""
    main = main_enclosure(article)
    if main:
        media_type = main.media_type or NO_TYPE
        add(item, "enclosure", url=main.url, length=main.length or 0, type=media_type)
    for other in article.enclosures:
        if other is not main:
            _add_content(item, other, (other.media_type or "").partition("/")[0])


def main_enclosure(article: Article) -> Media | None:
    """Return what an item encloses: the first sound, since that makes it an episode, or what comes first."""
    sounds = [media for media in article.enclosures if (media.media_type or "").startswith("audio/")]
    return next(iter([*sounds, *article.enclosures]), None)


def _add_content(parent: etree._Element, media: Media, medium: str) -> None:
    """Add one thing (F-61, F-62); in no group, since it has no renditions, nor a title that is held."""
    content = add(
        parent,
        "media:content",
        url=media.url,
        fileSize=media.length or None,
        type=media.media_type,
        medium=medium if medium in MEDIUMS else None,
        duration=media.duration,
        height=media.height,
        width=media.width,
    )
    if media.caption:
        add(content, "media:description", media.caption, type="plain")
    if media.credit:
        add(content, "media:credit", media.credit, role="photographer", scheme="urn:ebu")
