"""Conditional requests: has a client the document already? (RFC 9110, section 13; S-20, S-21, S-23)"""

from __future__ import annotations

import functools
import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Ours: 32 hexadecimal digits, and the coding. On its way a tag may be made weak, or decorated: Apache puts
# `-gzip` inside the quotes, or behind them; Jetty and others `--gzip`, `;gzip`, `:br` (S-01, S-23).
# No sign may be read in two ways, or a hostile tag takes for ever.
TAG = re.compile(
    rb'\s*(?:W/)?"?([0-9a-f]{32})"?(?:[-;:]{1,2}([a-z]+))?"?(?:[-;:]{1,2}[a-z]+)?"?\s*', re.IGNORECASE
)
LONGEST_DATE = 64
CODINGS = {b"": "identity", b"gzip": "gzip", b"gz": "gzip", b"br": "br", b"zstd": "zstd"}
TAG_ENDS = {"identity": b'"', "gzip": b'-gzip"', "br": b'-br"', "zstd": b'-zstd"'}  # as we write them
AS_WRITTEN = {end: coding for coding, end in TAG_ENDS.items()}
DIGITS = slice(1, 33)


def held(digest: bytes, if_none_match: bytes) -> str | None:
    """Return the coding in which a client holds the document with this digest; None: it does not.

    digest: 32 hexadecimal digits. if_none_match: a list of tags, weak or not, or `*`, which holds whatever
    is there and answers `*`. Compared weakly, as RFC 9110 section 13.1.2 says.
    """
    tag = if_none_match.removeprefix(b"W/")
    if tag[DIGITS] == digest and tag[:1] == b'"' and tag[33:] in AS_WRITTEN:
        return AS_WRITTEN[tag[33:]]  # as a rule it comes back as it was sent, or made weak
    if if_none_match.strip() == b"*":
        return "*"
    if digest not in if_none_match:
        return None
    for tag in if_none_match.split(b","):
        found = TAG.fullmatch(tag)
        if found and found[1] == digest:
            return CODINGS.get(found[2] or b"", "identity")
    return None


def is_unmodified(modified: int, if_modified_since: bytes) -> bool:
    """Is a document, changed at `modified` (seconds since 1970), no newer than what a client has?

    Dates are compared as dates, whatever their spelling; one that can't be read says nothing (13.1.3).
    """
    since = _moment(if_modified_since) if len(if_modified_since) <= LONGEST_DATE else None
    return since is not None and modified <= since


@functools.lru_cache(4096)  # readers send back what they were sent: few dates, again and again
def _moment(date: bytes) -> float | None:
    try:
        moment = parsedate_to_datetime(date.decode("ascii"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000", which says that the zone isn't known, or none
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.timestamp() if moment.year > 1900 else None
    except OverflowError:
        return None


def date_now() -> bytes:
    """Return this very second as the Date header has it: never before a Last-Modified that is out already."""
    return _date_of(int(time.time()))


@functools.lru_cache(2)
def _date_of(second: int) -> bytes:
    return http_date(second).encode()


def http_date(moment: int) -> str:
    """Write a moment, in seconds since 1970, as HTTP does (section 5.6.7)."""
    day = datetime.fromtimestamp(moment, UTC)
    return f"{DAYS[day.weekday()]}, {day:%d} {MONTHS[day.month - 1]} {day:%Y %H:%M:%S} GMT"


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
