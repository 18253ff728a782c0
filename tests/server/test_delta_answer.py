from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import feedparser
import httpx
import pytest
from lxml import etree

from feeds.document import Document, document
from feeds.formats import FORMATS
from feeds.publication import publish
from feeds.server.coding import choose, encode
from feeds.server.conditional import held
from feeds.server.delta import delta_answer, wants_delta
from feeds.settings import Settings
from feeds.setup import open_archive, open_desk, this_moment
from feeds.sinks.disk import DiskSink

MODIFIED = int(datetime(2024, 11, 5, 5, tzinfo=UTC).timestamp())
EXPIRES = datetime(2099, 1, 1, tzinfo=UTC)
MEDIA_TYPES = {format_.file: format_.media_type for format_ in FORMATS}
TAG_FEED = "tags/nelayan/"


def republish(newsroom: Any) -> None:
    """Publish as a newsroom does whose settings want deltas."""
    with open_archive(newsroom.folder / "tagwire.db", readonly=True) as archive:
        settings = Settings.model_validate_json(archive.meta("settings") or "")
    with open_desk(settings, this_moment()) as desk:
        with desk.archive.transaction():
            desk.archive.touched.add_all()
        publish(replace(desk, deltas=True), DiskSink(newsroom.out), lambda *_: None, lambda _: True)


