"""What read_export gives for WordPress exports, sound, broken and hostile, and what `admit` makes of it."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.article import Article
from sources.record import admit
from sources.records.reader import Unreadable
from sources.source import Rejected, Site
from sources.xml.feeds import is_feed
from sources.xml.post_text import post_html
from sources.xml.wordpress import is_wordpress_export, read_export

SAMPLE = (Path(__file__).parent.parent / "samples" / "wordpress" / "export-1.2.xml").read_bytes()
SITE = Site("https://suaralembah.example/", "suaralembah.example,2020", "id", ZoneInfo("Asia/Jakarta"))
OPENING = SAMPLE[: SAMPLE.index(b"<item>")]
CLOSING = b"</channel></rss>"

EXPECTED: dict[str, dict[str, Any]] = {
    "post 41": {
        "id": "https://suaralembah.example/?p=41",
        "url": "https://suaralembah.example/2024/10/panen/",
        "title": "Sawah lembah panen & lumbung penuh",
        "summary": "Panen raya di lembah.",
        "content": "<p>Panen raya dimulai <em>hari ini</em>.<br>Warga bergotong royong.</p>\n"
        '<figure><a href="https://suaralembah.example/foto/padi.jpg">'
        '<img src="https://suaralembah.example/foto/padi-600.jpg" alt="Padi" width="600" height="400"></a>\n'
        "<figcaption>Padi menguning. [Foto: Suara Lembah]</figcaption>\n</figure>\n"
        '<p>Hasilnya "lebih baek" [sic] dari tahun lalu.</p>\n'
        "<ul>\n<li>Padi</li>\n<li>Jagung</li>\n</ul>\n<p>Lumbung penuh.</p>",
        "published": "2024-10-28T05:40:00+00:00",
        "modified": "2024-10-28T07:00:00+00:00",
        "authors": ["Nita Prameswari"],
        "tags": ["Padi", "Desa"],
        "section": "Pertanian",
        "images": ["https://suaralembah.example/foto/padi.jpg"],
        "enclosures": ["https://suaralembah.example/suara/panen.mp3"],
        "publisher": "Suara Lembah",
        "language": "id-ID",
        "status": "usable",
    },
    "post 46": {
        "content": "<p>Jalan desa diperbaiki.</p>\n<pre>Tahap 1\n\nTahap 2</pre>",
        "summary": None,
        "published": "2024-10-29T09:00:00+07:00",  # only the site's own time is known
        "authors": ["tamu"],
        "section": None,
        "status": "usable",
    },
    "post 47": {"status": "withheld", "published": "2024-10-29T03:30:00+00:00"},
    "post 48": {"status": "canceled"},
    "post 49": {"status": "withheld"},  # has a password
}
SHAPES: dict[str, Any] = {
    "authors": lambda people: [person.name for person in people],
    "images": lambda media: [medium.url for medium in media],
    "enclosures": lambda media: [medium.url for medium in media],
    "tags": list,
}


class Unseekable(io.BytesIO):
    """A stream that can't be rewound, as a pipe."""

    def seekable(self) -> bool:
        """Say so."""
        return False


def read(data: bytes | str, **options: Any) -> dict[str, dict[str, Any] | Unreadable]:
    """Return the records of an export by their positions."""
    return dict(read_export(io.BytesIO(data.encode() if isinstance(data, str) else data), **options))


def article(record: dict[str, Any] | Unreadable) -> Article:
    """Admit a record that must become an Article."""
    assert isinstance(record, dict), record
    admitted = admit(record, SITE, "test", "1")
    assert isinstance(admitted, Article), admitted
    return admitted


def item(number: int, inside: str = "", title: str = "Judul") -> bytes:
    """Return a published post."""
    return (
        f"<item><title>{title}</title><guid isPermaLink='false'>https://suaralembah.example/?p={number}</guid>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date_gmt>2024-10-28 05:40:00</wp:post_date_gmt>"
        f"<wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{inside}</item>"
    ).encode()


# --- posts ---


@pytest.mark.parametrize("position", EXPECTED)
def test_posts_become_articles(position: str) -> None:
    """Every field of a post is found, in the shape readers see it on the site."""
    found = article(read(SAMPLE)[position])
    for name, value in EXPECTED[position].items():
        actual = getattr(found, name)
        seen = (
            actual.isoformat() if name in ("published", "modified") else SHAPES.get(name, lambda x: x)(actual)
        )
        assert seen == value, name


