"""Feed dates: as printed where we can read them ourselves, with their zone; else as feedparser reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from zoneinfo import ZoneInfo

from sources.dates import parse_date

ANY_ZONE = ZoneInfo("UTC")  # asked only whether a date can be read, not which moment it is
# RFC 822 knows only these names; feedparser takes all others for UTC without a word.
RFC_822_ZONES = frozenset("UT UTC GMT Z EST EDT CST CDT MST MDT PST PDT AST ADT".split())
# Names that mean one thing in the world, which systems write although RFC 822 doesn't know them.
OFFSETS = {
    "WET": "+0000",
    "WEST": "+0100",
    "CET": "+0100",
    "CEST": "+0200",
    "EET": "+0200",
    "EEST": "+0300",
    "MSK": "+0300",
    "ICT": "+0700",
    "HKT": "+0800",
    "PHT": "+0800",
    "JST": "+0900",
    "KST": "+0900",
    "AEST": "+1000",
    "AEDT": "+1100",
}
ZONE_NAME = re.compile(r"(?<=\d )[A-Z]{2,5}$")


def moment(printed: Any, parsed: Any) -> str | datetime | None:
    """Choose what of a date `admit` gets: the text if `parse_date` reads it, else feedparser's UTC time.

    printed, parsed  an entry's `published` and `published_parsed`, or another pair
    A date that neither can read is returned as printed, so that it is named where it is rejected.
    """
    if not isinstance(printed, str) or not printed.strip():
        return None
    text = " ".join(printed.split())
    name = ZONE_NAME.search(text)
    if name and name[0] in OFFSETS:
        text = text[: name.start()] + OFFSETS[name[0]]
    try:
        parse_date(text, ANY_ZONE)
    except ValueError:
        if name and name[0] not in RFC_822_ZONES:
            return text
        return _utc(parsed) or text
    return text


def _utc(parsed: Any) -> datetime | None:
    if not isinstance(parsed, struct_time):
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC)
    except ValueError:  # second 61, year 0
        return None
