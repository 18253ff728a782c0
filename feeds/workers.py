"""Workers: other processes that do pure work, so that every core is busy; what they made comes in order."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

T = TypeVar("T")
R = TypeVar("R")

MOST = 8  # processes
AHEAD = 24  # tasks given out before their turn, so that nobody waits for what is done here
FEW = 16  # tasks, for which no process is worth starting
# What they work with, loaded once for all of them.
LOADED = ["feeds.gathering", "feeds.seat", "sources.files", "sources.record", "sources.records.translate"]


class WorkerError(Exception):
    """What others were to do could not be done. The message names the mend."""


def cores() -> int:
    """Return how many processes may run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def workers() -> Iterator[Executor]:
    """Give processes to work in. They begin with nothing of this one: no database, no thread, no lock."""
    import multiprocessing
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    _start_server()
    pool = ProcessPoolExecutor(min(cores() - 1, MOST), context, _begin)
    try:
        yield pool
    except BrokenProcessPool as error:
        raise WorkerError(
            "a process that helped was killed, perhaps for want of memory: run it again"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _start_server() -> None:
    """Start the process that the others are forked from, with the code that this one runs.

    By itself Python 3.11 would look where it is started, and then among what is installed.
    """
    from multiprocessing import forkserver

    ours = {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)}
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        forkserver.ensure_running()
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value


def _begin() -> None:
    """Let a worker end with the process that it works for, however that ends, and not before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the first one decides
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def in_order(
    pool: Executor,
    work: Callable[[T], R],
    tasks: Iterable[T],
    here: Callable[[T], R],
    is_light: Callable[[T], bool] = lambda _: False,
) -> Iterator[R]:
    """Yield what `work` makes of each task, in their order; tasks are asked for as they are needed.

    here      does the same in this process; it is given what the others have no time for
    is_light  is a task done at once, so that to send it would take longer?
    Raises what `work` raises; what `tasks` raises comes after all that was made before.
    """
    given: deque[tuple[T, Future[R]]] = deque()
    failures: list[Exception] = []
    for task in _until_failure(tasks, failures):
        if not is_light(task) and sum(not future.done() for _, future in given) < AHEAD:
            given.append((task, pool.submit(work, task)))
        else:
            given.append((task, _done(here(task))))
        while given and given[0][1].done():
            yield given.popleft()[1].result()
    for task, future in given:
        yield here(task) if future.cancel() else future.result()
    for failure in failures:
        raise failure


def _done(result: R) -> Future[R]:
    from concurrent.futures import Future

    future: Future[R] = Future()
    future.set_result(result)
    return future


def _until_failure(tasks: Iterable[T], failures: list[Exception]) -> Iterator[T]:
    try:
        yield from tasks
    except Exception as error:
        failures.append(error)


def spread(work: Callable[[T], R], tasks: Iterable[T], is_light: Callable[[T], bool]) -> Iterator[R]:
    """Yield what `work` makes of each task, as `in_order`: a few are done here, more by workers."""
    left, heavy = iter(tasks), 0
    for task in left:
        heavy += not is_light(task)
        if heavy > FEW and cores() > 1:
            with workers() as pool:
                yield from in_order(pool, work, chain([task], left), work, is_light)
            return
        yield work(task)
