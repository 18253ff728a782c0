"""The ingest API: a content system puts, posts, withdraws and reads articles (RFC 9110).

A request is answered when what it did is durable. To send one again changes nothing: an article has an id.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.archive.archive import Archive
from feeds.ingest import (
    AlreadyThereError,
    Outcome,
    Posted,
    Words,
    look,
    offer,
    refuse,
    take,
    withdraw,
)
from feeds.intake import API
from feeds.server import fields, json_body
from feeds.server.openapi import MOST_RECORDS, READ, WRITE, description
from feeds.server.problem import answer, problem
from feeds.server.requests import JSON, JSON_LINES, Resource, TokenOf, authorize, body, media_type
from feeds.server.results import path_of, refusal, result, results, withdrawal
from feeds.setup import this_moment
from sources.source import Site

T = TypeVar("T")
UNKNOWN = "no article is known by that: give its id or its address, percent-encoded"
NO_ID = "no id or address: at most 1,000 characters, no controls, no space at either end"


class Archived(Protocol):
    """Runs a function on the archive, in a thread of its own. Raises feeds.server.problem.Busy."""

    def __call__(self, work: Callable[[Archive], T], /) -> Awaitable[T]:
        """Return what the function returns."""
        ...


@dataclass(frozen=True, slots=True)
class Api:
    """What the API works with; see `routes`."""

    write: Archived
    read: Archived
    site: Callable[[], Site]
    limit_bytes: int
    token_of: TokenOf
    priorities: Callable[[], Mapping[str, int]]


def routes(
    write: Archived,
    read: Archived,
    site: Callable[[], Site],
    limit_bytes: int,
    token_of: TokenOf,
    priorities: Callable[[], Mapping[str, int]] = dict,
) -> list[Route]:
    """Return the API's routes.

    write       on the archive, in a run of its own and one transaction, which is durable when it returns
    read        on the archive as it is
    site        the newsroom as it is now
    limit_bytes the longest body
    token_of    who has this secret, if anybody
    priorities  of the sources; without one the API's version of an article counts as its own source's
    """
    api = Api(write, read, site, limit_bytes, token_of, priorities)
    one = {name: partial(handle, api) for name, handle in (("GET", _get), ("PUT", _put), ("DELETE", _delete))}
    return [
        Route("/openapi.json", Resource({"GET": partial(_openapi, api)})),
        Route("/articles", Resource({"POST": partial(_post, api)})),
        Route("/articles/{id:path}", Resource(one)),
    ]


async def _openapi(api: Api, _request: Request) -> Response:
    return answer(200, description(api.site(), api.limit_bytes))


async def _get(api: Api, request: Request) -> Response:
    await authorize(request, api.token_of, READ)
    text, site = request.path_params["id"], api.site()
    found = await api.read(lambda archive: look(archive, site, text)) if fields.is_id(text) else None
    if found is None:
        raise HTTPException(404, UNKNOWN)
    article, withdrawn = found
    if withdrawn and withdrawn.by == API:
        # Who deleted it finds it gone; what is kept of it is told all the same.
        return problem(404, "this article is withdrawn; a PUT brings it back", **withdrawal(withdrawn))
    return answer(200, {**article.model_dump(mode="json"), **withdrawal(withdrawn)})


async def _put(api: Api, request: Request) -> Response:
    await authorize(request, api.token_of, WRITE)
    text = request.path_params["id"]
    media_type(request, (JSON,))
    data = await body(request, api.limit_bytes)
    if not fields.is_id(text):
        return problem(422, NO_ID, errors=[{"position": "path", "field": "id", "reason": NO_ID}])
    one = await run_in_threadpool(_offered_one, data, api.site(), text)
    only_new = request.headers.get("if-none-match", "").strip() == "*"
    try:
        (outcome,) = await _taken(api, [one], only_new)
    except AlreadyThereError as error:
        raise HTTPException(412, str(error)) from error
    if outcome.rejected:
        return refusal([outcome])
    status, headers = (201, {"location": path_of(outcome)}) if outcome.result == "new" else (200, {})
    return answer(status, result(outcome), headers)


async def _post(api: Api, request: Request) -> Response:
    await authorize(request, api.token_of, WRITE)
    kind = media_type(request, (JSON, JSON_LINES))
    data = await body(request, api.limit_bytes)
    posted = await run_in_threadpool(_offered, data, kind, api.site())
    if not posted:
        return problem(422, "no record in it: send one, or a list of them")
    outcomes = await _taken(api, posted)
    if all(outcome.rejected for outcome in outcomes):
        return refusal(outcomes)
    return answer(200, results(outcomes))


async def _delete(api: Api, request: Request) -> Response:
    await authorize(request, api.token_of, WRITE)
    words, site, now = _words(request), api.site(), this_moment()
    text = request.path_params["id"]
    if not fields.is_id(text):
        raise HTTPException(404, UNKNOWN)
    outcome = await api.write(lambda archive: withdraw(archive, site, now, text, words))
    if outcome is None:
        raise HTTPException(404, UNKNOWN)
    return answer(200, result(outcome))


def _words(request: Request) -> Words:
    """Read what a withdrawal says from the query. Raises HTTPException: 422 names the parameter."""
    read = {"reason": fields.words, "replacement": fields.address, "notice": fields.words}
    said: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in read or name in said:
            told = "stands twice" if name in said else f"is not known: there are {', '.join(read)}"
            raise HTTPException(422, f"the parameter {name[:100]!a} {told}")
        try:
            said[name] = read[name](value)
        except ValueError as error:
            raise HTTPException(422, f"the parameter {name} {error}") from error
    return Words(said.get("reason", ""), said.get("replacement"), said.get("notice"))


# --- records in ---


def _offered_one(data: bytes, site: Site, under: str) -> Posted:
    try:
        record = json_body.one(data)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return _offer(record, "body", site, under)


def _offered(data: bytes, kind: str, site: Site) -> list[Posted]:
    try:
        records = list(json_body.lines(data) if kind == JSON_LINES else json_body.several(data))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    if len(records) > MOST_RECORDS:
        raise HTTPException(422, f"{len(records):,} records: send at most {MOST_RECORDS:,} at a time")
    return [_offer(record, position, site) for position, record in records]


def _offer(record: Any, position: str, site: Site, under: str | None = None) -> Posted:
    """Check a record's fields, then pass it through the gate."""
    if isinstance(record, dict):
        if found := fields.fault(record):
            return refuse(record, position, *found, under)
        if isinstance(record.get("id"), float):  # 4711.0 is found again under what it says
            record = {**record, "id": str(record["id"])}
    return offer(record, position, site, this_moment(), under)


async def _taken(api: Api, posted: Sequence[Posted], only_new: bool = False) -> list[Outcome]:
    site, priorities, now = api.site(), api.priorities(), this_moment()
    return await api.write(lambda archive: take(archive, site, now, posted, priorities, only_new))
