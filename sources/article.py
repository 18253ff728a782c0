"""Article: the one record that every source ends in and every feed is made from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from sources.identity import PLAIN_URL, is_permanent_id

Role = Literal["author", "editor", "contributor", "photographer"]
Status = Literal["usable", "withheld", "canceled"]
Basis = Literal["stated", "assumed", "relative", "first-seen"]


def _http_url(value: str) -> str:
    if PLAIN_URL.fullmatch(value):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isascii() or " " in value:
        raise ValueError("must be an absolute http(s) URL")
    return value


def _absolute_iri(value: str) -> str:
    if not is_permanent_id(value):
        raise ValueError("must be an absolute IRI made to last (https:…, tag:…, urn:…)")
    return value


def _as_feeds_write_it(value: datetime) -> datetime:
    # RFC 822 dates have no fractions; with them RSS and Atom would disagree about the same article.
    # Neither format writes seconds in an offset, which zones had before they were made uniform.
    offset = value.utcoffset() or timedelta()
    if offset.seconds % 60:
        value = value.astimezone(timezone(timedelta(minutes=round(offset.total_seconds() / 60))))
    return value.replace(microsecond=0)


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Iri = Annotated[str, AfterValidator(_absolute_iri)]
Moment = Annotated[AwareDatetime, AfterValidator(_as_feeds_write_it)]
Text = Annotated[str, Field(min_length=1)]


class Frozen(BaseModel):
    """A value: never changed once made, and closed to fields it does not know."""

    # To build a model takes milliseconds: it is done when the first one is made.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Person(Frozen):
    """Somebody named in a byline.

    name   as printed                     -> atom:name; dc:creator or dc:contributor
    role   what the person did            -> `author` is an Atom author; the others are contributors
    url    the person's page, absolute    -> atom:uri
    email  an address meant for readers   -> atom:email
    """

    name: Text
    role: Role = "author"
    url: HttpUrl | None = None
    email: str | None = None


class Media(Frozen):
    """A picture, sound, film or file that belongs to an article.

    url         absolute http(s)                       -> media:content@url, enclosure@url
    media_type  as in HTTP's Content-Type: image/webp  -> @type
    length      bytes                                  -> @fileSize, @length
    width, height  pixels                              -> @width, @height
    duration    seconds                                -> media:content@duration, itunes:duration
    caption     plain text                             -> media:description
    credit      who made it                            -> media:credit role="photographer"
    """

    url: HttpUrl
    media_type: str | None = Field(None, pattern=r"^[\w.+-]+/[\w.+-]+$")
    length: int | None = Field(None, ge=0)
    width: int | None = Field(None, gt=0)
    height: int | None = Field(None, gt=0)
    duration: int | None = Field(None, gt=0)
    caption: str | None = None
    credit: str | None = None


class DateBasis(Frozen):
    """How each date was known.

    stated      it names its zone
    assumed     its zone is the site's
    relative    counted back from the moment it was fetched (`2 jam lalu`): no more exact than its unit
    first-seen  it is when we met the article
    """

    published: Basis = "stated"
    updated: Basis = "stated"
    modified: Basis = "stated"
    embargoed_until: Basis = "stated"
    expires: Basis = "stated"


class Article(Frozen):
    """One published article. This page is the contract: sources fill it, formats read it.

    Names are Atom's (RFC 4287). All text is plain but `content`, and holds only what XML 1.0 allows.

    id               permanent absolute IRI, compared letter by letter; never changes, whatever else does
                       RSS guid isPermaLink="false" · Atom id · JSON Feed id
    url              where readers find it: canonical, absolute, without tracking parameters
                       RSS link · Atom link rel="alternate" · JSON Feed url
    title            headline, plain text
                       RSS title · Atom title type="text" · JSON Feed title
    summary          lead or abstract, plain text
                       RSS description · Atom summary · JSON Feed summary
    content          the whole story as clean HTML: no scripts, every URL absolute
                       RSS content:encoded · Atom content type="html" · JSON Feed content_html
    published        first available; with zone, whole seconds
                       RSS pubDate · Atom published · JSON Feed date_published
    updated          last change the publisher calls significant; not before `published`
                       RSS item atom:updated · Atom updated · JSON Feed date_modified
    modified         last change of any kind; not before `updated`
                       kept for the archive and for Last-Modified; in no public feed
    date_basis       how each of the dates was known: stated, assumed, relative, first-seen
                       in no feed; `preview` shows it
    authors          people, each with a role
                       author: RSS dc:creator · Atom author · JSON Feed authors
                       editor, contributor, photographer: RSS dc:contributor · Atom contributor
    publisher        who publishes it; stands in as Atom author where no author is known
                       Atom author/name · no RSS element
    tags             names as printed, in order, no two alike but for case or spaces
                       RSS category domain="tag's address" · Atom category term, scheme · JSON Feed tags
    section          the desk or rubric it appeared in
                       not a category: a tag named like a section stays a tag; a feed of its own
    language         BCP 47
                       RSS item dc:language where it differs from the channel's · Atom entry xml:lang
    images           pictures, the leading one first
                       Media RSS media:content medium="image" in both · JSON Feed image
                       the leading one also: media:thumbnail in both · RSS itunes:image of an episode
    enclosures       sound, film, files
                       RSS enclosure (the first sound, else the first) and media:content
                       Atom link rel="enclosure" (all) · JSON Feed attachments (all)
    credit           the agency the report leans on
                       dc:source in both
    rights           who may do what, for people to read
                       RSS dc:rights · Atom rights
    comments_url     the page where readers discuss it; how many do is not kept, since it changes
                       without the article
                       RSS comments · Atom link rel="replies"
    status           `usable`; `withheld`: keep out of every feed; `canceled`: withdrawn for good
    embargoed_until  in no feed before this moment
    expires          in no feed from this moment on
    alternate_ids    ids and URLs it was known by elsewhere or before; a record that carries one of
                       them is this article

    How it was read; never stored with the article and in no feed:
    source, position  which source gave it and where there: a line, a file name
    cleaned           how many characters XML 1.0 forbids were taken out of its text
    origin            what tells it apart there if it has no id and no URL: its file and date
    found, cut        of a page: what each field was found in, and what was taken out of its text
    """

    id: Iri
    url: HttpUrl | None = None
    title: Text
    summary: Text | None = None
    content: Text | None = None
    published: Moment
    updated: Moment
    modified: Moment
    date_basis: DateBasis = DateBasis()
    authors: tuple[Person, ...] = ()
    publisher: Text | None = None
    tags: tuple[Text, ...] = ()
    section: Text | None = None
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")
    images: tuple[Media, ...] = ()
    enclosures: tuple[Media, ...] = ()
    credit: Text | None = None
    rights: Text | None = None
    comments_url: HttpUrl | None = None
    status: Status = "usable"
    embargoed_until: Moment | None = None
    expires: Moment | None = None
    alternate_ids: tuple[Text, ...] = ()

    source: str = Field("", exclude=True)
    position: str = Field("", exclude=True)
    cleaned: int = Field(0, exclude=True)
    origin: str = Field("", exclude=True)
    found: Mapping[str, str] = Field(default_factory=dict, exclude=True)
    cut: tuple[str, ...] = Field((), exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _fill_dates(cls, data: Any) -> Any:
        """Let `updated` default to `published`, and `modified` to `updated`."""
        if not isinstance(data, dict) or data.get("published") is None:
            return data
        updated = data.get("updated") or data["published"]
        return {**data, "updated": updated, "modified": data.get("modified") or updated}

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if not self.published <= self.updated <= self.modified:
            raise ValueError("published, updated and modified must not go backwards")
        return self
