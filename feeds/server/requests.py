"""Requests: which method, who asks, what is in the body: each checked before anything is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

JSON, JSON_LINES = "application/json", "application/x-ndjson"
REALM = 'Bearer realm="articles"'
CLOSE = {"connection": "close"}  # the rest of a body that is too large is not read


@dataclass(frozen=True, slots=True)
class Resource:
    """An address and what it does for each method; HEAD is GET without the body, any other is answered 405.

    It is an ASGI application: so Starlette asks no later route whether that one knows the method.
    """

    methods: Mapping[str, Callable[[Request], Awaitable[Response]]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises HTTPException."""
        name = "GET" if scope["method"] == "HEAD" else scope["method"]
        if name not in self.methods:
            allowed = {*self.methods, *(("HEAD",) if "GET" in self.methods else ())}
            raise HTTPException(405, headers={"allow": ", ".join(sorted(allowed))})
        response = await self.methods[name](Request(scope, receive))
        await response(scope, receive, send)


class Bearer(Protocol):
    """Who a token was given to, and what it opens."""

    @property
    def scopes(self) -> frozenset[str]:
        """`articles:read`, `articles:write`."""
        ...


TokenOf = Callable[[str], Awaitable[Bearer | None]]


async def authorize(request: Request, token_of: TokenOf, scope: str) -> None:
    """Let who may go on (RFC 6750, section 3).

    Raises HTTPException: 401 for nobody we know, 403 for a token without the scope.
    """
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        headers = {"www-authenticate": REALM}
        raise HTTPException(401, "send a token: Authorization: Bearer …", headers)
    token = await token_of(secret.strip())
    if token is None:
        headers = {"www-authenticate": f'{REALM}, error="invalid_token"'}
        raise HTTPException(401, "this token is not known, or was revoked: ask for a new one", headers)
    if scope not in token.scopes:
        headers = {"www-authenticate": f'{REALM}, error="insufficient_scope", scope="{scope}"'}
        raise HTTPException(403, f"this token has no scope {scope}: ask for one that has", headers)


def media_type(request: Request, allowed: tuple[str, ...]) -> str:
    """Return what a body is said to be. Raises HTTPException: 415 for what is not taken."""
    stated, _, parameters = request.headers.get("content-type", "").partition(";")
    name = stated.strip().lower()
    if name not in allowed:
        said = f"{name[:100]!a} is not taken" if name else "it does not say what it is"
        raise HTTPException(
            415,
            f"the body: {said}; send Content-Type: {' or '.join(allowed)}",
            {"accept": ", ".join(allowed)},
        )
    charset = parameters.lower().replace('"', "").replace(" ", "").partition("charset=")[2].partition(";")[0]
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, "JSON is UTF-8 (RFC 8259, section 8.1): send it so")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPException(415, "send the body uncompressed", {"accept-encoding": "identity"})
    return name


async def body(request: Request, limit: int) -> bytes:
    """Read a body. limit: bytes. Raises HTTPException: 413 as soon as it is known to be longer."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > limit:
        raise _too_large(limit)
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > limit:
            raise _too_large(limit)
    return bytes(parts)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"the body is longer than {limit:,} bytes: send fewer records at a time", CLOSE)
