"""Zones: the names and offsets that are printed behind a time of day."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

# Hours from UTC. None of these keeps daylight-saving time (I-07), and none is two zones (IST and CST are).
ZONES = {"wib": 7, "wita": 8, "wit": 9, "myt": 8, "sgt": 8, "gmt": 0, "utc": 0, "z": 0}
ZONES |= {"cet": 1, "cest": 2, "msk": 3, "мск": 3, "ict": 7, "hkt": 8, "jst": 9, "kst": 9}
ZONE = (
    "|".join(ZONES) + r"|(?:gmt|utc)[+-][01]?\d(?::?[0-5]\d)?|[+-][01]\d:?[0-5]\d"
)  # a pattern, in any case
# The zone that a country's newsrooms print without naming it, where there is one such zone.
ZONE_OF_LANGUAGE = {"id": "Asia/Jakarta", "ms": "Asia/Kuala_Lumpur"}
AT_END = re.compile(rf"(?:(.*\S))??(?:^|[\s(]+)({ZONE})\)?", re.IGNORECASE)


def split_zone(text: str) -> tuple[str, timezone | None]:
    """Part `12:40 (WIB)` into the text before the zone and the zone, which is None where none is named."""
    found = AT_END.fullmatch(text)
    return (found[1] or "", zone_of(found[2])) if found else (text, None)


def zone_of(printed: str) -> timezone:
    """Read what `ZONE` matches."""
    if (hours := ZONES.get(printed.lower())) is not None:
        return timezone(timedelta(hours=hours))
    offset = re.sub(r"[^\d-]", "", printed)
    digits = offset.removeprefix("-")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if offset != digits else length)
