"""What rows of a SELECT become, and what is said when a database can't be read; on SQLite."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sources.article import Article
from sources.database import Database
from sources.source import Rejected, Site, SourceError, Visited

NEWS = "SELECT id, title, content, published, modified FROM berita ORDER BY id"
CHANGED = NEWS.replace("ORDER", "WHERE modified >= :since ORDER")
ROWS = (
    (1, "Dermaga dibuka", "<p>Dermaga dibuka lagi.</p>", "2024-10-28 12:40:00", "2024-10-28 12:40:00"),
    (2, "Ombak tinggi", "<p>Dua meter.</p>", "2024-10-29 08:00:00", "2024-10-29 09:30:00"),
)


def fill(folder: Path, rows: Sequence[tuple[Any, ...]] = ROWS) -> None:
    """Put rows into cms.db; those with a known id replace the row."""
    database = sqlite3.connect(folder / "cms.db")
    database.execute(
        "CREATE TABLE IF NOT EXISTS berita (id PRIMARY KEY, title, content, published, modified)"
    )
    database.executemany("INSERT OR REPLACE INTO berita VALUES (?, ?, ?, ?, ?)", rows)
    database.commit()
    database.close()


@pytest.fixture
def cms(tmp_path: Path) -> Database:
    """The newsroom's database of two stories, read in the plainest way."""
    fill(tmp_path)
    return Database("sqlite:///cms.db", NEWS, base=tmp_path)


def one(columns: str, site: Site, **settings: Any) -> Article | Rejected:
    """Read the one row of `SELECT columns`."""
    (item,) = Database("sqlite://", f"SELECT {columns}", **settings).read(site)
    assert isinstance(item, (Article, Rejected))
    return item


def article(columns: str, site: Site, **settings: Any) -> Article:
    """Read the one row, which must be an Article; what it lacks is filled in."""
    columns = f"'Ombak' AS title, {columns}"
    if "AS published" not in columns:
        columns += ", '2024-10-28 12:40' AS published"
    found = one(columns, site, **settings)
    assert isinstance(found, Article), found
    return found


def failure(source: Database, site: Site) -> str:
    """Read what can't be read; give the message."""
    with pytest.raises(SourceError) as caught:
        list(source.read(site))
    assert str(caught.value).startswith(f"{source.name}: ")
    return str(caught.value)


# --- rows ---


def test_a_row_is_an_article(cms: Database, site: Site) -> None:
    """Columns are fields; dates without a zone are in the site's; a row is found by its number and id."""
    first, second = cms.read(site)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.title, first.position) == (
        "tag:kabarteluk.example,2005:1",
        "Dermaga dibuka",
        "row 1 (id 1)",
    )
    assert first.published.isoformat() == "2024-10-28T12:40:00+07:00"
    assert first.date_basis.published == "assumed"
    assert second.modified.isoformat() == "2024-10-29T09:30:00+07:00"
    assert first.source == "sqlite:///cms.db"


def test_columns_of_any_name(site: Site) -> None:
    """Names that records go by are understood, and others are mapped, JSON inside a column too."""
    columns = """'Ombak' AS judul, '28 Oktober 2024' AS tanggal, 'Siti' AS penulis, 'laut' AS rubrik_x,
        '{"foto": {"asli": "https://foto.kabarteluk.example/1.jpg"}}' AS meta"""
    found = one(columns, site, fields={"rubrik_x": "section", "meta.foto.asli": "image"})
    assert isinstance(found, Article)
    assert (found.title, found.section, found.authors[0].name) == ("Ombak", "laut", "Siti")
    assert found.images[0].url == "https://foto.kabarteluk.example/1.jpg"


@pytest.mark.parametrize(
    "tags", ["'laut,nelayan'", "'laut; nelayan'", """'["laut", "nelayan"]'""", "CAST('laut,nelayan' AS BLOB)"]
)
def test_tags_in_one_column(tags: str, site: Site) -> None:
    """Tags come as GROUP_CONCAT joins them, as JSON, or as a blob."""
    assert article(f"{tags} AS tags", site).tags == ("laut", "nelayan")


def test_text_that_looks_like_json_stays_text(site: Site) -> None:
    """A headline in brackets is no list, and a broken list is what it says."""
    found = one("'[\"Foto\"]' AS title, '[foto' AS tags, '2024-10-28' AS published", site)
    assert isinstance(found, Article)
    assert (found.title, found.tags) == ('["Foto"]', ("[foto",))


