"""Output: how any outcome is printed, for people as tables and lines, for programs as JSON."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from sources.source import Rejected


def print_json(data: Any, indent: int | None = 2) -> None:
    """Print JSON. What no encoding can write, half a surrogate pair, goes out as its escape."""
    print(json.dumps(data, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace").decode())


def say(arguments: Namespace, data: dict[str, Any], text: str) -> None:
    """Print an outcome: JSON for programs, a sentence for people, nothing if so asked."""
    if arguments.json:
        print_json(data)
    elif not arguments.quiet:
        print(text)


def table(title: str, rows: list[tuple[str, str]]) -> None:
    """Print rows of a name and what is to be said of it."""
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=title, title_justify="left", show_header=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    Console(markup=False, highlight=False).print(grid)


def rejection_line(item: Rejected) -> str:
    """Say in one line what was rejected, where, and why."""
    place = f"{item.source}, {item.position}" if item.position else item.source
    return f"rejected: {place}: {f'{item.field}: ' if item.field else ''}{item.reason}"


def rejection(item: Rejected) -> dict[str, Any]:
    """Return what was rejected for a program, the record with it."""
    return {
        "source": item.source,
        "position": item.position,
        "field": item.field,
        "reason": item.reason,
        "record": json.loads(json.dumps(item.record, default=str)),
    }
