"""Kept: what the archive reads back of an article is what it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feeds.archive.kept import READERS, dump, load
from sources.article import Article
from sources.location import Location
from sources.source import Site

# Every field, none of them at its default.
WHOLE = {
    "id": "tag:n.example,2024:1",
    "url": "https://n.example/1",
    "title": "Ombak",
    "summary": "Dua meter",
    "content": '<p>Ombak "dua" meter\u2028</p>',
    "published": "2024-10-28T12:40:00+07:00",
    "updated": "2024-10-28T06:40:00Z",
    "modified": "2024-10-28T14:40:00+07:00",
    "date_basis": {"published": "assumed", "updated": "relative"},
    "authors": [{"name": "A", "role": "editor", "url": "https://n.example/a", "email": "a@n.example"}],
    "publisher": "N",
    "tags": ["nelayan", "Cuaca"],
    "section": "Kabar",
    "language": "id",
    "images": [{"url": "https://n.example/1.jpg", "width": 1, "height": 2, "caption": "C", "credit": "D"}],
    "enclosures": [
        {"url": "https://n.example/1.mp3", "media_type": "audio/mpeg", "length": 3, "duration": 4}
    ],
    "credit": "AP",
    "rights": "R",
    "comments_url": "https://n.example/1#c",
    "status": "withheld",
    "embargoed_until": "2024-11-28T12:40:00+07:00",
    "expires": "2025-10-28T12:40:00+07:00",
    "alternate_ids": ["lama"],
}
UNSAID = {"source", "position", "cleaned", "origin", "found", "cut"}  # of how it was read


def test_every_field_comes_back_as_what_it_was() -> None:
    """Of the same types, as validation would have it; and written again it is the same to the letter."""
    assert WHOLE.keys() == Article.model_fields.keys() - UNSAID
    article = Article.model_validate(WHOLE)
    found = load(dump(article), "berkas")
    assert found == article.model_copy(update={"source": "berkas"})
    assert dump(found) == dump(article)
    for field in WHOLE:
        assert type(getattr(found, field)) is type(getattr(article, field)), field


@pytest.mark.parametrize("field", READERS)
def test_a_field_left_as_json_has_it_would_be_seen(field: str) -> None:
    """The control: what that test compares differs by each field that JSON has no type for."""
    article = Article.model_validate(WHOLE)
    as_json = json.loads(dump(article))[field]
    assert article.model_copy(update={field: as_json}) != article


def test_every_sample_comes_back_as_validation_reads_it(samples: Path, site: Site) -> None:
    """Whatever sources make of files, loading it gives what validating it would."""
    found: list[Any] = [item for item in Location(str(samples)).read(site) if isinstance(item, Article)]
    assert len(found) > 100
    for article in found:
        assert load(dump(article)) == Article.model_validate_json(dump(article))