@pytest.mark.parametrize(
    ("flag", "status"),
    [("1 AS is_published", "usable"), ("0 AS is_published", "withheld"), ("1 AS draft", "withheld")],
)
def test_numbers_as_flags(flag: str, status: str, site: Site) -> None:
    """Databases without booleans say 0 and 1: a draft is never published."""
    assert article(flag, site).status == status


@pytest.mark.parametrize("published", ["1730094000", "1730094000.0", "'2024-10-28T05:40:00Z'"])
def test_dates_in_any_form(published: str, site: Site) -> None:
    """Seconds since 1970 and ISO dates are the same moment."""
    found = article(f"{published} AS published", site)
    assert found.published == datetime(2024, 10, 28, 5, 40, tzinfo=UTC)


def test_a_bad_row_stops_no_other(cms: Database, site: Site) -> None:
    """A date that is none and bytes that are no text cost their rows alone, and are named."""
    fill(
        cms.base,
        [(1, "Buruk", "x", "kemarin dulu sekali", None), (3, b"\xff\xfe\xff", "x", "2024-10-28", None)],
    )
    first, second, third = cms.read(site)
    assert isinstance(first, Rejected)
    assert (first.position, first.field) == ("row 1 (id 1)", "published")
    assert isinstance(second, Article)
    assert isinstance(third, Rejected)
    assert (third.position, third.reason[:23]) == ("row 3", "title is no UTF-8 text:")
    json.dumps(third.record)


def test_text_in_an_old_encoding(site: Site) -> None:
    """SQLite keeps any bytes as text; what Windows wrote is read as that."""
    assert article("CAST(x'436166E9' AS TEXT) AS section", site).section == "Café"


def test_empty_columns_and_no_rows(cms: Database, site: Site) -> None:
    """NULL says nothing; a SELECT without rows gives nothing, and is no failure."""
    assert article("NULL AS summary, NULL AS tags", site).summary is None
    assert list(replace(cms, select=NEWS.replace("ORDER", "WHERE 0 ORDER")).read(site)) == []


def test_select_may_hold_colons_percents_and_a_semicolon(site: Site) -> None:
    """Nothing in the SELECT but `:since` is taken for a parameter."""
    columns = "'pukul 12:40 :nama 50%' AS summary WHERE 'abc' LIKE 'a%'; -- selesai"
    found = article(f"'2024-10-28' AS published, {columns}", site)
    assert found.summary == "pukul 12:40 :nama 50%"


# --- only what changed ---


def test_only_what_changed_since(cms: Database, site: Site) -> None:
    """`:since` is the latest change of the reading before; rows changed at that very moment come again."""
    source = replace(cms, select=CHANGED)
    *items, visited = source.read(site, {})
    assert len(items) == 2
    assert isinstance(visited, Visited)
    assert visited.remembered == "2024-10-29 09:30:00"
    fill(cms.base, [(1, "Dermaga ditutup", "x", "2024-10-28 12:40:00", "2024-10-30 10:00:00")])
    *items, visited = source.read(site, {visited.url: visited.remembered})
    assert [item.title for item in items if isinstance(item, Article)] == ["Dermaga ditutup", "Ombak tinggi"]
    assert isinstance(visited, Visited)
    (item, _) = source.read(site, {visited.url: visited.remembered})
    assert isinstance(item, Article)
    assert item.title == "Dermaga ditutup"


def test_what_was_rejected_is_read_again(cms: Database, site: Site) -> None:
    """`:since` stays where it was until every row is good: a mended setting finds the row."""
    fill(cms.base, [(3, None, None, "2024-10-30", "2024-10-30 08:00:00")])
    *_, visited = replace(cms, select=CHANGED).read(site, {})
    assert isinstance(visited, Visited)
    assert visited.remembered == "0001-01-01"


@pytest.mark.parametrize("modified", ["2199-01-01 00:00:00", "29 Oktober 2024", None])
def test_dates_that_would_hide_later_rows(cms: Database, site: Site, modified: str | None) -> None:
    """A date in the future, or one that doesn't sort as text, is not where the next reading begins."""
    fill(cms.base, [(3, "Aneh", "x", "2024-10-28 12:40:00", modified)])
    rows = CHANGED.replace("modified >= :since", "(modified >= :since OR 1)")
    *items, visited = replace(cms, select=rows).read(site, {})
    assert len(items) == 3
    assert isinstance(visited, Visited)
    assert visited.remembered == "2024-10-29 09:30:00"


