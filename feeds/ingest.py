"""Ingest: articles that a content system hands over itself, taken into the archive one request at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from feeds.archive.archive import Archive
from feeds.archive.terms import TermError
from feeds.archive.values import Withdrawal
from feeds.editing import resolved
from feeds.intake import API
from sources.article import Article
from sources.identity import TAG_SPECIFIC, mint_article_id
from sources.record import admit
from sources.records.reader import Unreadable
from sources.records.translate import translate
from sources.source import Rejected, Site, Visited

UNNAMED = "POST"  # where a record was met that has neither id nor address
READ_ANEW, AS_BEFORE = 200, 304
EPOCH = datetime.fromtimestamp(0, UTC)

Result = Literal["new", "changed", "unchanged", "rejected"]


@dataclass(frozen=True, slots=True)
class Posted:
    """A record as it was handed over.

    item       what the gate made of it; its position is the one in the request: `record 3`, `line 17`
    names      the ids and addresses by which it will be known again once it is mended
    under      the id or address that it was put under, if it was
    states_id  does the record itself say its id?
    """

    item: Article | Rejected
    names: tuple[str, ...] = ()
    under: str | None = None
    states_id: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record.

    article      as it is kept now; None for a rejected one
    withdrawn    how it was taken back, if it is
    rejected     why it was not taken
    is_conflict  was it rejected for what the archive holds, not for what it says itself?
    """

    position: str
    result: Result
    article: Article | None = None
    withdrawn: Withdrawal | None = None
    rejected: Rejected | None = None
    is_conflict: bool = False


class AlreadyThereError(Exception):
    """An article was to be put only if it is new, and it is not."""


def offer(record: Any, position: str, site: Site, now: datetime, under: str | None = None) -> Posted:
    """Pass a record through the gate of all sources. now: what `2 hours ago` counts from."""
    if isinstance(record, Unreadable):
        return Posted(Rejected(API, position, "", record.reason, record.text), _names({}, under), under)
    if isinstance(record, Mapping) and isinstance(record.get("id"), int):
        record = {**record, "id": str(record["id"])}  # our own name goes before `uri` and the like, so too
    raw = translate(record)
    given = raw if under is None else {"id": under, **raw}
    item = admit({"fetched": now, **given}, site, API, position)
    return Posted(item, _names(raw, under), under, states_id="id" in raw)


def refuse(record: Mapping[str, Any], position: str, field: str, reason: str, under: str | None) -> Posted:
    """Set a record aside before the gate. reason: what is wrong with the field, and the mend."""
    names = _names(translate(record), under)
    return Posted(Rejected(API, position, field, reason, dict(record)), names, under)


def _names(raw: Mapping[str, Any], under: str | None) -> tuple[str, ...]:
    """List what a record is called, what it was put under first."""
    names = [under, *(raw[key] for key in ("id", "url") if isinstance(raw.get(key), (str, int)))]
    return tuple(dict.fromkeys(str(name).strip() for name in names if name is not None))


def take(
    archive: Archive,
    site: Site,
    now: datetime,
    posted: Sequence[Posted],
    priorities: Mapping[str, int],
    only_new: bool = False,
) -> list[Outcome]:
    """Put what one request holds into the archive; say of each record what became of it, in their order.

    archive: inside a transaction, in a run of its own (`begin_run`): two records with one id are duplicates
    in one request, and an article and its change in two.
    priorities: of the sources; see `Archive.store`. Raises AlreadyThereError where `only_new` is asked.
    """
    reading = archive.readings.begin(API)
    if any(one.under is None for one in posted):
        archive.readings.remember(API, Visited(UNNAMED, READ_ANEW, ""), reading)
    outcomes = []
    for number, one in enumerate(posted, start=reading):
        outcome = _take(archive, site, now, one, priorities, only_new)
        _remember(archive, one, outcome, number)
        outcomes.append(outcome)
    return outcomes


def _take(
    archive: Archive,
    site: Site,
    now: datetime,
    one: Posted,
    priorities: Mapping[str, int],
    only_new: bool,
) -> Outcome:
    key = None if one.under is None else find(archive, site, one.under)
    if only_new and key is not None:
        raise AlreadyThereError(f"{one.under} is there already; leave out If-None-Match to replace it")
    if isinstance(one.item, Rejected):
        return Outcome(one.item.position, "rejected", rejected=one.item)
    article = one.item
    if one.under is not None and not one.states_id:
        article = article.model_copy(update={"id": key or permanent(site, one.under)})
    elif one.under is not None and not _leads_to(archive, site, one.under, key, article):
        reason = f"the address names {one.under}, the record {article.id}: make them one, or leave its id out"
        return _conflict(article, reason)
    return _store(archive, now, article, priorities)


