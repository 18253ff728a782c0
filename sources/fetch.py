"""One page or file over HTTP, bounded in time and size."""

from __future__ import annotations

from dataclasses import dataclass

from sources.source import SourceError

USER_AGENT = "tagwire/0.1 (feed publisher)"
LIMIT = 64 * 1024 * 1024  # bytes
TIMEOUT = 20.0  # seconds for connecting, and for each wait on the server
REDIRECTS = 5


@dataclass(frozen=True, slots=True)
class Response:
    """What an address gave: its bytes, the address they came from in the end, the charset it named."""

    body: bytes
    url: str
    charset: str | None


def fetch(url: str) -> Response:
    """Get one address. Raises SourceError naming the address and what went wrong."""
    import httpx

    try:
        with (
            httpx.Client(
                headers={"User-Agent": USER_AGENT},
                timeout=TIMEOUT,
                follow_redirects=True,
                max_redirects=REDIRECTS,
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise SourceError(f"{url}: the server answered {response.status_code}; check the address")
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LIMIT:
                    raise SourceError(f"{url}: more than {LIMIT >> 20} MB; fetch it to a file and name that")
            return Response(bytes(body), str(response.url), response.charset_encoding)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceError(
            f"{url}: {error or type(error).__name__}; check the address and the network"
        ) from error
