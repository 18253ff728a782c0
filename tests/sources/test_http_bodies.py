"""Bodies: unpacked in bounded steps, refused when too long, incomplete or broken."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from backports import zstd

from sources.http.bodies import STEP, read_body
from sources.http.values import RequestError

TEXT = b"Nelayan Teluk Maju menanti cuaca reda.\n" * 5000
NOISE = random.Random(20241028).randbytes(300_000)  # noqa: S311  # nothing secret
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=3)),
    "zstd": zstd.compress,
    "": bytes,
}
PACKED = ["gzip", "br", "zstd"]
BOMB_SIZE = 200_000_000
LIMIT = 1_000_000


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """Cut data into chunks, as a network does."""
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    """Return 200 MB of zeros in each coding: a few kB to 200 kB."""
    zeros = bytes(BOMB_SIZE)
    return {
        "gzip": gzip.compress(zeros, 1),
        "br": bytes(brotli.compress(zeros, quality=1)),
        "zstd": zstd.compress(zeros),
    }


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000_000])
@pytest.mark.parametrize("data", [b"", b"x", TEXT, NOISE[:STEP], NOISE[:70_000], bytes(STEP * 5)])
@pytest.mark.parametrize("coding", PACK)
def test_body_comes_out_as_it_went_in(coding: str, data: bytes, size: int) -> None:
    """Whatever the coding, and however the network cuts it up."""
    packed = PACK[coding](data)
    assert read_body(chunks(packed, size), coding, LIMIT) == data


@pytest.mark.parametrize("name", [" GZIP ", "Gzip"])
def test_coding_is_named_in_any_case(name: str) -> None:
    """Content codings are case-insensitive (RFC 9110, section 8.4.1)."""
    assert read_body([gzip.compress(TEXT)], name, LIMIT) == TEXT


@pytest.mark.parametrize("coding", ["deflate", "gzip, gzip", "aes128gcm", "x" * 1000])
def test_coding_not_asked_for_is_refused(coding: str) -> None:
    """What was not advertised is not guessed at, and the message stays short."""
    with pytest.raises(RequestError, match="not asked for") as caught:
        read_body([b"x"], coding, LIMIT)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("coding", PACKED)
def test_empty_body_needs_no_packing(coding: str) -> None:
    """Servers name a coding for a body that is not there."""
    assert read_body([], coding, LIMIT) == b""


@pytest.mark.parametrize("coding", PACKED)
def test_packed_body_cut_short_is_an_error(coding: str) -> None:
    """Half a gzip is no shorter body; another attempt may bring the whole."""
    packed = PACK[coding](NOISE)
    assert read_body([packed], coding, LIMIT) == NOISE
    for end in (1, 10, len(packed) // 2, len(packed) - 1):
        with pytest.raises(RequestError, match="before it is complete") as caught:
            read_body([packed[:end]], coding, LIMIT)
        assert caught.value.again


@pytest.mark.parametrize("coding", PACKED)
def test_broken_packing_is_an_error(coding: str) -> None:
    """What does not unpack is named, not passed on."""
    with pytest.raises(RequestError, match=r"no sound|before it is complete"):
        read_body([b"<html>not packed at all</html>" * 100], coding, LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 100_000])
def test_members_follow_one_another(coding: str, size: int) -> None:
    """A gzip of several members, or a zstd of several frames, is one body (RFC 1952, RFC 8878)."""
    packed = PACK[coding](b"satu ") + PACK[coding](b"dua ") + PACK[coding](b"tiga")
    assert read_body(chunks(packed, size), coding, LIMIT) == b"satu dua tiga"


def test_padding_after_gzip_is_passed_over() -> None:
    """Zeros after the last member do no harm, as in browsers."""
    assert read_body([gzip.compress(TEXT) + bytes(50), bytes(50)], "gzip", LIMIT) == TEXT


@pytest.mark.parametrize("coding", PACK)
def test_limit_is_exact(coding: str) -> None:
    """A body of the limit passes, one byte more does not."""
    packed = PACK[coding](TEXT)
    assert read_body([packed], coding, len(TEXT)) == TEXT
    with pytest.raises(RequestError, match="longer than"):
        read_body([packed], coding, len(TEXT) - 1)


@pytest.mark.parametrize("coding", PACK)
def test_cut_leaves_the_rest(coding: str) -> None:
    """With `cut` a long body is read up to the limit (robots.txt)."""
    assert read_body(chunks(PACK[coding](TEXT), 5000), coding, 1234, cut=True) == TEXT[:1234]


@pytest.mark.parametrize("coding", PACKED)
def test_bomb_takes_little_memory(bombs: dict[str, bytes], coding: str) -> None:
    """200 MB in a small chunk are refused before they are there."""
    tracemalloc.start()
    try:
        with pytest.raises(RequestError, match="longer than"):
            read_body([bombs[coding]], coding, LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 8 * LIMIT
    finally:
        tracemalloc.stop()


def test_the_measure_sees_a_bomb_go_off(bombs: dict[str, bytes]) -> None:
    """The check above can fail: unpacked in one go, the same bytes show in the measure."""
    tracemalloc.start()
    try:
        assert len(zlib.decompress(bombs["gzip"], 31)) == BOMB_SIZE
        assert tracemalloc.get_traced_memory()[1] > BOMB_SIZE
    finally:
        tracemalloc.stop()


def test_zstd_window_is_bounded() -> None:
    """A frame that asks for a window of 128 MB is refused (RFC 9659); one of 8 MB is read."""
    for log, fits in ((27, False), (23, True)):
        packer = zstd.ZstdCompressor(options={int(zstd.CompressionParameter.window_log): log})
        packed = packer.compress(NOISE) + packer.flush()
        if fits:
            assert read_body([packed], "zstd", LIMIT) == NOISE
        else:
            with pytest.raises(RequestError, match="too much memory"):
                read_body([packed], "zstd", LIMIT)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_endless_nothing_ends(coding: str) -> None:
    """A stream that unpacks to nothing, for ever, is counted as it comes."""
    piece = PACK[coding](b"")

    def endless() -> Iterator[bytes]:
        while True:
            yield piece

    with pytest.raises(RequestError, match="longer than"):
        read_body(endless(), coding, 10_000)