def test_since_needs_a_date_of_change(cms: Database, site: Site) -> None:
    """Without the column that it is taken from, `:since` would never move on: that is said."""
    select = "SELECT title, published FROM berita WHERE modified >= :since"
    assert ":since needs a column" in failure(replace(cms, select=select), site)


def test_other_settings_read_all_anew(cms: Database, site: Site) -> None:
    """What was remembered holds for one way of reading: another zone makes other articles of the rows."""
    source = replace(cms, select=CHANGED)
    *_, visited = source.read(site, {})
    assert isinstance(visited, Visited)
    remembered = {visited.url: visited.remembered}
    assert len(list(source.read(site, remembered))) == 2
    assert len(list(source.read(replace(site, publisher="Lain"), remembered))) == 3


def test_without_since_nothing_is_remembered(cms: Database, site: Site) -> None:
    """Every reading reads every row."""
    assert not [item for item in cms.read(site) if isinstance(item, Visited)]


# --- what can't be read ---


@pytest.mark.parametrize(
    "select",
    [
        "DELETE FROM berita",
        "SELECT 1 AS title; DELETE FROM berita",
        "WITH x AS (SELECT 1) DELETE FROM berita",
        "SELECT * INTO salinan FROM berita",
        "",
        "-- SELECT",
    ],
)
def test_only_a_select_is_let_through(cms: Database, site: Site, select: str) -> None:
    """What changes something, or is two statements, is refused; nothing is changed."""
    assert "one SELECT" in failure(replace(cms, select=select), site)
    assert len(list(cms.read(site))) == 2


def test_words_in_quotes_are_no_commands(site: Site) -> None:
    """A text may speak of deleting; a name may be `into`; a SELECT may begin with a remark or WITH."""
    columns = "'delete from; x' AS summary, 1 AS \"into\", replace('laut', 'x', 'y') AS tags"
    assert article(columns, site).summary == "delete from; x"
    select = "/* berita; */ WITH b AS (SELECT 'Ombak' AS title, '2024-10-28' AS date) SELECT * FROM b"
    assert len(list(Database("sqlite://", select).read(site))) == 1


def test_an_sqlite_file_is_opened_for_reading(cms: Database, site: Site) -> None:
    """What is read can't be written: even in one transaction with a writer, nothing of the file changes."""
    before = (cms.base / "cms.db").read_bytes()
    assert len(list(cms.read(site))) == 2
    assert (cms.base / "cms.db").read_bytes() == before
    assert [path.name for path in cms.base.iterdir()] == ["cms.db"]


def test_a_missing_file_is_not_made(tmp_path: Path, site: Site) -> None:
    """A path with a slip is a failure that shows the path, not a new empty database."""
    message = failure(Database("sqlite:///cns.db", NEWS, base=tmp_path), site)
    assert f"no file {tmp_path / 'cns.db'}" in message
    assert not list(tmp_path.iterdir())


def test_a_file_name_with_signs(cms: Database, site: Site) -> None:
    """A path may hold what has a meaning in URIs."""
    (cms.base / "cms.db").rename(cms.base / "cms 100% #1.db")
    assert len(list(replace(cms, url="sqlite:///cms 100% #1.db").read(site))) == 2


def test_a_file_that_is_no_database(tmp_path: Path, site: Site) -> None:
    """The database's own words are shown."""
    (tmp_path / "cms.db").write_text("bukan basis data, hanya teks biasa" * 100)
    assert "file is not a database" in failure(Database("sqlite:///cms.db", NEWS, base=tmp_path), site)


def test_an_error_in_the_select(cms: Database, site: Site) -> None:
    """A table or column that isn't there is named."""
    assert "no such table: artikel" in failure(replace(cms, select="SELECT * FROM artikel"), site)
    assert "no such column: judul" in failure(replace(cms, select="SELECT judul FROM berita"), site)


@pytest.mark.parametrize(
    ("select", "complaint"),
    [
        (
            "SELECT id, title AS t, published FROM berita",
            "no column is a headline; there are id, t, published:",
        ),
        ("SELECT id, title, published AS p FROM berita", "no column is a date; there are id, title, p:"),
    ],
)
def test_columns_that_make_no_article(cms: Database, site: Site, select: str, complaint: str) -> None:
    """Without a headline or a date in any row, the columns found are named once, instead of every row."""
    message = failure(replace(cms, select=select), site)
    assert complaint in message
    assert "with AS, or map them with `fields`" in message


