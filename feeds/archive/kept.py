"""Kept: an article as the archive keeps it, as JSON without what is at its default."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

from sources.article import Article, DateBasis, Media, Person


def dump(article: Article) -> str:
    """Write an article as the archive keeps it."""
    return article.model_dump_json(exclude_defaults=True)


def digest(data: str) -> bytes:
    """Return what two equal dumps share."""
    return blake2b(data.encode(), digest_size=16).digest()


def load(data: str, source: str = "") -> Article:
    """Read what `dump` wrote, in a fifth of the time that it takes to validate it: it was when it came."""
    fields = json.loads(data)
    for name in fields.keys() & READERS.keys():
        fields[name] = READERS[name](fields[name])
    return _blank().model_copy(update={**fields, "source": source})


@cache
def _blank() -> Article:
    epoch = datetime.fromtimestamp(0, UTC)
    return Article(id="tag:blank,2000:", title="-", published=epoch, updated=epoch, modified=epoch)


def _people(found: list[Mapping[str, Any]]) -> tuple[Person, ...]:
    return tuple(_person(*fields.items()) for fields in found)


@lru_cache(maxsize=1024)  # many articles share a byline
def _person(*fields: tuple[str, Any]) -> Person:
    return Person.model_construct(**dict(fields))


def _media(found: list[Mapping[str, Any]]) -> tuple[Media, ...]:
    return tuple(Media.model_construct(**fields) for fields in found)


# Of each field that JSON has no type for.
READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("published", "updated", "modified", "embargoed_until", "expires"), datetime.fromisoformat
    ),
    **dict.fromkeys(("tags", "alternate_ids"), tuple),
    **dict.fromkeys(("images", "enclosures"), _media),
    "authors": _people,
    "date_basis": lambda fields: DateBasis.model_construct(**fields),
}
