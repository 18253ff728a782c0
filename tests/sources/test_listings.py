"""Tag and section pages of every layout give the articles they list, and nothing else on the page."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.article import Article
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.listings.links import Listed, article_links
from sources.listings.paging import next_listing
from sources.listings.source import Listing
from sources.pages.tree import decode, parse
from sources.source import Rejected, Site, SourceError, Visited

SAMPLES = Path(__file__).parents[1] / "samples" / "listings"
SECONDS = 60.0  # that a hostile page may take on a slow machine; quadratic time takes minutes

# For each sample: its address, the articles it lists, in order, and the page after it.
EXPECTED: dict[str, tuple[str, list[str], str]] = {
    "wordpress": (
        "https://kabarselat.example/tag/nelayan/",
        ["2024/11/12/harga-rajungan-naik/", "2024/11/10/perahu/", "2024/11/02/jaring-tua-dijahit-lagi/"],
        "page/2/",
    ),
    "cards": (
        "https://gazette.example/topics/harbour",
        [
            "news/1007/harbour-wall-holds-through-the-storm",
            "news/1005/ferry-timetable-changes-on-monday",
            "news/1004/lifeboat-crew-wins-county-prize",
            "news/1001/eels-return-to-the-old-dock",
        ],
        "?page=2",
    ),
    "portal": (
        "https://www.lontarpos.example/tag/jembatan-bambu",
        [
            "news/warga-kampung-lontar-bangun-jembatan-bambu",
            "daerah/bambu-petung-dari-lereng-sunyi-laris",
            "news/anak-sekolah-tak-lagi-naik-rakit",
        ],
        "?page=2",
    ),
    "sister_hosts": (
        "https://www.wartapadu.example/tag/kereta-gunung?sort=desc",
        [
            "https://nusa.wartapadu.example/read/2024/11/18/071500178/kereta-gunung-mulai-diuji-coba",
            "https://uang.wartapadu.example/read/2024/11/17/190000226/tiket-kereta-gunung-dijual-bulan-depan",
            "https://nusa.wartapadu.example/read/2024/11/15/101010178/stasiun-puncak-dicat-warna-jeruk",
        ],
        "&page=2",
    ),
    "ghost": (
        "https://hillside.example/tag/bees/",
        ["queen-of-the-north-hive/", "swarm/", "heather-honey-is-early/"],
        "page/2/",
    ),
    "plain": (
        "http://serai.example/weekly/",
        ["weekly/library.html", "weekly/strait.html", "weekly/clove.html"],
        "index2.html",
    ),
}


def links(html: str | bytes, url: str = "https://situs.example/tag/laut", pattern: str = "") -> list[Listed]:
    """Return what a page lists."""
    root = parse(html if isinstance(html, str) else decode(html))
    return [] if root is None else article_links(root, url, re.compile(pattern) if pattern else None)


def urls(html: str | bytes, url: str = "https://situs.example/tag/laut", pattern: str = "") -> list[str]:
    """Return the addresses that a page lists."""
    return [listed.url for listed in links(html, url, pattern)]


def onward(html: str, url: str = "https://situs.example/tag/laut", number: int = 2) -> str | None:
    """Return the page after a page."""
    root = parse(html)
    assert root is not None
    return next_listing(root, url, number)


def entry(number: int) -> str:
    """Write a list's entry."""
    return f'<li><h3><a href="/berita/{number:04}/ombak-tinggi">Ombak tinggi hari ke {number}</a></h3></li>'


@pytest.mark.parametrize("name", EXPECTED)
def test_the_articles_of_each_layout(name: str) -> None:
    """All that is listed, in order, once; no menu, popular story, tag, author, comment, footer."""
    url, expected, _ = EXPECTED[name]
    origin = "/".join(url.split("/")[:3])
    found = urls((SAMPLES / f"{name}.html").read_bytes(), url)
    assert found == [path if "://" in path else f"{origin}/{path}" for path in expected]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_next_page_of_each_layout(name: str) -> None:
    """It is found by rel=next, by its number, or by what its link says."""
    url, _, expected = EXPECTED[name]
    assert onward((SAMPLES / f"{name}.html").read_text("utf-8"), url) == f"{url}{expected}"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wordpress", "Lampu Suar"),
        ("cards", "Mayor loses hat"),
        ("portal", "Lomba Egrang"),
        ("sister_hosts", "Pohon Beringin"),
    ],
)
def test_a_box_of_popular_stories_without_its_marks_would_be_a_list(name: str, words: str) -> None:
    """The controls are real: their links look like articles, and lie outside the list for their box alone."""
    html = (SAMPLES / f"{name}.html").read_text("utf-8")
    href = re.search(rf'href="([^"]+)"[^>]*>(?:<h4>)?{words}', html)
    assert href is not None
    url = EXPECTED[name][0]
    address = href[1] if "://" in href[1] else "/".join(url.split("/")[:3]) + href[1]
    alone = f'<ul><li><h3><a href="{address}">{words} lagi sekali</a></h3></li></ul>'
    assert urls(alone, url) == [address]


