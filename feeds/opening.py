"""Opening: sources made from their settings."""

from __future__ import annotations

import hashlib
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.schedule import Planned, together
from feeds.settings_file import SettingsError
from feeds.source_settings import (
    Common,
    FeedSourceSettings,
    GhostSettings,
    InboxSettings,
    ListingSettings,
    OwnSettings,
    PathSettings,
    SitemapSettings,
    SqlSettings,
    WordPressSettings,
)
from sources.source import Source

if TYPE_CHECKING:
    from sources.http.client import Fetcher


def open_sources(settings: Sequence[Common], base: Path, fetcher: Fetcher | None) -> list[Planned]:
    """Make the sources of a run. Raises SettingsError, also where two have one name: the archive knows a
    source by it.
    """
    plans = {plan.source.name: plan for plan in (open_source(one, base, fetcher) for one in settings)}
    if len(plans) < len(settings):
        names = [open_source(one, base, fetcher).source.name for one in settings]
        twice = next(name for name in names if names.count(name) > 1)
        raise SettingsError(f"two sources are called {twice}: name one in another way, or leave one out")
    return together(list(plans.values()))


def open_source(settings: Common, base: Path, fetcher: Fetcher | None) -> Planned:
    """Make a source and how it is to be read. base: the folder that paths start at. Raises SettingsError."""
    source = _source(settings, base, fetcher)
    is_file = isinstance(settings, PathSettings) and not is_url(settings.path)
    digest = hashlib.sha256(repr(settings).encode()).hexdigest()[:16]
    is_remote = settings.is_remote and not is_file
    return Planned(source, settings.every, is_remote, settings.priority, digest)


def is_url(place: str) -> bool:
    """Is a place an address on the web?"""
    return place.startswith(("http://", "https://"))


def fetches(settings: Common) -> bool:
    """Does a source need the HTTP client? It takes its time to load."""
    if isinstance(settings, PathSettings):
        return is_url(settings.path)
    return not isinstance(settings, (SqlSettings, InboxSettings, OwnSettings))


def _source(  # noqa: PLR0911 - one for each kind
    settings: Common, base: Path, fetcher: Fetcher | None
) -> Source:
    """Make a source; what reads it is loaded only then."""
    match settings:
        case PathSettings():
            from sources.location import Location

            return Location(settings.path, base, settings.fields, fetcher, settings.pages)
        case FeedSourceSettings():
            from sources.feed import Feed

            return Feed(settings.feed, settings.history, settings.full_text, fetcher)
        case SitemapSettings():
            from sources.sitemaps.source import Sitemap

            return Sitemap(settings.sitemap, settings.include, settings.exclude, settings.newest, fetcher)
        case ListingSettings():
            from sources.listings.source import Listing

            return Listing(settings.listing, settings.pages, settings.links, fetcher)
        case WordPressSettings():
            from sources.apis.wordpress import WordPress

            return WordPress(settings.wordpress, fetcher, settings.types)
        case GhostSettings():
            from sources.apis.ghost import Ghost

            return Ghost(settings.ghost, settings.key, fetcher)
        case SqlSettings():
            from sources.database import Database

            return Database(settings.sql, settings.select, settings.fields, base, settings.name)
        case InboxSettings():
            from sources.inbox import Inbox

            return Inbox(settings.inbox, settings.fields, base)
        case OwnSettings():
            return _own_source(settings, base)
    raise AssertionError(f"{type(settings).__name__} is no kind of source")


def _own_source(settings: OwnSettings, base: Path) -> Source:
    """Make the source that `class = "module:Class"` names, with its `options`.

    A module beside publish.toml is found. Raises SettingsError that says whether the module, the class or
    the options are at fault.
    """
    module_name, _, class_name = settings.class_.partition(":")
    if str(base.resolve()) not in sys.path:
        sys.path.insert(0, str(base.resolve()))
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise SettingsError(f"source.class: {error}; install what holds {module_name}") from error
    if not hasattr(module, class_name):
        raise SettingsError(f"source.class: {module_name} has no {class_name}; check the name")
    try:
        made: Source = getattr(module, class_name)(**settings.options)
    except TypeError as error:
        raise SettingsError(f"source.options: {error}; they are the arguments of {class_name}") from error
    if not (hasattr(made, "read") and hasattr(made, "name")):
        raise SettingsError(f"source.class: {class_name} is no source: it needs `name` and `read`")
    return made
