"""Report: a summary of access records as rows for people and as data for programs."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from feeds.pollers.values import Claim, Feed, Poller, Summary, Traffic

RECENT = 7 * 86_400  # seconds before the log's end; a service silent for longer has let the feed go
SHOWN = 20  # rows of a kind; programs get all
NOTE = (
    "Subscriptions are not people: one may read several feeds, or with several services. What services say is"
    " their claim. Readers that people run themselves tell no number."
)


def rows(summary: Summary) -> list[tuple[str, str]]:
    """Give what `table` of feeds/output.py shows: the busiest and the worst, in that order."""
    if not summary.feeds:
        return [("no feed", _counted(summary.others, "other request")), *_problems(summary)]
    return [
        *_site_rows(summary),
        *[(path, _traffic(feed.traffic)) for path, feed in _busiest_feeds(summary)[:SHOWN]],
        *[(_client(key), _habits(poller)) for key, poller in _busiest_pollers(summary)[:SHOWN]],
        *_blamed(summary),
        *_problems(summary),
    ]


def data(summary: Summary) -> dict[str, Any]:
    """Give everything for a program: times in ISO 8601, sizes in bytes, intervals in seconds."""
    return {
        "since": _moment(summary.since),
        "until": _moment(summary.until),
        "total": _numbers(_total(summary)),
        "subscriptions": _subscriptions(summary),
        "readers_at_least": _readers(summary),
        "note": NOTE,
        "subscribers": [_claim_data(summary, key, claim) for key, claim in sorted(summary.claims.items())],
        "feeds": [{"path": path} | _numbers(feed.traffic) for path, feed in _busiest_feeds(summary)],
        "pollers": [_poller_data(key, poller) for key, poller in _busiest_pollers(summary)],
        "other_requests": summary.others,
        "uncounted_requests": summary.uncounted,
        "unreadable_lines": summary.unreadable,
        "unreadable_examples": summary.examples,
        "failed": summary.failures,
    }


# --- what the numbers come to ---


def _total(summary: Summary) -> Traffic:
    total = Traffic()
    for feed in summary.feeds.values():
        total.requests += feed.traffic.requests
        total.not_modified += feed.traffic.not_modified
        total.sent += feed.traffic.sent
        total.saved += feed.traffic.saved
    return total


def _is_recent(summary: Summary, claim: Claim) -> bool:
    return claim.time >= summary.until - RECENT


def _subscriptions(summary: Summary) -> int:
    return sum(claim.subscribers for claim in summary.claims.values() if _is_recent(summary, claim))


def _readers(summary: Summary) -> int:
    """Give the largest single claim: of more than its accounts nobody can say that they are different."""
    recent = (claim.subscribers for claim in summary.claims.values() if _is_recent(summary, claim))
    return max(recent, default=0)


def _busiest_feeds(summary: Summary) -> list[tuple[str, Feed]]:
    return sorted(summary.feeds.items(), key=lambda item: (-item[1].traffic.requests, item[0]))


def _busiest_pollers(summary: Summary) -> list[tuple[tuple[str, str, str], Poller]]:
    return sorted(summary.pollers.items(), key=lambda item: (-item[1].traffic.requests, item[0]))


# --- for programs ---


def _moment(seconds: float) -> str | None:
    return (
        datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if math.isfinite(seconds) else None
    )


def _numbers(traffic: Traffic) -> dict[str, Any]:
    return {
        "requests": traffic.requests,
        "not_modified": traffic.not_modified,
        "not_modified_share": round(_share(traffic), 4),
        "bytes_sent": traffic.sent,
        "bytes_saved": traffic.saved,
    }


def _share(traffic: Traffic) -> float:
    return traffic.not_modified / traffic.requests if traffic.requests else 0.0


def _claim_data(summary: Summary, key: tuple[str, str], claim: Claim) -> dict[str, Any]:
    return {
        "service": key[0],
        "feed": key[1],
        "path": claim.path,
        "subscribers": claim.subscribers,
        "last_seen": _moment(claim.time),
        "recent": _is_recent(summary, claim),
    }


def _poller_data(key: tuple[str, str, str], poller: Poller) -> dict[str, Any]:
    name, at, path = key
    return {
        "name": name,
        "at": at,
        "path": path,
        **_numbers(poller.traffic),
        "interval": poller.interval,
        "unconditional": poller.unconditional,
        "unknown": poller.untold,
        "forced": poller.forced,
        "refetches_unconditionally": poller.refetches,
        "moved_answers": poller.moved,
        "ignores_move": poller.ignores_move,
    }


# --- for people ---


def _site_rows(summary: Summary) -> list[tuple[str, str]]:
    services: dict[str, int] = defaultdict(int)
    for (service, _), claim in summary.claims.items():
        services[service] += claim.subscribers if _is_recent(summary, claim) else 0
    told = ", ".join(f"{name} {count}" for name, count in sorted(services.items(), key=lambda row: -row[1]))
    subscribed = f"{_subscriptions(summary)} ({told})" if told else "no service tells any"
    readers = [("readers", f"at least {_readers(summary)}. {NOTE}")] if _readers(summary) else []
    return [
        ("from", str(_moment(summary.since))),
        ("to", str(_moment(summary.until))),
        (_counted(len(summary.feeds), "feed"), _traffic(_total(summary))),
        ("subscriptions", subscribed),
        *readers,
    ]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _traffic(traffic: Traffic) -> str:
    return (
        f"{_counted(traffic.requests, 'request')}, {_share(traffic):.1%} not modified, "
        f"{_size(traffic.sent)} sent, about {_size(traffic.saved)} saved"
    )


def _size(count: float) -> str:
    if count < 1000:
        return _counted(round(count), "byte")
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 1000:
            return f"{count:.1f} {unit}"
    count /= 1000
    return f"{count:.1f} TB"


def _client(key: tuple[str, str, str]) -> str:
    name, at, path = key
    return f"{name} {at} at {path}" if at else f"{name} at {path}"


def _habits(poller: Poller) -> str:
    every = "came once" if poller.interval is None else f"every {poller.interval / 60:.0f} min"
    asks = {None: "; whether it asks for changes is unknown", True: "; refetches all", False: ""}
    return f"{every}, {_traffic(poller.traffic)}{asks[poller.refetches]}"


def _blamed(summary: Summary) -> list[tuple[str, str]]:
    pollers = _busiest_pollers(summary)
    refetching = [
        ("refetches all", f"{_client(key)}: {poller.unconditional} of {poller.repeats} times")
        for key, poller in pollers
        if poller.refetches
    ]
    ignoring = [
        ("ignores 301 or 410", f"{_client(key)}: asked {poller.moved} times")
        for key, poller in pollers
        if poller.ignores_move
    ]
    return refetching[:SHOWN] + ignoring[:SHOWN]


def _problems(summary: Summary) -> list[tuple[str, str]]:
    found = [("failed", failure) for failure in summary.failures]
    if summary.unreadable:
        found.append(("unreadable lines", f"{summary.unreadable}; {'; '.join(summary.examples)}"))
    if summary.uncounted:
        found.append(
            ("not told apart", f"{_counted(summary.uncounted, 'request')} of clients beyond those counted")
        )
    return found
