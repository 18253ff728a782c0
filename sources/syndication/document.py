"""Document: a feed as it was fetched: its entries, one by one, and the address of the older ones."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from sources.http.values import Fetched, FetchError
from sources.kinds import SNIFF
from sources.records.reader import Unreadable, is_json, read_records
from sources.records.translate import translate
from sources.records.values import parse
from sources.xml.feeds import is_feed, older_document, read_feed

Entries = Iterator[tuple[str, dict[str, Any] | Unreadable]]


@dataclass(frozen=True, slots=True)
class Link:
    """The way to the document with older entries.

    is_archive  what lies there never changes (RFC 5005, section 4); else it is a page, on which entries
                move on as new ones come (section 3)
    """

    url: str
    is_archive: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A feed's document. Its entries are read as they are asked for, once."""

    entries: Entries
    older: Link | None


def read_document(fetched: Fetched) -> Document:
    """Read RSS, Atom or JSON Feed (1.0, 1.1). Raises FetchError for what is none of them."""
    head = fetched.body[:SNIFF]
    if is_feed(head):
        found = older_document(fetched.body, fetched.url)
        charset = f"{fetched.media_type}; charset={fetched.charset}" if fetched.charset else None
        return Document(read_feed(fetched.body, fetched.url, charset), Link(*found) if found else None)
    if is_json(head):
        return _json_feed(fetched)
    raise FetchError(f"{fetched.url}: {_what_it_is(fetched)}", fetched.status)


def _what_it_is(fetched: Fetched) -> str:
    kind = fetched.media_type or "something unnamed"
    return f"no feed but {kind}; name the address of the feed itself"


def _json_feed(fetched: Fetched) -> Document:
    try:
        feed = parse(fetched.body.decode("utf-8-sig", "replace"))
    except ValueError as error:
        raise FetchError(f"{fetched.url}: {error}", fetched.status) from error
    if not isinstance(feed, Mapping) or not isinstance(feed.get("items"), list):
        raise FetchError(f"{fetched.url}: JSON, but no JSON Feed; read it as a path", fetched.status)
    older = feed.get("next_url")
    link = _absolute(older, fetched.url) if isinstance(older, str) and older else None
    return Document(_json_entries(fetched.body, feed), Link(link, False) if link else None)


def _json_entries(body: bytes, feed: Mapping[str, Any]) -> Entries:
    """Give a JSON Feed's items; its authors and its language are theirs where they name none."""
    inherited = translate({name: feed.get(name) for name in ("authors", "author", "language")})
    inherited |= {"publisher": feed.get("title")}
    for place, item in read_records(io.BytesIO(body)):
        yield place, item if isinstance(item, Unreadable) else {**inherited, **translate(item)}


def _absolute(url: str, base: str) -> str | None:
    try:
        found = urljoin(base, url)
    except ValueError:
        return None
    return found if found.startswith(("http://", "https://")) else None


def key_of(raw: Mapping[str, Any]) -> str:
    """Return what two versions of one entry share, short enough to remember thousands of."""
    named = raw.get("id") or raw.get("url") or [raw.get("title"), raw.get("published")]
    return digest(named)[:12]


def digest(value: Any) -> str:
    """Return what equal values share; those of a record are text, numbers, lists and mappings."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
