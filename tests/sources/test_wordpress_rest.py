"""What WordPress gives for a site's REST API, against a real server on loopback that answers like one."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from sources.apis.wordpress import WordPress, addresses
from sources.apis.wordpress_post import read_post
from sources.article import Article
from sources.http.client import Fetcher
from sources.http.values import FetchSettings
from sources.record import admit
from sources.source import Rejected, Site, SourceError, Visited
from sources.xml.wordpress import read_export

SAMPLES = Path(__file__).parent.parent / "samples" / "apis"
SITE = Site("https://suarapesisir.example/", "suarapesisir.example,2020", "id", ZoneInfo("Asia/Jakarta"))
SAMPLE: dict[str, Any] = json.loads((SAMPLES / "wordpress-post.json").read_text("utf-8"))
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
    {"rendered": [7]},
    {"name": {}},
    {"0": "x"},
]
START = datetime(2024, 10, 1, tzinfo=UTC)


def make_post(number: int, **fields: Any) -> dict[str, Any]:
    """Return a post as the API gives it; each was changed 59 minutes after the one before."""
    changed = (START + timedelta(minutes=59 * number)).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "id": number,
        "date_gmt": changed,
        "modified_gmt": changed,
        "guid": {"rendered": f"https://suarapesisir.example/?p={number}"},
        "link": f"https://suarapesisir.example/berita/{number}/",
        "title": {"rendered": f"Berita {number}"},
        "content": {"rendered": f"<p>Isi berita {number}.</p>", "protected": False},
        "excerpt": {"rendered": "", "protected": False},
        "status": "publish",
        **fields,
    }


@dataclass
class Blog:
    """A WordPress site: its posts, and how it answers.

    route      where its list of posts is
    is_old     before 5.7, which knows no `modified_after`
    override   given the number of a request (1, 2 …), a status and body to answer instead
    meanwhile  what the newsroom does after it was answered
    asked      the query of every request for posts
    missed     every request for something else
    clock      what time it is there
    """

    posts: list[dict[str, Any]]
    route: str = "/wp-json/wp/v2/posts"
    is_old: bool = False
    override: Callable[[int], tuple[int, Any] | None] = lambda _: None
    meanwhile: Callable[[int], None] = lambda _: None
    asked: list[dict[str, str]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    address: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def answer(self, target: str) -> tuple[int, Any]:
        """Answer a request as WordPress does."""
        path, query = urlsplit(target).path, {k: v[0] for k, v in parse_qs(urlsplit(target).query).items()}
        if f"{path}{'?rest_route=' + query['rest_route'] if 'rest_route' in query else ''}" != self.route:
            self.missed.append(target)
            return 404, {"code": "rest_no_route", "message": "No route", "data": {"status": 404}}
        self.asked.append(query)
        number = len(self.asked)
        try:
            return self.override(number) or (200, self._list(query))
        finally:
            self.meanwhile(number)

    def _list(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        assert "author" in query["_embed"]
        column = {"id": "id", "modified": "modified_gmt"}[query["orderby"]]
        found = sorted(self.posts, key=lambda post: post[column], reverse=query["order"] == "desc")
        if (after := query.get("modified_after")) and not self.is_old:
            assert after.endswith("Z")  # else WordPress takes it for local time
            found = [post for post in found if post["modified_gmt"] > after.removesuffix("Z")]
        start = int(query.get("offset", 0))
        return copy.deepcopy(found[start : start + int(query["per_page"])])


@pytest.fixture
def serve() -> Iterator[Callable[[Blog], Blog]]:
    """Put a site on the web."""
    servers = []

    def start(blog: Blog) -> Blog:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer."""
                status, body = (404, b"") if self.path == "/robots.txt" else blog.answer(self.path)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def date_time_string(self, *_: Any) -> str:
                """Return the Date header's value."""
                return format_datetime(blog.clock(), usegmt=True)

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
    error: str = ""

    def ids(self) -> list[int]:
        """Return the numbers of the articles, in order."""
        return [int(item.position.split()[1]) for item in self.given if isinstance(item, Article)]

    def remembered(self) -> dict[str, str]:
        """Return it as the archive hands it to the next reading."""
        return {item.url: item.remembered for item in self.given if isinstance(item, Visited)}


