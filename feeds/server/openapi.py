"""/openapi.json: what the API takes and answers, for programs (OpenAPI 3.1)."""

from __future__ import annotations

from feeds.server.fields import LONGEST_ID, LONGEST_WORDS
from feeds.server.patterns import ID, SHOWS, URL
from feeds.server.problem import MEDIA_TYPE
from feeds.server.requests import JSON, JSON_LINES
from feeds.server.schemas import Json, ref, schemas
from sources.source import Site

READ, WRITE = "articles:read", "articles:write"
MOST_RECORDS = 1_000  # in one request
VERSION = "1"

ABOUT = """\
A content system hands its articles over here, withdraws them, and reads what is kept.

- **Idempotent.** An article has an id for good, so to send it again changes nothing and is answered
  `unchanged`. A POST needs no `Idempotency-Key`: the ids make it safe to repeat; the header is ignored.
- **Durable.** A 2xx is sent when the archive has the articles on disk. The feeds follow within a second.
- **`If-None-Match: *`** on a PUT takes the article only if it is new, and is answered 412 otherwise.
- **Errors** are `application/problem+json` (RFC 9457). `errors` names for each rejected record its position,
  the field, and what would mend it. Rejected records are kept and shown by `publish.py status` until they
  come again in order; those without id and address until the next POST.
- **Order.** A record that says it changed before the version kept (`modified`) is rejected, not taken back.
- A body is UTF-8 JSON without compression, at most {limit:,} bytes. A key that stands twice in one object,
  NaN, and halves of surrogate pairs are refused.
"""


def description(site: Site, limit_bytes: int) -> Json:
    """Return the OpenAPI document. limit_bytes: the longest body."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Articles of {site.publisher or site.url}",
            "version": VERSION,
            "description": ABOUT.format(limit=limit_bytes),
        },
        "paths": {
            "/articles": {"post": _post()},
            "/articles/{id}": {"parameters": [_ID], "put": _put(), "get": _get(), "delete": _delete()},
        },
        "components": {
            "schemas": schemas(undated=site.first_seen is not None),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": _PROBLEMS,
        },
    }


_ID: Json = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The article's id, or an address that leads to it, percent-encoded as one segment.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID, "pattern": ID},
    "example": "tag:news.example,2005:4711",
}


def _answer(told: str, schema: str, media_type: str = JSON, headers: Json | None = None) -> Json:
    found: Json = {"description": told, "content": {media_type: {"schema": ref(schema)}}}
    return {**found, "headers": headers} if headers else found


def _header(told: str) -> Json:
    return {"description": told, "required": True, "schema": {"type": "string"}}


_CHALLENGE = {"WWW-Authenticate": _header("what is wrong with the token (RFC 6750)")}
_PROBLEMS: Json = {
    "400": _answer("The body is no JSON, or no UTF-8.", "Problem", MEDIA_TYPE),
    "401": _answer("No token, or none that is known.", "Problem", MEDIA_TYPE, _CHALLENGE),
    "403": _answer("The token lacks the scope.", "Problem", MEDIA_TYPE, _CHALLENGE),
    "404": _answer("No such article, or DELETE withdrew it: `withdrawn` says how.", "Problem", MEDIA_TYPE),
    "409": _answer("At odds with what is kept: older, or another's id.", "Problem", MEDIA_TYPE),
    "412": _answer("`If-None-Match: *`, and the article is there.", "Problem", MEDIA_TYPE),
    "413": _answer("The body is too long.", "Problem", MEDIA_TYPE),
    "415": _answer("The body is of a type that is not taken.", "Problem", MEDIA_TYPE),
    "422": _answer(
        "Rejected; `errors` names the fields. Or there is no record, or too many.", "Problem", MEDIA_TYPE
    ),
    "503": _answer(
        "The archive is busy.",
        "Problem",
        MEDIA_TYPE,
        {"Retry-After": _header("seconds to wait before the next try")},
    ),
}


def _operation(name: str, told: str, scope: str, answers: Json, problems: str) -> Json:
    return {
        "operationId": name,
        "summary": told,
        "security": [{"token": []}],
        "description": f"Needs the scope `{scope}`.",
        "responses": {**answers, **{code: ref(code, "responses") for code in problems.split()}},
    }


def _put() -> Json:
    found = _operation(
        "putArticle",
        "Take an article under an id.",
        WRITE,
        {
            "201": _answer("new", "Result", headers={"Location": _header("the article's address here")}),
            "200": _answer("changed or unchanged", "Result"),
        },
        "400 401 403 409 412 413 415 422 503",
    )
    found["description"] += (
        " The body may leave `id` out; if it names another article's, the answer is 409 (RFC 9110, section"
        " 9.3.4). An article that was withdrawn by DELETE is back; one that an editor withdrew is not."
    )
    return {**found, "requestBody": {"required": True, "content": {JSON: {"schema": ref("Record")}}}}


def _post() -> Json:
    found = _operation(
        "postArticles",
        "Take one article or many.",
        WRITE,
        {"200": _answer("what became of each record, in their order; one at least was taken", "Results")},
        "400 401 403 409 413 415 422 503",
    )
    found["description"] += (
        f" At most {MOST_RECORDS:,} records. A record that is rejected stops no other. If all are, the answer"
        " is 409 where one was in order and is at odds with what is kept, else 422."
        " Records may also stand in a list inside an object, as JSON Feed has them in `items`."
    )
    # What `contains` says: one good record makes a good request.
    many = {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_RECORDS,
        "contains": ref("Record"),
        "items": {"anyOf": [ref("Record"), {}]},
    }
    lines = {"type": "string", "description": "JSON Lines: one Record on each line."}
    content = {JSON: {"schema": {"anyOf": [ref("Record"), many]}}, JSON_LINES: {"schema": lines}}
    return {**found, "requestBody": {"required": True, "content": content}}


def _get() -> Json:
    answers = {
        "200": _answer("the article as it is kept; `withdrawn` if a record or an editor did that", "Article")
    }
    return _operation("getArticle", "Read an article.", READ, answers, "401 403 404 503")


def _delete() -> Json:
    found = _operation(
        "withdrawArticle",
        "Take an article out of every feed.",
        WRITE,
        {"200": _answer("withdrawn now (changed), or before (unchanged)", "Result")},
        "401 403 404 422 503",
    )
    found["description"] += " The record is kept; a PUT of the article brings it back."
    words = {"type": "string", "maxLength": LONGEST_WORDS, "pattern": SHOWS}
    found["parameters"] = [
        _query("reason", "why, for readers", words),
        _query(
            "replacement",
            "the address of what stands in its place",
            {"type": "string", "pattern": f"^{URL}$"},
        ),
        _query("notice", "what stands in the story's place in feeds", words),
    ]
    return found


def _query(name: str, told: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "description": told, "schema": schema}
