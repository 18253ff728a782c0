"""Summary: access records, one after the other, counted into what they say of feeds and clients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from feeds.pollers.records import Access, read_access
from feeds.pollers.user_agents import Agent, agent_of
from feeds.pollers.values import Claim, Feed, Poller, Summary
from sources.source import SourceError

MOST = 50_000  # clients, feeds and claims of subscribers that are told apart; about 150 MB
SHOWN = 3  # unreadable lines that are kept to be shown
MOVED = frozenset({301, 308, 410})
NO_FEED = frozenset({400, 401, 403, 404, 405})  # what scanners get: such addresses are no feeds of ours
K = TypeVar("K")
V = TypeVar("V")


def summary(lines: Iterable[bytes | SourceError], feed: str = "") -> Summary:
    """Read lines of access logs, the oldest first, into a summary; memory is bounded, however many there are.

    feed: count only this path; with a slash at its end, all below it. Empty: every path whose file is called
    as feeds are. Lines that can't be read are counted, and SourceErrors are kept as failures.
    """
    found = Summary()
    is_wanted = _wanted(feed)
    for number, line in enumerate(lines, start=1):
        if isinstance(line, SourceError):
            found.failures.append(str(line))
            continue
        access = read_access(line)
        if isinstance(access, Access):
            _count(found, access, is_wanted)
        elif line.strip():
            found.unreadable += 1
            if len(found.examples) < SHOWN:
                found.examples.append(f"line {number}: {access}")
    return found


def _wanted(feed: str) -> Callable[[str], bool]:
    if feed.endswith("/"):
        return lambda path: path.startswith(feed)
    if feed:
        return lambda path: path == feed
    from feeds.formats import FORMATS

    files = {form.file for form in FORMATS}
    return lambda path: path.rpartition("/")[2] in files


def _count(found: Summary, access: Access, is_wanted: Callable[[str], bool]) -> None:
    asked = access.method in {"GET", "HEAD"} and access.status not in NO_FEED and is_wanted(access.path)
    found.since = min(found.since, access.time)
    found.until = max(found.until, access.time)
    if not asked:
        found.others += 1
        return
    agent = agent_of(access.user_agent)
    feed = _kept(found.feeds, access.path, Feed)
    # A service asks from many addresses; a reader that people run themselves is one at each address.
    at = agent.feed_id if agent.is_service else access.remote
    poller = _kept(found.pollers, (agent.name, at, access.path), Poller)
    if feed is None or poller is None:
        found.uncounted += 1
        return
    _measure(feed, poller, access)
    _judge(poller, access, agent)
    _claim(found, access, agent)


def _kept(kept: dict[K, V], key: K, new: Callable[[], V]) -> V | None:
    """Give what is kept under a key, made if need be; None: there is no room for more."""
    if key not in kept:
        if len(kept) >= MOST:
            return None
        kept[key] = new()
    return kept[key]


def _measure(feed: Feed, poller: Poller, access: Access) -> None:
    """Count what was sent, and what a 304 spared."""
    saved = 0
    if access.status == 304:
        # nginx names no coding on a 304: the client will have asked for what it asked for before.
        coding = poller.coding if poller.fetched else access.coding
        saved = feed.sizes.get(coding, min(feed.sizes.values(), default=0))
    elif access.status == 200 and access.method == "GET":
        feed.sizes[access.coding] = access.sent
    for traffic in (feed.traffic, poller.traffic):
        traffic.requests += 1
        traffic.not_modified += access.status == 304
        traffic.sent += access.sent
        traffic.saved += saved


def _judge(poller: Poller, access: Access, agent: Agent) -> None:
    """Note how it polls. HEAD fetches nothing, and an answer that is no feed says nothing of asking."""
    if access.time > poller.last:
        if poller.last > 0:
            poller.intervals.append(round(access.time - poller.last))
        poller.last = access.time
    if access.status in MOVED:
        poller.moved += 1
    if access.status not in {200, 304} or access.method != "GET":
        return
    poller.moved = 0
    if poller.fetched:
        poller.repeats += 1
        poller.untold += access.conditional is None
        forced = access.conditional is False and agent.name == "NewsBlur" and access.has_query
        poller.forced += forced
        poller.unconditional += access.conditional is False and not forced
    if access.status == 200:
        poller.fetched, poller.coding = True, access.coding


def _claim(found: Summary, access: Access, agent: Agent) -> None:
    """Keep what a service says, if it is newer than what it said before."""
    if agent.subscribers is None:
        return
    key = (agent.name, agent.feed_id or access.path)
    before = found.claims.get(key)
    if before.time <= access.time if before else len(found.claims) < MOST:
        found.claims[key] = Claim(access.time, agent.subscribers, access.path)
