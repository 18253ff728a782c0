"""What read_records gives for JSON documents and JSON Lines, sound and broken."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.records.reader import LONGEST_LINE, Unreadable, read_records

ONE = {"title": "Satu"}
TWO = {"title": "Dua"}


def read(text: str | bytes) -> list[tuple[str, Any]]:
    """Read records from text or bytes."""
    return list(read_records(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def reasons(text: str | bytes) -> dict[str, str]:
    """Give the reason of each unreadable record by its position."""
    return {place: record.reason for place, record in read(text) if isinstance(record, Unreadable)}


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", "\ufeff \r\n", "[]", '{"items": []}'])
def test_nothing_is_no_record(text: str) -> None:
    """An empty stream, blank lines and an empty list hold no records and no faults."""
    assert read(text) == []


def test_json_lines_are_numbered_as_an_editor_numbers_them() -> None:
    """A BOM, blank lines, CRLF and a last line without newline change nothing but the line's number."""
    text = '\ufeff\r\n{"title": "Satu"}\r\n\r\n{"title": "Dua"}'
    assert read(text) == [("line 2", ONE), ("line 4", TWO)]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("document", "places"),
    [
        (ONE, ["record 1"]),
        ([ONE, TWO], ["record 1", "record 2"]),
        ({"version": "1", "items": [ONE, TWO]}, ["items[0]", "items[1]"]),
        ({"response": {"status": "ok", "docs": [ONE, TWO]}}, ["response.docs[0]", "response.docs[1]"]),
        ({"rss": {"channel": {"item": [ONE, TWO]}}}, ["rss.channel.item[0]", "rss.channel.item[1]"]),
    ],
)
def test_a_document_holds_one_record_or_many(document: Any, places: list[str], indent: int | None) -> None:
    """One object, a list, and an object around a list give their records, on one line or on many."""
    found = read(json.dumps(document, indent=indent))
    assert found == list(zip(places, [ONE, TWO], strict=False))


@pytest.mark.parametrize("key", "items articles entries posts data records results value".split())
def test_every_usual_key_of_a_list_is_known(key: str) -> None:
    """A list of records is found under each of the names that exports and APIs give it."""
    assert read(json.dumps({"total": 1, key: [ONE]})) == [(f"{key}[0]", ONE)]


def test_a_list_of_words_is_no_list_of_records() -> None:
    """An article that has `data` or `entries` of its own, without objects in it, stays one record."""
    article = {"title": "Satu", "data": ["a", "b"], "entries": [1]}
    assert read(json.dumps(article)) == [("record 1", article)]