def _leads_to(archive: Archive, site: Site, under: str, key: str | None, article: Article) -> bool:
    """Does what an article was put under name the article that the record says it is?

    key: what leads to the one that is there; a new one may be put under its address as well.
    """
    if key is not None:
        return archive.row_of(key) == archive.row_of(article.id)
    return permanent(site, under) in {article.id, article.url, *article.alternate_ids}


def _store(archive: Archive, now: datetime, article: Article, priorities: Mapping[str, int]) -> Outcome:
    keys = filter(None, (article.id, *article.alternate_ids, article.url))
    row = next((row for row in map(archive.row_of, keys) if row is not None), None)
    was_withdrawn = row is not None and archive.withdrawal_of(row) is not None
    stored, kept = archive.store(article, now, priorities)
    if stored == "older":
        reason = f"dated before the version kept, {kept.title!r}: if it is newer, give it a later `modified`"
        return _conflict(article, reason)
    if stored == "duplicate":
        reason = f"another record of this request has its id, {kept.id}: give each its own, or send one"
        return _conflict(article, reason)
    if stored == "elsewhere":
        reason = f"{kept.source} has this article and comes first: change it there, or lower its priority"
        return _conflict(article, reason)
    _, withdrawn = _state(archive, archive.row_of(kept.id))
    if withdrawn and withdrawn.by == API:  # it is there again, and its own status keeps it out of feeds
        withdrawn = replace(withdrawn, by="record")
        archive.withdraw(kept.id, withdrawn)
    is_back = was_withdrawn and withdrawn is None
    return Outcome(article.position, "changed" if is_back else stored, kept, withdrawn)


def _conflict(article: Article, reason: str) -> Outcome:
    rejected = Rejected(API, article.position, "id", reason, article.model_dump(mode="json"))
    return Outcome(article.position, "rejected", rejected=rejected, is_conflict=True)


def _remember(archive: Archive, one: Posted, outcome: Outcome, reading: int) -> None:
    """Keep a rejected record for people to mend, under its own name; forget one that came again.

    Without a name it can't be told when it comes again: it is kept until the next POST.
    """
    names = one.names
    if outcome.rejected and names:
        names = names[:1]
        archive.readings.reject(replace(outcome.rejected, position=names[0]), reading)
    elif outcome.rejected:
        position = f"{UNNAMED}, {outcome.position}"
        archive.readings.reject(replace(outcome.rejected, position=position), reading)
        archive.readings.remember(API, Visited(UNNAMED, AS_BEFORE, ""), reading)
    elif outcome.article:
        names = tuple(dict.fromkeys(filter(None, (*names, outcome.article.id, outcome.article.url))))
    for name in names:
        archive.readings.remember(API, Visited(name, READ_ANEW, ""), reading)


def permanent(site: Site, text: str) -> str:
    """Return the id that an article gets which is put under this: itself, if it is made to last."""
    return mint_article_id(site.tagging_entity, text, None, EPOCH, "")


def find(archive: Archive, site: Site, text: str) -> str | None:
    """Return the id or address, as the archive has it, that a content system means; None for none."""
    with contextlib.suppress(TermError):
        return resolved(archive, text)
    # Ids of ours hold escapes, which clients tend to undo once too often on their way through a path.
    candidates = (permanent(site, text), quote(text, safe=f":{TAG_SPECIFIC}"))
    return next((key for key in candidates if archive.knows(key)), None)


def look(archive: Archive, site: Site, text: str) -> tuple[Article, Withdrawal | None] | None:
    """Return the article that an id or an address leads to, and how it was withdrawn, if it was."""
    key = find(archive, site, text)
    if key is None:
        return None
    article, withdrawn = _state(archive, archive.row_of(key))
    return article, withdrawn


def _state(archive: Archive, row: int | None) -> tuple[Article, Withdrawal | None]:
    assert row is not None  # noqa: S101 - its key was found in this transaction
    return archive.article(row), archive.withdrawal_of(row)


@dataclass(frozen=True, slots=True)
class Words:
    """What a content system says of a withdrawal, as `feeds.archive.values.Withdrawal` has it."""

    reason: str = ""
    replacement: str | None = None
    notice: str | None = None


def withdraw(archive: Archive, site: Site, now: datetime, text: str, words: Words) -> Outcome | None:
    """Take an article out of every feed, until it is put again; None if there is none.

    What an editor's command withdrew stays as the editor said. To withdraw again without a word changes
    nothing.
    """
    key = find(archive, site, text)
    if key is None:
        return None
    row = archive.row_of(key)
    article, before = _state(archive, row)
    if before and (before.by == "command" or words in (Words(), _words_of(before))):
        return Outcome("", "unchanged", article, before)
    archive.withdraw(key, Withdrawal(article.id, now, API, words.reason, words.replacement, words.notice))
    return Outcome("", "changed", *_state(archive, row))


def _words_of(withdrawal: Withdrawal) -> Words:
    return Words(withdrawal.reason, withdrawal.replacement, withdrawal.notice)