def test_what_stands_beside_a_link_is_a_hint() -> None:
    """Headline and date go along, from the entry alone; a button's words are no headline."""
    found = links((SAMPLES / "cards.html").read_bytes(), EXPECTED["cards"][0])
    assert found[1].hints == {"title": "Ferry timetable changes on Monday", "published": "13 November 2024"}
    assert found[3].hints == {"title": "Eels return to the old dock"}
    cut = '<li><h3><a href="/a/1234">Ombak tinggi menerjang dermaga dan…</a></h3></li>'
    assert links(f"<ul>{cut}</ul>")[0].hints == {}


def test_a_list_stated_in_json_ld_is_trusted_where_the_page_shows_another() -> None:
    """What is stated and cannot be seen was put there on purpose; sections in it are no articles."""
    script = (
        '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": ['
        '{"url": "/berita/9001/jaring-baru"}, {"url": "/ekonomi"}]}</script>'
    )
    assert urls(f"{script}<ul>{entry(1)}{entry(2)}</ul>") == ["https://situs.example/berita/9001/jaring-baru"]


def test_one_article_is_a_list_too() -> None:
    """A tag that was used once lists one article."""
    assert urls(f"<h1>laut</h1><ul>{entry(7)}</ul>") == ["https://situs.example/berita/0007/ombak-tinggi"]


def test_a_pattern_takes_the_place_of_the_guess() -> None:
    """Where it matches in the list, boxes beside it stay out; a list that looks like a box is still read."""
    page = '<p><a href="/x/1">Ombak</a> <a href="/y">Arus</a></p><aside><a href="/x/2">Pasang</a></aside>'
    assert urls(page) == []
    assert urls(page, pattern=r"/x/\d+$") == ["https://situs.example/x/1"]
    assert urls(page, pattern=r"/x/2$") == ["https://situs.example/x/2"]
    assert urls('<a href="https://lain.example/x/3">Surut</a>', pattern="/x/") == ["https://lain.example/x/3"]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Memuat…</p><script>muat()</script>",
        '<nav><li><a href="/ekonomi">Ekonomi</a></li><li><a href="/olahraga">Olahraga</a></li></nav>',
        '<div class="menu"><a href="/kirim-tulisan-anda-ke-redaksi">Kirim tulisan Anda ke redaksi</a></div>',
        '<a href="/tag/cuaca-laut-hari-ini">cuaca laut hari ini</a>',
        '<a href="https://lain.example/berita/1234/ombak-tinggi">Ombak tinggi di tempat lain</a>',
    ],
)
def test_a_page_without_a_list_gives_nothing(html: str) -> None:
    """Menus, tags and other sites are no list, even where there is nothing else."""
    assert urls(html) == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a href="?page=2">2</a>', "https://situs.example/tag/laut?page=2"),
        ('<a href="/tag/laut/page/2/">2</a>', "https://situs.example/tag/laut/page/2/"),
        ('<a href="/tag/laut/2">2</a>', "https://situs.example/tag/laut/2"),
        ('<a href="?p=2">2</a>', "https://situs.example/tag/laut?p=2"),
        ('<a href="?page=12">12</a><a href="?page=2">2</a>', "https://situs.example/tag/laut?page=2"),
        ('<a href="?mulai=20">Berikutnya</a>', "https://situs.example/tag/laut?mulai=20"),
        ('<a href="?c=x9" aria-label="Next"><svg></svg></a>', "https://situs.example/tag/laut?c=x9"),
        ('<a href="?c=x9">»</a>', "https://situs.example/tag/laut?c=x9"),
        ('<a href="?c=x9">Older posts</a>', "https://situs.example/tag/laut?c=x9"),
        ('<a href="?c=x9" rel="nofollow next">x</a>', "https://situs.example/tag/laut?c=x9"),
        ('<a href="#">Next</a>', None),
        ('<a href="/tag/laut#2">Next</a>', None),
        ('<a href="/tag/darat?page=2">Next</a>', None),
        ('<a href="/tag/lautan?page=2">2</a>', None),
        ('<a href="https://lain.example/tag/laut?page=2" rel="next">Next</a>', None),
        ('<a href="?page=3">3</a>', None),
        ('<a href="javascript:lagi()">Load more</a>', None),
    ],
)
def test_the_next_page(link: str, expected: str | None) -> None:
    """It is a page of the same listing on the same host, and another than this one."""
    assert onward(link) == expected


