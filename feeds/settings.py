"""publish.toml, validated: every error names the file, the line or the key, and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError

from feeds.channel import Publisher
from feeds.feed_settings import FeedSettings, FolderUrl, OneFeedSettings
from feeds.serve_settings import ServeSettings
from feeds.settings_errors import explain
from feeds.settings_file import ARCHIVE, SettingsError, read_file
from feeds.source_settings import SourceSettings
from sources.article import Frozen, HttpUrl, Text
from sources.http.values import FetchSettings
from sources.identity import fold
from sources.source import Site
from sources.text import strip_forbidden
from sources.zones import ZONE_OF_LANGUAGE


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError('is no zone of the IANA database: write it as "Asia/Jakarta"') from error
    return value


class SiteSettings(Frozen):
    """The newsroom: who publishes, where, in which language and zone."""

    url: FolderUrl
    title: Text | None = None
    description: str = ""
    language: str | None = Field(None, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")
    timezone: Annotated[str, AfterValidator(_known_zone)] | None = None
    publisher: Text | None = None
    rights: str | None = None
    license: HttpUrl | None = None
    tdm_reservation: bool | None = None
    tdm_policy: HttpUrl | None = None
    tagging_entity: str | None = Field(None, pattern=r"^[a-z0-9.-]+(@[a-z0-9.-]+)?,\d{4}(-\d\d(-\d\d)?)?$")
    undated: Literal["reject", "first-seen"] = "reject"
    formerly: tuple[FolderUrl, ...] = ()
    drop_tags: tuple[Text, ...] = ()


class FetchingSettings(Frozen):
    """How URLs are fetched. pause: seconds between two requests to one host."""

    contact: str = Field("", pattern=r"^[\x20-\x7e]*$")
    pause: float = Field(1.0, ge=0)
    respect_robots: bool = True
    private_hosts: tuple[str, ...] = ()


class Settings(Frozen):
    """All of publish.toml."""

    archive: str = ARCHIVE
    out: str = "public"
    private_out: str | None = None
    site: SiteSettings
    feeds: FeedSettings = FeedSettings()
    fetch: FetchingSettings = FetchingSettings()
    source: tuple[SourceSettings, ...] = ()
    feed: tuple[OneFeedSettings, ...] = ()
    serve: ServeSettings = ServeSettings()


def load(path: Path | None, overrides: dict[str, Any]) -> Settings:
    """Read settings from a file, or none, with values of the command line over them.

    overrides: by dotted key, `site.url`; None leaves the file's value. Raises SettingsError.
    """
    data = read_file(path) if path else {}
    for key, value in overrides.items():
        if value is not None:
            _set(data, key.split("."), value)
    _check_characters(data, str(path or "settings"))
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        places = (explain(dict(one), Settings) for one in error.errors())
        raise SettingsError("\n".join(f"{path or 'settings'}: {place}" for place in places)) from error


def _check_characters(value: Any, where: str) -> None:
    """Refuse what no feed can hold. Raises SettingsError."""
    if isinstance(value, str) and strip_forbidden(value)[1]:
        raise SettingsError(f"{where}: {value!r} holds a character that XML forbids; take it out")
    for key, item in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        _check_characters(item, f"{where}: {key}")


def _set(data: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        data = data.setdefault(key, {})
    data[keys[-1]] = value


def site_for(settings: Settings, tagging_entity: str) -> Site:
    """Return what sources may assume of the newsroom."""
    site = settings.site
    zone = site.timezone or ZONE_OF_LANGUAGE.get((site.language or "").partition("-")[0].lower())
    return Site(
        url=site.url,
        tagging_entity=tagging_entity,
        language=site.language,
        timezone=ZoneInfo(zone) if zone else None,
        publisher=site.publisher,
        drop_tags=frozenset(map(fold, site.drop_tags)),
    )


def fetching_for(settings: Settings) -> FetchSettings:
    """Return how the run's HTTP client behaves."""
    fetch = settings.fetch
    return FetchSettings(
        contact=fetch.contact,
        pause=fetch.pause,
        respect_robots=fetch.respect_robots,
        private_hosts=frozenset(fetch.private_hosts),
    )


def publisher_for(settings: Settings, tagging_entity: str) -> Publisher:
    """Return the newsroom as its feeds name it."""
    site = settings.site
    title = site.title or urlsplit(site.url).netloc
    feeds = settings.feeds
    pages = {
        "tag": feeds.tag_page,
        "section": feeds.section_page,
        "author": feeds.author_page,
        "language": feeds.language_page,
    }
    return Publisher(
        url=site.url,
        feeds_url=feeds.url or site.url,
        title=title,
        name=site.publisher or title,
        tagging_entity=tagging_entity,
        pages={kind: page for kind, page in pages.items() if page},
        description=site.description,
        language=site.language,
        rights=site.rights,
        license=site.license,
        tdm_reservation=site.tdm_reservation,
        tdm_policy=site.tdm_policy,
    )


def private_out_for(settings: Settings) -> Path:
    """Return the folder of private feeds, by default beside the public one. Raises SettingsError."""
    private = Path(settings.private_out or Path(settings.out).absolute().parent / "private")
    if private.resolve().is_relative_to(Path(settings.out).resolve()):
        raise SettingsError(
            f"private_out = {str(private)!r} lies in {settings.out!r}, which all may read: name another"
        )
    return private


def default_tagging_entity(settings: Settings) -> str:
    """Return what minted ids are named after when an archive begins (RFC 4151): host and a date."""
    return settings.site.tagging_entity or f"{urlsplit(settings.site.url).hostname},2005"
