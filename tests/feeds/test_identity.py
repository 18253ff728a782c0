"""An article keeps its id for life (F-05, F-39), however it comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feeds.archive.sqlite import SqliteArchive
from sources.article import Article
from sources.identity import canonical_url, is_permanent_id, mint_article_id


def ids(newsroom: Any, name: str = "atom.xml") -> list[str]:
    """Return the ids in a feed, as a reader finds them."""
    return [entry.id for entry in feedparser.parse(newsroom.files()[name]).entries]


EDITS = {
    "title": "Judul baru",
    "summary": "Ringkasan baru",
    "content": "<p>Isi baru.</p>",
    "published": "2024-09-01T00:00:00+07:00",
    "updated": "2024-12-01T00:00:00+07:00",
    "authors": ["Orang lain"],
    "tags": ["lain"],
    "section": "Lain",
    "language": "en",
    "publisher": "Lain",
    "rights": "Lain",
}


@pytest.mark.parametrize("field", EDITS)
def test_editing_a_field_keeps_the_id(newsroom: Any, make_record: Callable[..., Any], field: str) -> None:
    """Whatever an editor changes, guid and atom:id are the same letters."""
    for given_id in (None, "7", "urn:example:seven"):
        record = {**make_record(1), "id": given_id}
        name = f"{given_id}.db".replace(":", "-")
        newsroom.write(record)
        newsroom.build("--archive", name)
        before = ids(newsroom), ids(newsroom, "rss.xml")
        newsroom.write({**record, field: EDITS[field]})
        newsroom.build("--archive", name)
        assert (ids(newsroom), ids(newsroom, "rss.xml")) == before


def test_a_moved_address_keeps_the_id_where_the_source_names_the_article(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """https for http, another host, another slug: the article's own id decides."""
    newsroom.write({**make_record(1), "id": "7"})
    newsroom.build()
    before = ids(newsroom)
    newsroom.write({**make_record(1), "id": "7", "url": "http://lain.example/baru"})
    newsroom.build()
    assert ids(newsroom) == before
    assert feedparser.parse(newsroom.files()["rss.xml"]).entries[0].link == "http://lain.example/baru"


