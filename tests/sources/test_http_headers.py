"""What an answer's headers say of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sources.http.headers import answered_at, charset, media_type, retry_after, validators
from sources.http.values import FetchSettings, Validators


@pytest.mark.parametrize(
    ("value", "kind", "encoding"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ('Text/HTML;charset="UTF-8"', "text/html", "utf-8"),
        ("text/html; charset='utf-8'", "text/html", "utf-8"),
        ("text/html ; Charset = ISO-8859-1 ; q=1", "text/html", "iso-8859-1"),
        ("text/xml;charset=utf-16", "text/xml", "utf-16"),
        ("text/html; charset=utf-8, text/html", "text/html", "utf-8"),
        ("application/atom+xml;type=feed;charset=windows-1252", "application/atom+xml", "windows-1252"),
        ("text/html; charset=x-klingon", "text/html", None),
        ("text/html; charset=base64", "text/html", None),
        ("text/html; charset=punycode", "text/html", None),
        ("text/html; charset=undefined", "text/html", None),
        ("text/html; charset=", "text/html", None),
        ("text/html; charset=\u00fctf", "text/html", None),
        ("text/html", "text/html", None),
        ("html", None, None),
        ("", None, None),
        (";;;", None, None),
    ],
)
def test_content_type_is_read(value: str, kind: str | None, encoding: str | None) -> None:
    """Type and character set, in lower case; a set that Python can't decode is as good as none."""
    headers = {"content-type": value}
    assert (media_type(headers), charset(headers)) == (kind, encoding)


NOW = datetime(2024, 10, 28, 5, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0.0),
        ("Monday, 28-Oct-24 05:41:00 GMT", 60.0),
        ("999999999", 172_800.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 172_800.0),
        ("9" * 5000, None),
        ("-5", None),
        ("1.5", None),
        ("\u0663", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read(value: str, seconds: float | None) -> None:
    """Seconds, or a date set against the server's own; never more than two days (S-05)."""
    date = format_datetime(NOW, usegmt=True)
    assert retry_after({"retry-after": value, "date": date}) == seconds


def test_retry_after_without_the_servers_date() -> None:
    """A date is set against our clock where the server names none."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=1000), usegmt=True)
    seconds = retry_after({"retry-after": date})
    assert seconds is not None
    assert 900 < seconds <= 1000


def test_validators_are_kept_as_they_are() -> None:
    """An ETag is opaque, a Last-Modified is sent back letter by letter, even one that is no date."""
    headers = {"etag": 'W/"a,b"', "last-modified": "yesterday"}
    assert validators(headers) == Validators('W/"a,b"', "yesterday")


@pytest.mark.parametrize("etag", ["", '"\u00fc"', '"' + "x" * 5000 + '"', '"a\tb"'])
def test_validator_that_cannot_be_sent_back_is_none(etag: str) -> None:
    """What no request could carry, or what would fill the archive, is not kept."""
    assert validators({"etag": etag}) == Validators()


def test_user_agent_names_a_contact() -> None:
    """A webmaster learns whom to write to."""
    assert FetchSettings(contact="redaksi@kabar.example").user_agent == "tagwire/0.1 (+redaksi@kabar.example)"
    assert FetchSettings().user_agent == "tagwire/0.1 (feed publisher)"


@pytest.mark.parametrize("contact", ["a@b.example\r\nCookie: x", "r\u00e9daksi@kabar.example"])
def test_contact_is_one_line(contact: str) -> None:
    """A contact that would break the header is refused at once."""
    with pytest.raises(ValueError, match="one line"):
        FetchSettings(contact=contact)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"]
)
def test_an_impossible_date_gives_way_to_our_clock(date: str) -> None:
    """A server without a clock, or with a wrong one, does not say when it answered."""
    before = datetime.now(UTC).replace(microsecond=0)
    assert before <= answered_at({"date": date}) <= datetime.now(UTC)
