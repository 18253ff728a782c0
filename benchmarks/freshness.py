"""How long from the API's 2xx for an article until a poll has it, while thousands of polls a second run.

python benchmarks/freshness.py                  100,000 articles; the first build takes a minute or two
python benchmarks/freshness.py --folder PATH    the newsroom is made there, or lies there since another run
python benchmarks/freshness.py --small          some seconds: does it run at all?

Articles go to one tag's feed after another, the next one as soon as the last is seen. Pollers ask for all
feeds of tags with the entity tags that these had in the beginning: what has changed since they get whole.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus import SYLLABLES, URL, write_newsroom
from serving import PATIENCE, PUBLISH, Result, tagwire, validators, wrk, wrk_told

LOOK = 0.002  # seconds between two looks for an article
SOME = random.Random(2)  # noqa: S311 - it shall be the same every time
WORDS = ["".join(SOME.choices(SYLLABLES, k=SOME.randint(2, 5))) for _ in range(5000)]
PACKED = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Sent:
    """An article that was sent: seconds until the API's answer, and from there until a poll had it."""

    answered: float
    seen: float


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; print a table."""
    options = _options(argv)
    with ExitStack() as stack:
        name = options.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="tagwire-fresh-"))
        folder = Path(name)
        feeds = _newsroom(folder, options)
        secret = token(folder)
        _, port = stack.enter_context(tagwire(folder))
        wait_until_ready(port)
        polls = stack.enter_context(_polls(port, feeds, folder, options))
        sent = list(_sent(port, secret, feeds, polls))
        pollers = wrk_told(polls)
    print(_table(sent, pollers))
    print(f"\n{len(sent)} articles in {options.seconds} s, {options.articles:,} before them;", end=" ")
    print(f"{len(feeds)} feeds polled.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000, help="in the archive")
    parser.add_argument("--tags", type=int, default=2_000)
    parser.add_argument("--rate", type=int, default=5_000, help="polls a second that are aimed at")
    parser.add_argument("--connections", type=int, default=100, help="of the pollers")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--folder", help="where the newsroom is made, or lies since another run; it stays")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    if options.small:
        options.articles, options.tags, options.rate, options.seconds = 60, 10, 200, 2
    return options


def _newsroom(folder: Path, options: argparse.Namespace) -> list[str]:
    """Make a newsroom and its feeds, unless they lie there; return the addresses of the tags' RSS."""
    if not (folder / "public").exists():
        folder.mkdir(exist_ok=True)
        write_newsroom(folder, options.articles, options.tags)
        run(folder, "build", "--quiet")
    return [
        f"/tags/{path.parent.name}/rss.xml" for path in sorted((folder / "public").glob("tags/*/rss.xml"))
    ]


def run(folder: Path, *arguments: str) -> str:
    """Run a command of ours; return what it prints."""
    command = [sys.executable, str(PUBLISH), *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def token(folder: Path) -> str:
    """Return the secret of a new token, with which articles may be sent."""
    return run(folder, "token", "add", f"bench {time.time_ns()}", "--scope", "articles:write").split()[-1]


def wait_until_ready(port: int) -> None:
    """Wait until a server has published what was there when it started."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        connection.request("GET", "/readyz")
        if connection.getresponse().status == 200:
            return
        time.sleep(0.1)
    raise SystemExit("the server does not become ready")


@contextmanager
def _polls(
    port: int, feeds: list[str], folder: Path, options: argparse.Namespace
) -> Iterator[subprocess.Popen[str]]:
    """Poll in another process, at a rate that is bounded: each connection waits between two polls."""
    known = validators(port, feeds)
    requests = folder / "requests"
    requests.write_text("".join(f"{feed}\t{tag}\n" for feed, tag in known.items()))
    delay = round(1000 * options.connections / options.rate)
    with wrk(port, requests, True, options, delay) as process:
        try:
            yield process
        finally:
            process.terminate()


def _sent(port: int, secret: str, feeds: list[str], polls: subprocess.Popen[str]) -> Iterator[Sent]:
    """Send articles, one after the other, as long as there are polls; yield how long each took."""
    chance = random.Random(1)  # noqa: S311 - it shall be the same every time
    editor = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    reader = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    while polls.poll() is None:
        feed, name = chance.choice(feeds), f"segera-{time.time_ns()}"
        began = time.monotonic()
        put(editor, secret, name, feed.split("/")[2].replace("-", " "))
        answered = time.monotonic()
        yield Sent(answered - began, _seen(reader, feed, name) - answered)


def put(editor: http.client.HTTPConnection, secret: str, name: str, tag: str) -> None:
    """Send an article that is new, of the same length and kind of words as those of the newsroom."""
    chance = random.Random(name)  # noqa: S311 - it need not be secret
    record = {
        "url": f"{URL}berita/{name}",
        "title": f"Kabar {name}",
        "content": f"<p>{' '.join(chance.choices(WORDS, k=455))}.</p>",
        "published": datetime.now(UTC).isoformat(),
        "tags": [tag],
    }
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    editor.request("PUT", f"/articles/{name}", json.dumps(record), headers)
    answer = editor.getresponse()
    answer.read()
    if answer.status != 201:
        raise SystemExit(f"the API answers {answer.status}")


def _seen(reader: http.client.HTTPConnection, feed: str, name: str) -> float:
    """Poll until an article is in its feed; return when it was."""
    tag, deadline = "", time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        reader.request("GET", feed, headers=PACKED | ({"If-None-Match": tag} if tag else {}))
        answer = reader.getresponse()
        body, now, tag = answer.read(), time.monotonic(), answer.headers["ETag"]
        if answer.status == 200 and name.encode() in gzip.decompress(body):
            return now
        time.sleep(LOOK)
    raise SystemExit(f"{feed} never has {name}")


def _table(sent: list[Sent], pollers: Result) -> str:
    lines = ["| | median ms | p99 ms | most ms |", "| --- " * 4 + "|"]
    for what, seconds in (
        ("article sent, until 2xx", sorted(one.answered for one in sent)),
        ("from there until a poll has it", sorted(one.seen for one in sent)),
    ):
        p99 = seconds[int(len(seconds) * 0.99)]
        lines.append(
            f"| {what} | {statistics.median(seconds) * 1e3:.0f} | {p99 * 1e3:.0f} | {seconds[-1] * 1e3:.0f} |"
        )
    lines.append(
        f"| {pollers.rate:,.0f} polls a second | {pollers.p50 * 1e3:.1f} | {pollers.p99 * 1e3:.1f} | |"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
