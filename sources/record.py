"""From a loose record to an Article: the one gate that every source's records pass.

A source hands over a mapping with the Article's own field names and whatever values it found: dates as
text, names as a string or a list, HTML as it stood. `admit` cleans, completes and validates it.
Besides the Article's fields it takes `text`: plain text with blank lines between paragraphs, where
there is no `content`; and `timezone`: the zone its dates are likely in, where the site states none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from sources.article import Article
from sources.dates import parse_date
from sources.identity import canonical_url, fold, mint_article_id
from sources.media_types import media_type_of
from sources.source import Rejected, Site
from sources.text import clean_html, one_line, paragraphs, plain, strip_forbidden, text_of

DATES = ("published", "updated", "modified", "embargoed_until", "expires")
ONE_LINE = ("publisher", "section", "credit")
TITLE_FROM_TEXT = 80  # characters taken from the text where a record has no headline


class _FieldError(Exception):
    """One field of a record is wrong; becomes `Rejected`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def admit(raw: Mapping[str, Any], site: Site, source: str, position: str) -> Article | Rejected:
    """Make an Article of a record, or say which field stands in the way and why."""
    try:
        fields, cleaned = _strip(raw)
        article = _complete(fields, _with_zone(fields, site))
        return Article(**article, source=source, position=position, cleaned=cleaned)
    except _FieldError as fault:
        return Rejected(source, position, fault.field, fault.reason, raw)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return Rejected(source, position, field, first["msg"].removeprefix("Value error, "), raw)


def _with_zone(raw: Mapping[str, Any], site: Site) -> Site:
    """Let a record's own guess at its zone stand in where the site has none."""
    if site.timezone or not raw.get("timezone"):
        return site
    return replace(site, timezone=ZoneInfo(raw["timezone"]))


def _strip(value: Any) -> tuple[Any, int]:
    """Take forbidden characters out of every string inside `value`; also say how many there were."""
    if isinstance(value, str):
        return strip_forbidden(value)
    if isinstance(value, Mapping):
        stripped = {key: _strip(item) for key, item in value.items()}
        return {key: item for key, (item, _) in stripped.items()}, sum(n for _, n in stripped.values())
    if isinstance(value, (list, tuple)):
        items = [_strip(item) for item in value]
        return [item for item, _ in items], sum(n for _, n in items)
    return value, 0


def _complete(raw: dict[str, Any], site: Site) -> dict[str, Any]:
    url = _url(raw, site)
    out: dict[str, Any] = {"url": url, **_dates(raw, site), **_words(raw, url or site.url)}
    out["id"] = mint_article_id(site.tagging_entity, _given_id(raw), url, out["published"], out["title"])
    out["language"] = raw.get("language") or site.language
    out["publisher"] = out.get("publisher") or site.publisher
    out["authors"] = _people(raw.get("authors"))
    out["tags"] = _tags(raw.get("tags"))
    for name in ("images", "enclosures"):
        out[name] = _media(name, raw.get(name), url or site.url)
    if raw.get("status") is not None:
        out["status"] = raw["status"]
    out["alternate_ids"] = tuple(dict.fromkeys(_strings(raw.get("alternate_ids"))))
    return out


def _url(raw: Mapping[str, Any], site: Site) -> str | None:
    value = raw.get("url")
    if value in (None, ""):
        return None
    try:
        return canonical_url(str(value), site.url)
    except (ValueError, UnicodeError) as error:
        raise _FieldError("url", f"{value!r} is not an http(s) address: {error}") from error


def _given_id(raw: Mapping[str, Any]) -> str | None:
    value = raw.get("id")
    if value is None or isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).strip() or None


def _dates(raw: Mapping[str, Any], site: Site) -> dict[str, Any]:
    out: dict[str, Any] = {}
    basis: dict[str, str] = {}
    for name in DATES:
        if raw.get(name) in (None, ""):
            continue
        try:
            out[name], basis[name] = parse_date(raw[name], site.timezone)
        except ValueError as error:
            raise _FieldError(name, str(error)) from error
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


def _date_of_undated(out: dict[str, Any], basis: dict[str, str], site: Site) -> None:
    for other in ("updated", "modified"):
        if other in out:
            out["published"], basis["published"] = out[other], basis[other]
            return
    if site.first_seen is None:
        raise _FieldError("published", 'no date: add `published`, or set undated = "first-seen"')
    out["published"], basis["published"] = site.first_seen, "first-seen"


def _words(raw: Mapping[str, Any], base: str) -> dict[str, Any]:
    content = clean_html(str(raw["content"]), base) if raw.get("content") else ""
    if not content and raw.get("text"):
        content = paragraphs([p for p in map(one_line, re.split(r"\n\s*\n", str(raw["text"]))) if p])
    summary = one_line(plain(str(raw.get("summary") or "")))
    title = one_line(plain(str(raw.get("title") or "")))
    if not title:
        text = summary or text_of(content)
        if not text:
            raise _FieldError("title", "no title and no text: nothing to publish")
        title = text if len(text) <= TITLE_FROM_TEXT else text[:TITLE_FROM_TEXT].rpartition(" ")[0] + "…"
    out: dict[str, Any] = {"title": title, "summary": summary or None, "content": content or None}
    for name in ONE_LINE:
        out[name] = one_line(plain(str(raw.get(name) or ""))) or None
    out["rights"] = one_line(plain(str(raw.get("rights") or ""))) or None
    return out


def _strings(value: Any) -> list[str]:
    """Read one name or several: a list, or a string."""
    items: Iterable[Any] = value if isinstance(value, (list, tuple)) else [value]
    texts = (one_line(plain(str(item))) for item in items if isinstance(item, (str, int)))
    return [text for text in texts if text]


def _tags(value: Any) -> tuple[str, ...]:
    """Keep each tag once; case, Unicode form and runs of spaces make no new tag."""
    if isinstance(value, str):
        value = re.split(r"[,;]", value)
    elif isinstance(value, (list, tuple)):
        value = [item.get("name") if isinstance(item, Mapping) else item for item in value]
    unique = {fold(name): name for name in reversed(_strings(value)) if fold(name)}
    return tuple(reversed(unique.values()))


def _people(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, (list, tuple)) else [value]
    people = []
    for item in items:
        person = dict(item) if isinstance(item, Mapping) else {"name": item}
        name = one_line(plain(str(person.get("name") or "")))
        if name:
            fields = {key: person[key] for key in ("role", "url", "email") if person.get(key)}
            people.append({"name": name, **fields})
    return people


def _media(name: str, value: Any, base: str) -> list[dict[str, Any]]:
    items = value if isinstance(value, (list, tuple)) else [value]
    found: dict[str, dict[str, Any]] = {}
    for item in items:
        media = {"url": item} if isinstance(item, str) else dict(item or {})
        if not media.get("url"):
            continue
        try:
            # Signed addresses break when a parameter is missing: made absolute, otherwise untouched.
            media["url"] = urljoin(base, str(media["url"]).strip())
        except ValueError as error:
            raise _FieldError(name, f"{media['url']!r} is not an address: {error}") from error
        media["media_type"] = media.get("media_type") or media_type_of(media["url"])
        for key in ("caption", "credit"):
            media[key] = one_line(plain(str(media.get(key) or ""))) or None
        found.setdefault(media["url"], media)
    return list(found.values())
