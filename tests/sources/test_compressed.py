"""What open_plain unpacks, and what it says of data that is broken."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.compressed import open_plain, plain_name
from sources.source import SourceError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Pack = Callable[[bytes], bytes]
PACKS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "zstd": zstd.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
EVERY_PACK = pytest.mark.parametrize("kind", sorted(PACKS))
LINES = b"".join(b"berita %d: ombak setinggi dua meter\n" % number for number in range(20_000))


class Pipe(io.RawIOBase):
    """A stream that can't seek and gives at most so many bytes at once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = filter(None, pieces)  # nothing would be the end
        self._rest = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Give the rest of the last piece, or some of the next."""
        self._rest = self._rest or next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def pipe(data: bytes, size: int = 7) -> BinaryIO:
    """Give bytes as a pipe would, some at a time; unbuffered, as sockets are."""
    pieces = (data[start : start + size] for start in range(0, len(data), size))
    return Pipe(pieces)  # type: ignore[return-value]  # a raw stream has all that open_plain uses


def until_fault(stream: BinaryIO, size: int = 1) -> tuple[bytes, str]:
    """Read so many bytes at a time; give what came, and what was said in the end."""
    found = b""
    try:
        while piece := stream.read(size):
            found += piece
    except SourceError as error:
        return found, str(error)
    return found, ""


@EVERY_PACK
def test_what_is_packed_is_unpacked(kind: str) -> None:
    """Each kind is told by its first bytes, from a file and from a pipe, in lines and in one piece."""
    packed = PACKS[kind](LINES)
    assert open_plain(io.BytesIO(packed)).read() == LINES
    assert b"".join(open_plain(pipe(packed))) == LINES
    assert open_plain(pipe(packed)).readline() == LINES[: LINES.index(b"\n") + 1]


@EVERY_PACK
def test_members_follow_each_other(kind: str) -> None:
    """Files that were packed one by one and put together are read as one, empty ones and padding too."""
    pack = PACKS[kind]
    packed = pack(b"satu\n") + pack(b"") + pack(b"dua\n") + bytes(8) + pack(LINES) + bytes(100_000)
    assert open_plain(pipe(packed, 1000)).read() == b"satu\ndua\n" + LINES


def test_one_look_sees_past_small_members() -> None:
    """`peek` shows the first 64 kB even where each line is a member of its own."""
    packed = b"".join(gzip.compress(line, 1) for line in LINES.splitlines(keepends=True)[:3000])
    plain = open_plain(pipe(packed, 100_000))
    assert isinstance(plain, io.BufferedReader)
    assert plain.peek(65536) == LINES[:65536]


def test_a_zstd_file_may_begin_with_a_skippable_frame() -> None:
    """What parallel packers put before the first frame, and indexes behind the last, is passed over."""
    skipped = b"\x50\x2a\x4d\x18\x04\x00\x00\x00\x01\x02\x03\x04"
    packed = skipped + zstd.compress(b"satu\n") + b"\x5e" + skipped[1:]
    assert open_plain(io.BytesIO(packed)).read() == b"satu\n"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1f", b"{}\n", b"BZh9 adalah judul\n", b"title,date\r\n", bytes(20), b"\xff\xfeT\0", LINES],
)
def test_what_is_not_packed_stays(data: bytes) -> None:
    """Anything else is given as it is: a file is the same object, at its beginning; a pipe loses nothing."""
    stream = io.BytesIO(data)
    assert open_plain(stream) is stream
    assert stream.read() == data
    assert open_plain(pipe(data)).read() == data


@EVERY_PACK
def test_packed_twice_is_unpacked_once(kind: str) -> None:
    """A packed file inside a packed file is what is found: nobody who means well packs twice."""
    inner = gzip.compress(b"satu\n")
    assert open_plain(io.BytesIO(PACKS[kind](inner))).read() == inner


@EVERY_PACK
def test_data_that_breaks_off(kind: str) -> None:
    """Of a file that wasn't copied whole every whole line is read; then comes the reason and the mend."""
    packed = PACKS[kind](LINES) + PACKS[kind](LINES)
    cut = packed[: len(packed) // 2 + 40]
    plain = open_plain(pipe(cut, 4096))
    lines = [plain.readline() for _ in range(20_000)]
    assert b"".join(lines) == LINES
    with pytest.raises(SourceError, match=f"the {kind} data breaks off: copy or download the file again"):
        list(plain)
    with pytest.raises(SourceError, match="breaks off"):
        plain.read(1)  # and it stays broken


@EVERY_PACK
def test_broken_data(kind: str) -> None:
    """What stands before a broken byte is read, and the fault is told; so is a broken second member."""
    packed = PACKS[kind](b"satu\n")
    found, reason = until_fault(open_plain(io.BytesIO(packed + b"sampah" * 100)))
    assert found == b"satu\n"
    assert reason.startswith(f"the {kind} data is broken (")
    assert reason.endswith(": copy or download the file again")
    sound = PACKS[kind](LINES)
    noise = bytes((byte + 1) % 256 for byte in sound[10:])
    assert until_fault(open_plain(io.BytesIO(sound[:10] + noise)), 100)[1].startswith(f"the {kind} data")


def test_a_wrong_checksum_is_a_fault() -> None:
    """Data that unpacks to something else than was packed is not taken for sound."""
    packed = bytearray(gzip.compress(b"satu\n"))
    packed[-5] ^= 1
    assert "incorrect" in until_fault(open_plain(io.BytesIO(bytes(packed))))[1]


@EVERY_PACK
def test_a_limit_ends_it(kind: str) -> None:
    """So many bytes are read and no more; data of just that length is no fault."""
    packed = PACKS[kind](LINES)
    assert open_plain(io.BytesIO(packed), len(LINES)).read() == LINES
    found, reason = until_fault(open_plain(io.BytesIO(packed), 100_000), 1000)
    assert found == LINES[:100_000]
    assert reason == f"the {kind} data unpacks to more than 100000 bytes: split the file"


def test_windows_are_bounded() -> None:
    """A file that would take more than 128 MB of memory to unpack is refused, with the mend."""
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([(28 - 10) << 3]) + b"\x01\x00\x00"  # zstd --long=28
    huge = lzma.compress(b"satu", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 160 << 20}])
    for packed in (frame, huge):
        reason = until_fault(open_plain(io.BytesIO(packed)))[1]
        assert reason.endswith("pack it with a window of at most 128 MB"), reason


