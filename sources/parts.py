"""Parts of an article as systems write them: names, tags, people, pictures, read into one shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sources.identity import absolute_url, fold
from sources.media_types import media_type_of
from sources.text import one_line, plain, shorten

IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)\s*")
ADDRESS = re.compile(r"\s*[<(]?\s*[^\s<>()@]+@[^\s<>()@]+\.[^\s<>()@]+\s*[)>]?\s*")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
# `75.3`, `1:02:05`, and ISO 8601's `PT1H2M5S`, which schema.org writes.
CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7})(?:\.\d+)?")
PERIOD = re.compile(r"P(?:0*D)?T(?:(\d{1,3})H)?(?:(\d{1,5})M)?(?:(\d{1,7})(?:\.\d+)?S)?", re.IGNORECASE)

LONGEST_LINE = 20_000  # characters; a longer headline, name or summary is none


def text(value: Any) -> str:
    """Read a text, or a number that stands for one. Raises ValueError for anything else."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError(f"{value!r} must be text")
    return str(value)


def words(value: Any) -> str:
    """Read plain text on one line, out of HTML where it is HTML. Raises ValueError if it is no text."""
    return one_line(plain(shorten(text(value), LONGEST_LINE)))


def items(value: Any) -> list[Any]:
    """Read one thing or several."""
    several = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in several if item not in (None, "")]


def names(value: Any) -> list[str]:
    """Read several names; empty ones go. Raises ValueError if one is no text."""
    return [name for name in map(words, items(value)) if name]


def tags(value: Any) -> tuple[str, ...]:
    """Keep each tag once, in order: case, Unicode form, runs of spaces and a `#` in front make no new tag.

    In one string, tags are parted by commas or semicolons, or by the `#` of each.
    """
    if isinstance(value, str):
        value = re.split(r"[,;]|\s(?=#)", value)
    named = [item.get("name") if isinstance(item, Mapping) else item for item in items(value)]
    unique: dict[str, str] = {}
    for key, name in (_tag(item) for item in named if isinstance(item, str) or type(item) is int):
        if key:
            unique.setdefault(key, name)
    return tuple(unique.values())


@lru_cache(maxsize=4096)  # many articles share a tag
def _tag(printed: str | int) -> tuple[str, str]:
    """Return what all spellings of a tag share, and its name."""
    name = words(printed).lstrip("#＃").strip()
    return fold(name), name


def people(value: Any, base: str) -> list[dict[str, Any]]:
    """Read bylines: a name, a list of names, a list of mappings. Raises ValueError if one is neither."""
    found = []
    for item in items(value):
        person = item if isinstance(item, Mapping) else {"name": item}
        if name := _without_address(text(person.get("name"))):
            fields = {key: person[key] for key in ("role", "email") if person.get(key)}
            found.append({"name": name, **fields, "url": address(person.get("url"), base)})
    return found


def _without_address(name: str) -> str:
    """Read a name. An e-mail address in it was not meant for readers, and a name must hold none (F-43).

    RSS writes `siti@kabar.example (Siti)`, mail programs `Siti <siti@kabar.example>`.
    """
    if "@" not in name:
        return words(name)
    rest = ADDRESS.sub(" ", name)
    bracketed = IN_BRACKETS.fullmatch(rest)
    return words(bracketed[1] if bracketed else rest)


def media(value: Any, base: str) -> list[dict[str, Any]]:
    """Read pictures, sounds, files: an address, a mapping, or a list of either.

    One without an http(s) address (an inline `data:` picture, say) is no thing a feed can name: it goes.
    So does a size that is no number. Raises ValueError if an item is neither text nor mapping.
    """
    found: dict[str, dict[str, Any]] = {}
    for item in items(value):
        if not isinstance(item, (Mapping, str)):
            raise ValueError(f"{item!r} must be an address, or name one as `url`")
        fields = item if isinstance(item, Mapping) else {"url": item}
        if url := address(fields.get("url"), base):
            one = {
                "url": url,
                "media_type": _media_type(text(fields.get("media_type"))) or media_type_of(url),
                "caption": words(fields.get("caption")) or None,
                "credit": words(fields.get("credit")) or None,
                "duration": _seconds(fields.get("duration")),
                **{key: _count(fields.get(key)) for key in ("length", "width", "height")},
            }
            found.setdefault(url, one)
    return list(found.values())


def _media_type(stated: str) -> str | None:
    media_type = stated.partition(";")[0].strip().lower().replace("image/jpg", "image/jpeg")
    return media_type if MEDIA_TYPE.fullmatch(media_type) else None


def address(value: Any, base: str) -> str | None:
    """Read an http(s) address, made absolute; None for what is none."""
    if not value:
        return None
    try:
        return absolute_url(text(value), base)
    except ValueError:
        return None


def _count(value: Any) -> int | None:
    """Read a number of bytes or pixels; `100%` and 0 say nothing."""
    try:
        number = int(float(value)) if not isinstance(value, bool) else 0
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number < 2**53 else None


def _seconds(value: Any) -> int | None:
    """Read how long a recording lasts; what can't be read, and 0, say nothing."""
    written = str(value).strip()
    found = CLOCK.fullmatch(written) or PERIOD.fullmatch(written)
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds or None
