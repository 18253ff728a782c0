"""The churn guard: silent through ordinary histories, loud at each kind of accident."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.guard import DAY, Limits, Snapshot, objections

NOW = datetime(2024, 10, 28, 11, 0, tzinfo=UTC)
TODAY = int(NOW.timestamp())
LIMITS = Limits()

Entry = tuple[str, int, int]


def feed(count: int = 50, every: int = 3600, size: int = 3000) -> Snapshot:
    """Return a feed of articles, one an hour, the newest now."""
    ids = tuple((f"a{n}", TODAY - n * every, TODAY - n * every) for n in range(count))
    return Snapshot(ids, 2000 + size * count)


def mapped(snapshot: Snapshot, change: Callable[[Entry], Entry]) -> Snapshot:
    """Return a feed with each entry changed."""
    return replace(snapshot, ids=tuple(map(change, snapshot.ids)))


def first(snapshot: Snapshot, count: int) -> Snapshot:
    """Return a feed of its newest entries alone."""
    return Snapshot(snapshot.ids[:count], snapshot.length * count // len(snapshot.ids))


BEFORE = feed()
NEWER = tuple((f"new{n}", TODAY + 1 + n, TODAY + 1 + n) for n in range(3))
ONE_MOMENT = mapped(BEFORE, lambda e: (e[0], TODAY, TODAY))
ACCIDENTS = {
    "all ids changed": (BEFORE, mapped(BEFORE, lambda e: ("x" + e[0], *e[1:])), "ids changed: 49 of 50"),
    "all ids changed, and new articles": (
        BEFORE,
        replace(BEFORE, ids=(*NEWER, *(("x" + i, p, u) for i, p, u in BEFORE.ids[:47]))),
        "ids changed",
    ),
    "a third of the ids changed": (
        BEFORE,
        mapped(BEFORE, lambda e: ("x" * (e[1] % 10800 == TODAY % 10800) + e[0], *e[1:])),
        "ids changed: 17 of 50",
    ),
    "ids changed, and every article has one date": (
        ONE_MOMENT,
        mapped(ONE_MOMENT, lambda e: ("x" + e[0], *e[1:])),
        "ids changed: 50 of 50",
    ),
    "ids changed, and every date of change is now": (
        BEFORE,
        mapped(BEFORE, lambda e: ("x" + e[0], e[1], TODAY + 60)),
        "ids changed",
    ),
    "ids changed, and every date is 1970": (
        BEFORE,
        mapped(BEFORE, lambda e: ("x" + e[0], 0, 0)),
        "ids changed: 50 of 50",
    ),
    "the archive was lost, the source lists ten": (BEFORE, first(BEFORE, 10), "40 of 50 entries are gone"),
    "most lost their tag": (
        BEFORE,
        replace(BEFORE, ids=BEFORE.ids[::3], length=50_000),
        "33 of 50 entries are gone, and nothing newer took their place",
    ),
    "emptied": (BEFORE, Snapshot((), 900), "it is empty; it had 50 entries"),
    "a short feed emptied": (feed(3), Snapshot((), 900), "it is empty; it had 3 entries"),
    "dates of a clock without a zone": (
        BEFORE,
        mapped(BEFORE, lambda e: (e[0], e[1] + 7 * 3600, e[2] + 7 * 3600)),
        "dates jumped: 50 of 50 known entries have another date of publication, the furthest by 7.0 hours",
    ),
    "dates of 1970": (BEFORE, mapped(BEFORE, lambda e: (e[0], 0, 0)), "days back"),
    "new ids and dates far ahead": (
        BEFORE,
        mapped(BEFORE, lambda e: ("x" + e[0], e[1] + 9000 * DAY, e[2])),
        "50 of 50 entries are dated in the future, the furthest 2049-06-19",
    ),
    "pictures put inside": (
        BEFORE,
        replace(BEFORE, length=BEFORE.length * 12),
        "it grew from 152,000 to 1,824,000 bytes: 12 times as many for each entry",
    ),
}


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_is_held(name: str) -> None:
    """Each kind of accident is told in one sentence or more, with figures."""
    before, after, words = ACCIDENTS[name]
    assert words in " / ".join(objections(before, after, LIMITS, NOW))


def test_two_accidents_are_both_told() -> None:
    """One objection does not hide another."""
    after = mapped(BEFORE, lambda e: (e[0], e[1] - 400 * DAY, e[2]))
    assert len(objections(BEFORE, replace(after, length=BEFORE.length * 20), LIMITS, NOW)) == 2


ORDINARY = {
    "the first build": (None, BEFORE),
    "a first back-fill": (Snapshot((), 900), BEFORE),
    "nothing": (BEFORE, BEFORE),
    "one article emptied": (feed(1), Snapshot((), 900)),
    "a short feed that changed altogether": (feed(5), mapped(feed(5), lambda e: ("x" + e[0], *e[1:]))),
    "fewer entries asked for": (BEFORE, first(BEFORE, 30)),
    "after a holiday, all are new": (BEFORE, mapped(BEFORE, lambda e: ("x" + e[0], e[1] + 60 * DAY, e[2]))),
    "after a holiday, an age limit leaves one": (
        BEFORE,
        Snapshot((("x", TODAY + 60 * DAY, TODAY + 60 * DAY),), 5000),
    ),
    "a long story takes the bytes of ten": (
        BEFORE,
        Snapshot((NEWER[0], *BEFORE.ids[:20]), BEFORE.length),
    ),
    "every page is live": (BEFORE, mapped(BEFORE, lambda e: (*e[:2], TODAY))),
    "a tag that was merged brings older stories between": (
        BEFORE,
        replace(
            BEFORE, ids=tuple((m + i, p + 60 * len(m), u) for i, p, u in BEFORE.ids[:25] for m in ("", "x"))
        ),
    ),
    "many at once where all have one date": (
        ONE_MOMENT,
        replace(BEFORE, ids=tuple((f"n{n}", TODAY + 9, TODAY + 9) for n in range(40)) + ONE_MOMENT.ids[40:]),
    ),
    "in the order of change, old stories come up": (
        BEFORE,
        Snapshot(
            tuple((f"old{n}", TODAY - 900 * DAY, TODAY + n) for n in range(30)) + BEFORE.ids[:20],
            BEFORE.length,
            "updated",
        ),
    ),
    "a date in the future that readers have already": (
        mapped(BEFORE, lambda e: (e[0], e[1] + 90 * DAY, e[2])),
        mapped(BEFORE, lambda e: (e[0], e[1] + 90 * DAY, e[2])),
    ),
    "ten times the bytes, of little": (replace(BEFORE, length=5000), replace(BEFORE, length=90_000)),
    "six entries become a hundred": (feed(6), feed(100)),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_change_passes(name: str) -> None:
    """Nothing is said against what happens on ordinary days."""
    before, after = ORDINARY[name]
    assert objections(before, after, LIMITS, NOW + timedelta(days=61)) == []


@pytest.mark.parametrize("name", [name for name in ACCIDENTS if "emptied" not in name])
def test_short_feeds_are_not_asked(name: str) -> None:
    """In a feed of five, one article is a fifth: only its emptying is told."""
    before, after, _ = ACCIDENTS[name]
    short = replace(before, ids=before.ids[:5]), replace(after, ids=after.ids[:5])
    assert objections(*short, LIMITS, NOW) == []


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("all ids changed", Limits(renamed=1, gone=1)),
        ("most lost their tag", Limits(gone=0.7)),
        ("a short feed emptied", Limits(emptied=4)),
        ("dates of a clock without a zone", Limits(redated=1)),
        ("new ids and dates far ahead", Limits(ahead=10_000)),
        ("pictures put inside", Limits(grown=13)),
        ("pictures put inside", Limits(large=2_000_000)),
        ("all ids changed", Limits(fewest=51)),
    ],
)
def test_each_limit_is_a_setting(name: str, limits: Limits) -> None:
    """What one newsroom holds, another lets through."""
    before, after, _ = ACCIDENTS[name]
    assert objections(before, after, LIMITS, NOW)
    assert objections(before, after, limits, NOW) == []


class Newsroom:
    """A newsroom that lives through ordinary days; `shown` is its feed."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.clock = TODAY
        self.limit = chance.choice([6, 10, 20, 50, 100])
        self.by_change = chance.choice([False, True])
        self.days = None if self.by_change else chance.choice([None, 3, 30])
        self.articles: dict[str, tuple[int, int, int]] = {}
        self.gone: set[str] = set()

    def add(self, count: int, oldest: int) -> None:
        """Publish articles dated between `oldest` seconds ago and now."""
        for _ in range(count):
            published = self.clock - self.chance.randint(0, oldest)
            size = self.chance.randint(1500, 9000)
            self.articles[f"a{len(self.articles)}"] = (published, published, size)

    def day(self) -> None:
        """Let a few hours or days pass, and something ordinary happen."""
        self.clock += self.chance.choice([600, 3600, DAY, 3 * DAY, 40 * DAY])
        self.gone = set()
        happening = self.chance.choice(
            [self.news, self.news, self.correct, self.withdraw, self.bulk, self.live]
        )
        happening()

    def news(self) -> None:
        """Bring a few articles, or very many."""
        self.add(self.chance.choice([0, 1, 2, 5, 40]), 3600)

    def correct(self) -> None:
        """Correct some, and mend the date of one."""
        for id_ in self.some(3):
            published, _, size = self.articles[id_]
            self.articles[id_] = (published, self.clock, size + 100)
        for id_ in self.some(1):
            published, updated, size = self.articles[id_]
            self.articles[id_] = (published - 60, updated, size)

    def live(self) -> None:
        """Change every page, as weather and tables do."""
        self.articles = {id_: (p, self.clock, size) for id_, (p, _, size) in self.articles.items()}

    def withdraw(self) -> None:
        """Withdraw by hand: those are known to be meant."""
        self.gone = set(self.some(5))
        for id_ in self.gone:
            self.articles[id_] = (-1, -1, 0)

    def bulk(self) -> None:
        """Import many articles of the last years at once."""
        self.add(200, self.chance.choice([DAY, 30 * DAY, 900 * DAY]))

    def some(self, most: int) -> list[str]:
        """Return a few articles that are not withdrawn."""
        live = [id_ for id_, dates in self.articles.items() if dates[0] >= 0]
        return self.chance.sample(live, min(len(live), self.chance.randint(0, most)))

    def shown(self) -> Snapshot:
        """Return the feed: the newest, as many as its limit says, none older than so many days."""
        live = [(id_, *dates) for id_, dates in self.articles.items() if dates[0] >= 0]
        newest = max((e[1] for e in live), default=0)
        live = [e for e in live if self.days is None or newest - e[1] <= self.days * DAY]
        live = sorted(live, key=lambda e: (e[2] if self.by_change else e[1], e[0]), reverse=True)[
            : self.limit
        ]
        length = 2000 + sum(e[3] for e in live)
        return Snapshot(tuple(e[:3] for e in live), length, "updated" if self.by_change else "published")


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_silent_through_ordinary_histories(seed: int) -> None:
    """News, corrections, withdrawals, imports, live pages, pauses, windows that slide: no objection, ever."""
    newsroom = Newsroom(random.Random(seed))  # noqa: S311 - a history that can be told again by its seed
    before = newsroom.shown()
    for _ in range(25):
        newsroom.day()
        after = newsroom.shown()
        in_place = replace(before, ids=tuple(e for e in before.ids if e[0] not in newsroom.gone))
        now = datetime.fromtimestamp(newsroom.clock, UTC)
        assert objections(in_place, after, LIMITS, now) == []
        before = after


@settings(max_examples=100)
@given(st.integers(0, 2**32))
def test_ids_changed_in_any_newsroom_are_held(seed: int) -> None:
    """After any ordinary history, a build in which every id is another is held."""
    newsroom = Newsroom(random.Random(seed))  # noqa: S311 - likewise
    for _ in range(10):
        newsroom.day()
    before = newsroom.shown()
    after = mapped(before, lambda e: ("https://" + e[0], *e[1:]))
    now = datetime.fromtimestamp(newsroom.clock, UTC)
    assert bool(objections(before, after, LIMITS, now)) == (len(before.ids) >= LIMITS.fewest)
