"""What the first poll of a changed feed waits for, in each coding.

python benchmarks/first_polls.py            some minutes: feeds of some 290 kB, changed again and again
python benchmarks/first_polls.py --small    some seconds: does it run at all?

Printed are milliseconds, median and p99, of the first poll that gets a new version:
at once     of a feed that is polled every millisecond
later       of a feed that was polled before it changed, and is again a tenth of a second after that
never       of a feed that nobody polled in that coding before
after that  of the same version, once more
another's   of a poll of another feed that is sent just after one `at once`
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from corpus import SETTINGS, write_newsroom
from freshness import put, run, token, wait_until_ready
from serving import PATIENCE, tagwire

CODINGS = ("identity", "gzip", "br", "zstd")
KINDS = ("at once", "later", "never", "another's")
FEED, OTHER = "/rss.xml", "/tags/tema-7/rss.xml"
ENTRIES = 58  # in a feed: some 290 kB
ARTICLES, TAGS = 5000, 50  # so many that each tag's feeds are full
LATER = 0.1  # seconds
AGAIN = 5  # polls after the first
Waits = dict[str, dict[str, list[float]]]


@dataclass(frozen=True)
class Client:
    """Two connections to a server."""

    one: http.client.HTTPConnection
    other: http.client.HTTPConnection


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; print a table."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="tagwire-first-") as name:
        folder = Path(name)
        write_newsroom(folder, *((200, 10) if options.small else (ARTICLES, TAGS)))
        settings = SETTINGS.replace("[feeds]\n", f"[feeds]\nlimit = {ENTRIES}\n")
        (folder / "publish.toml").write_text(settings)
        run(folder, "build", "--quiet")
        secret = token(folder)
        with tagwire(folder) as (_, port):
            wait_until_ready(port)
            waits = _waits(port, secret, options.changes)
        size = (folder / "public" / FEED.lstrip("/")).stat().st_size
    print(_table(waits))
    print(f"\n{options.changes} changes for each kind and coding, of a feed of {size / 1e3:.0f} kB.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=100, help="for each coding and kind")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    options.changes = 2 if options.small else options.changes
    return options


def _waits(port: int, secret: str, changes: int) -> Waits:
    """Change feeds, and poll them in one coding after the other, one kind of poll after the other."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for _ in range(3)]
    editor, client = connections[0], Client(*connections[1:])
    waits: Waits = {coding: defaultdict(list) for coding in CODINGS}
    for number, (turn, kind, coding) in enumerate(product(range(changes), KINDS, CODINGS)):
        before = _poll(client.one, FEED, coding)[1]
        # Feeds of tags in both formats, each but once in a coding.
        tag, format_ = turn // 2 % TAGS + 1, ("rss", "atom")[turn % 2]
        put(editor, secret, f"baru-{number}", f"tema {tag}")
        if kind == "never":
            _until_changed(client.other, FEED, "identity", before.partition("-")[0].strip('"'))
            wait = _poll(client.one, f"/tags/tema-{tag}/{format_}.xml", coding)[0]
        elif kind == "later":
            wait = _later(client, coding, before)
        else:
            wait = _first(client, coding, before, kind == "at once")
        waits[coding][kind].append(wait)
        waits[coding]["after that"] += [_poll(client.one, FEED, coding)[0] for _ in range(AGAIN)]
    return waits


def _first(client: Client, coding: str, before: str, is_alone: bool) -> float:
    """Poll until the feed has changed; return what that poll waited, or, sent beside it, one of another."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        began = time.perf_counter()
        _ask(client.one, FEED, coding)
        other = 0.0
        if not is_alone:
            began_too = time.perf_counter()
            _ask(client.other, OTHER, "identity")
            _answer(client.other)
            other = time.perf_counter() - began_too
        if _answer(client.one) != before:
            return time.perf_counter() - began if is_alone else other
        time.sleep(0.001)
    raise SystemExit(f"{FEED} does not change")


def _later(client: Client, coding: str, before: str) -> float:
    """Poll the feed once it has long changed; return what that poll waited."""
    for _ in range(round(PATIENCE / LATER)):
        time.sleep(LATER)
        wait, tag = _poll(client.one, FEED, coding)
        if tag != before:
            return wait
    raise SystemExit(f"{FEED} does not change")


def _until_changed(connection: http.client.HTTPConnection, path: str, coding: str, digest: str) -> None:
    """Poll until a feed is no longer the one with this digest."""
    deadline = time.monotonic() + PATIENCE
    while digest in _poll(connection, path, coding)[1]:
        if time.monotonic() > deadline:
            raise SystemExit(f"{path} does not change")
        time.sleep(0.001)


def _poll(connection: http.client.HTTPConnection, path: str, coding: str) -> tuple[float, str]:
    began = time.perf_counter()
    _ask(connection, path, coding)
    tag = _answer(connection)
    return time.perf_counter() - began, tag


def _ask(connection: http.client.HTTPConnection, path: str, coding: str) -> None:
    connection.request("GET", path, headers={"Accept-Encoding": coding})


def _answer(connection: http.client.HTTPConnection) -> str:
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"answered {answer.status}")
    return answer.headers["ETag"]


def _table(waits: Waits) -> str:
    kinds = ("at once", "later", "never", "after that", "another's")
    lines = [f"| | {' | '.join(kinds)} |", "| --- " * (len(kinds) + 1) + "|"]
    for coding, of_kind in waits.items():
        cells = [_median_and_p99(sorted(of_kind[kind])) for kind in kinds]
        lines.append(f"| {coding} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _median_and_p99(seconds: list[float]) -> str:
    p99 = seconds[int(len(seconds) * 0.99)]
    return f"{statistics.median(seconds) * 1e3:.1f}, {p99 * 1e3:.1f}"


if __name__ == "__main__":
    main()
