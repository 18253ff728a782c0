"""Sitemaps: read by themselves, and followed on a real server on loopback that counts what is asked of it."""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sources.article import Article
from sources.compressed import open_plain
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.records.reader import Unreadable
from sources.sitemaps.entry import Listed, Nested
from sources.sitemaps.reader import is_sitemap, read_sitemap
from sources.sitemaps.source import Sitemap
from sources.source import Rejected, Site, SourceError, Visited, reading_of
from sources.visits import Visits, fetching

MINUTE = "T08:00:00+07:00"  # a date with its time is believed at once
BOMB = (
    '<!DOCTYPE urlset [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + '<!ENTITY file SYSTEM "file:///etc/hostname">]>'
)

# --- what a sitemap says ---


def read(data: bytes | str, base: str = "https://kabarteluk.example/sitemap.xml") -> list[Any]:
    """Read a sitemap, packed or not."""
    raw = data.encode() if isinstance(data, str) else data
    return list(read_sitemap(open_plain(io.BytesIO(raw), 64 << 20), base))


def urls(entries: list[Any]) -> list[str]:
    """Return the paths of what was read; for what was unreadable, a sign."""
    return ["!" if isinstance(one, Unreadable) else one.url.partition(".example")[2] for one in entries]


def urlset(*entries: str) -> str:
    """Return a sitemap of entries."""
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(entries)}</urlset>"


def page_entry(loc: str, lastmod: str = "") -> str:
    """Return the entry of a page."""
    return f"<url><loc>{loc}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</url>"


@pytest.mark.parametrize(
    "text",
    [
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        "<sitemapindex>",
        "<sm:urlset xmlns:sm='http://www.sitemaps.org/schemas/sitemap/0.9'/>",
        "\ufeff<?xml version='1.0'?>\n<?xml-stylesheet href='a.xsl'?><!-- <rss> --><urlset >",
        "<!DOCTYPE urlset [<!ENTITY a 'b'>]><URLSET>",
    ],
)
def test_a_sitemap_is_known_by_its_first_element(text: str) -> None:
    """In any prefix or none, after comments and marks, in UTF-8 and UTF-16."""
    assert is_sitemap(text.encode())
    assert is_sitemap(text.encode("utf-16"))
    assert is_sitemap(text.encode("utf-16-be"))


@pytest.mark.parametrize("text", ["<rss>", "<html><urlset>", "<urlsets>", "{}", "", "<!-- <urlset> -->"])
def test_other_files_are_no_sitemaps(text: str) -> None:
    """Nor is one that only mentions the word."""
    assert not is_sitemap(text.encode())


def test_a_news_sitemap_tells_what_the_page_may_not(samples: Path) -> None:
    """Headline, date, tags, publisher, language, picture; alternates and comments are no pages."""
    first, second = read((samples / "sitemaps" / "news.xml").read_bytes())
    assert first == Listed(
        "https://kabarteluk.example/berita/ombak-tinggi?a=1&b=2",
        "2024-10-28T13:05:00+07:00",
        {
            "images": [{"url": "https://kabarteluk.example/gambar/ombak.jpg", "caption": "Ombak di dermaga"}],
            "title": "Ombak tinggi & kapal karam",
            "published": "2024-10-28T12:40:00+07:00",
            "tags": "nelayan, cuaca",
            "publisher": "Kabar Teluk",
            "language": "id",
        },
    )
    assert second == Listed("https://kabarteluk.example/berita/pasar?x=1&y=2")


