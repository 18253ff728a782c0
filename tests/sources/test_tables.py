"""What read_csv gives for sound and broken tables, and what rename makes of a CMS's own names."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.article import Article
from sources.csv_rows import LONGEST_ROW
from sources.record import admit
from sources.records.reader import Unreadable
from sources.records.translate import translate
from sources.source import Site
from sources.tables import is_csv, read_csv, rename

SAMPLES = Path(__file__).parent.parent / "samples" / "tables"
SITE = Site("https://kabarteluk.example/", "kabarteluk.example,2005", "id", ZoneInfo("Asia/Jakarta"))


def read(text: str | bytes) -> list[tuple[str, Any]]:
    """Read records from text or bytes."""
    return list(read_csv(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def reasons(text: str | bytes) -> dict[str, str]:
    """Give the reason of each unreadable row by its position."""
    return {place: row.reason for place, row in read(text) if isinstance(row, Unreadable)}


def article(record: dict[str, Any]) -> dict[str, Any]:
    """Translate and admit a record that must become an Article; give it as JSON without empty fields."""
    found = admit(translate(record), SITE, "sample", "line 2")
    assert isinstance(found, Article), found
    return found.model_dump(mode="json", exclude_defaults=True, exclude={"date_basis"})


def test_a_table_of_excel_s() -> None:
    """A BOM, semicolons, Indonesian names, day-first dates, cells over two lines, an empty line."""
    found = dict(read((SAMPLES / "excel.csv").read_bytes()))
    assert list(found) == ["line 2", "line 5", "line 6"]
    assert article(found["line 2"]) == {
        "id": "tag:kabarteluk.example,2024-10-28:ombak-tinggi-nelayan-menunggu",
        "title": "Ombak tinggi; nelayan menunggu",
        "content": '<p>Ombak "besar".</p>\n<p>Perahu menunggu.</p>',
        "published": "2024-10-28T12:40:00+07:00",
        "updated": "2024-10-28T12:40:00+07:00",
        "modified": "2024-10-28T12:40:00+07:00",
        "authors": [{"name": "Yusuf Lande"}],
        "tags": ["Cuaca"],
        "language": "id",
        "images": [{"url": "https://foto.kabarteluk.example/ombak.jpg", "media_type": "image/jpeg"}],
    }
    assert found["line 5"] == Unreadable(
        "Harga ikan naik;<p>Tongkol naik.</p>;11/11/2024 06:30;Siti Marwah",
        "4 cells where the header has 6: quote cells that hold ';'",
    )
    assert article(found["line 6"])["title"] == "Feri malam"


def test_cells_that_hold_json() -> None:
    """Lists and objects in cells are read, but a headline in brackets is a headline."""
    first, second = (article(record) for _, record in read((SAMPLES / "cms.csv").read_bytes()))
    assert first["tags"] == ["Pelabuhan", "Perikanan"]
    assert first["authors"] == [{"name": "Ratna Wulandari", "role": "editor"}]
    assert second["title"] == "[Foto] Lelang malam"
    assert second["tags"] == ["Lelang", "Ikan"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_common_writing(delimiter: str, encoding: str, end: str) -> None:
    """Four delimiters, four encodings and three line ends give the same records and places."""
    rows = [["title", "url", "x; y, z"], ["Café — “Ombak”", "/a", ""], ["", "", ""], ["Dua", "/b", "c"]]
    quoted = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in rows]
    text = end.join(delimiter.join(row) for row in quoted)
    assert read(text.encode(encoding)) == [
        ("line 2", {"title": "Café — “Ombak”", "url": "/a", "x; y, z": ""}),
        ("line 4", {"title": "Dua", "url": "/b", "x; y, z": "c"}),
    ]


def test_one_line_in_another_encoding_costs_nothing() -> None:
    """A line that isn't UTF-8 is read as old Windows programs write; the others stay UTF-8."""
    found = read("title,url\nCafé,/a\n".encode() + "Café,/b\n".encode("cp1252"))
    assert [record["title"] for _, record in found] == ["Café", "Café"]


@pytest.mark.parametrize("text", ["", "\n\r\n", "\ufeff", "title,url\n", "title,url\n\n,\n"])
def test_nothing_is_no_record(text: str) -> None:
    """An empty file, blank lines and a header alone hold no records and no faults."""
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ombak,https://kabarteluk.example/a,2024-10-28\nDua,https://kabarteluk.example/b,2024-10-29\n",
        "2024-10-28,Ombak\n",
        "Ombak tinggi\nDua\n",
        '"title,url\nSatu,/a\n',
        "<p>Ombak</p>,title\n",
        f"title,{'Ombak tinggi di selatan ' * 4}\n",
        "sep=;\n",
    ],
)
def test_without_a_header_nothing_is_guessed(text: str) -> None:
    """A table that doesn't name its columns is one fault that says so."""
    assert list(reasons(text).values()) == [
        "no header: the first line must name the columns, as in title,url,published,content"
    ]
    assert len(read(text)) == 1


