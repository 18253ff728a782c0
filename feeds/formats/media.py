"""Media: pictures and other media as Media RSS 1.5 and as the enclosure of an RSS item."""

from __future__ import annotations

from collections.abc import Iterator

from feeds.formats.elements import around, element
from sources.article import Article, Media

# RSS wants a type on every enclosure (F-19); in Atom, readers take one without for a web page.
NO_TYPE = "application/octet-stream"
MEDIUMS = ("image", "audio", "video")


def pictures(margin: bytes, article: Article) -> Iterator[bytes]:
    """Write an article's pictures, and its leading one as the thumbnail that small lists show (F-62)."""
    for image in article.images:
        yield _content(margin, image, "image")
    for image in article.images[:1]:
        yield element(margin, b"media:thumbnail", url=image.url, width=image.width, height=image.height)


def enclosures(margin: bytes, article: Article) -> Iterator[bytes]:
    """Write sounds, films and files for an RSS item, which holds one enclosure (F-19): the rest is media."""
    main = main_enclosure(article)
    if main:
        yield element(
            margin, b"enclosure", url=main.url, length=main.length or 0, type=main.media_type or NO_TYPE
        )
    for other in article.enclosures:
        if other is not main:
            yield _content(margin, other, (other.media_type or "").partition("/")[0])


def main_enclosure(article: Article) -> Media | None:
    """Return what an item encloses: the first sound, since that makes it an episode, or what comes first."""
    sounds = [media for media in article.enclosures if (media.media_type or "").startswith("audio/")]
    return next(iter([*sounds, *article.enclosures]), None)


def _content(margin: bytes, media: Media, medium: str) -> bytes:
    """Write one thing (F-61, F-62); in no group, since it has no renditions, nor a title that is held."""
    content = element(
        margin,
        b"media:content",
        url=media.url,
        fileSize=media.length or None,
        type=media.media_type,
        medium=medium if medium in MEDIUMS else None,
        duration=media.duration,
        height=media.height,
        width=media.width,
    )
    said, within = [], margin + b"  "
    if media.caption:
        said.append(element(within, b"media:description", media.caption, type="plain"))
    if media.credit:
        said.append(element(within, b"media:credit", media.credit, role="photographer", scheme="urn:ebu"))
    return around(content, said) if said else content