def test_an_index_names_sitemaps() -> None:
    """Each with when it changed last."""
    text = "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2024-10-01</lastmod></sitemap></sitemapindex>"
    assert read(text) == [Nested("https://kabarteluk.example/a.xml", "2024-10-01")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_unicode_is_read(codec: str) -> None:
    """Letters in addresses are escaped as they are when asked for."""
    assert urls(read(urlset(page_entry("https://kabarteluk.example/é")).encode(codec))) == ["/%C3%A9"]


def test_prefixes_need_no_declaration() -> None:
    """Own prefixes are read, and extensions that the sitemap forgot to declare."""
    news = "<news:news><news:title>Ombak</news:title></news:news>"
    text = f"<s:urlset><s:url><s:loc>/a</s:loc>{news}</s:url></s:urlset>"
    assert read(text) == [Listed("https://kabarteluk.example/a", "", {"title": "Ombak"})]


def test_a_fault_costs_its_own_entry() -> None:
    """A loose ampersand is mended; an entry without a web address is reported, the others are read."""
    faults = "<url><loc>mailto:siti@kabar</loc></url><url></url><url><loc>http://[</loc></url>"
    entries = read(urlset(page_entry("/a?x=1&y=2"), faults, page_entry("/b")))
    assert urls(entries) == ["/a?x=1&y=2", "!", "!", "!", "/b"]
    assert [one.reason[:5] for one in entries if isinstance(one, Unreadable)] == ["<loc>", "an en", "<loc>"]


@pytest.mark.parametrize(("end", "number"), [(100, 5_000), (63, 1_000), (40, 600)])
def test_a_sitemap_that_breaks_off_gives_what_was_whole(end: int, number: int) -> None:
    """And then says that it breaks off; so does a packed one, short or long."""
    text = urlset(*(page_entry(f"/{one}") for one in range(number)))
    broken = text[:-end]
    whole = broken.count("</url>")
    assert urls(read(broken)) == [f"/{one}" for one in range(whole)] + ["!"]
    packed = read(gzip.compress(text.encode())[:-end])
    assert len(packed) > 400
    assert urls(packed)[-1] == "!"
    assert "gzip" in packed[-1].reason


def test_a_text_with_an_address_a_line_is_a_sitemap() -> None:
    """Windows' line ends and empty lines are no addresses."""
    text = (
        "\ufeffhttps://kabarteluk.example/a\r\n\r\nhttps://kabarteluk.example/b\nhttps://kabarteluk.example/c"
    )
    assert urls(read(text)) == ["/a", "/b", "/c"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<rss><channel/></rss>", "a feed"),
        ("<!doctype html><p>Tak ada", "a web page"),
        ("", "something else"),
    ],
)
def test_what_is_no_sitemap_is_said_to_be_none(text: str, reason: str) -> None:
    """With what it is instead."""
    with pytest.raises(SourceError, match=f"no sitemap.*but {reason}"):
        read(text)


