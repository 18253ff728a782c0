"""[[source]] in publish.toml: one model for each kind of source, told apart by the key of the place."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from feeds.feed_settings import FolderUrl
from sources.article import Frozen, HttpUrl, Text

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(value: Any) -> Any:
    match = re.fullmatch(r"([1-9]\d{0,5})\s*([smhd])", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('must be a number and s, m, h or d: "15m", "2h"')
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def _secret(value: str) -> str:
    """Read what stands in the environment: `env:NAME`."""
    if not value.startswith("env:"):
        return value
    found = os.environ.get(value.removeprefix("env:"))
    if not found:
        raise ValueError(f"the environment has no {value.removeprefix('env:')}; set it for this command")
    return found


def _expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Secret = Annotated[Text, AfterValidator(_secret)]
Expression = Annotated[Text, AfterValidator(_expression)]
Fields = dict[str, str]


class Common(Frozen):
    """What every kind of source has.

    every     between two readings, "15m"; without it, a source is read whenever `build` runs
    priority  of a story that two sources have, the higher's stays; of equals, the one changed later
    """

    is_remote: ClassVar[bool] = True
    every: Duration | None = None
    priority: int = 0


class PathSettings(Common):
    """A file, a folder, a URL.

    fields   own name -> the Article's: {"judul_berita" = "title", "isi.html" = "content"}
    pages    the address of a Markdown folder's pages, where their front matter states none
    """

    path: Text
    fields: Fields = Field(default_factory=dict)
    pages: FolderUrl | None = None


class FeedSourceSettings(Common):
    """A feed at an address. history: older documents too; full_text: the pages behind its links too."""

    feed: HttpUrl
    history: bool = False
    full_text: bool = False


class SitemapSettings(Common):
    """A sitemap. include, exclude: expressions that pages' addresses must match, or not; newest: a run's."""

    sitemap: HttpUrl
    include: tuple[Expression, ...] = ()
    exclude: tuple[Expression, ...] = ()
    newest: int = Field(1000, ge=1)


class ListingSettings(Common):
    """A tag or section page. pages: how many to follow; links: an expression for articles' addresses."""

    listing: HttpUrl
    pages: int = Field(3, ge=1, le=1000)
    links: Expression | None = None


class WordPressSettings(Common):
    """A WordPress site, read over its REST API. types: kinds of posts, by their names there."""

    wordpress: HttpUrl
    types: tuple[Text, ...] = ("posts",)


class GhostSettings(Common):
    """A Ghost site, read over its Content API. key: the API's, or env:NAME."""

    ghost: HttpUrl
    key: Secret


class SqlSettings(Common):
    """A database. sql: SQLAlchemy's URL of it, or env:NAME; select: one SELECT, columns named as fields.

    name: what it is called in reports; two SELECTs from one database need two.
    """

    sql: Secret
    name: str = ""
    select: Text
    fields: Fields = Field(default_factory=dict)


class InboxSettings(Common):
    """A folder whose files are taken once, and moved to done/ or rejected/."""

    is_remote: ClassVar[bool] = False
    inbox: Text
    fields: Fields = Field(default_factory=dict)


class OwnSettings(Common):
    """A source of one's own, "module:Class", made with `options`."""

    class_: str = Field(alias="class", pattern=r"^[\w.]+:\w+$")
    options: dict[str, Any] = Field(default_factory=dict)


KINDS: dict[str, type[Common]] = {
    "path": PathSettings,
    "feed": FeedSourceSettings,
    "sitemap": SitemapSettings,
    "listing": ListingSettings,
    "wordpress": WordPressSettings,
    "ghost": GhostSettings,
    "sql": SqlSettings,
    "inbox": InboxSettings,
    "class": OwnSettings,
}


def _kind(data: Any) -> str | None:
    if isinstance(data, Common):
        return next(kind for kind, model in KINDS.items() if type(data) is model)
    named = [kind for kind in KINDS if kind in data] if isinstance(data, dict) else []
    return named[0] if len(named) == 1 else None


SourceSettings = Annotated[
    Annotated[PathSettings, Tag("path")]
    | Annotated[FeedSourceSettings, Tag("feed")]
    | Annotated[SitemapSettings, Tag("sitemap")]
    | Annotated[ListingSettings, Tag("listing")]
    | Annotated[WordPressSettings, Tag("wordpress")]
    | Annotated[GhostSettings, Tag("ghost")]
    | Annotated[SqlSettings, Tag("sql")]
    | Annotated[InboxSettings, Tag("inbox")]
    | Annotated[OwnSettings, Tag("class")],
    Discriminator(
        _kind,
        custom_error_type="no_kind",
        custom_error_message=f"needs exactly one of {', '.join(KINDS)}",
    ),
]
