"""Cadence: how often a feed changes, and so how long a reader may go on with what it has (S-27)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from statistics import median

STEPS = (5, 10, 15, 30, 60, 120, 240)  # minutes; each divides an hour or a day (F-65)
NEWEST = 20  # articles that tell how often a feed changes now
UNKNOWN = 60  # minutes, where there are too few of them to tell


def cadence(published: Iterable[int]) -> int:
    """Return minutes between two visits that miss little: half of what usually lies between two articles.

    published: of a feed's articles, in seconds since 1970. In steps, so that it seldom changes; four hours
    at most, since a reader that heeds it is blind for so long.
    """
    newest = sorted(published, reverse=True)[:NEWEST]
    if len(newest) < 3:
        return UNKNOWN
    gap = median(later - earlier for later, earlier in pairwise(newest)) / 60
    return max((step for step in STEPS if step <= gap / 2), default=STEPS[0])
