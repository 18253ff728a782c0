"""What one change costs in an archive of many articles: new ones, corrections, withdrawals; in Markdown.

    pip install '.[serve]'
    python benchmarks/changes.py                                  1,000 and 100,000 articles: some minutes
    python benchmarks/changes.py --articles 1000,100000,1000000   hours, and 50 GB
    python benchmarks/changes.py --small                          seconds; the figures mean nothing

There are a fifth as many tags as articles. Changes go the way that those sent to `serve` go, in one process,
with the feeds published after each; every tag, section and author that they name is known. Then whole
processes of `build`: with nothing changed, beside reading and hashing the input, and with one line more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import queue
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from corpus import SETTINGS, URL, records, write_newsroom
from processes import HASH, Run, measured

from feeds.archive.archive import Archive
from feeds.ingest import Words, look, offer, take, withdraw
from feeds.publication import Publication
from feeds.server.writing import Writer
from feeds.settings import Settings, default_tagging_entity, load, site_for
from feeds.setup import this_moment
from feeds.signposts import PATHS
from feeds.tags import plain_slug
from sources.article import Article
from sources.source import Site

PUBLISH = Path(__file__).parent.parent / "publish.py"
READ_EACH_TIME = SETTINGS.replace('every = "1d"\n', "")
DESKS = 5  # sections, and authors
SHARED = 20  # of so many tags one is common enough to be known for sure
FAR = 10_000  # numbers between the articles sent and those appended to the input
WITH_P95 = ("stored ms", "p95", "published ms", "p95", "whole ms", "p95")
NOTHING_NEW = ("articles", "hashing s", "nothing new s", "of hashing", "files touched", "one more s")
PATIENCE = 600.0
MOST_MS = 25  # the goal for one new article, whatever the size of the archive
MOST_OF_HASHING = 2  # and for a build with nothing to do, against reading and hashing its input

Act = Callable[[Archive], Article]
Told = queue.SimpleQueue[tuple[float, list[str]]]  # when something was published, and what was written


@dataclass(frozen=True, slots=True)
class Change:
    """What one change took: seconds until it was stored for good, then until its feeds were published.

    written  how many files; strangers: those among them that are no feeds of the article
    """

    stored: float
    published: float
    written: int
    strangers: list[str]

    @property
    def whole(self) -> float:
        """Seconds from the article to its feeds."""
        return self.stored + self.published


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; print two tables."""
    options = _options(argv)
    changes, builds = [], []
    for articles in options.articles:
        with tempfile.TemporaryDirectory(prefix="tagwire-changes-", dir=options.folder) as name:
            folder = Path(name)
            tags = max(articles // 5, 2)
            write_newsroom(folder, articles, tags, settings=READ_EACH_TIME, desks=DESKS)
            _build(folder)
            builds.append(_builds(folder, articles, tags, options.rounds))
            found = asyncio.run(_changes(folder, articles, tags, options.changes))
            changes += [_row(articles, kind, those) for kind, those in found.items()]
    print(_headed(["articles", "change", *WITH_P95, "files written", "of other feeds"], changes))
    print(f"\nGoal: one new article in {MOST_MS} ms, and within a factor of 2 whatever the size.\n")
    print(_headed(NOTHING_NEW, builds))
    print(f"\nGoal: nothing new at most {MOST_OF_HASHING} times hashing the input, and no file touched.")


def _headed(names: Sequence[str], rows: list[str]) -> str:
    return "\n".join([f"| {' | '.join(names)} |", "| --- " * len(names) + "|", *rows])


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    numbers = lambda text: [int(number) for number in text.split(",")]  # noqa: E731
    parser.add_argument("--articles", type=numbers, default=[1_000, 100_000], help="sizes, with commas")
    parser.add_argument("--changes", type=int, default=20, help="of each kind (default: 20)")
    parser.add_argument("--rounds", type=int, default=5, help="of builds (default: 5)")
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    if options.small:
        options.articles, options.changes, options.rounds = [60], 2, 1
    return options


# --- changes, as `serve` takes and publishes them: what is called here is what it calls ---


async def _changes(folder: Path, articles: int, tags: int, number: int) -> dict[str, list[Change]]:
    """Change articles, the kinds in turn, and wait for the feeds of each change."""
    places = {"archive": str(folder / "tagwire.db"), "out": str(folder / "public")}
    settings = load(folder / "publish.toml", places)
    site = site_for(settings, default_tagging_entity(settings))
    told: Told = queue.SimpleQueue()
    writer = _writer(settings, told)
    found: dict[str, list[Change]] = {"new": [], "correction": [], "withdrawal": []}
    new = records(number, max(tags // SHARED, 2), seed=2, first=articles, desks=DESKS)
    writer.start()
    try:
        # It begins by looking whether all files are there.
        await asyncio.to_thread(told.get, timeout=PATIENCE)
        for back, record in enumerate(new, start=1):
            old, gone = (f"{URL}berita/{articles - of_them}" for of_them in (back, number + back))
            kept, _ = await _carried_out(writer, told, partial(_as_it_is, site, old))
            for kind, act in (
                ("new", partial(_taken, site, record)),
                ("correction", partial(_taken, site, _corrected(kept))),
                ("withdrawal", partial(_withdrawn, site, gone)),
            ):
                _, change = await _carried_out(writer, told, act)
                found[kind].append(change)
    finally:
        await asyncio.to_thread(writer.stop)
    return found


def _writer(settings: Settings, told: Told) -> Writer:
    written: list[str] = []

    def published(publication: Publication, _: float) -> None:
        told.put((time.perf_counter(), written + publication.signposts))
        written.clear()

    return Writer(settings=lambda: settings, published=published, written=written.extend)


async def _carried_out(writer: Writer, told: Told, act: Act) -> tuple[Article, Change]:
    """Have an act carried out and published; return its article, and what that took."""
    began = time.perf_counter()
    article = await writer.write(act)
    stored = time.perf_counter()
    published, written = await asyncio.to_thread(told.get, timeout=PATIENCE)
    strangers = sorted(path for path in written if not _is_of(article, path))
    return article, Change(stored - began, published - stored, len(written), strangers)


def _taken(site: Site, record: dict[str, Any], archive: Archive) -> Article:
    now = this_moment()
    (outcome,) = take(archive, site, now, [offer(record, "body", site, now)], {})
    if outcome.result not in {"new", "changed"} or outcome.article is None:
        raise SystemExit(f"{record['url']}: {outcome.result}, {outcome.rejected}")
    return outcome.article


def _withdrawn(site: Site, key: str, archive: Archive) -> Article:
    outcome = withdraw(archive, site, this_moment(), key, Words("The figures were wrong"))
    if outcome is None or outcome.article is None or outcome.result != "changed":
        raise SystemExit(f"{key}: {outcome}")
    return outcome.article


def _as_it_is(site: Site, key: str, archive: Archive) -> Article:
    found = look(archive, site, key)
    if found is None:
        raise SystemExit(f"{key} is not in the archive")
    return found[0]


def _corrected(article: Article) -> dict[str, Any]:
    """Return the record of an article that says something else now."""
    return {
        "url": article.url,
        "title": f"{article.title} (ralat)",
        "content": f"{article.content}<p>Ralat: angka di atas keliru.</p>",
        "published": article.published.isoformat(),
        "modified": (article.modified + timedelta(days=1)).isoformat(),
        "tags": list(article.tags),
        "section": article.section,
        "authors": [person.name for person in article.authors],
    }


def _is_of(article: Article, path: str) -> bool:
    """Is a file of the site's own feed, or one of a feed that this article is in?"""
    kind, _, rest = path.partition("/")
    names = {
        "tags": article.tags,
        "sections": [article.section],
        "authors": [person.name for person in article.authors],
    }
    if kind not in names:
        return path not in PATHS
    return rest.partition("/")[0] in {plain_slug(name) for name in names[kind] if name}


def _row(articles: int, kind: str, changes: list[Change]) -> str:
    """Write a row of medians, and of what 19 of 20 took at most."""
    times = []
    for of in ("stored", "published", "whole"):
        ordered = sorted(1000 * getattr(change, of) for change in changes)
        times += [statistics.median(ordered), ordered[math.ceil(len(ordered) * 0.95) - 1]]
    written = statistics.median(change.written for change in changes)
    strangers = sum(len(change.strangers) for change in changes)
    words = [*(f"{time_:.1f}" for time_ in times), f"{written:.0f}", str(strangers)]
    return f"| {articles:,} | {kind} | {' | '.join(words)} |"


# --- whole processes of `build` ---


def _build(folder: Path) -> Run:
    return measured([sys.executable, str(PUBLISH), "build", "--quiet"], cwd=folder)


def _builds(folder: Path, articles: int, tags: int, rounds: int) -> str:
    """Build with nothing new, beside hashing, then with a line more each time; write the row of medians."""
    source = folder / "articles.jsonl"
    hashing, nothing, touched = [], [], 0
    for _ in range(rounds):
        hashing.append(measured([sys.executable, "-c", HASH, str(source)]).seconds)
        before = _files(folder / "public")
        nothing.append(_build(folder).seconds)
        touched += len(before ^ _files(folder / "public"))
    more = []
    for record in records(rounds, max(tags // SHARED, 2), seed=3, first=articles + FAR, desks=DESKS):
        with source.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
        more.append(_build(folder).seconds)
    times = statistics.median(one / other for one, other in zip(nothing, hashing, strict=True))
    seconds = [f"{statistics.median(those):.2f}" for those in (hashing, nothing, more)]
    return f"| {articles:,} | {seconds[0]} | {seconds[1]} | {times:.1f} | {touched} | {seconds[2]} |"


def _files(folder: Path) -> set[tuple[str, int, int, int]]:
    """Return what tells whether a file was written again: its inode, time and length."""
    found = ((str(path), path.stat()) for path in folder.rglob("*"))
    return {(path, status.st_ino, status.st_mtime_ns, status.st_size) for path, status in found}


if __name__ == "__main__":
    main()
