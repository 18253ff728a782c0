"""Naming: the part of an archive that finds terms by what they are called, and calls them otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from feeds.archive import calling, history, looking, terms
from feeds.archive.privacy import Privacy
from feeds.archive.terms import THE_SITE, Term, names_of
from feeds.archive.touched import Touched
from feeds.archive.values import ArchiveError
from feeds.combination import Combination
from sources.article import Article

MOST = 50_000  # terms that are remembered; there may be a million
TOGETHER = 1000  # terms that are asked for in one question


class Terms:
    """The terms of an archive in SQLite; call what changes them, or may make new ones, inside a transaction.

    changes: a number that is another once terms may be called otherwise than before
    """

    def __init__(self, db: sqlite3.Connection, privacy: Privacy, touched: Touched) -> None:
        self._db = db
        self._privacy = privacy
        self._touched = touched
        self._known: dict[tuple[str, str], Term] = {}
        self.changes = 0

    def forget(self) -> None:
        """Ask for each anew: others may have renamed some, or what was made here was taken back."""
        self._known.clear()
        self.changes += 1

    def of(self, kind: str, name: str) -> Term:
        """Return the term that a name leads to; one that is new is made. Raises ArchiveError."""
        known = self._known.get((kind, name))
        if known is None:
            known = terms.find(self._db, kind, name) or self._begin(kind, name)
            self._remember({(kind, name): known})
        return known

    def look_up(self, names: Iterable[tuple[str, str]]) -> None:
        """Have the terms of many (kind, name) at hand, with one question for each kind."""
        unknown = sorted(set(names) - self._known.keys())
        for kind, pairs in groupby(unknown, lambda pair: pair[0]):
            found = terms.find_all(self._db, kind, [name for _, name in pairs])
            self._remember({(kind, name): term for name, term in found.items()})

    def _begin(self, kind: str, name: str) -> Term:
        entity = looking.meta(self._db, "tagging_entity")
        if entity is None:
            raise ArchiveError("the archive is not begun: its tagging_entity is not set")
        return terms.begin(self._db, kind, name, entity)

    def _remember(self, found: Mapping[tuple[str, str], Term]) -> None:
        if len(self._known) + len(found) > MOST:
            self._known.clear()
        self._known.update(found)

    def of_article(self, article: Article) -> list[Term]:
        """Return all that an article belongs to."""
        return [self.of(kind, name) for kind, name in names_of(article)]

    def of_tags(self, names: Sequence[str]) -> list[Term]:
        """Return the tags that an article names, in order: two names that are one tag are there once."""
        return list({term.term_id: term for term in (self.of("tag", name) for name in names)}.values())

    def of_combinations(self, touched: Sequence[Term], combinations: Mapping[str, Combination]) -> list[Term]:
        """Return the combinations in which one of some tags counts, by an address of now or before."""
        slugs = terms.addresses(self._db, touched) if combinations else set()
        return [
            self.of("set", name)
            for name, combined in combinations.items()
            if slugs & {*combined.all_of, *combined.any_of, *combined.none_of}
        ]

    def every(self, kind: str | None = None) -> list[tuple[Term, int]]:
        """Return terms with their number of articles, most used first."""
        return terms.every(self._db, kind)

    def find(self, kind: str, name: str) -> Term | None:
        """Return the term that a name leads to."""
        return terms.find(self._db, kind, name)

    def at(self, kind: str, slug: str) -> Term | None:
        """Return the term that has an address, or had it before."""
        return terms.at(self._db, kind, slug)

    def with_feeds(self) -> Iterator[Term]:
        """Yield every term that has a feed, THE_SITE first."""
        return chain([THE_SITE], terms.with_feeds(self._db))

    def numbered(self, rows: Sequence[int]) -> Iterator[Term]:
        """Yield terms by their rows, in this order; THE_SITE has one too."""
        parts = (rows[start : start + TOGETHER] for start in range(0, len(rows), TOGETHER))
        return chain.from_iterable(terms.numbered(self._db, part) for part in parts)

    def retired(self) -> list[tuple[str, str]]:
        """Return (kind, slug) of every feed that was there, and is not to be any more."""
        return terms.retired(self._db)

    def former(self) -> list[tuple[str, str, str]]:
        """Return (kind, old slug, slug now) for every address that leads elsewhere now, in order."""
        return terms.former(self._db)

    def call(self, kind: str, name: str, slug: str | None, aliases: Sequence[str]) -> Term:
        """Have a term called and spelt so, at this address, with these other names; one that is new begins.

        Raises TermError where a name or an address is another's.
        """
        self.forget()
        term = calling.named(self._db, self.of(kind, name), name, slug)
        for other in aliases:
            if gone := calling.alias(self._db, term, other):
                self.merge(gone, term)
        self.forget()
        return term

    def rename(self, term: Term, name: str, slug: str | None) -> Term:
        """Give a term another name and address; the old ones still lead to it. Raises TermError."""
        self.forget()
        return calling.rename(self._db, term, name, slug)

    def merge(self, gone: Term, into: Term) -> None:
        """Let one term go up in another, addresses and all. Raises TermError."""
        self.forget()
        history.carry(self._db, gone, into)
        calling.merge(self._db, gone, into)
        if self._privacy.merged(gone, into):
            self._touched.add_all()
