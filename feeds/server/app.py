"""The application: what is asked of a server beside feeds, and feeds where the short way is not taken."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import time
from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from feeds.server import api, logs, metrics, problem
from feeds.server.answers import Answer, Asked, not_found
from feeds.server.front_page import front_page
from feeds.server.house import House
from feeds.server.opening import open_house, refit
from feeds.server.ordinary import answer
from feeds.server.recording import recorded
from feeds.settings_file import SettingsError
from feeds.setup import settings_of

ARGUMENTS = "TAGWIRE_SERVE"  # the command line, for each worker, in its environment
LOOK = 0.05  # seconds between two looks at the archive; what else is regular happens once a second
TRUST = 0.5  # seconds for which the writer is left to tell of changes
ALLOWED = "GET, HEAD, OPTIONS"


def make() -> Any:
    """Make the application of one worker; its arguments are in the environment (see run.py)."""
    settle = logs.configure()
    arguments = Namespace(**json.loads(os.environ[ARGUMENTS]))
    try:
        largest = settings_of(arguments).serve.largest
    except SettingsError as error:  # of a worker that is to take over: the old ones go on
        logs.event("settings are wrong, the old ones stay", level=logging.ERROR, error=str(error))
        raise SystemExit(1) from error

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[Mapping[str, Any]]:
        house = open_house(arguments)
        app.state.house = house
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGHUP, lambda: refit(house))
        ticking = loop.create_task(_tick(house, settle))
        logs.event("started", documents=str(house.shelf.public.folder), archive=house.settings.archive)
        yield {"house": house}
        logs.event("stopping")
        ticking.cancel()
        await asyncio.to_thread(house.stop)
        house.close()
        settle()

    app = Starlette(lifespan=lifespan, exception_handlers=problem.HANDLERS)
    app.router.routes += _routes(app, largest)
    return recorded(app)


def _routes(app: Starlette, largest: int) -> list[Route]:
    """Return what there is beside the short way. app: which has a house while it runs; largest: a body."""

    def house() -> House:
        found: House = app.state.house
        return found

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    async def readyz(_: Request) -> Response:
        status, said = (200, "ready\n") if house().is_ready else (503, "publishing for the first time\n")
        return PlainTextResponse(said, status, headers={"cache-control": "no-store"})

    async def numbers(_: Request) -> Response:
        if not house().settings.serve.metrics:
            return _response(not_found())
        text = house().exposition()
        return Response(text, media_type=metrics.CONTENT_TYPE, headers={"cache-control": "no-store"})

    async def feed(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _preflight()
        asked = _asked(request)
        if asked.path == house().shelf.prefix:
            return _response(front_page(house()))
        return _response(await answer(house(), asked))

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", numbers),
        *api.routes(
            # The house comes when the server starts, and its writer with each reload.
            write=lambda act: house().writer.write(act),  # noqa: PLW0108
            read=lambda act: house().read(act),
            site=lambda: house().site(),
            limit_bytes=largest,
            token_of=lambda secret: house().token_of(secret),
        ),
        Route("/{path:path}", feed, methods=["GET", "HEAD", "OPTIONS"]),
    ]


def _asked(request: Request) -> Asked:
    headers: dict[bytes, bytes] = {}
    for name, value in request.headers.raw:  # repeated headers are one list (RFC 9110, section 5.3)
        headers[name] = headers[name] + b", " + value if name in headers else value
    scope = request.scope
    return Asked(
        scope["raw_path"], scope["query_string"], headers, request.client.host if request.client else ""
    )


def _response(found: Answer) -> Response:
    response = Response(found.body, found.status)
    there = {name for name, _ in found.headers}
    length = [] if found.status == 304 or b"content-length" in there else [_length(found.body)]
    response.raw_headers = [*found.headers, *length]
    return response


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()


def _preflight() -> Response:
    """Let pages of other sites ask with validators (Fetch standard, CORS-preflight; S-39)."""
    return Response(
        status_code=204,
        headers={
            "allow": ALLOWED,
            "access-control-allow-origin": "*",
            "access-control-allow-methods": "GET, HEAD",
            "access-control-allow-headers": "If-None-Match, If-Modified-Since, A-IM",
            "access-control-max-age": "86400",
        },
    )


async def _tick(house: House, settle: Any) -> None:
    """Do what is regular: look at the archive, let slow clients go, write records and numbers."""
    whole = looked = time.monotonic()
    while True:
        await asyncio.sleep(LOOK)
        now = time.monotonic()
        # The writer tells itself, just when there is something to be seen; but others publish while it waits.
        if not house.writer.is_publishing or now - looked >= TRUST:
            looked = now
            house.look()
        if now - whole >= 1:
            whole = now
            house.regular(now)
            settle()
