"""Podcast: what makes an RSS item an episode and its channel a show, as Apple and Podcasting 2.0 name it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from feeds.channel import Channel
from feeds.formats.elements import element
from feeds.formats.media import main_enclosure
from sources.article import Article

if TYPE_CHECKING:
    from lxml import etree

GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # the namespace of podcast:guid


def episode(margin: bytes, article: Article, images: bool) -> Iterator[bytes]:
    """Write what podcast readers ask of an episode beside its enclosure. Without a sound it is none.

    images: whether pictures are named
    """
    sound = main_enclosure(article)
    if sound is None or not (sound.media_type or "").startswith("audio/"):
        return
    if sound.duration:
        yield element(margin, b"itunes:duration", str(sound.duration))
    for image in article.images[:1] if images else ():
        yield element(margin, b"itunes:image", href=image.url)


def add_show(rss_channel: etree._Element, channel: Channel) -> None:
    """Add what directories ask of a show. Nothing is said where none is configured."""
    from feeds.formats.tree import add

    show = channel.podcast
    if show is None:
        return
    add(rss_channel, "itunes:author", show.author or channel.publisher.name)
    add(rss_channel, "itunes:explicit", "true" if show.explicit else "false")
    main, _, sub = (part.strip() for part in show.category.partition(">"))
    category = add(rss_channel, "itunes:category")
    category.set("text", main)
    if sub:
        add(category, "itunes:category").set("text", sub)
    if image := show.image or channel.icon:
        add(rss_channel, "itunes:image", href=image)
    if show.owner_email:
        owner = add(rss_channel, "itunes:owner")
        add(owner, "itunes:name", show.author or channel.publisher.name)
        add(owner, "itunes:email", show.owner_email)
    # Archive documents belong to the show that readers subscribe to.
    feed_url = (channel.current or channel.self_base) + "rss.xml"
    add(rss_channel, "podcast:guid", show.guid or podcast_guid(feed_url))


def podcast_guid(feed_url: str) -> str:
    """Return a show's id: a UUIDv5 of its address without scheme and closing slashes."""
    return str(uuid.uuid5(GUIDS, re.sub(r"^[a-z]+://", "", feed_url).rstrip("/")))
