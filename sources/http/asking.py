"""Asking politely: in the host's turn, and again only when that may help and the host allows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.http.headers import retry_after
from sources.http.pace import Pace, RestingError
from sources.http.urls import host_of
from sources.http.values import FetchSettings, RequestError

if TYPE_CHECKING:
    import httpx

    from sources.http.exchange import Answer

NOT_NOW = frozenset({429, 503})
TRY_AGAIN = frozenset({429, 500, 502, 503, 504})


@dataclass(slots=True)
class Journey:
    """One address on its way over redirects and retries.

    private    may the first host, but no later one, lie inside the private network?
    limit      of the body, in bytes; with `cut`, the rest of a longer one is left
    time_left  seconds on the network; every attempt takes from them
    robots     heed robots.txt
    """

    url: str
    headers: Mapping[str, str]
    private: bool
    limit: int
    time_left: float
    robots: bool
    cut: bool = False


class UnsteadyError(Exception):
    """An answer that another attempt may better. delay: seconds that the host asks to wait, if it does."""

    def __init__(self, answer: Answer, delay: float | None) -> None:
        super().__init__(f"the server answered {answer.status}")
        self.answer = answer
        self.delay = delay


@dataclass(frozen=True, slots=True)
class Asker:
    """The client, its manners, and what it knows of the hosts it asked."""

    client: httpx.Client
    settings: FetchSettings
    pace: Pace

    def ask(self, journey: Journey, target: httpx.URL, private: bool, pause: float) -> Answer:
        """Return the answer of the last attempt, whatever its status; redirects are not followed.

        private  may the target's host lie inside the private network?
        pause    seconds to the next request to the host
        A host that still rests is not asked; the answer is a 429. Raises RequestError.
        """
        try:
            return self._retried(journey, target, private, pause)
        except UnsteadyError as last:
            return last.answer
        except RestingError as rest:
            from sources.http.exchange import Answer

            return Answer(429, {"retry-after": f"{rest.seconds:.0f}"})

    def _retried(self, journey: Journey, target: httpx.URL, private: bool, pause: float) -> Answer:
        import stamina

        for attempt in stamina.retry_context(
            on=self._wait,
            attempts=self.settings.attempts,
            timeout=None,  # the journey's own time limit holds
            wait_initial=self.settings.backoff,
            wait_max=self.settings.longest_wait,
            wait_jitter=self.settings.backoff,
        ):
            with attempt:
                return self._attempt(journey, target, private, pause)
        raise AssertionError("stamina leaves its loop by a return or an exception")

    def _wait(self, error: Exception) -> bool | float:
        """Say whether to try again, or after how many seconds."""
        if isinstance(error, UnsteadyError):
            if error.delay is None:
                return True
            return error.delay if error.delay <= self.settings.longest_wait else False
        return isinstance(error, RequestError) and error.again

    def _attempt(self, journey: Journey, target: httpx.URL, private: bool, pause: float) -> Answer:
        from sources.http.exchange import Ask, exchange

        with self.pace.turn(host_of(target), pause) as host:
            started = time.monotonic()
            deadline = started + journey.time_left
            timeout = self.settings.timeout
            ask = Ask(target, journey.headers, private, timeout, deadline, journey.limit, journey.cut)
            try:
                answer = exchange(self.client, ask)
            finally:
                journey.time_left -= time.monotonic() - started
            delay = retry_after(answer.headers) if answer.status in NOT_NOW else None
            host.rest(delay or 0.0)
        if answer.status in TRY_AGAIN:
            raise UnsteadyError(answer, delay)
        return answer
