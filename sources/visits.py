"""Visits: addresses asked anew only for what has changed, and what to remember of each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sources.http.client import Fetcher
from sources.http.values import Fetched, FetchError, FetchSettings, Validators
from sources.source import Visited

UNCHANGED = 304


@dataclass(frozen=True, slots=True)
class Visits:
    """How a source asks for addresses in one run.

    typed       the address that an operator typed: only its server may lie inside the private network
    fetcher     the run's HTTP client
    remembered  what earlier visits left, by URL
    reading     stands for all that decides how an answer is read, see `reading_of`
    """

    typed: str
    fetcher: Fetcher
    remembered: Mapping[str, str]
    reading: str = ""

    def note(self, url: str) -> dict[str, Any]:
        """Return what the last visit of an address left; nothing, if it was read in another way."""
        # Read in another way, an unchanged page may give another article: then it is asked for anew.
        note: dict[str, Any] = json.loads(self.remembered.get(url) or "{}")
        return note if note.get("reading") == self.reading else {"moved_to": note.get("moved_to")}

    def get(
        self, url: str, more: Mapping[str, Any] | None = None, invited: bool = False
    ) -> tuple[Fetched, Visited]:
        """Ask for an address. Yield the `Visited` after all that came of the answer.

        more     whatever else is to be remembered of it; `note` gives it back
        invited  the site's owner gave a key to it: robots.txt is not asked
        The status is 200, 203 or 304. Raises FetchError for all others.
        """
        note = self.note(url)
        validators = Validators(note.get("etag"), note.get("last_modified"))
        address = note.get("moved_to") or url
        fetched = self.fetcher.get(address, validators, self._is_trusted(address), invited)
        if fetched.status not in {200, 203, UNCHANGED}:
            raise FetchError(f"{url}: {_refusal(fetched)}", fetched.status, fetched.retry_after)
        keep = {
            "etag": fetched.validators.etag,
            "last_modified": fetched.validators.last_modified,
            "moved_to": fetched.moved_to or note.get("moved_to"),
            "reading": self.reading,
            **(more or {}),
        }
        kept = json.dumps({name: value for name, value in keep.items() if value})
        return fetched, Visited(url, fetched.status, kept)

    def anew(self, url: str) -> Fetched:
        """Ask for an address whether it has changed or not, and remember nothing. Raises FetchError."""
        fetched = self.fetcher.get(url, None, self._is_trusted(url))
        if fetched.status not in {200, 203}:
            raise FetchError(f"{url}: {_refusal(fetched)}", fetched.status, fetched.retry_after)
        return fetched

    def _is_trusted(self, url: str) -> bool:
        return urlsplit(url)[:2] == urlsplit(self.typed)[:2]

    def failed(self, url: str, error: FetchError) -> Visited:
        """Return what to remember of an address that could not be had: what was known of it before."""
        return Visited(url, error.status or 0, self.remembered.get(url) or "{}")


def _refusal(fetched: Fetched) -> str:
    if fetched.status == 410:
        return "gone for good, says the server; take it out of the settings"
    wait = f"; it asks to wait {fetched.retry_after:.0f} s" if fetched.retry_after else ""
    return f"the server answered {fetched.status}{wait}; try again later"


@contextlib.contextmanager
def fetching(fetcher: Fetcher | None) -> Iterator[Fetcher]:
    """Give the run's HTTP client, or one for this source alone, closed in the end."""
    if fetcher is not None:
        yield fetcher
        return
    with Fetcher(FetchSettings()) as own:
        yield own
