"""[feeds] and [[feed]] in publish.toml: what every feed is like, and what some are like instead."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from feeds.combination import Combination, CombinationError, parse
from feeds.guard import Limits
from sources.article import Frozen, HttpUrl, Text

Kind = Literal["tags", "sections", "authors", "languages"]
RulesName = Literal["redirects.nginx.conf", "redirects.caddy", ".htaccess", "_redirects"]
FormatName = Literal["rss", "atom", "json"]


def _has_slug(value: str) -> str:
    if "{slug}" not in value:
        raise ValueError("must hold {slug} where the address goes")
    return value


def _folder_url(value: str) -> str:
    return value if value.endswith("/") else value + "/"


def _combination(value: str) -> str:
    try:
        parse(value)
    except CombinationError as error:
        raise ValueError(str(error)) from error
    return value


FolderUrl = Annotated[HttpUrl, AfterValidator(_folder_url)]
PageUrl = Annotated[HttpUrl, AfterValidator(_has_slug)]


class PodcastSettings(Frozen):
    """See feeds.channel.Podcast."""

    category: Text
    explicit: bool = False
    image: HttpUrl | None = None
    author: Text | None = None
    owner_email: Text | None = None
    guid: Text | None = None


class Options(Frozen):
    """What a feed may choose for itself; what it leaves out, [feeds] says.

    limit      articles, newest first
    max_days   no article so much older than the feed's newest
    max_bytes  of all entries of a document; the newest is always there
    content    the whole story, or its summary
    images     whether entries name pictures
    order      newest first by `published`, or by `updated`
    icon, logo, accent_color  for readers that show them
    ttl        minutes that a reader may wait between two visits
    podcast    what makes a feed a show
    """

    limit: int | None = Field(None, ge=1, le=1000)
    max_days: int | None = Field(None, ge=1)
    max_bytes: int | None = Field(None, ge=1)
    content: Literal["full", "summary"] | None = None
    images: bool | None = None
    order: Literal["published", "updated"] | None = None
    icon: HttpUrl | None = None
    logo: HttpUrl | None = None
    accent_color: str | None = Field(None, pattern=r"^#[0-9a-fA-F]{6}$")
    ttl: int | None = Field(None, ge=1)
    podcast: PodcastSettings | None = None


class FeedSettings(Options):
    """All feeds. of: the kinds of feeds beside the site's; minimum: articles before one begins.

    history         archive documents behind each feed, with every article it ever had (RFC 5005)
    deltas          for readers who ask for what is new alone (RFC 3229), by `serve`
    menu            the draft of a feed menu too (F-91)
    redirects       rules for servers, once a feed has moved
    guard           from where on a change is no ordinary one
    withdrawn_days  for which feeds tell of what was taken out of them
    private         every feed is for those alone who have a token

    Languages have none unless asked for: where there is one, its feed is the site's once more.
    """

    url: FolderUrl | None = None
    formats: tuple[FormatName, ...] = Field(("rss", "atom", "json"), min_length=1)
    of: tuple[Kind, ...] = ("tags", "sections", "authors")
    minimum: int = Field(1, ge=1)
    history: bool = True
    deltas: bool = False
    menu: bool = False
    redirects: tuple[RulesName, ...] = ("redirects.nginx.conf", "redirects.caddy")
    withdrawn_days: int = Field(30, ge=1)
    private: bool = False
    guard: Limits = Field(default_factory=Limits)
    ignored_tags: tuple[Text, ...] = ()
    tag_page: PageUrl | None = None
    section_page: PageUrl | None = None
    author_page: PageUrl | None = None
    language_page: PageUrl | None = None


class OneFeedSettings(Options):
    """One feed: of a tag, a section, an author, a language, or a combination of tags.

    lang     of the feed, BCP 47
    aliases  other names that are this tag; slug: its address, if not made of its name
    private  for those alone who have a token: its articles are in no public feed (feeds.archive.privacy)
    """

    tag: Text | None = None
    section: Text | None = None
    author: Text | None = None
    language: Text | None = None
    combination: Annotated[str, AfterValidator(_combination)] | None = None
    title: Text | None = None
    description: Text | None = None
    page: HttpUrl | None = None
    lang: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
    aliases: tuple[Text, ...] = ()
    private: bool = False
    slug: str | None = Field(None, pattern=r"^[^\W_]+(-[^\W_]+)*$")

    @model_validator(mode="before")
    @classmethod
    def _one_subject(cls, data: Any) -> Any:
        subjects = ("tag", "section", "author", "language", "combination")
        if isinstance(data, dict) and sum(name in data for name in subjects) != 1:
            raise ValueError(f"needs exactly one of {', '.join(subjects)}")
        return data

    @model_validator(mode="after")
    def _no_aliases_of_a_combination(self) -> Self:
        if self.aliases and self.combination:
            raise ValueError("aliases are for tags, sections and authors; a combination has none")
        return self

    @property
    def subject(self) -> tuple[str, str]:
        """The kind of term, and its name: ("tag", "Korea Utara"); of a combination, its canonical form."""
        if self.combination:
            return "set", parse(self.combination).canonical
        return next(
            (kind, name) for kind in ("tag", "section", "author", "language") if (name := getattr(self, kind))
        )

    @property
    def combined(self) -> Combination | None:
        """What a combination combines."""
        return parse(self.combination) if self.combination else None
