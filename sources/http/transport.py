"""httpx's transport over a connection of its own for each request: checked, dialled, used once, closed.

Kept-alive connections would spare a handshake, but carry what was permitted for one request (a private
address, a deadline) over to the next; and with a pause between requests, few would live to be used again.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import certifi
import httpcore
import httpx

from sources.http.bodies import CODINGS
from sources.http.dial import Dialler, Network


@dataclass(frozen=True, slots=True)
class _Body(httpx.SyncByteStream):
    """The raw bytes of an answer; closing it closes the connection."""

    answer: httpcore.Response
    connection: httpcore.HTTPConnection

    def __iter__(self) -> Iterator[bytes]:
        return self.answer.iter_stream()

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@dataclass(frozen=True, slots=True)
class Transport(httpx.BaseTransport):
    """Sends a request whose extensions say `private` (bool) and `deadline` (of time.monotonic)."""

    network: Network
    tls: ssl.SSLContext

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body unread. Raises RequestError and httpcore's errors."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        dialler = Dialler(self.network, request.extensions["private"], request.extensions["deadline"])
        connection = httpcore.HTTPConnection(url.origin, self.tls, network_backend=dialler)
        try:
            answer = connection.handle_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, extensions=request.extensions
                )
            )
        except BaseException:
            connection.close()
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, connection))


def make_client(user_agent: str, network: Network, tls: ssl.SSLContext | None) -> httpx.Client:
    """Return a client that follows no redirect, keeps no cookie and takes no proxy from the environment.

    tls  whom to trust; None: the usual certificate authorities
    """
    headers = {
        "User-Agent": user_agent,
        "Accept": "*/*",
        "Accept-Encoding": ", ".join(CODINGS),
        "Connection": "close",
    }
    return httpx.Client(
        transport=Transport(network, tls or ssl.create_default_context(cafile=certifi.where())),
        headers=headers,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        trust_env=False,
    )
