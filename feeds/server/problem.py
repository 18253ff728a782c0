"""Problems: what went wrong, told to a program in JSON (RFC 9457)."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from feeds.archive.values import ArchiveError

MEDIA_TYPE = "application/problem+json"
# Answers of the API tell of articles that may not be public; none of them is a feed (S-26 is about those).
PRIVATE = {"cache-control": "no-store"}
LATER = 30  # seconds
LOG = logging.getLogger("tagwire.server")


class Busy(Exception):  # noqa: N818 - a state that passes, told in HTTP as 503
    """The archive can't be had in time. seconds: when to ask again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"the archive is busy; ask again in {seconds} seconds")
        self.seconds = seconds


def answer(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None, media_type: str = ""
) -> Response:
    """Answer with JSON. It is ASCII, so that no text can break it."""
    content = json.dumps(body, ensure_ascii=True, allow_nan=False).encode()
    return Response(content, status, {**PRIVATE, **(headers or {})}, media_type or "application/json")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Answer with what went wrong and the mend. more: further members of the problem.

    Its `type` is left out, which stands for `about:blank`: the status says what kind it is (section 4.2.1).
    """
    body = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return answer(status, body, headers, MEDIA_TYPE)


DETAILS = {
    404: "there is nothing here; the API is described at /openapi.json",
    405: "this address takes other methods: see Allow",
}


async def on_http_error(_request: Request, error: Exception) -> Response:
    """Answer what a route, or no route, raised."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for those
    said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
    return problem(error.status_code, said or DETAILS.get(error.status_code, "can't be done"), error.headers)


async def on_busy(_request: Request, error: Exception) -> Response:
    """Answer that the archive is in use (S-36)."""
    assert isinstance(error, Busy)  # noqa: S101 - it is registered for those
    return problem(503, str(error), {"retry-after": str(error.seconds)})


async def on_gone_client(_request: Request, _error: Exception) -> Response:
    """Answer nobody: the client left before its request was whole."""
    return problem(400, "the request was not finished")


async def on_archive_error(_request: Request, error: Exception) -> Response:
    """Answer that the archive can't be used; the log says why: the disk may be full."""
    LOG.error("%s", error)
    return problem(503, "the archive can't be used now; nothing was kept", {"retry-after": str(LATER)})


async def on_failure(_request: Request, _error: Exception) -> Response:
    """Answer for what nobody foresaw. The server's log says where it was, the client learns nothing of it."""
    return problem(500, "the server failed; its log says where. Nothing of this request was kept")


# For Starlette(exception_handlers=HANDLERS).
HANDLERS = {
    HTTPException: on_http_error,
    Busy: on_busy,
    ArchiveError: on_archive_error,
    ClientDisconnect: on_gone_client,
    Exception: on_failure,
}