def test_undated_rows_where_the_site_allows_them(cms: Database, site: Site) -> None:
    """Without a date column, rows are dated when first seen, if the site says so."""
    dated = replace(site, first_seen=datetime(2024, 11, 1, tzinfo=UTC))
    first, _ = replace(cms, select="SELECT id, title FROM berita").read(dated)
    assert isinstance(first, Article)
    assert first.date_basis.published == "first-seen"


def test_two_columns_of_one_name(cms: Database, site: Site) -> None:
    """A join's second `id` would give articles the id of something else: it is refused."""
    join = "SELECT b.*, k.id FROM berita b JOIN berita k ON 1"
    assert "two columns are called id" in failure(replace(cms, select=join), site)


def test_rows_before_a_failure_are_given(cms: Database, site: Site) -> None:
    """What came before the database failed is an Article; then the failure is told."""
    fill(cms.base, [(3, "Rusak", "x", "2024-10-28", None)])
    failing = NEWS.replace("title,", "CASE id WHEN 3 THEN abs(-9223372036854775808) ELSE title END AS title,")
    items = replace(cms, select=failing).read(site)
    assert isinstance(next(items), Article)
    with pytest.raises(SourceError, match="integer overflow"):
        list(items)


# --- passwords, drivers ---


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://cms:rahasia@db.example/cms", "postgresql://cms:***@db.example/cms"),
        ("postgresql://cms:ra@hasia@db.example/cms", "postgresql://cms:***@db.example/cms"),
        (
            "mysql+pymysql://db.example/cms?user=cms&password=rahasia&x=1",
            "mysql+pymysql://db.example/cms?user=cms&password=***&x=1",
        ),
        ("postgresql://db.example:5432/cms", "postgresql://db.example:5432/cms"),
    ],
)
def test_a_password_is_never_shown(url: str, name: str, site: Site) -> None:
    """Neither the name nor the repr of a source nor its failure shows a password."""
    source = Database(url, "SELECT 1 AS title", {})
    assert source.name == name
    assert "hasia" not in repr(source)
    assert "hasia" not in failure(source, site)


def test_a_failure_does_not_repeat_the_password(cms: Database, site: Site) -> None:
    """Words of SQLAlchemy or a driver that hold the password, escaped or not, are shown without it."""
    source = replace(cms, url="sqlite:///cms.db?password=raha+sia", name="")
    assert source.name == "sqlite:///cms.db?password=***"
    message = failure(replace(source, select='SELECT title, published FROM "raha sia"'), site)
    assert "no such table: ***" in message


def test_a_name_of_ones_own(cms: Database, site: Site) -> None:
    """Two SELECTs on one database need two names."""
    (first, _) = replace(cms, name="arsip lama").read(site)
    assert isinstance(first, Article)
    assert first.source == "arsip lama"


def test_sqlalchemy_is_missing(cms: Database, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that installs it is named."""
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    assert "pip install 'tagwire[sql]'" in failure(cms, site)


@pytest.mark.parametrize(
    ("url", "module", "package"),
    [
        ("postgresql+psycopg://db.example/cms", "psycopg", "psycopg[binary]"),
        ("mysql+mysqldb://db.example/cms", "MySQLdb", "mysqlclient"),
        ("mysql+pymysql://db.example/cms", "pymysql", "pymysql"),
    ],
)
def test_a_driver_is_missing(
    url: str, module: str, package: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What installs it is named."""
    monkeypatch.setitem(sys.modules, module, None)
    assert f"pip install '{package}'" in failure(Database(url, NEWS), site)


@pytest.mark.parametrize("url", ["cms.db", "basis://db.example/cms", "postgresql://db.example:lima/cms"])
def test_what_is_no_database_url(url: str, site: Site) -> None:
    """The mend shows how one is written."""
    assert "sqlite:///file.db" in failure(Database(url, NEWS), site)


# --- size ---


def test_rows_are_read_as_they_are_asked_for(site: Site) -> None:
    """The first of very many rows comes at once, and a reading may be left off."""
    endless = """WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
        SELECT id, 'Ombak ' || id AS title, '2024-10-28' AS published FROM n"""
    items = Database("sqlite://", endless).read(site)
    for _ in range(3000):
        assert isinstance(next(items), Article)
    items.close()  # type: ignore[attr-defined]  # a generator, as every source's
