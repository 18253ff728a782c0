"""What people and programs are told: tables, JSON, a progress bar on work that takes its time."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from feeds.settings import Settings
from sources.article import Article
from sources.source import Rejected

if TYPE_CHECKING:
    from feeds.archive.sqlite import SqliteArchive
    from feeds.intake import Intake, Progress
    from feeds.publication import Publication

SHOWN = 10  # rejected records listed one by one; all of them stand in the archive
BAR_AFTER = 1.0  # seconds of work before a progress bar appears


def print_json(data: Any, indent: int | None = 2) -> None:
    """Print JSON. What no encoding can write, half a surrogate pair, goes out as its escape."""
    print(json.dumps(data, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace").decode())


def say(arguments: Namespace, data: dict[str, Any], text: str) -> None:
    """Print an outcome: JSON for programs, a sentence for people, nothing if so asked."""
    if arguments.json:
        print_json(data)
    elif not arguments.quiet:
        print(text)


@contextlib.contextmanager
def progress(arguments: Namespace) -> Iterator[Progress]:
    """Give a function to report progress to. A bar appears on a terminal after a second."""
    if arguments.json or arguments.quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: dict[str, TaskID] = {}

    def step(what: str, done: int, total: int | None) -> None:
        if time.monotonic() - started > BAR_AFTER:
            bar.start()
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done)

    try:
        yield step
    finally:
        bar.stop()


def built(
    arguments: Namespace, settings: Settings, intake: Intake, publication: Publication, seconds: float
) -> None:
    """Tell what a build did."""
    rejected = intake.rejected + publication.rejected
    records = {
        "new": intake.records["new"],
        "changed": intake.records["changed"],
        "unchanged": intake.records["unchanged"],
        "older": intake.records["older"],
        "rejected": len(rejected),
    }
    feeds = {"written": len(publication.written), "unchanged": publication.unchanged}
    if arguments.json:
        data = {
            "records": records,
            "cleaned_characters": intake.cleaned,
            "feeds": feeds,
            "written": publication.written,
            "rejected": [_rejected(r) for r in rejected],
            "failed": intake.failed,
            "out": settings.out,
            "archive": settings.archive,
            "seconds": round(seconds, 3),
        }
        print_json(data)
    elif not arguments.quiet:
        _print_built(settings, records, feeds, intake.cleaned, seconds)
        _print_rejected(rejected)
    for failure in intake.failed:
        print(f"tagwire: {failure}", file=sys.stderr)


def _print_built(
    settings: Settings, records: dict[str, int], feeds: dict[str, int], cleaned: int, seconds: float
) -> None:
    shown = {name: count for name, count in records.items() if count or name != "older"}
    _table(
        f"{settings.site.title or settings.site.url} -> {settings.out}/",
        [
            ("articles", ", ".join(f"{count:,} {name}" for name, count in shown.items())),
            ("feeds", ", ".join(f"{count:,} {name}" for name, count in feeds.items())),
            *([("cleaned", f"{cleaned:,} characters that XML forbids")] if cleaned else []),
            ("seconds", f"{seconds:.2f}"),
        ],
    )


def _table(title: str, rows: list[tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False).print(table)


def _print_rejected(rejected: list[Rejected]) -> None:
    for item in rejected[:SHOWN]:
        print(f"rejected: {_place(item)}: {_field(item)}{item.reason}")
    if len(rejected) > SHOWN:
        print(f"… and {len(rejected) - SHOWN:,} more; `status` shows them all")


def _place(item: Rejected) -> str:
    return f"{item.source}, {item.position}" if item.position else item.source


def _field(item: Rejected) -> str:
    return f"{item.field}: " if item.field else ""


def _rejected(item: Rejected) -> dict[str, Any]:
    return {
        "source": item.source,
        "position": item.position,
        "field": item.field,
        "reason": item.reason,
        "record": json.loads(json.dumps(item.record, default=str)),
    }


@contextlib.contextmanager
def previewing(arguments: Namespace) -> Iterator[Callable[[Article | Rejected], None]]:
    """Give a function that shows one record at a time; with --json, one line of JSON each."""
    counts = {"articles": 0, "rejected": 0}

    def show(item: Article | Rejected) -> None:
        counts["articles" if isinstance(item, Article) else "rejected"] += 1
        if arguments.json:
            data = _article(item) if isinstance(item, Article) else {"rejected": _rejected(item)}
            print_json(data, indent=None)
        elif isinstance(item, Article):
            if not arguments.quiet:
                _print_article(item)
        else:
            print(f"rejected: {_place(item)}: {_field(item)}{item.reason}")

    yield show
    if not (arguments.json or arguments.quiet):
        print(f"{counts['articles']:,} articles, {counts['rejected']:,} rejected; nothing was stored")


def _article(item: Article) -> dict[str, Any]:
    return {"article": item.model_dump(mode="json"), "source": item.source, "position": item.position}


def _print_article(item: Article) -> None:
    data = item.model_dump(mode="json", exclude_defaults=True, exclude={"date_basis"})
    rows = []
    for name in type(item).model_fields:
        if data.get(name):
            basis = getattr(item.date_basis, name, "stated")
            note = "" if basis == "stated" else f"  (zone {basis})" if basis == "assumed" else f"  ({basis})"
            rows.append((name, _readable(data[name]) + note))
    _table(f"{item.source}, {item.position}" if item.position else item.source, rows)


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, list):
        separator = "\n" if any(isinstance(item, dict) for item in value) else ", "
        return separator.join(_readable(item) for item in value)
    return str(value)


def status(arguments: Namespace, archive: SqliteArchive) -> None:
    """Tell what an archive holds."""
    from feeds.tags import plain_slug

    counts = archive.status()
    tags = archive.tags()
    suffixed = [tag for tag, _ in tags if tag.slug != plain_slug(tag.name)]
    rejected = archive.rejected()
    if arguments.json:
        data = {
            "archive": str(archive.path),
            "site_url": archive.meta("site_url"),
            "last_build": archive.meta("last_build"),
            **dict(counts),
            "sources": [_source(row) for row in archive.sources()],
            "tags": [{"name": t.name, "slug": t.slug, "feed_id": t.feed_id, "articles": n} for t, n in tags],
            "suffixed_slugs": [tag.slug for tag in suffixed],
            "rejected": [_rejected(item) for item in rejected],
        }
        print_json(data)
        return
    if arguments.quiet:
        return
    _table(
        f"{archive.path}: the archive of {archive.meta('site_url')}",
        [
            ("articles", f"{counts['article']:,} (and {counts['revision']:,} earlier revisions)"),
            ("tags", _tag_line(tags)),
            *([("shared slugs", ", ".join(f"{t.name}: {t.slug}" for t in suffixed))] if suffixed else []),
            ("feeds", f"{counts['document']:,} published, {counts['touched']:,} waiting for a build"),
            ("last build", archive.meta("last_build") or "never finished"),
            *((f"source {row.name}", _source_line(row)) for row in archive.sources()),
            ("rejected", f"{counts['rejected']:,} records"),
            ("SQLite", counts["sqlite_version"]),
        ],
    )
    for item in rejected:
        print(f"rejected: {_place(item)}: {_field(item)}{item.reason}")


def _tag_line(tags: list[tuple[Any, int]]) -> str:
    first = ", ".join(f"{tag.name} ({count})" for tag, count in tags[:SHOWN])
    return f"{len(tags):,}: {first}{', …' if len(tags) > SHOWN else ''}"


def _source(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def _source_line(row: Any) -> str:
    outcome = f"failed: {row.error}" if row.error else f"{row.taken:,} articles, {row.rejected:,} rejected"
    return f"{outcome}, read {row.read_at}"