HOSTILE = {
    "entities": BOMB + urlset("<url><loc>/&i;</loc></url>"),
    "files": BOMB + urlset("<url><loc>/&file;</loc></url>"),
    "entries in entries": "<urlset>" + "<url><loc>" * 100_000,
    "deep": "<urlset><url>" + "<a>" * 200_000 + "</url></urlset>",
    "comments": "<urlset>" + "<!--" * 500_000,
    "attributes": "<urlset " + "a='" * 500_000,
    "address": urlset(page_entry("h" * 900_000)),
    "ends": "<urlset>" + "</url>" * 300_000,
    "line": "http://a" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sitemap_is_read_quickly(name: str) -> None:
    """Nothing is expanded or fetched; what makes no sense is unreadable."""
    started = time.monotonic()
    entries = read(HOSTILE[name])
    assert time.monotonic() - started < 30
    assert len(entries) <= 200_001
    if name in {"entities", "files"}:
        assert urls(entries) == [{"entities": "/&i", "files": "/&file"}[name]]
    else:
        assert {type(one) for one in entries} == {Unreadable}


def test_a_gigabyte_of_packed_spaces_takes_little_memory() -> None:
    """What is too long for an entry is not read on."""
    packed = gzip.compress(b"<urlset>") + gzip.compress(b" " * (1 << 20)) * 1024
    tracemalloc.start()
    (entry,) = read(packed)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()
    assert "more than 1 MB in one entry" in entry.reason


def test_more_addresses_than_allowed_are_read_up_to_a_bound() -> None:
    """The protocol allows 50,000; beyond 200,000 the rest is left, and that is said."""
    entries = read("https://kabarteluk.example/a\n" * 200_001)
    assert len(entries) == 200_001
    assert "those after are not read" in entries[-1].reason


# --- a site that is followed ---


@dataclass
class Web:
    """A site on loopback. pages: what is served, by path; asked: the paths that were asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    refusals: dict[str, int] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    hours_ago: int = 0
    address: str = ""

    def put(self, path: str, text: str) -> None:
        """Serve a text, with `{}` as this site's address."""
        self.pages[path] = text.replace("{}", self.address).encode()

    def story(self, path: str, title: str = "", date: str = "2024-10-28T12:00:00+07:00") -> None:
        """Serve a page with a story."""
        meta = f'<meta property="article:published_time" content="{date}">' if date else ""
        self.put(
            path,
            f"<!doctype html><title>{title or path}</title>{meta}<article><h1>{title or path}</h1>"
            "<p>Ombak setinggi dua meter melanda teluk sejak subuh, kata para nelayan.</p></article>",
        )

    def stories(self, number: int) -> None:
        """Serve several stories: /1, /2 ..."""
        for one in range(1, number + 1):
            self.story(f"/{one}")

    def sitemap(self, path: str, *entries: tuple[str, str]) -> None:
        """Serve a sitemap of pages, each with its lastmod."""
        self.put(path, urlset(*(page_entry(f"{{}}{page}", lastmod) for page, lastmod in entries)))

    def index(self, path: str, *entries: tuple[str, str]) -> None:
        """Serve an index of sitemaps."""
        text = urlset(*(page_entry(f"{{}}{page}", lastmod) for page, lastmod in entries))
        self.put(path, text.replace("urlset", "sitemapindex").replace("url>", "sitemap>"))

    def since(self) -> list[str]:
        """Return what was asked for since the last look, robots.txt apart."""
        asked = [path for path in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return asked


class Answers(BaseHTTPRequestHandler):
    """Answers as a `Web` has it, with validators."""

    def __init__(self, web: Web, *args: Any) -> None:
        self.web = web
        super().__init__(*args)

    def do_GET(self) -> None:
        """Answer 200, 304, or whatever is told."""
        self.web.asked.append(self.path)
        body = self.web.pages.get(self.path)
        status = self.web.refusals.get(self.path, 200 if body is not None else 404)
        body = body or b""
        etag = f'"{hashlib.sha256(body).hexdigest()[:8]}"'
        if self.path in self.web.moved:
            status = 301
        elif status == 200 and self.headers["If-None-Match"] == etag:
            status = 304
        self.send_response(status)
        if status in {200, 304}:
            self.send_header("ETag", etag)
        if status == 301:
            self.send_header("Location", self.web.moved[self.path])
        sent = body if status == 200 else b""
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the Date of an answer, by the site's own clock."""
        return super().date_time_string(int(timestamp or time.time()) - 3600 * self.web.hours_ago)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[Web]:
    """A site on loopback."""
    web = Web()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answers, web))
    web.address = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield web
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@dataclass
class Run:
    """What a run gave, and what the archive would remember."""

    items: list[Any]
    remembered: dict[str, str]

    @property
    def titles(self) -> list[str]:
        """The titles of articles."""
        return [one.title for one in self.items if isinstance(one, Article)]

    @property
    def reasons(self) -> list[str]:
        """Why things were rejected."""
        return [one.reason for one in self.items if isinstance(one, Rejected)]


@pytest.fixture
def run(web: Web, site: Site) -> Any:
    """Read a sitemap of the site; `before` is the run before."""

    def once(path: str = "/sitemap.xml", before: Run | None = None, **options: Any) -> Run:
        remembered: Mapping[str, str] = before.remembered if before else {}
        with Fetcher(FetchSettings(pause=0, attempts=1)) as fetcher:
            items = list(Sitemap(web.address + path, fetcher=fetcher, **options).read(site, remembered))
        visits = {one.url: one.remembered for one in items if isinstance(one, Visited)}
        assert len(visits) == sum(isinstance(one, Visited) for one in items)
        return Run(items, {**remembered, **visits})

    return once