def test_only_posts_are_articles() -> None:
    """Pages, menus and uploads are passed over; pages come where they are asked for."""
    assert list(read(SAMPLE)) == list(EXPECTED)
    assert list(read(SAMPLE, include_pages=True)) == [*EXPECTED, "post 2"]


def test_a_pipe_is_read_once() -> None:
    """Without rewinding every post is read; only a picture that stands behind its post is missed."""
    found = dict(read_export(Unseekable(SAMPLE)))
    assert list(found) == list(EXPECTED)
    assert article(found["post 41"]).images == ()
    assert article(found["post 41"]).title == EXPECTED["post 41"]["title"]


def test_a_stream_is_read_from_where_it_stands() -> None:
    """What comes before the export in a stream is not read, the second time either."""
    stream = io.BytesIO(b"<nothing>" + SAMPLE)
    stream.seek(len(b"<nothing>"))
    assert [position for position, _ in read_export(stream)] == list(EXPECTED)


@pytest.mark.parametrize(
    ("status", "becomes"),
    [
        ("publish", "usable"),
        ("draft", "withheld"),
        ("pending", "withheld"),
        ("private", "withheld"),
        ("future", "withheld"),
        ("trash", "canceled"),
        ("auto-draft", None),
        ("inherit", None),
        ("acf-disabled", None),
    ],
)
def test_what_readers_may_not_see_disappears(status: str, becomes: str | None) -> None:
    """A post that is a draft or trash now is told as such; what never was a post is not told."""
    data = OPENING + item(7).replace(b">publish<", f">{status}<".encode()) + CLOSING
    found = [article(record).status for record in read(data).values()]
    assert found == ([becomes] if becomes else [])


def test_a_draft_with_nothing_in_it_is_nothing() -> None:
    """WordPress keeps a draft for everyone who once pressed `New`."""
    assert read(OPENING + item(7, title="").replace(b"publish", b"draft") + CLOSING) == {}


@pytest.mark.parametrize(
    ("guid", "found"),
    [
        ("<guid isPermaLink='false'>https://lama.example/?p=7</guid>", "https://lama.example/?p=7"),
        (
            "<guid isPermaLink='true'>https://suaralembah.example/tujuh</guid>",
            "https://suaralembah.example/?p=7",
        ),
        ("<guid isPermaLink='false'></guid>", "https://suaralembah.example/?p=7"),
        ("", "https://suaralembah.example/?p=7"),
    ],
)
def test_a_posts_id_is_its_guid_or_made_of_its_number(guid: str, found: str) -> None:
    """The guid outlives renaming and moving house (F-05); where it is an address, the number does."""
    start, end = item(7).split(b"<guid")[0], item(7).split(b"</guid>")[1]
    assert article(read(OPENING + start + guid.encode() + end + CLOSING)["post 7"]).id == found


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_format_is_read(version: str) -> None:
    """WXR 1.0 names no authors and says `tag`; 1.1 and 1.2 differ in their namespaces."""
    terms = (
        '<category>Padi</category><category domain="tag">Padi</category>'
        '<category domain="category">Desa</category>'
    )
    data = (OPENING + item(7, terms) + CLOSING).replace(b"export/1.2/", f"export/{version}/".encode())
    assert is_wordpress_export(data)
    found = article(read(data)["post 7"])
    assert (found.tags, found.section) == (("Padi",), "Desa")


# --- texts ---

