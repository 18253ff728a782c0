"""Dates as newsrooms print them: what is read, from which moment, and what is never guessed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.dates import parse_date
from sources.foreign_dates import read_foreign

JAKARTA = ZoneInfo("Asia/Jakarta")
FETCHED = datetime(2024, 10, 28, 18, 30, tzinfo=UTC)  # in Jakarta it is the 29th, 01:30


def read(text: str, fetched: datetime | None = None, language: str | None = None) -> str:
    """Return a date's moment in ISO and its basis."""
    moment, basis = parse_date(text, JAKARTA, fetched, language)
    return f"{moment.isoformat()} {basis}"


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("22 Nov 2024, 03:02 WIB", "2024-11-22T03:02:00+07:00 stated"),
        ("Diterbitkan 22 Nov 2024, 03:02 WIB", "2024-11-22T03:02:00+07:00 stated"),
        ("diperbarui 22 Nov 2024, 03:02 WIB", "2024-11-22T03:02:00+07:00 stated"),
        ("Kabar.example, 28/10/2024, 12:40 WIB", "2024-10-28T12:40:00+07:00 stated"),
        ("26 September 2023   12:51", "2023-09-26T12:51:00+07:00 assumed"),
        ("19 Juli 2022, 13:20 WIB", "2022-07-19T13:20:00+07:00 stated"),
        ("24 April 2026 20:05", "2026-04-24T20:05:00+07:00 assumed"),
    ],
)
def test_dates_seen_on_pages(printed: str, moment: str) -> None:
    """The shapes that Indonesian newsrooms print (I-02, I-06)."""
    assert read(printed) == moment


MONTHS = (
    "Januari Jan,Februari Feb,Maret Mar,April Apr,Mei,Juni Jun,Juli Jul,Agustus Agu Agt Ags,"
    "September Sep,Oktober Okt,November Nov,Desember Des"
).split(",")


@pytest.mark.parametrize(("number", "names"), list(enumerate(MONTHS, start=1)))
def test_months_in_full_and_short(number: int, names: str) -> None:
    """Every Indonesian month and its short forms (I-07)."""
    assert {read(f"3 {name} 2024") for name in names.split()} == {
        f"2024-{number:02}-03T00:00:00+07:00 assumed"
    }


@pytest.mark.parametrize(
    "day", ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Jum'at", "Jum’at", "Jum`at", "Sabtu", "Minggu"]
)
def test_days_of_the_week(day: str) -> None:
    """A weekday says nothing more than the date, whatever apostrophe Friday has (I-07)."""
    assert read(f"{day}, 1 November 2024 pukul 08.05 WIT") == "2024-11-01T08:05:00+09:00 stated"


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Selasa 29 Okt 2024 | 08.05 WITA", "2024-10-29T08:05:00+08:00 stated"),
        ("２８ Oktober ２０２４ １２：４０", "2024-10-28T12:40:00+07:00 assumed"),
        ("28\u00a0Oktober\u202f2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("28-10-2024 12.40", "2024-10-28T12:40:00+07:00 assumed"),
        ("28.10.2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("28 Oktober 2024 12:40 GMT+7", "2024-10-28T12:40:00+07:00 stated"),
        ("28 Oktober 2024 12:40 (UTC+05:30)", "2024-10-28T12:40:00+05:30 stated"),
        ("Mon, 28 Oct 2024 12:40:00 CET", "2024-10-28T12:40:00+01:00 stated"),
        ("Dipublikasikan 28 Oktober 2024 12:40 WIB", "2024-10-28T12:40:00+07:00 stated"),
        ("Terbit: 28/10/2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("Ditayangkan pada 28 Oktober 2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("Published: October 28, 2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("Posted on Oct 28th, 2024 at 3:05 pm", "2024-10-28T15:05:00+07:00 assumed"),
        ("Last updated 28 October 2024", "2024-10-28T00:00:00+07:00 assumed"),
        ("28.Okt.2024", "2024-10-28T00:00:00+07:00 assumed"),
    ],
)
def test_other_spellings_and_leading_words(printed: str, moment: str) -> None:
    """Digits of any width, spaces of any kind, and the words that only say that a date follows."""
    assert read(printed) == moment


@pytest.mark.parametrize(
    "text",
    [
        "29/10/24",  # the 29th of October or the 24th, of this century or the last
        "10/11/12",
        "29 Okt 24",
        "31/02/2024",
        "10/28/2024",  # day first, always
        "Published",
        "Kabar.example",
        "28 Oktober 2024 12:40 IST",  # three zones have this name
        "October 28, 2024 at 12:40 PM EDT",
        "28 Oktober 2024 12:40 +99:00",
        "2 Okt 2024 " * 100,
    ],
)
def test_what_could_be_two_dates_is_none(text: str) -> None:
    """Two-digit years, unknown zones and impossible days are rejected, not guessed."""
    with pytest.raises(ValueError, match=r"2024-10-28T12:40|calendar|longer"):
        read(text)


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("2 jam yang lalu", "2024-10-28T16:30:00+00:00"),
        ("2 jam lalu", "2024-10-28T16:30:00+00:00"),
        ("2 jam lepas", "2024-10-28T16:30:00+00:00"),
        ("Diperbarui 2 jam lalu", "2024-10-28T16:30:00+00:00"),
        ("sejam yang lalu", "2024-10-28T17:30:00+00:00"),
        ("5 menit lalu", "2024-10-28T18:25:00+00:00"),
        ("1 hour, 5 minutes ago", "2024-10-28T17:25:00+00:00"),
        ("an hour ago", "2024-10-28T17:30:00+00:00"),
        ("3 days ago", "2024-10-25T18:30:00+00:00"),
        ("seminggu lalu", "2024-10-21T18:30:00+00:00"),
        ("baru saja", "2024-10-28T18:30:00+00:00"),
        ("Just now", "2024-10-28T18:30:00+00:00"),
        ("yesterday", "2024-10-28T00:00:00+07:00"),
        ("Kemarin, 12.40", "2024-10-28T12:40:00+07:00"),
        ("kemarin 12:40 WIB", "2024-10-28T12:40:00+07:00"),
        ("Kemarin pukul 23.59 WIT", "2024-10-28T23:59:00+09:00"),
        ("hari ini 09:10", "2024-10-29T09:10:00+07:00"),
        ("Terbit hari ini 09:10", "2024-10-29T09:10:00+07:00"),
        ("hari ini 01:00 CEST", "2024-10-28T01:00:00+02:00"),
        ("Today at 3:05 pm", "2024-10-29T15:05:00+07:00"),
    ],
)
def test_relative_dates_count_from_the_fetching(printed: str, moment: str) -> None:
    """Which day `kemarin` is depends on the zone: the one printed, else the site's."""
    assert read(printed, FETCHED) == f"{moment} relative"
    with pytest.raises(ValueError, match="is relative to a moment nobody noted"):
        read(printed)


