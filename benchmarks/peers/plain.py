"""The feeds of tags by pydantic and feedgen: a model, a FeedGenerator for each tag, rss_file and atom_file.

python plain.py articles.jsonl FOLDER
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from feedgen.feed import FeedGenerator
from pydantic import BaseModel

URL = "https://news.example/"


class Article(BaseModel):
    """A line of the input."""

    url: str
    title: str
    content: str
    published: datetime
    tags: list[str]


def main(source: str, out: str) -> None:
    """Write the newest 50 articles of each tag."""
    by_tag = defaultdict(list)
    with Path(source).open(encoding="utf-8") as lines:
        articles = [Article.model_validate_json(line) for line in lines]
    for article in sorted(articles, key=lambda article: article.published, reverse=True):
        for tag in article.tags:
            by_tag[tag].append(article)
    for tag, found in by_tag.items():
        write(Path(out), tag, found[:50])


def write(out: Path, tag: str, articles: list[Article]) -> None:
    """Write one tag's two feeds."""
    slug = tag.replace(" ", "-")
    folder = out / "tags" / slug
    folder.mkdir(parents=True, exist_ok=True)
    page = f"{URL}tags/{slug}/"
    feed = FeedGenerator()
    feed.id(page)
    feed.title(tag)
    feed.description(tag)
    feed.link(href=f"{page}rss.xml", rel="self")
    feed.link(href=page)
    feed.author(name="News")
    feed.language("id")
    feed.updated(articles[0].published)
    for article in articles:
        entry = feed.add_entry(order="append")
        entry.id(article.url)
        entry.title(article.title)
        entry.link(href=article.url)
        entry.published(article.published)
        entry.updated(article.published)
        entry.content(article.content, type="html")
        for name in article.tags:
            entry.category(term=name)
    feed.rss_file(str(folder / "rss.xml"))
    feed.atom_file(str(folder / "atom.xml"))


if __name__ == "__main__":
    main(*sys.argv[1:])
