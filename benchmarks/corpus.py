"""A newsroom made up from a seed: articles of 3 to 5 kB, not all ASCII, with tags as uneven as real ones."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

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


def write_newsroom(folder: Path, articles: int, tags: int, seed: int = 1) -> None:
    """Write settings and articles. Of n tags, the k-th stands on 1/k as many articles as the first (Zipf)."""
    chance = random.Random(seed)  # noqa: S311 - it shall be the same every time
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))) for _ in range(5000)]
    weights = list(accumulate(1 / rank for rank in range(1, tags + 1)))
    (folder / "publish.toml").write_text(SETTINGS)
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(articles):
            paragraphs = (" ".join(chance.choices(words, k=chance.randint(50, 80))) for _ in range(7))
            record = {
                "url": f"{URL}berita/{number}",
                "title": " ".join(chance.choices(words, k=8)).capitalize(),
                "content": "".join(f"<p>{text.capitalize()}.</p>" for text in paragraphs),
                "published": (FIRST + timedelta(minutes=number)).isoformat(),
                "tags": sorted({f"tema {n}" for n in chance.choices(range(tags), cum_weights=weights, k=4)}),
            }
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