def test_a_site_in_three_lines(web: Web, site: Site) -> None:
    """What works in a REPL: an address, a site, a loop."""
    web.sitemap("/sitemap.xml", ("/1", ""))
    web.story("/1", "Ombak tinggi")
    articles = [
        item for item in Sitemap(f"{web.address}/sitemap.xml").read(site) if isinstance(item, Article)
    ]
    assert [(article.title, article.url) for article in articles] == [("Ombak tinggi", f"{web.address}/1")]


def test_a_second_run_asks_only_for_what_changed(web: Web, run: Any) -> None:
    """An unchanged index is all that is asked for; a changed sitemap only for its changed and new pages."""
    web.stories(4)
    web.index("/sitemap.xml", ("/a.xml", "2024-10-01" + MINUTE), ("/b.xml", "2024-10-02" + MINUTE))
    web.sitemap("/a.xml", ("/1", "2024-10-01" + MINUTE), ("/2", "2024-09-01"))
    web.sitemap("/b.xml", ("/3", "2024-10-02" + MINUTE))
    first = run()
    assert first.titles == ["/3", "/1", "/2"]
    assert web.since() == ["/sitemap.xml", "/b.xml", "/a.xml", "/3", "/1", "/2"]
    second = run(before=first)
    assert second.titles == []
    assert web.since() == ["/sitemap.xml"]
    web.index("/sitemap.xml", ("/a.xml", "2024-10-01" + MINUTE), ("/b.xml", "2024-10-05" + MINUTE))
    web.sitemap("/b.xml", ("/3", "2024-10-05" + MINUTE), ("/4", "2024-10-03" + MINUTE))
    web.story("/3", "Ralat")
    third = run(before=second)
    assert third.titles == ["Ralat", "/4"]
    assert web.since() == ["/sitemap.xml", "/b.xml", "/3", "/4"]


def test_a_page_that_failed_is_asked_for_again_though_its_sitemap_stays_the_same(web: Web, run: Any) -> None:
    """A sitemap is done only when all its pages were had; the pages that were had stay done."""
    web.stories(2)
    web.refusals["/1"] = 500
    web.index("/sitemap.xml", ("/a.xml", "2024-10-02" + MINUTE))
    web.sitemap("/a.xml", ("/1", "2024-10-02" + MINUTE), ("/2", "2024-10-01" + MINUTE))
    first = run()
    assert first.titles == ["/2"]
    assert "500" in first.reasons[0]
    web.refusals.clear()
    web.since()
    second = run(before=first)
    assert second.titles == ["/1"]
    assert web.since() == ["/sitemap.xml", "/a.xml", "/1"]
    run(before=second)
    assert web.since() == ["/sitemap.xml"]


def test_a_page_that_is_gone_keeps_no_sitemap_open(web: Web, run: Any) -> None:
    """404 is an answer."""
    web.sitemap("/sitemap.xml", ("/1", "2024-10-02" + MINUTE))
    first = run()
    assert "404" in first.reasons[0]
    web.since()
    run(before=first)
    assert web.since() == ["/sitemap.xml"]


def test_so_many_pages_a_run_and_none_is_lost(web: Web, run: Any) -> None:
    """The newest come first, the rest in later runs, though nothing changes; older sitemaps wait unasked."""
    web.stories(5)
    days = [f"2024-10-0{day}{MINUTE}" for day in range(6)]
    web.index("/sitemap.xml", ("/old.xml", days[2]), ("/new.xml", days[5]))
    web.sitemap("/old.xml", ("/1", days[1]), ("/2", days[2]))
    web.sitemap("/new.xml", ("/3", days[3]), ("/5", days[5]), ("/4", days[4]))
    titles, last, asked = [], None, []
    for _ in range(4):
        last = run(before=last, newest=2)
        titles.append(last.titles)
        asked.append([path for path in web.since() if path.endswith("xml")])
    assert titles == [["/5", "/4"], ["/3", "/2"], ["/1"], []]
    assert asked == [
        ["/sitemap.xml", "/new.xml"],
        ["/sitemap.xml", "/new.xml", "/old.xml"],
        ["/sitemap.xml", "/old.xml"],
        ["/sitemap.xml"],
    ]


