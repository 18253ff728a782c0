"""Pieces: what a source holds in parts that have not been read yet, for whoever has the time to do it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from sources.records.reader import Unreadable, read_line
from sources.source import Item, Rejected, Site

if TYPE_CHECKING:
    from sources.article import Article


@runtime_checkable
class Piece(Protocol):
    """A part of what a source holds. It can be sent to another process."""

    def read(self, site: Site) -> Iterator[Item]:
        """Yield what the part holds."""
        ...


@runtime_checkable
class Parted(Protocol):
    """A source that can hand out its parts unread; `read` gives the same items, read."""

    def pieces(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item | Piece]:
        """Yield parts, and items between them, in the order of `read`. Raises SourceError as that does."""
        ...


def read_all(found: Iterable[Item | Piece], site: Site) -> Iterator[Item]:
    """Yield what a source hands out, its parts read."""
    for one in found:
        yield from one.read(site) if isinstance(one, Piece) else (one,)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record under somebody else's names, or a line of JSON that may hold one.

    fields: a content system's own names -> those of the Article
    """

    record: bytes | Mapping[str, Any]
    fields: Mapping[str, str] = field(default_factory=dict)

    def translated(self) -> dict[str, Any] | Unreadable:
        """Return it under the names that `sources.record.admit` knows."""
        from sources.records.translate import translate
        from sources.tables import rename

        record = read_line(self.record) if isinstance(self.record, bytes) else self.record
        return record if isinstance(record, Unreadable) else translate(rename(record, self.fields))


Raw = dict[str, Any] | Foreign | Unreadable


@dataclass(frozen=True, slots=True)
class Records:
    """Some records of a file, one after the other, each with its place: "" where the file is one article.

    source, position  for reports: the source's name, and the file within it
    at                when the file was fetched, if it was
    """

    source: str
    position: str
    at: datetime | None
    records: Sequence[tuple[str, Raw]]

    def read(self, site: Site) -> Iterator[Article | Rejected]:
        """Yield an Article, or why there is none, for each record."""
        from sources.record import admit  # what makes articles takes its time to load: mostly there are none

        for place, found in self.records:
            position = ", ".join(filter(None, (self.position, place)))
            raw = found.translated() if isinstance(found, Foreign) else found
            if isinstance(raw, Unreadable):
                yield Rejected(self.source, position, "", raw.reason, raw.text)
                continue
            item = admit({"fetched": self.at, **raw}, site, self.source, position)
            yield item if place or isinstance(item, Rejected) else _known_by_its_file(item, raw)


def _known_by_its_file(article: Article, raw: Mapping[str, Any]) -> Article:
    """With neither id nor URL, a file of the same name with the same date is the same story, retitled."""
    if raw.get("id") or article.url:
        return article
    origin = f"{article.source}#{article.position}#{article.published.isoformat()}"
    return article.model_copy(update={"origin": origin})
