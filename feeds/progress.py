"""Progress: a bar on a terminal, on work that takes its time."""

from __future__ import annotations

import contextlib
import sys
import time
from argparse import Namespace
from collections.abc import Iterator

from feeds.intake import Progress

BAR_AFTER = 1.0  # seconds of work before a bar appears


@contextlib.contextmanager
def progress_bar(arguments: Namespace) -> Iterator[Progress]:
    """Give a function to report progress to. A bar appears on a terminal after a second."""
    if arguments.json or arguments.quiet or not sys.stderr.isatty():
        yield lambda _what, _done, _total: None
        return
    from rich import progress
    from rich.console import Console

    started = time.monotonic()
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
    )
    bar = progress.Progress(*columns, console=Console(stderr=True), transient=True)
    tasks: dict[str, progress.TaskID] = {}

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