def test_the_page_after_a_numbered_page() -> None:
    """From the second page on, the number that counts is the one after the page's own."""
    pages = "".join(f'<a href="/tag/laut?page={number}">{number}</a>' for number in (1, 2, 3, 4))
    assert (
        onward(pages, "https://situs.example/tag/laut?page=2", 3) == "https://situs.example/tag/laut?page=3"
    )
    pages = "".join(f'<a href="/tag/2024/page/{number}/">{number}</a>' for number in (1, 2, 3))
    assert onward(pages, "https://situs.example/tag/2024/") == "https://situs.example/tag/2024/page/2/"


@pytest.mark.parametrize(
    "html",
    [
        entry(1) * 20_000,
        "".join(map(entry, range(40_000))),
        "<p>" + "".join(f'Kata <a href="/b/{n:05}">ombak</a>' for n in range(20_000)),
        "<div>" * 5_000 + entry(1) + '<div><a href="/berita/1234">a b c d</a>' * 5_000,
        "<ul>" + "<li><span>Terpopuler</span>" * 30_000 + entry(1),
        "<ul>" + '<li><a href="/b/{n}"><time>12 November 2024</time> x 2024</a>' * 10_000,
        "<a>" * 50_000 + "<b></b>" * 50_000,
        entry(1) + "<p>" + "x" * 10_000_000,
        entry(1) + "<i></i>" * 300_000,
        '<a href="/' + "a-" * 5_000_000 + '">Ombak tinggi di empat dermaga</a>',
    ],
    ids="same many sentence nested titles dates empty text elements address".split(),
)
def test_a_hostile_page_takes_no_longer_than_its_length(html: str) -> None:
    """Time stays linear: none of these keeps a run waiting."""
    start = time.monotonic()
    urls(html)
    root = parse(html)
    assert root is None or next_listing(root, "https://situs.example/tag/laut", 2) is None
    assert time.monotonic() - start < SECONDS


PIECES = st.sampled_from(
    [
        "<a href='/berita/1234/ombak-tinggi-sekali'>Ombak tinggi di empat dermaga</a>",
        "<a href='//[/'>",
        "<a href='http://\x00'>",
        "<a rel=bookmark href='http://situs.example:99999/x'>satu dua tiga empat",
        "<a href='mailto:a@b'>a b c d</a>",
        '<script type="application/ld+json">{"@type":["ItemList"],"itemListElement":[[1],{"item":2},"//["]}',
        "</script>",
        "<base href='http://['>",
        "<ul><li>",
        "<h2>Terpopuler",
        "<nav>",
        "</div>",
    ]
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=12).map("".join))
@settings(max_examples=150, deadline=None)
def test_nothing_in_a_page_is_too_odd(html: str) -> None:
    """Any text is read without an error, and gives absolute http(s) addresses, each once."""
    found = urls(html)
    assert all(re.match(r"https?://[^/]", url) for url in found)
    assert len(found) == len(set(found))
    root = parse(html)
    following = None if root is None else next_listing(root, "https://situs.example/tag/laut", 2)
    assert following is None or following.startswith("https://situs.example/tag/laut")


