"""The churn guard: what speaks against putting a new feed in place of the one that readers have.

A reader shows an entry again whose id is new to it, and can't be made to forget. So an accident is held back
before it is published: a lost archive, another way of making ids, a clock gone wrong, a broken template.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A feed as readers see it.

    ids     (id, published, updated) of each entry; dates in seconds since 1970
    length  of the document, in bytes
    order   the date by which the newest are chosen
    """

    ids: tuple[tuple[str, int, int], ...]
    length: int
    order: Literal["published", "updated"] = "published"


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a change is no ordinary one. Shares are of 1, and exceeded, not met.

    fewest    entries; shorter feeds are only asked whether they were emptied: in them one article that goes
              is a large share
    emptied   entries; of a feed with fewer, one editor's act may well take all
    renamed   share of entries whose ids are gone while old articles came under new ones; an editor who tags
              by hand moves some in and some out, a quarter of a feed on one day he does not
    gone      share of entries that nothing newer pushed out; withdrawals are single
    redated   share of the known entries with another `published`, which a newsroom corrects one by one; and
              of all entries, those that newly lie ahead
    ahead     days from now; dates later than that come from a clock gone wrong. One day is left for dates
              without a zone
    grown     times as many bytes for each entry: pictures put inside, a body put in twice and again
    large     bytes; below that no reader minds
    """

    fewest: int = 6
    emptied: int = 2
    renamed: float = 0.25
    gone: float = 0.5
    redated: float = 0.25
    ahead: float = 1.0
    grown: float = 10.0
    large: int = 100_000


def objections(before: Snapshot | None, after: Snapshot, limits: Limits, now: datetime) -> list[str]:
    """Say in plain words, with figures, what speaks against `after`; nothing does on an ordinary day.

    before: the feed in place, without the entries that were withdrawn by hand or have expired since: they
    are meant to go. None where there is no feed yet: then nothing can be said against the new one.
    """
    if before is None or not before.ids:
        return []
    if not after.ids:
        count = len(before.ids)
        return [f"it is empty; it had {count} entries"] if count >= limits.emptied else []
    if len(before.ids) < limits.fewest:
        return []
    found = (
        _identity(before, after, limits),
        _redated(before, after, limits),
        _ahead(before, after, limits, now),
        _grown(before, after, limits),
    )
    return [objection for objection in found if objection]


def _identity(before: Snapshot, after: Snapshot, limits: Limits) -> str:
    """Are old articles there under other ids, or are most simply gone?"""
    count = len(before.ids)
    known = {id_ for id_, _, _ in before.ids}
    newest = max(_in_order(before, entry) for entry in before.ids)
    strangers = sum(e[0] not in known and _in_order(before, e) <= newest for e in after.ids)
    gone = _gone(before, after)
    if min(strangers, gone) > limits.renamed * count:
        return (
            f"ids changed: {gone} of {count} entries are gone, and {strangers} came that are no newer than "
            f"the newest of them ({_day(newest)}); readers would show old articles again"
        )
    twins = {e[1] for e in after.ids if e[0] not in known} & {e[1] for e in before.ids}
    if min(len(twins), len(known - {e[0] for e in after.ids})) > limits.renamed * count:
        return (
            f"ids changed: {len(twins)} entries of other ids have the very dates of entries that were there; "
            "readers would show old articles again"
        )
    if gone > limits.gone * count:
        return f"{gone} of {count} entries are gone, and nothing newer took their place"
    return ""


def _gone(before: Snapshot, after: Snapshot) -> int:
    """Count the entries that left though no newer ones, as a whole, pushed them out.

    Pushed out is what lies before all that stays, in a feed as long as it was: in entries, or, where a feed
    is limited by bytes, at least in half as many of those. Also what an age limit left behind when the
    newest entry moved on: such a feed reaches no further back than it did.
    """
    olds = [published for _, published, _ in before.ids]
    behind = min(olds) + max(published for _, published, _ in after.ids) - max(olds)
    is_full = len(after.ids) >= len(before.ids) or 2 * after.length >= before.length
    end = min(_in_order(after, entry) for entry in after.ids) if is_full else 0
    known, stays = {entry[0] for entry in before.ids}, {entry[0] for entry in after.ids}
    left = [_in_order(after, e) for e in before.ids if e[0] not in stays and e[1] >= behind]
    # Of those that are as old as the end of the feed, each that came above it took the place of one.
    above = sum(entry[0] not in known and _in_order(after, entry) > end for entry in after.ids)
    return sum(moment > end for moment in left) + max(0, left.count(end) - above)


def _in_order(feed: Snapshot, entry: tuple[str, int, int]) -> int:
    _, published, updated = entry
    return updated if feed.order == "updated" else published


def _redated(before: Snapshot, after: Snapshot, limits: Limits) -> str:
    """Have articles got another first date? Dates of change are no sign: some feeds are all live pages."""
    dates = {id_: published for id_, published, _ in before.ids}
    moves = [published - dates[id_] for id_, published, _ in after.ids if id_ in dates]
    moved = [move for move in moves if move]
    if len(moves) < limits.fewest or len(moved) <= limits.redated * len(moves):
        return ""
    return (
        f"dates jumped: {len(moved)} of {len(moves)} known entries have another date of publication, "
        f"the furthest by {_span(max(moved, key=abs))}"
    )


def _ahead(before: Snapshot, after: Snapshot, limits: Limits, now: datetime) -> str:
    horizon = now.timestamp() + limits.ahead * DAY
    in_place = {(id_, published) for id_, published, _ in before.ids}
    ahead = [p for id_, p, _ in after.ids if p > horizon and (id_, p) not in in_place]
    if len(ahead) <= limits.redated * len(after.ids):
        return ""
    return (
        f"{len(ahead)} of {len(after.ids)} entries are dated in the future, the furthest {_day(max(ahead))}; "
        "readers keep them on top until then"
    )


def _grown(before: Snapshot, after: Snapshot, limits: Limits) -> str:
    """Have entries grown? The document itself may: a first back-fill takes it from 6 entries to 100."""
    was, now_is = (snapshot.length / len(snapshot.ids) for snapshot in (before, after))
    if after.length <= limits.large or now_is <= limits.grown * was:
        return ""
    return (
        f"it grew from {before.length:,} to {after.length:,} bytes: {now_is / was:.0f} times as many "
        "for each entry"
    )


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _span(seconds: int) -> str:
    days, rest = divmod(abs(seconds), DAY)
    length = f"{days} days" if days else f"{rest / 3600:.1f} hours"
    return f"{length} {'forward' if seconds > 0 else 'back'}"
