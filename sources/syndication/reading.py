"""Reading: one run through a feed's documents; of an entry in several, the newest document's is taken."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sources.article import Article
from sources.record import admit
from sources.records.reader import Unreadable
from sources.source import Item, Rejected, Site, Visited
from sources.syndication.document import Link, key_of, read_document
from sources.syndication.full_text import is_full, page_of
from sources.syndication.pages import Pages, remembering
from sources.visits import Visits
from sources.xml.feeds import BREAKS_OFF

if TYPE_CHECKING:
    from sources.http.values import Fetched

# What is remembered of an older document.
#   archived    it is an archive, and was read whole: it is never asked for again
#   older, to_archive, keys  the link in it, and its entries, for the runs that pass it by
NOTED = ("archived", "older", "to_archive", "keys")


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a document came to.

    rejected  its records that are no Articles; they go out right before what is remembered of it
    keys      what tells its entries from others
    is_new    did it bring an entry that no newer document has, and no earlier run met?
    is_whole  is there nothing that another visit may better?
    """

    older: Link | None
    keys: tuple[str, ...]
    is_new: bool
    rejected: tuple[Rejected, ...] = ()
    is_whole: bool = True


@dataclass(slots=True)
class Reading:
    """One run through a feed.

    known  the newest entries that were met when all was read last
    met    the entries of the documents read so far, in order, and whether each was more than a rejection
    pages  those behind the entries; None: they are not wanted
    """

    name: str
    site: Site
    visits: Visits
    known: Mapping[str, None]
    pages: Pages | None
    met: dict[str, bool] = field(default_factory=dict)

    def older(self, link: Link) -> Generator[Item, None, Read]:
        """Yield what an older document holds, and what to remember of it. Raises FetchError."""
        note = {name: self.visits.note(link.url).get(name) for name in NOTED}
        if note["archived"]:
            return self._passed(note)
        fetched, visited = self.visits.get(link.url, more=note)
        if fetched.status == 304:
            yield visited
            return self._passed(note)
        read = yield from self.document(fetched, f"{link.url}, ")
        yield from read.rejected
        yield noting(
            visited,
            read.is_whole,
            archived=link.is_archive and read.is_whole,
            older=read.older and read.older.url,
            to_archive=read.older and read.older.is_archive,
            keys=read.keys,
        )
        return read

    def _passed(self, note: Mapping[str, Any]) -> Read:
        keys = tuple(note["keys"] or ())
        link = Link(note["older"], bool(note["to_archive"])) if note["older"] else None
        return Read(link, keys, self._meet(dict.fromkeys(keys, True)))

    def document(self, fetched: Fetched, prefix: str) -> Generator[Item, None, Read]:
        """Yield a document's articles. prefix: goes before their positions. Raises FetchError."""
        document = read_document(fetched)
        rejected: list[Rejected] = []
        met: dict[str, bool] = {}
        is_whole, is_broken = True, False
        for place, raw in document.entries:
            if isinstance(raw, Unreadable):
                rejected.append(Rejected(self.name, prefix + place, "", raw.reason, raw.text))
                is_whole &= raw.reason != BREAKS_OFF
                is_broken = True
            elif not self.met.get(key := key_of(raw)):
                before = len(rejected)
                is_whole &= yield from self._entry(raw, fetched, prefix + place, rejected)
                met[key] = len(rejected) == before
        is_new = self._meet(met) or is_broken
        return Read(document.older, tuple(met), is_new, tuple(rejected), is_whole)

    def _entry(
        self, raw: Mapping[str, Any], fetched: Fetched, position: str, rejected: list[Rejected]
    ) -> Generator[Item, None, bool]:
        item = admit({"fetched": fetched.at, **raw}, self.site, self.name, position)
        url = page_of(raw, fetched.url) if self.pages and _is_wanting(item) else None
        if self.pages and url and url not in self.pages.met:
            return (yield from self.pages.read(item, raw, url))
        if isinstance(item, Rejected):
            rejected.append(item)
        else:
            yield item
        return True

    def _meet(self, met: Mapping[str, bool]) -> bool:
        """Note a document's entries. Say whether it brought one that wasn't met before."""
        is_new = any(key not in self.met and key not in self.known for key in met)
        self.met.update(met)
        return is_new


def _is_wanting(item: Article | Rejected) -> bool:
    return isinstance(item, Rejected) or (item.status == "usable" and not is_full(item))


def noting(visited: Visited, is_whole: bool, **more: Any) -> Visited:
    """Return a visit that is remembered with what came of it; without validators, so that it is asked for
    anew, if another visit may better it.
    """
    found = remembering(visited, **more)
    if is_whole:
        return found
    kept = json.loads(found.remembered)
    return replace(
        found,
        remembered=json.dumps({name: kept[name] for name in kept if name not in ("etag", "last_modified")}),
    )
