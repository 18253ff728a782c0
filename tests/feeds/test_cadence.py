from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.cadence import STEPS, cadence

HOUR = 3600


@pytest.mark.parametrize(
    ("gap", "minutes"), [(60, 5), (HOUR / 2, 15), (HOUR, 30), (3 * HOUR, 60), (24 * HOUR, 240), (10**7, 240)]
)
def test_half_of_what_lies_between_two_articles(gap: float, minutes: int) -> None:
    """S-27: a busy feed is asked for every few minutes, a silent one every few hours."""
    assert cadence(int(number * gap) for number in range(30)) == minutes


def test_one_pause_changes_nothing() -> None:
    """A night without articles does not make a busy feed a slow one."""
    day = [number * HOUR for number in range(10)]
    assert cadence([*day, *(moment + 20 * HOUR for moment in day)]) == 30


def test_too_few_articles_tell_nothing() -> None:
    """A feed of two is asked for every hour."""
    assert cadence([0, 10]) == cadence([]) == 60


@given(st.lists(st.integers(0, 2**40), max_size=40))
def test_whatever_the_dates(published: list[int]) -> None:
    """The order in which articles are met makes no difference, and the answer is a step."""
    found = cadence(published)
    assert found in STEPS
    assert found == cadence(reversed(published))


def test_every_format_says_the_same(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """RSS `ttl` and `sy:` agree in RSS and Atom (F-23, F-65); the settings' own word goes first."""
    newsroom.write(*(make_record(number) for number in range(1, 20)))
    newsroom.build()
    files = newsroom.files()
    for path in ("rss.xml", "atom.xml"):
        text = files[path].decode()
        assert "<sy:updatePeriod>hourly</sy:updatePeriod>" in text
        assert "<sy:updateFrequency>2</sy:updateFrequency>" in text
    assert re.findall("<ttl>(.*?)</ttl>", files["rss.xml"].decode()) == ["30"]
