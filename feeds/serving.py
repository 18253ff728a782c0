"""What the commands around serving do: serve, say who polls, write other servers' configurations."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from urllib.parse import urlsplit

from feeds.settings_file import SettingsError

OK, FAILED = 0, 1
TTL = 10  # minutes that other servers let readers go on with any feed: they know no feed from another


def serve(arguments: Namespace) -> int:
    """Serve the feeds over HTTP."""
    try:
        from feeds.server.run import serve as run_server
    except ModuleNotFoundError as error:
        raise SettingsError(f"{error.name} is not installed: pip install 'tagwire[serve]'") from error
    return run_server(arguments)


def pollers(arguments: Namespace) -> int:
    """Say who polls the feeds, and how."""
    from feeds.output import print_json, table
    from feeds.pollers.files import lines_of
    from feeds.pollers.report import data, rows
    from feeds.pollers.summary import summary

    found = summary(lines_of([Path(name) for name in arguments.files]), arguments.feed or "")
    if arguments.json:
        print_json(data(found))
    elif not arguments.quiet:
        table("pollers", rows(found))
    return FAILED if found.failures else OK


def deploy(arguments: Namespace) -> int:
    """Write the configuration by which another server gives the files our headers. Raises SettingsError."""
    from feeds.deploy import DeployError, Deployment, configuration
    from feeds.output import say
    from feeds.plan import plan_of
    from feeds.settings import default_tagging_entity, publisher_for
    from feeds.setup import last_settings

    settings = last_settings(arguments)
    publisher = publisher_for(settings, default_tagging_entity(settings))
    site = Deployment(
        publisher,
        Path(settings.out).resolve(),
        arguments.host or urlsplit(publisher.feeds_url).hostname or "",
        arguments.port,
        formats=plan_of(settings.feeds, settings.feed).formats,
        max_age=(settings.feeds.ttl or TTL) * 60,
    )
    try:
        files = configuration(arguments.target, site)
    except DeployError as error:
        raise SettingsError(f"{arguments.target}: {error}") from error
    for name, text in files.items():
        path = Path(arguments.into, name) if arguments.into else None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if arguments.into:
        written = [str(Path(arguments.into, name)) for name in files]
        say(arguments, {"written": written}, "\n".join(f"wrote {path}" for path in written))
    else:
        say(arguments, {"files": files}, "\n".join(f"# --- {name}\n{text}" for name, text in files.items()))
    return OK
