"""Database: the rows of one SELECT as articles, whatever its columns are called."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sources.article import Article
from sources.dates import parse_date
from sources.record import admit
from sources.records.names import FIELDS, FLAGS, folded_key
from sources.records.translate import translate
from sources.records.values import clean
from sources.source import Item, Rejected, Site, SourceError, Visited, reading_of
from sources.sql import SINCE, check_select, selected, without_passwords
from sources.tables import cell_value, rename

BEGINNING = "0001-01-01"  # before every article
SORTABLE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{9,13}")  # dates whose order as text is their order in time
PROSE = {*FIELDS["title"], *FIELDS["summary"], *FIELDS["content"]}
CHANGED = {*FIELDS["updated"], *FIELDS["modified"]}
DATED = {*FIELDS["published"], *CHANGED}
FLAG_NAMES = {*FLAGS[True], *FLAGS[False]}
# MySQL's BIT(1), as its drivers give it.
BITS = {b"\0": 0, b"\1": 1}


@dataclass(frozen=True, slots=True)
class Database:
    """A source that is one SELECT.

    url     SQLAlchemy's; its password is never shown
    select  its columns have the Article's names, or any that records go by
    fields  a content system's own column names -> those of the Article
    base    where the path in `sqlite:///cms.db` starts
    name    what it is called in reports and in the archive; without one: the URL

    A `:since` in the SELECT is the greatest `modified` or `updated` of earlier readings as a text, at
    first 0001-01-01: `WHERE modified >= :since`, with `>=`, as two rows can have one date. It moves on
    when every row was good and none comes from the future, so what was rejected is read again until it
    is mended. Dates as text must sort as text; for seconds since 1970 write `CAST(:since AS INTEGER)`.
    """

    url: str = field(repr=False)
    select: str
    fields: Mapping[str, str] = field(default_factory=dict)
    base: Path = Path()
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", without_passwords(self.url))

    def read(self, site: Site, remembered: Mapping[str, str] | None = None) -> Iterator[Item]:
        """Yield an Article or Rejected for each row, "row 17 (id 4711)". See `sources.source.Source`."""
        try:
            check_select(self.select)
            if SINCE.search(self.select):
                yield from self._changed(site, remembered or {})
            else:
                yield from (item for item, _ in self._rows(site, {}))
        except SourceError as error:
            raise SourceError(f"{self.name}: {error}") from error

    def _changed(self, site: Site, remembered: Mapping[str, str]) -> Iterator[Item]:
        # Read in another way, an unchanged row may give another article: then all are read anew.
        key = f"select {reading_of(site, self.select, sorted(self.fields.items()))}"
        since = latest = remembered.get(key, BEGINNING)
        is_good = True
        for item, changed in self._rows(site, {"since": since}):
            is_good = is_good and isinstance(item, Article)
            latest = max(latest, changed)
            yield item
        yield Visited(key, 200, latest if is_good else since)

    def _rows(self, site: Site, parameters: Mapping[str, str]) -> Iterator[tuple[Article | Rejected, str]]:
        """Yield what each row is, and when it was last changed, in the database's own form."""
        with selected(self.url, self.select, parameters, self.base) as result:
            columns = list(result.keys())
            self._check_columns(columns, site)
            for number, row in enumerate(result, start=1):
                yield self._item(dict(zip(columns, row, strict=True)), site, f"row {number}")

    def _check_columns(self, columns: Sequence[str], site: Site) -> None:
        """Raise SourceError for columns no row of which could become an Article."""
        twice = {name for name in columns if columns.count(name) > 1}
        if twice:
            raise SourceError(
                f"two columns are called {', '.join(sorted(twice))}: rename one, as in k.id AS category_id"
            )
        mapped = {to for own, to in self.fields.items() if {own, own.partition(".")[0]} & {*columns}}
        names = {folded_key(name) for name in (*columns, *mapped)}
        if not names & PROSE or (not names & DATED and site.first_seen is None):
            lacks = "a date" if names & PROSE else "a headline"
            raise SourceError(
                f"no column is {lacks}; there are {', '.join(columns)}: name them title, published, content "
                "and so on with AS, or map them with `fields`"
            )
        if SINCE.search(self.select) and not names & CHANGED:
            raise SourceError(
                ":since needs a column `modified` or `updated` to be taken from: select it, too"
            )

    def _item(self, row: dict[str, Any], site: Site, position: str) -> tuple[Article | Rejected, str]:
        try:
            record = {column: _value(column, value) for column, value in row.items()}
        except ValueError as error:
            shown = {column: str(value)[:200] for column, value in row.items()}
            return Rejected(self.name, position, "", str(error), shown), ""
        raw = translate(rename(record, self.fields))
        if "id" in raw:
            position = f"{position} (id {raw['id']})"
        changed = str(raw.get("modified") or raw.get("updated") or "")
        return admit(raw, site, self.name, position), changed if _has_come(changed, site) else ""


def _has_come(changed: str, site: Site) -> bool:
    """Can the next reading begin here? One row from the future would hide all that come before it."""
    if not SORTABLE.fullmatch(changed):
        return False
    try:
        return parse_date(changed, site.timezone)[0] <= datetime.now(UTC)
    except (ValueError, OverflowError):
        return False


def _value(column: str, value: Any) -> Any:
    """Turn what a driver gives for a cell into what JSON could hold. Raises ValueError naming the column."""
    if isinstance(value, bytes) and folded_key(column) in FLAG_NAMES and value in BITS:
        return BITS[value]
    if isinstance(value, (bytes, bytearray, memoryview)):
        try:
            value = bytes(value).decode()
        except UnicodeDecodeError as error:
            raise ValueError(f"{column} is no UTF-8 text: leave it out of `select`, or convert it") from error
    if isinstance(value, str):
        return value if folded_key(column) in PROSE else cell_value(value)
    if isinstance(value, (list, tuple)):
        return [_value(column, item) for item in value]
    if isinstance(value, Decimal):
        value = int(value) if value.is_finite() and value == int(value) else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):  # a datetime, too; naive ones are in the site's zone
        return value.isoformat()
    return clean(value) if value is None or isinstance(value, (bool, int, dict)) else str(value)
