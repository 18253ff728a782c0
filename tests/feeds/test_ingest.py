from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.values import Withdrawal
from feeds.ingest import Outcome, Posted, Words, find, look, offer, refuse, take, withdraw
from feeds.intake import API
from sources.article import Article
from sources.record import admit
from sources.records.reader import Unreadable
from sources.source import Site

NOW = datetime(2024, 11, 1, tzinfo=UTC)
STORY: dict[str, Any] = {
    "id": "17",
    "url": "https://kabarteluk.example/berita/pasar",
    "title": "Pasar ikan buka lagi",
    "published": "2024-10-28T05:00:00+07:00",
}
ID = "tag:kabarteluk.example,2005:17"

Take = Callable[..., list[Outcome]]


@pytest.fixture
def path(tmp_path: Path, site: Site) -> Path:
    """An archive that is begun."""
    path = tmp_path / "archive.db"
    archive = SqliteArchive(path)
    with archive.transaction():
        archive.set_meta("tagging_entity", site.tagging_entity)
    archive.close()
    return path


@pytest.fixture
def request_(path: Path, site: Site) -> Take:
    """Send records as one request does: an archive opened for it, one transaction."""

    def send(
        *records: Any, under: str | None = None, priorities: dict[str, int] | None = None
    ) -> list[Outcome]:
        posted = [
            one if isinstance(one, Posted) else offer(one, f"record {number}", site, NOW, under)
            for number, one in enumerate(records, start=1)
        ]
        archive = SqliteArchive(path)
        with archive.transaction():
            outcomes = take(archive, site, NOW, posted, priorities or {})
        archive.close()
        return outcomes

    return send


@pytest.fixture
def archive(path: Path) -> Iterator[SqliteArchive]:
    """The archive, looked at from beside."""
    archive = SqliteArchive(path)
    yield archive
    archive.close()


def rejected(archive: SqliteArchive) -> list[tuple[str, str]]:
    """Return what is set aside: where it was met, and the field at fault."""
    return [(one.position, one.field) for one in archive.readings.rejected() if one.source == API]


def test_results_are_those_of_the_archive(request_: Take) -> None:
    """New, unchanged, changed: what a source's record becomes, this one does."""
    assert [one.result for one in request_(STORY)] == ["new"]
    assert [one.result for one in request_(STORY)] == ["unchanged"]
    assert [one.result for one in request_({**STORY, "title": "Pasar ikan tutup"})] == ["changed"]


def test_relative_dates_count_from_the_request_and_stay(request_: Take) -> None:
    """`2 jam lalu` is told when it is sent, and sent again it is the same article unchanged."""
    (first,) = request_({**STORY, "published": "2 jam lalu"})
    assert first.article is not None
    assert first.article.published == datetime(2024, 10, 31, 22, tzinfo=UTC)
    assert request_({**STORY, "published": "2 jam lalu"})[0].result == "unchanged"


def test_two_records_of_one_id_in_one_request_are_a_mistake(request_: Take) -> None:
    """The first is taken, the other named as its double."""
    first, second = request_(STORY, {**STORY, "title": "Lain"})
    assert (first.result, second.result, second.is_conflict) == ("new", "rejected", True)
    assert second.rejected is not None
    assert ID in second.rejected.reason


def test_a_source_that_comes_first_keeps_its_article(
    request_: Take, archive: SqliteArchive, site: Site
) -> None:
    """A story that another source has and is ahead with is not replaced, and the record is not set aside."""
    with archive.transaction():
        archive.store(from_file(STORY, site), NOW, {"berkas": 1})
    (outcome,) = request_({**STORY, "title": "Lain"}, priorities={"berkas": 1})
    assert (outcome.result, outcome.is_conflict) == ("rejected", True)
    assert outcome.rejected is not None
    assert "berkas" in outcome.rejected.reason


def from_file(record: dict[str, Any], site: Site) -> Article:
    """Return the article as a file would give it."""
    article = admit(record, site, "berkas", "1")
    assert isinstance(article, Article)
    return article


@pytest.mark.parametrize("under", [None, "17", ID, STORY["url"]])
def test_a_rejected_record_is_kept_until_it_is_mended(
    request_: Take, archive: SqliteArchive, under: str | None
) -> None:
    """It is kept under its own name, so that the mended one takes it off the list, however it is sent."""
    request_({**STORY, "published": "entah"})
    request_({**STORY, "published": "entah juga"})
    assert rejected(archive) == [("17", "published")]
    request_(STORY, under=under)
    assert rejected(archive) == []


