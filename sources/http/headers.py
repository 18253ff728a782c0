"""What an answer's headers say, read leniently: type, character set, validators, when to come back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from sources.http.values import Validators

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # RFC 9110, section 5.6.2  # noqa: S105
MEDIA_TYPE = re.compile(rf"\s*({TOKEN}/{TOKEN})\s*(?:[;,]|$)")
CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
# Python's own inventions; two of them take quadratic time, and no server means one of them.
NOT_OF_THE_WEB = frozenset(
    "idna punycode undefined unicode_escape unicode-escape raw_unicode_escape raw-unicode-escape".split()
)
LONGEST_RETRY = 172_800.0  # seconds: two days, as other readers have it (S-05)
OLDEST_ANSWER = timedelta(days=30)  # that a cache may hold
LONGEST_VALIDATOR = 2048  # characters; a server that sends more wants to fill the archive


def media_type(headers: Mapping[str, str]) -> str | None:
    """Return the Content-Type in lower case, without parameters; None if there is none."""
    match = MEDIA_TYPE.match(headers.get("content-type", ""))
    return match[1].lower() if match else None


def charset(headers: Mapping[str, str]) -> str | None:
    """Return the character set named in the Content-Type, in lower case; None if none that can be decoded."""
    match = CHARSET.search(headers.get("content-type", ""))
    name = match[1].lower() if match else ""
    if not name or name in NOT_OF_THE_WEB:
        return None
    try:
        b" ".decode(name)
    except UnicodeDecodeError:  # a space is no whole character in UTF-16
        return name
    except (LookupError, ValueError):  # ValueError: a name that is none, with a NUL or beyond ASCII
        return None
    return name


def validators(headers: Mapping[str, str]) -> Validators:
    """Return the validators of an answer, as they are; one that could not be sent back is None."""
    return Validators(_validator(headers.get("etag")), _validator(headers.get("last-modified")))


def _validator(value: str | None) -> str | None:
    fit = value and value.isascii() and value.isprintable() and len(value) <= LONGEST_VALIDATOR
    return value if fit else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait (RFC 9110, section 10.2.3), from a number or a date; None if none is named.

    Two days at most.
    A date is set against the answer's own Date, so that a wrong clock on either side does no harm.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return min(float(value), LONGEST_RETRY)
    date = _date(value)
    if date is None:
        return None
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return min(max(0.0, (date - now).total_seconds()), LONGEST_RETRY)


def answered_at(headers: Mapping[str, str]) -> datetime:
    """Return when an answer was made: its Date (RFC 9110, section 6.6.1), even if a cache kept it for long.

    Our own clock stands in where there is none, or one that the answer can't have.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    date = _date(headers.get("date", ""))
    return date if date and now - OLDEST_ANSWER < date <= now else now


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)  # HTTP's dates are GMT
