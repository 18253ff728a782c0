"""What each command of the command line does, from its arguments to its exit code."""

from __future__ import annotations

import io
import logging
import os
import sys
import time
from argparse import Namespace
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from feeds import serving
from feeds.archive.terms import TermError
from feeds.archive.tokens import TokenError
from feeds.archive.values import ArchiveError
from feeds.channel import folder_of
from feeds.settings_file import FILE, SettingsError, archive_file

OK, FAILED, USAGE = 0, 1, 2
EPOCH = datetime.fromtimestamp(0, UTC)


def run(arguments: Namespace) -> int:
    """Carry out a command. Errors go to standard error, in one line each, with their mend."""
    from feeds.sinks.sink import SinkError
    from feeds.workers import WorkerError
    from sources.source import SourceError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that can't show a letter shows its escape
            stream.reconfigure(errors="backslashreplace")
    command = COMMANDS[arguments.command]
    try:
        code = command(arguments)
        sys.stdout.flush()
        return code
    except (SettingsError, TermError, TokenError) as error:
        return _complain(error, USAGE)
    except (ArchiveError, SinkError, SourceError, WorkerError) as error:
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
    from feeds.intake import Extent, take_in
    from feeds.progress import progress_bar
    from feeds.publication import publish
    from feeds.report import built
    from feeds.settings import site_for
    from feeds.setup import building_archive, opened_sources, settings_of, this_moment
    from feeds.sinks.disk import DiskSink

    started = time.monotonic()
    settings = settings_of(arguments)
    now = this_moment()
    accepted = {name.strip("/") for name in arguments.accept or ()}
    with (
        building_archive(arguments, settings, now) as desk,
        progress_bar(arguments) as progress,
        opened_sources(arguments, settings) as plans,
    ):
        site = site_for(settings, desk.publisher.tagging_entity)
        site = replace(site, first_seen=now if settings.site.undated != "reject" else None)
        were_held = {folder_of(term) for term, _ in desk.archive.held.every()}
        extent: Extent = "anew" if arguments.anew else "all" if arguments.now or arguments.sources else "due"
        intake = take_in(desk.archive, plans, site, now, extent, progress)
        accept = lambda folder: bool({folder.strip("/") or "site", "all"} & accepted)  # noqa: E731
        written: list[str] = []
        tell = written.extend if arguments.json else lambda _: None  # of a large newsroom 40 MB
        publication = publish(desk, DiskSink(Path(settings.out)), progress, accept, tell=tell)
    for name in accepted - {"all"} - {folder.strip("/") or "site" for folder in were_held}:
        print(
            f"tagwire: --accept {name}: no such feed is held; `status` names those that are", file=sys.stderr
        )
    built(arguments, settings, intake, publication, written, time.monotonic() - started)
    rejected = intake.rejected or publication.rejected
    return FAILED if intake.failed or publication.held or (arguments.strict and rejected) else OK


def change(arguments: Namespace) -> int:
    """Carry out what an editor decides, and publish it at once."""
    from feeds import editing
    from feeds.output import say
    from feeds.publication import publish
    from feeds.setup import last_settings, open_desk, this_moment
    from feeds.sinks.disk import DiskSink

    settings = last_settings(arguments)
    now = this_moment()
    with open_desk(settings, now) as desk:
        with desk.archive.transaction():
            if arguments.command == "withdraw":
                message, concerned = editing.withdraw(arguments, desk.archive, now)
            elif arguments.command == "restore":
                message, concerned = editing.restore(arguments, desk.archive, now)
            else:
                message, concerned = editing.change_tags(arguments, desk.archive)
        held = {folder_of(term) for term, _ in desk.archive.held.every()}
        # An editor's own act is no accident, and must reach its feeds; others that are held stay held.
        let_through = {folder_of(term) for term in concerned}
        written: list[str] = []
        publish(
            desk,
            DiskSink(Path(settings.out)),
            lambda *_: None,
            lambda folder: folder in let_through or folder not in held,
            tell=written.extend,
        )
    for folder in sorted(held & let_through):
        print(f"tagwire: {folder.strip('/') or 'site'} was held and is replaced, for this", file=sys.stderr)
    say(arguments, {"done": message, "written": written}, message)
    return OK