FIGURE = "<figure><img src='a'>\n<figcaption>Ombak</figcaption>\n</figure>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Satu.\n\nDua.", "<p>Satu.</p>\n<p>Dua.</p>"),
        ("Satu.\r\n\r\n \r\nDua\r\nbaris.", "<p>Satu.</p>\n<p>Dua<br>baris.</p>"),
        ("Satu<br />\ndua", "<p>Satu<br>dua</p>"),
        ("<p>Satu.</p>\n\n<p>Dua.</p>", "<p>Satu.</p>\n<p>Dua.</p>"),
        ("Satu.\n<h2>Dua</h2>\nTiga.", "<p>Satu.</p>\n<h2>Dua</h2>\n<p>Tiga.</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<pre>a\n\nb", "<pre>a\n\nb"),
        ("<!-- wp:paragraph {\"a\":1} --><p>Satu.</p><!-- /wp:paragraph --><!--more-->", "<p>Satu.</p>"),
        ("Satu [sic] [1] [Foto: Ani] [[gallery]] […]", "<p>Satu [sic] [1] [Foto: Ani] [[gallery]] […]</p>"),
        ("[gallery]Satu[iklan id=3][kode/]", "<p>Satu</p>"),
        ("[kotak]Satu[/kotak] [vc_row a='b']dua", "<p>Satu dua</p>"),
        ("[embed]https://video.example/1[/embed]Satu", "<p>Satu</p>"),
        ("[caption width=3]<img src='a'> Ombak[/caption]", FIGURE),
        ("[caption caption='Ombak']<img src='a'>[/caption]", FIGURE),
        ("[caption]<img src='a'>[/caption]", "<figure><img src='a'></figure>"),
        ("[caption]Ombak[/caption]", "<p>Ombak</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_texts_are_shown_as_wordpress_shows_them(text: str, html: str) -> None:
    """Blank lines part paragraphs; captions become figures; shortcodes go and bracketed words stay."""
    assert post_html(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "[caption]",
        "[gallery]",
        "[embed]x",
        "<pre>",
        "<!--",
        "<a ",
        "[a_b ",
        "\n \n",
        "[",
        "<br",
        "[caption]<img ",
    ],
)
def test_texts_cost_time_by_their_length_alone(text: str) -> None:
    """What is opened a hundred thousand times and never closed is read in a moment; spaces too."""
    began = time.perf_counter()
    post_html(text * 100_000)
    post_html(text + " " * 300_000 + "x")
    assert time.perf_counter() - began < 3


# --- telling one ---


def test_an_export_is_told_from_a_feed() -> None:
    """An export is a feed with WordPress's namespace on it, whatever the encoding; a feed is none."""
    assert is_wordpress_export(SAMPLE[:4096])
    assert is_feed(SAMPLE[:4096])
    assert is_wordpress_export(b"\xef\xbb\xbf\r\n" + SAMPLE[:4096])
    assert is_wordpress_export(SAMPLE[:4096].decode().encode("utf-16"))
    assert not is_wordpress_export(b"<rss version='2.0'><channel><item>xmlns:wp</item></channel></rss>")
    assert not is_wordpress_export(b"wordpress.org/export/")


# --- faults ---


@pytest.mark.parametrize("end", range(1500, len(SAMPLE), 700))
def test_a_file_that_breaks_off_gives_its_whole_posts(end: int) -> None:
    """Posts that arrived are read, the one that was cut is not published, and the loss is told."""
    found = list(read(SAMPLE[:end]).items())
    *whole, (_, last) = found
    assert isinstance(last, Unreadable)
    assert [position for position, _ in whole] == list(EXPECTED)[: len(whole)]
    sound = read(SAMPLE)
    for position, record in whole:
        assert isinstance(record, dict)
        assert record["content"] == sound[position]["content"]  # type: ignore[index]  # it is sound


@pytest.mark.parametrize("fault", [b"\x00", b"\x0b", b"\x1f"])
def test_control_characters_are_taken_out(fault: bytes) -> None:
    """What XML forbids, and WordPress writes all the same, costs nothing but itself (F-16)."""
    data = OPENING + item(7, title="Om\x0bbak").replace(b"\x0b", fault) + item(8) + CLOSING
    assert [article(record).title for record in read(data).values()] == ["Ombak", "Judul"]


@pytest.mark.parametrize(
    "fault", ["\xff", "<foo:bar>x</foo:bar>", "a < b", "<b>", "</b>", "&tidak;", "AT&T", "<item/>"]
)
def test_a_fault_in_one_post_leaves_its_neighbours(fault: str) -> None:
    """Bytes that are no UTF-8, undeclared prefixes and loose signs cost none of the posts around them."""
    data = OPENING + item(7) + item(8, f"<excerpt:encoded>{fault}</excerpt:encoded>") + item(9) + CLOSING
    found = read(data.replace("\xff".encode(), b"\xff"))
    assert list(found) == ["post 7", "post 8", "post 9"]
    assert {article(record).title for record in found.values()} == {"Judul"}


