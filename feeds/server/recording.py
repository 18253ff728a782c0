"""Recording: counts and notes every answer that went the ordinary way."""

from __future__ import annotations

import time
from typing import Any

from feeds.server.answers import CONDITIONS
from feeds.server.conditional import date_now


def recorded(app: Any) -> Any:
    """Wrap an ASGI application: its answers are counted and recorded as those of the short way are."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        began = time.monotonic()
        status, sent, coding = 500, 0, ""

        async def watched(message: Any) -> None:
            nonlocal status, sent, coding
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"date", date_now())]
                coding = dict(message["headers"]).get(b"content-encoding", b"").decode("latin-1")
            elif scope["method"] != "HEAD":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await app(scope, receive, watched)
        finally:
            names = dict(scope["headers"])
            query = scope["query_string"]
            scope["state"]["house"].note(
                scope["client"][0] if scope["client"] else "",
                names.get(b"user-agent", b""),
                scope["method"],
                scope["raw_path"] + (b"?" if query else b""),
                status,
                sent,
                not CONDITIONS.isdisjoint(names),
                coding,
                began,
            )

    return wrapped
