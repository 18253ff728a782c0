"""Channel: what a feed says of itself. One for the whole site, one for every tag."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urljoin

from feeds.archive.archive import TagRow
from sources.identity import mint_id


@dataclass(frozen=True, slots=True)
class Publisher:
    """The newsroom as its feeds name it.

    url        the site, with a closing slash       feeds_url  where the feeds are served, likewise
    title      of the site's feed; a tag's feed is called `tag – title`
    name       stands in as author where an article names none
    tag_page   address of a tag's page with `{slug}` in it
    """

    url: str
    feeds_url: str
    title: str
    name: str
    tagging_entity: str
    tag_page: str
    description: str = ""
    language: str | None = None
    rights: str | None = None

    def tag_url(self, slug: str) -> str:
        """Return the address of a tag's page: the feed's alternate link and its categories' scheme."""
        return self.tag_page.replace("{slug}", quote(slug))


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed before its entries: RSS channel, Atom feed.

    id         permanent (RFC 4287, section 4.2.6)     -> Atom id; RSS has none
    title, description                                 -> both
    folder     where its files lie: `` or `tags/rusia/`
    alternate  the page that shows the same            -> RSS link, Atom link rel="alternate"
    self_base  the folder as an absolute URL; a format adds its file name -> link rel="self" (F-10, F-35)
    updated    the newest significant change among the entries -> RSS lastBuildDate, Atom updated
    """

    id: str
    title: str
    description: str
    folder: str
    alternate: str
    self_base: str
    updated: datetime
    publisher: Publisher


def channel_for(tag: TagRow | None, publisher: Publisher, updated: datetime) -> Channel:
    """Say what a tag's feed, or the site's, says of itself."""
    if tag is None:
        return Channel(
            id=mint_id(publisher.tagging_entity, "feeds/site"),
            title=publisher.title,
            description=publisher.description or publisher.title,
            folder="",
            alternate=publisher.url,
            self_base=publisher.feeds_url,
            updated=updated,
            publisher=publisher,
        )
    folder = f"tags/{tag.slug}/"
    return Channel(
        id=tag.feed_id,
        title=f"{tag.name} – {publisher.title}",
        description=f"{publisher.title}: {tag.name}",
        folder=folder,
        alternate=publisher.tag_url(tag.slug),
        self_base=urljoin(publisher.feeds_url, quote(folder)),
        updated=updated,
        publisher=publisher,
    )
