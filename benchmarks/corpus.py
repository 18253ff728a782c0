"""A newsroom made up from a seed: articles of 3 to 5 kB, not all ASCII, with tags as uneven as real ones."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

URL = "https://news.example/"
SETTINGS = f"""\
[site]
url = "{URL}"
title = "Kabar Contoh"
language = "id"
[feeds]
formats = ["rss", "atom"]
[[source]]
path = "articles.jsonl"
every = "1d"
"""
SYLLABLES = (
    "ba ca da ga ja ka la ma na pa ra sa ta wa ya bu ku lu mu nu ru su tu ang eng ing ong é ü ñ".split()
)
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
SENTENCES = 20_000  # made once, and drawn from: a million articles are then a minute's work


def write_newsroom(
    folder: Path, articles: int, tags: int, seed: int = 1, *, settings: str = SETTINGS, desks: int = 0
) -> None:
    """Write settings and articles; see `records`."""
    (folder / "publish.toml").write_text(settings)
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as lines:
        for record in records(articles, tags, seed, desks=desks):
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def records(
    articles: int, tags: int, seed: int = 1, *, first: int = 0, desks: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield articles, a minute apart. Of n tags, the k-th stands on 1/k as many as the first (Zipf).

    first  the number of the first one, which its address and its date come from
    desks  how many sections there are, and authors; 0: articles name none
    """
    chance = random.Random(seed)  # noqa: S311 - it shall be the same every time
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(5000)]
    sentences = [" ".join(chance.choices(words, k=chance.randint(6, 14))) for _ in range(SENTENCES)]
    sentences = [f"{sentence.capitalize()}." for sentence in sentences]
    weights = list(accumulate(1 / rank for rank in range(1, tags + 1)))
    for number in range(first, first + articles):
        paragraphs = (" ".join(chance.choices(sentences, k=chance.randint(5, 8))) for _ in range(7))
        desk = number % desks if desks else None
        byline = {} if desk is None else {"section": f"rubrik {desk}", "authors": [f"penulis {desk}"]}
        yield {
            "url": f"{URL}berita/{number}",
            "title": " ".join(chance.choices(words, k=8)).capitalize(),
            "content": "".join(f"<p>{text}</p>" for text in paragraphs),
            "published": (FIRST + timedelta(minutes=number)).isoformat(),
            "tags": sorted({f"tema {n}" for n in chance.choices(range(tags), cum_weights=weights, k=4)}),
            **byline,
        }
