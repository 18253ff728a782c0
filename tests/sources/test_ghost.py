"""What Ghost gives for a site's Content API, against a real server on loopback that answers like one."""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.apis.ghost import Ghost
from sources.apis.ghost_post import read_post
from sources.article import Article
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.record import admit
from sources.source import Rejected, Site, SourceError, Visited
from sources.xml.feeds import read_feed

SAMPLES = Path(__file__).parent.parent / "samples" / "apis"
SITE = Site("https://teluk.example/", "teluk.example,2021", "id")
SAMPLE: dict[str, Any] = json.loads((SAMPLES / "ghost-posts.json").read_text("utf-8"))["posts"][0]
KEY = "0123456789abcdef0123456789"
JUNK: list[Any] = [
    None,
    True,
    7,
    -1.5,
    "x",
    "",
    [],
    {},
    [1],
    ["x"],
    [[]],
    [{}],
    {"name": [7]},
    [{"name": {}}],
]
START = datetime(2024, 10, 1, tzinfo=UTC)
API = "/ghost/api/content/posts/"


def make_post(number: int, **fields: Any) -> dict[str, Any]:
    """Return a post as the API gives it; each was changed 59 minutes after the one before."""
    changed = (START + timedelta(minutes=59 * number)).astimezone(timezone(timedelta(hours=7)))
    return {
        "id": f"671f2c9d1a2b3c0001{number:06x}",
        "title": f"Berita {number}",
        "html": f"<p>Isi berita {number}.</p>",
        "url": f"https://teluk.example/berita-{number}/",
        "published_at": changed.isoformat(timespec="milliseconds"),
        "updated_at": changed.isoformat(timespec="milliseconds"),
        "visibility": "public",
        "access": True,
        **fields,
    }


@dataclass
class Blog:
    """A site made with Ghost: its posts, and how it answers.

    most       posts that it gives at once
    robots     its robots.txt
    override   given the number of a request (1, 2 …), a status and body to answer instead
    meanwhile  what the newsroom does after it was answered
    asked      the query of every request for posts
    """

    posts: list[dict[str, Any]]
    most: int = 100
    robots: str = ""
    override: Callable[[int], tuple[int, Any] | None] = lambda _: None
    meanwhile: Callable[[int], None] = lambda _: None
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    def answer(self, target: str) -> tuple[int, Any]:
        """Answer a request as Ghost does."""
        path, query = urlsplit(target).path, {k: v[0] for k, v in parse_qs(urlsplit(target).query).items()}
        if path == "/robots.txt":
            return 200, self.robots.encode()
        if path != API:
            return 404, {"errors": [{"message": "Resource not found", "type": "NotFoundError"}]}
        if query.get("key") != KEY:
            return 401, {"errors": [{"message": "Unknown Content API Key", "type": "UnauthorizedError"}]}
        self.asked.append(query)
        number = len(self.asked)
        try:
            return self.override(number) or (200, self._list(query))
        finally:
            self.meanwhile(number)

    def _list(self, query: Mapping[str, str]) -> dict[str, Any]:
        assert (query["order"], query["include"], query["formats"]) == ("id asc", "authors,tags", "html")
        found = sorted(self.posts, key=lambda post: post["id"])
        conditions = dict(re.findall(r"(\w+):>'([^']*)'", query.get("filter", "")))
        if after := conditions.pop("updated_at", ""):
            found = [post for post in found if kept_date(post) > after]
        if after := conditions.pop("id", ""):
            found = [post for post in found if post["id"] > after]
        limit = min(int(query["limit"]), self.most)
        more = 2 if len(found) > limit else None
        return {"posts": copy.deepcopy(found[:limit]), "meta": {"pagination": {"page": 1, "next": more}}}


def kept_date(post: Mapping[str, Any]) -> str:
    """Return when a post was changed as Ghost's database has it."""
    return datetime.fromisoformat(post["updated_at"]).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture
