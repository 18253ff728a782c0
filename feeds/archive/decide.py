"""What becomes of an article that arrives: pure functions of the one kept and the one that came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from feeds.archive.values import Stored
from sources.article import Article

Standing = Literal["same", "ahead", "behind", "rival"]


def under_kept_identity(incoming: Article, kept: Article) -> Article:
    """Give an article that came again the id it has for life, and the dates that are only ours."""
    update: dict[str, object] = {"id": kept.id}
    if _keeps_its_dates(incoming, kept):
        update |= {name: getattr(kept, name) for name in ("published", "updated", "modified", "date_basis")}
    return incoming.model_copy(update=update)


def _keeps_its_dates(incoming: Article, kept: Article) -> bool:
    """Are these dates counted from our visit? `2 jam lalu` would give another date at every one."""
    basis = incoming.date_basis
    if basis.published in ("first-seen", "relative"):
        return True
    is_counted = "relative" in (basis.updated, basis.modified)
    return is_counted and (incoming.published, basis) == (kept.published, kept.date_basis)


def standing(kept: str, incoming: str, priorities: Mapping[str, int]) -> Standing:
    """Say how the source of an article that came stands to the source of the one kept.

    A source that is read no longer has no say against one that is.
    """
    if kept == incoming or kept not in priorities:
        return "same"
    ahead = priorities.get(incoming, 0) - priorities[kept]
    return "rival" if ahead == 0 else "ahead" if ahead > 0 else "behind"


def is_redated(kept: Article, incoming: Article) -> bool:
    """Do two versions differ in the date of publication, and say nothing of when they were changed?"""
    basis = kept.date_basis
    is_silent = kept.modified == kept.published or basis.modified == "first-seen"
    return is_silent and incoming.modified == incoming.published and incoming.published < kept.published


def decide(
    kept: datetime, incoming: datetime, standing: Standing, seen_before: bool, now: datetime
) -> Stored:
    """Say whether a differing version replaces the one kept, by when each changed as its source says.

    Of two sources that have a story, the one ahead wins, of equals the later change.
    seen_before: this run already met the article: of two records with one id the newer wins, else the
    first. From an earlier run an older version is not taken back, unless the one kept claims to come
    from the future: then its date was wrong, and this is the correction.
    """
    if standing == "ahead":
        return "changed"
    if standing == "behind":
        return "elsewhere"
    if standing == "rival":
        return "changed" if incoming > kept else "elsewhere"
    if seen_before:
        return "changed" if incoming > kept else "duplicate"
    if incoming < kept <= now:
        return "older"
    return "changed"
