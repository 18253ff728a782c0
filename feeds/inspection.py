"""Inspection: what sources would yield, and what an archive holds."""

from __future__ import annotations

import contextlib
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from sqlite3 import Connection, sqlite_version
from typing import TYPE_CHECKING, Any

from feeds.archive import looking, terms
from feeds.archive.documents import Documents
from feeds.archive.held import HeldFeeds
from feeds.archive.opening import open_database
from feeds.archive.readings import Readings, SourceRow
from feeds.archive.terms import KINDS, Term
from feeds.channel import folder_of
from feeds.output import print_json, rejection, rejection_line, table
from sources.source import Rejected

if TYPE_CHECKING:
    from sources.article import Article

NAMED = ("tag", "section", "author", "language")  # kinds of terms, as they are told
SHOWN = 10  # terms of each named one by one


@contextlib.contextmanager
def previewing(arguments: Namespace) -> Iterator[Callable[[Article | Rejected], None]]:
    """Give a function that shows one record at a time; with --json, one line of JSON each."""
    counts = {"articles": 0, "rejected": 0}

    def show(item: Article | Rejected) -> None:
        counts["rejected" if isinstance(item, Rejected) else "articles"] += 1
        if arguments.json:
            data = {"rejected": rejection(item)} if isinstance(item, Rejected) else _article(item)
            print_json(data, indent=None)
        elif isinstance(item, Rejected):
            print(rejection_line(item))
        elif not arguments.quiet:
            _print_article(item)

    yield show
    if not (arguments.json or arguments.quiet):
        print(f"{counts['articles']:,} articles, {counts['rejected']:,} rejected; nothing was stored")


def _article(item: Article) -> dict[str, Any]:
    return {
        "article": item.model_dump(mode="json"),
        "source": item.source,
        "position": item.position,
        "found": dict(item.found),
        "cut": item.cut,
    }


def _print_article(item: Article) -> None:
    data = item.model_dump(mode="json", exclude_defaults=True, exclude={"date_basis"})
    rows = []
    for name in type(item).model_fields:
        if data.get(name):
            basis = getattr(item.date_basis, name, "stated")
            note = "" if basis == "stated" else f"  (zone {basis})" if basis == "assumed" else f"  ({basis})"
            where = f"  [{item.found[name]}]" if name in item.found else ""
            rows.append((name, _readable(data[name]) + note + where))
    if item.cut:
        rows.append(("cut", "\n".join(item.cut)))
    table(f"{item.source}, {item.position}" if item.position else item.source, rows)


def _readable(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, list):
        separator = "\n" if any(isinstance(item, dict) for item in value) else ", "
        return separator.join(_readable(item) for item in value)
    return str(value)


def show_status(arguments: Namespace, path: Path) -> None:
    """Tell what an archive holds. Raises ArchiveError."""
    with contextlib.closing(open_database(path, readonly=True)) as db:
        if arguments.json:
            print_json(_status(path, db))
        elif not arguments.quiet:
            table(f"{path}: the archive of {looking.meta(db, 'site_url')}", _status_rows(db))
            for item in Readings(db).rejected():
                print(rejection_line(item))


def _status(path: Path, db: Connection) -> dict[str, Any]:
    """Return all there is to tell, for programs."""
    return {
        "archive": str(path),
        "site_url": looking.meta(db, "site_url"),
        "last_build": looking.meta(db, "last_build"),
        **looking.counts(db),
        "sqlite_version": sqlite_version,
        "sources": [_source(row) for row in Readings(db).sources()],
        **{KINDS[kind]: _terms(terms.every(db, kind)) for kind in NAMED},
        "suffixed_slugs": [tag.slug for tag in terms.suffixed(db)],
        "held": {folder_of(term): reasons for term, reasons in HeldFeeds(db).every()},
        "rejected": [rejection(item) for item in Readings(db).rejected()],
    }


def _status_rows(db: Connection) -> list[tuple[str, str]]:
    """Return what people are told: of many terms the first few, so that a large archive answers at once."""
    counts = looking.counts(db)
    numbers = dict.fromkeys(NAMED, 0) | terms.numbers(db)
    suffixed = terms.suffixed(db)
    return [
        ("articles", f"{counts['article']:,} (and {counts['revision']:,} earlier revisions)"),
        *(
            (KINDS[kind], _term_line(numbers[kind], terms.every(db, kind, SHOWN)))
            for kind in NAMED
            if numbers[kind] or kind == "tag"
        ),
        *([("shared slugs", ", ".join(f"{t.name}: {t.slug}" for t in suffixed))] if suffixed else []),
        ("feeds", f"{Documents(db).count():,} published, {counts['touched']:,} waiting for a build"),
        *((f"held: {_feed(term)}", "; ".join(reasons)) for term, reasons in HeldFeeds(db).every()),
        ("last build", looking.meta(db, "last_build") or "never finished"),
        *((f"source {row.name}", _source_line(row)) for row in Readings(db).sources()),
        ("rejected", f"{counts['rejected']:,} records"),
        ("SQLite", _sqlite_line(sqlite_version)),
    ]


def _feed(term: Term) -> str:
    return folder_of(term).strip("/") or "site"


def _sqlite_line(version: str) -> str:
    numbers = tuple(int(part) for part in version.split("."))
    # A checkpoint can race a commit there and corrupt the WAL; feeds.archive.lock keeps the two apart.
    guarded = (3, 7, 0) <= numbers <= (3, 51, 2)
    return f"{version} (its WAL needs the write lock, which builds hold)" if guarded else version


def _term_line(number: int, first: list[tuple[Term, int]]) -> str:
    named = ", ".join(f"{term.name} ({count})" for term, count in first)
    return f"{number:,}: {named}{', …' if number > len(first) else ''}"


def _terms(found: list[tuple[Term, int]]) -> list[dict[str, Any]]:
    return [{"name": t.name, "slug": t.slug, "feed_id": t.feed_id, "articles": count} for t, count in found]


def _source(row: SourceRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SourceRow.__slots__}


def _source_line(row: SourceRow) -> str:
    outcome = f"failed: {row.error}" if row.error else f"{row.taken:,} articles, {row.rejected:,} rejected"
    if row.failures > 1:
        outcome = f"{outcome} ({row.failures} times in a row)"
    gave = f"; gave something new {row.gave_at}" if row.gave_at else "; never gave anything"
    again = f"; again {row.next_at}" if row.next_at else ""
    return f"{outcome}, read {row.read_at}{gave}{again}"