def serve() -> Iterator[Callable[[Blog], Blog]]:
    """Put a site on the web."""
    servers = []

    def start(blog: Blog) -> Blog:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer."""
                status, body = blog.answer(self.path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                if status == 302:
                    self.send_header("Location", body.decode())
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((httpd, thread))
        blog.address = f"http://127.0.0.1:{httpd.server_port}"
        return blog

    yield start
    for httpd, thread in servers:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


@dataclass
class Outcome:
    """What a reading gave, and what it left to be remembered."""

    given: list[Any] = field(default_factory=list)
    error: SourceError | None = None

    def numbers(self) -> list[int]:
        """Return the numbers of the articles, in order."""
        return [int(item.position[-6:], 16) for item in self.given if isinstance(item, Article)]

    def remembered(self) -> dict[str, str]:
        """Return it as the archive hands it to the next reading."""
        return {item.url: item.remembered for item in self.given if isinstance(item, Visited)}


def visit(blog: Blog, remembered: Mapping[str, str] | None = None, key: str = KEY) -> Outcome:
    """Read a site once, and keep what came even when it ends in an error."""
    outcome = Outcome()
    with Fetcher(FetchSettings(pause=0, attempts=1)) as fetcher:
        try:
            for item in Ghost(blog.address, key, fetcher).read(SITE, remembered):
                outcome.given.append(item)
        except SourceError as error:
            outcome.error = error
    return outcome


Serve = Callable[[Blog], Blog]


def article(post: Mapping[str, Any]) -> Article:
    """Make an Article of a post."""
    found = admit(read_post(post), SITE, "test", "1")
    assert isinstance(found, Article), found
    return found


# --- one post ---


def test_a_post_is_the_same_article_from_the_api_and_from_the_feed() -> None:
    """Ghost's feed and its API give one id, which is no permanent one and becomes part of a `tag:` URI."""
    data = (SAMPLES / "ghost-feed.xml").read_bytes()
    ((_, raw),) = read_feed(data, "https://teluk.example/rss/")
    assert isinstance(raw, dict)
    fed = admit(raw, SITE, "test", "1")
    assert isinstance(fed, Article)
    given = article(SAMPLE)
    assert given.id == fed.id == "tag:teluk.example,2021:671f2c9d1a2b3c0001aaaa01"
    same = {"url", "title", "summary", "tags", "published"}
    assert given.model_dump(include=same) == fed.model_dump(include=same)