def test_a_moved_site_keeps_every_minted_id(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Ids are named after the host the archive began with, feeds' ids too."""
    newsroom.write({**make_record(1), "id": "7"})
    newsroom.build()
    before = ids(newsroom), feedparser.parse(newsroom.files()["atom.xml"]).feed.id
    (newsroom.folder / "publish.toml").write_text(
        '[site]\nurl = "https://baru.example/"\nformerly = ["https://kabarteluk.example/"]\n'
        '[[source]]\npath = "articles.jsonl"\n'
    )
    code, _, err = newsroom.run("build")
    assert code == 0, err
    assert (ids(newsroom), feedparser.parse(newsroom.files()["atom.xml"]).feed.id) == before
    assert b"https://baru.example/rss.xml" in newsroom.files()["rss.xml"]


def test_an_old_id_or_address_named_as_alternate_finds_the_article(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """A new system with new ids says what the article was called before."""
    newsroom.write(make_record(1))
    newsroom.build()
    before = ids(newsroom)
    newsroom.write(
        {**make_record(1), "id": "cms-9", "url": "https://kabarteluk.example/baru", "alternate_ids": before}
    )
    assert newsroom.build()["records"]["changed"] == 1
    assert ids(newsroom) == before


def test_a_retitled_page_without_address_keeps_its_id(newsroom: Any) -> None:
    """A dump in the same file with the same date is the same story under another headline."""
    page = "{}\n\n28 Oktober 2024 12:40\n\nKabar.example - " + "Ombak tinggi datang lagi ke teluk kami. " * 4
    folder = newsroom.folder / "dumps"
    folder.mkdir()
    (folder / "a.txt").write_text(page.format("Ombak Tinggi"))
    newsroom.build(source="dumps")
    before = ids(newsroom)
    assert before == ["tag:kabarteluk.example,2024-10-28:ombak-tinggi"]
    (folder / "a.txt").write_text(page.format("Ombak Sangat Tinggi di Teluk"))
    assert newsroom.build(source="dumps")["records"]["changed"] == 1
    assert ids(newsroom) == before


def test_two_posts_at_one_address_with_ids_of_their_own_are_two(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """A live blog's posts share a page; neither is lost."""
    newsroom.write({**make_record(1), "id": "a"}, {**make_record(1), "id": "b", "title": "Kedua"})
    assert newsroom.build()["records"]["new"] == 2
    assert newsroom.build()["records"]["unchanged"] == 2


def test_of_two_records_with_one_id_the_newer_is_kept_and_the_other_reported(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Nothing is lost silently, and a second build finds nothing to do."""
    first, second = {**make_record(1), "id": "7"}, {**make_record(2), "id": "7"}
    newsroom.write(first, second)
    newsroom.build()
    newsroom.write(second, first)
    outcome = newsroom.build()
    assert outcome["records"]["unchanged"] == 1
    assert "another record has its id" in outcome["rejected"][0]["reason"]
    assert outcome["written"] == []
    newsroom.write(first, second)
    again = newsroom.build()["records"]
    assert {name: count for name, count in again.items() if count} == {"unchanged": 1, "rejected": 1}


def test_an_older_version_from_another_copy_is_not_taken_back(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """A stale export does not undo a correction."""
    newsroom.write({**make_record(1), "title": "Terkoreksi", "modified": "2024-11-02T00:00:00Z"})
    newsroom.build()
    newsroom.write({**make_record(1), "title": "Lama", "modified": "2024-11-01T00:00:00Z"})
    outcome = newsroom.build()
    assert "dated before the version kept" in outcome["rejected"][0]["reason"]
    assert b"Terkoreksi" in newsroom.files()["rss.xml"]


def test_a_version_dated_in_the_future_gives_way(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """A wrong date of change can be corrected backwards."""
    newsroom.write({**make_record(1), "title": "Salah", "modified": "2190-01-01T00:00:00Z"})
    newsroom.build()
    newsroom.write({**make_record(1), "title": "Benar"})
    assert newsroom.build()["records"]["changed"] == 1
    assert b"Benar" in newsroom.files()["rss.xml"]


def test_every_version_is_remembered(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The archive keeps what an article said before."""
    for title in ("Satu", "Dua", "Tiga"):
        newsroom.write({**make_record(1), "title": title})
        newsroom.build()
    code, out, _ = newsroom.run("status", "--json")
    assert code == 0
    assert '"revision": 2' in out


def test_an_archive_of_another_site_is_refused(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Two newsrooms are never mixed by mistake; the message names both ways out."""
    newsroom.write(make_record(1))
    newsroom.build()
    code, _, err = newsroom.run("build", "articles.jsonl", "--site-url", "https://lain.example/")
    assert code == 2
    assert "--archive" in err
    assert "formerly" in err


@given(
    url=st.from_regex(
        r"https://[a-z]{1,8}\.example/[a-zA-Z0-9%/._~é -]{0,20}(\?[a-z0-9=&_é]{0,20})?", fullmatch=True
    )
)
def test_a_canonical_url_is_its_own_canonical_url(url: str) -> None:
    """Reading an address twice changes nothing more."""
    once = canonical_url(url, "https://x.example/")
    assert canonical_url(once, "https://x.example/") == once
    assert is_permanent_id(once)


@given(given_id=st.text(min_size=1).filter(str.strip), title=st.text(min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_minted_id_is_permanent_and_ascii(given_id: str, title: str, make_article: Any) -> None:
    """Whatever a source calls an article, the result is fit for atom:id."""
    published = make_article().published
    for name in (given_id, None):
        minted = mint_article_id("kabarteluk.example,2005", name, None, published, title)
        assert is_permanent_id(minted), minted
        assert minted.isascii()


def test_tracking_parameters_make_no_new_article(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """The same page shared in two ways is one article (A-10)."""
    record = make_record(1)
    newsroom.write({**record, "url": record["url"] + "?utm_source=wa&fbclid=1#atas"})
    newsroom.build()
    newsroom.write(record)
    assert newsroom.build()["records"]["unchanged"] == 1
    assert ids(newsroom) == [record["url"]]


def test_an_undated_record_keeps_the_date_it_was_first_seen(newsroom: Any) -> None:
    """With undated = "first-seen" a later build changes nothing."""
    (newsroom.folder / "publish.toml").write_text(
        '[site]\nurl = "https://kabarteluk.example/"\nundated = "first-seen"\n'
        '[[source]]\npath = "articles.jsonl"\n'
    )
    newsroom.write({"id": "7", "title": "Tanpa tanggal"})
    assert newsroom.run("build")[0] == 0
    archive = SqliteArchive(newsroom.folder / "tagwire.db")
    kept = archive.article(1)
    later = kept.model_copy(update={"published": kept.published.replace(year=2090)})
    with archive.transaction():
        stored, article = archive.store(later, kept.published, {})
    archive.close()
    assert (stored, article.published) == ("unchanged", kept.published)
    assert isinstance(article, Article)


def test_a_date_of_publication_can_be_corrected_backwards(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """A source that names no change means what it says; what was there before does not come back."""
    later, earlier = (f"2024-10-28T{hour}:00:00+07:00" for hour in ("08", "07"))
    newsroom.write(make_record(1, published=later, title="Dua orang tewas"))
    newsroom.build()
    newsroom.write(make_record(1, published=earlier, title="Tiga orang tewas"))
    assert newsroom.build()["records"]["changed"] == 1
    (entry,) = feedparser.parse(newsroom.files()["atom.xml"]).entries
    assert (entry.title, entry.published) == ("Tiga orang tewas", earlier)
    newsroom.write(make_record(1, published=earlier, title="Empat orang tewas"))
    assert newsroom.build()["records"]["changed"] == 1
    assert newsroom.build()["records"]["unchanged"] == 1
