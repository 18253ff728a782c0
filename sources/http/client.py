"""The one HTTP client: follows redirects by hand, heeds robots.txt, and turns what comes into a value."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Self

from sources.http import headers as reading
from sources.http.asking import NOT_NOW, Asker, Journey
from sources.http.pace import Pace
from sources.http.robots import LIMIT as ROBOTS_LIMIT
from sources.http.robots import Rules, rules
from sources.http.urls import PERMANENT, host_of, read_url, redirect_of, robots_url, shown
from sources.http.values import Fetched, FetchError, FetchSettings, RequestError, Validators

if TYPE_CHECKING:
    import httpx

    from sources.http.dial import Network
    from sources.http.exchange import Answer

REDIRECTS = 5
HERE = frozenset({200, 203})
UNCHANGED = 304
VALUES = HERE | NOT_NOW | {UNCHANGED, 410}  # what a caller can act upon; other statuses are errors


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Where a journey ended. moved_to: where to ask from now on, if all redirects were permanent."""

    url: str
    moved_to: str | None
    answer: Answer


@dataclass(slots=True)
class _HostRules:
    """The robots.txt of a host, once it was asked for."""

    lock: Lock = field(default_factory=Lock)
    rules: Rules | None = None


class Fetcher:
    """Fetches addresses; a context manager. Threads may share it.

    It lives for a run, not for months: what robots.txt said is believed as long as it lives.
    """

    def __init__(
        self, settings: FetchSettings, network: Network | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        from sources.http.dial import Network
        from sources.http.transport import make_client

        self._settings = settings
        client = make_client(settings.user_agent, network or Network(), tls)
        self._asker = Asker(client, settings, Pace(settings.longest_wait))
        self._robots: dict[tuple[str, bool], _HostRules] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._asker.client.close()

    def get(
        self, url: str, validators: Validators | None = None, trusted: bool = False, invited: bool = False
    ) -> Fetched:
        """Fetch an address.

        validators  what the last answer gave; the server then says 304 if nothing has changed
        trusted     an operator typed the address, so its server may lie inside the private network;
                    another one that it redirects to may not
        invited     the site's owner gave a key to it: robots.txt, which speaks to strangers, is not asked
        Raises FetchError, a SourceError, for all that can fail and every status that is none of Fetched's.
        """
        sent = validators or Validators()
        limits = self._settings
        robots = limits.respect_robots and not invited
        journey = Journey(url, _conditions(sent), trusted, limits.max_bytes, limits.total, robots)
        return _fetched(url, self._travel(journey), sent)

    def _travel(self, journey: Journey) -> _Arrival:
        here, moved_to = journey.url, journey.url
        typed = None
        for hop in range(REDIRECTS + 1):
            try:
                target = read_url(here)
                # The server that an operator typed may be private; one that a redirect names may not.
                server = (host_of(target), target.port)
                if hop == 0 and journey.private:
                    typed = server
                private = server == typed or server[0] in self._settings.private_hosts
                answer = self._visit(journey, target, private)
                onward = redirect_of(target, answer)
            except RequestError as failure:
                way = "" if hop == 0 else f" redirects to {shown(here)}"
                message = f"{shown(journey.url)}{way}: {failure.reason}"
                raise FetchError(message, forbidden=failure.forbidden) from failure
            if onward is None:
                return _Arrival(here, here if hop and moved_to == here else None, answer)
            moved_to = onward if moved_to == here and answer.status in PERMANENT else ""
            here = onward
        raise FetchError(
            f"{shown(journey.url)}: more than {REDIRECTS} redirects, now to {shown(here)}; check the address"
        )

    def _visit(self, journey: Journey, target: httpx.URL, private: bool) -> Answer:
        pause = self._settings.pause
        if journey.robots:
            permitted = self._rules(target, private)
            _obey(permitted, target)
            pause = max(pause, min(permitted.delay, self._settings.longest_wait))
        return self._asker.ask(journey, target, private, pause)

    def _rules(self, target: httpx.URL, private: bool) -> Rules:
        url = robots_url(target)
        with self._lock:
            host = self._robots.setdefault((url, private), _HostRules())
        with host.lock:
            if host.rules is None:
                journey = Journey(
                    url, {}, private, ROBOTS_LIMIT, self._settings.total, robots=False, cut=True
                )
                try:
                    answer = self._travel(journey).answer
                    host.rules = rules(answer.status, answer.body)
                except FetchError as error:
                    host.rules = Rules(failure=str(error))
            return host.rules


def _obey(permitted: Rules, target: httpx.URL) -> None:
    if permitted.failure is not None:
        raise RequestError(
            f"what may be fetched there is unknown, for its robots.txt can't be had ({permitted.failure}); "
            "try later"
        )
    if not permitted.permits(str(target)):
        reason = "the host's robots.txt forbids it; ask its owner, or name another address"
        raise RequestError(reason, forbidden=True)


def _conditions(sent: Validators) -> dict[str, str]:
    headers = {"If-None-Match": sent.etag, "If-Modified-Since": sent.last_modified}
    return {name: value for name, value in headers.items() if value}


def _fetched(url: str, arrival: _Arrival, sent: Validators) -> Fetched:
    answer = arrival.answer
    unasked = answer.status == UNCHANGED and sent == Validators()
    if answer.status not in VALUES or unasked:
        mend = "try later" if answer.status >= 500 else "check the address"
        raise FetchError(f"{shown(url)}: the server answered {answer.status}; {mend}", answer.status)
    found = answer.status in HERE or answer.status == UNCHANGED
    given = reading.validators(answer.headers)
    if answer.status == UNCHANGED and given == Validators():
        given = sent
    return Fetched(
        url=arrival.url,
        moved_to=arrival.moved_to if found else None,
        status=answer.status,
        body=answer.body,
        media_type=reading.media_type(answer.headers),
        charset=reading.charset(answer.headers),
        validators=given,
        retry_after=reading.retry_after(answer.headers),
        at=reading.answered_at(answer.headers),
    )
