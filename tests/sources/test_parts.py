"""Tags as systems write them."""

from __future__ import annotations

import time

import pytest

from sources import parts


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("#nelayan, cuaca", ("nelayan", "cuaca")),
        ("#nelayan #CuacaBuruk", ("nelayan", "CuacaBuruk")),
        (["#MeToo", "C#", "F# dan C#"], ("MeToo", "C#", "F# dan C#")),
        (["nelayan", "#Nelayan", "＃nelayan"], ("nelayan",)),
        (["#", "##", " # "], ()),
        ("ikan; #laut", ("ikan", "laut")),
        ("pemilu 2024", ("pemilu 2024",)),
    ],
)
def test_a_leading_hash_is_no_part_of_a_tag(written: object, tags: tuple[str, ...]) -> None:
    """`#nelayan` is the tag nelayan; a `#` inside or behind a name belongs to it."""
    assert parts.tags(written) == tags


@pytest.mark.parametrize("hostile", ["#", " ", " #", "#a ", "\u3000#"])
def test_no_tags_take_long(hostile: str) -> None:
    """200 kB of hashes cost well under a second."""
    start = time.perf_counter()
    parts.tags(hostile * 100_000)
    assert time.perf_counter() - start < 1
