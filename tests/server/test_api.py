from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.values import ArchiveError, Withdrawal
from feeds.server.api import routes
from feeds.server.openapi import MOST_RECORDS, description
from feeds.server.patterns import MOMENT, SHOWS
from feeds.server.problem import HANDLERS, Busy
from sources.source import Site

T = TypeVar("T")
Json = dict[str, Any]

LIMIT = 200_000  # bytes
NOW = datetime(2024, 11, 1, tzinfo=UTC)
ID = "tag:kabarteluk.example,2005:4711"
JSON = {"content-type": "application/json"}
STORY: Json = {
    "url": "https://kabarteluk.example/berita/perahu",
    "title": "Perahu nelayan kembali melaut",
    "content": "<p>Setelah sepekan badai, perahu nelayan kembali melaut.</p>",
    "published": "2024-10-28T12:40:00+07:00",
    "tags": ["nelayan"],
}


@dataclass(frozen=True)
class Token:
    """What a token opens."""

    scopes: frozenset[str]


TOKENS = {
    "kunci-tulis": Token(frozenset({"articles:read", "articles:write"})),
    "kunci-baca": Token(frozenset({"articles:read"})),
}


async def token_of(secret: str) -> Token | None:
    """Return the token with this secret."""
    return TOKENS.get(secret)