def look(arguments: Namespace) -> int:
    """Show an article's past, or the tags there are."""
    from feeds import editing
    from feeds.setup import existing_archive

    show = editing.log if arguments.command == "log" else editing.tags
    with existing_archive(arguments) as archive:
        return show(arguments, archive)


def token(arguments: Namespace) -> int:
    """Let subscribers and programs in, or no longer, or say who they are."""
    from feeds import token_commands
    from feeds.setup import existing_archive, this_moment

    with existing_archive(arguments, readonly=arguments.action == "list") as archive:
        if arguments.action == "list":
            return token_commands.show(arguments, archive)
        with archive.transaction():
            if arguments.action == "add":
                return token_commands.add(arguments, archive, this_moment())
            return token_commands.revoke(arguments, archive)


def tags(arguments: Namespace) -> int:
    """Show tags, or change them."""
    return look(arguments) if arguments.action in {"list", "suggest"} else change(arguments)


def preview(arguments: Namespace) -> int:
    """Show what sources yield and reject. Stores nothing, fetches nothing but the sources named."""
    from feeds.inspection import previewing
    from feeds.settings import default_tagging_entity, site_for
    from feeds.setup import opened_sources, settings_of
    from sources.source import Gone, SourceError, Visited

    settings = settings_of(arguments)
    site = site_for(settings, default_tagging_entity(settings))
    if settings.site.undated != "reject":
        site = replace(site, first_seen=datetime.now(UTC).replace(microsecond=0))
    code = OK
    with previewing(arguments) as show, opened_sources(arguments, settings) as plans:
        for plan in plans:
            try:
                for item in plan.source.read(site, {}):
                    if not isinstance(item, (Visited, Gone)):
                        show(item)
            except SourceError as error:
                code = _complain(error, FAILED)
    return code


def status(arguments: Namespace) -> int:
    """Say what the archive holds and how the last build went."""
    from feeds.inspection import show_status

    show_status(arguments, archive_file(arguments))
    return OK


def check(arguments: Namespace) -> int:
    """Say whether a live page leads readers to its feeds (autodiscovery)."""
    from feeds.checking import check_page
    from feeds.output import say
    from feeds.plan import plan_of
    from feeds.settings import default_tagging_entity, fetching_for, publisher_for
    from feeds.setup import existing_archive, last_settings
    from sources.http.client import Fetcher

    settings = last_settings(arguments)
    logging.getLogger("stamina").addHandler(logging.NullHandler())  # retries are no news to people
    with Fetcher(fetching_for(settings)) as fetcher, existing_archive(arguments) as archive:
        publisher = publisher_for(settings, default_tagging_entity(settings))
        plan = plan_of(settings.feeds, settings.feed)
        channels = [
            plan.channel(term, publisher, EPOCH)
            for term in archive.terms.with_feeds()
            if not archive.privacy.is_private(term)
        ]
        fetched = fetcher.get(arguments.page, trusted=True)
        found = [c for c in channels if c.alternate.rstrip("/") == fetched.url.rstrip("/")] or channels[:1]
        expected = [channel.self_base + format_.file for channel in found for format_ in plan.formats]
        faults = check_page(fetched.body, fetched.url, expected)
    text = "\n".join(faults) or f"{fetched.url} leads to {', '.join(expected)}"
    say(arguments, {"page": fetched.url, "expected": expected, "faults": faults}, text)
    return FAILED if faults else OK


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


COMMANDS = {
    "build": build,
    "serve": serving.serve,
    "pollers": serving.pollers,
    "deploy": serving.deploy,
    "preview": preview,
    "status": status,
    "init": init,
    "withdraw": change,
    "restore": change,
    "log": look,
    "tags": tags,
    "token": token,
    "check": check,
}
