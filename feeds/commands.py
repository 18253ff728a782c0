"""What each command of the command line does, from its arguments to its exit code."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.archive.values import ArchiveError
from feeds.settings import (
    EXAMPLE,
    FILE,
    Settings,
    SettingsError,
    default_tagging_entity,
    fetching_for,
    load,
    publisher_for,
    site_for,
)
from feeds.source_settings import PathSettings

if TYPE_CHECKING:
    from feeds.archive.sqlite import SqliteArchive
    from feeds.schedule import Planned

OK, FAILED, USAGE = 0, 1, 2


def run(arguments: Namespace) -> int:
    """Carry out a command. Errors go to standard error, in one line each, with their mend."""
    from feeds.sinks.sink import SinkError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that can't show a letter shows its escape
            stream.reconfigure(errors="backslashreplace")
    command = {"build": build, "preview": preview, "status": status, "init": init}[arguments.command]
    try:
        code = command(arguments)
        sys.stdout.flush()
        return code
    except SettingsError as error:
        return _complain(error, USAGE)
    except (ArchiveError, SinkError) as error:
        return _complain(error, FAILED)
    except BrokenPipeError:  # whoever read the report has read enough; the work is done
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        return _complain("stopped; run it again to go on", FAILED)


def _complain(error: object, code: int) -> int:
    for line in str(error).splitlines():
        print(f"tagwire: {line}", file=sys.stderr)
    return code


def build(arguments: Namespace) -> int:
    """Read the sources, bring every feed up to date, say what was done."""
    from feeds.archive.lock import writer_lock
    from feeds.composition import Desk
    from feeds.intake import take_in
    from feeds.plan import plan_of
    from feeds.progress import progress_bar
    from feeds.publication import publish
    from feeds.report import built
    from feeds.sinks.disk import DiskSink

    started = time.monotonic()
    settings = _settings(arguments)
    now = datetime.now(UTC).replace(microsecond=0)
    path = Path(settings.archive)
    out = Path(settings.out)
    with (
        writer_lock(path, arguments.wait, lambda holder: print(f"waiting for {holder}", file=sys.stderr)),
        _archive(path) as archive,
        progress_bar(arguments) as progress,
        _opened(arguments, settings) as plans,
    ):
        entity = _begin(archive, settings)
        site = replace(
            site_for(settings, entity), first_seen=now if settings.site.undated != "reject" else None
        )
        everything = bool(arguments.now or arguments.sources)
        intake = take_in(archive, plans, site, now, everything, progress)
        plan = plan_of(settings.feeds, settings.feed)
        desk = Desk(archive, publisher_for(settings, entity), plan, now)
        publication = publish(desk, DiskSink(out), progress)
    built(arguments, settings, intake, publication, time.monotonic() - started)
    rejected = intake.rejected or publication.rejected
    return FAILED if intake.failed or (arguments.strict and rejected) else OK


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


def preview(arguments: Namespace) -> int:
    """Show what sources yield and reject. Stores nothing, fetches nothing but the sources named."""
    from feeds.inspection import previewing
    from sources.source import SourceError, Visited

    settings = _settings(arguments)
    site = site_for(settings, default_tagging_entity(settings))
    if settings.site.undated != "reject":
        site = replace(site, first_seen=datetime.now(UTC).replace(microsecond=0))
    code = OK
    with previewing(arguments) as show, _opened(arguments, settings) as plans:
        for plan in plans:
            try:
                for item in plan.source.read(site, {}):
                    if not isinstance(item, Visited):
                        show(item)
            except SourceError as error:
                code = _complain(error, FAILED)
    return code


def status(arguments: Namespace) -> int:
    """Say what the archive holds and how the last build went."""
    from feeds.inspection import show_status

    path = Path(arguments.archive or _archive_in_use(arguments))
    if not path.exists():
        return _complain(f"{path}: no archive here yet; run build first, or name one with --archive", USAGE)
    with _archive(path, readonly=True) as archive:
        show_status(arguments, archive)
    return OK


def _archive_in_use(arguments: Namespace) -> str:
    settings = _settings_file(arguments)
    if settings == EXAMPLE and Path("tagwire.db").exists():
        return "tagwire.db"
    return load(settings, {}).archive


def init(arguments: Namespace) -> int:
    """Write a commented publish.toml, never over one that is there."""
    from feeds.output import say
    from feeds.template import TEMPLATE

    try:
        with Path(FILE).open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        return _complain(f"{FILE} is there already; edit it, or move it away", USAGE)
    except OSError as error:
        return _complain(f"{FILE}: {error.strerror}", FAILED)
    say(arguments, {"written": FILE}, f"wrote {FILE}; fill in the site's address, then run build")
    return OK


@contextlib.contextmanager
def _archive(path: Path, readonly: bool = False) -> Iterator[SqliteArchive]:
    from feeds.archive.sqlite import SqliteArchive

    archive = SqliteArchive(path, readonly)
    try:
        yield archive
    finally:
        archive.close()


def _settings_file(arguments: Namespace) -> Path:
    if getattr(arguments, "settings", None):
        return Path(arguments.settings)
    return Path(FILE) if Path(FILE).exists() else EXAMPLE


def _settings(arguments: Namespace) -> Settings:
    """Read the settings: publish.toml here, or else the example's, unless sources are named."""
    path: Path | None = _settings_file(arguments)
    if path == EXAMPLE and arguments.sources:
        path = None
    keys = {
        "site.url": "site_url",
        "site.title": "title",
        "site.language": "language",
        "site.timezone": "timezone",
        "archive": "archive",
        "out": "out",
    }
    return load(path, {key: getattr(arguments, name, None) for key, name in keys.items()})


@contextlib.contextmanager
def _opened(arguments: Namespace, settings: Settings) -> Iterator[list[Planned]]:
    """Open the sources to read: those named, or else the settings', whose paths start at their file."""
    from feeds.opening import fetches, open_sources
    from sources.http.client import Fetcher

    base = Path() if arguments.sources else _settings_file(arguments).parent
    wanted = [PathSettings(path=name) for name in dict.fromkeys(arguments.sources)] or settings.source
    if not wanted:
        raise SettingsError("no source: name a file, a folder or a URL, or add [[source]] to publish.toml")
    with contextlib.ExitStack() as stack:
        fetcher = None
        if any(fetches(source) for source in wanted):
            logging.getLogger("stamina").addHandler(logging.NullHandler())  # retries are no news to people
            fetcher = stack.enter_context(Fetcher(fetching_for(settings)))
        yield open_sources(wanted, base, fetcher)
