"""The dates a new version gets: docs/corrections.md row by row, and what holds for every version."""

from __future__ import annotations

import html
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.archive.kept import dump
from feeds.archive.significance import dated, is_one_slip, is_significant
from sources.article import Article, DateBasis

MakeArticle = Callable[..., Article]

PAGE = (Path(__file__).parents[2] / "docs" / "corrections.md").read_text("utf-8")
NOW = datetime(2024, 10, 28, 11, 0, tzinfo=UTC)  # 18:00 in the newsroom's zone
LONG_AGO = datetime(2024, 10, 28, 1, 0, tzinfo=UTC)
STORIES = {
    "same": "Sebanyak 12 perahu berangkat.",
    "slip": "Sebanyak 12 perahu brangkat.",
    "corrected": "Sebanyak 21 perahu berangkat.",
}


def tables() -> list[list[list[str]]]:
    """Return the page's tables, as rows of cells, without their heads."""
    found: list[list[list[str]]] = [[]]
    for line in PAGE.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [table[2:] for table in found if table]


DATES, CHANGES = tables()
BACKGROUND = " ".join(line[2:] for line in PAGE.splitlines() if line.startswith("> "))


def case(row: list[str]) -> str:
    """Name a row in the test's report."""
    return row[0]


def version(story: str, **fields: Any) -> Article:
    """Make an article of a story alone."""
    content = "".join(f"<p>{html.escape(block)}</p>" for block in story.split("\n"))
    values = {"id": "tag:kabarteluk.example,2024:1", "title": "Kabar", "content": content, **fields}
    return Article(**{"published": LONG_AGO, **values})


def moment(clock: str) -> str | None:
    """Write an hour of the table as a source would state it; `1 jam lalu` is left as it is."""
    return f"2024-10-28T{clock}:00+07:00" if ":" in clock else clock or None


def with_dates(article: Article, updated: str, modified: str) -> Article:
    """Give an article dates of the table; `(ours)` says their basis."""
    cells = {"updated": updated, "modified": modified}
    dates = {name: datetime.fromisoformat(moment(cell[:5]) or "") for name, cell in cells.items()}
    basis = {name: "first-seen" if cell.endswith("(ours)") else "stated" for name, cell in cells.items()}
    return article.model_copy(update={**dates, "date_basis": DateBasis.model_validate(basis)})


@pytest.mark.parametrize("row", DATES, ids=case)
def test_the_table_of_dates(row: list[str], make_article: MakeArticle) -> None:
    """Each row of the first table gives the dates that the page says."""
    _, *kept_dates, updated, modified, story, then_updated, then_modified = row
    text = {name: f"<p>{BACKGROUND}</p><p>{words}</p>" for name, words in STORIES.items()}
    published = moment("08:00")
    kept = with_dates(make_article(published=published, content=text["same"]), *kept_dates)
    says = {"updated": moment(updated), "modified": moment(modified), "fetched": NOW}
    incoming = make_article(published=published, content=text[story], **says)
    got = dated(kept, incoming, NOW)
    wanted = with_dates(incoming, then_updated, then_modified)
    for name in ("updated", "modified"):
        assert getattr(got, name) == getattr(wanted, name)
        assert (getattr(got.date_basis, name) == "first-seen") == (
            getattr(wanted.date_basis, name) == "first-seen"
        )


@pytest.mark.parametrize("row", CHANGES, ids=case)
def test_the_table_of_changes(row: list[str], make_article: MakeArticle) -> None:
    """Each row of the second table moves `updated`, or not, as the page says; any change moves `modified`."""
    _, part, before, after, moves = row

    def make(cell: str) -> Article:
        story = (
            f"<p>{BACKGROUND}</p><p>{html.escape(cell)}</p>" if part == "story" else f"<p>{BACKGROUND}</p>"
        )
        fields = {} if part == "story" else {part: cell or None}
        return make_article(**{"id": "berita-1", "content": story, **fields})

    kept, incoming = make(before), make(after)
    got = dated(kept, incoming, NOW + timedelta(days=1))
    assert (got.updated > kept.updated) == (moves == "yes")
    assert moves in {"yes", "no"}
    # The address is made canonical, and the tracking parameter is gone, before the rule sees the story.
    assert (got.modified > kept.modified) == (kept.model_dump() != incoming.model_dump())


