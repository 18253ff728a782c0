"""Foreign dates: those in other languages, read by the dateparser library where nothing is left to guess."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

LONGEST = 100  # characters; the library is slow, and no date is longer
COMMONEST = 80  # languages that are asked where none is known; the library lists them by how many write them
FULL_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
LETTER = re.compile(r"[^\W\d_]")
NO_PART = re.compile(r'[!"#$%&*+;<=>?@\[\\\]^_`{}~]')  # signs no date has; the library passes over some
NUMBER = re.compile(r"\d+")
HOUR = re.compile(r"(?<=\d)h(?=\d\d\b)")  # 12h40; the library knows it in some languages only
THAI = re.compile("[\u0e01-\u0e5b]")
BUDDHIST_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")  # 543 years ahead, as Thai newsrooms print it
# Every setting that would let the library fill in, swap or look at the clock is closed. RELATIVE_BASE
# stands in for the clock, TIMEZONE for the machine's zone; no reading that is kept depends on either.
SETTINGS = {
    "PARSERS": ["absolute-time"],
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "STRICT_DATE_ORDER": "all",
    "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - compared with dates that have no zone
    "TIMEZONE": "UTC",
}


@lru_cache(maxsize=4096)  # a dump's stories share their days, and a reading costs up to 50 ms
def read_foreign(text: str, language: str | None) -> datetime | None:
    """Read `28 octobre 2024 à 12h40`; the moment has no zone, and is None where the text is no such date.

    text: on one line, without a zone. Day, month and a year of four digits must stand in it, and no number
    that is none of the date's. language: BCP 47, asked first. Otherwise all languages that can read it must
    agree: `28 listopada 2024` is October in one and November in another.
    """
    if len(text) > LONGEST or NO_PART.search(text) or not (FULL_YEAR.search(text) and LETTER.search(text)):
        return None
    text = HOUR.sub(":", text)
    if THAI.search(text):
        text = BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - 543), text)
    from dateparser.data.languages_info import language_order  # type: ignore[import-untyped]  # it ships no types

    code = (language or "").partition("-")[0].lower()
    if code in language_order and (moment := _read_in(code, text)):
        return moment
    read = {moment for code in language_order[:COMMONEST] if (moment := _read_in(code, text))}
    return read.pop() if len(read) == 1 else None


def _read_in(language: str, text: str) -> datetime | None:
    moment = _parse(language, text, "DMY")
    # A zone it finds is a name that several places use (IST, CST): no zone at all is better.
    if moment is None or moment.tzinfo is not None:
        return None
    printed = {int(number) for number in NUMBER.findall(text)}
    # Words for numbers pass for days and months too (`28 um 2024`); a month's name is one in any order.
    if moment.day not in printed:
        return None
    if moment.month not in printed and _parse(language, text, "MDY") != moment:
        return None
    said = {moment.year, moment.month, moment.day, moment.hour, moment.hour % 12 or 12}
    return moment if printed <= said | {moment.minute, moment.second, moment.microsecond} else None


def _parse(language: str, text: str, order: str) -> datetime | None:
    import dateparser  # type: ignore[import-untyped]  # it ships no types

    moment: datetime | None = dateparser.parse(
        text, languages=[language], settings={**SETTINGS, "DATE_ORDER": order}
    )
    return moment