def test_another_encoding_is_read_as_declared() -> None:
    """An export that somebody saved in another encoding is read as its declaration says."""
    data = (OPENING + item(7, title="Kopi é") + CLOSING).decode()
    for encoding in ("iso-8859-1", "utf-16"):
        recoded = data.replace("UTF-8", encoding, 1).encode(encoding)
        assert article(read(recoded)["post 7"]).title == "Kopi é"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))


@pytest.mark.parametrize(
    "dtd",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE rss [<!ENTITY l29 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % l29 SYSTEM "file:///etc/passwd"> %l29;]>',
        '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
    ],
)
def test_entities_cost_nothing_and_read_no_file(dtd: str) -> None:
    """Entities are not expanded and nothing outside the file is read, in texts and attributes alike."""
    data = OPENING.replace(b"<rss", dtd.encode() + b"<rss", 1)
    inside = "<excerpt:encoded>&l29;</excerpt:encoded><category domain='&l29;'>&l29;</category>"
    began = time.perf_counter()
    found = read(data + item(7, inside, title="Judul &l29;") + CLOSING)
    assert time.perf_counter() - began < 2
    assert found
    assert "root:" not in repr(found)
    assert len(repr(found)) < 10_000


def test_what_is_no_export_is_unreadable() -> None:
    """Something else entirely is one Unreadable, not an exception."""
    for data in (b"", b"halo", b"<html><body>x</body></html>", b"\xff\xfe", b"<rss><channel>"):
        ((position, record),) = read(data).items()
        assert (position, type(record)) == ("item 1", Unreadable)


def test_a_text_without_end_costs_its_post_alone() -> None:
    """A post of more than eight million characters is told and passed over; the next is read."""
    long = item(8, f"<content:encoded><![CDATA[{'x' * 11_000_000}]]></content:encoded>")
    found = read(OPENING + item(7) + long + item(9) + CLOSING)
    assert list(found) == ["post 7", "item 2", "post 9"]
    assert isinstance(found["item 2"], Unreadable)


PIECES = [
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"\0",
    b"\xff",
    b"<item>",
    b"</item>",
    b'"',
    b"</channel>",
]


@settings(max_examples=300, deadline=3000)
@given(
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=12)),
        min_size=1,
        max_size=8,
    )
)
def test_a_damaged_export_never_raises(cuts: list[tuple[float, int, bytes]]) -> None:
    """Whatever is cut out of an export or put into it, each post is a record or Unreadable, and fast."""
    data = SAMPLE
    for where, length, put in cuts:
        at = int(where * len(data))
        data = data[:at] + put + data[at + length :]
    is_wordpress_export(data)
    for position, record in read(data).items():
        if not isinstance(record, Unreadable):
            assert isinstance(admit(record, SITE, "test", position), (Article, Rejected))


MEASURE = """
import io, resource, sys
from sources.xml.wordpress import read_export

class Export(io.RawIOBase):
    def __init__(self, opening, post, closing, count):
        self.parts = [opening, *[post] * count, closing]
        self.at = 0
    def seekable(self): return True
    def tell(self): return self.at
    def seek(self, at, whence=0): self.at = at
    def read(self, size=-1):
        self.at += 1
        return self.parts[self.at - 1] if self.at <= len(self.parts) else b""

def memory(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

opening, post, closing = sys.stdin.buffer.read().split(b"|||")
for number, _ in enumerate(read_export(Export(opening, post, closing, 50_000)), start=1):
    if number == 1_000:
        before = memory()
print(number, memory() - before)
"""


def test_memory_stays_flat_over_fifty_thousand_posts() -> None:
    """A whole newsroom's export takes no more memory than its first thousand posts."""
    data = b"|||".join([OPENING, item(7, f"<content:encoded>{'kata ' * 100}</content:encoded>"), CLOSING])
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], input=data, capture_output=True, check=True, timeout=120
    )
    number, grown = map(int, done.stdout.split())
    kilobyte = 1024 if sys.platform == "darwin" else 1
    assert number == 50_000
    assert grown < 4_000 * kilobyte
