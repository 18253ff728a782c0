"""Incoming: an article on its way into the archive, with all that is asked of it there worked out before."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from feeds.archive.kept import digest, dump, load
from feeds.archive.terms import names_of
from sources.article import Article


class Incoming(NamedTuple):
    """What the archive keeps of an article, and finds it by. Moments are seconds since 1970.

    names     that lead to it whatever it says: its id, ids it had elsewhere, the file that it came from
    terms     (kind, name) of what it belongs to
    data      the article as JSON (feeds.archive.kept); digest: what two equal ones share
    cleaned   how many forbidden characters were taken out of its text
    record    what stands for the record that gave it, in its file; empty: it is not known one by one
    """

    names: tuple[str, ...]
    url: str | None
    terms: tuple[tuple[str, str], ...]
    id: str
    published: int
    updated: int
    modified: int
    status: str
    embargoed_until: int | None
    expires: int | None
    digest: bytes
    source: str
    data: str
    position: str = ""
    cleaned: int = 0
    record: bytes = b""

    @property
    def keys(self) -> tuple[str, ...]:
        """Return all that it is known as."""
        return (*self.names, self.url) if self.url else self.names

    def article(self) -> Article:
        """Return the article itself."""
        return load(self.data, self.source).model_copy(update={"position": self.position})


def incoming(article: Article, record: bytes = b"") -> Incoming:
    """Work out what the archive asks of an article."""
    data = dump(article)
    return Incoming(
        tuple(filter(None, (article.id, *article.alternate_ids, article.origin))),
        article.url,
        tuple(names_of(article)),
        article.id,
        _seconds(article.published),
        _seconds(article.updated),
        _seconds(article.modified),
        article.status,
        _seconds(article.embargoed_until) if article.embargoed_until else None,
        _seconds(article.expires) if article.expires else None,
        digest(data),
        article.source,
        data,
        article.position,
        article.cleaned,
        record,
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