def test_a_neighbour_mends_nothing(request_: Take, archive: SqliteArchive) -> None:
    """Another article's success leaves a rejected record where it is."""
    request_({**STORY, "published": "entah"})
    request_({**STORY, "id": "18", "url": "https://kabarteluk.example/berita/lain"})
    assert rejected(archive) == [("17", "published")]


def test_mended_within_one_request(request_: Take, archive: SqliteArchive) -> None:
    """A bad version and a good one in one request: what counts is the last."""
    request_({**STORY, "published": "entah"}, STORY)
    assert rejected(archive) == []


def test_a_record_without_a_name_is_kept_until_the_next_post(request_: Take, archive: SqliteArchive) -> None:
    """It could not be told when it comes again."""
    request_(Unreadable("7", "not a JSON object"), {"summary": "Tanpa tanggal"})
    assert rejected(archive) == [("POST, record 1", ""), ("POST, record 2", "published")]
    request_(STORY, under="17")
    assert len(rejected(archive)) == 2
    request_(STORY)
    assert rejected(archive) == []


def test_refused_before_the_gate(request_: Take, archive: SqliteArchive) -> None:
    """A record that the API itself refuses is kept like the others."""
    (outcome,) = request_(refuse({**STORY, "tags": 7}, "body", "tags", "must be a list", "17"))
    assert outcome.rejected is not None
    assert (outcome.rejected.position, outcome.rejected.field) == ("body", "tags")
    assert rejected(archive) == [("17", "tags")]


def test_found_by_whatever_leads_to_it(request_: Take, archive: SqliteArchive, site: Site) -> None:
    """By its number, its id, its address in any spelling; by nothing else."""
    request_(STORY)
    for text in ("17", ID, STORY["url"], "http://kabarteluk.example/berita/pasar/"):
        found = look(archive, site, text)
        assert found is not None, text
        assert found[0].id == ID
    assert look(archive, site, "18") is None
    assert find(archive, site, "https://kabarteluk.example/berita/lain") is None


def test_what_the_api_withdrew_no_other_source_gives_back(
    request_: Take, archive: SqliteArchive, site: Site
) -> None:
    """A file that is read again still holds the story; the content system took it back all the same."""
    with archive.transaction():
        archive.store(from_file(STORY, site), NOW, {})
        outcome = withdraw(archive, site, NOW, "17", Words("Salah"))
    assert outcome is not None
    assert outcome.withdrawn is not None
    with archive.transaction():
        archive.store(from_file(STORY, site), NOW, {})
    found = look(archive, site, "17")
    assert found is not None
    assert found[1] is not None
    (back,) = request_(STORY)
    assert (back.result, back.withdrawn) == ("changed", None)


def test_a_record_that_says_canceled_is_a_withdrawal(request_: Take) -> None:
    """The record's own word and DELETE come to the same, and the next usable record undoes it."""
    request_(STORY)
    (outcome,) = request_({**STORY, "status": "canceled"})
    assert outcome.withdrawn is not None
    assert request_({**STORY, "title": "Pasar ikan buka kembali"})[0].withdrawn is None


def test_an_editors_withdrawal_is_left_as_it_is(request_: Take, archive: SqliteArchive, site: Site) -> None:
    """To withdraw what an editor's command withdrew changes neither its words nor who may undo it."""
    request_(STORY)
    with archive.transaction():
        archive.withdraw(ID, Withdrawal(ID, NOW, "command", "Putusan redaksi"))
        outcome = withdraw(archive, site, NOW, "17", Words("Lain"))
    assert outcome is not None
    assert outcome.withdrawn is not None
    assert (outcome.result, outcome.withdrawn.reason) == ("unchanged", "Putusan redaksi")


def test_a_number_for_an_id_goes_before_other_names_for_it(archive: Any, site: Site) -> None:
    """`id` is the API's own word: what was posted under it is found under it, whatever `uri` says."""
    record = {"id": 84674, "uri": "xq", "title": "Ombak", "content": "Isi.", "published": "2024-01-01"}
    with archive.transaction():
        (outcome,) = take(archive, site, NOW, [offer(record, "record 1", site, NOW)], {})
    assert outcome.result == "new"
    assert look(archive, site, "84674") is not None


def test_an_id_whose_escapes_were_undone_is_found(archive: Any, site: Site) -> None:
    """Ids made of headlines hold escapes; a client that decodes a path twice means the same article."""
    record = {"title": "Ombak 񋉄{ tinggi é", "content": "Isi.", "published": "2024-01-01"}
    with archive.transaction():
        (outcome,) = take(archive, site, NOW, [offer(record, "record 1", site, NOW)], {})
    assert outcome.article
    assert "%" in outcome.article.id
    assert look(archive, site, unquote(outcome.article.id)) is not None
