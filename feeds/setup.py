"""Setup: what a command works with: its settings, the archive, the sources."""

from __future__ import annotations

import contextlib
import logging
import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.feed_settings import OneFeedSettings
from feeds.plan import SETS, Plan
from feeds.settings import (
    Settings,
    default_tagging_entity,
    fetching_for,
    load,
    private_out_for,
    publisher_for,
)
from feeds.settings_file import EXAMPLE, FILE, SettingsError, archive_file, settings_file
from feeds.source_settings import PathSettings
from sources.identity import fold

if TYPE_CHECKING:
    from feeds.archive.sqlite import SqliteArchive
    from feeds.desk import Desk
    from feeds.schedule import Planned


@contextlib.contextmanager
def building_archive(arguments: Namespace, settings: Settings, now: datetime) -> Iterator[Desk]:
    """Open the archive for writing, while no other build runs."""
    from feeds.archive.lock import build_lock

    path = Path(settings.archive)
    with (
        build_lock(path, arguments.wait, lambda holder: print(f"waiting for {holder}", file=sys.stderr)),
        open_desk(settings, now) as desk,
    ):
        yield desk


@contextlib.contextmanager
def open_desk(settings: Settings, now: datetime) -> Iterator[Desk]:
    """Open the archive for writing, with the names that the settings give to tags."""
    from feeds.desk import Desk

    with open_archive(Path(settings.archive)) as archive:
        entity = _begin(archive, settings)
        with archive.transaction():
            archive.set_meta("withdrawn_days", str(settings.feeds.withdrawn_days))
            archive.set_meta(
                "settings", settings.model_dump_json(exclude={"source", "serve"}, exclude_none=True)
            )
            own = dict(_named(archive, one) for one in settings.feed)
            _settle_privacy(archive, settings)
        if len(own) < len(settings.feed):
            raise SettingsError("two [[feed]] are for one and the same: make one of them")
        plan, publisher = Plan(settings.feeds, own), publisher_for(settings, entity)
        yield Desk(
            archive, publisher, plan, now, deltas=settings.feeds.deltas, private_out=private_out_for(settings)
        )


def _named(archive: SqliteArchive, one: OneFeedSettings) -> tuple[tuple[str, str], OneFeedSettings]:
    """Give a term the names that the settings have for it; return what a plan knows it by."""
    kind, name = one.subject
    if kind != SETS:
        name = archive.terms.call(kind, name, one.slug, one.aliases).name
    return (kind, fold(name)), one


def _settle_privacy(archive: SqliteArchive, settings: Settings) -> None:
    """Let the feeds be private that the settings say are, by whatever names their tags have now."""
    private = [one.subject for one in settings.feed if one.private]
    found = (archive.terms.find(kind, name) for kind, name in private if kind != SETS)
    sets = [name for kind, name in private if kind == SETS]
    if archive.privacy.settle(settings.feeds.private, list(filter(None, found)), sets):
        archive.touched.add_all()


def last_settings(arguments: Namespace) -> Settings:
    """Return the settings of the last build: an editor's act is published as that was.

    Raises SettingsError when there was none.
    """
    with existing_archive(arguments) as archive:
        kept = archive.meta("settings")
        path = archive.path
    if kept is None:
        raise SettingsError(f"{path}: made by an earlier version; run build first")
    settings = Settings.model_validate_json(kept)
    return settings.model_copy(update={"archive": str(path), "out": arguments.out or settings.out})


def this_moment() -> datetime:
    """Return the time, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _begin(archive: SqliteArchive, settings: Settings) -> str:
    """Tie a new archive to its site; refuse one that is another's. Return the archive's tagging entity."""
    url = archive.meta("site_url")
    if url and url != settings.site.url and url not in settings.site.formerly:
        raise SettingsError(
            f"{archive.path} is the archive of {url}: name another with --archive, or, if the site has moved,"
            f' put formerly = ["{url}"] under [site] in {FILE}'
        )
    with archive.transaction():
        archive.set_meta("site_url", settings.site.url)
        entity = archive.meta("tagging_entity") or default_tagging_entity(settings)
        archive.set_meta("tagging_entity", entity)
    return entity


@contextlib.contextmanager
def existing_archive(arguments: Namespace, readonly: bool = True) -> Iterator[SqliteArchive]:
    """Open the archive to look at it, or to write. Raises SettingsError when there is none."""
    with open_archive(archive_file(arguments), readonly) as archive:
        yield archive


@contextlib.contextmanager
def open_archive(path: Path, readonly: bool = False) -> Iterator[SqliteArchive]:
    """Open an archive, and close it in the end. Raises ArchiveError."""
    from feeds.archive.sqlite import SqliteArchive

    archive = SqliteArchive(path, readonly)
    try:
        yield archive
    finally:
        archive.close()


def settings_of(arguments: Namespace) -> Settings:
    """Read the settings: publish.toml here, or else the example's, unless sources are named."""
    path: Path | None = settings_file(arguments)
    if path == EXAMPLE and arguments.sources:
        path = None
    keys = {
        "site.url": "site_url",
        "site.title": "title",
        "site.language": "language",
        "site.timezone": "timezone",
        "archive": "archive",
        "out": "out",
        "serve.host": "host",
        "serve.port": "port",
        "serve.workers": "workers",
        "serve.access_log": "access_log",
    }
    return load(path, {key: getattr(arguments, name, None) for key, name in keys.items()})


@contextlib.contextmanager
def opened_sources(arguments: Namespace, settings: Settings) -> Iterator[list[Planned]]:
    """Open the sources to read: those named, or else the settings', whose paths start at their file."""
    from feeds.opening import fetches, open_sources

    base = Path() if arguments.sources else settings_file(arguments).parent
    wanted = [PathSettings(path=name) for name in dict.fromkeys(arguments.sources)] or settings.source
    if not wanted:
        raise SettingsError("no source: name a file, a folder or a URL, or add [[source]] to publish.toml")
    with contextlib.ExitStack() as stack:
        fetcher = None
        if any(fetches(source) for source in wanted):
            from sources.http.client import Fetcher

            logging.getLogger("stamina").addHandler(logging.NullHandler())  # retries are no news to people
            fetcher = stack.enter_context(Fetcher(fetching_for(settings)))
        yield open_sources(wanted, base, fetcher)
