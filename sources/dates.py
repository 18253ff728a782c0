"""Dates: what machines and newsrooms write, read into one moment, and whether its zone was stated."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from sources.article import Basis
from sources.foreign_dates import read_foreign
from sources.printed import one_spelling
from sources.relative_dates import day_ago, time_ago
from sources.zones import ZONE, ZONES, split_zone, zone_of

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february pebruari",
            "mar maret march mac",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july julai",
            "agu agt ags agustus aug august ogos",
            "sep sept september",
            "okt oktober oct october",
            "nov november nopember",
            "des desember dec december dis disember",
        ),
        start=1,
    )
    for name in names.split()
}
DAYS = (
    "senin selasa rabu kamis jumat jum'at jum’at sabtu minggu ahad isnin khamis "
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
).split()

_DAY = r"(?:(?:hari\s+)?(?:" + "|".join(DAYS) + r")\b\s*[,/(]?\s*)?"
_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_TIME = (
    r"(?:\)?[\s,|•·–-]*(?:(?:pukul|pkl\.?|jam|at)\s*)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?\s*(?P<half>[ap]\.?m\b\.?)?"
    rf"(?:\s*\(?(?P<zone>{ZONE})\b\)?)?)?"
)
_SHAPES = (
    rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})T?{_TIME}",  # an ISO date with `WIB` behind it
    rf"{_DAY}(?P<day>\d{{1,2}})[\s./-]+{_MONTH}[\s,./-]+(?P<year>\d{{4}}){_TIME}",
    rf"{_DAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}",
    # Day first, as all of the world but one country writes it.
    rf"{_DAY}(?P<day>\d{{1,2}})(?P<sign>[/.-])(?P<month>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){_TIME}",
)
PRINTED = tuple(re.compile(shape, re.IGNORECASE) for shape in _SHAPES)
WRITE = "write it as 2024-10-28T12:40:00+07:00"
RFC_822 = re.compile(
    r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{2}:\d{2}(:\d{2})?\s+([+-]\d{4}|[A-Z]{1,3})"
)


def parse_date(
    value: object, zone: ZoneInfo | None, fetched: datetime | None = None, language: str | None = None
) -> tuple[datetime, Basis]:
    """Read a date: RFC 3339, RFC 822, as a newsroom prints it, or seconds (milliseconds) since 1970.

    zone: taken where the value names none; the basis is then `assumed`, otherwise `stated`.
    fetched: when the value was fetched, with a zone; `2 jam lalu` counts from it: its basis is `relative`.
    language: BCP 47, a hint for dates in other languages than Indonesian, Malay and English.
    Years have four digits: `10/11/12` could be three days. Raises ValueError with the reason and the mend.
    """
    text = one_spelling(value) if isinstance(value, str) else ""
    counted = _read_relative(text, zone, fetched)
    moment = counted or (_read_text(text, language) if isinstance(value, str) else _read(value))
    if not 1600 <= moment.year <= 2200:
        raise ValueError(f"{value!r} is not a date an article can have: year {moment.year}")
    if (offset := moment.utcoffset()) is not None:
        if abs(offset) > timedelta(hours=14):
            raise ValueError(f"{value!r}: no zone on earth is more than 14 hours from UTC")
        return moment, "relative" if counted else "stated"
    return _in_zone(moment, zone, value), "assumed"


def _in_zone(moment: datetime, zone: ZoneInfo | None, value: object) -> datetime:
    if zone is None:
        raise ValueError(f'{value!r} names no zone: give it one, or set timezone = "Area/City" for the site')
    return moment.replace(tzinfo=zone).astimezone(timezone(zone.utcoffset(moment) or timedelta()))


def _read_relative(text: str, zone: ZoneInfo | None, fetched: datetime | None) -> datetime | None:
    """Read a date that counts from `fetched`, or None. Raises ValueError where nobody noted that moment."""
    back, day = time_ago(text), day_ago(text)
    if back is None and day is None:
        return None
    if fetched is None:
        raise ValueError(f"{text!r} is relative to a moment nobody noted: {WRITE}")
    if back is not None:
        return fetched - back
    return _on_day(*day, zone, fetched) if day else None


def _on_day(days: int, clock: str, zone: ZoneInfo | None, fetched: datetime) -> datetime | None:
    """Return the moment `days` before `fetched` at a printed time; which day that was depends on the zone."""
    stated = split_zone(clock)[1]
    today = fetched.astimezone(stated or zone) if stated or zone else _in_zone(fetched, None, clock)
    printed = PRINTED[0].fullmatch(f"{(today - timedelta(days=days)).date()} {clock}".strip())
    if printed is None:
        return None
    moment = _from_match(printed)
    return moment if moment.tzinfo else _in_zone(moment, zone, clock)


def _read(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - the zone is chosen by the caller
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _since_1970(value)
    raise ValueError(f"{value!r} is not a date")


def _read_text(text: str, language: str | None) -> datetime:
    if re.fullmatch(r"\d{9,13}", text):
        return _since_1970(int(text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    # parsedate_to_datetime forgets zones it does not know (`WIB`), so it sees only what RFC 822 names.
    if RFC_822.fullmatch(text) and text.rsplit(" ", 1)[1].lower() not in ZONES:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is not None:
            return moment
    for shape in PRINTED:
        if match := shape.fullmatch(text):
            return _from_match(match)
    rest, stated = split_zone(text)
    if found := read_foreign(rest, language):
        return found.replace(tzinfo=stated)
    raise ValueError(f"{text!r} is not a date that can be read: {WRITE}")


def _since_1970(number: float) -> datetime:
    # Smaller numbers are dates written without signs (20241028), or nothing at all (0).
    if not 1e8 <= number < 1e13:
        raise ValueError(f"{str(number)[:20]} is no date: give seconds since 1970, or write 2024-10-28")
    return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)


def _from_match(match: re.Match[str]) -> datetime:
    part = match.groupdict()
    month = int(part["month"]) if part["month"].isdigit() else MONTHS[part["month"].lower()]
    hour = int(part["hour"] or 0)
    if half := part["half"]:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    try:
        return datetime(
            int(part["year"]),
            month,
            int(part["day"]),
            hour,
            int(part["minute"] or 0),
            int(part["second"] or 0),
            tzinfo=zone_of(part["zone"]) if part["zone"] else None,
        )
    except ValueError as error:
        raise ValueError(f"{match[0]!r} is no day of the calendar: {error}") from error
