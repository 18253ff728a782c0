"""Dates: how RSS writes them."""

from __future__ import annotations

from datetime import datetime

DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def rfc_822(moment: datetime) -> str:
    """Write a date as RSS does (F-06), without `strftime`, which asks for the locale (F-07)."""
    iso = moment.isoformat(timespec="seconds")  # 2024-10-28T12:40:00+07:00
    day = f"{DAYS[moment.weekday()]}, {iso[8:10]} {MONTHS[moment.month - 1]} {iso[:4]}"
    return f"{day} {iso[11:19]} {iso[19:22]}{iso[23:25]}"
