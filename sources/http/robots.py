"""robots.txt as RFC 9309 has it: what an answer to the request for it permits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.http.values import PRODUCT

if TYPE_CHECKING:
    from protego import Protego

LIMIT = 512 * 1024  # bytes; section 2.5 asks for 500 KiB at least, and lets the rest be ignored


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host permits.

    parsed   its robots.txt; None: there is none
    failure  why it could not be had, so that nothing is permitted (section 2.3.1.4); None: it could
    """

    parsed: Protego | None = None
    failure: str | None = None

    def permits(self, url: str) -> bool:
        """May this address be fetched?"""
        if self.failure is not None:
            return False
        return self.parsed is None or self.parsed.can_fetch(url, PRODUCT)

    @property
    def delay(self) -> float:
        """Seconds between two requests that the host wishes for; 0 if it says nothing."""
        wish = (self.parsed.crawl_delay(PRODUCT) or 0.0) if self.parsed else 0.0
        return wish if wish > 0 else 0.0  # `nan` is a number to Python, and greater than nothing


def rules(status: int, body: bytes) -> Rules:
    """Return what an answer means: a file permits what it says, none (4xx) everything, an error nothing.

    429 counts as an error: a host that is too busy for robots.txt is too busy for more.
    """
    if 400 <= status < 500 and status != 429:
        return Rules()
    if not 200 <= status < 300:
        return Rules(failure=f"the server answered {status}")
    if len(body) >= LIMIT:
        body = body[: body.rfind(b"\n") + 1]  # half a line may forbid or permit more than the whole does
    from protego import Protego

    return Rules(Protego.parse(body.decode("utf-8-sig", "replace")))
