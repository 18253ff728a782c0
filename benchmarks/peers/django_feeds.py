"""The feeds of tags by Django's feedgenerator, with an element for the whole story.

python django_feeds.py articles.jsonl FOLDER
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

URL = "https://news.example/"


class Rss(Rss201rev2Feed):  # type: ignore[misc]  # Django's way: an element more is a method overridden
    """RSS with content:encoded."""

    def rss_attributes(self) -> dict[str, str]:
        """Name the namespace."""
        return {**super().rss_attributes(), "xmlns:content": "http://purl.org/rss/1.0/modules/content/"}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the story."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])


class Atom(Atom1Feed):  # type: ignore[misc]  # likewise
    """Atom with content."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Add the story."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def main(source: str, out: str) -> None:
    """Write the newest 50 articles of each tag."""
    by_tag = defaultdict(list)
    with Path(source).open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    for article in articles:
        article["published"] = datetime.fromisoformat(article["published"])
    for article in sorted(articles, key=lambda article: article["published"], reverse=True):
        for tag in article["tags"]:
            by_tag[tag].append(article)
    for tag, found in by_tag.items():
        folder = Path(out) / "tags" / tag.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / "rss.xml", Rss, tag, found[:50])
        write(folder / "atom.xml", Atom, tag, found[:50])


def write(path: Path, kind: Any, tag: str, articles: list[dict[str, Any]]) -> None:
    """Write one feed."""
    page = f"{URL}tags/{path.parent.name}/"
    feed = kind(tag, page, tag, language="id", author_name="News", feed_url=page + path.name)
    for article in articles:
        feed.add_item(
            title=article["title"],
            link=article["url"],
            description=None,
            unique_id=article["url"],
            pubdate=article["published"],
            updateddate=article["published"],
            categories=article["tags"],
            content=article["content"],
        )
    with path.open("w", encoding="utf-8") as file:
        feed.write(file, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
