"""From a loose record to an Article: the one gate that every source's records pass.

A source hands over a mapping with the Article's own field names and whatever values it found: dates as
text, names as a string or a list, HTML as it stood. `admit` cleans, completes and validates it.
Besides the Article's fields it takes `text`: plain text with blank lines between paragraphs, where
there is no `content`; `timezone`: the zone its dates are likely in, where the site states none; and
`fetched`: the moment, with a zone, from which dates such as `2 jam lalu` count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from sources import parts
from sources.article import Article
from sources.clean import clean_html
from sources.dates import parse_date
from sources.hashtags import take_hashtags
from sources.identity import canonical_url, fold, mint_article_id
from sources.languages import language_tag
from sources.source import Rejected, Site
from sources.text import paragraphs, prose, shorten, strip_forbidden, text_of

T = TypeVar("T")

DATES = ("published", "updated", "modified", "embargoed_until", "expires")
FIELDS = frozenset(Article.model_fields) | {"text", "timezone", "fetched"}
DEPTH = 8  # a record's fields are lists of mappings; what is nested deeper is not read
TITLE_FROM_TEXT = 80  # characters taken from the text where a record has no headline
NO_DATE = re.compile(r"0000-00-00.*|0001-01-01T00:00:00.*")  # what databases write for none
NEVER = re.compile(r"9999-.*")  # what systems write where nothing expires


class _FieldError(Exception):
    """One field of a record is wrong; becomes `Rejected`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def admit(raw: Mapping[str, Any], site: Site, source: str, position: str) -> Article | Rejected:
    """Make an Article of a record, or say which field stands in the way and why."""
    try:
        fields, cleaned = _strip({key: raw[key] for key in FIELDS & raw.keys()}, DEPTH)
        article = _complete(fields, _with_zone(fields, site))
        told = {"found": raw.get("found") or {}, "cut": raw.get("cut") or ()}
        return Article(**article, **told, source=source, position=position, cleaned=cleaned)
    except _FieldError as error:
        return Rejected(source, position, error.field, error.reason, raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return Rejected(source, position, field, first["msg"].removeprefix("Value error, "), raw)


def _strip(value: Any, depth: int) -> tuple[Any, int]:
    """Take forbidden characters out of every string inside `value`; also say how many there were."""
    if isinstance(value, str):
        return strip_forbidden(value)
    if depth and isinstance(value, Mapping):
        stripped = {key: _strip(item, depth - 1) for key, item in value.items()}
        return {key: item for key, (item, _) in stripped.items()}, sum(n for _, n in stripped.values())
    if depth and isinstance(value, (list, tuple)):
        items = [_strip(item, depth - 1) for item in value]
        return [item for item, _ in items], sum(n for _, n in items)
    return (None if isinstance(value, (Mapping, list, tuple)) else value), 0


def _with_zone(raw: Mapping[str, Any], site: Site) -> Site:
    """Let a record's own guess at its zone stand in where the site has none."""
    if site.timezone or not raw.get("timezone"):
        return site
    return replace(site, timezone=ZoneInfo(raw["timezone"]))


def _read(raw: Mapping[str, Any], field: str, read: Callable[[Any], T]) -> T:
    """Read one field; what can't be read names the field."""
    try:
        return read(raw.get(field))
    except (ValueError, UnicodeError) as error:
        raise _FieldError(field, str(error)) from error


def _complete(raw: dict[str, Any], site: Site) -> dict[str, Any]:
    url = _read(raw, "url", lambda value: _url(value, site))
    base = url or site.url
    language = language_tag(raw.get("language")) or site.language
    out: dict[str, Any] = {"url": url, "language": language, **_dates(raw, site, language)}
    out |= _words(raw, base, site)
    given = _read(raw, "id", parts.text).strip()
    out["id"] = mint_article_id(site.tagging_entity, given, url, out["published"], out["title"])
    out["publisher"] = out["publisher"] or site.publisher
    out["authors"] = _read(raw, "authors", lambda value: parts.people(value, base))
    for name in ("images", "enclosures"):
        out[name] = _read(raw, name, lambda value: parts.media(value, base))
    out["comments_url"] = _read(raw, "comments_url", lambda value: parts.address(value, base))
    if status := _read(raw, "status", parts.text).strip().lower():
        out["status"] = status
    out["alternate_ids"] = _read(raw, "alternate_ids", lambda value: _known_as(value, site))
    return out


def _url(value: Any, site: Site) -> str | None:
    text = parts.text(value).strip()
    if not text:
        return None
    try:
        url = canonical_url(text, site.url)
    except ValueError as error:
        raise ValueError(f"{error}; {text!r} must be an http(s) address") from error
    # `#` and `/` lead to the front page, which is no article's address.
    return None if url == _front_page(site.url) else url


@cache
def _front_page(site_url: str) -> str:
    return canonical_url(site_url, site_url)


def _known_as(value: Any, site: Site) -> tuple[str, ...]:
    """Read other names of an article; static site generators list its old addresses as paths."""
    names = (canonical_url(name, site.url) if name.startswith("/") else name for name in parts.names(value))
    return tuple(dict.fromkeys(names))


def _dates(raw: Mapping[str, Any], site: Site, language: object) -> dict[str, Any]:
    fetched = raw.get("fetched")
    known = fetched if isinstance(fetched, datetime) and fetched.tzinfo else None
    hint = language if isinstance(language, str) else None
    out: dict[str, Any] = {}
    basis: dict[str, str] = {}
    for name in DATES:
        if _is_given(name, raw.get(name)):
            out[name], basis[name] = _read(
                raw, name, lambda value: parse_date(value, site.timezone, known, hint)
            )
    if "published" not in out:
        _date_of_undated(out, basis, site)
    # Systems that schedule a story often save it before they publish it; a change cannot come earlier.
    for earlier, later in (("published", "updated"), ("updated", "modified")):
        if later not in out:
            basis[later] = basis[earlier]
        if later not in out or out[later] < out[earlier]:
            out[later] = out[earlier]
    out["date_basis"] = basis
    return out


def _is_given(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return value is not None
    value = value.strip()
    return bool(value) and not NO_DATE.fullmatch(value) and not (name == "expires" and NEVER.fullmatch(value))


def _date_of_undated(out: dict[str, Any], basis: dict[str, str], site: Site) -> None:
    for other in ("updated", "modified"):
        if other in out:
            out["published"], basis["published"] = out[other], basis[other]
            return
    if site.first_seen is None:
        raise _FieldError("published", 'no date: add `published`, or set undated = "first-seen"')
    out["published"], basis["published"] = site.first_seen, "first-seen"


def _words(raw: Mapping[str, Any], base: str, site: Site) -> dict[str, Any]:
    content = _read(raw, "content", lambda value: clean_html(parts.text(value), base))
    if not content:
        blocks = re.split(r"\n\s*\n", _read(raw, "text", parts.text))
        content = paragraphs([block for block in map(prose, blocks) if block])
    tags = _wanted(_read(raw, "tags", parts.tags), site)
    if not tags:
        content, found = take_hashtags(content)
        tags = _wanted(parts.tags(found), site)
    out: dict[str, Any] = {"content": content or None, "tags": tags}
    for name in ("title", "summary", "publisher", "section", "credit", "rights"):
        out[name] = _read(raw, name, parts.words) or None
    if not out["title"]:
        text = out["summary"] or text_of(content)
        if not text:
            raise _FieldError("title", "no title and no text: nothing to publish")
        out["title"] = shorten(text, TITLE_FROM_TEXT)
    return out


def _wanted(tags: tuple[str, ...], site: Site) -> tuple[str, ...]:
    return tuple(tag for tag in tags if fold(tag) not in site.drop_tags)