def visit(
    blog: Blog, remembered: Mapping[str, str] | None = None, types: tuple[str, ...] = ("posts",)
) -> Outcome:
    """Read a site once, and keep what came even when it ends in an error."""
    outcome = Outcome()
    with Fetcher(FetchSettings(pause=0, attempts=1)) as fetcher:
        try:
            for item in WordPress(blog.address, fetcher, types).read(SITE, remembered):
                outcome.given.append(item)
        except SourceError as error:
            outcome.error = str(error)
    return outcome


Serve = Callable[[Blog], Blog]


def article(post: Mapping[str, Any]) -> Article:
    """Make an Article of a post."""
    found = admit(read_post(post, "https://suarapesisir.example"), SITE, "test", "1")
    assert isinstance(found, Article), found
    return found


# --- one post ---


def test_a_post_is_the_same_article_from_the_api_and_from_an_export() -> None:
    """Id, dates, words and people are equal; the API knows more of the picture and the author."""
    with (SAMPLES / "wordpress-export.xml").open("rb") as stream:
        ((_, raw),) = read_export(stream)
    assert isinstance(raw, dict)
    exported = admit(raw, SITE, "test", "1")
    assert isinstance(exported, Article)
    given = article(SAMPLE)
    more = {"images", "authors", "content"}
    assert given.model_dump(exclude=more) == exported.model_dump(exclude=more)
    assert "".join((given.content or "").split()) == "".join((exported.content or "").split())
    assert [image.url for image in given.images] == [image.url for image in exported.images]
    assert [person.name for person in given.authors] == [person.name for person in exported.authors]


