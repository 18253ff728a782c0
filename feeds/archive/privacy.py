"""Privacy: which feeds are private, and so which articles are in no public feed.

The settings name private feeds. An article of a private tag, section, author or language is private too (its
column `private`): no public feed, page or tombstone tells of it, unless that feed had it while it was public.
A private combination holds articles and makes none private. Where all feeds are private, no article is.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feeds.archive import history
from feeds.archive.select import PRIVATE_TERMS
from feeds.archive.terms import KINDS, THE_SITE, Term

KEY = "private"  # of the archive's remembered values; feeds.archive.select reads it too
OF_A_PRIVATE_TERM = (
    "EXISTS (SELECT 1 FROM article_term t WHERE t.article_id = a.article_id"
    f" AND t.term_id IN {PRIVATE_TERMS})"
)
TURN = "UPDATE article AS a SET private = 1 - private"


@dataclass(frozen=True, slots=True)
class PrivateFeeds:
    """Which feeds are private, at one moment.

    is_all   every feed is
    folders  of tags, sections, authors and languages: each address, of now or before -> the address now
    sets     combinations, by their canonical names
    """

    is_all: bool = False
    folders: Mapping[str, str] = field(default_factory=dict)
    sets: frozenset[str] = frozenset()

    def has(self, folder: str) -> bool:
        """Is the feed in a folder private? The site's is ``. A combination that names a private tag is."""
        kind, _, name = folder.strip("/").partition("/")
        if self.is_all or folder in self.folders:
            return True
        if kind != KINDS["set"]:
            return False
        tags = {f"tags/{slug}/" for slug in re.split("[+,~]", name)}
        return name in self.sets or not tags.isdisjoint(self.folders)

    def holds(self, path: str) -> bool:
        """Does a path, relative to the feeds and not percent-encoded, lie in a private feed's folder?"""
        if not (self.is_all or self.folders or self.sets):
            return False
        folder = folder_at(path)
        return folder is not None and self.has(folder)

    def now(self, folder: str) -> str:
        """Return where the feed lies now that a folder is, or was, the address of."""
        return self.folders.get(folder, folder)


def folder_at(path: str) -> str | None:
    """Return the folder of the feed that a path belongs to, `` for the site's; None if it is no feed's."""
    first, _, rest = path.partition("/")
    if first in KINDS.values() and "/" in rest:
        return f"{first}/{rest.partition('/')[0]}/"
    return "" if path and (not rest or first == "archive") and not first.startswith(".") else None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive remembers: whether all feeds are private, or else which terms and combinations."""

    is_all: bool = False
    terms: frozenset[int] = frozenset()
    sets: frozenset[str] = frozenset()


class Privacy:
    """The part of an archive in SQLite that knows private feeds; call what changes inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def feeds(self) -> PrivateFeeds:
        """Return which feeds are private now: others may merge tags between two transactions."""
        kept = self._kept()
        which = "" if kept.is_all else f" WHERE term_id IN {PRIVATE_TERMS}"
        found = self._db.execute(
            f"SELECT s.kind, s.slug, t.slug FROM term_slug s JOIN term t USING (term_id){which}"
        )
        folders = {f"{KINDS[kind]}/{slug}/": f"{KINDS[kind]}/{now}/" for kind, slug, now in found}
        return PrivateFeeds(kept.is_all, folders, kept.sets)

    def is_private(self, term: Term) -> bool:
        """Is a feed for those alone who have a token?"""
        kept = self._kept()
        if kept.is_all or term.term_id in kept.terms:
            return True
        return term != THE_SITE and term.kind == "set" and self.feeds().has(f"{KINDS['set']}/{term.slug}/")

    def settle(self, is_all: bool, terms: Collection[Term], sets: Collection[str]) -> bool:
        """Let these feeds be private, and no others. Answer whether that is news: then build all anew."""
        ids = frozenset() if is_all else frozenset(term.term_id for term in terms)
        before, after = self._kept(), Kept(is_all, ids, frozenset() if is_all else frozenset(sets))
        if after == before:
            return False
        self._keep(after)
        # A feed that was private told its readers things that a public one never had.
        turned_public = "1" if before.is_all else f"term_id IN ({','.join(map(str, before.terms))})"
        # Nor does anything tell of one that was never public: it begins anew, if at all.
        self._db.execute(f"DELETE FROM freshness WHERE {turned_public} AND term_id NOT IN {PRIVATE_TERMS}")
        self._db.execute(
            f"DELETE FROM history WHERE {turned_public} AND term_id NOT IN {PRIVATE_TERMS}"
            " AND article_id IN (SELECT article_id FROM article WHERE private = 1)"
        )
        return True

    def merged(self, gone: Term, into: Term) -> bool:
        """Let what a private tag went up in be private; answer as `settle` does. After `terms.merge`."""
        kept = self._kept()
        if not kept.terms & {gone.term_id, into.term_id}:
            return False
        self._keep(Kept(kept.is_all, kept.terms - {gone.term_id} | {into.term_id}, kept.sets))
        return True

    def _kept(self) -> Kept:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
        if row is None:
            return Kept()
        kept = json.loads(row[0])
        return Kept(kept["all"], frozenset(kept["terms"]), frozenset(kept["sets"]))

    def _keep(self, kept: Kept) -> None:
        """Remember which feeds are private, and have every article follow."""
        value = {"all": kept.is_all, "terms": sorted(kept.terms), "sets": sorted(kept.sets)}
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, json.dumps(value)))
        turned = f"SELECT article_id FROM article a WHERE private <> {OF_A_PRIVATE_TERM}"
        also = f"SELECT article_id FROM article_term WHERE term_id IN {PRIVATE_TERMS}"
        found = self._db.execute(f"{turned} UNION {also}").fetchall()
        self._db.execute(f"{TURN} WHERE private <> {OF_A_PRIVATE_TERM}")
        for (article_id,) in found:
            history.enter(self._db, article_id, self._last_build(), again=False)

    def _last_build(self) -> int:
        """Return the moment up to which articles have entered their feeds by themselves."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'last_build'").fetchone()
        return int(datetime.fromisoformat(row[0]).timestamp()) if row else 0


def mark(db: sqlite3.Connection, rows: range) -> None:
    """Note of articles whether they are private, by the terms that they have now."""
    if db.execute("SELECT 1 FROM meta WHERE key = ?", (KEY,)).fetchone():  # else nothing ever was
        where = f"article_id BETWEEN ? AND ? AND private <> {OF_A_PRIVATE_TERM}"
        db.execute(f"{TURN} WHERE {where}", (rows[0], rows[-1]))