class Handler(BaseHTTPRequestHandler):
    """Answers a GET for a document: 304, a delta, or all of it."""

    protocol_version = "HTTP/1.1"

    def __init__(self, out: Path, archive: Path, *arguments: Any) -> None:
        self.out, self.archive = out, archive
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Answer as the real server does, in the same order."""
        path = self.path.lstrip("/")
        body = (self.out / path).read_bytes()
        found = document(path, MEDIA_TYPES[Path(path).name], body, MODIFIED)
        tags = self.headers.get("If-None-Match", "").encode()
        a_im = self.headers.get("A-IM", "").encode()
        coding = choose(self.headers.get("Accept-Encoding", "").encode())
        coding = coding if coding == "gzip" else "identity"
        if held(found.digest.hex()[:32].encode(), tags):
            self.answer(304, [("ETag", found.etag)], b"")
            return
        with open_archive(self.archive, readonly=True) as archive:
            told = delta_answer(a_im, tags, found, archive.versions, this_moment(), coding)
        whole = [("ETag", found.etag), ("Content-Type", found.media_type)]
        self.answer(*(told or (200, whole, found.body)))

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Write an answer."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def serving(newsroom: Any) -> Iterator[str]:
    """Serve what the newsroom publishes; yield the address."""
    handler = partial(Handler, newsroom.out, newsroom.folder / "tagwire.db")
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}/"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture
def news(newsroom: Any, make_record: Callable[..., dict[str, Any]]) -> Callable[..., None]:
    """Publish the articles of these numbers; `corrected` ones say something else."""

    def put(
        *numbers: int,
        corrected: tuple[int, ...] = (),
        limit: int | None = None,
        first_expires: str | None = None,
    ) -> None:
        (newsroom.folder / "publish.toml").write_text(
            '[site]\nurl = "https://kabarteluk.example/"\ntitle = "Kabar Teluk"\nlanguage = "id"\n'
            f"[feeds]\nhistory = false\n{f'limit = {limit}' if limit else ''}\n"
            '[[source]]\npath = "articles.jsonl"\n',
            "utf-8",
        )
        newsroom.write(
            *(
                make_record(n, **({"expires": first_expires} if n == 1 and first_expires else {}))
                for n in numbers
                if n not in corrected
            ),
            *(make_record(n, title=f"Ralat {n}", updated="2024-11-01T07:00:00+07:00") for n in corrected),
        )
        code, _, err = newsroom.run("build")
        assert code == 0, err
        republish(newsroom)

    return put


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """GET with these headers; answer status, headers, body without its coding."""
    sent = {"Accept-Encoding": "identity"} | {k.replace("_", "-"): v for k, v in headers.items()}
    answer = httpx.get(url, headers=sent, timeout=10)
    return answer.status_code, dict(answer.headers), answer.content


def tag_of(url: str) -> str:
    """Return the entity tag of a document as it is now."""
    return ask(url)[1]["etag"]


def made(newsroom: Any, path: str) -> Document:
    """Return a document as it is published."""
    return document(path, MEDIA_TYPES[Path(path).name], (newsroom.out / path).read_bytes(), MODIFIED)


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_feedparser_reads_what_is_new_alone(serving: str, news: Callable[..., None], file: str) -> None:
    """A poll brings the new story and the corrected one, the tag of the whole feed, and then a 304."""
    news(1, 2, 3, 4)
    url = f"{serving}{TAG_FEED}{file}"
    first = feedparser.parse(url)
    assert (first.status, len(first.entries)) == (200, 4)
    news(1, 2, 3, 4, 5, corrected=(2,))
    second = feedparser.parse(url, etag=first.etag)
    assert second.status == 226
    assert not second.bozo
    assert [entry.title for entry in second.entries] == ["Berita 5", "Ralat 2"]
    assert second.feed.title == first.feed.title
    assert second.headers["content-encoding"] == "gzip"
    merged = {e.id: e.title for e in first.entries} | {e.id: e.title for e in second.entries}
    assert merged == {e.id: e.title for e in feedparser.parse(url).entries}
    assert feedparser.parse(url, etag=second.etag).status == 304


def test_the_headers_of_a_delta(serving: str, news: Callable[..., None]) -> None:
    """They are those that the RFC asks for, and keep a delta out of caches that know nothing of it."""
    news(1, 2)
    url = f"{serving}{TAG_FEED}atom.xml"
    base = tag_of(url)
    news(1, 2, 3)
    status, headers, body = ask(url, A_IM="feed", If_None_Match=base)
    assert status == 226
    assert headers["im"] == "feed"
    assert headers["etag"] == tag_of(url) != base
    assert headers["delta-base"] == base
    assert headers["cache-control"] == "no-store, im"
    assert headers["vary"] == "A-IM, If-None-Match, Accept-Encoding"
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert "content-encoding" not in headers
    coded = ask(url, A_IM="feed", If_None_Match=base, Accept_Encoding="gzip")
    assert coded[1]["etag"] == f'{tag_of(url)[:-1]}-gzip"'
    assert coded[1]["content-encoding"] == "gzip"
    assert coded[2] == body


def test_every_format_has_deltas(serving: str, news: Callable[..., None]) -> None:
    """A delta is a whole document of its format; JSON has its commas where they belong."""
    urls = [f"{serving}{TAG_FEED}{file}" for file in ("rss.xml", "atom.xml", "feed.json")]
    news(1, 2, 3, 4)
    bases = [tag_of(url) for url in urls]
    news(1, 2, 3, 4, 5, 6, corrected=(1,))
    for url, base in zip(urls, bases, strict=True):
        status, _, body = ask(url, A_IM="feed", If_None_Match=base)
        assert status == 226
        if url.endswith("json"):
            assert [item["title"] for item in json.loads(body)["items"]] == [
                "Berita 6",
                "Berita 5",
                "Ralat 1",
            ]
        else:
            assert len(etree.fromstring(body).findall(".//{*}title")) >= 4
            assert b"Berita 3" not in body


def test_a_reader_several_versions_behind(serving: str, news: Callable[..., None]) -> None:
    """Whatever version a reader has, what it lacks is told; of several the one that needs the least."""
    url = f"{serving}{TAG_FEED}feed.json"
    tags = []
    for count in range(2, 6):
        news(*range(1, count + 1))
        tags.append(tag_of(url))
    for behind, tag in enumerate(reversed(tags[:-1]), 1):
        items = json.loads(ask(url, A_IM="feed", If_None_Match=tag)[2])["items"]
        assert len(items) == behind
    several = f'"unknown", {tags[0]}, W/{tags[2][:-1]}-gzip", {tags[1]}'
    _, headers, body = ask(url, A_IM="feed", If_None_Match=several)
    assert headers["delta-base"] == f'W/{tags[2][:-1]}-gzip"'
    assert len(json.loads(body)["items"]) == 1


@pytest.mark.parametrize(
    ("a_im", "is_wanted"),
    [
        (b"feed", True),
        (b"vcdiff, Feed;q=0.5", True),
        (b"diffe,feed ; q=1.000", True),
        (b"feed;q=0", False),
        (b"feed; q=0.000", False),
        (b"vcdiff, gzip", False),
        (b"feedback", False),
        (b"", False),
    ],
)
def test_who_wants_deltas(a_im: bytes, is_wanted: bool) -> None:
    """A reader names `feed` among what it takes, and does not refuse it."""
    assert wants_delta(a_im) is is_wanted


def test_others_get_the_whole_feed(serving: str, news: Callable[..., None]) -> None:
    """Without A-IM, without a base, with a base that was never issued here, or at another address: 200."""
    news(1, 2, 3)
    url, site = f"{serving}{TAG_FEED}atom.xml", f"{serving}atom.xml"
    base, other = tag_of(url), tag_of(site)
    news(1, 2, 3, 4)
    assert ask(url, If_None_Match=base)[0] == 200
    assert ask(url, A_IM="feed")[0] == 200
    assert ask(url, A_IM="feed", If_None_Match=other)[0] == 200
    assert ask(url, A_IM="feed", If_None_Match=f'"{"0" * 32}"')[0] == 200
    assert ask(url, A_IM="feed", If_None_Match="\"abc', =\\")[0] == 200
    assert ask(url, A_IM="feed", If_None_Match=base)[0] == 226


def test_a_withdrawn_story_is_never_kept_by_a_delta(
    serving: str, news: Callable[..., None], newsroom: Any
) -> None:
    """The whole feed tells that it is gone; also later, when it would have left by the end anyway."""
    news(1, 2, 3, 4, limit=4)
    url = f"{serving}{TAG_FEED}rss.xml"
    base = tag_of(url)
    code, _, err = newsroom.run("withdraw", "https://kabarteluk.example/berita/1", "--reason", "keliru")
    assert code == 0, err
    republish(newsroom)
    assert ask(url, A_IM="feed", If_None_Match=base)[0] == 200
    later = tag_of(url)
    news(1, 2, 3, 4, 5, limit=4)
    assert ask(url, A_IM="feed", If_None_Match=base)[0] == 200
    assert ask(url, A_IM="feed", If_None_Match=later)[0] == 226


def test_what_newer_stories_push_out_needs_no_telling(serving: str, news: Callable[..., None]) -> None:
    """A feed of four takes a fifth: its reader keeps the oldest, as readers do."""
    news(1, 2, 3, 4, limit=4)
    url = f"{serving}{TAG_FEED}feed.json"
    base = tag_of(url)
    news(1, 2, 3, 4, 5, limit=4)
    status, _, body = ask(url, A_IM="feed", If_None_Match=base)
    assert (status, [item["title"] for item in json.loads(body)["items"]]) == (226, ["Berita 5"])


def test_a_story_that_expires_is_not_kept(newsroom: Any, news: Callable[..., None]) -> None:
    """A story that was pushed out may expire later: from then on its readers get the whole feed."""
    news(1, 2, 3, limit=3, first_expires=EXPIRES.isoformat())
    path = f"{TAG_FEED}atom.xml"
    base = made(newsroom, path).etag.encode()
    news(1, 2, 3, 4, limit=3, first_expires=EXPIRES.isoformat())
    with open_archive(newsroom.folder / "tagwire.db", readonly=True) as archive:
        found, versions = made(newsroom, path), archive.versions
        assert delta_answer(b"feed", base, found, versions, EXPIRES - timedelta(seconds=1))
        assert delta_answer(b"feed", base, found, versions, EXPIRES) is None


def test_who_has_the_feed_as_it_is_gets_no_delta(newsroom: Any, news: Callable[..., None]) -> None:
    """Nothing changed for a reader that names the present version too: the ordinary answer is a 304."""
    news(1, 2)
    path = f"{TAG_FEED}rss.xml"
    base = made(newsroom, path).etag
    news(1, 2, 3)
    present = made(newsroom, path)
    with open_archive(newsroom.folder / "tagwire.db", readonly=True) as archive:
        for tags in (f"{base}, {present.etag}", f'{base}, W/{present.etag[:-1]}-gzip"', "*"):
            told = delta_answer(b"feed", tags.encode(), present, archive.versions, this_moment())
            assert told is None


def test_a_feed_that_moves_leaves_no_versions(newsroom: Any, news: Callable[..., None]) -> None:
    """A renamed tag's feed has versions at its new address alone."""
    news(1, 2)
    before = made(newsroom, f"{TAG_FEED}rss.xml")
    code, _, err = newsroom.run("tags", "rename", "nelayan", "Melaut")
    assert code == 0, err
    republish(newsroom)
    after = made(newsroom, "tags/melaut/rss.xml")
    with open_archive(newsroom.folder / "tagwire.db", readonly=True) as archive:
        assert archive.versions.of(before.path, before.digest) is None
        assert archive.versions.of(after.path, after.digest)


def test_codings_are_those_of_the_whole_feed(newsroom: Any, news: Callable[..., None]) -> None:
    """A delta in any coding is the delta itself, and its tag names the coding."""
    news(1, 2)
    path = f"{TAG_FEED}rss.xml"
    base = made(newsroom, path).etag.encode()
    news(1, 2, 3)
    with open_archive(newsroom.folder / "tagwire.db", readonly=True) as archive:
        answer = partial(delta_answer, b"feed", base, made(newsroom, path), archive.versions, this_moment())
        status, _, plain = answer() or (0, [], b"")
        assert status == 226
        for coding in ("gzip", "br", "zstd"):
            _, headers, body = answer(coding) or (0, [], b"")
            assert body == encode(coding, plain)
            assert ("Content-Encoding", coding) in headers
            assert ("ETag", f'{made(newsroom, path).etag[:-1]}-{coding}"') in headers
