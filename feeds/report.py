"""Report: what a build did."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from feeds.output import print_json, rejection, rejection_line, table
from feeds.publication import Publication
from feeds.settings import Settings
from feeds.storing import Intake
from sources.source import Rejected

RARE = frozenset({"older", "elsewhere", "withdrawn"})  # named only where there are some
SHOWN = 10  # rejected records listed one by one; all of them stand in the archive


def built(
    arguments: Namespace,
    settings: Settings,
    intake: Intake,
    publication: Publication,
    written: Sequence[str],
    seconds: float,
) -> None:
    """Tell what a build did. written: the paths of documents, which programs alone are told."""
    rejected = intake.rejected + publication.rejected
    records = {
        "new": intake.records["new"],
        "changed": intake.records["changed"],
        "unchanged": intake.records["unchanged"],
        "older": intake.records["older"],
        "elsewhere": intake.records["elsewhere"],
        "withdrawn": intake.records["withdrawn"],
        "rejected": len(rejected),
    }
    feeds = {"written": publication.written, "unchanged": publication.unchanged}
    if arguments.json:
        data = {
            "records": records,
            "visits": {str(status): count for status, count in sorted(intake.visits.items())},
            "cleaned_characters": intake.cleaned,
            "feeds": feeds,
            "written": written,
            "signposts": publication.signposts,
            "rejected": [rejection(r) for r in rejected],
            "failed": intake.failed,
            "held": publication.held,
            "next_change": publication.next_change.isoformat() if publication.next_change else None,
            "waiting": {row.name: row.next_at for row in intake.waiting},
            "out": settings.out,
            "archive": settings.archive,
            "seconds": round(seconds, 3),
        }
        print_json(data)
    elif not arguments.quiet:
        _print_built(settings, records, feeds, intake, publication, seconds)
        _print_rejected(rejected)
    for folder, reasons in publication.held.items():
        name = folder.strip("/") or "site"
        why = "; ".join(reasons)
        mend = f"let it through with build --accept {name}"
        print(f"tagwire: {name} is held, readers keep the old one: {why}; {mend}", file=sys.stderr)
    for failure in intake.failed:
        print(f"tagwire: {failure}", file=sys.stderr)


def _print_built(
    settings: Settings,
    records: dict[str, int],
    feeds: dict[str, int],
    intake: Intake,
    publication: Publication,
    seconds: float,
) -> None:
    shown = {name: count for name, count in records.items() if count or name not in RARE}
    answers = {"fetched": intake.visits.total() - intake.visits[304], "not modified": intake.visits[304]}
    table(
        f"{settings.site.title or settings.site.url} -> {settings.out}/",
        [
            ("articles", _counts(shown)),
            ("feeds", _counts(feeds)),
            *([("addresses", _counts(answers))] if intake.visits else []),
            *((f"not before {row.next_at}", row.name) for row in intake.waiting),
            *([("cleaned", f"{intake.cleaned:,} characters that XML forbids")] if intake.cleaned else []),
            *([("next change", publication.next_change.isoformat())] if publication.next_change else []),
            ("seconds", f"{seconds:.2f}"),
        ],
    )


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _print_rejected(rejected: list[Rejected]) -> None:
    for item in rejected[:SHOWN]:
        print(rejection_line(item))
    if len(rejected) > SHOWN:
        print(f"… and {len(rejected) - SHOWN:,} more; `status` shows them all")