def test_names_of_a_cms_are_a_header() -> None:
    """Columns need no known names: a field map may name them."""
    assert read("judul_berita;naskah\nSatu;Dua\n") == [("line 2", {"judul_berita": "Satu", "naskah": "Dua"})]


def test_excel_s_first_line_names_the_delimiter() -> None:
    """`sep=;` is obeyed, and is no header."""
    assert read("sep=|\r\ntitle,judul|url\r\nSatu|/a\r\n") == [
        ("line 3", {"title,judul": "Satu", "url": "/a"})
    ]


def test_columns_without_name_and_with_the_same() -> None:
    """A column without a name is left out; what stands under one name several times is a list."""
    assert read(",title,tag,tag,tag\n0,Satu,ikan,,harga\n") == [
        ("line 2", {"title": "Satu", "tag": ["ikan", "harga"]})
    ]


def test_a_row_of_another_length_costs_itself() -> None:
    """Too few and too many cells are a fault of that row; empty ones too many are none."""
    text = "title,url\nSatu\nDua,/b\nTiga,/c,x\nEmpat,/d,,\n"
    assert reasons(text) == {
        "line 2": "1 cells where the header has 2: quote cells that hold ','",
        "line 4": "3 cells where the header has 2: quote cells that hold ','",
    }
    assert [place for place, _ in read(text)] == ["line 2", "line 3", "line 4", "line 5"]


@pytest.mark.parametrize("rest", ["", 'Dua,"b"\n', 'Dua,"b""c"\n"Tiga",c\n', 'Dua,""\nTiga,c\n'])
def test_a_quote_that_isn_t_closed_costs_its_row(rest: str) -> None:
    """The rows behind a stray quote are read as if it weren't there."""
    sound = read("title,url\n\n" + rest)
    text = 'title,url\nSatu,"a\n' + rest
    assert reasons(text) == {
        "line 2": "a quoted cell that begins in this row isn't closed, or a quote inside it isn't doubled"
    }
    assert read(text)[1:] == sound


def test_quotes_inside_a_cell_are_letters() -> None:
    """A cell that doesn't begin with a quote may hold some, and one may stand behind the last."""
    assert read('title,url\nPipa 5" putus,"/a" \n') == [("line 2", {"title": 'Pipa 5" putus', "url": "/a "})]


def test_nuls_are_kept_for_admit() -> None:
    """A NUL breaks no row."""
    assert read("title,url\nSa\0tu,/a\n") == [("line 2", {"title": "Sa\0tu", "url": "/a"})]


def test_a_story_longer_than_python_s_own_limit() -> None:
    """A cell of a million characters is read, and no limit of the process is touched."""
    before = csv.field_size_limit()
    (_, record), _ = read(f'title,content\nSatu,"{"kata, " * 150_000}"\nDua,x\n')
    assert record["content"] == "kata, " * 150_000
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_without_end_is_one_fault(quote: str) -> None:
    """A row longer than the limit is told, in the memory of a few rows; the next has its own number."""
    (first, bad), (second, record) = read(f"title,url\n{quote}{'x' * (9 * LONGEST_ROW)}\nDua,/b\n")
    assert (first, second) == ("line 2", "line 3")
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith("the row is longer than 8 MB")
    assert record == {"title": "Dua", "url": "/b"}


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"apa saja", "a.csv", True),
        (b"", "A.TSV", True),
        (b"title,published\n", "a.txt", True),
        (b"\xef\xbb\xbf\r\njudul;isi\r\n", "a", True),
        ("Headline\tBody\tTags\n".encode("utf-16"), "a", True),
        (b'"url","datePublished"\n', "a", True),
        (b"title,tags\n", "a", False),
        (b"date,content\n", "a", False),
        (b"Title: Ombak, date\n", "a", False),
        (b'{"title": 1,"date": 2}', "a", False),
        (b'["title","date"]', "a", False),
        (b"<p>title,date", "a", False),
        (b"\x00\xff\xfe", "a", False),
        (b"", "a", False),
    ],
)
def test_what_csv_is(head: bytes, name: str, expected: bool) -> None:
    """Its name tells it, or columns that only articles have do."""
    assert is_csv(head, name) is expected


