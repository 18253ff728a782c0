"""The HTTP contract (S-20 to S-35, S-38 to S-41, S-43), over real sockets: our server, and others by our
configuration, with and without compressed files beside the feeds.

INSTEAD is the list of what the others can't do: what they do instead is tested too.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pytest
from lxml import etree

URL = "https://kabarteluk.example/"
SERVERS = ["tagwire", "nginx", "nginx+sidecars", "caddy", "caddy+sidecars", "apache"]
CODINGS = {
    "tagwire": ("gzip", "br", "zstd"),
    "nginx": ("gzip",),
    "nginx+sidecars": ("gzip",),
    "caddy": ("gzip", "zstd"),  # 2.6 has no brotli of its own
    "caddy+sidecars": ("gzip", "br", "zstd"),
    "apache": ("gzip",),
}
FEED, PAGE = "/tags/nelayan/atom.xml", "/tags/nelayan/archive/1/rss.xml"
MEDIA_TYPES = {
    "/rss.xml": "application/rss+xml; charset=utf-8",
    FEED: "application/atom+xml; charset=utf-8",
    PAGE: "application/rss+xml; charset=utf-8",
    "/feed.json": "application/feed+json; charset=utf-8",
    "/archive/1/feed.json": "application/feed+json; charset=utf-8",
    "/combine/korea-utara+nelayan/rss.xml": "application/rss+xml; charset=utf-8",
    "/tags/pelabuhan-caf%C3%A9/atom.xml": "application/atom+xml; charset=utf-8",
    "/feeds.opml": "text/x-opml; charset=utf-8",
    "/.well-known/feeds": "text/x-opml; charset=utf-8",
    "/feeds.json": "application/json; charset=utf-8",
    "/feeds-autodiscovery.txt": "text/plain; charset=utf-8",
    "/.well-known/tdmrep.json": "application/json",
}
FEEDS = [path for path in MEDIA_TYPES if re.search(r"(rss|atom)\.xml$|/feed\.json$", path)]
SAME_ON_304 = ("Cache-Control", "Vary", "Access-Control-Allow-Origin", "tdm-reservation", "tdm-policy")

NGINX, CADDY = ("nginx", "nginx+sidecars"), ("caddy", "caddy+sidecars")
BUFFER = 4096  # bytes: of a body that fits in there, servers know the length before they send it

# Requirement and case -> what other servers do instead of what ours does: nginx 1.22, Caddy 2.6, Apache 2.4.
INSTEAD: dict[str, dict[str, Any]] = {
    # They ask for a file's date and size before they open it: a new one may come between. Apache then sends
    # as much of it as the old one was long.
    "S-41: versions under one tag while a file is replaced": dict.fromkeys([*CADDY, "apache"], 2),
    "S-41: a file replaced before it is opened": {"apache": "cut"},
    # Tags in a row are read up to the first thing that is none.
    "S-20: a tag behind what is none": dict.fromkeys([*CADDY, "apache"], 200),
    # Caddy reads the first line alone; nginx takes two for an attack.
    "S-20: a tag in a second line": {**dict.fromkeys(CADDY, 200), **dict.fromkeys(NGINX, 400)},
    # They want both to fit, the tag and the date.
    "S-20: a tag that fits, a date that does not": dict.fromkeys([*NGINX, "apache"], 200),
    # Go leaves it out where there is a tag, as RFC 9110, section 15.4.5, lets it.
    "S-22: Last-Modified in a 304": dict.fromkeys(CADDY, None),
    # nginx holds If-None-Match against its own tag as it is; no directive of its own mends what came.
    "S-23: a decorated tag": dict.fromkeys(NGINX, 200),
    # They compare before they compress, and tell of the file: nginx without the W/, Apache without `-gzip`.
    "S-23: the tag that a 304 repeats": dict.fromkeys(["nginx", "apache"], "the file's"),
    # Of files ready in a coding each has a tag of its own, and is compared with that alone.
    "S-23: the tag of another coding": dict.fromkeys(["nginx+sidecars", "caddy+sidecars"], 200),
    # They take what the file system says for the date, to the second.
    "S-24: a date that is to come": {**dict.fromkeys([*NGINX, *CADDY], "told"), "apache": "now"},
    # What is compressed on the fly has no length before it is sent; nor has what Caddy takes ready.
    "S-29: Content-Length of a coding": dict.fromkeys(["nginx", *CADDY], None),
    # Caddy would tell the length of an empty body compressed: our configuration sees to it that it does not.
    "S-30: the coding in the answer to HEAD": {"caddy": None},
    # It takes what its file system says of such a name for a prohibition.
    "S-35: a name longer than any file's": {"apache": 403},
}


@pytest.fixture(scope="module", params=SERVERS)
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, make_room: Any, serve: Any
) -> Iterator[Any]:
    """Every server, with a newsroom of its own, for all tests that change nothing."""
    folder = tmp_path_factory.mktemp("contract")
    with serve(request.param, make_room(folder / "room"), folder / "server") as server:
        yield server


def instead(served: Any, case: str, usual: Any) -> Any:
    """Return what this server does: as a rule the usual."""
    return INSTEAD[case].get(served.name, usual)


def file_of(served: Any, path: str) -> Path:
    """Return the file that an address stands for."""
    found: Path = served.out / unquote(path).lstrip("/")
    return found


def decoded(answer: Any) -> bytes:
    """Return the body out of its coding."""
    coding = answer.one("Content-Encoding")
    if coding == "br":
        import brotli  # type: ignore[import-untyped]  # it ships no types

        return bytes(brotli.decompress(answer.body))
    if coding == "zstd":
        from backports import zstd

        return bytes(zstd.decompress(answer.body))
    return gzip.decompress(answer.body) if coding == "gzip" else bytes(answer.body)


def links(answer: Any) -> dict[str, str]:
    """Return the addresses of Link headers, by relation."""
    found = re.findall(r'<([^>]*)>;\s*rel="([^"]*)"', ", ".join(answer.all("Link")))
    assert len({rel for _, rel in found}) == len(found), found
    return {rel: url for url, rel in found}


def assert_is_304(answer: Any) -> None:
    """A 304 has a tag and no body."""
    assert (answer.status, answer.body) == (304, b"")
    assert answer.etag


# Who names a tag (S-20, S-23)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "W/{}",
        '"lain", {}',
        '"lain",{},"lain lagi"',
        'W/"lain" ,  W/{} , "x"',
        '"a,b", {}',
        "*",
        "  {}  ",
        '"", {}',
        ", ".join(f'"lain-{number}"' for number in range(200)) + ", {}",
    ],
)
def test_s20_a_poller_that_names_the_tag_is_told_that_nothing_changed(
    served: Any, form: str, method: str
) -> None:
    """S-20: exact, weak, in a list however it is written, or `*`: 304, GET and HEAD alike."""
    tag = served.ask(FEED).etag.removeprefix("W/")
    assert_is_304(served.ask(FEED, method, If_None_Match=form.format(tag)))


@pytest.mark.parametrize("form", ['"lain"', "lain", '"', "W/", "", ",,,", '"{}x"', '"*"', "\xff\xfe", '""'])
def test_s20_a_tag_that_is_not_ours_gets_the_feed(served: Any, form: str) -> None:
    """S-20: another tag, or what is none at all: 200 with all of it, never an error."""
    answer = served.ask(FEED, If_None_Match=form.format(served.ask(FEED).etag.strip('W/"')))
    assert (answer.status, answer.body) == (200, file_of(served, FEED).read_bytes())


def test_s20_a_tag_behind_garbage_may_be_seen(served: Any) -> None:
    """S-20: what is no tag is passed over."""
    answer = served.ask(FEED, If_None_Match=f"lain, {served.ask(FEED).etag}")
    assert answer.status == instead(served, "S-20: a tag behind what is none", 304)


def test_s20_tags_may_stand_in_two_lines(served: Any) -> None:
    """S-20: If-None-Match is a list, and a list may be sent as two headers (RFC 9110, section 5.3)."""
    lines = ('If-None-Match: "lain"', f"If-None-Match: {served.ask(FEED).etag}", "Connection: close")
    status = instead(served, "S-20: a tag in a second line", 304)
    assert served.talk(head("GET", FEED, *lines)).startswith(f"HTTP/1.1 {status} ".encode())


def test_s20_a_tag_goes_before_a_date(served: Any) -> None:
    """S-20, S-21: with both, the date is ignored, whatever it says."""
    whole = served.ask(FEED)
    early, late = "Sat, 01 Jan 2000 00:00:00 GMT", whole.one("Last-Modified")
    answer = served.ask(FEED, If_None_Match=whole.etag, If_Modified_Since=early)
    assert answer.status == instead(served, "S-20: a tag that fits, a date that does not", 304)
    assert_is_304(served.ask(FEED, If_None_Match=whole.etag, If_Modified_Since=late))
    assert served.ask(FEED, If_None_Match='"lain"', If_Modified_Since=late).status == 200


@pytest.mark.parametrize(
    "form", ['"{}-gzip"', '"{}"-gzip', '"{};br"', 'W/"{}-gzip"', 'W/"{};gzip"', '"x", "{}-br"']
)
def test_s23_a_tag_that_was_decorated_on_its_way_is_known(served: Any, form: str) -> None:
    """S-23, S-01: a proxy wrote the coding into the tag, or behind it: 304 all the same."""
    tag = served.ask(FEED).etag.removeprefix("W/").strip('"')
    answer = served.ask(FEED, If_None_Match=form.format(tag))
    assert answer.status == instead(served, "S-23: a decorated tag", 304)


def test_s23_every_coding_has_its_tag_and_gets_304(served: Any) -> None:
    """S-23: each coding, and none, is sent whole, then 304 with the tag it sent; what differs has another
    strong tag, or all have a weak one.
    """
    tags: dict[str, set[str]] = {}
    for coding in ("identity", *CODINGS[served.name]):
        whole = served.ask(FEED, Accept_Encoding=coding)
        assert (whole.status, whole.one("Content-Encoding")) == (
            200,
            coding if coding != "identity" else None,
        )
        assert re.fullmatch(r'(W/)?"[\x21\x23-\x7e]+"', whole.etag)
        again = served.ask(FEED, Accept_Encoding=coding, If_None_Match=whole.etag)
        assert_is_304(again)
        repeated = instead(served, "S-23: the tag that a 304 repeats", whole.etag)
        assert again.etag == (served.ask(FEED).etag if repeated == "the file's" else repeated)
        tags.setdefault(whole.etag, set()).add(coding)
    shared = [tag for tag, codings in tags.items() if len(codings) > 1]
    assert all(tag.startswith("W/") for tag in shared)


def test_s23_who_changes_coding_need_not_fetch_again(served: Any) -> None:
    """S-23: the tag of another coding is ours too."""
    tag = served.ask(FEED, Accept_Encoding="gzip").etag
    answer = served.ask(FEED, If_None_Match=tag)
    assert answer.status == instead(served, "S-23: the tag of another coding", 304)


def test_s23_tags_are_equal_wherever_the_files_are(served: Any, serve: Any, tmp_path: Path) -> None:
    """S-23: a second server, or the same one started again, gives the same validators for every feed."""
    with serve(served.name, served.room, tmp_path / "second") as second:
        for path in MEDIA_TYPES:
            for coding in ("identity", *CODINGS[served.name]):
                one, other = (s.ask(path, "HEAD", Accept_Encoding=coding) for s in (served, second))
                assert (one.etag, one.one("Last-Modified")) == (other.etag, other.one("Last-Modified"))


def test_s23_our_own_tags_come_of_the_bytes(served: Any) -> None:
    """S-23: the hash of the bytes; other servers take the file's time and length, which change with them."""
    for path in MEDIA_TYPES:
        file = file_of(served, path)
        if served.name == "tagwire":
            expected = f'"{hashlib.sha256(file.read_bytes()).hexdigest()[:32]}"'
        elif served.software == "nginx":
            expected = f'"{int(file.stat().st_mtime):x}-{file.stat().st_size:x}"'
        elif served.name == "apache":
            expected = f'"{file.stat().st_size:x}-{file.stat().st_mtime_ns // 1000:x}"'
        else:
            expected = f'W/"{base36(int(file.stat().st_mtime))}{base36(file.stat().st_size)}"'
        assert served.ask(path).etag == expected


