"""Which tags are proposed as one, and which never are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.tag_suggestions import Suggestion, Used, suggest


def used(*names: str, articles: int = 0) -> list[Used]:
    """Make tags; the first has by far the most articles, or all have as many as said."""
    return [
        Used(name, f"{name.casefold().replace(' ', '-')}-{n}", articles or max(1, 100 - 99 * n))
        for n, name in enumerate(names)
    ]


def pairs(found: list[Suggestion]) -> list[tuple[str, str, bool]]:
    """Return what is kept, what is merged, and whether it is sure."""
    return [(s.keep.name, s.merge.name, s.is_sure) for s in found]


@pytest.mark.parametrize(
    ("keep", "merge"),
    [
        ("Korea Utara", "Korea-Utara"),
        ("Korea Utara", "korea_utara"),
        ("a b", "a-b"),
        ("timnas", "tim nas"),
        ("O'Brien", "OBrien"),
        ("Sao Paulo", "São Paulo"),
        ("São Paulo", "Sao-Paulo"),
        ("Yahoo", "Yahoo!"),
        ("pemilu 2024", "Pemilu-2024"),
    ],
)
def test_same_letters_are_sure(keep: str, merge: str) -> None:
    """Case, spaces, hyphens, punctuation and accents make no other word of it."""
    assert pairs(suggest(used(keep, merge))) == [(keep, merge, True)]


@pytest.mark.parametrize(
    ("keep", "merge"),
    [
        ("U.S.", "US"),
        ("G20", "G-20"),
        ("año", "ano"),
        ("nelayan", "nelayan-nelayan"),
        ("fishing boat", "fishing boats"),
        ("beaches", "beach"),
        ("party", "parties"),
        ("harga ikan", "ikan harga"),
        ("Amerika Serikat", "AS"),
        ("PBB", "Perserikatan Bangsa-Bangsa"),
        ("Tentara dan Polisi", "TP"),
        ("kementerian", "kementrian"),
        ("Teluk Serindit", "Teluk Sernidit"),
        ("Teluk Serindit", "Teluk Serinddit"),
    ],
)
def test_the_rest_is_a_maybe(keep: str, merge: str) -> None:
    """Number, order, abbreviations, slips, and joined short words are proposed, but not as sure."""
    assert pairs(suggest(used(keep, merge))) == [(keep, merge, False)]


@pytest.mark.parametrize(
    "names",
    [
        ("c", "c++", "c#"),
        (".NET", "net"),
        ("AT&T", "att"),
        ("Mei", "Mes"),
        ("pemilu 2019", "pemilu 2024"),
        ("pemilu 2019", "pemilu 209"),
        ("skor 2-1", "skor 1-2"),
        ("19-20", "1920"),
        ("beras", "bera"),
        ("batas", "bata"),
        ("mata", "mata-mata"),
        ("custom", "customs"),
        ("new", "news"),
        ("péché", "pêche"),
        ("мой", "мои"),
        ("か", "が"),
        ("Grup A Piala", "Grup B Piala"),
        ("Perang Dunia XVIII", "Perang Dunia XVIIII"),
        ("mahasiswa", "mahasiswi"),
        ("Indonesia", "Indonesian"),
        ("islam", "islami"),
        ("politik", "apolitik"),
        ("laki-laki", "kaki-kaki"),
        ("kapal lautan", "kapalu latan"),
        ("Amerika Serikat", "as"),
    ],
)
def test_what_differs_in_meaning_is_left_alone(names: tuple[str, ...]) -> None:
    """Signs, numbers, short words, other words that look alike: nothing is proposed."""
    assert suggest(used(*names)) == []


def test_a_slip_is_much_rarer() -> None:
    """Two words that are used alike are two words, however near."""
    assert suggest(used("menteri", "mentari", articles=50)) == []
    assert pairs(suggest(used("menteri", "mentari"))) == [("menteri", "mentari", False)]


def test_an_abbreviation_of_many_names_is_left_alone() -> None:
    """Where two names may be meant, only one that is clearly more used is proposed."""
    name, other = "Persatuan Bola Basket", "Partai Buah Beri"
    assert suggest(used("PBB", name, other, articles=5)) == []
    more = [Used("PBB", "pbb", 9), Used(name, "persatuan", 6), Used(other, "partai", 2)]
    assert pairs(suggest(more)) == [("PBB", name, False)]


def test_the_more_used_is_kept() -> None:
    """Whatever the spelling; of two used alike, the one whose address comes first."""
    tags = [Used("korea utara", "b", 3), Used("Korea-Utara", "a", 3), Used("KoreaUtara", "c", 9)]
    assert [(s.keep.slug, s.merge.slug) for s in suggest(tags)] == [("c", "a"), ("c", "b")]


def test_only_the_head_of_a_group_is_held_against_others() -> None:
    """Spellings that go up in another are not proposed a second time."""
    tags = [Used("nelayan tua", "a", 9), Used("Nelayan-Tua", "b", 5), Used("tua nelayan", "c", 2)]
    assert pairs(suggest(tags)) == [
        ("nelayan tua", "Nelayan-Tua", True),
        ("nelayan tua", "tua nelayan", False),
    ]


def test_nothing_to_propose() -> None:
    """No tags, one tag, a tag of signs alone."""
    assert suggest([]) == suggest(used("ikan")) == suggest(used("-", "!")) == []


word = st.text("abinet-+ 1éS", min_size=1, max_size=10)
tag = st.tuples(word, st.integers(0, 200))


@given(st.lists(tag, max_size=30), st.randoms())
def test_the_order_of_tags_does_not_matter(names: list[tuple[str, int]], chance: object) -> None:
    """The same tags give the same list; what is merged is never more used, and no two lead to each other."""
    tags = [Used(name, f"slug-{n}", articles) for n, (name, articles) in enumerate(names)]
    found = suggest(tags)
    chance.shuffle(tags)  # type: ignore[attr-defined]  # hypothesis gives a random.Random, typed as an object
    assert suggest(tags) == found
    proposed = {(s.keep.slug, s.merge.slug) for s in found}
    assert len(proposed) == len(found)
    assert not proposed & {(merge, keep) for keep, merge in proposed}
    for s in found:
        assert (s.keep.articles, s.merge.slug) >= (s.merge.articles, s.keep.slug)
        assert s.reason


def test_cost_grows_with_the_tags() -> None:
    """Twice as many tags take about twice as long: none is held against each other one."""

    def seconds(count: int) -> float:
        syllables = ("ba", "ka", "ra", "ti", "mu", "sen", "lo", "pi", "gar", "du")
        names = ["".join(syllables[int(digit)] for digit in f"{n * 7919:07}") for n in range(count)]
        tags = [Used(name, name, 1 + 99 * (n % 2)) for n, name in enumerate(names)]
        started = time.perf_counter()
        suggest(tags)
        return time.perf_counter() - started

    seconds(1000)
    assert seconds(16_000) < 16 * 4 * max(seconds(1000), 0.01)
