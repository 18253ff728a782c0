"""Every source, alone: three lines in a REPL, against files and against a real HTTP server.

from sources.sitemaps.source import Sitemap
from sources.source import Site
list(Sitemap("https://news.example/sitemap.xml").read(Site("https://news.example/", "news.example,2005")))
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feeds.source_settings import KINDS
from sources.apis.ghost import Ghost
from sources.apis.wordpress import WordPress
from sources.article import Article
from sources.database import Database
from sources.feed import Feed
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.inbox import Inbox
from sources.listings.source import Listing
from sources.location import Location
from sources.sitemaps.source import Sitemap
from sources.source import Rejected, Site, Source, Visited

SITE = Site("https://kabarteluk.example/", "kabarteluk.example,2005", "id", ZoneInfo("Asia/Jakarta"))
QUICK = Fetcher(FetchSettings(pause=0))

# What lies in files: the sample's path, and how many articles are in it.
FILES = {
    "JSON Lines": ("json/cms.jsonl", 4),
    "ninjs 3.1": ("json/ninjs-3.1.json", 1),
    "ninjs 2.1": ("json/ninjs-2.1.json", 1),
    "JSON Feed": ("json/json-feed.json", 2),
    "schema.org": ("json/schema-org.json", 1),
    "CSV": ("tables/cms.csv", 2),
    "Markdown": ("markdown/jekyll", 2),
    "HTML page": ("pages/json_ld.html", 1),
    "page's text": ("dumps/genpi_layout.txt", 1),
    "RSS 2.0": ("feeds/rss-2.0.xml", 3),
    "RSS 1.0": ("feeds/rss-1.0.rdf", 1),
    "Atom 1.0": ("feeds/atom-1.0.xml", 2),
    "WordPress export": ("wordpress/export-1.2.xml", 5),
}
STORY = """<!doctype html><html lang="id"><head><title>{title}</title>
<meta property="article:published_time" content="2024-10-{day}T12:40:00+07:00"></head>
<body><article><h1>{title}</h1><div itemprop="articleBody"><p>Nelayan di Teluk Serindit menunda melaut karena
gelombang setinggi dua meter, kata kepala pelabuhan kepada Kabar Teluk.</p><p>Pelabuhan buka lagi lusa, bila
cuaca membaik, dan harga ikan diperkirakan turun sesudahnya.</p></div></article></body></html>"""


def told(source: Source) -> tuple[list[Article], list[Rejected], list[Visited]]:
    """Read a source to its end: its articles, its rejections, its visits."""
    items = list(source.read(SITE, {}))
    articles = [item for item in items if isinstance(item, Article)]
    assert all(article.source == source.name for article in articles)
    rejected = [item for item in items if isinstance(item, Rejected)]
    return articles, rejected, [item for item in items if isinstance(item, Visited)]


@pytest.mark.parametrize("name", FILES)
def test_a_sample_of_every_kind_from_a_file(samples: Path, name: str) -> None:
    """Its articles, and nothing rejected."""
    path, count = FILES[name]
    articles, _, visits = told(Location(str(samples / path)))
    assert len(articles) == count
    assert all(visit.status == 200 for visit in visits)
    assert all(article.title and (article.content or article.summary) for article in articles)


@pytest.mark.parametrize("name", [name for name in FILES if name != "Markdown"])
def test_a_sample_of_every_kind_from_a_server(samples: Path, server: tuple[str, Path], name: str) -> None:
    """The same articles, whatever the server calls the file, and one visit to remember."""
    path, count = FILES[name]
    address, folder = server
    shutil.copy(samples / path, folder / "berkas")
    articles, _, visits = told(Location(f"{address}/berkas", fetcher=QUICK))
    assert (len(articles), [visit.status for visit in visits]) == (count, [200])
    again = Location(f"{address}/berkas", fetcher=QUICK).read(SITE, {v.url: v.remembered for v in visits})
    assert [item.status for item in again if isinstance(item, Visited)] == [304]


@pytest.fixture
def newspaper(server: tuple[str, Path], samples: Path) -> str:
    """A server with two stories, found by a sitemap, a tag page, a feed and two APIs. Its address."""
    address, folder = server
    for day in (28, 29):
        (folder / "berita").mkdir(exist_ok=True)
        title = f"Ombak tinggi menahan nelayan pada hari ke {day}"
        (folder / "berita" / f"ombak-tinggi-menahan-nelayan-{day}").write_text(
            STORY.format(title=title, day=day)
        )
    links = [f"{address}/berita/ombak-tinggi-menahan-nelayan-{day}" for day in (28, 29)]
    (folder / "sitemap.xml").write_text(
        "<urlset>" + "".join(f"<url><loc>{link}</loc></url>" for link in links) + "</urlset>"
    )
    items = "".join(
        f'<li><h3><a href="{link}">Ombak tinggi menahan nelayan di teluk</a></h3></li>' for link in links
    )
    (folder / "tag.html").write_text(f"<html><body><main><ul>{items}</ul></main></body></html>")
    (folder / "wp-json/wp/v2").mkdir(parents=True)
    post = json.loads((samples / "apis" / "wordpress-post.json").read_text("utf-8"))
    (folder / "wp-json/wp/v2/posts").write_text(json.dumps([post]))
    (folder / "ghost/api/content/posts").mkdir(parents=True)
    shutil.copy(samples / "apis" / "ghost-posts.json", folder / "ghost/api/content/posts/index.html")
    shutil.copy(samples / "feeds" / "atom-1.0.xml", folder / "atom.xml")
    return address


REMOTE: dict[str, Callable[[str], Source]] = {
    "sitemap": lambda address: Sitemap(f"{address}/sitemap.xml", fetcher=QUICK),
    "sitemap, not said to be one": lambda address: Location(f"{address}/sitemap.xml", fetcher=QUICK),
    "listing": lambda address: Listing(f"{address}/tag.html", fetcher=QUICK),
    "feed": lambda address: Feed(f"{address}/atom.xml", fetcher=QUICK),
    "WordPress": lambda address: WordPress(address, fetcher=QUICK),
    "Ghost": lambda address: Ghost(address, "0123456789abcdef0123456789", fetcher=QUICK),
    "one page": lambda address: Location(f"{address}/berita/ombak-tinggi-menahan-nelayan-28", fetcher=QUICK),
}


@pytest.mark.parametrize("name", REMOTE)
def test_every_source_of_the_web(newspaper: str, name: str) -> None:
    """Articles come, nothing is rejected, and every address leaves something to remember."""
    articles, rejected, visits = told(REMOTE[name](newspaper))
    assert articles
    assert rejected == []
    assert all(visit.status == 200 for visit in visits)
    assert visits


def test_a_database(tmp_path: Path) -> None:
    """One SELECT."""
    db = sqlite3.connect(tmp_path / "cms.db")
    db.execute("CREATE TABLE berita (judul TEXT, isi TEXT, terbit TEXT)")
    db.execute("INSERT INTO berita VALUES ('Ombak', '<p>Tinggi.</p>', '2024-10-28 12:40')")
    db.commit()
    db.close()
    select = "SELECT judul AS title, isi AS content, terbit AS published FROM berita"
    articles, rejected, _ = told(Database(f"sqlite:///{tmp_path}/cms.db", select))
    assert ([article.title for article in articles], rejected) == (["Ombak"], [])


def test_an_inbox(samples: Path, tmp_path: Path) -> None:
    """A folder that files are dropped in."""
    (tmp_path / "masuk").mkdir()
    shutil.copy2(samples / "json" / "ninjs-3.1.json", tmp_path / "masuk")
    articles, _, visits = told(Inbox("masuk", base=tmp_path))
    assert (len(articles), [visit.url for visit in visits]) == (1, ["ninjs-3.1.json"])


def test_every_source_there_is_stands_here() -> None:
    """Who adds a kind of source to the settings adds it to this page."""
    tested = {"path", "feed", "sitemap", "listing", "wordpress", "ghost", "sql", "inbox"}
    assert set(KINDS) - {"class"} == tested  # "class" has tests/test_add_a_source.py