class Served:
    """An archive in a file and the API in front of it; each test has a new file."""

    def __init__(self) -> None:
        self.path = Path()
        self.site = Site("", "")
        self.failure: Exception | None = None
        api = routes(self._write, self._read, lambda: self.site, LIMIT, token_of)
        feeds = Route("/{path:path}", self._feed)  # as `serve` has it behind the API
        self.app = Starlette(routes=[*api, feeds], exception_handlers=HANDLERS)

    async def _feed(self, _: Request) -> Response:
        raise HTTPException(404)

    def begin(self, path: Path, site: Site) -> None:
        """Begin an archive."""
        self.path, self.site, self.failure = path, site, None
        with self.archive() as archive, archive.transaction():
            archive.set_meta("tagging_entity", site.tagging_entity)

    def archive(self, readonly: bool = False) -> closing[SqliteArchive]:
        """Open the archive beside the server."""
        return closing(SqliteArchive(self.path, readonly))

    async def _write(self, work: Callable[[SqliteArchive], T], /) -> T:
        if self.failure:
            raise self.failure

        def run() -> T:
            with self.archive() as archive, archive.transaction():
                return work(archive)

        return await run_in_threadpool(run)

    async def _read(self, work: Callable[[SqliteArchive], T], /) -> T:
        def run() -> T:
            with self.archive(readonly=True) as archive:
                return work(archive)

        return await run_in_threadpool(run)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Served]]:
    """A real server for all tests here: its address, and what it serves."""
    served = Served()
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(served.app, log_config=None, lifespan="off", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", served
    server.should_exit = True
    thread.join(20)
    listener.close()


@pytest.fixture
def served(server: tuple[str, Served], tmp_path: Path, site: Site) -> Served:
    """An empty archive behind the API."""
    server[1].begin(tmp_path / "archive.db", site)
    return server[1]


@pytest.fixture
def url(server: tuple[str, Served], served: Served) -> str:
    """The API's address."""
    assert served.path.exists()
    return server[0]


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    """A content system with a token for everything."""
    headers = {"authorization": "Bearer kunci-tulis"}
    with httpx.Client(base_url=url, headers=headers, timeout=20) as client:
        yield client


def address(text: str) -> str:
    """Return where an article is in the API."""
    return f"/articles/{quote(text, safe='')}"


def put(client: httpx.Client, text: str, record: Json, **headers: str) -> httpx.Response:
    """Put a record under an id or an address."""
    return client.put(address(text), json=record, headers=headers)


def problem_of(answer: httpx.Response, status: int) -> Json:
    """Return the problem that an answer holds; check what every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem: Json = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


# --- PUT ---


def test_a_new_article_is_created_and_durable(client: httpx.Client, served: Served) -> None:
    """201 names the article's address, and the archive has it when the answer is there."""
    answer = put(client, "4711", STORY)
    assert answer.status_code == 201
    assert answer.json() == {
        "position": "body",
        "result": "new",
        "id": ID,
        "url": STORY["url"],
        "title": STORY["title"],
        "status": "usable",
    }
    assert client.get(answer.headers["location"]).json()["title"] == STORY["title"]
    with served.archive() as archive:
        assert archive.knows(ID)


def test_a_repeated_put_is_unchanged_and_a_differing_one_changed(client: httpx.Client) -> None:
    """To send an article again changes nothing; another headline does."""
    put(client, "4711", STORY)
    again = put(client, "4711", STORY)
    assert (again.status_code, again.json()["result"]) == (200, "unchanged")
    other = put(client, "4711", {**STORY, "title": "Nelayan melaut lagi"})
    assert (other.status_code, other.json()["result"]) == (200, "changed")
    assert client.get(address("4711")).json()["title"] == "Nelayan melaut lagi"


def test_what_get_gave_can_be_put_back(client: httpx.Client) -> None:
    """An article's own JSON is a record like any other, and tells of no change."""
    put(client, "4711", {**STORY, "authors": ["Siti"], "images": ["https://kabarteluk.example/a.webp"]})
    got = client.get(address("4711")).json()
    assert put(client, "4711", got).json()["result"] == "unchanged"


def test_only_if_it_is_new(client: httpx.Client) -> None:
    """If-None-Match: * takes an article that is not there, and leaves one that is (RFC 9110, 13.1.2)."""
    headers = {"if-none-match": "*"}
    assert put(client, "4711", STORY, **headers).status_code == 201
    problem_of(put(client, "4711", {**STORY, "title": "Lain"}, **headers), 412)
    assert client.get(address("4711")).json()["title"] == STORY["title"]


@pytest.mark.parametrize(
    "text",
    [
        ID,
        "4711",
        "https://kabarteluk.example/berita/perahu",
        "http://kabarteluk.example/berita/perahu/",
        "https://kabarteluk.example/berita/perahu?utm_source=surat",
    ],
)
def test_an_article_is_found_by_its_id_and_by_its_address(client: httpx.Client, text: str) -> None:
    """Whatever leads to an article in the archive leads to it here, percent-encoded."""
    put(client, "4711", STORY)
    assert client.get(address(text)).json()["id"] == ID
    assert put(client, text, STORY).json() == {
        **client.put(address("4711"), json=STORY).json(),
        "result": "unchanged",
    }


def test_a_body_may_say_its_id_but_no_other(client: httpx.Client) -> None:
    """A body at odds with its address is refused with 409 (RFC 9110, section 9.3.4)."""
    assert put(client, "4711", {**STORY, "id": 4711}).status_code == 201
    assert put(client, STORY["url"], {**STORY, "id": ID}).json()["result"] == "unchanged"
    mine = {**STORY, "id": "5", "url": "https://kabarteluk.example/berita/5"}
    assert put(client, mine["url"], mine).json()["id"] == "tag:kabarteluk.example,2005:5"
    (error,) = problem_of(put(client, "4711", {**STORY, "id": "4712"}), 409)["errors"]
    assert error["field"] == "id"
    assert "4712" in error["reason"]
    problem_of(client.get(address("4712")), 404)


def test_an_older_version_is_a_conflict(client: httpx.Client) -> None:
    """What says that it changed before the version kept is not taken back."""
    put(client, "4711", {**STORY, "modified": "2024-10-29T12:40:00+07:00"})
    answer = put(client, "4711", {**STORY, "title": "Lama", "modified": "2024-10-28T13:00:00+07:00"})
    assert "modified" in problem_of(answer, 409)["detail"]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({**STORY, "published": "kemarin dulu"}, "published"),
        ({**STORY, "published": "2024-02-30T12:00:00Z"}, "published"),
        ({**STORY, "published": None}, "published"),
        ({**STORY, "published": "\x00"}, "published"),
        ({**STORY, "title": 7}, "title"),
        ({"published": STORY["published"]}, "title"),
        ({**STORY, "url": "/berita/1"}, "url"),
        ({**STORY, "url": "https://["}, "url"),
        ({**STORY, "tags": [["nelayan"]]}, "tags[0]"),
        ({**STORY, "status": "entah"}, "status"),
        ({**STORY, "language": "bahasa gado-gado"}, "language"),
        ({**STORY, "id": True}, "id"),
        ({**STORY, "id": " a"}, "id"),
        ({**STORY, "id": "a\x00b"}, "id"),
        ({**STORY, "id": "a" * 1001}, "id"),
        ({**STORY, "headlines": [{"role": "main"}]}, "headlines[0]"),
        ({**STORY, "title": "a\ud800b"}, ""),
        (["bukan"], ""),
    ],
)
def test_a_record_that_is_no_article_is_rejected_with_its_field(
    client: httpx.Client, record: Any, field: str
) -> None:
    """422 names the position, the field and the mend."""
    answer = client.put(address("4711"), content=json.dumps(record), headers=JSON)
    (error,) = problem_of(answer, 422)["errors"]
    assert (error["position"], error["field"]) == ("body", field)
    assert error["reason"]
    problem_of(client.get(address("4711")), 404)