def base36(number: int) -> str:
    """Write a number as Caddy does in its tags."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(number // 36) if number >= 36 else "") + digits[number % 36]


# Who names a date (S-21)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("seconds", "status"), [(0, 304), (1, 304), (3600, 304), (-1, 200), (-86_400, 200)])
def test_s21_a_date_is_held_against_last_modified_as_a_date(
    served: Any, seconds: int, status: int, method: str
) -> None:
    """S-21: the date it was sent or a later one: 304; an earlier: 200."""
    modified = parsedate_to_datetime(served.ask(FEED).one("Last-Modified"))
    since = format_datetime(modified + timedelta(seconds=seconds), usegmt=True)
    assert served.ask(FEED, method, If_Modified_Since=since).status == status


def test_s21_other_spellings_of_the_date_are_dates(served: Any) -> None:
    """S-21: as RFC 850 and asctime wrote it (RFC 9110, section 5.6.7)."""
    modified = parsedate_to_datetime(served.ask(FEED).one("Last-Modified"))
    for form in ("%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"):
        assert served.ask(FEED, If_Modified_Since=modified.strftime(form)).status == 304


@pytest.mark.parametrize(
    "date",
    [
        "kemarin",
        "",
        "0",
        "-1",
        "1800-01-01",
        "Wed, 01 Jan 1800 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Mon, 99 Foo 2024 25:61:61 GMT",
        "Fri, 31 Dec 99999 23:59:59 GMT",
    ],
)
def test_s21_a_date_that_is_none_says_nothing(served: Any, date: str) -> None:
    """S-21, S-07: an invalid date, or one long before there were feeds: the whole feed, never an error."""
    answer = served.ask(FEED, If_Modified_Since=date)
    assert (answer.status, answer.body) == (200, file_of(served, FEED).read_bytes())


# The 304 (S-22)


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s22_a_304_has_the_headers_of_the_200(served: Any, path: str) -> None:
    """S-22: all but those of the body; its length, if told at all, is that of the 200."""
    for coding in ("identity", *CODINGS[served.name]):
        whole = served.ask(path, Accept_Encoding=coding)
        again = served.ask(path, Accept_Encoding=coding, If_None_Match=whole.etag)
        assert_is_304(again)
        assert [again.all(name) for name in SAME_ON_304] == [whole.all(name) for name in SAME_ON_304]
        assert links(again) == links(whole)
        modified = instead(served, "S-22: Last-Modified in a 304", whole.one("Last-Modified"))
        assert again.one("Last-Modified") == modified
        assert again.one("Date")
        assert again.one("Transfer-Encoding") is None
        assert again.one("Content-Length") in {None, whole.one("Content-Length")}


def head(method: str, path: str, *lines: str, version: str = "1.1") -> bytes:
    """Write a request as it goes over the wire."""
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: HOST", *lines, "", ""]).encode()


def test_s22_a_connection_lives_on_after_a_304(served: Any) -> None:
    """S-22: no byte follows that the next answer would stumble over, one by one or all sent at once."""
    tag = f"If-None-Match: {served.ask(FEED).etag}"
    requests = [head("GET", FEED, tag)] * 3 + [head("HEAD", FEED)] * 2
    requests += [head("GET", FEED, tag), head("GET", FEED, "Connection: close")]
    said = served.talk(b"".join(requests))
    assert [int(s) for s in re.findall(rb"HTTP/1\.1 (\d+)", said)] == [304] * 3 + [200] * 2 + [304, 200]
    assert said.endswith(b"\r\n\r\n" + file_of(served, FEED).read_bytes())


def test_http_1_0_gets_whole_answers(served: Any) -> None:
    """A poller that speaks HTTP/1.0 gets the feed with its length, not in chunks, and 304; what keeps its
    connection open says so.
    """
    file = file_of(served, FEED).read_bytes()
    start, _, body = served.talk(head("GET", FEED, version="1.0")).partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] 200 ", start)
    assert body == file
    assert f"content-length: {len(file)}".encode() in start.lower()
    lines = [f"If-None-Match: {served.ask(FEED).etag}", "Connection: keep-alive"]
    said = served.talk(head("GET", FEED, *lines, version="1.0") + head("GET", FEED, version="1.0"))
    start, _, rest = said.partition(b"\r\n\r\n")
    assert re.match(rb"HTTP/1\.[01] 304 ", start)
    assert bool(rest) == (b"connection: keep-alive" in start.lower())
    assert not rest or rest.endswith(b"\r\n\r\n" + file)


# Caches (S-24 to S-28)


def test_s25_last_modified_is_when_the_content_changed(served: Any) -> None:
    """S-24, S-25: the time of the file, which is that of its content, and never in the future."""
    for path in MEDIA_TYPES:
        answer = served.ask(path)
        modified = parsedate_to_datetime(answer.one("Last-Modified"))
        assert modified.timestamp() == int(file_of(served, path).stat().st_mtime)
        assert modified <= parsedate_to_datetime(answer.one("Date"))


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s26_s27_caches_are_told_how_long(served: Any, path: str) -> None:
    """S-26, S-27: public, for minutes or hours, and what then; nothing that makes readers ignore tags."""
    answer = served.ask(path)
    words = "public, max-age=([0-9]+), stale-while-revalidate=([0-9]+), stale-if-error=([0-9]+)"
    found = re.fullmatch(words, answer.one("Cache-Control") or "")
    assert found
    assert 60 <= int(found[1]) <= 86_400
    assert (answer.all("Expires"), answer.all("Pragma"), answer.all("Age")) == ([], [], [])


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s28_only_the_coding_varies(served: Any, path: str) -> None:
    """S-28: `Vary: Accept-Encoding`, once, in every answer about a feed, whatever is accepted."""
    for headers in (
        {},
        {"Accept_Encoding": "gzip"},
        {"If_None_Match": "*"},
        {"Cookie": "a=b", "Accept": "text/html"},
    ):
        for method in ("GET", "HEAD"):
            assert served.ask(path, method, **headers).all("Vary") == ["Accept-Encoding"]


# Codings (S-29)


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s29_every_coding_holds_the_file(served: Any, path: str) -> None:
    """S-29, S-41: the bytes of the file in each coding, with their length."""
    file = file_of(served, path).read_bytes()
    for coding in ("identity", *CODINGS[served.name]):
        answer = served.ask(path, Accept_Encoding=coding)
        assert decoded(answer) == file
        length = str(len(answer.body))
        usual = (
            length if coding == "identity" else instead(served, "S-29: Content-Length of a coding", length)
        )
        short = {length} if coding != "identity" and len(answer.body) <= BUFFER else set()
        assert answer.one("Content-Length") in {usual, *short}


@pytest.mark.parametrize(
    ("accepted", "refused"),
    [
        ("gzip;q=0", {"gzip"}),
        ("gzip;q=0.0, br", {"gzip"}),
        ("br;q=0, zstd;q=0, *", {"br", "zstd"}),
        ("gzip, identity;q=0", set()),
        ("identity;q=0", set()),
        ("*;q=0", {"gzip", "br", "zstd"}),
        ("*", set()),
        ("identity", {"gzip", "br", "zstd"}),
        ("", {"gzip", "br", "zstd"}),
        ("deflate, compress, sdch", {"gzip", "br", "zstd"}),
        ("GZip", {"br", "zstd"}),
        ("x-gzip", {"br", "zstd"}),
        ("gzip;q=0.001", {"br", "zstd"}),
        ("gzip ; q=1 , br ; q=0", {"br", "zstd"}),
        (";;;q=,,=", {"gzip", "br", "zstd"}),
        ("gzip;q=abc", {"br", "zstd"}),
    ],
)
def test_s29_no_coding_that_was_refused(served: Any, accepted: str, refused: set[str]) -> None:
    """S-29: whatever Accept-Encoding says, the answer is one that the client takes, and can be read."""
    answer = served.ask(FEED, Accept_Encoding=accepted)
    assert answer.status == 200
    assert answer.one("Content-Encoding") not in refused
    assert decoded(answer) == file_of(served, FEED).read_bytes()


# HEAD and ranges (S-30, S-31)


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s30_head_is_get_without_the_body(served: Any, path: str) -> None:
    """S-30: the same headers, in every coding, and no body."""
    for coding in ("identity", *CODINGS[served.name]):
        whole, top = (served.ask(path, method, Accept_Encoding=coding) for method in ("GET", "HEAD"))
        assert (top.status, top.body) == (200, b"")
        names = ["ETag", "Last-Modified", "Content-Type", *SAME_ON_304]
        assert [top.all(name) for name in names] == [whole.all(name) for name in names]
        assert links(top) == links(whole)
        encoding = instead(served, "S-30: the coding in the answer to HEAD", whole.one("Content-Encoding"))
        assert top.one("Content-Encoding") == encoding
        if encoding == whole.one("Content-Encoding"):
            assert top.one("Content-Length") in {None, whole.one("Content-Length")}


@pytest.mark.parametrize(
    "ranged", ["bytes=0-9", "bytes=100-", "bytes=-7", "bytes=0-0,5-9", "bytes=9999999-", "x=1", "bytes=9-1"]
)
def test_s31_a_range_is_right_or_ignored(served: Any, ranged: str) -> None:
    """S-31: 206 with the bytes that Content-Range names, 416, or the whole feed."""
    file = file_of(served, FEED).read_bytes()
    answer = served.ask(FEED, Range=ranged)
    if answer.status == 206 and (
        found := re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.one("Content-Range") or "")
    ):
        first, last, total = map(int, found.groups())
        assert (answer.body, total) == (file[first : last + 1], len(file))
    elif answer.status == 206:
        assert str(answer.one("Content-Type")).startswith("multipart/byteranges")
    elif answer.status == 416:
        assert answer.one("Content-Range") == f"bytes */{len(file)}"
    else:
        assert (answer.status, answer.body) == (200, file)


def test_s31_a_range_of_what_has_changed_since_is_the_whole(served: Any) -> None:
    """S-31: If-Range with another tag, or a weak one: all of it, never parts of two versions."""
    tag = served.ask(FEED).etag.removeprefix("W/")
    for other in ('"lain"', f"W/{tag}", "Sat, 01 Jan 2000 00:00:00 GMT"):
        answer = served.ask(FEED, Range="bytes=0-9", If_Range=other)
        assert (answer.status, answer.body) == (200, file_of(served, FEED).read_bytes())


# What is there (S-32 to S-35)


@pytest.mark.parametrize("path", MEDIA_TYPES)
def test_s32_every_document_says_what_it_is(served: Any, path: str) -> None:
    """S-32: the media type of its format, in UTF-8, whatever its coding."""
    for coding in ("identity", *CODINGS[served.name]):
        assert served.ask(path, Accept_Encoding=coding).one("Content-Type") == MEDIA_TYPES[path]


@pytest.mark.parametrize(
    "query",
    ["?_=123", "?", "?utm_source=x&a=b", "?%00%ff", "?../../rss.xml", "??", "?x=\"'<>", "?" + "a" * 2000],
)
@pytest.mark.parametrize("path", [FEED, "/tags/pelabuhan-caf%C3%A9/atom.xml"])
def test_s33_a_query_string_changes_nothing(served: Any, path: str, query: str) -> None:
    """S-33, S-04: the same bytes and headers, no redirect, and 304 for the tag that came without it."""
    plain, asked = served.ask(path), served.ask(path + query)
    names = ["ETag", "Last-Modified", "Content-Type", "Link", *SAME_ON_304]
    assert (asked.status, asked.body) == (200, plain.body)
    assert [asked.all(name) for name in names] == [plain.all(name) for name in names]
    assert_is_304(served.ask(path + query, If_None_Match=plain.etag))


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml", "feed.json"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_s34_a_renamed_tag_leads_to_its_new_address_at_once(served: Any, file: str, method: str) -> None:
    """S-34: 301, one hop, no tag of its own, also for who holds the old feed; the end names itself."""
    for headers in ({}, {"If_None_Match": "*"}, {"Accept_Encoding": "gzip, br"}):
        moved = served.ask(f"/tags/rusia/{file}", method, **headers)
        assert moved.status in {301, 308}
        assert urljoin(f"{URL}tags/rusia/", moved.one("Location")) == f"{URL}tags/federasi-rusia/{file}"
        assert moved.all("ETag") == []
    there = served.ask(f"/tags/federasi-rusia/{file}")
    assert there.status == 200
    assert f"{URL}tags/federasi-rusia/{file}".encode() in there.body
    assert moved.all("Access-Control-Allow-Origin") == ["*"]


def test_s34_pages_of_the_archive_move_along(served: Any) -> None:
    """S-34: also with a query string."""
    moved = served.ask("/tags/rusia/archive/1/atom.xml?_=1")
    assert moved.status in {301, 308}
    there = urljoin(URL, moved.one("Location")).partition("?")[0]
    assert there == f"{URL}tags/federasi-rusia/archive/1/atom.xml"


ELSEWHERE = [
    "/tags/tiada/rss.xml",
    "/tags/nelayan/rss.xml/",
    "/tags/nelayan",
    "/tags/nelayan/",
    "/tags/nelayan/archive/",
    "/tags/nelayan/archive/99/rss.xml",
    "/tags/",
    "/index.html",
    "/.tagwire/0",
    "/.tagwire/rss.xml",
    "/redirects.nginx.conf",
    "/redirects.caddy",
    "/.htaccess",
    "/_redirects",
    "/rss.xml.gz",
    "/rss.xml.br",
    "/rss.xml.zst",
    "/tags/nelayan/atom.xml.gz",
    "/private/x/rss.xml",
    "/tags/nelayan/x/rss.xml",
    "/tags/*/atom.xml",
    "/tags/%5Bn%5Delayan/atom.xml",
    "/tags/%7Benv.HOME%7D/atom.xml",
    "/tags/%24uri/atom.xml",
    "/tags/nelayan%3F/atom.xml",
    "/RSS.XML",
    "/rss.xml%00",
    "/rss.xml%20",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_s35_what_is_no_feed_is_not_there(served: Any, path: str) -> None:
    """S-35: 404 for what never was, for folders, the workshop, rules for servers, sidecars by themselves;
    never a tag, never 304.
    """
    later = "Mon, 01 Jan 2035 00:00:00 GMT"
    for headers in ({}, {"If_None_Match": "*"}, {"If_Modified_Since": later}, {"Accept_Encoding": "gzip"}):
        answer = served.ask(path, "HEAD" if "If_Modified_Since" in headers else "GET", **headers)
        assert answer.status in ({404, 400} if "%00" in path else {404})
        assert (answer.all("ETag"), answer.all("Last-Modified"), answer.all("Link")) == ([], [], [])


def test_s35_no_name_is_too_long(served: Any) -> None:
    """S-35: what no file can be called is not there."""
    answer = served.ask(f"/tags/{'a' * 300}/rss.xml")
    assert answer.status == instead(served, "S-35: a name longer than any file's", 404)


def test_s35_a_retired_tag_is_gone(served: Any) -> None:
    """S-35: 410 for what was there, and is not to be any more."""
    assert served.ask("/tags/lawas/rss.xml").status == 410


# For everybody (S-38 to S-41, S-43)


@pytest.mark.parametrize(
    "agent", ["", "curl/8.0", "python-requests/2", "Feedly/1.0", "Mozilla/5.0 (X11)", "-", "🦊"]
)
def test_s38_every_reader_gets_the_same(served: Any, agent: str) -> None:
    """S-38: whoever asks, and with whatever cookies: the feed, and no cookie."""
    headers = {"User-Agent": agent.encode().decode("latin-1"), "Cookie": "a=b", "Referer": URL}
    answer = served.ask(FEED, **headers)
    assert (answer.status, answer.body) == (200, file_of(served, FEED).read_bytes())
    assert answer.all("Set-Cookie") + answer.all("WWW-Authenticate") == []


def test_s39_pages_of_other_sites_may_read_feeds(served: Any) -> None:
    """S-39: `*`, whoever asks, with a 304 and with a 404 as well; without credentials."""
    for path, headers in ((FEED, {}), (FEED, {"If_None_Match": "*"}), ("/tags/tiada/rss.xml", {})):
        answer = served.ask(path, Origin="https://pembaca.example", **headers)
        assert answer.all("Access-Control-Allow-Origin") == ["*"]
        assert answer.all("Access-Control-Allow-Credentials") == []


def own_address(path: str, body: bytes) -> str:
    """Return the address that a feed gives as its own."""
    if path.endswith(".json"):
        found = re.search(rb'"feed_url": "([^"]+)"', body)
        assert found
        return found[1].decode()
    names = {"atom": "http://www.w3.org/2005/Atom"}
    link = etree.fromstring(body).find(".//atom:link[@rel='self']", namespaces=names)
    assert link is not None
    return str(link.get("href"))


@pytest.mark.parametrize("path", FEEDS)
def test_s40_link_headers_say_what_the_feed_says(served: Any, path: str) -> None:
    """S-40, F-81, F-102: self as in the body, the licence, whether mining is reserved."""
    answer = served.ask(path)
    expected = {"self": own_address(path, answer.body), "license": f"{URL}lisensi"}
    assert links(answer) == expected
    assert (answer.one("tdm-reservation"), answer.one("tdm-policy")) == ("1", f"{URL}tdm")
    assert expected["self"] == URL + path[1:]


@pytest.mark.parametrize(
    "path",
    [
        "/tags/pelabuhan-caf%c3%a9/atom.xml",
        "/t%61gs/nelayan/atom.xml",
        "/combine/korea-utara%2Bnelayan/rss.xml",
        "//tags//nelayan/atom.xml",
        "/tags/./nelayan/atom.xml",
        "/tags/x/../nelayan/atom.xml",
        "/tags/x/%2e%2e/nelayan/atom.xml",
        "/tags%2Fnelayan%2Fatom.xml",
        "/../../../../etc/passwd",
        "/tags/../../etc/passwd",
        "/%2e%2e/%2e%2e/tagwire.db",
        "/..%2ftagwire.db",
        "/tags/nelayan/..\\..\\..\\tagwire.db",
        "/tags/nelayan/atom.xml%23",
        "/%",
        "/%zz/rss.xml",
        "/%ff/rss.xml",
        "/tags/%ff/rss.xml",
        "/tags/nelayan/atom.xml;x=1",
    ],
)
def test_s40_other_spellings_never_lie(served: Any, path: str) -> None:
    """S-40, F-82: an address spelt otherwise gives the feed, leads to it, or is none; self is the feed's
    own all the same, or is not told; nothing outside of the folder is ever shown.
    """
    answer = served.ask(path)
    assert answer.status in {200, 301, 308, 400, 404}
    if answer.status == 200:
        file = "atom.xml" if "atom" in path else "rss.xml"
        assert answer.body in {p.read_bytes() for p in served.out.rglob(file)}
        assert links(answer).get("self") in {None, own_address(path, answer.body)}
    if "caf%c3" in path or "t%61gs" in path or "%2B" in path:
        assert answer.status == 200


def test_who_asks_for_the_difference_gets_all_of_it(served: Any) -> None:
    """F-78: 226 is off unless the settings turn it on; many that ask could not put it together."""
    answer = served.ask(FEED, A_IM="feed", If_None_Match='"lain"')
    assert (answer.status, answer.body) == (200, file_of(served, FEED).read_bytes())
    assert answer.all("IM") == []
    assert_is_304(served.ask(FEED, A_IM="feed", If_None_Match=answer.etag))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "headers", [{}, {"If_None_Match": "*"}, {"If_Modified_Since": "Mon, 01 Jan 2035 00:00:00 GMT"}]
)
def test_a_feed_can_only_be_read(served: Any, method: str, headers: dict[str, str]) -> None:
    """S-21: 405 that says what is allowed, conditional or not, and the feed stays as it is."""
    before = file_of(served, FEED).read_bytes()
    answer = served.ask(FEED, method, b"x=1", **headers)
    assert answer.status == 405
    assert {word.strip() for word in ",".join(answer.all("Allow")).split(",")} >= {"GET", "HEAD"}
    assert answer.all("ETag") == []
    assert served.ask(FEED).body == before


def test_s43_an_empty_feed_is_a_feed(served: Any) -> None:
    """S-43: 200, well formed, with no entries, of a tag whose one story was withdrawn."""
    feed = etree.fromstring(served.ask("/tags/tunggal/rss.xml").body)
    assert feed.findall("channel/item") == []
    assert served.ask("/tags/tunggal/atom.xml").status == 200
    assert b'"items": [' in served.ask("/tags/tunggal/feed.json").body


# When something changes (S-24, S-25, S-41)


@pytest.fixture(params=SERVERS)
def changing(request: pytest.FixtureRequest, tmp_path: Path, make_room: Any, serve: Any) -> Iterator[Any]:
    """Every server, with a newsroom that works on."""
    with serve(request.param, make_room(tmp_path / "room"), tmp_path / "server") as server:
        yield server


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


def next_version(served: Any, etag: str) -> Any:
    """Wait for the feed with another tag; return it."""
    until(lambda: served.ask(FEED).etag != etag)
    return served.ask(FEED)


def validators(served: Any, path: str) -> dict[str, tuple[str, str]]:
    """Return ETag and Last-Modified of each coding."""
    answers = {c: served.ask(path, "HEAD", Accept_Encoding=c) for c in ("identity", *CODINGS[served.name])}
    return {coding: (answer.etag, answer.one("Last-Modified")) for coding, answer in answers.items()}


def test_s24_both_validators_move_when_the_feed_does_and_only_then(changing: Any) -> None:
    """S-24, S-25: a rebuild with nothing new changes neither; a new story changes both, in every coding, the
    date forward, and never beyond now.
    """
    before = {path: validators(changing, path) for path in MEDIA_TYPES}
    changing.room.build()
    changing.refresh()
    assert {path: validators(changing, path) for path in MEDIA_TYPES} == before
    first = changing.room.records[0]
    changing.room.records.append(
        {**first, "url": f"{URL}berita/baru", "title": "Baru", "published": "2024-10-20"}
    )
    changing.room.build()
    changing.refresh()
    next_version(changing, before[FEED]["identity"][0])
    after = validators(changing, FEED)
    for coding, (tag, modified) in after.items():
        old_tag, old_modified = before[FEED][coding]
        assert tag != old_tag
        assert parsedate_to_datetime(old_modified) < parsedate_to_datetime(modified) <= datetime.now(UTC)
        conditional = {"Accept_Encoding": coding, "If_None_Match": old_tag}
        assert changing.ask(FEED, **conditional).status == 200
        assert changing.ask(FEED, Accept_Encoding=coding, If_Modified_Since=old_modified).status == 200
    assert validators(changing, PAGE) == before[PAGE]


def test_s24_changes_within_a_second_have_each_their_date(changing: Any) -> None:
    """S-24: of changes that follow at once, each has a later date. One that is to come yet is not told by us;
    files have it all the same, and Apache calls it now.
    """
    dates: list[datetime] = []
    room, before = changing.room, changing.ask(FEED).etag
    for number in range(3):
        room.records[0] = {**room.records[0], "title": f"Susulan {number}"}
        room.moment = datetime.now(UTC) - timedelta(minutes=1)  # it publishes a minute later: now
        room.build()
        changing.refresh()
        answer = next_version(changing, before)
        before, modified = answer.etag, answer.one("Last-Modified")
        if changing.name == "tagwire" and modified is None:
            continue
        dates.append(parsedate_to_datetime(modified))
        is_told = dates[-1] <= parsedate_to_datetime(answer.one("Date"))
        assert is_told or instead(changing, "S-24: a date that is to come", "not told") == "told"
    if instead(changing, "S-24: a date that is to come", "not told") != "now":
        assert dates == sorted(set(dates))


def test_s41_who_reads_while_feeds_are_published_gets_one_version_whole(changing: Any) -> None:
    """S-41: each answer is a whole feed, and a tag stands for the same bytes always, old or new."""
    seen: dict[tuple[str, str], set[bytes]] = {}
    cut: set[bytes] = set()
    failed: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            for coding in ("identity", "gzip"):
                answer = changing.ask(FEED, Accept_Encoding=coding)
                body = decoded(answer)
                is_whole = body.rstrip().endswith(b"</feed>")
                (seen.setdefault((coding, answer.etag), set()) if is_whole else cut).add(body)
                if answer.status != 200:
                    failed.append(answer)

    reader = threading.Thread(target=read)
    with ExitStack() as stack:
        stack.callback(reader.join)
        stack.callback(done.set)
        reader.start()
        for number in range(4):
            changing.room.records[0] = {**changing.room.records[0], "title": f"Koreksi {number}"}
            changing.room.build()
            changing.refresh()
        newest = (changing.room.out / "tags/nelayan/atom.xml").read_bytes()
        until(lambda: any(newest in bodies for bodies in seen.values()))
    assert failed == []
    most = instead(changing, "S-41: versions under one tag while a file is replaced", 1)
    assert max(map(len, seen.values())) <= most
    bodies = set[bytes]().union(*seen.values())
    for body in bodies:
        etree.fromstring(body)
    if instead(changing, "S-41: a file replaced before it is opened", "whole") == "whole":
        assert not cut
    assert all(any(body.startswith(part) for body in bodies) for part in cut)


def test_the_list_of_differences_is_used() -> None:
    """INSTEAD names cases that tests ask for, and no others."""
    text = Path(__file__).read_text("utf-8")
    asked = set(re.findall(r'instead\(\w+, "([^"]+)"', text))
    assert set(INSTEAD) == asked
