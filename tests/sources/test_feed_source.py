"""A feed as a source, against a real server on loopback that counts what it is asked for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from sources.article import Article
from sources.feed import Feed
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.source import Rejected, Site, SourceError, Visited

LONG = "Nelayan Teluk Sore berangkat lagi setelah ombak turun dan dermaga diperiksa. " * 12
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'


class Host:
    """A web server: what is at a path is text, or a status; `asked` lists the paths that were asked for."""

    def __init__(self) -> None:
        host = self
        self.pages: dict[str, str | bytes | int] = {"/robots.txt": 404}
        self.types: dict[str, str] = {}
        self.asked: list[str] = []
        self.conditions: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer with what is there, or with 304 where the validator still holds."""
        if request.path != "/robots.txt":
            self.asked.append(request.path)
            self.conditions.append(request.headers["If-None-Match"])
        found = self.pages.get(request.path, 404)
        body = found if isinstance(found, bytes) else str(found).replace("HOST", self.url).encode()
        etag = f'"{hash(body)}"'
        status = found if isinstance(found, int) else 200
        if status == 200 and request.headers["If-None-Match"] == etag:
            status = 304
        request.send_response(status)
        body = body if status == 200 else b""
        if status == 200:
            request.send_header("ETag", etag)
        if request.path in self.types:
            request.send_header("Content-Type", self.types[request.path])
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def taken(self) -> list[str]:
        """Return the paths that were asked for since the last time, and forget them."""
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def host() -> Iterator[Host]:
    """A host on loopback."""
    host = Host()
    thread = threading.Thread(target=host.httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield host
    host.httpd.shutdown()
    thread.join()
    host.httpd.server_close()


class Reader:
    """Reads a feed again and again, and keeps what it wants to be remembered, as the archive does."""

    def __init__(self, site: Site, url: str, **options: Any) -> None:
        self.site = site
        self.url = url
        self.options = options
        self.remembered: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.error: str | None = None
        self.items: list[Any] = []

    def read(self, stop_after: int | None = None) -> list[Article]:
        """Read once; return the articles. stop_after: so many items, as if the run had been killed."""
        self.items, self.error, self.statuses = [], None, {}
        with Fetcher(FetchSettings(pause=0, attempts=1)) as fetcher:
            feed = Feed(self.url, fetcher=fetcher, **self.options)
            try:
                for item in feed.read(self.site, dict(self.remembered)):
                    self.items.append(item)
                    if isinstance(item, Visited):
                        assert item.url not in self.statuses, "one address, one visit"
                        self.remembered[item.url] = item.remembered
                        self.statuses[item.url] = item.status
                    if len(self.items) == stop_after:
                        break
            except SourceError as error:
                self.error = str(error)
        return [item for item in self.items if isinstance(item, Article)]

    def titles(self) -> list[str]:
        """Read once; return the articles' titles."""
        return [article.title for article in self.read()]

    def rejected(self) -> list[Rejected]:
        """Return what was rejected when it was read last."""
        return [item for item in self.items if isinstance(item, Rejected)]


def entry(number: int, text: str = LONG, title: str = "", more: str = "") -> str:
    """Return an RSS item; a later number is newer."""
    return (
        f"<item><guid isPermaLink='false'>tag:kabarteluk.example,2005:{number}</guid>"
        f"<title>{title or f'Berita {number}'}</title><link>HOST/berita/{number}</link>"
        f"<pubDate>Mon, 28 Oct 2024 {number // 60:02}:{number % 60:02}:00 +0700</pubDate>"
        f"<description>Ringkasan {number}.</description>"
        f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>{more}</item>"
    )


def rss(*entries: str, older: str = "", rel: str = "prev-archive") -> str:
    """Return a feed; `older` is the address of the document with the entries before."""
    link = f'<atom:link rel="{rel}" href="{older}"/>' if older else ""
    return (
        f'<rss version="2.0" {ATOM} xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>Kabar Teluk</title><link>HOST/</link>{link}{''.join(entries)}</channel></rss>"
    )


def page(text: str, title: str = "Judul halaman") -> str:
    """Return an article's web page with a picture, a byline and tags."""
    return (
        f'<html lang="id"><head><title>{title}</title>'
        '<meta property="og:image" content="HOST/foto/dermaga.jpg">'
        '<script type="application/ld+json">'
        + json.dumps(
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle",
                "headline": title,
                "datePublished": "2024-01-01T00:00:00+07:00",
                "author": {"@type": "Person", "name": "Laras Wening"},
                "keywords": ["dermaga", "nelayan"],
            }
        )
        + f"</script></head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


def chain(host: Host, documents: int, rel: str = "prev-archive") -> None:
    """Serve a feed of so many documents with two entries each; the newest is /rss.xml."""
    for number in range(documents):
        last = 2 * (documents - number)
        older = f"HOST/{number + 1}.xml" if number + 1 < documents else ""
        path = f"/{number}.xml" if number else "/rss.xml"
        host.pages[path] = rss(entry(last), entry(last - 1), older=older, rel=rel)


# One document


def test_a_feed_is_read_and_not_sent_again(site: Site, host: Host) -> None:
    """The first visit gives every entry with its position; the second is a 304 and gives nothing."""
    chain(host, 2)
    reader = Reader(site, f"{host.url}/rss.xml")
    articles = reader.read()
    assert [(a.id, a.position) for a in articles] == [
        ("tag:kabarteluk.example,2005:4", "entry 1"),
        ("tag:kabarteluk.example,2005:3", "entry 2"),
    ]
    assert (articles[0].url, articles[0].publisher) == (f"{host.url}/berita/4", "Kabar Teluk")
    assert reader.read() == []
    assert reader.statuses == {f"{host.url}/rss.xml": 304}
    assert host.taken() == ["/rss.xml", "/rss.xml"]


def test_json_feeds_are_read_with_what_the_feed_says_for_all(site: Site, host: Host) -> None:
    """JSON Feed 1.1: items keep their own authors and language, and take the feed's where they have none."""
    items: list[dict[str, Any]] = [
        {
            "id": "tag:kabarteluk.example,2005:j2",
            "url": "HOST/b/2",
            "title": "Dermaga dibuka",
            "content_html": "<p>Dermaga dibuka.</p>",
            "date_published": "2024-10-28T12:00:00+07:00",
            "authors": [{"name": "Bagus Tirta"}],
            "language": "en",
            "tags": ["dermaga"],
            "image": "HOST/foto/dermaga.jpg",
            "attachments": [{"url": "HOST/suara/dermaga.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9}],
        },
        {"id": "7", "external_url": "HOST/b/1", "content_text": "Singkat.", "date_published": "2024-10-27"},
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Kabar Teluk", "language": "ms"}
    host.pages["/feed.json"] = json.dumps({**feed, "authors": [{"name": "Sri"}], "items": items})
    first, second = Reader(site, f"{host.url}/feed.json").read()
    assert (first.authors[0].name, first.language, first.tags) == ("Bagus Tirta", "en", ("dermaga",))
    assert (first.images[0].url, first.enclosures[0].length) == (f"{host.url}/foto/dermaga.jpg", 9)
    assert (second.authors[0].name, second.language, second.publisher) == ("Sri", "ms", "Kabar Teluk")
    assert (second.url, second.content, second.position) == (
        f"{host.url}/b/1",
        "<p>Singkat.</p>",
        "items[1]",
    )


def test_the_charset_that_http_names_is_used(site: Site, host: Host) -> None:
    """RFC 7303, section 3.2: it goes before what the document says, or does not say."""
    host.pages["/rss.xml"] = rss(entry(1, title="Порт открыт")).encode("koi8-r")
    host.types["/rss.xml"] = "application/rss+xml; charset=KOI8-R"
    assert Reader(site, f"{host.url}/rss.xml").titles() == ["Порт открыт"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (page(LONG), "no feed but something unnamed; name the address of the feed itself"),
        ('{"error": "quota"}', "JSON, but no JSON Feed"),
        ('{"items": [', "not JSON"),
        (404, "the server answered 404; check the address"),
    ],
)
def test_what_is_no_feed_is_a_failed_source(site: Site, host: Host, body: str | int, reason: str) -> None:
    """The message names the address and the mend, and nothing is remembered."""
    host.pages["/rss.xml"] = body
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    reader.read()
    assert reader.error is not None
    assert reader.error.startswith(f"{host.url}/rss.xml: {reason}")
    assert reader.remembered == {}


def test_a_feed_that_breaks_off_is_asked_for_anew(site: Site, host: Host) -> None:
    """What came is published, what is missing is reported, and the next request carries no validator."""
    host.pages["/rss.xml"] = rss(entry(2), entry(1))[:-400]
    reader = Reader(site, f"{host.url}/rss.xml")
    assert reader.titles() == ["Berita 2"]
    assert [r.position for r in reader.rejected()] == ["entry 2"]
    host.pages["/rss.xml"] = rss(entry(2), entry(1))
    assert reader.titles() == ["Berita 2", "Berita 1"]
    assert host.conditions == [None, None]


def test_a_record_set_aside_stands_right_before_the_visit_of_its_document(site: Site, host: Host) -> None:
    """The archive forgets it when that address, and no other, gives a new answer."""
    undated = "<item><title>Tanpa tanggal</title></item>"
    host.pages["/rss.xml"] = rss(undated, entry(3, "Singkat."), older="HOST/1.xml")
    host.pages["/1.xml"] = rss(undated, entry(1))
    host.pages["/berita/3"] = page(LONG)
    reader = Reader(site, f"{host.url}/rss.xml", history=True, full_text=True)
    reader.read()
    pairs = zip(reader.items, reader.items[1:], strict=False)
    after = {item.position: following for item, following in pairs if isinstance(item, Rejected)}
    assert {position: item.url for position, item in after.items()} == {
        "entry 1": f"{host.url}/rss.xml",
        f"{host.url}/1.xml, entry 1": f"{host.url}/1.xml",
    }


# History


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_history_is_followed_to_its_end_and_then_left(site: Site, host: Host, rel: str) -> None:
    """Newest to oldest, positions with the address; once all was read, one 304 is the whole next visit."""
    chain(host, 4, rel)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    articles = reader.read()
    assert [a.title for a in articles] == [f"Berita {number}" for number in range(8, 0, -1)]
    assert articles[3].position == f"{host.url}/1.xml, entry 2"
    assert host.taken() == ["/rss.xml", "/1.xml", "/2.xml", "/3.xml"]
    assert reader.read() == []
    assert host.taken() == ["/rss.xml"]


def test_without_history_only_the_newest_document_is_read(site: Site, host: Host) -> None:
    """And when history is wanted later, an unchanged newest document does not stand in its way."""
    chain(host, 2)
    reader = Reader(site, f"{host.url}/rss.xml")
    assert reader.titles() == ["Berita 4", "Berita 3"]
    reader.options["history"] = True
    assert reader.titles() == ["Berita 4", "Berita 3", "Berita 2", "Berita 1"]


def test_json_feeds_are_followed_by_next_url(site: Site, host: Host) -> None:
    """`next_url` may be relative."""
    for path, number, older in (("/feed.json", 2, {"next_url": "2.json"}), ("/2.json", 1, {})):
        item = {"id": f"{number}", "title": f"Berita {number}", "date_published": f"2024-10-0{number}"}
        host.pages[path] = json.dumps({"version": "https://jsonfeed.org/version/1", **older, "items": [item]})
    assert Reader(site, f"{host.url}/feed.json", history=True).titles() == ["Berita 2", "Berita 1"]


def test_an_archive_that_was_read_whole_is_never_asked_for_again(site: Site, host: Host) -> None:
    """A new archive between the newest document and the old ones is read; those behind it are passed by."""
    chain(host, 3)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    reader.read()
    host.taken()
    host.pages["/new.xml"] = rss(entry(6), entry(5), older="HOST/1.xml")
    host.pages["/rss.xml"] = rss(entry(8), entry(7), older="HOST/new.xml")
    assert reader.titles() == ["Berita 8", "Berita 7", "Berita 6", "Berita 5"]
    assert host.taken() == ["/rss.xml", "/new.xml"]


def test_pages_that_shift_are_followed_until_one_brings_nothing_new(site: Site, host: Host) -> None:
    """Five new entries on pages of two: three pages bring some, the fourth none, the rest are left alone.

    An old entry that floats to the top hides none of the new ones.
    """
    reader = Reader(site, f"{host.url}/rss.xml", history=True)

    def serve(numbers: list[int]) -> None:
        pairs = [numbers[at : at + 2] for at in range(0, len(numbers), 2)]
        for number, pair in enumerate(pairs):
            older = f"HOST/{number + 1}.xml" if number + 1 < len(pairs) else ""
            path = f"/{number}.xml" if number else "/rss.xml"
            host.pages[path] = rss(*map(entry, pair), older=older, rel="next")

    serve([*range(20, 0, -1)])
    assert len(reader.read()) == 20
    host.taken()
    serve([20, *range(25, 20, -1), *range(19, 0, -1)])
    assert {f"Berita {number}" for number in range(21, 26)} <= set(reader.titles())
    assert host.taken() == ["/rss.xml", "/1.xml", "/2.xml", "/3.xml"]
    serve([26, 20, *range(25, 20, -1), *range(19, 0, -1)])
    assert reader.titles()[0] == "Berita 26"
    assert host.taken() == ["/rss.xml", "/1.xml"]
    serve([20, 26, *range(25, 20, -1), *range(19, 0, -1)])
    reader.read()
    assert host.taken() == ["/rss.xml"]
    serve([27, 20, 26, *range(25, 20, -1), *range(19, 0, -1)])
    reader.read()
    assert host.taken() == ["/rss.xml", "/1.xml"]


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
@pytest.mark.parametrize("stop_after", range(1, 16))
def test_a_run_cut_short_goes_on_next_time(site: Site, host: Host, rel: str, stop_after: int) -> None:
    """Wherever it was cut, this run and the next together give every entry."""
    chain(host, 5, rel)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    given = {a.title for a in reader.read(stop_after)} | set(reader.titles())
    assert given == {f"Berita {number}" for number in range(1, 11)}
    assert reader.read() == []
    assert host.asked[-1] == "/rss.xml"


def test_a_back_fill_cut_short_does_not_ask_for_archives_it_has(site: Site, host: Host) -> None:
    """The archives read before the cut are passed by."""
    chain(host, 5)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    reader.read(stop_after=8)  # two articles, two archives with their visits
    host.taken()
    reader.read()
    assert host.taken() == ["/rss.xml", "/3.xml", "/4.xml"]


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_of_an_entry_in_several_documents_the_newest_is_taken(site: Site, host: Host, rel: str) -> None:
    """Silently, as RFC 5005 says; also when the newer one stands in an archive that is passed by."""
    host.pages["/rss.xml"] = rss(entry(9), entry(1, title="Dibetulkan"), older="HOST/1.xml", rel=rel)
    host.pages["/1.xml"] = rss(entry(2, title="Baru"), entry(1, title="Dulu"), older="HOST/2.xml", rel=rel)
    host.pages["/2.xml"] = 500
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == ["Berita 9", "Dibetulkan", "Baru"]
    host.pages["/2.xml"] = rss(entry(2, title="Lama"), entry(0))
    assert reader.titles() == ["Berita 9", "Dibetulkan", "Berita 0"]
    assert reader.rejected() == []


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
@pytest.mark.parametrize("broken", [404, 500, "<html><body>Kosong</body></html>", '{"items": '])
def test_a_broken_link_in_the_chain_keeps_what_came_before(
    site: Site, host: Host, rel: str, broken: str | int
) -> None:
    """It is a rejection that names the address, and asked for again next time though nothing else changed."""
    chain(host, 4, rel)
    mended = host.pages["/2.xml"]
    host.pages["/2.xml"] = broken
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == [f"Berita {number}" for number in (8, 7, 6, 5)]
    assert [r.position for r in reader.rejected()] == [f"{host.url}/2.xml"]
    assert reader.error is None
    host.pages["/2.xml"] = mended
    assert set(reader.titles()) >= {f"Berita {number}" for number in (4, 3, 2, 1)}
    assert reader.read() == []


def test_a_gap_after_an_outage_is_closed_though_a_page_failed_in_between(site: Site, host: Host) -> None:
    """New entries beyond a page that could not be had are not taken for known."""
    chain(host, 6, "next")
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    host.pages["/2.xml"] = 500
    reader.read()
    chain(host, 8, "next")
    host.pages["/3.xml"] = 500
    reader.read()
    chain(host, 8, "next")
    assert {f"Berita {number}" for number in range(1, 11)} <= set(reader.titles())


def test_an_archive_on_another_host_is_read(site: Site, host: Host) -> None:
    """But none in the private network, unless its host is the feed's: the rejection says so."""
    host.pages["/rss.xml"] = rss(entry(2), older="http://localhost:9/1.xml")
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == ["Berita 2"]
    (rejected,) = reader.rejected()
    assert rejected.position == "http://localhost:9/1.xml"
    assert "private" in rejected.reason


def test_an_older_version_stands_in_for_a_newer_one_that_is_rejected(site: Site, host: Host) -> None:
    """The rejection is reported, and the article is there all the same."""
    undated = entry(1, title="Tanpa tanggal").replace("Mon, 28 Oct 2024 00:01:00 +0700", "")
    host.pages["/rss.xml"] = rss(undated, entry(2), older="HOST/1.xml")
    host.pages["/1.xml"] = rss(entry(2, title="Dulu"), entry(1, title="Dulu"))
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == ["Berita 2", "Dulu"]
    assert [r.field for r in reader.rejected()] == ["published"]


# Hostile histories


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_loops_end(site: Site, host: Host, rel: str) -> None:
    """A document that names itself or a newer one is the last; the history counts as read."""
    host.pages["/rss.xml"] = rss(entry(3), older="HOST/rss.xml", rel=rel)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == ["Berita 3"]
    host.pages["/rss.xml"] = rss(entry(4), older="HOST/1.xml", rel=rel)
    host.pages["/1.xml"] = rss(entry(3), older="HOST/2.xml", rel=rel)
    host.pages["/2.xml"] = rss(entry(2), older="HOST/1.xml", rel=rel)
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    host.taken()
    assert reader.titles() == ["Berita 4", "Berita 3", "Berita 2"]
    assert host.taken() == ["/rss.xml", "/1.xml", "/2.xml"]
    assert reader.read() == []
    assert host.taken() == ["/rss.xml"]


def test_pages_that_repeat_the_last_one_for_ever_end(site: Site, host: Host) -> None:
    """Software that answers every page number with the last page is left at the first repetition."""
    host.pages["/rss.xml"] = rss(entry(2), older="HOST/?page=2", rel="next")
    for number in range(2, 50):
        host.pages[f"/?page={number}"] = rss(entry(1), older=f"HOST/?page={number + 1}", rel="next")
    reader = Reader(site, f"{host.url}/rss.xml", history=True)
    assert reader.titles() == ["Berita 2", "Berita 1"]
    assert host.taken() == ["/rss.xml", "/?page=2", "/?page=3"]


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_a_chain_without_end_is_left_at_a_bound(site: Site, host: Host, rel: str) -> None:
    """The rejection says what is left out, and an unchanged feed is not walked again."""
    chain(host, 30, rel)
    reader = Reader(site, f"{host.url}/rss.xml", history=True, longest=10)
    assert len(reader.read()) == 22
    (rejected,) = reader.rejected()
    assert rejected.position == f"{host.url}/11.xml"
    assert rejected.reason.startswith("more than 10 documents in a row")
    host.taken()
    assert reader.read() == []
    assert host.taken() == ["/rss.xml"]


# Full text


def test_a_summary_is_given_the_story_of_its_page(site: Site, host: Host) -> None:
    """Content, picture, authors and tags are the page's; id, title, dates, address and summary the feed's."""
    host.pages["/rss.xml"] = rss(entry(1, "Singkat."))
    host.pages["/berita/1"] = page(LONG)
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    (article,) = reader.read()
    assert LONG.strip() in (article.content or "")
    assert [i.url for i in article.images] == [f"{host.url}/foto/dermaga.jpg"]
    assert ([p.name for p in article.authors], article.tags) == (["Laras Wening"], ("dermaga", "nelayan"))
    assert (article.id, article.url) == ("tag:kabarteluk.example,2005:1", f"{host.url}/berita/1")
    assert (article.title, article.summary, article.position) == ("Berita 1", "Ringkasan 1.", "entry 1")
    assert (article.published.isoformat(), article.modified) == (
        "2024-10-28T00:01:00+07:00",
        article.published,
    )
    assert reader.statuses == {f"{host.url}/berita/1": 200, f"{host.url}/rss.xml": 200}


def test_a_page_is_asked_for_when_its_entry_is_new_or_changed(site: Site, host: Host) -> None:
    """An unchanged entry among new ones costs no request, and gives nothing; a changed one gives all."""
    host.pages["/rss.xml"] = rss(entry(1, "Singkat."))
    host.pages |= {f"/berita/{number}": page(LONG) for number in (1, 2)}
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    reader.read()
    host.taken()
    host.pages["/rss.xml"] = rss(entry(2, "Singkat."), entry(1, "Singkat."))
    assert reader.titles() == ["Berita 2"]
    assert host.taken() == ["/rss.xml", "/berita/2"]
    host.pages["/rss.xml"] = rss(entry(2, "Singkat."), entry(1, "Singkat.", title="Dibetulkan"))
    (article,) = reader.read()
    assert (article.title, LONG.strip() in (article.content or "")) == ("Dibetulkan", True)
    assert host.taken() == ["/rss.xml", "/berita/1"]


@pytest.mark.parametrize("mark", ["[…]", "[...]", "Read more", "… Baca selengkapnya di situs kami."])
def test_a_long_teaser_is_no_full_text(site: Site, host: Host, mark: str) -> None:
    """What ends in a mark that there is more is looked up; what ends without one is not."""
    host.pages["/rss.xml"] = rss(entry(2, mark + LONG), entry(1, LONG + mark))
    host.pages["/berita/1"] = page(LONG * 2)
    articles = Reader(site, f"{host.url}/rss.xml", full_text=True).read()
    assert host.taken() == ["/rss.xml", "/berita/1"]
    assert [len(article.content or "") > len(LONG) * 2 - 9 for article in articles] == [False, True]


@pytest.mark.parametrize("failure", [500, 403, 404])
def test_an_entry_whose_page_cannot_be_had_is_published_as_the_feed_gave_it(
    site: Site, host: Host, failure: int
) -> None:
    """The failure shows as the visit's status; the page is asked for again, unless it is gone for good."""
    host.pages["/rss.xml"] = rss(entry(1, "Singkat."))
    host.pages["/berita/1"] = failure
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    (article,) = reader.read()
    assert article.content == "<p>Singkat.</p>"
    assert reader.statuses[f"{host.url}/berita/1"] == failure
    assert (reader.rejected(), reader.error) == ([], None)
    host.pages["/berita/1"] = page(LONG)
    again = reader.read()
    assert [LONG.strip() in (article.content or "") for article in again] == [True] * (failure != 404)


@pytest.mark.parametrize("failure", [500, 404, "%PDF-1.7", page("Halaman ini tidak ada.")])
def test_a_story_that_was_full_once_never_goes_back_to_its_summary(
    site: Site, host: Host, failure: str | int
) -> None:
    """While its page fails, a changed entry gives nothing, and the rejection names the page."""
    host.pages["/rss.xml"] = rss(entry(1, "Singkat."))
    host.pages["/berita/1"] = page(LONG)
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    reader.read()
    for title in ("Satu", "Dua"):
        host.pages["/rss.xml"] = rss(entry(1, "Singkat: begitulah kabarnya hari ini.", title=title))
        host.pages["/berita/1"] = failure
        assert reader.read() == []
        (rejected,) = reader.rejected()
        assert rejected.position == f"{host.url}/berita/1"
        assert "the version kept stays" in rejected.reason
    host.pages["/berita/1"] = page(LONG)
    host.pages["/rss.xml"] = rss(entry(1, "Singkat.", title="Tiga"))
    (article,) = reader.read()
    assert (article.title, LONG.strip() in (article.content or "")) == ("Tiga", True)


def test_the_summary_never_replaces_full_text_in_the_archive(newsroom: Any, host: Host) -> None:
    """The same through the archive: what is published keeps the story, whatever becomes of its page."""
    newsroom.folder.joinpath("publish.toml").write_text(
        '[site]\nurl = "https://kabarteluk.example/"\ntimezone = "Asia/Jakarta"\n[fetch]\npause = 0\n'
        f'[[source]]\nfeed = "{host.url}/rss.xml"\nhistory = true\nfull_text = true\n'
    )
    host.pages["/rss.xml"] = rss(entry(1, "Singkat."))
    host.pages["/berita/1"] = page(LONG)
    newsroom.run("build")
    assert LONG.strip().encode() in newsroom.files()["rss.xml"]
    host.pages["/berita/1"] = 410
    for title in ("Satu", "Dua"):
        host.pages["/rss.xml"] = rss(entry(1, "Singkat.", title=title))
        newsroom.run("build")
        assert LONG.strip().encode() in newsroom.files()["rss.xml"]


def test_a_page_that_leads_home_is_none(site: Site, host: Host) -> None:
    """Neither a link to a front page nor one that is answered by it gives its text to a story."""
    host.pages["/"] = page(LONG)
    host.pages["/rss.xml"] = rss(entry(1, "Singkat.").replace("HOST/berita/1", "HOST/"))
    (article,) = Reader(site, f"{host.url}/rss.xml", full_text=True).read()
    assert (article.content, host.taken()) == ("<p>Singkat.</p>", ["/rss.xml"])


def test_a_page_that_several_entries_name_is_the_first_ones(site: Site, host: Host) -> None:
    """The parts of a live report link to one page: it is asked for once, and the others stay short."""
    parts = [entry(n, f"Bagian {n}.").replace(f"berita/{n}", f"langsung#{n}") for n in (3, 2, 1)]
    host.pages["/rss.xml"] = rss(*parts)
    host.pages["/langsung"] = page(LONG)
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    articles = reader.read()
    assert [LONG.strip() in (article.content or "") for article in articles] == [True, False, False]
    assert host.taken() == ["/rss.xml", "/langsung"]
    host.pages["/rss.xml"] = rss(*parts, entry(0))
    reader.read()
    assert host.taken() == ["/rss.xml"]


def test_a_withdrawn_entry_is_withdrawn_without_its_page(site: Site, host: Host) -> None:
    """Media RSS's `deleted` needs no story."""
    status = '<media:status xmlns:media="http://search.yahoo.com/mrss/" state="deleted"/>'
    host.pages["/rss.xml"] = rss(entry(1, "Dicabut.", more=status))
    (article,) = Reader(site, f"{host.url}/rss.xml", full_text=True).read()
    assert (article.status, host.taken()) == ("canceled", ["/rss.xml"])


def test_an_entry_without_a_date_takes_its_pages(site: Site, host: Host) -> None:
    """An entry that is no Article for want of a date is one by its page, with the feed's id and title."""
    host.pages["/rss.xml"] = rss(
        "<item><guid isPermaLink='false'>tag:kabarteluk.example,2005:1</guid>"
        "<title>Berita 1</title><link>HOST/berita/1</link></item>"
    )
    host.pages["/berita/1"] = page(LONG)
    (article,) = Reader(site, f"{host.url}/rss.xml", full_text=True).read()
    assert (article.id, article.published.year) == ("tag:kabarteluk.example,2005:1", 2024)
    assert (article.title, article.position) == ("Berita 1", "entry 1")


@pytest.mark.parametrize(("status", "asked"), [(500, 5), (503, 1)])
def test_a_host_whose_pages_fail_is_left_for_the_next_time(
    site: Site, host: Host, status: int, asked: int
) -> None:
    """The newest entries go out as the feed gave them, the rest waits, and the source says why."""
    host.pages["/rss.xml"] = rss(
        *(entry(number, "Singkat.") for number in range(20, 10, -1)), older="HOST/1.xml"
    )
    host.pages["/1.xml"] = rss(*(entry(number, "Singkat.") for number in range(10, 0, -1)))
    host.pages |= {f"/berita/{number}": status for number in range(1, 21)}
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True, history=True)
    assert len(reader.read()) == 10
    assert len(host.taken()) == 1 + asked
    assert reader.error is not None
    assert reader.error.endswith("the pages after it are left for the next time")
    host.pages |= {f"/berita/{number}": page(LONG) for number in range(1, 21)}
    assert all(LONG.strip() in (article.content or "") for article in reader.read())
    assert len(host.taken()) == 22
    assert reader.read() == []
    assert host.taken() == ["/rss.xml"]


def test_pages_that_fail_here_and_there_stop_nothing(site: Site, host: Host) -> None:
    """Only failures in a row are a sign that the host is in trouble."""
    host.pages["/rss.xml"] = rss(*(entry(number, "Singkat.") for number in range(1, 13)))
    host.pages |= {f"/berita/{number}": 500 if number % 2 else page(LONG) for number in range(1, 13)}
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True)
    assert len(reader.read()) == 12
    assert (reader.error, len(host.taken())) == (None, 13)


def test_an_archive_with_a_page_that_failed_is_read_again(site: Site, host: Host) -> None:
    """And only it: the other archives are passed by, and only the page that failed is asked for."""
    for number in (1, 2, 3):
        older = f"HOST/{number + 1}.xml" if number < 3 else ""
        host.pages[f"/{number}.xml"] = rss(entry(10 - number, "Singkat."), older=older)
        host.pages[f"/berita/{10 - number}"] = page(LONG)
    host.pages["/berita/8"] = 500
    host.pages["/rss.xml"] = rss(entry(20), older="HOST/1.xml")
    reader = Reader(site, f"{host.url}/rss.xml", full_text=True, history=True)
    assert len(reader.read()) == 4
    host.taken()
    host.pages["/berita/8"] = page(LONG)
    assert [article.title for article in reader.read()] == ["Berita 20", "Berita 8"]
    assert host.taken() == ["/rss.xml", "/2.xml", "/berita/8"]


# What we publish ourselves


def test_our_own_feeds_are_read_back_with_the_same_ids(
    site: Site, host: Host, newsroom: Any, make_record: Any
) -> None:
    """RSS and Atom as tagwire publishes them give the articles they were made from, by id and address."""
    records = [make_record(number, id=f"tag:kabarteluk.example,2005:{number}") for number in (1, 2, 3)]
    newsroom.write(*records)
    newsroom.build()
    for path in ("rss.xml", "atom.xml"):
        host.pages[f"/{path}"] = newsroom.files()[path].decode()
        articles = Reader(site, f"{host.url}/{path}", history=True).read()
        assert {(a.id, a.url) for a in articles} == {(r["id"], r["url"]) for r in records}
        assert {a.content for a in articles} == {r["content"] for r in records}
