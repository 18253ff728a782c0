"""What goes into the HTTP client and what comes out of it: settings, validators, an answer, an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sources.source import SourceError

PRODUCT = "tagwire"  # the name that robots.txt knows us by (RFC 9309, section 2.2.1)
VERSION = "0.1"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How the client behaves. Times are seconds.

    contact         a mail or web address that goes into the User-Agent: where a webmaster may complain
    pause           between the end of a request and the next one to the same host
    timeout         for connecting, and for each wait on the server
    total           on the network for one address, its redirects and retries; pauses are not counted
    max_bytes       of a body, packed as well as unpacked
    private_hosts   host names (no ports) that may lie inside the private network
    respect_robots  obey robots.txt; only a site of one's own is a reason not to
    attempts        at one request, the first included
    backoff         before the second attempt; it doubles, with jitter
    longest_wait    that a host's Retry-After or Crawl-delay may impose; a longer Retry-After is no retry
    """

    contact: str = ""
    pause: float = 1.0
    timeout: float = 20.0
    total: float = 60.0
    max_bytes: int = 64 * 1024 * 1024
    private_hosts: frozenset[str] = frozenset()
    respect_robots: bool = True
    attempts: int = 3
    backoff: float = 1.0
    longest_wait: float = 60.0

    def __post_init__(self) -> None:
        if not (self.contact.isascii() and self.contact.isprintable()):
            raise ValueError(f"contact {self.contact!r} must be one line of ASCII: a mail or web address")

    @property
    def user_agent(self) -> str:
        """The User-Agent header's value."""
        return f"{PRODUCT}/{VERSION} ({'+' + self.contact if self.contact else 'feed publisher'})"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask later whether a resource has changed; sent back as it was (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A server's answer.

    url          where the answer came from in the end
    moved_to     the address to ask from now on; None unless every redirect on the way was permanent (S-03)
    status       200 | 203  here it is
                 304        unchanged since the validators were given; there is no body
                 410        gone for good; there is no body
                 429 | 503  not now, see retry_after; there is no body. Also given without asking as long as
                            the host's last Retry-After runs and is longer than the longest wait
    body         content codings undone
    media_type   lower case, without parameters; None if the server named none
    charset      as the server named it, lower case; None if it named none, or none that Python knows
    validators   to ask with next time; at a 304 without any, those that were sent
    retry_after  seconds; None if the server named none
    at           when it was answered: the server's Date, or ours where that is absent or wrong
    """

    url: str
    moved_to: str | None
    status: int
    body: bytes
    media_type: str | None
    charset: str | None
    validators: Validators
    retry_after: float | None
    at: datetime


class FetchError(SourceError):
    """An address could not be fetched. The message names the address, what went wrong and the mend.

    status     the server's answer, where that was what went wrong: 404, 500 ...
    forbidden  robots.txt asks to leave this address alone; others of its host may be fetched
    """

    def __init__(
        self,
        message: str,
        status: int | None = None,
        retry_after: float | None = None,
        forbidden: bool = False,
    ) -> None:
        super().__init__(message, retry_after)
        self.forbidden = forbidden
        self.status = status


class RequestError(Exception):
    """A request failed, for a reason (with its mend).

    again: another attempt may succeed; forbidden: by robots.txt.

    Raised and caught inside this package, where the reason is known but not the address asked for.
    """

    def __init__(self, reason: str, again: bool = False, forbidden: bool = False) -> None:
        super().__init__(reason)
        self.forbidden = forbidden
        self.reason = reason
        self.again = again