def test_a_post_gives_all_that_the_api_says_of_it() -> None:
    """Internal tags and injected code are left out; authors without a page have no address."""
    given = article(SAMPLE)
    assert given.content == "<p>Musim ikan dimulai <em>hari ini</em>.</p><p>Perahu sudah berangkat.</p>"
    assert given.published.isoformat() == "2024-10-28T12:40:00+07:00"
    assert given.modified.isoformat() == "2024-10-28T14:00:00+07:00"
    assert (given.section, given.tags) == ("Nelayan", ("Nelayan", "Perahu & Jaring"))
    assert [(person.name, person.url) for person in given.authors] == [
        ("Wulan Samudra", "https://teluk.example/author/wulan/"),
        ("Tamu", None),
    ]
    assert [(image.url, image.caption) for image in given.images] == [
        ("https://teluk.example/content/images/perahu.jpg", "Perahu di teluk")
    ]
    assert given.alternate_ids == ("https://koran.example/musim-baru/",)
    assert given.status == "usable"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # What is not for everybody is not published, even where the API gives its beginning.
        (
            {"visibility": "paid", "access": False, "html": "<p>Awal.</p>", "excerpt": "Awal."},
            {"content": None, "summary": "Awal."},
        ),
        ({"visibility": "members", "access": False, "html": "", "excerpt": ""}, {"content": None}),
        ({"visibility": "members", "access": None}, {"content": None}),
        ({"visibility": None, "access": None}, {"content": "<p>Isi berita 7.</p>"}),
        # The text's own first words are no summary.
        ({"custom_excerpt": None, "excerpt": "Isi berita 7."}, {"summary": None}),
        ({"email_only": True}, {"status": "withheld"}),
        ({"url": "https://teluk.example/404/"}, {"url": None}),
        ({"canonical_url": "https://teluk.example/berita-7"}, {"alternate_ids": ()}),
        ({"canonical_url": "https://teluk.example/"}, {"alternate_ids": ()}),
        ({"tags": [{"name": "#dalam"}], "authors": []}, {"tags": (), "section": None, "authors": ()}),
    ],
)  # fmt: skip
def test_what_posts_do_differently(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """Members' posts, mails, posts without a page, addresses that lead nowhere else, no tags."""
    given = article(make_post(7, **fields))
    assert {name: getattr(given, name) for name in expected} == expected


@pytest.mark.parametrize("name", sorted(SAMPLE))
def test_no_value_of_a_field_raises(name: str) -> None:
    """Whatever a version makes of it, a post becomes an Article or a rejection."""
    for junk in JUNK:
        post = {**copy.deepcopy(SAMPLE), name: junk}
        assert isinstance(admit(read_post(post), SITE, "test", "1"), Article | Rejected)


# --- a site ---


def test_all_posts_are_read_and_later_only_what_has_changed(serve: Serve) -> None:
    """250 posts take three requests; the next visit takes one and gives what is new or changed."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)]))
    first = visit(blog)
    assert first.error is None
    assert first.numbers() == list(range(1, 251))
    assert len(blog.asked) == 3
    blog.posts.append(make_post(260))
    blog.posts[4] |= {"updated_at": make_post(261)["updated_at"], "title": "Ralat"}
    second = visit(blog, first.remembered())
    assert second.numbers() == [5, 249, 250, 260]  # those of the last hour are asked for once more
    assert len(blog.asked) == 4
    assert visit(blog, second.remembered()).numbers() == [5, 260]


def test_a_site_that_gives_fewer_at_once_is_read_to_its_end(serve: Serve) -> None:
    """Not the length of a page says that there are more, but the site."""
    blog = serve(Blog([make_post(number) for number in range(1, 31)], most=15))
    assert visit(blog).numbers() == list(range(1, 31))
    assert len(blog.asked) == 2


def test_what_is_deleted_or_changed_meanwhile_hides_no_other_post(serve: Serve) -> None:
    """Half of the first page vanishes before the second is asked for, and a post changes: no gap."""
    blog = Blog([make_post(number) for number in range(1, 251)])

    def edit(number: int) -> None:
        if number == 1:
            blog.posts[149] |= {"updated_at": make_post(300)["updated_at"], "title": "Ralat"}
            blog.posts[99] |= {"updated_at": make_post(301)["updated_at"], "title": "Ralat"}
            blog.posts = blog.posts[50:]

    blog.meanwhile = edit
    first = visit(serve(blog))
    assert first.numbers() == list(range(1, 251))
    titles = [item.title for item in first.given if isinstance(item, Article)]
    assert (titles[149], titles[99]) == ("Ralat", "Berita 100")
    again = visit(blog, first.remembered())  # the change on the page already read is the next visit's
    assert "Ralat" in [item.title for item in again.given if isinstance(item, Article)]
    assert 100 in again.numbers()


def test_a_failure_in_the_middle_keeps_what_came_and_forgets_nothing(serve: Serve) -> None:
    """After a 500 for the second page the first's posts are there, and nothing is remembered."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)]))
    blog.override = lambda number: (500, {"errors": []}) if number == 2 else None
    outcome = visit(blog)
    assert len(outcome.numbers()) == 100
    assert outcome.remembered() == {}
    assert str(outcome.error) == f"{blog.address}: {blog.address}{API}: the server answered 500; try later"


def test_a_site_that_goes_round_in_a_circle_is_left(serve: Serve) -> None:
    """A server that does not heed the filter would give its first page for ever."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)]))
    page = {"posts": [make_post(1)], "meta": {"pagination": {"next": 2}}}
    blog.override = lambda _: (200, page)
    outcome = visit(blog)
    assert "gives the same posts again" in str(outcome.error)
    assert (outcome.numbers(), len(blog.asked)) == ([1], 2)


def test_one_bad_post_is_one_rejection_until_it_is_mended(serve: Serve) -> None:
    """It is told by its id, and its place is visited again when it comes mended."""
    bad = make_post(2, published_at="kemarin")
    blog = serve(Blog([make_post(1), bad, make_post(3)]))
    first = visit(blog)
    (rejected,) = [item for item in first.given if isinstance(item, Rejected)]
    assert (rejected.position, rejected.field) == (f"post {bad['id']}", "published")
    assert first.numbers() == [1, 3]
    place = f"{blog.address}/ghost/api/content/posts/{bad['id']}"
    assert place in first.remembered()
    blog.posts[1] = make_post(2, updated_at=make_post(9)["updated_at"])
    second = visit(blog, first.remembered())
    assert second.numbers() == [2, 3]
    assert place in second.remembered()


def test_a_post_that_is_no_object_is_a_rejection(serve: Serve) -> None:
    """Its neighbours are published."""
    blog = serve(Blog([]))
    blog.override = lambda _: (200, {"posts": ["?", make_post(1), None], "meta": None})
    outcome = visit(blog)
    rejected = [item.position for item in outcome.given if isinstance(item, Rejected)]
    assert (outcome.numbers(), rejected) == ([1], ["item 1", "item 3"])


# --- the key ---


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, {"errors": []}, "copy its Content API key once more"),
        (403, b"<html>", "copy its Content API key once more"),
        (404, {"errors": []}, "use the site's feed"),
        (410, b"", "gone for good"),
        (429, b"", "try again later"),
        (500, b"", "the server answered 500"),
        (200, b"<!DOCTYPE html><title>Maintenance</title>", "a web page came where the API's JSON should be"),
        (200, b'{"posts": [', "not JSON"),
        (200, {"errors": [{"message": "x"}]}, "no list of posts"),
        (302, f"http://127.0.0.2:9{API}?key={KEY}&limit=100".encode(), "redirects to http://127.0.0.2:9"),
        (302, f"http://127.0.0.2:9/login/{KEY}/".encode(), "redirects to http://127.0.0.2:9/login/…/"),
    ],
)
def test_an_api_that_gives_no_posts_is_a_failed_source_and_keeps_the_key_secret(
    serve: Serve, status: int, body: Any, message: str
) -> None:
    """The message names the site and the mend, not the key; nor does any error behind it."""
    blog = serve(Blog([make_post(1)]))
    blog.override = lambda _: (status, body)
    outcome = visit(blog)
    assert outcome.error is not None
    assert str(outcome.error).startswith(f"{blog.address}: {blog.address}{API}")
    assert message in str(outcome.error)
    assert outcome.error.__cause__ is None
    assert KEY not in f"{outcome.error}{outcome.given}"
    assert "limit" not in str(outcome.error)


def test_the_key_is_in_no_name_and_nothing_that_is_remembered(serve: Serve) -> None:
    """Whatever a reading yields may be printed and kept."""
    blog = serve(Blog([make_post(1), make_post(2, published_at="x")]))
    outcome = visit(blog)
    source = Ghost(blog.address, KEY)
    assert KEY not in f"{source!r}{source.name}{outcome.given}"
    assert outcome.numbers() == [1]


@pytest.mark.parametrize("key", ["", "abc", "67af:secret", "a b c d e f g h i j k"])
def test_what_can_be_no_key_is_not_sent(serve: Serve, key: str) -> None:
    """An Admin API key, which has a colon, must not go into an address."""
    blog = serve(Blog([make_post(1)]))
    outcome = visit(blog, key=key)
    assert "the key is none of Ghost's" in str(outcome.error)
    assert blog.asked == []


def test_who_has_the_key_has_leave(serve: Serve) -> None:
    """Ghost's own robots.txt forbids /ghost/ to all robots; the owner's key opens it."""
    blog = serve(Blog([make_post(1)], robots="User-agent: *\nDisallow: /ghost/\n"))
    assert visit(blog).numbers() == [1]


def test_an_address_copied_from_the_browser_will_do(serve: Serve) -> None:
    """The administrators' address, and the API's, lead to the same list."""
    blog = serve(Blog([make_post(1)]))
    address = blog.address
    for end in ("/", "/ghost/", "/ghost/#/dashboard", API):
        blog.address = address + end
        assert visit(blog).numbers() == [1]
