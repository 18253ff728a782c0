from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from feeds.combination import LONGEST, MOST_TAGS, CombinationError, from_address, parse
from sources.identity import slug

names = st.text(min_size=1, max_size=30).filter(slug)
words = st.lists(st.text(alphabet="abAÉß2٣ดี-", min_size=1, max_size=6), min_size=1, max_size=3)
addresses = st.builds(
    lambda joiner, wanted, unwanted: "~".join([joiner.join(wanted), *unwanted]),
    st.sampled_from("+,"),
    words,
    words | st.just([]),
)


@given(
    st.lists(names, min_size=1, max_size=MOST_TAGS),
    st.lists(names, max_size=2),
    st.sampled_from([" AND ", " OR "]),
)
@example(["a", "a"], [], " OR ")
def test_an_address_leads_to_the_combination_it_was_made_of(
    wanted: list[str], unwanted: list[str], word: str
) -> None:
    """Whatever combination can be named is read back from its canonical address."""
    try:
        combination = parse(" NOT ".join([word.join(map(slug, wanted)), *map(slug, unwanted)]))
    except CombinationError:
        assume(False)
    address = combination.canonical
    assume(len(address) <= LONGEST and len(wanted) + len(unwanted) <= MOST_TAGS)
    assert from_address(address) == combination


@given(addresses)
def test_every_address_has_one_canonical_form(address: str) -> None:
    """What an address means has a canonical address that means the same, and is its own canonical one."""
    try:
        combination = from_address(address)
    except CombinationError:
        assume(False)
    assert from_address(combination.canonical) == combination


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("rusia+korea-utara", "korea-utara+rusia"),
        ("Rusia+KOREA-UTARA~Olahraga", "korea-utara+rusia~olahraga"),
        ("rusia+rusia", "rusia"),
        ("rusia,rusia", "rusia"),
        ("b,a~d~c~d", "a,b~c~d"),
        ("e\u0301tat+a", "a+\u00e9tat"),
    ],
)
def test_other_spellings_of_an_address_are_understood(address: str, canonical: str) -> None:
    """Order, capitals, duplicates and Unicode forms make no other combination."""
    assert from_address(address).canonical == canonical


@pytest.mark.parametrize(
    "address",
    [
        "",
        "~olahraga",
        "a+",
        "+a",
        "a++b",
        "a,b+c",
        "a~",
        "a~a",
        "a+b~A",
        "a b+c",
        "a--b",
        "-a",
        "../rahasia",
        "a/b",
        "a.b",
        "a'b",
        "a%2Bb",
        "a+b+c+d+e+f+g",
        "a~b~c~d~e~f~g",
        "a" * (LONGEST + 1),
    ],
)
def test_what_is_no_combination_is_refused(address: str) -> None:
    """Half-written, mixed, contradictory and endless addresses are errors that say what is one."""
    with pytest.raises(CombinationError, match=r"korea-utara\+rusia|at most 6 tags"):
        from_address(address)


def test_a_tag_with_a_long_address_can_be_named() -> None:
    """The number that told a tag's long address from another's is not cut off when the tag is named by it."""
    long = f"{'a' * 80}-2"
    assert parse(f"{long} AND b").canonical == f"{long}+b"
    assert from_address(f"{long}+b") == parse(f"b AND {long}")


def test_a_plus_in_a_tags_name_joins_nothing() -> None:
    """A tag called C+++ is named by its address, which has no plus."""
    with pytest.raises(CombinationError, match="tags/c/"):
        parse("C++ AND rusia")
    assert from_address("c+rusia") == parse("c AND rusia")