def test_a_fault_of_the_stream_is_not_hidden() -> None:
    """When the disk or the network fails, that is what is said, however often one asks."""

    def failing() -> Iterator[bytes]:
        yield gzip.compress(LINES)[:1000]
        raise OSError("the disk is gone")

    plain = open_plain(Pipe(failing()))  # type: ignore[arg-type]  # as in `pipe`
    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            plain.read()


def test_the_given_stream_stays_open() -> None:
    """Whoever opened the stream closes it."""
    stream = io.BytesIO(gzip.compress(b"satu\n"))
    open_plain(stream).close()
    assert not stream.closed


def test_memory_stays_flat() -> None:
    """300 MB of zeros are read in a few hundred kilobytes."""
    size, step = 300 << 20, 1 << 20

    def packed() -> Iterator[bytes]:
        packer = zlib.compressobj(1, wbits=31)
        for _ in range(size // step):
            yield packer.compress(bytes(step))
        yield packer.flush()

    tracemalloc.start()
    try:
        plain = open_plain(io.BufferedReader(Pipe(packed())))
        count = sum(map(len, iter(lambda: plain.read(step), b"")))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == size
    assert peak < 6_000_000


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("arsip.csv.gz", "arsip.csv"),
        ("A.JSONL.ZST", "A.JSONL"),
        ("a.xz", "a"),
        ("gz", "gz"),
        ("a.md", "a.md"),
    ],
)
def test_the_name_without_the_packing(name: str, plain: str) -> None:
    """What ending a file has is seen behind the ending of its packing."""
    assert plain_name(name) == plain


@settings(deadline=None)  # xz takes its time
@given(
    st.lists(st.binary(max_size=2000) | st.integers(0, 300_000).map(bytes), max_size=3),
    st.sampled_from(sorted(PACKS)),
    st.integers(1, 100_000),
    st.integers(1, 100_000),
)
def test_what_was_packed_is_read(members: list[bytes], kind: str, given_size: int, read_size: int) -> None:
    """Whatever was packed comes back, however it arrives and is asked for."""
    packed = b"".join(map(PACKS[kind], members))
    plain = open_plain(pipe(packed, given_size))
    assert b"".join(iter(lambda: plain.read(read_size), b"")) == b"".join(members)


@settings(deadline=None)  # xz takes its time
@given(
    st.sampled_from([b"", *(pack(b"satu\n" * 9)[:n] for pack in PACKS.values() for n in (6, 12))]),
    st.binary(),
)
def test_no_bytes_crash_it(head: bytes, data: bytes) -> None:
    """Whatever the bytes, they are read or refused with a reason."""
    found, reason = until_fault(open_plain(io.BytesIO(head + data)), 100)
    assert found == head + data or reason or head