@pytest.mark.parametrize(
    ("record", "field_map", "expected"),
    [
        ({"judul_berita": "A"}, {"judul_berita": "title"}, {"title": "A"}),
        ({"isi": {"html": "<p>A</p>"}}, {"isi.html": "content"}, {"content": "<p>A</p>"}),
        ({"isi.html": "<p>A</p>"}, {"isi.html": "content"}, {"content": "<p>A</p>"}),
        ({"headlines": "B", "headline": "C", "x": "A"}, {"x": "title"}, {"title": "A"}),
        ({"Title": "B", "x": "A"}, {"x": "title"}, {"title": "A"}),
        ({"body": "<p>B</p>", "x": "A"}, {"x": "content"}, {"content": "A"}),
        (
            {"title": "A", "summary": "B"},
            {"title": "summary", "summary": "title"},
            {"summary": "A", "title": "B"},
        ),
        ({"title": "B", "x": ""}, {"x": "title"}, {"title": "B"}),
        ({"title": "B"}, {"x.y.z": "title"}, {"title": "B"}),
        ({"a": "A", "b": "B"}, {"a": "title", "b": "title"}, {"title": "A"}),
        ({"a": "", "b": "B"}, {"a": "title", "b": "title"}, {"title": "B"}),
        ({"foto": [{"u": "/a"}, {"u": "/b"}]}, {"foto.1.u": "images"}, {"images": "/b"}),
        ({"tim": [{"n": "A"}, {}, {"n": "B"}]}, {"tim.n": "authors"}, {"authors": ["A", "B"]}),
        ({"foto": []}, {"foto.7": "images"}, {}),
        ({"nomor": 7, "guid": "x"}, {"nomor": "id"}, {"id": "7"}),
    ],
)
def test_a_field_map_wins(
    record: dict[str, Any], field_map: dict[str, str], expected: dict[str, Any]
) -> None:
    """What the settings call a field is that field, whatever else a record has for it."""
    before = dict(record)
    found = rename(record, field_map)
    assert {field: found[field] for field in expected} == expected
    assert record == before
    raw = translate({"published": "2024-10-28", **found})
    for field in {"title", "summary", "id"} & expected.keys():
        assert raw[field] == expected[field]
    if "content" in expected:
        assert expected["content"] in (raw.get("content"), raw.get("text"))
        assert not {"content", "text"} <= raw.keys()


def test_memory_stays_flat_over_many_rows() -> None:
    """300,000 rows are read a block at a time, and none of them is kept."""
    row = b"Ombak tinggi,/berita/satu,<p>Isi</p>\n"
    taken = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            nonlocal taken
            block = (b"title,url,content\n" if not taken else row * 1000)[: len(buffer)]
            buffer[: len(block)] = block
            taken += len(block)
            return len(block)

    blocks = []
    # Counting blocks of memory tells what tracemalloc would, and in a tenth of its time.
    for number, _ in enumerate(read_csv(io.BufferedReader(Endless())), start=1):
        if number in (10_000, 300_000):
            blocks.append(sys.getallocatedblocks())
            assert taken - number * len(row) < 1_000_000
        if number == 300_000:
            break
    assert blocks[1] - blocks[0] < 5_000


CELL = st.text(st.characters(codec="utf-8"), max_size=12) | st.text(alphabet='",;\n\r\t| a', max_size=8)


@given(
    st.lists(st.tuples(st.text("ab", min_size=1), CELL, CELL), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_was_written_is_read(rows: list[tuple[str, ...]], delimiter: str, encoding: str) -> None:
    """Whatever Python's csv module writes comes back equal, and from the line it stands on."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["title", "content", "summary"])
    places = []
    for row in rows:
        places.append(f"line {out.getvalue().count(chr(10)) + 1}")
        writer.writerow(row)
    found = read(out.getvalue().encode(encoding))
    assert [place for place, _ in found] == places
    assert [tuple(record.values()) for _, record in found] == rows


@given(st.binary(max_size=200) | st.text(alphabet='",;\n\r\t| ae[]{}1é', max_size=200).map(str.encode))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    """Whatever the bytes, each row is a record or Unreadable, and can be written as UTF-8."""
    for head in (b"title,url\n", b"", b"\xff\xfe"):
        is_csv(head + data, "")
        for place, record in read(head + data):
            assert place.startswith("line ")
            assert isinstance(record, (dict, Unreadable))
            str(record).encode()
            if isinstance(record, dict):
                translate(rename(record, {"title": "summary", "url.0.x": "title"}))