def test_one_record_a_line_inside_a_document_is_a_document() -> None:
    """A list that is written one record a line is not taken for JSON Lines."""
    assert read('{"items": [\n{"title": "Satu"},\n{"title": "Dua"}]}') == [
        ("items[0]", ONE),
        ("items[1]", TWO),
    ]
    assert read('[\n{"title": "Satu"}\n]') == [("record 1", ONE)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"title": "Ombak', "not JSON: Unterminated string"),
        ('{"title": "Ombak"}}', "not JSON: Extra data"),
        ("Ombak tinggi", "not JSON: Expecting value at column 1"),
        ('["Ombak"]', "not a JSON object"),
        ("null", "not a JSON object"),
        ('"Ombak"', "not a JSON object"),
        (b'{"title": "Ombak \xff"}', "not UTF-8 at byte 18"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested too deep"),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 2])
def test_a_broken_line_keeps_its_neighbours(broken: str | bytes, reason: str, before: int) -> None:
    """A line that is no record is told with its number and reason; the lines before and after are read."""
    if before == 0 and broken == '["Ombak"]':
        broken = "Ombak"  # a first line that opens a list opens a document
        reason = "not JSON"
    line = broken.encode() if isinstance(broken, str) else broken
    found = read(b"\n".join([b'{"title": "Satu"}'] * before + [line] + [b'{"title": "Dua"}'] * 2))
    places = [place for place, _ in found]
    bad = found.pop(before)[1]
    assert places == [f"line {number}" for number in range(1, before + 4)]
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith(reason)
    assert [record for _, record in found] == [ONE] * before + [TWO] * 2


def test_an_unreadable_record_is_shown_cut() -> None:
    """What is kept of a record that can't be read is its first 2,000 characters."""
    (_, bad), _ = read('{"title": "' + "é" * 50_000 + '\n{"title": "Dua"}')
    assert isinstance(bad, Unreadable)
    assert bad.text == '{"title": "' + "é" * (2_000 - 11)


def test_a_line_without_end_is_left_out_whole() -> None:
    """A line longer than the limit is one unreadable record, and the next line has its own number."""
    long = b'{"title": "' + b"x" * (2 * LONGEST_LINE) + b'"}'
    found = read(b"\n".join([b'{"title": "Satu"}', b'{"title": "Satu"}', long, b'{"title": "Dua"}']))
    assert [place for place, _ in found] == ["line 1", "line 2", "line 3", "line 4"]
    assert isinstance(found[2][1], Unreadable)
    assert found[3][1] == TWO


def test_a_page_instead_of_json_is_one_fault() -> None:
    """An HTML error page where JSON should be gives one reason, not one for each line."""
    assert reasons("<!doctype html>\n<title>502</title>\n<p>x</p>\n") == {
        "line 1": "this is XML or HTML, not JSON"
    }


def test_a_broken_document_says_where() -> None:
    """A document that can't be parsed is one unreadable record that names line and column."""
    assert reasons('{\n  "title": "Satu",\n}').keys() == {"record 1"}
    assert "at line 3, column 1" in reasons('[\n{"title": "Satu"},\n}')["record 1"]


def test_what_is_no_object_in_a_list_keeps_its_neighbours() -> None:
    """A number or null among records is one unreadable record; the others are read."""
    found = read('[{"title": "Satu"}, null, 7, {"title": "Dua"}]')
    assert [isinstance(record, Unreadable) for _, record in found] == [False, True, True, False]
    assert [place for place, _ in found][-1] == "record 4"


def test_a_bad_byte_in_a_document_costs_one_record() -> None:
    """A byte that is not UTF-8 makes the record unreadable in which it stands, not the document."""
    found = read(b'[{"title": "Satu"}, {"title": "Ombak \xe9"}, {"title": "Dua"}]')
    assert found[0] == ("record 1", ONE)
    assert found[1] == ("record 2", Unreadable('{"title": "Ombak \ufffd"}', "not UTF-8: save it as UTF-8"))
    assert found[2] == ("record 3", TWO)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'{"a": "\ud800x\udfff"}', "\ud800x\udfff"),
        (r'{"a": ["\udc00", {"\ud801": 1}]}', ["\udc00", {"\ufffd": 1}]),
        (r'{"a": "\ud83d\ude00"}', "\U0001f600"),
        ('{"a": NaN}', None),
        ('{"a": -Infinity}', None),
        ('{"a": 1, "a": 2}', 2),
        ('{"a": "satu\tdua"}', "satu\tdua"),
        ('{"a": ' + "9" * 5_000 + "}", None),
        (r'{"a": "\u0000"}', "\0"),
    ],
)
def test_odd_values_are_cleaned_not_refused(text: str, value: Any) -> None:
    """Lone surrogates, NaN, doubled keys, raw tabs and endless numbers cost a value at most."""
    assert read(text) == [("record 1", {"a": value})]
    assert read(text + "\n" + text) == [("line 1", {"a": value}), ("line 2", {"a": value})]


def test_what_nests_too_deep_is_left_out_of_its_record() -> None:
    """A value nested 500 deep, which a parser may still take, is cut; the record's own fields stay."""
    record = '{"title": "Satu", "x": ' + "[" * 500 + "]" * 500 + "}"
    for text in (record, record + "\n" + record):
        for _, found in read(text):
            assert found["title"] == "Satu"
            assert json.dumps(found).count("[") < 150


def test_memory_stays_flat_over_many_lines() -> None:
    """200,000 lines of JSON Lines are read in a few megabytes, whatever their sum."""

    class Endless(io.RawIOBase):
        left = 200_000

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            line = b'{"title": "Ombak"}\n'
            count = min(self.left, len(buffer) // len(line))
            self.left -= count
            buffer[: count * len(line)] = line * count
            return count * len(line)

    tracemalloc.start()
    try:
        count = sum(1 for _ in read_records(io.BufferedReader(Endless())))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 200_000
    assert peak < 2_000_000


@given(
    st.binary(max_size=300) | st.text(alphabet='{}[]":,\\ud8 \n\r\t01eN\ufeff', max_size=80).map(str.encode)
)
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    """Whatever the bytes, each record is an object or Unreadable, and can be written as UTF-8."""
    for place, record in read(data):
        assert place
        assert isinstance(record, (dict, Unreadable))
        str(record).encode()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.text(st.characters(codec="utf-8")), JSON, max_size=4), min_size=2, max_size=5)
)
def test_what_was_written_is_read(records: list[dict[str, Any]]) -> None:
    """Objects written as JSON Lines come back equal and in order."""
    text = "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    assert [record for _, record in read(text)] == records