@pytest.mark.parametrize(
    "text",
    [
        "semalam",  # yesterday in Malay, last night in Indonesian
        "2 bulan lalu",
        "a year ago",
        "beberapa jam lalu",
        "kemarin sore",
        "yesterday's news",
        "kemarin 25:00",
        "today 28 October 2024",
        "lalu",
        "9999 weeks 9999 weeks 9999 weeks ago",
    ],
)
def test_vague_words_are_no_dates(text: str) -> None:
    """What names no one day is rejected, even where the moment of fetching is known."""
    with pytest.raises(ValueError, match=r"2024-10-28T12:40|calendar|not a date"):
        read(text, FETCHED)


def test_a_relative_day_needs_a_zone() -> None:
    """Without a zone `kemarin` is rejected; `2 jam lalu` needs none."""
    with pytest.raises(ValueError, match="names no zone"):
        parse_date("kemarin", None, FETCHED)
    assert parse_date("2 jam lalu", None, FETCHED)[1] == "relative"


FOREIGN = {
    "28 octobre 2024 à 12h40": "2024-10-28T12:40:00",
    "Publié le 28 octobre 2024 à 12h40": "2024-10-28T12:40:00",
    "1er mai 2024": "2024-05-01T00:00:00",
    "Montag, 28. Oktober 2024, 12:40 Uhr": "2024-10-28T12:40:00",
    "28 de octubre de 2024 a las 12:40": "2024-10-28T12:40:00",
    "28 de outubro de 2024 às 12h40": "2024-10-28T12:40:00",
    "28 أكتوبر 2024": "2024-10-28T00:00:00",
    "٢٨ أكتوبر ٢٠٢٤": "2024-10-28T00:00:00",
    "29 กุมภาพันธ์ 2567": "2024-02-29T00:00:00",
    "28 ตุลาคม 2024": "2024-10-28T00:00:00",
    "28 октября 2024 г.": "2024-10-28T00:00:00",
    "28 अक्टूबर 2024": "2024-10-28T00:00:00",
    "Oktubre 28, 2024": "2024-10-28T00:00:00",
    "28 tháng 10 năm 2024": "2024-10-28T00:00:00",
    "2024年10月28日 12:40": "2024-10-28T12:40:00",
    "2024년 10월 28일": "2024-10-28T00:00:00",
    "le 3/4/2024": "2024-04-03T00:00:00",
}


