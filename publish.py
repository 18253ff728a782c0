"""The command line: settings -> sources -> archive -> documents -> sink; a summary and an exit code.

Nothing heavy is imported here: each command loads what it needs when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

DESCRIPTION = """\
Publish a newsroom's articles as RSS and Atom feeds, one for the whole site and one for every tag.

Articles may lie about in any form: JSON or JSON Lines records, HTML news pages, plain text of news pages;
a file, a folder, a URL, or - for standard input. What each is, tagwire finds out by looking.
"""

EXAMPLES = """\
examples:
  python publish.py build                      publish.toml in this folder, or else the bundled example
  python publish.py build articles/ --site-url https://news.example/ --title "News"
  curl -s https://cms.example/export.jsonl | python publish.py build - --site-url https://news.example/
  python publish.py preview page.html --site-url https://news.example/
  python publish.py status

exit codes:
  0  published; records that are no articles were set aside and reported
  1  a source failed, a feed is held, the archive or a file could not be written, or --strict and a record
     was rejected
  2  the command line or the settings are wrong
"""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    top = argparse.ArgumentParser(
        prog="tagwire" if sys.argv[0].endswith("tagwire") else "publish.py",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    build = commands.add_parser("build", help="read the sources and bring every feed up to date")
    _add_sources(build)
    _add_site(build)
    _add_archive(build)
    build.add_argument("--out", metavar="DIR", help="folder for the feeds (default: public)")
    build.add_argument(
        "--now", action="store_true", help="read all sources, also those whose time has not come"
    )
    build.add_argument(
        "--anew", action="store_true", help="read them all, also files and records that are as they were"
    )
    build.add_argument(
        "--accept",
        action="append",
        metavar="FEED|all",
        help="let a held feed through: its folder, `site`, or all",
    )
    build.add_argument("--strict", action="store_true", help="exit with 1 if any record was rejected")
    build.add_argument(
        "--wait",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="wait so long for another build (default: 60)",
    )
    _add_output(build)

    preview = commands.add_parser("preview", help="show what the sources yield and reject; store nothing")
    _add_sources(preview)
    _add_site(preview)
    _add_output(preview)

    status = commands.add_parser("status", help="archive, sources, tags, feeds, rejected records, last build")
    _add_archive(status)
    _add_output(status)

    _add_serving(commands)
    _add_editing(commands)

    init = commands.add_parser("init", help="write a commented publish.toml into this folder")
    _add_output(init)
    return top


def _add_serving(commands: Any) -> None:
    """Describe the commands around serving."""
    serve = commands.add_parser("serve", help="serve the feeds over HTTP, and read the sources in time")
    _add_sources(serve)
    _add_site(serve)
    _add_archive(serve)
    serve.add_argument("--out", metavar="DIR", help="folder for the feeds (default: public)")
    serve.add_argument("--host", help="address to listen at (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen at; 0: a free one (default: 8080)")
    serve.add_argument("--workers", type=int, metavar="N", help="processes (default: 1)")
    serve.add_argument("--access-log", metavar="FILE", help="where each request is recorded, for `pollers`")

    pollers = commands.add_parser("pollers", help="who polls the feeds, and how: from access records")
    pollers.add_argument(
        "files", nargs="+", metavar="FILE", help="of `serve`, nginx or Apache; packed or not"
    )
    pollers.add_argument("--feed", metavar="PATH", help="one feed, or with a slash at the end all below it")
    _add_output(pollers)

    deploy = commands.add_parser(
        "deploy", help="a web server's configuration for the files, instead of serve"
    )
    deploy.add_argument("target", choices=["nginx", "caddy", "apache", "netlify", "cloudflare"])
    deploy.add_argument("--host", help="the name that readers ask for (default: the feeds' own)")
    deploy.add_argument("--port", type=int, default=80, help="443: TLS (default: 80)")
    deploy.add_argument(
        "--into", metavar="DIR", help="write the files below this folder (default: print them)"
    )
    deploy.add_argument("--out", metavar="DIR", help="folder of the feeds (default: the last build's)")
    _add_archive(deploy)
    _add_output(deploy)


def _add_editing(commands: Any) -> None:
    """Describe the commands for editors."""
    withdraw = commands.add_parser("withdraw", help="take a story out of every feed, and tell readers")
    withdraw.add_argument("article", metavar="ID|URL", help="the story")
    withdraw.add_argument("--reason", required=True, help="why, for readers (Atom tombstones tell it)")
    withdraw.add_argument("--replacement", metavar="URL", help="what stands in its place")
    withdraw.add_argument("--notice", metavar="TEXT", help="words that feeds show in the story's place")
    restore = commands.add_parser("restore", help="undo a withdrawal")
    restore.add_argument("article", metavar="ID|URL", help="the story")
    log = commands.add_parser("log", help="every version of a story, what changed, when, in which feeds")
    log.add_argument("article", metavar="ID|URL", help="the story")

    tags = commands.add_parser("tags", help="list, alias, merge or rename tags, or have merges suggested")
    actions = tags.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="all tags, the most used first")
    suggest = actions.add_parser("suggest", help="tags that look like one; nothing is changed")
    alias = actions.add_parser("alias", help="let other names be this tag")
    alias.add_argument("tag")
    alias.add_argument("names", nargs="+", metavar="NAME")
    merge = actions.add_parser("merge", help="let a tag go up in another; its old address leads there")
    merge.add_argument("tag")
    merge.add_argument("into")
    rename = actions.add_parser("rename", help="give a tag another name and address; the old one leads there")
    rename.add_argument("tag")
    rename.add_argument("name")
    rename.add_argument("--slug", help="the new address, if not made of the name")

    token = commands.add_parser("token", help="who may read private feeds, or use the API")
    deeds = token.add_subparsers(dest="action", required=True, metavar="ACTION")
    adding = deeds.add_parser("add", help="make a token; its secret is shown once")
    adding.add_argument("name", help="whose it is")
    adding.add_argument("--scope", action="append", help="feeds (default), articles:read or articles:write")
    adding.add_argument(
        "--feed", action="append", metavar="FOLDER", help="this private feed alone: tags/riset"
    )
    revoke = deeds.add_parser("revoke", help="let someone in no longer")
    revoke.add_argument("name")
    holders = deeds.add_parser("list", help="who has tokens, and for what")
    for command in (adding, revoke, holders):
        _add_archive(command)
        _add_output(command)

    check = commands.add_parser("check", help="does a live page lead readers to its feeds?")
    check.add_argument("page", metavar="URL")
    for command in (withdraw, restore, log, listing, suggest, alias, merge, rename, check):
        _add_archive(command)
        command.add_argument("--out", metavar="DIR", help="folder for the feeds (default: the last build's)")
        _add_output(command)


def _add_sources(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "sources",
        nargs="*",
        metavar="PATH|URL|-",
        help="where articles are, instead of the settings' sources",
    )


def _add_site(command: argparse.ArgumentParser) -> None:
    site = command.add_argument_group("the newsroom, over what publish.toml says")
    site.add_argument("--site-url", metavar="URL", help="the site's address: https://news.example/")
    site.add_argument("--title", help="the site's name, as feeds show it (default: the host)")
    site.add_argument("--language", metavar="TAG", help="BCP 47, for articles that do not say: id, en-GB")
    site.add_argument("--timezone", metavar="ZONE", help="for dates without a zone: Asia/Jakarta")


def _add_archive(command: argparse.ArgumentParser) -> None:
    command.add_argument("--archive", metavar="FILE", help="what was published so far (default: tagwire.db)")
    command.add_argument("--settings", metavar="FILE", help="settings (default: publish.toml in this folder)")


def _add_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print the outcome as JSON, for programs")
    command.add_argument("--quiet", action="store_true", help="print nothing but errors")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    arguments, rest = parser().parse_known_args(argv)
    # argparse takes sources from one place only; `build a.json --out DIR b.json` names two.
    if rest and (not hasattr(arguments, "sources") or any(len(word) > 1 and word[0] == "-" for word in rest)):
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.sources += rest
    # We use none, and to look for some among all that is installed takes 15 ms.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from feeds import commands

        return commands.run(arguments)
    except ModuleNotFoundError as error:
        print(f"tagwire: {error.name} is not installed: run the README's first command", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