@dataclass
class Newsroom:
    """A site on loopback: pages by path, and what was asked for."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    address: str = ""

    def put_listing(self, path: str, numbers: range, following: str = "") -> None:
        """Put up a listing page, and the articles it lists."""
        more = f'<a rel="next" href="{following}">Next</a>' if following else ""
        self.pages[path] = f"<html><body><h1>laut</h1><ul>{''.join(map(entry, numbers))}</ul>{more}"
        for number in numbers:
            self.pages.setdefault(f"/berita/{number:04}/ombak-tinggi", story(number))

    def take_asked(self) -> list[str]:
        """Return what was asked for since the last time, without robots.txt, shortened."""
        taken = [path.removesuffix("/ombak-tinggi") for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return taken


def story(number: int, word: str = "dua") -> str:
    """Write an article's page, without a headline that the listing would have to lend."""
    return (
        f'<html><head><meta property="og:title" content="Ombak {number}">'
        '<meta property="article:published_time" content="2024-11-12T08:00:00+07:00"></head>'
        f'<body><article itemprop="articleBody"><p>Ombak setinggi {word} meter nomor {number}.</p></article>'
    )


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A running site that answers conditional requests."""
    found = Newsroom()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            found.asked.append(self.path)
            page = found.pages.get(self.path)
            etag = f'"{hash(page)}"'
            is_same = page is not None and self.headers.get("If-None-Match") == etag
            if is_same:
                found.unchanged.append(self.path)
            self.send_response(404 if page is None else 304 if is_same else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            body = b"" if page is None or is_same else page.encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Run:
    """What reading a listing gave."""

    articles: list[Article]
    rejected: list[Rejected]
    remembered: dict[str, str]
    visited: list[str]


def read(room: Newsroom, site: Site, remembered: dict[str, str] | None = None, **options: Any) -> Run:
    """Read a site's listing as a run does."""
    known = dict(remembered or {})
    with Fetcher(FetchSettings(pause=0)) as fetcher:
        source = Listing(f"{room.address}/tag/laut", fetcher=fetcher, **options)
        items = list(source.read(site, known))
    visits = [item for item in items if isinstance(item, Visited)]
    known.update({visit.url: visit.remembered for visit in visits})
    return Run(
        [item for item in items if isinstance(item, Article)],
        [item for item in items if isinstance(item, Rejected)],
        known,
        [visit.url.removeprefix(room.address) for visit in visits],
    )


def three_pages(room: Newsroom) -> None:
    """Put up a listing of three pages, two articles on each."""
    room.put_listing("/tag/laut", range(5, 7), "?page=2")
    room.put_listing("/tag/laut?page=2", range(3, 5), "?page=3")
    room.put_listing("/tag/laut?page=3", range(1, 3), "?page=4")
    room.put_listing("/tag/laut?page=4", range(0, 1))


def test_a_listing_is_followed_and_its_articles_are_read(room: Newsroom, site: Site) -> None:
    """Up to `pages` pages; every address is asked once and is one visit, which comes after what it gave."""
    three_pages(room)
    run = read(room, site, pages=3)
    assert [article.title for article in run.articles] == [f"Ombak {n}" for n in (2, 1, 4, 3, 6, 5)]
    asked = room.take_asked()
    assert "/tag/laut?page=4" not in asked
    assert set(Counter(asked).values()) == {1}
    assert sorted(path.removesuffix("/ombak-tinggi") for path in run.visited) == sorted(asked)
    assert run.visited[-3:] == ["/tag/laut", "/tag/laut?page=2", "/tag/laut?page=3"]
    assert run.rejected == []


def test_a_quiet_section_costs_its_first_page(room: Newsroom, site: Site) -> None:
    """With nothing new there, no further page is read; the first page's articles are asked conditionally."""
    three_pages(room)
    first = read(room, site)
    room.take_asked()
    room.unchanged.clear()
    second = read(room, site, first.remembered)
    assert sorted(room.take_asked()) == ["/berita/0005", "/berita/0006", "/tag/laut"]
    assert len(room.unchanged) == 2
    assert (second.articles, second.rejected) == ([], [])


def test_a_correction_on_the_first_page_is_seen(room: Newsroom, site: Site) -> None:
    """An article that was read before is read again when it has changed."""
    three_pages(room)
    first = read(room, site)
    room.pages["/berita/0005/ombak-tinggi"] = story(5, "tiga")
    second = read(room, site, first.remembered)
    assert [article.title for article in second.articles] == ["Ombak 5"]