@pytest.mark.parametrize("path", ["%00", "a%00b", "%20a", "a" * 1001, "%FF", "%ED%A0%80"])
def test_no_id(client: httpx.Client, path: str) -> None:
    """What can be no id leads nowhere, and nothing is put under it."""
    assert "id" in problem_of(client.put(f"/articles/{path}", json=STORY), 422)["detail"]
    problem_of(client.get(f"/articles/{path}"), 404)
    problem_of(client.delete(f"/articles/{path}"), 404)


# --- bodies ---


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "not JSON"),
        (b'{"title": ', "line 1, column 11"),
        (b'{"title": "\xff"}', "not UTF-8 at byte 12"),
        (b'{"title": NaN}', "NaN"),
        (b'{"title": "a", "title": "b"}', "'title' stands twice"),
        (b'{"title": "a\tb"}', "column"),
        (b"[" * 100_000, "nested"),
        (b'{"id": ' + b"7" * 5_000 + b"}", "5,000 digits"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/articles/4711"), ("POST", "/articles")])
def test_a_body_that_is_no_json(client: httpx.Client, method: str, path: str, body: bytes, told: str) -> None:
    """400 says what is wrong and where; NaN and a key that stands twice are no JSON that can be trusted."""
    assert told in problem_of(client.request(method, path, content=body, headers=JSON), 400)["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_a_body_of_another_kind(client: httpx.Client, headers: dict[str, str]) -> None:
    """415 says what to send."""
    problem = problem_of(client.post("/articles", content=b"{}", headers=headers), 415)
    assert "send" in problem["detail"]


@pytest.mark.parametrize(
    "shown",
    ["a", "\x7f", "é", "\u200b", "\ufffd", "🐟", "", " ", "\x0b", "\x81", "\x85", "\xa0", "\u3000", "\ufeff"],
)
@pytest.mark.parametrize("field", ["title", "summary", "content", "text"])
def test_words_are_described_as_they_are_taken(client: httpx.Client, field: str, shown: str) -> None:
    """The pattern for words in the description matches what the gate finds words in, and nothing else."""
    is_taken = put(client, "1", {field: shown, "published": STORY["published"]}).status_code == 201
    assert is_taken is bool(re.search(SHOWS, shown))


def test_a_charset_that_is_utf_8(client: httpx.Client) -> None:
    """Many clients say `charset=utf-8`, which is what JSON is."""
    headers = {"content-type": 'Application/JSON; charset="UTF-8"'}
    assert client.put("/articles/1", content=json.dumps(STORY), headers=headers).status_code == 201


def test_a_body_that_is_too_long(client: httpx.Client) -> None:
    """413, whether the length was stated or shows only as it comes."""
    body = json.dumps({**STORY, "content": "a" * LIMIT}).encode()
    problem_of(client.put("/articles/1", content=body, headers=JSON), 413)
    parts = (body[start : start + 1000] for start in range(0, len(body), 1000))
    problem_of(client.put("/articles/1", content=parts, headers=JSON), 413)
    assert put(client, "1", STORY).status_code == 201


# --- POST ---


def test_many_records_are_answered_one_by_one(client: httpx.Client, served: Served) -> None:
    """One bad record stops no other; results come in the order of the records."""
    records = [
        {**STORY, "id": "a"},
        {"id": "b", "title": "Tanpa tanggal"},
        7,
        {**STORY, "id": "c", "url": None},
    ]
    answer = client.post("/articles", json=records)
    assert answer.status_code == 200
    found = answer.json()
    assert found["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "rejected": 2}
    told = [(one["position"], one["result"]) for one in found["results"]]
    wanted = [("record 1", "new"), ("record 2", "rejected"), ("record 3", "rejected"), ("record 4", "new")]
    assert told == wanted
    assert found["results"][1]["field"] == "published"
    assert client.post("/articles", json=records).json()["counts"]["unchanged"] == 2
    with served.archive() as archive:
        assert [one.position for one in archive.readings.rejected()] == ["b", "POST, record 3"]


def test_all_rejected(client: httpx.Client) -> None:
    """If nothing was taken, the request failed: 422, with every reason."""
    problem = problem_of(client.post("/articles", json=[{"id": "a"}, "b"]), 422)
    assert [error["position"] for error in problem["errors"]] == ["record 1", "record 2"]


@pytest.mark.parametrize("records", [[], {"items": []}, [STORY] * (MOST_RECORDS + 1)])
def test_no_record_or_too_many(client: httpx.Client, records: Any) -> None:
    """A request holds at least one record and at most a thousand."""
    body = json.dumps([{}] * len(records) if len(records) > MOST_RECORDS else records)
    problem_of(client.post("/articles", content=body, headers=JSON), 422)


def test_one_record(client: httpx.Client) -> None:
    """A single object is answered like a list of one."""
    (result,) = client.post("/articles", json=STORY).json()["results"]
    assert (result["result"], result["id"]) == ("new", STORY["url"])


@pytest.mark.parametrize(("number", "text"), [(4711, "4711"), (4711.0, "4711.0")])
def test_a_number_for_an_id_leads_to_the_article(client: httpx.Client, number: float, text: str) -> None:
    """An id that is a number is found under the number as it was written."""
    assert client.post("/articles", json={**STORY, "id": number}).status_code == 200
    assert client.get(address(text)).json()["title"] == STORY["title"]


def test_json_lines(client: httpx.Client) -> None:
    """Each line is a record; a broken one stops no other."""
    lines = [json.dumps({**STORY, "id": "a"}), "", '{"id": "b', json.dumps({**STORY, "id": "c", "url": ""})]
    headers = {"content-type": "application/x-ndjson"}
    found = client.post("/articles", content="\n".join(lines), headers=headers).json()
    told = [(one["position"], one["result"]) for one in found["results"]]
    assert told == [("line 1", "new"), ("line 3", "rejected"), ("line 4", "new")]


def test_ninjs(client: httpx.Client) -> None:
    """The IPTC's JSON is taken as it is (N-20, N-21)."""
    item = {
        "uri": "urn:newsml:kabarteluk.example:20241028:17",
        "headlines": [{"role": "main", "value": "Dermaga baru dibuka"}],
        "bodies": [{"role": "main", "contentType": "text/html", "value": "<p>Dermaga dibuka.</p>"}],
        "versionCreated": "2024-10-28T12:40:00+07:00",
        "pubStatus": "usable",
        "subjects": [{"name": "pelabuhan"}],
    }
    assert client.post("/articles", json=item).json()["counts"]["new"] == 1
    got = client.get(address(item["uri"])).json()  # type: ignore[arg-type]  # it is text
    assert (got["title"], got["tags"]) == ("Dermaga baru dibuka", ["pelabuhan"])


# --- DELETE ---


def test_withdrawn_and_put_again(client: httpx.Client) -> None:
    """A withdrawn article is not there, its record is; a PUT brings it back, changed or not."""
    put(client, "4711", STORY)
    words = {"reason": "Salah nama", "replacement": "https://kabarteluk.example/ralat", "notice": "Ditarik."}
    answer = client.delete(address("4711"), params=words)
    assert (answer.status_code, answer.json()["result"]) == (200, "changed")
    gone = problem_of(client.get(address("4711")), 404)
    assert gone["withdrawn"] | words == gone["withdrawn"]
    back = put(client, "4711", STORY).json()
    assert (back["result"], back["status"]) == ("changed", "usable")
    assert client.get(address("4711")).status_code == 200


def test_to_withdraw_again_changes_nothing(client: httpx.Client) -> None:
    """DELETE is idempotent; other words for readers are a change."""
    put(client, "4711", STORY)
    client.delete(address("4711"), params={"reason": "Salah nama"})
    assert client.delete(address("4711"), params={"reason": "Salah nama"}).json()["result"] == "unchanged"
    assert client.delete(address("4711")).json()["withdrawn"]["reason"] == "Salah nama"
    other = client.delete(address("4711"), params={"reason": "Salah orang"}).json()
    assert (other["result"], other["withdrawn"]["reason"]) == ("changed", "Salah orang")


def test_withdrawn_and_put_again_to_be_withheld(client: httpx.Client) -> None:
    """The article is there again, and stays out of the feeds until its record says that it is usable."""
    put(client, "4711", STORY)
    client.delete(address("4711"), params={"reason": "Salah nama"})
    assert put(client, "4711", {**STORY, "status": "withheld"}).json()["status"] == "canceled"
    assert client.get(address("4711")).json()["withdrawn"]["reason"] == "Salah nama"
    assert put(client, "4711", STORY).json()["status"] == "usable"
    assert "withdrawn" not in client.get(address("4711")).json()


def test_an_editors_withdrawal_stands(client: httpx.Client, served: Served) -> None:
    """What an editor's command took back, no content system gives back; the answer says so."""
    put(client, "4711", STORY)
    with served.archive() as archive, archive.transaction():
        archive.withdraw(ID, Withdrawal(ID, NOW, "command", "Putusan redaksi"))
    told = put(client, "4711", {**STORY, "title": "Lain"}).json()
    assert (told["result"], told["status"], told["withdrawn"]["by"]) == ("changed", "canceled", "command")
    assert client.get(address("4711")).json()["withdrawn"]["reason"] == "Putusan redaksi"
    assert client.delete(address("4711"), params={"reason": "x"}).json()["result"] == "unchanged"


@pytest.mark.parametrize(
    "query",
    ["reason=", "reason=%00", "notice=" + "a" * 2001, "replacement=/ralat", "alasan=x", "reason=a&reason=b"],
)
def test_a_withdrawal_with_wrong_words(client: httpx.Client, query: str) -> None:
    """A parameter that can't be used is named, and nothing is withdrawn."""
    put(client, "4711", STORY)
    name = query.partition("=")[0]
    assert name in problem_of(client.delete(f"{address('4711')}?{query}"), 422)["detail"]
    assert client.get(address("4711")).status_code == 200


def test_nothing_to_withdraw(client: httpx.Client) -> None:
    """An article that is not known can't be withdrawn."""
    problem_of(client.delete(address("4711")), 404)


# --- who may ---

ASKED = [("GET", "/articles/1"), ("PUT", "/articles/1"), ("DELETE", "/articles/1"), ("POST", "/articles")]


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer salah-kunci", "Basic a3VuY2k6eA==", "kunci-tulis"])
@pytest.mark.parametrize(("method", "path"), ASKED)
def test_nobody_without_a_token(url: str, method: str, path: str, said: str) -> None:
    """401 asks for a token and never repeats the one that was sent (RFC 6750, section 3)."""
    headers = {"authorization": said} if said else {}
    answer = httpx.request(method, url + path, headers=headers, timeout=20)
    problem_of(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert "kunci" not in answer.text
    assert "kunci" not in answer.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path"), ASKED[1:])
def test_a_token_opens_its_scope_alone(url: str, method: str, path: str) -> None:
    """403 names the scope that is missing."""
    answer = httpx.request(
        method, url + path, headers={"authorization": "bearer kunci-baca", **JSON}, timeout=20
    )
    problem_of(answer, 403)
    assert 'scope="articles:write"' in answer.headers["www-authenticate"]


# --- everything else ---


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PATCH", "/articles/1", "DELETE, GET, HEAD, PUT"),
        ("OPTIONS", "/articles/1", "DELETE, GET, HEAD, PUT"),
        ("GET", "/articles", "POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
def test_another_method(client: httpx.Client, method: str, path: str, allow: str) -> None:
    """405 names the methods there are."""
    answer = client.request(method, path)
    problem_of(answer, 405)
    assert answer.headers["allow"] == allow


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    """The headers of GET, its length included (S-30)."""
    put(client, "4711", STORY)
    head, get = client.head(address("4711")), client.get(address("4711"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(get.content))


def test_another_address(client: httpx.Client) -> None:
    """An address that is none is a problem like the others."""
    problem_of(client.get("/artikel"), 404)


def test_a_busy_archive(client: httpx.Client, served: Served) -> None:
    """503 says when to come again (S-36)."""
    served.failure = Busy(7)
    answer = put(client, "4711", STORY)
    problem_of(answer, 503)
    assert answer.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("failure", "status"),
    [(ArchiveError("/dapur/archive.db: disk is full"), 503), (RuntimeError("rahasia dapur"), 500)],
)
def test_a_failure_tells_nothing_of_the_inside(
    client: httpx.Client, served: Served, failure: Exception, status: int
) -> None:
    """A failure is a problem too, and what broke stands in the log alone."""
    served.failure = failure
    answer = put(client, "4711", STORY)
    problem_of(answer, status)
    assert "dapur" not in answer.text


def test_answers_are_for_the_asker_alone(client: httpx.Client) -> None:
    """No cache keeps them, no other site's script reads them, no cookie is set."""
    for answer in (put(client, "4711", STORY), client.get(address("4711")), client.get("/openapi.json")):
        assert answer.headers["cache-control"] == "no-store"
        assert not {"set-cookie", "access-control-allow-origin"} & set(answer.headers)


# --- /openapi.json ---


def refs(value: Any) -> Iterator[str]:
    """Yield every reference inside a document."""
    if isinstance(value, Mapping):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def test_the_description_holds_together(client: httpx.Client) -> None:
    """Every reference leads somewhere, and every operation names its answers and its scope."""
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for ref in set(refs(document)):
        place = document
        for part in ref.removeprefix("#/").split("/"):
            place = place[part]
    operations = [
        operation
        for path in document["paths"].values()
        for method, operation in path.items()
        if method in {"get", "put", "post", "delete"}
    ]
    assert len(operations) == 4
    for operation in operations:
        assert {"401", "403", "503"} <= set(operation["responses"])
        assert "articles:" in operation["description"]
        assert operation["security"]


def test_a_site_that_dates_the_undated_asks_for_no_date(site: Site) -> None:
    """The description tells what this site takes."""
    undated = description(replace(site, first_seen=NOW), LIMIT)["components"]["schemas"]["Record"]
    dated = description(site, LIMIT)["components"]["schemas"]["Record"]
    assert (len(undated["allOf"]), len(dated["allOf"])) == (1, 2)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("2024-10-28T12:40:00+07:00", True),
        ("2024-02-29T00:00:00Z", True),
        ("2000-02-29T00:00:00.5-03:30", True),
        ("1900-02-29T00:00:00Z", False),
        ("2023-02-29T00:00:00Z", False),
        ("2024-04-31T00:00:00Z", False),
        ("2024-10-28T24:00:00Z", False),
        ("2024-10-28T12:40:00", False),
        ("1599-10-28T12:40:00Z", False),
    ],
)
def test_the_dates_that_are_described_are_those_that_are(text: str, is_one: bool) -> None:
    """The pattern knows how long months are, and leap years."""
    assert bool(re.fullmatch(MOMENT, text)) is is_one
