"""What the first poll of a changed feed waits for, in each coding: it is packed when it is asked for.

python benchmarks/first_polls.py            a minute: one feed of some 290 kB, changed again and again
python benchmarks/first_polls.py --small    some seconds: does it run at all?

Printed are milliseconds, median and p99: of the first poll after a change, of those after that, and of a poll
of another feed that was sent just after a first one, and may wait while that is being packed.
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
from pathlib import Path

from corpus import SETTINGS, write_newsroom
from freshness import put, run, token, wait_until_ready
from serving import PATIENCE, tagwire

CODINGS = ("identity", "gzip", "br", "zstd")
FEED, OTHER = "/rss.xml", "/tags/tema-7/rss.xml"
ENTRIES = 58  # in a feed: some 290 kB
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
        write_newsroom(folder, 200, 10)
        settings = SETTINGS.replace("[feeds]\n", f"[feeds]\nlimit = {ENTRIES}\n")
        (folder / "publish.toml").write_text(settings)
        run(folder, "build", "--quiet")
        secret = token(folder)
        with tagwire(folder) as (_, port):
            wait_until_ready(port)
            waits = _waits(port, secret, options.changes)
        size = (folder / "public" / FEED.lstrip("/")).stat().st_size
    print(_table(waits))
    print(f"\n{options.changes} changes in each coding, of a feed of {size / 1e3:.0f} kB.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--changes", type=int, default=100, help="for each coding")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    options.changes = 3 if options.small else options.changes
    return options


def _waits(port: int, secret: str, changes: int) -> Waits:
    """Change the feed, and poll it in one coding after the other."""
    connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE) for _ in range(3)]
    editor, client = connections[0], Client(*connections[1:])
    waits: Waits = {coding: defaultdict(list) for coding in CODINGS}
    for number in range(changes * len(CODINGS)):
        coding = CODINGS[number % len(CODINGS)]
        before = _poll(client.one, FEED, coding)[1]
        put(editor, secret, f"baru-{number}", "tema 1")
        first, other = _first(client, coding, before, number // len(CODINGS) % 2 == 0)
        waits[coding]["first" if other is None else "other"].append(first if other is None else other)
        waits[coding]["again"] += [_poll(client.one, FEED, coding)[0] for _ in range(AGAIN)]
    return waits


def _first(client: Client, coding: str, before: str, is_alone: bool) -> tuple[float, float | None]:
    """Poll until the feed has changed; return what that poll waited, and one of another feed beside it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        began = time.perf_counter()
        _ask(client.one, FEED, coding)
        other = None
        if not is_alone:
            began_too = time.perf_counter()
            _ask(client.other, OTHER, "identity")
            _answer(client.other)
            other = time.perf_counter() - began_too
        if _answer(client.one) != before:
            return time.perf_counter() - began, other
        time.sleep(0.001)
    raise SystemExit(f"{FEED} does not change")


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
    kinds = {"first": "first poll", "again": "after that", "other": "another feed's, meanwhile"}
    lines = [f"| | {' | '.join(kinds.values())} |", "| --- " * (len(kinds) + 1) + "|"]
    for coding, of_kind in waits.items():
        cells = [_median_and_p99(sorted(of_kind[kind])) for kind in kinds]
        lines.append(f"| {coding} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _median_and_p99(seconds: list[float]) -> str:
    p99 = seconds[int(len(seconds) * 0.99)]
    return f"{statistics.median(seconds) * 1e3:.1f}, {p99 * 1e3:.1f}"


if __name__ == "__main__":
    main()
