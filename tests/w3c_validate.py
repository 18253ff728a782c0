"""The W3C feed validator as a command: judges published feeds as its service would, without a network.

Needs a checkout of w3c/feedvalidator and a Python that has what its requirements.txt names:

    python tests/w3c_validate.py --validator CHECKOUT public/ --base-url https://feeds.example/

Exit code: 0 valid, 1 errors (with --strict: or warnings), 2 wrong usage or nothing to validate.
"""

from __future__ import annotations

import argparse
import html
import importlib
import io
import re
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote, urljoin

# What a server sends for each root element (S-32); other XML below the folders is no feed.
MEDIA_TYPES = {"rss": "application/rss+xml", "feed": "application/atom+xml", "opml": "text/x-opml"}
TYPE_OF_NAME = {"rss.xml": MEDIA_TYPES["rss"], "atom.xml": MEDIA_TYPES["feed"]}  # whatever is inside
NOWHERE = "https://feeds.invalid"  # for a document that does not say where it lives
PROLOG = re.compile(r"<!--.*?-->|<[?!][^>]*>", re.DOTALL)
LINK = re.compile(r"<(?:\w+:)?link\b[^>]*>")
ATTRIBUTE = re.compile(r"""\b(rel|href)\s*=\s*["']([^"']*)["']""")


@dataclass(frozen=True, slots=True)
class Finding:
    """One message of the validator, and how often it came up in the document."""

    level: str
    name: str
    line: int
    detail: str
    times: int = 1


def targets(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    """Yield every XML file that `paths` name or hold, with its path below the folder."""
    for path in paths:
        if path.is_file():
            yield path, path.name
        for file in sorted(path.rglob("*.xml")):
            yield file, file.relative_to(path).as_posix()


def self_url(text: str, relative: str, base: str | None) -> str:
    """Say where the document is fetched: below `base`, else where its own self link says."""
    for link in LINK.findall(text) if base is None else []:
        attributes = dict(ATTRIBUTE.findall(link))
        if attributes.get("rel") == "self" and attributes.get("href"):
            return html.unescape(attributes["href"])
    return urljoin((base or NOWHERE).rstrip("/") + "/", quote(relative))


def validate(target: tuple[Path, str], base: str | None) -> list[Finding] | None:
    """Judge one file; None when it is no feed. `use` must have been called in this process."""
    file, relative = target
    text = (data := file.read_bytes()).decode(errors="replace")
    root = re.search(r"<(?:\w+:)?([A-Za-z]+)", PROLOG.sub("", text[:4096]))
    media_type = TYPE_OF_NAME.get(file.name) or MEDIA_TYPES.get(root[1] if root else "rss")
    if media_type is None:
        return None
    try:
        data.decode()
    except UnicodeDecodeError as error:  # the validator itself stumbles over these
        return [Finding("error", "UnicodeError", data.count(b"\n", 0, error.start) + 1, str(error))]
    return judge(data, f"{media_type}; charset=utf-8", self_url(text, relative, base))


def judge(data: bytes, content_type: str, location: str) -> list[Finding]:
    """Return the validator's errors and warnings (level AA, as its service shows), by line."""
    validator: Any = importlib.import_module("feedvalidator")
    try:
        events = validator.validateStream(io.BytesIO(data), 1, content_type, location)["loggedEvents"]
    except validator.logging.ValidationFailure as failure:  # a document above 5 MB
        events = [failure.event]
    levels = (("error", validator.logging.Error), ("warning", validator.logging.Warning))
    found = [_finding(name, e) for name, kind in levels for e in events if isinstance(e, kind)]
    return sorted(found, key=lambda finding: finding.line)


def _finding(level: str, event: Any) -> Finding:
    params = {key: value for key, value in event.params.items() if not key.startswith("backup")}
    line, times = params.pop("line", 0), params.pop("msgcount", 1)
    rest = " ".join(f"{key}={value!r}" for key, value in sorted(params.items()) if key != "column")
    return Finding(level, type(event).__name__, line, rest, times)


def use(checkout: Path) -> None:
    """Make the checkout's package importable, and keep it from asking DNS about mail hosts."""

    def no_network(_host: str, /) -> NoReturn:
        raise OSError("no network here")

    socket.gethostbyname = no_network
    sys.path.insert(0, str(checkout / "src"))
    importlib.import_module("feedvalidator.validators")


def run(args: argparse.Namespace) -> tuple[int, Counter[tuple[str, str]]]:
    """Validate, print each finding; return how many feeds there were, and how often each message came."""
    feeds, counts, files = 0, Counter[tuple[str, str]](), list(targets(args.paths))
    judge_file = partial(validate, base=args.base_url)
    with ProcessPoolExecutor(args.jobs, initializer=use, initargs=(args.validator,)) as pool:
        results = map(judge_file, files) if args.jobs == 1 else pool.map(judge_file, files, chunksize=4)
        for (file, _), findings in zip(files, results, strict=True):
            feeds += findings is not None
            for found in findings or []:
                print(f"{file}:{found.line}: {found.level} {found.name} {found.detail} (x{found.times})")
                counts[found.level, found.name] += found.times
    return feeds, counts


def main() -> int:
    """Validate what the command line names, print findings and a summary, return the exit code."""
    parser = argparse.ArgumentParser(description="Validate feeds as the W3C service would.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="FOLDER_OR_FILE")
    parser.add_argument("--validator", required=True, type=Path, help="a checkout of w3c/feedvalidator")
    parser.add_argument("--base-url", help="where the folders are served; default: each document's self link")
    parser.add_argument("--jobs", type=int, default=1, choices=range(1, 9), help="processes (default 1)")
    parser.add_argument("--strict", action="store_true", help="warnings fail too")
    args = parser.parse_args()
    try:
        use(args.validator)
    except ImportError as error:
        parser.error(f"--validator {args.validator}: {error}; its requirements.txt says what it needs")
    feeds, counts = run(args)
    if not feeds or not all(path.exists() for path in args.paths):
        parser.error("no feeds there, or a path that does not exist")
    for (level, name), times in sorted(counts.items()):
        print(f"{times:6} {level} {name}")
    errors = sum(times for (level, _), times in counts.items() if level == "error")
    print(f"{feeds} feeds, {errors} errors, {counts.total() - errors} warnings")
    return int(errors > 0 or (args.strict and counts.total() > 0))


if __name__ == "__main__":
    sys.exit(main())
