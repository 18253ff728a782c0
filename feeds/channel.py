"""Channel: what a feed says of itself. One for the whole site, one for every term and combination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from feeds.archive.terms import KINDS, THE_SITE, Term
from sources.identity import mint_id


@dataclass(frozen=True, slots=True)
class Publisher:
    """The newsroom as its feeds name it.

    url        the site, with a closing slash       feeds_url  where the feeds are served, likewise
    title      of the site's feed; a tag's feed is called `tag – title`
    name       stands in as author where an article names none
    pages      by kind of term, the address of its page with `{slug}` in it
    license    its address               -> link rel="license" (RFC 4946); `rights` is for people to read
    tdm_reservation, tdm_policy  whether mining of its texts is reserved, and the address of the terms
               (TDMRep)                  -> a file of its own; in no feed
    """

    url: str
    feeds_url: str
    title: str
    name: str
    tagging_entity: str
    pages: Mapping[str, str] = field(default_factory=dict, hash=False)
    description: str = ""
    language: str | None = None
    rights: str | None = None
    license: str | None = None
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None

    def page_of(self, term: Term) -> str:
        """Return the page that shows what a term's feed holds: the feed's alternate link."""
        if term.kind == THE_SITE.kind:
            return self.url
        return _page(self.pages.get(term.kind), self.url, KINDS[term.kind], term.slug)


@dataclass(frozen=True, slots=True)
class Podcast:
    """What directories of podcasts ask of a feed.

    category  one of Apple's: `News`, or `News > Daily News`
    explicit  not for children
    image     square, 1400 to 3000 pixels; without it the channel's icon stands in
    author    who speaks; without it the publisher
    owner_email  where directories write to, public
    guid      permanent; without it one is made of the feed's address. To be set once a show moves.
    """

    category: str
    explicit: bool = False
    image: str | None = None
    author: str | None = None
    owner_email: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed before its entries: RSS channel, Atom feed, JSON Feed's top level.

    id         permanent (RFC 4287, section 4.2.6)     -> Atom id; RSS has none
    title, description                                 -> all
    folder     where its files lie: `` or `tags/rusia/`
    alternate  the page that shows the same            -> RSS link, Atom link rel="alternate", home_page_url
    self_base  the folder as an absolute URL; a format adds its file name -> link rel="self" (F-10, F-35)
    updated    the newest significant change among the entries -> RSS lastBuildDate, Atom updated
    icon       a picture's address                     -> RSS image, Atom icon, JSON Feed icon
    previous, next, current  folders of the archive documents beside it, and of the feed that readers
               subscribe to (RFC 5005, section 4)      -> links; JSON Feed next_url
    is_archive a document of the archive, which stays as it is
    logo       a wide picture's address                -> Atom logo, webfeeds:logo
    accent_color  `#2dd4bf`                            -> webfeeds:accentColor
    ttl        minutes a reader may wait between two visits -> RSS ttl, sy:updatePeriod in both
    podcast    what makes it a show                    -> itunes and podcast elements in RSS
    language   BCP 47; without it the publisher's      -> RSS language, Atom xml:lang, JSON Feed language
    """

    id: str
    title: str
    description: str
    folder: str
    alternate: str
    self_base: str
    updated: datetime
    publisher: Publisher
    icon: str | None = None
    previous: str | None = None
    next: str | None = None
    current: str | None = None
    is_archive: bool = False
    logo: str | None = None
    accent_color: str | None = None
    ttl: int | None = None
    podcast: Podcast | None = None
    language: str | None = None


@lru_cache(maxsize=20_000)  # an entry asks for each of its tags
def _page(template: str | None, site: str, folder: str, slug: str) -> str:
    return (template or f"{site}{folder}/{{slug}}/").replace("{slug}", quote(slug, safe="/+,"))


def folder_of(term: Term) -> str:
    """Return where a term's feeds lie: `tags/rusia/`."""
    return "" if term.kind == THE_SITE.kind else f"{KINDS[term.kind]}/{term.slug}/"


def title_of(term: Term, publisher: Publisher) -> str:
    """Return what a term's feed is called, before the settings have their say."""
    return publisher.title if term.kind == THE_SITE.kind else f"{term.name} – {publisher.title}"


class Called(NamedTuple):
    """What a list of feeds tells of one, as in its Channel."""

    title: str
    description: str
    alternate: str
    language: str | None


def called(term: Term, publisher: Publisher) -> Called:
    """Say what a term's feed, or the site's, is called, before the settings have their say."""
    if term.kind == THE_SITE.kind:
        description = publisher.description or publisher.title
        return Called(publisher.title, description, publisher.url, publisher.language)
    return Called(
        title=title_of(term, publisher),
        description=f"{publisher.title}: {term.name}",
        alternate=publisher.page_of(term),
        language=term.name if term.kind == "language" else publisher.language,
    )


def id_of(term: Term, publisher: Publisher) -> str:
    """Return a feed's permanent id."""
    is_site = term.kind == THE_SITE.kind
    return mint_id(publisher.tagging_entity, "feeds/site") if is_site else term.feed_id


def base_of(term: Term, publisher: Publisher) -> str:
    """Return the folder of a term's feeds as an absolute URL."""
    return publisher.feeds_url + quote(folder_of(term), safe="/+,")


def channel_for(term: Term, publisher: Publisher, updated: datetime) -> Channel:
    """Say what a term's feed, or the site's, says of itself, before the settings have their say."""
    title, description, alternate, language = called(term, publisher)
    return Channel(
        id=id_of(term, publisher),
        title=title,
        description=description,
        folder=folder_of(term),
        alternate=alternate,
        self_base=base_of(term, publisher),
        updated=updated,
        publisher=publisher,
        language=language,
    )