def test_a_post_gives_all_that_the_api_says_of_it() -> None:
    """Entities are characters, dates are in UTC, pictures have sizes, caption and credit."""
    given = article(SAMPLE)
    assert (given.id, given.title) == ("https://suarapesisir.example/?p=71", "Dermaga & pasar: nelayan’s day")
    assert given.published.isoformat() == "2024-10-28T05:40:00+00:00"
    assert given.modified.isoformat() == "2024-10-28T07:00:00+00:00"
    assert (given.section, given.tags, given.language) == ("Ekonomi", ("Nelayan", "Pasar Ikan"), "id-ID")
    assert given.authors[0].url == "https://suarapesisir.example/author/sari/"
    (image,) = given.images
    assert (image.width, image.length, image.credit) == (1200, 90210, "Joko Laut")
    assert image.caption == "Dermaga baru dari udara."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"guid": {"rendered": "https://x.example/?post_type=b&#038;p=7"}}, {"id": "https://x.example/?post_type=b&p=7"}),
        ({"guid": None}, {"id": "https://suarapesisir.example/?p=7"}),
        ({"content": {"rendered": "", "protected": True}}, {"status": "withheld"}),
        ({"status": "private"}, {"status": "withheld"}),
        ({"excerpt": {"rendered": "<p>Isi &#8230; [&hellip;]</p>"}}, {"summary": None}),
        ({"excerpt": {"rendered": "<p>Isi berita 7.</p>\n"}}, {"summary": None}),
        ({"excerpt": {"rendered": "<p>Isi &hellip; <a class='more-link'>Baca</a>"}}, {"summary": None}),
        ({"excerpt": {"rendered": "<p>Ditulis redaksi.</p>\n"}}, {"summary": "Ditulis redaksi."}),
        ({"title": "Judul &#8220;polos&#8221;"}, {"title": "Judul “polos”"}),
        ({"lang": "en"}, {"language": "en"}),
        (
            {"content": {"rendered": "<p>[vc_row a=\"1\"]Isi[/vc_row]</p>"}},
            {"content": "<p>Isi</p>"},
        ),
        (
            {"class_list": {"0": "post", "1": "category-olahraga", "2": "tag-sepak-bola"}},
            {"section": "olahraga", "tags": ("sepak bola",)},
        ),
    ],
)  # fmt: skip
def test_what_sites_do_differently(fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """Escaped and missing guids, passwords, cut excerpts, plain titles, builders' codes, hidden terms."""
    given = article(make_post(7, **fields))
    assert {name: getattr(given, name) for name in expected} == expected


def test_a_missing_date_is_the_sites_own_time() -> None:
    """An empty `date_gmt`, or what databases write for none, leaves the local date, in the site's zone."""
    for none in ("", None, "0000-00-00T00:00:00", "-0001-11-30T00:00:00"):
        given = article(make_post(7, date_gmt=none, modified_gmt=none, date="2024-10-28T12:40:00"))
        assert given.published.isoformat() == "2024-10-28T12:40:00+07:00"
        assert given.date_basis.published == "assumed"


def test_several_authors_are_named_by_plugins() -> None:
    """A plugin's list goes before the one user that WordPress knows; an embedded error names nobody."""
    gone = {
        "author": [{"code": "rest_user_invalid_id", "message": "Invalid user ID.", "data": {"status": 404}}]
    }
    assert article(make_post(7, _embedded=gone)).authors == ()
    listed = make_post(
        7, _embedded=SAMPLE["_embedded"], authors=[{"display_name": "Ani"}, {"display_name": "Budi"}]
    )
    assert [person.name for person in article(listed).authors] == ["Ani", "Budi"]
    guest = make_post(7, _embedded=gone, yoast_head_json={"author": "Tamu"})
    assert [person.name for person in article(guest).authors] == ["Tamu"]


def test_a_picture_that_may_not_be_embedded_is_found_elsewhere() -> None:
    """An error stands where the picture should; other plugins name it. The site's own picture is none."""
    post = {**SAMPLE, "_embedded": {"wp:featuredmedia": [{"code": "rest_forbidden", "message": "No."}]}}
    assert article(post).images[0].url == "https://suarapesisir.example/foto/dermaga.jpg"
    post |= {"jetpack_featured_media_url": ""}
    assert article(post).images[0].width == 1200
    assert article({**post, "featured_media": 0}).images == ()


def test_the_first_category_is_the_section_and_the_others_are_tags() -> None:
    """Terms stand in the order of their names, as in an export; the category of those without one is none."""
    terms = [
        [
            {"name": "Uji", "slug": "uncategorized", "taxonomy": "category"},
            {"name": "Pasar", "slug": "pasar", "taxonomy": "category"},
            {"name": "Ekonomi", "slug": "ekonomi", "taxonomy": "category"},
        ],
        [
            {"name": "ikan", "slug": "ikan", "taxonomy": "post_tag"},
            {"name": "Udang", "slug": "udang", "taxonomy": "post_tag"},
        ],
        [{"name": "cap-ani", "slug": "cap-ani", "taxonomy": "author"}],
        [{"code": "rest_forbidden", "message": "No.", "data": {"status": 401}}],
    ]
    given = article(make_post(7, _embedded={"wp:term": terms}))
    assert (given.section, given.tags) == ("Ekonomi", ("ikan", "Pasar", "Udang"))


@pytest.mark.parametrize("name", sorted(SAMPLE))
def test_no_value_of_a_field_raises(name: str) -> None:
    """Whatever plugins make of it, a post becomes an Article or a rejection."""
    for junk in JUNK:
        post = {**copy.deepcopy(SAMPLE), name: junk}
        assert isinstance(admit(read_post(post, "https://x.example"), SITE, "test", "1"), Article | Rejected)
        if name.startswith("_embedded"):
            post[name] = dict.fromkeys(SAMPLE[name], junk)
            assert isinstance(admit(read_post(post, "https://x.example"), SITE, "test", "1"), Article)


# --- a site ---


def test_all_posts_are_read_and_later_only_what_has_changed(serve: Serve) -> None:
    """250 posts take three requests; the next visit takes one and gives what is new or changed."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)]))
    first = visit(blog)
    assert first.error == ""
    assert first.ids() == list(range(250, 0, -1))
    assert len(blog.asked) == 3
    blog.posts.append(make_post(260))
    blog.posts[4] |= {"modified_gmt": make_post(261)["modified_gmt"], "title": {"rendered": "Ralat"}}
    second = visit(blog, first.remembered())
    assert second.ids() == [5, 260, 250, 249]  # those of the last hour are asked for once more
    assert len(blog.asked) == 4
    assert visit(blog, second.remembered()).ids() == [5, 260]


def test_a_site_from_before_5_7_is_read_until_what_is_known(serve: Serve) -> None:
    """It ignores `modified_after`; reading stops at the first post that is older."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)], is_old=True))
    first = visit(blog)
    blog.posts.append(make_post(260))
    assert visit(blog, first.remembered()).ids() == [260, 250, 249]
    assert len(blog.asked) == 4


def test_what_is_deleted_meanwhile_hides_no_other_post(serve: Serve) -> None:
    """Three posts of the first page vanish before the second is asked for: all others are there."""
    blog = Blog([make_post(number) for number in range(1, 251)])

    def delete(number: int) -> None:
        if number == 1:
            blog.posts = [post for post in blog.posts if post["id"] not in (249, 248, 200)]

    blog.meanwhile = delete
    outcome = visit(serve(blog))
    assert sorted(outcome.ids()) == list(range(1, 251))


def test_too_many_deletions_are_no_gap_but_an_error(serve: Serve) -> None:
    """If pages no longer meet, the source fails, and the next visit reads everything."""
    blog = Blog([make_post(number) for number in range(1, 251)])

    def delete(number: int) -> None:
        if number == 1:
            blog.posts = blog.posts[:200]

    blog.meanwhile = delete
    outcome = visit(serve(blog))
    assert "changes while it is read; read it again later" in outcome.error
    assert len(outcome.ids()) == 100
    assert outcome.remembered() == {}


def test_a_post_that_changes_while_pages_are_read_is_given_by_the_next_visit(serve: Serve) -> None:
    """One already read changes after its page was asked for; the next visit gives its new words."""
    blog = Blog([make_post(number) for number in range(1, 251)])

    def change(number: int) -> None:
        if number == 1:
            blog.posts[239] |= {"title": {"rendered": "Ralat"}, "modified_gmt": "2024-10-20T00:00:00"}

    blog.meanwhile = change
    first = visit(serve(blog))
    assert sorted(first.ids()) == list(range(1, 251))
    second = visit(blog, first.remembered())
    assert "Ralat" in [item.title for item in second.given if isinstance(item, Article)]


def test_what_changes_while_a_long_reading_goes_on_is_given_by_the_next_visit(serve: Serve) -> None:
    """What is remembered is not later than the first page, whatever a later page has."""
    now = datetime.now(UTC).replace(microsecond=0)
    blog = Blog([make_post(number) for number in range(1, 151)])
    blog.clock = lambda: now - timedelta(hours=3 if len(blog.asked) < 2 else 0)

    def change(number: int) -> None:
        if number == 1:
            early, late = (now - timedelta(minutes=minutes) for minutes in (150, 5))
            blog.posts[149] |= {"modified_gmt": early.strftime("%Y-%m-%dT%H:%M:%S")}
            blog.posts[0] |= {"modified_gmt": late.strftime("%Y-%m-%dT%H:%M:%S")}

    blog.meanwhile = change
    first = visit(serve(blog))
    assert len(first.ids()) == 150
    assert visit(blog, first.remembered()).ids() == [1, 150]


def test_new_posts_while_pages_are_read_give_no_post_twice(serve: Serve) -> None:
    """They push older ones over the edge of a page."""
    blog = Blog([make_post(number) for number in range(1, 151)])
    blog.meanwhile = lambda number: blog.posts.extend([make_post(200), make_post(201)] if number == 1 else [])
    outcome = visit(serve(blog))
    assert outcome.ids() == list(range(150, 0, -1))
    assert visit(blog, outcome.remembered()).ids()[:2] == [201, 200]


def test_a_failure_in_the_middle_keeps_what_came_and_forgets_nothing(serve: Serve) -> None:
    """After a 500 for the second page the first's posts are there, and nothing is remembered."""
    blog = serve(Blog([make_post(number) for number in range(1, 251)]))
    blog.override = lambda number: (500, {"code": "internal", "message": "x"}) if number == 2 else None
    outcome = visit(blog)
    assert len(outcome.ids()) == 100
    assert outcome.remembered() == {}
    assert (
        outcome.error
        == f"{blog.address}: {blog.address}/wp-json/wp/v2/posts: the server answered 500; try later"
    )


def test_a_date_in_the_future_hides_nothing(serve: Serve) -> None:
    """A wrong clock's date is not where the next visit starts from."""
    blog = serve(Blog([make_post(1), make_post(2, modified_gmt="2199-01-01T00:00:00")]))
    first = visit(blog)
    now = datetime.now(UTC) + timedelta(minutes=1)
    blog.posts.append(make_post(3, modified_gmt=now.strftime("%Y-%m-%dT%H:%M:%S")))
    assert 3 in visit(blog, first.remembered()).ids()


def test_one_bad_post_is_one_rejection_until_it_is_mended(serve: Serve) -> None:
    """It is told by its number, and its place is visited again when it comes mended."""
    bad = make_post(2, date_gmt="kemarin", modified_gmt=None, date="kemarin")
    blog = serve(Blog([make_post(1), bad, make_post(3)]))
    # Sorted by id, so what the API gives need not be comparable.
    blog.override = lambda number: (
        (200, [make_post(3), bad, "?", {"title": "x"}, make_post(1)]) if number == 1 else None
    )
    first = visit(blog)
    rejected = [item for item in first.given if isinstance(item, Rejected)]
    assert [(item.position, item.field) for item in rejected] == [
        ("post 2", "published"),
        ("item 3", ""),
        ("item 4", "published"),
    ]
    assert first.ids() == [3, 1]
    place = f"{blog.address}/wp-json/wp/v2/posts/2"
    assert place in first.remembered()
    blog.posts[1] = make_post(2, modified_gmt=make_post(9)["modified_gmt"])
    second = visit(blog, first.remembered())
    assert second.ids() == [2, 3]
    assert place in second.remembered()


def test_a_mark_before_the_json_and_a_wrong_byte_in_it_cost_no_post(serve: Serve) -> None:
    """Both come of files in a site's theme that an editor saved."""
    blog = serve(Blog([]))
    body = json.dumps([make_post(1, title={"rendered": "Kafe Caf~"})]).encode().replace(b"~", b"\xe9")
    blog.override = lambda _: (200, b"\xef\xbb\xbf" + body)
    assert [item.title for item in visit(blog).given if isinstance(item, Article)] == ["Kafe Caf\ufffd"]


def test_a_site_with_plain_addresses_is_found(serve: Serve) -> None:
    """Without pretty addresses the API is asked for by a parameter; the next visit goes there at once."""
    blog = serve(Blog([make_post(1)], route="/?rest_route=/wp/v2/posts"))
    first = visit(blog)
    assert (first.ids(), len(blog.missed)) == ([1], 1)
    visit(blog, first.remembered())
    assert (len(blog.asked), len(blog.missed)) == (2, 1)


def test_pages_are_read_when_asked_for(serve: Serve) -> None:
    """Each type has a list, and a memory, of its own."""
    blog = serve(Blog([make_post(1)], route="/wp-json/wp/v2/pages"))
    outcome = visit(blog, types=("pages",))
    assert outcome.ids() == [1]
    assert list(outcome.remembered()) == [f"{blog.address}/wp-json/wp/v2/pages"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/", "https://x.example/wp-json/wp/v2/posts"),
        ("https://x.example/blog", "https://x.example/blog/wp-json/wp/v2/posts"),
        ("https://x.example/wp-json/", "https://x.example/wp-json/wp/v2/posts"),
        ("https://x.example/wp-json/wp/v2/posts", "https://x.example/wp-json/wp/v2/posts"),
        ("https://x.example/?rest_route=/", "https://x.example/wp-json/wp/v2/posts"),
        ("https://x.example/?rest_route=/wp/v2", "https://x.example/?rest_route=/wp/v2/posts"),
        ("https://public-api.example/wp/v2/sites/y.example", "https://public-api.example/wp/v2/sites/y.example/posts"),
    ],
)  # fmt: skip
def test_a_front_address_and_an_apis_lead_to_the_same_list(url: str, expected: str) -> None:
    """What an operator copies from a browser will do."""
    assert addresses(url, "posts")[0] == expected


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, {"code": "rest_not_logged_in"}, "answered 401; this site's REST API is closed: use its feed"),
        (403, b"<html>Forbidden", "this site's REST API is closed: use its feed or an export"),
        (404, {"code": "rest_no_route"}, "use the site's feed or an export"),
        (
            200,
            b"\n<!DOCTYPE html><title>Just a moment</title>",
            "a web page came where the API's JSON should be",
        ),
        (200, b'[{"id": 1,', "not JSON"),
        (200, {"code": "rest_disabled", "message": "REST is off."}, "no list of posts but 'REST is off.'"),
        (503, b"", "try again later"),
    ],
)
def test_an_api_that_gives_no_posts_is_a_failed_source(
    serve: Serve, status: int, body: Any, message: str
) -> None:
    """The message names the site and the mend, and is free of what was asked."""
    blog = serve(Blog([make_post(1)]))
    blog.override = lambda _: (status, body)
    outcome = visit(blog)
    assert outcome.error.startswith(f"{blog.address}: {blog.address}/wp-json/wp/v2/posts")
    assert message in outcome.error
    assert "per_page" not in outcome.error
    assert outcome.given == []
