"""Relative dates: `2 jam yang lalu`, `kemarin 12:40 WIB`, `just now`; they count from when they were fetched.

Indonesian, Malay and English. Words that mean two days are not read (`semalam` is yesterday in Malay and
last night in Indonesian), nor are months and years, which name no day.
"""

from __future__ import annotations

import re
from datetime import timedelta

UNITS = {
    name: timedelta(seconds=seconds)
    for seconds, names in (
        (1, "detik saat second seconds sec secs s"),
        (60, "menit mnt minit minute minutes min mins m"),
        (3600, "jam hour hours hr hrs h"),
        (86400, "hari day days d"),
        (7 * 86400, "minggu pekan week weeks w"),
    )
    for name in names.split()
}
DAYS = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1}
NOW = re.compile(
    r"(?:baru saja|barusan|sebentar tadi|just now|(?:a few )?moments? ago|sesaat (?:yang )?lalu)"
)
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_COUNT = rf"(?:(?:(?:\d{{1,4}}|an?|one|satu)\s+|\d{{1,4}}|se)(?:{_UNIT})\b)"
AGO = re.compile(
    rf"(?:about |sekitar |kira-kira )?({_COUNT}(?:(?:,| and| dan)?\s+{_COUNT}){{0,3}})"
    r"\s+(?:(?:yang |yg )?(?:lalu|lepas|silam)|ago)"
)
PART = re.compile(rf"(\d{{1,4}}|an?\b|one\b|satu\b|se)\s*({_UNIT})\b")
DAY = re.compile(rf"({'|'.join(DAYS)})\b[\s,|–-]*((?:(?:pukul|pkl\.?|jam|at)\s*)?\d.*)?")


def time_ago(text: str) -> timedelta | None:
    """Read how long ago `2 jam yang lalu` or `just now` is; None where the text says no such thing.

    What is printed was rounded down to a whole unit: what was `2 hours ago` may lie an hour further back,
    `3 days ago` a day, `a week ago` a week.
    """
    text = text.lower()
    if NOW.fullmatch(text):
        return timedelta()
    found = AGO.fullmatch(text)
    if found is None:
        return None
    return sum((_times(count) * UNITS[unit] for count, unit in PART.findall(found[1])), timedelta())


def _times(count: str) -> int:
    return int(count) if count.isdigit() else 1


def day_ago(text: str) -> tuple[int, str] | None:
    """Read `kemarin 12:40 WIB` as 1 and `12:40 WIB`: how many days back, and the time of day as printed.

    Without a time of day the day begins at midnight, as that of any date does. None: no such words.
    """
    found = DAY.fullmatch(text.lower())
    return (DAYS[found[1]], found[2] or "") if found else None
