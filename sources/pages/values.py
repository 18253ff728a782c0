"""Page values: what pages write for a name, a date, a number or an address, as plain values or None."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from sources.dates import PRINTED, RFC_822, parse_date
from sources.text import one_line, plain

ISO = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*(?:Z\b|[+-]\d{2}:?\d{2}|[A-Z]{3,4}\b))?)?"
)
DIGIT = re.compile(r"\d")  # no date is without, and most lines are
LONGEST_DATE = 200  # characters in which a date is looked for
# Most addresses: nothing in them is relative, or could be written in another way.
WHOLE = re.compile(
    r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*/[A-Za-z0-9._~/%:@!$'()*+,=|-]*"
    r"(?:\?(?:[A-Za-z0-9._~/%:@!$'()*+,=?-]|&(?!amp;))+)?"
)
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


def each(value: Any) -> list[Any]:
    """Return a list's items, or the one thing as a list; nothing for None."""
    if isinstance(value, (list, tuple)):
        return list(value)
    return [] if value is None else [value]


def text_in(value: Any) -> str | None:
    """Return the first text in a value: a string, a thing with a name, or a list of such."""
    for item in _held(value, "name", "@value", "@id"):
        if isinstance(item, str) and (text := one_line(plain(item))):
            return text
    return None


def _held(value: Any, *keys: str) -> Iterator[Any]:
    """Yield the items of a value; of a thing, what it holds under the first of `keys` that it has."""
    for item in each(value):
        if isinstance(item, Mapping):
            yield next((i for key in keys for i in each(item.get(key)) if i), None)
        else:
            yield item


def names_in(value: Any) -> list[str]:
    """Return every name in a value: `a, b` in one string, a list of strings, a list of things with names."""
    items = [item for item in map(text_in, each(value)) if item]
    if len(items) == 1:
        items = re.split(r"[,;]", html.unescape(items[0]))
    return [name for name in (item.strip().lstrip("#").strip() for item in items) if name]


def number_in(value: Any) -> int | None:
    """Return a whole number of pixels or bytes above zero: 1200, "1200", "1200px", {"value": 1200}."""
    for item in _held(value, "value"):
        match = re.fullmatch(r"\s*([1-9][0-9]{0,11})(?:\.0+)?\s*(?:px)?\s*", str(item))
        if match:
            return int(match[1])
    return None


def date_in(value: Any) -> str | int | float | None:
    """Return the part of a value that `parse_date` reads, as it was written, or None.

    Bylines print more than the date: `Diterbitkan 22 Nov 2024, 03:02 WIB` (I-06).
    """
    for item in _held(value, "@value"):
        if isinstance(item, (int, float)) and _is_date(item):
            return item
        if isinstance(item, str):
            text = one_line(html.unescape(item[:LONGEST_DATE]))
            if DIGIT.search(text) and (found := next(filter(_is_date, _dates_in(text)), None)):
                return found
    return None


def _is_date(value: object) -> bool:
    try:
        parse_date(value, ZoneInfo("UTC"))  # whether it reads at all; its zone is the site's affair
    except (ValueError, OverflowError):
        return False
    return True


def _dates_in(text: str) -> Iterator[str]:
    """Yield what may be a date in a text: all of it in a machine's form, a part as printed, or all of it."""
    if ISO.fullmatch(text) or RFC_822.fullmatch(text):
        yield text
    for shape in (ISO, *PRINTED):
        if match := shape.search(text):
            yield match[0].strip()
    # Last, since it is slow: dates in any language are looked for in it.
    if text:
        yield text


def address_in(value: Any, base: str) -> str | None:
    """Return the http(s) address in a value, absolute and in ASCII, or None where there is none."""
    for item in _held(value, "url", "@id"):
        if isinstance(item, str) and (address := _absolute(item, base)):
            return address
    return None


def joined(base: str, address: str) -> str:
    """Return an address as seen from `base`. Raises ValueError for what urllib can't read."""
    return address if WHOLE.fullmatch(address) else urljoin(base, address)


def _absolute(text: str, base: str) -> str | None:
    if WHOLE.fullmatch(text):
        return text
    try:
        # Only `&amp;` is undone: in `?a=1&copy=2` nothing is an entity. A fit address is left as it is,
        # since a signed one breaks when it is touched.
        address = quote(urljoin(base, text.replace("&amp;", "&").strip()), safe="%/:?#[]@!$&'()*+,;=~-._|")
        parts = urlsplit(address)
        # A host in other letters would be quoted like a path, and lead nowhere.
        fit = parts.scheme in {"http", "https"} and parts.hostname and "%" not in parts.netloc
    except ValueError:  # the word of urllib on `http://[`
        return None
    return address if fit and text.strip() else None


def media_type_in(value: Any) -> str | None:
    """Return the media type a value begins with, without parameters, or None."""
    match = MEDIA_TYPE.match(text_in(value) or "")
    return match[0].lower() if match else None
