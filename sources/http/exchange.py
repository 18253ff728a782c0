"""One request and its answer: what is asked, what came, and every way of failing brought to one exception."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

import httpcore
import httpx

from sources.http.bodies import read_body, too_long
from sources.http.dial import time_left
from sources.http.values import RequestError

# What a network does now and then, and does not do a second later.
PASSING = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.RemoteProtocolError)
LASTING = (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol, httpx.HTTPError, httpx.InvalidURL)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request.

    private   may the host lie inside the private network?
    timeout   seconds for connecting, and for each wait on the server
    deadline  of time.monotonic, for the whole
    limit     of the body, in bytes; with `cut`, the rest of a longer one is left
    """

    url: httpx.URL
    headers: Mapping[str, str]
    private: bool
    timeout: float
    deadline: float
    limit: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: header names in lower case; the body unpacked, and empty unless the status is a success."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def exchange(client: httpx.Client, ask: Ask) -> Answer:
    """Ask and return the answer, whatever its status. Raises RequestError."""
    try:
        time_left(ask.deadline, None)
        return _exchange(client, ask)
    except PASSING as error:
        time_left(ask.deadline, None)  # its own message, if that is why
        again = not isinstance(error.__cause__, ssl.SSLCertVerificationError)
        reason = f"{_what(error)}; check the address and the network, or try later"
        raise RequestError(reason, again) from error
    except LASTING as error:
        raise RequestError(f"{_what(error)}; check the address") from error


def _exchange(client: httpx.Client, ask: Ask) -> Answer:
    extensions = {"private": ask.private, "deadline": ask.deadline}
    request = client.build_request(
        "GET", ask.url, headers=ask.headers, timeout=ask.timeout, extensions=extensions
    )
    with closing(client.send(request, stream=True)) as response:
        headers = dict(response.headers)
        if not response.is_success:
            return Answer(response.status_code, headers)
        if int(headers.get("content-length", 0)) > ask.limit and not ask.cut:
            raise too_long(ask.limit)
        coding = headers.get("content-encoding", "")
        return Answer(
            response.status_code, headers, read_body(response.iter_raw(), coding, ask.limit, ask.cut)
        )


def _what(error: Exception) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return "the server kept silent too long"
    return str(error) or type(error).__name__
