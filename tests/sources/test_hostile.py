"""The hostile set: records built to break the gate, and what must become of each.

A record says what it tries (`note`) and what it must become (`expect`): an `article`; `rejected`; or
`hidden`, an Article that belongs in no feed now. `holds` and `lacks` are words that the Article's JSON
must or must not hold.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from sources.article import Article
from sources.record import admit
from sources.source import Rejected, Site

SAMPLES = Path(__file__).parent.parent / "samples" / "hostile.jsonl"
RECORDS: list[dict[str, Any]] = [json.loads(line) for line in SAMPLES.read_bytes().splitlines()]
SITE = Site(
    url="https://kabarteluk.example/",
    tagging_entity="kabarteluk.example,2020",
    language="id",
    timezone=ZoneInfo("Asia/Jakarta"),
    publisher="Kabar Teluk",
)
# XML 1.0, production [2], written apart from the code under test (F-16).
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TAG = re.compile(r'</?([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*>')
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
RUNNING = set("script style iframe frame object embed applet form meta base link noscript svg math".split())
URL_ATTRIBUTES = {"href", "src", "poster", "cite"}


def told(record: dict[str, Any]) -> str:
    """Name a test after its record."""
    return str(record["note"])


every_record = pytest.mark.parametrize("record", RECORDS, ids=told)


def accepted(record: dict[str, Any]) -> Article:
    """Admit a record that must become an Article."""
    outcome = admit(record, SITE, "hostile", record["note"])
    assert isinstance(outcome, Article), f"{outcome.field}: {outcome.reason}"
    return outcome


def content_of(record: dict[str, Any]) -> str:
    """Return the content of the Article that a record becomes; none where it becomes no Article."""
    outcome = admit(record, SITE, "hostile", record["note"])
    return outcome.content or "" if isinstance(outcome, Article) else ""


def strings(value: Any) -> Iterator[str]:
    """Yield every string inside a dumped Article."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from strings(item)


def tags(content: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each tag of an Article's content with its attributes."""
    for name, attributes in TAG.findall(content):
        yield name, dict(ATTRIBUTE.findall(attributes))


def urls(content: str) -> Iterator[str]:
    """Yield every URL in an Article's content."""
    for _, attributes in tags(content):
        yield from (attributes[name] for name in URL_ATTRIBUTES & attributes.keys())
        yield from (part.split()[0] for part in re.split(r",\s+", attributes.get("srcset", "")) if part)


def test_each_note_is_told_once() -> None:
    """A failing test names one record."""
    notes = [record["note"] for record in RECORDS]
    assert len(set(notes)) == len(notes) > 0


@every_record
def test_each_record_becomes_what_it_must(record: dict[str, Any]) -> None:
    """The gate never raises: a record becomes an Article, or a Rejected that says which field and why."""
    outcome = admit(record, SITE, "hostile", record["note"])
    if record["expect"] == "rejected":
        assert isinstance(outcome, Rejected), outcome.model_dump_json()
        assert outcome.field
        assert outcome.reason
    else:
        assert isinstance(outcome, Article), f"{outcome.field}: {outcome.reason}"


@every_record
def test_an_article_holds_only_what_xml_allows(record: dict[str, Any]) -> None:
    """No character in any field can make a feed unreadable (F-16)."""
    outcome = admit(record, SITE, "hostile", record["note"])
    if isinstance(outcome, Article):
        assert [text for text in strings(outcome.model_dump(mode="json")) if NOT_XML.search(text)] == []


@every_record
def test_content_runs_nothing(record: dict[str, Any]) -> None:
    """Content is well-made HTML without scripts, frames, event handlers or styles (F-14)."""
    content = content_of(record)
    assert not set("<>") & set(TAG.sub("", content))
    for name, attributes in tags(content):
        assert name not in RUNNING
        assert not {a for a in attributes if a.startswith("on") or a in {"style", "srcdoc"}}


@every_record
def test_content_points_nowhere_relative(record: dict[str, Any]) -> None:
    """Every address in content is absolute, of a scheme that harms nobody (F-13)."""
    for url in urls(content_of(record)):
        parts = urlsplit(url)
        assert parts.scheme in {"http", "https", "mailto", "tel"}
        assert parts.hostname or parts.scheme in {"mailto", "tel"}


@pytest.mark.parametrize("record", [r for r in RECORDS if "holds" in r or "lacks" in r], ids=told)
def test_an_article_holds_its_words_and_lacks_the_harm(record: dict[str, Any]) -> None:
    """What a reader needs survives the cleaning; what was smuggled in does not."""
    dumped = accepted(record).model_dump_json()
    assert [words for words in record.get("holds", []) if words not in dumped] == []
    assert [words for words in record.get("lacks", []) if words in dumped] == []


@pytest.mark.parametrize("record", [r for r in RECORDS if r["expect"] == "hidden"], ids=told)
def test_a_hidden_article_says_why(record: dict[str, Any]) -> None:
    """What no feed may show keeps its status, embargo or expiry, so that it can be withdrawn."""
    article = accepted(record)
    assert article.status != "usable" or article.embargoed_until or article.expires
