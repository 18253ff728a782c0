"""On demand: feeds of combinations that nobody named, `combine/korea-utara+rusia~olahraga/atom.xml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.archive.archive import Archive
from feeds.archive.terms import KINDS, Term
from feeds.channel import Publisher, folder_of
from feeds.combination import Combination, CombinationError, from_address
from feeds.composition import compose
from feeds.desk import Desk
from feeds.document import Document
from feeds.feed_settings import OneFeedSettings
from feeds.plan import SETS, Plan
from sources.identity import fold, mint_id

UNRECORDED = -3  # the row of a term that the archive has not


@dataclass(frozen=True, slots=True)
class Made:
    """A feed made on demand. Its document's `modified` is 0: nothing records when such a feed changed.

    ttl    minutes between two visits, as the document says; until: when it may change by itself
    """

    document: Document
    ttl: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where a feed lies: a path below the feeds, not percent-encoded."""

    to: str


def public_tags(archive: Archive) -> dict[str, str]:
    """Return every address of a tag that has a public feed, those it had before too -> the address now.

    Whoever asks for others learns nothing of them: neither of private tags, nor of those whose articles are
    all still to be published.
    """
    private = archive.privacy.feeds()
    now = {term.slug: term.slug for term in archive.terms.with_feeds() if term.kind == "tag"}
    before = {old: slug for kind, old, slug in archive.terms.former() if kind == "tag" and slug in now}
    return {old: slug for old, slug in (before | now).items() if not private.has(f"tags/{slug}/")}


def understood(tags: Mapping[str, str], address: str) -> Combination | None:
    """Return the combination that an address means, by the addresses that its tags have now.

    tags: see `public_tags`. None for what is no combination of them.
    """
    try:
        meant = from_address(address)
        named = (meant.all_of, meant.any_of, meant.none_of)
        all_of, any_of, none_of = ([tags[name] for name in names] for names in named)
        # Read once more: of two tags that were merged one is left, and the order may be another now.
        return from_address(Combination(tuple(all_of), tuple(any_of), tuple(none_of)).canonical)
    except (CombinationError, KeyError):
        return None


def combined(
    archive: Archive,
    publisher: Publisher,
    plan: Plan,
    now: datetime,
    address: str,
    file: str,
    tags: Mapping[str, str] | None = None,
) -> Made | Redirect | None:
    """Answer `combine/<address>/<file>`, which may be asked for any tags; nothing is written.

    archive: may be read-only; tags: `public_tags`, by whoever asks often. None: an unknown tag, no
    combination, another file.
    """
    if (meant := understood(public_tags(archive) if tags is None else tags, address)) is None:
        return None
    return answer(archive, publisher, plan, now, meant, address, file)


def answer(
    archive: Archive,
    publisher: Publisher,
    plan: Plan,
    now: datetime,
    meant: Combination,
    address: str,
    file: str,
) -> Made | Redirect | None:
    """Answer as `combined` does for an address that was understood already."""
    formats = {format_.file: format_.name for format_ in plan.formats}
    term = _term(meant, publisher)
    if file not in formats or archive.privacy.feeds().has(folder_of(term)):
        return None
    if len(meant.all_of) == 1 and not meant.none_of:
        return Redirect(f"tags/{meant.all_of[0]}/{file}")
    if address != meant.canonical:
        return Redirect(folder_of(term) + file)
    settings = plan.settings.model_copy(update={"formats": (formats[file],)})
    own = {**plan.own, (SETS, fold(term.name)): _named(meant)}
    desk = Desk(archive, publisher, Plan(settings, own), now)
    composed = compose(desk, term)
    if composed is None:
        return None
    document = next(document for _, document in composed.documents)
    return Made(replace(document, modified=0), composed.ttl, archive.next_change(now))


def _term(meant: Combination, publisher: Publisher) -> Term:
    """Return the term as the archive would make it (feeds.archive.terms.ensure), should an editor name it."""
    name = meant.canonical
    feed_id = mint_id(publisher.tagging_entity, f"feeds/{KINDS[SETS]}/{name}")
    return Term(UNRECORDED, SETS, name, name, feed_id)


def _named(meant: Combination) -> OneFeedSettings:
    """Return what publish.toml would say of it."""
    wanted = " AND ".join(meant.all_of) or " OR ".join(meant.any_of)
    return OneFeedSettings(combination=" NOT ".join([wanted, *meant.none_of]))