@pytest.mark.parametrize(("printed", "moment"), FOREIGN.items())
def test_dates_in_other_languages(printed: str, moment: str) -> None:
    """Whole dates in other languages are read without being told which."""
    assert read(printed) == f"{moment}+07:00 assumed"


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("28 octobre 2024 12:40 CET", "2024-10-28T12:40:00+01:00 stated"),
        ("28 октября 2024, 12:40 МСК", "2024-10-28T12:40:00+03:00 stated"),
        ("28 octobre 2024 12:40 (UTC+2)", "2024-10-28T12:40:00+02:00 stated"),
    ],
)
def test_a_foreign_date_with_its_zone(printed: str, moment: str) -> None:
    """A zone that is stated is kept."""
    assert read(printed) == moment


def test_where_languages_disagree_the_hint_decides() -> None:
    """`listopada` is November in Polish and October in Croatian: without a language it is no date."""
    assert read("28 listopada 2024", language="pl-PL").startswith("2024-11-28")
    assert read("28 listopada 2024", language="hr").startswith("2024-10-28")
    for language in (None, "id", "no-such"):
        with pytest.raises(ValueError, match="not a date"):
            read("28 listopada 2024", language=language)


@pytest.mark.parametrize(
    "text",
    """abc 12|12|2024|p. 3 2024|p. 3 mars 2024|Oktober 2024|10/2024|28 Oktober|28 mai|3 2024|1 2 3|1.2.3
    |10-11-12|Senin 2024|may 2024|mar 5|12 2024 mars 5|28 10 2024 12 13|Q4 2024|mai MMXXIV|sat on 3 mar 24
    |2 mars 03|version 1.2.2024|page 3 march 2024|2024-13-45|32 octobre 2024|31 Februar 2024|13/13/2024
    |00/00/2024|28 octobre 2024 25:99|a 28 b octobre c 2024|3 de marzo de 24|1 jan 0000|octobre 28 2024 2025
    |28 um 2024|28 octobre 2024 - 29 octobre 2024|28-29 octobre 2024|Foto 12 Mai 2024 Reuters|one 3 2024
    |28 2024 à 12h40|hier|demain 3 mai 2024|il y a 2 heures|12:40|monday|octobre$10*] 2024
    |3 mai 2024 soir|28 octobre 2024 EST
    """.split("|"),
)
def test_what_is_no_date_stays_none(text: str) -> None:
    """Day, month and year must all be printed, and no number beside them: nothing is filled in."""
    with pytest.raises(ValueError, match=r"not a date|calendar"):
        read(text)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("clock", ["1999-12-31T23:59:59Z", "2044-02-29T00:00:00Z"])
def test_neither_clock_nor_zone_of_the_machine_matters(
    zone: str, clock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same text is the same moment on every machine and day."""
    read_foreign.cache_clear()
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        with time_machine.travel(datetime.fromisoformat(clock)):
            assert {text: read(text) for text in FOREIGN} == {
                text: f"{moment}+07:00 assumed" for text, moment in FOREIGN.items()
            }
            with pytest.raises(ValueError, match="not a date"):
                read("28 octobre")
            assert read("2 jam lalu", FETCHED) == "2024-10-28T16:30:00+00:00 relative"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_our_own_shapes_do_not_load_the_library() -> None:
    """dateparser takes long to load: dates in our shapes, and what is clearly none, do without it."""
    program = """
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from sources.dates import parse_date
zone = ZoneInfo("Asia/Jakarta")
for text in ("Jum'at, 1 Nov 2024 | 08.05 WITA", "2024-10-28T12:40:00Z", "2024-10-28 12:40 WIB",
             "Mon, 28 Oct 2024 12:40:00 GMT", "1730090400", "28/10/2024", "2 jam lalu", "kemarin 12:40"):
    parse_date(text, zone, datetime.now(UTC))
for text in ("tidak ada", "29/10/24", "12", "1" * 5000):
    try:
        parse_date(text, zone)
    except ValueError:
        continue
    raise AssertionError(text)
assert "dateparser" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "TZ": "Asia/Tokyo"})


PIECES = (
    "28 1 2024 2567 12:40 mai octobre lundi à le de . , / - now ago il 年 月 أكتوبر г. IV ' ( 00 9999 T Z +02"
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES.split()), max_size=40), st.sampled_from(["", " "]), st.text(max_size=8)
)
def test_no_text_hangs_or_raises_anything_else(pieces: list[str], between: str, odd: str) -> None:
    """Whatever is printed is a moment or a ValueError, within two seconds."""
    read_foreign("1 mai 2024", None)  # loads the library, once
    text = between.join([*pieces, odd])
    start = time.perf_counter()
    try:
        moment, _ = parse_date(text, JAKARTA, FETCHED)
    except ValueError:
        pass
    else:
        assert moment.tzinfo is not None
    assert time.perf_counter() - start < 2
