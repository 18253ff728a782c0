"""What becomes of an article that arrives: pure functions of the one kept and the one that came."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from feeds.archive.archive import Stored
from sources.article import Article


def dump(article: Article) -> str:
    """Write an article as the archive keeps it: JSON, without what is at its default."""
    return article.model_dump_json(exclude_defaults=True)


def digest(data: str) -> bytes:
    """Return what two equal dumps share."""
    return blake2b(data.encode(), digest_size=16).digest()


def under_kept_identity(incoming: Article, kept: Article) -> Article:
    """Give an article that came again the id it has for life, and the date it was first seen."""
    update: dict[str, object] = {"id": kept.id}
    if incoming.date_basis.published == "first-seen":
        update |= {name: getattr(kept, name) for name in ("published", "updated", "modified", "date_basis")}
    return incoming.model_copy(update=update)


def decide(kept: Article, incoming: Article, seen_before: bool, now: datetime) -> Stored:
    """Say whether a differing version replaces the one kept.

    seen_before: this run already met the article: of two records with one id the newer wins, else the
    first. From an earlier run an older version is not taken back, unless the one kept claims to come
    from the future: then its date was wrong, and this is the correction.
    """
    if seen_before:
        return "changed" if incoming.modified > kept.modified else "duplicate"
    if incoming.modified < kept.modified <= now:
        return "older"
    return "changed"