def test_what_is_left_for_later_is_remembered_as_a_number(web: Web, run: Any) -> None:
    """So that a report can say how much is still to come."""
    web.stories(5)
    web.sitemap("/sitemap.xml", *((f"/{number}", "2024-10-01") for number in range(1, 6)))
    assert '"left": 3' in run(newest=2).remembered[f"{web.address}/sitemap.xml"]


def test_pages_without_a_date_are_asked_each_time_whether_they_changed(web: Web, run: Any) -> None:
    """In document order, after those with one; the second time an unchanged one is a 304."""
    web.stories(3)
    web.sitemap("/sitemap.xml", ("/2", ""), ("/1", ""), ("/3", "2024-10-01"))
    first = run()
    assert first.titles == ["/3", "/2", "/1"]
    web.since()
    web.story("/1", "Ralat")
    second = run(before=first)
    assert second.titles == ["Ralat"]
    assert sorted(web.since()) == ["/1", "/2", "/sitemap.xml"]
    assert sum(isinstance(one, Visited) and one.status == 304 for one in second.items) == 1


def test_pages_that_failed_or_have_no_date_do_not_keep_new_ones_away(web: Web, run: Any) -> None:
    """With few pages a run, what was never read goes first."""
    web.stories(6)
    web.refusals["/1"] = 500
    web.sitemap("/sitemap.xml", *((f"/{number}", "") for number in range(1, 7)))
    titles, last = [], None
    for _ in range(3):
        last = run(before=last, newest=2)
        titles += last.titles
    assert titles == ["/2", "/3", "/4", "/5", "/6"]


def test_known_pages_without_a_date_take_turns(web: Web, run: Any) -> None:
    """Where there are more of them than a run may read, each is asked for some time."""
    web.stories(6)
    web.sitemap("/sitemap.xml", *((f"/{number}", "") for number in range(1, 7)))
    last = run()
    web.since()
    for web.hours_ago in range(40, 0, -1):
        last = run(before=last, newest=3)
    assert {path for path in web.since() if path != "/sitemap.xml"} == {
        f"/{number}" for number in range(1, 7)
    }


def test_a_sitemap_that_dates_all_pages_now_keeps_none_away(web: Web, run: Any) -> None:
    """Some software does that at each request: among pages of one day, those never read go first."""
    web.stories(5)
    titles, last = [], None
    for minute in range(3):
        web.sitemap("/sitemap.xml", *((f"/{one}", f"2024-10-01T08:0{minute}:0{one}Z") for one in range(1, 6)))
        last = run(before=last, newest=2)
        titles.append(last.titles)
    assert titles == [["/5", "/4"], ["/3", "/2"], ["/1"]]