def test_news_is_followed_to_where_it_was_left(room: Newsroom, site: Site) -> None:
    """As many pages are read as have news; what is known on further pages is not asked for."""
    three_pages(room)
    first = read(room, site)
    room.take_asked()
    room.put_listing("/tag/laut", range(7, 9), "?page=2")
    room.put_listing("/tag/laut?page=2", range(5, 7), "?page=3")
    second = read(room, site, first.remembered)
    assert sorted(article.title for article in second.articles) == ["Ombak 7", "Ombak 8"]
    assert sorted(room.take_asked()) == ["/berita/0007", "/berita/0008", "/tag/laut", "/tag/laut?page=2"]


def test_a_run_that_was_broken_off_is_taken_up_again(room: Newsroom, site: Site) -> None:
    """The oldest is read first, so what is missing is on the first page, where the next run looks."""
    three_pages(room)
    known: dict[str, str] = {}
    with Fetcher(FetchSettings(pause=0)) as fetcher:
        items = Listing(f"{room.address}/tag/laut", fetcher=fetcher).read(site, known)
        got = [next(items) for _ in range(6)]
    known = {item.url: item.remembered for item in got if isinstance(item, Visited)}
    titles = {item.title for item in got if isinstance(item, Article)}
    titles |= {article.title for article in read(room, site, known).articles}
    assert titles == {f"Ombak {number}" for number in range(1, 7)}


def test_pages_that_lead_round_are_read_once(room: Newsroom, site: Site) -> None:
    """A next page that was read before is the end."""
    room.put_listing("/tag/laut", range(3, 5), "?page=2")
    room.put_listing("/tag/laut?page=2", range(1, 3), "/tag/laut")
    assert len(read(room, site, pages=50).articles) == 4
    assert room.take_asked().count("/tag/laut") == 1


def test_a_page_or_article_that_is_missing_stops_no_other(room: Newsroom, site: Site) -> None:
    """Each is a rejection with its address, and a visit; the rest is read."""
    room.put_listing("/tag/laut", range(1, 4), "?page=2")
    del room.pages["/berita/0002/ombak-tinggi"]
    run = read(room, site)
    assert len(run.articles) == 2
    assert {item.position.removeprefix(room.address) for item in run.rejected} == {
        "/tag/laut?page=2",
        "/berita/0002/ombak-tinggi",
    }
    assert "/tag/laut?page=2" in run.visited


def test_what_the_listing_shows_stands_in_where_an_article_is_silent(room: Newsroom, site: Site) -> None:
    """The hints fill gaps; the article's own words come first (compare the headlines above)."""
    page = entry(1).replace("</li>", "<span>12 November 2024, 08:00 WIB</span></li>")
    room.pages["/tag/laut"] = f"<html><ul>{page}{entry(2)}</ul>"
    room.pages["/berita/0001/ombak-tinggi"] = "<html><body><article><p>Ombak setinggi dua meter.</p>" * 3
    article = next(a for a in read(room, site).articles if a.url and "/0001/" in a.url)
    assert article.title == "Ombak tinggi hari ke 1"
    assert article.published.isoformat() == "2024-11-12T08:00:00+07:00"


@pytest.mark.parametrize(
    ("body", "options", "reason"),
    [
        ("<html><body><div id=app></div>", {}, "set links to a regular expression"),
        ("<html><body><div id=app></div>", {}, "JavaScript"),
        (f"<html><ul>{entry(1)}</ul>", {"links": "/read/"}, "links = '/read/'"),
        ('{"items": []}', {}, "no web page but text/html"),
    ],
)
def test_a_listing_that_lists_nothing_is_a_failed_source(
    room: Newsroom, site: Site, body: str, options: dict[str, Any], reason: str
) -> None:
    """The message names the listing and the mend."""
    room.pages["/tag/laut"] = body
    with pytest.raises(SourceError, match=re.escape(f"{room.address}/tag/laut: ")) as caught:
        read(room, site, **options)
    assert reason in str(caught.value)


def test_a_listing_that_is_gone_is_a_failed_source(room: Newsroom, site: Site) -> None:
    """Its first page must be there."""
    with pytest.raises(SourceError, match="404"):
        read(room, site)


@pytest.mark.parametrize("options", [{"links": "("}, {"pages": 0}])
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    """Before anything is fetched."""
    with pytest.raises(ValueError, match=next(iter(options))):
        Listing("https://situs.example/tag/laut", **options)
