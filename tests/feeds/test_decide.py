"""Which dates an article keeps when it comes again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feeds.archive.decide import under_kept_identity
from sources.article import Article

MakeArticle = Callable[..., Article]
FETCHED = datetime(2024, 10, 28, 18, 30, tzinfo=UTC)


def dates(article: Article) -> tuple[Any, ...]:
    """Return an article's dates and how they were known."""
    return article.published, article.updated, article.modified, article.date_basis


def test_a_relative_date_is_given_once(make_article: MakeArticle) -> None:
    """`2 jam lalu` read again an hour later is another moment, but the article keeps its first."""
    kept = make_article(published="2 jam lalu", fetched=FETCHED)
    again = make_article(published="3 jam lalu", fetched=FETCHED + timedelta(minutes=70), title="Ombak reda")
    article = under_kept_identity(again, kept)
    assert dates(article) == dates(kept)
    assert article.title == "Ombak reda"


def test_a_relative_change_is_given_once(make_article: MakeArticle) -> None:
    """Where only the change is relative, it too keeps the moment it was first given."""
    kept = make_article(updated="2 jam lalu", fetched=FETCHED)
    again = make_article(updated="3 jam lalu", fetched=FETCHED + timedelta(minutes=70))
    assert dates(under_kept_identity(again, kept)) == dates(kept)


@pytest.mark.parametrize(
    "fields", [{"updated": "2024-10-29T08:00:00+07:00"}, {"published": "2024-10-27T08:00:00+07:00"}]
)
def test_a_stated_date_replaces_one_that_was_counted(
    fields: dict[str, str], make_article: MakeArticle
) -> None:
    """A better date is taken."""
    kept = make_article(updated="2 jam lalu", fetched=FETCHED)
    again = make_article(**{"updated": "1 jam lalu", "fetched": FETCHED, **fields})
    assert dates(under_kept_identity(again, kept)) == dates(again)