def test_a_day_without_its_time_is_believed_when_it_is_over(web: Web, run: Any) -> None:
    """A page dated today may change again today: it is asked for again, one of last year is not."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    web.stories(2)
    web.sitemap("/sitemap.xml", ("/1", today), ("/2", "2024-10-01"))
    first = run()
    web.since()
    run(before=first)
    assert web.since() == ["/sitemap.xml", "/1"]


def test_a_news_sitemap_stands_in_where_the_page_is_silent(web: Web, run: Any) -> None:
    """Date and tags come from the sitemap, the headline from the page, though two sitemaps list it."""
    news = (
        "<n:news><n:publication_date>2024-10-28T12:40:00+07:00</n:publication_date>"
        "<n:title>Judul lain</n:title><n:keywords>nelayan, cuaca</n:keywords></n:news>"
    )
    web.story("/1", "Ombak tinggi", date="")
    web.put("/robots.txt", "Sitemap: {}/all.xml\nSitemap: {}/news.xml\n")
    web.sitemap("/all.xml", ("/1", "2024-10-28" + MINUTE))
    web.put("/news.xml", urlset(f"<url><loc>{{}}/1</loc>{news}</url>"))
    first = run("/robots.txt")
    (article,) = (one for one in first.items if isinstance(one, Article))
    assert (article.title, article.tags) == ("Ombak tinggi", ("nelayan", "cuaca"))
    assert article.published.isoformat() == "2024-10-28T12:40:00+07:00"
    assert web.since() == ["/all.xml", "/news.xml", "/1"]


def test_indexes_in_indexes_are_followed_three_deep(web: Web, run: Any) -> None:
    """A sitemap that names itself, or is named twice, is asked for once; an endless chain ends."""
    web.stories(2)
    web.index("/sitemap.xml", ("/sitemap.xml", ""), ("/2.xml", ""), ("/2.xml", ""))
    web.index("/2.xml", ("/sitemap.xml", ""), ("/3.xml", ""), ("/pages.xml", ""))
    web.sitemap("/pages.xml", ("/1", ""))
    for number in range(3, 9):
        web.index(f"/{number}.xml", (f"/{number + 1}.xml", ""))
    found = run()
    assert found.titles == ["/1"]
    assert web.since() == ["/sitemap.xml", "/2.xml", "/3.xml", "/pages.xml", "/1"]
    assert [reason[:40] for reason in found.reasons] == ["not all of the sitemaps it names are ask"]


def test_packed_sitemaps_are_unpacked(web: Web, run: Any) -> None:
    """Whatever their names."""
    web.stories(1)
    web.sitemap("/sitemap.xml", ("/1", ""))
    web.pages["/sitemap.xml.gz"] = gzip.compress(web.pages["/sitemap.xml"])
    assert run("/sitemap.xml.gz").titles == ["/1"]


def test_a_broken_sitemap_gives_what_was_whole_each_time(web: Web, run: Any) -> None:
    """And is asked for in full again."""
    web.stories(2)
    web.sitemap("/sitemap.xml", ("/1", "2024-10-01"), ("/2", "2024-10-02"))
    whole = web.pages["/sitemap.xml"]
    web.pages["/sitemap.xml"] = whole[:-25]
    first = run()
    assert first.titles == ["/1"]
    assert first.reasons == ["the sitemap breaks off here: fetch it again"]
    assert run(before=first).reasons == first.reasons
    web.pages["/sitemap.xml"] = whole
    assert run(before=first).titles == ["/2"]


def test_a_sitemap_that_cannot_be_had_costs_itself(web: Web, run: Any) -> None:
    """Its neighbours are read, and it is asked for again."""
    web.stories(2)
    web.index("/sitemap.xml", ("/a.xml", "2024-10-01"), ("/b.xml", "2024-10-02"), ("/c.xml", "2024-10-03"))
    web.sitemap("/a.xml", ("/1", "2024-10-01"))
    web.put("/b.xml", "<!doctype html><title>Tak ada</title>")
    first = run()
    assert first.titles == ["/1"]
    assert ["404" in first.reasons[0], "a web page" in first.reasons[1]] == [True, True]
    web.sitemap("/c.xml", ("/2", "2024-10-01"))
    second = run(before=first)
    assert second.titles == ["/2"]
    assert ["a web page" in reason for reason in second.reasons] == [True]


def test_a_sitemap_that_failed_is_asked_for_again_though_its_index_stays_the_same(web: Web, run: Any) -> None:
    """An index is done only when all that it names is."""
    web.stories(1)
    web.index("/sitemap.xml", ("/a.xml", "2024-10-01"))
    first = run()
    web.sitemap("/a.xml", ("/1", "2024-10-01"))
    assert run(before=first).titles == ["/1"]


def test_a_sitemap_without_a_date_is_asked_each_time_whether_it_changed(web: Web, run: Any) -> None:
    """Though its index stays the same."""
    web.stories(2)
    web.index("/sitemap.xml", ("/a.xml", ""))
    web.sitemap("/a.xml", ("/1", "2024-10-01"))
    first = run()
    web.sitemap("/a.xml", ("/1", "2024-10-01"), ("/2", "2024-10-02"))
    web.since()
    assert run(before=first).titles == ["/2"]
    assert web.since() == ["/sitemap.xml", "/a.xml", "/2"]


def test_a_page_that_failed_is_found_in_each_sitemap_that_lists_it(web: Web, run: Any) -> None:
    """A news sitemap forgets it after two days; the other one, unchanged, is still asked in full."""
    web.stories(1)
    web.refusals["/1"] = 500
    web.index("/sitemap.xml", ("/news.xml", "2024-10-02" + MINUTE), ("/all.xml", "2024-10-01" + MINUTE))
    web.sitemap("/news.xml", ("/1", "2024-10-01" + MINUTE))
    web.sitemap("/all.xml", ("/1", "2024-10-01" + MINUTE))
    first = run()
    web.refusals.clear()
    web.sitemap("/news.xml")
    assert run(before=first).titles == ["/1"]


def test_known_pages_do_not_keep_older_sitemaps_away(web: Web, run: Any) -> None:
    """Only new and changed ones count for a run that has enough to read."""
    web.stories(3)
    web.index("/sitemap.xml", ("/a.xml", ""), ("/b.xml", "2024-10-01"))
    web.sitemap("/a.xml", ("/1", ""), ("/2", ""))
    web.sitemap("/b.xml", ("/3", "2024-10-01"))
    first = run(newest=2)
    assert first.titles == ["/1", "/2"]
    assert run(before=first, newest=2).titles == ["/3"]


def test_a_sitemap_that_waits_is_not_forgotten(web: Web, run: Any) -> None:
    """Though all that was asked for was read, and the index stays the same."""
    web.stories(3)
    web.index("/sitemap.xml", ("/a.xml", "2024-10-02"), ("/b.xml", "2024-10-01"))
    web.sitemap("/a.xml", ("/1", "2024-10-02"), ("/2", "2024-10-02"))
    web.sitemap("/b.xml", ("/3", "2024-10-01"))
    first = run(newest=2)
    assert run(before=first, newest=2).titles == ["/3"]


def test_only_wanted_pages_are_read(web: Web, run: Any) -> None:
    """`include` and `exclude` are searched in addresses; with others, an unchanged sitemap is read again."""
    for path in ("/berita/1", "/toko/1", "/berita/foto/1"):
        web.story(path)
    paths = ("/berita/1", "/toko/1", "/berita/foto/1")
    web.sitemap("/sitemap.xml", *((path, "2024-10-01") for path in paths))
    first = run(include=["/berita/"], exclude=("/foto/",))
    assert first.titles == ["/berita/1"]
    second = run(before=first, include="/berita/")
    assert second.titles == ["/berita/foto/1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"include": ("(",)}, r"include: '\(' is no regular"), ({"newest": 0}, "newest = 0: give")],
)
def test_wrong_settings_are_refused_at_once(options: dict[str, Any], message: str) -> None:
    """With the setting, what is wrong and the mend."""
    with pytest.raises(ValueError, match=message):
        Sitemap("https://kabarteluk.example/", **options)


def test_pages_on_other_hosts_are_passed_over_and_counted(web: Web, run: Any) -> None:
    """One report for all of them (sitemaps.org, "cross submits")."""
    web.stories(1)
    other = (page_entry(f"https://lain.example/{number}") for number in range(3))
    web.put("/sitemap.xml", urlset(page_entry("{}/1"), *other))
    found = run()
    assert found.titles == ["/1"]
    assert [reason[:41] for reason in found.reasons] == ["3 pages are on other hosts (lain.example)"]


def test_robots_txt_lets_a_sitemap_elsewhere_speak_for_its_host(web: Web, site: Site) -> None:
    """A front page is enough to find it."""
    other = Web()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answers, other))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    web.stories(1)
    elsewhere = f"http://127.0.0.1:{httpd.server_port}"
    web.put("/robots.txt", f"User-agent: *\nDisallow: /admin\nSitemap: {elsewhere}/peta.xml\n")
    other.story("/2")
    other.pages["/peta.xml"] = urlset(page_entry(f"{web.address}/1"), page_entry(f"{elsewhere}/2")).encode()
    settings = FetchSettings(pause=0, private_hosts=frozenset({"127.0.0.1"}))
    with Fetcher(settings) as fetcher:
        items = list(Sitemap(web.address + "/", fetcher=fetcher).read(site))
    httpd.shutdown()
    thread.join()
    httpd.server_close()
    assert [one.title for one in items if isinstance(one, Article)] == ["/1", "/2"]
    assert not [one for one in items if isinstance(one, Rejected)]


def test_without_robots_txt_the_usual_addresses_are_tried(web: Web, run: Any) -> None:
    """Also where a missing page is answered with a page that says so."""
    web.stories(1)
    web.put("/sitemap.xml", "<!doctype html><title>Tak ada</title>")
    web.sitemap("/sitemap_index.xml", ("/1", ""))
    assert run("").titles == ["/1"]
    del web.pages["/sitemap_index.xml"]
    with pytest.raises(SourceError, match=r"no sitemap, neither in robots\.txt nor at /sitemap\.xml"):
        run("/")


def test_a_source_that_is_no_sitemap_fails_as_a_whole(web: Web, run: Any) -> None:
    """With its address and what it is."""
    web.put("/feed", "<rss version='2.0'><channel/></rss>")
    with pytest.raises(SourceError, match="/feed: no sitemap but a feed"):
        run("/feed")
    with pytest.raises(SourceError, match="404"):
        run("/gone.xml")
    web.put("/robots.txt", "User-agent: *\n")
    with pytest.raises(SourceError, match="names no sitemap"):
        run("/robots.txt")


def test_a_host_that_asks_to_be_left_alone_is(web: Web, run: Any) -> None:
    """The other sitemaps wait, and come the next time; a host that names no time is asked for its pages."""
    web.stories(2)
    web.refusals["/b.xml"] = 503
    web.index(
        "/sitemap.xml", *((f"/{name}.xml", f"2024-10-0{day}") for day, name in enumerate("abc", start=1))
    )
    web.sitemap("/a.xml", ("/1", "2024-10-01"))
    web.sitemap("/c.xml", ("/2", "2024-10-01"))
    first = run()
    assert first.titles == ["/2"]
    assert web.since() == ["/sitemap.xml", "/c.xml", "/b.xml", "/2"]
    assert ["are left for the next time" in reason for reason in first.reasons] == [True]
    web.refusals["/b.xml"] = 410
    assert run(before=first).titles == ["/1"]


def test_failing_sitemaps_are_not_all_asked_for(web: Web, run: Any) -> None:
    """Five in a row are enough; what is not there is no failure of the host."""
    names = [f"/{number}.xml" for number in range(1, 9)]
    web.refusals = dict.fromkeys(names[2:], 500)
    web.index("/sitemap.xml", *((name, "") for name in names))
    run()
    assert web.since() == ["/sitemap.xml", *names[:7]]


def test_a_sitemap_that_moved_is_asked_for_at_its_new_place(web: Web, run: Any) -> None:
    """And its pages are read as before."""
    web.stories(1)
    web.moved["/sitemap.xml"] = "/peta.xml"
    web.sitemap("/peta.xml", ("/1", "2024-10-01"))
    first = run()
    assert first.titles == ["/1"]
    web.since()
    run(before=first)
    assert web.since() == ["/peta.xml"]


def test_a_sitemap_that_was_fetched_already_is_not_fetched_again(web: Web, site: Site) -> None:
    """Whoever finds a sitemap at an address hands it over."""
    web.stories(1)
    web.sitemap("/sitemap.xml", ("/1", ""))
    address = f"{web.address}/sitemap.xml"
    with fetching(Fetcher(FetchSettings(pause=0))) as fetcher:
        visits = Visits(address, fetcher, {}, reading_of(site))
        items = list(Sitemap(address).read_fetched(*visits.get(address), visits, site))
    assert [type(one) for one in items] == [Article, Visited, Visited]
    assert web.since() == ["/sitemap.xml", "/1"]