def test_the_page_has_its_tables() -> None:
    """The tables are read whole: a row lost in reading would be a case untried."""
    assert [len(DATES), len(CHANGES)] == [16, 41]
    assert 90 <= len(BACKGROUND.split()) <= 110


@pytest.mark.parametrize(
    "hidden",
    [
        {"embargoed_until": NOW + timedelta(hours=1)},
        {"status": "withheld"},
        {"published": NOW + timedelta(hours=1)},
    ],
    ids=str,
)
def test_what_nobody_could_read_is_not_corrected(hidden: dict[str, Any]) -> None:
    """An embargoed, withheld or scheduled article changes as often as it likes; readers see one version."""
    kept, incoming = version(STORIES["same"], **hidden), version(STORIES["corrected"], **hidden)
    got = dated(kept, incoming, NOW)
    assert got.updated == kept.updated
    assert got.modified >= kept.modified


def test_an_embargo_that_is_over_hides_nothing() -> None:
    """Once the embargo is over, a correction is one."""
    over = {"embargoed_until": NOW - timedelta(hours=1)}
    got = dated(version(STORIES["same"], **over), version(STORIES["corrected"], **over), NOW)
    assert got.updated == NOW


def test_two_sources_tell_a_story_differently() -> None:
    """The difference between two sources is no correction; a later date of change makes it one."""
    kept = version(STORIES["same"]).model_copy(update={"source": "feed"})
    other = version(STORIES["corrected"]).model_copy(update={"source": "pages"})
    assert dated(kept, other, NOW).updated == kept.updated
    hour = timedelta(hours=1)
    later = other.model_copy(update={"modified": kept.modified + hour})
    assert dated(kept, later, NOW).updated == kept.updated + hour


def test_a_date_is_never_before_publication() -> None:
    """A newsroom that moves `published` takes the other dates along."""
    kept = version(STORIES["same"])
    got = dated(kept, version(STORIES["corrected"], published=NOW + timedelta(days=1)), NOW)
    assert got.published <= got.updated <= got.modified


def test_a_short_story_is_not_corrected_by_two_words() -> None:
    """A brief of six words may change two that are no slips; the third makes it a correction."""
    kept = version("Ikan itu segera dijual di sana.")
    assert not is_significant(kept, version("Ikan itu langsung dilelang di sana."))
    assert is_significant(kept, version("Ikan itu langsung dilelang di dermaga."))


def test_a_long_story_mended_all_over_is_a_rewrite() -> None:
    """Slips in a few sentences are slips; over more than 300 words they are not looked at one by one."""
    right = [f"Kapal {'bcdghjklmn'[n % 10] * 5} berlabuh di dermaga timur teluk sore ini." for n in range(50)]
    wrong = [sentence.replace("dermaga", "dermga") for sentence in right]
    few = " ".join(right[:20]), " ".join(wrong[:20])
    assert not is_significant(*map(version, few))
    assert is_significant(version(" ".join(right)), version(" ".join(wrong)))


def test_our_own_clock_is_not_the_source() -> None:
    """A clock of ours that was set back takes back no date that it gave; only a source's word was wrong."""
    kept = dated(version(STORIES["same"]), version(STORIES["corrected"]), NOW)
    again = dated(kept, version(STORIES["corrected"]), NOW - timedelta(hours=1))
    assert dump(again) == dump(kept)


def test_whole_seconds() -> None:
    """The moment we learnt of a change is kept in whole seconds: RSS has no fractions."""
    got = dated(version(STORIES["same"]), version(STORIES["corrected"]), NOW.replace(microsecond=7))
    assert got.updated == NOW
    assert Article.model_validate_json(dump(got)) == got


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("nelayan", "nelyan", True),
        ("nelayan", "nelayann", True),
        ("nelayan", "nelaran", True),
        ("nelayan", "nealyan", True),
        ("nelayan", "nelayan", False),
        ("nelayan", "nayelan", False),
        ("aaaa", "aaa", True),
        ("", "", False),
    ],
)
def test_one_slip(one: str, other: str, is_slip: bool) -> None:
    """One letter wrong, missing or too many, or two neighbours that changed places, and no more."""
    assert is_one_slip(one, other) is is_one_slip(other, one) is is_slip


# Invented words: none is a number, a negation or the word of a correction.
LETTERS = "bdgklmprs"
word = st.text(LETTERS, min_size=5, max_size=9)
sentence = st.lists(word | st.integers(1, 999).map(str), min_size=4, max_size=12).map(" ".join)
story = st.lists(sentence, min_size=1, max_size=12).map(lambda parts: ". ".join(parts) + ".")
minutes = st.integers(0, 600)


@st.composite
def versions(draw: st.DrawFn) -> Article:
    """A version with any story and any dates, stated or not."""
    published = LONG_AGO + timedelta(minutes=draw(minutes))
    updated = published + timedelta(minutes=draw(minutes))
    bases = st.sampled_from(["stated", "assumed", "relative", "first-seen"])
    basis = DateBasis.model_validate({"updated": draw(bases), "modified": draw(bases)})
    modified = updated + timedelta(minutes=draw(minutes))
    dates = {"published": published, "updated": updated, "modified": modified, "date_basis": basis}
    return version(draw(story), source=draw(st.sampled_from("ab")), **dates)


@given(versions(), versions(), minutes, minutes)
def test_read_again_it_changes_nothing(kept: Article, incoming: Article, one: int, two: int) -> None:
    """The same version read again, at any later time, keeps the dates it was given, to the letter."""
    now = LONG_AGO + timedelta(minutes=one)
    got = dated(kept, incoming, now)
    again = dated(got, incoming, now + timedelta(minutes=two))
    if got.updated <= now and got.modified <= now:
        assert dump(again) == dump(got)
    assert dump(dated(got, incoming, now)) == dump(got)


@given(versions(), versions(), minutes)
def test_dates_go_forward_and_stay_in_order(kept: Article, incoming: Article, minute: int) -> None:
    """No date goes back but from the future, and the three keep their order."""
    now = LONG_AGO + timedelta(minutes=minute)
    got = dated(kept, incoming, now)
    assert got.published == incoming.published
    assert got.published <= got.updated <= got.modified
    if kept.updated <= now:
        assert got.updated >= kept.updated
    if kept.modified <= now:
        assert got.modified >= kept.modified


@given(story, st.data())
def test_a_slip_never_moves_updated(text: str, data: st.DataObject) -> None:
    """One letter wrong, missing, too many or out of place in one word is no correction, wherever it is."""
    words = text.split(" ")
    places = [n for n, word in enumerate(words) if word.strip(".").isalpha()]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    n = data.draw(st.integers(0, 3))
    old = words[at]
    slips = [old[:n] + old[n + 1 :], old[:n] + "x" + old[n:], old[:n] + "x" + old[n + 1 :]]
    words[at] = data.draw(st.sampled_from([*slips, old[:n] + old[n + 1] + old[n] + old[n + 2 :]]))
    for kept, incoming in (
        (version(text), version(" ".join(words))),
        (version("Kabar", title=text), version("Kabar", title=" ".join(words))),
    ):
        assert dated(kept, incoming, NOW).updated == kept.updated


@given(story, st.integers(1000, 9999), st.integers(1000, 9999), st.data())
def test_a_number_always_moves_updated(text: str, one: int, other: int, data: st.DataObject) -> None:
    """Another number is a correction, wherever it stands and however long the story."""
    if one == other:
        return
    words = text.split(" ")
    at = data.draw(st.integers(0, len(words)))
    before, after = (" ".join([*words[:at], str(number), *words[at:]]) for number in (one, other))
    assert dated(version(before), version(after), NOW).updated == NOW


@given(st.lists(sentence, min_size=2, max_size=10), st.randoms())
def test_order_and_markup_never_move_updated(sentences: list[str], chance: Any) -> None:
    """Sentences that moved, and paragraphs made of them otherwise, are the same story."""
    moved = list(sentences)
    chance.shuffle(moved)
    assert not is_significant(version(". ".join(sentences) + "."), version(".\n".join(moved)))


def test_cost_grows_with_the_words_alone() -> None:
    """A story of 20,000 words is judged in the time of its reading, whatever became of it."""
    one = ". ".join(" ".join(f"kata{chr(97 + n % 26)}" for n in range(m, m + 20)) for m in range(1000))
    other = one.replace("kata", "kota")
    started = time.perf_counter()
    assert is_significant(version(one), version(other))
    assert not is_significant(version(one), version(one.replace(". ", "\n")))
    # Two words in turn are the worst for a comparison word by word.
    assert is_significant(version("kapal ikan " * 1500), version("ikan " + "ikan kapal " * 1400))
    assert time.perf_counter() - started < 2
