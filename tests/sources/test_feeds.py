"""What read_feed gives for every kind of feed, sound, broken and hostile, and what `admit` makes of it."""

from __future__ import annotations

import json
import time
from datetime import datetime
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
from sources.xml.feeds import is_feed, older_document, read_feed

TESTS = Path(__file__).parent.parent
SAMPLES = sorted((TESTS / "samples" / "feeds").iterdir())
GOLDEN = sorted((TESTS / "golden").glob("*.xml"))
SITE = Site("https://warta.example/", "warta.example,2024", "id", ZoneInfo("Asia/Jakarta"), "Warta")
URL = "https://umpan.example/kabar/rss.xml"

EXPECTED: dict[str, list[dict[str, Any]]] = {
    "rss-2.0.xml": [
        {
            "id": "tag:wartamuara.example,2024:berita/118",
            "url": "https://wartamuara.example/berita/jembatan-gantung",
            "title": "Jembatan gantung Muara Dua & dermaga dibuka lagi",
            "summary": "Warga kembali menyeberang setelah tiga bulan.",
            "content": "<p>Jembatan gantung Muara Dua dibuka lagi pada Senin pagi.</p>\n"
            '<p><img src="https://wartamuara.example/foto/jembatan.jpg" alt="Jembatan">'
            "Warga menunggu sejak pukul lima.</p>",
            "published": "2024-10-28T06:30:00+07:00",
            "updated": "2024-10-28T09:15:00+07:00",
            "expires": "2025-10-28T06:30:00+07:00",
            "authors": ["author Laras Wening", "author Bagus Tirta", "contributor Sri Palupi"],
            "tags": ["Jembatan", "Muara Dua"],
            "credit": "Kantor Berita Hilir",
            "rights": "© Warta Muara",
            "publisher": "Warta Muara",
            "language": "id-ID",
            "images": ["https://wartamuara.example/foto/jembatan-1200.jpg"],
            "enclosures": ["https://wartamuara.example/suara/jembatan.mp3"],
            "status": "usable",
        },
        {
            "id": "https://wartamuara.example/berita/harga-udang",
            "url": "https://wartamuara.example/berita/harga-udang",
            "summary": None,
            "content": "<p>Harga udang di pasar Muara turun.</p><p>Pedagang menahan stok.</p>",
            "published": "2024-10-27T20:00:00Z",
            "authors": ["author Rani Kusuma"],
            "images": ["https://wartamuara.example/foto/udang.webp"],
            "enclosures": [],
        },
        {
            "id": "tag:wartamuara.example,2024:berita/90",
            "url": None,
            "summary": "Jadwal feri yang lama tidak berlaku.",
            "content": None,
            "published": "2024-10-28T07:00:00+07:00",
            "status": "canceled",
        },
    ],
    "rss-0.91.xml": [
        {
            "id": "https://cafepelabuhan.example/berita/7",
            "title": "Café nelayan buka lagi © 2024",
            "publisher": "Café Pelabuhan",
            "summary": "Warung kopi di dermaga timur buka lagi.",
        }
    ],
    "rss-1.0.rdf": [
        {
            "id": "https://tanjung.example/2024/mercusuar",
            "url": "https://tanjung.example/2024/mercusuar",
            "title": "Mercusuar dicat ulang",
            "summary": "Cat putih dan merah.",
            # A relative address in RSS means the page it was on.
            "content": "<p>Mercusuar tua dicat ulang.</p>"
            '<p>Lihat <a href="https://tanjung.example/2024/foto.html">fotonya</a>.</p>',
            "published": "2024-10-26T16:45:00+07:00",
            "authors": ["author Yuda Mahendra"],
            "tags": ["Mercusuar"],
            "rights": "CC BY 4.0",
            "publisher": "Yayasan Tanjung",
            "language": "id",
        }
    ],
    "atom-1.0.xml": [
        {
            "id": "urn:uuid:2c3b7d1e-8f6a-4d0b-9a55-0d6f6c1b7e21",
            "url": "https://rawapening.example/kabar/papan",
            "title": "Apa arti <b> di papan itu?",
            "summary": "Papan misterius di tepi rawa.",
            # In Atom it means xml:base, but for a note, which is inside the text.
            "content": "<p>Papan itu berdiri di tepi rawa.<br>\nTulisannya satu huruf.</p>\n"
            '        <p><a href="https://rawapening.example/kabar/peta#titik">Lihat peta</a> atau '
            '<a href="https://rawapening.example/kabar/papan#catatan">catatan</a>. '
            '<img src="https://rawapening.example/foto/rawa.jpg" alt="Rawa"></p>',
            "published": "2024-10-29T08:00:00+07:00",
            "updated": "2024-10-29T10:00:00+07:00",
            "authors": ["author Ratih Anggraini"],
            "tags": ["Rawa Pening"],
            "images": ["https://rawapening.example/kabar/foto/papan.png"],
            "enclosures": ["https://rawapening.example/kabar/suara/papan.ogg"],
            "rights": "CC BY 4.0",
            "publisher": "Kabar Rawa",
            "language": "id",
        },
        {
            "title": "Perahu anyar",
            "content": "<p>Perahu anyar wis dadi.</p>\n<p>Regane luwih murah tinimbang 5 &lt; 6 yuta.</p>",
            "published": "2024-10-28T08:00:00Z",
            "authors": ["author Wulan", "contributor Joko"],
            "language": "jv",
        },
    ],
    "atom-0.3.xml": [
        {
            "id": "tag:lereng.example,2004:kopi",
            "url": "https://lereng.example/kopi",
            "content": "<p>Panen kopi dimulai.</p>",
            "published": "2024-10-20T09:00:00+07:00",
            "updated": "2024-10-20T10:00:00+07:00",
            "authors": ["author Gilang"],
            "publisher": "Catatan Lereng",
            "language": "id",
        }
    ],
}
SHAPES: dict[str, Any] = {
    "authors": lambda people: [f"{person.role} {person.name}" for person in people],
    "images": lambda media: [medium.url for medium in media],
    "enclosures": lambda media: [medium.url for medium in media],
    "tags": list,
}


def records(data: str | bytes, url: str | None = URL) -> list[dict[str, Any]]:
    """Return the records of a feed, all of which must be readable."""
    found = [record for _, record in read_feed(data.encode() if isinstance(data, str) else data, url)]
    readable = [record for record in found if not isinstance(record, Unreadable)]
    assert len(readable) == len(found), found
    return readable


def article(record: dict[str, Any] | Unreadable) -> Article:
    """Admit a record that must become an Article; one without a date is from 2024."""
    assert isinstance(record, dict)
    dated = (
        record if {"published", "updated"} & record.keys() else {**record, "published": "2024-10-28T12:00Z"}
    )
    admitted = admit(dated, SITE, "test", "1")
    assert isinstance(admitted, Article), admitted
    return admitted


def rss(item: str, declared: str = "") -> str:
    """Return an RSS feed of one item."""
    return f'<rss version="2.0" {declared}><channel><title>Warta</title><item>{item}</item></channel></rss>'


def one(item: str, declared: str = "", url: str | None = URL) -> Article:
    """Return the article of an RSS feed of one item."""
    (record,) = records(rss(item, declared), url)
    return article(record)


def atom(entry: str, declared: str = "") -> str:
    """Return an Atom feed of one entry."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {declared}><entry>{entry}</entry></feed>'


# --- every kind of feed ---


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_kind_of_feed_becomes_articles(sample: Path) -> None:
    """RSS 0.91, 1.0 and 2.0, Atom 0.3 and 1.0 give what their elements say, under the Article's names."""
    articles = [article(record) for record in records(sample.read_bytes())]
    expected = EXPECTED[sample.name]
    assert len(articles) == len(expected)
    for found, fields in zip(articles, expected, strict=True):
        for name, value in fields.items():
            actual = getattr(found, name)
            if name in ("published", "updated", "expires"):
                assert actual == datetime.fromisoformat(value)
            else:
                assert SHAPES.get(name, lambda same: same)(actual) == value, name


def test_a_picture_keeps_what_is_said_of_it() -> None:
    """Of a group's renditions the widest is taken, with its size, caption and photographer (F-61, F-62)."""
    image = article(records(SAMPLES[-1].read_bytes())[0]).images[0]
    assert (image.width, image.height, image.caption) == (1200, 675, "Jembatan <baru> dari udara")
    assert (image.credit, image.media_type) == ("Dimas Aji", "image/jpeg")


def test_a_recording_keeps_its_length_and_type() -> None:
    """An enclosure's bytes and media type are kept."""
    sound = article(records(SAMPLES[-1].read_bytes())[0]).enclosures[0]
    assert (sound.length, sound.media_type) == (204800, "audio/mpeg")


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.name)
def test_our_own_feeds_read_back_are_the_same_articles(golden: Path) -> None:
    """What tagwire publishes and reads again keeps ids, titles, dates, tags and content."""
    first, second = (article(record) for record in records(golden.read_bytes(), None))
    assert (first.id, first.url) == ("https://kabarteluk.example/berita/ombak",) * 2
    assert (first.title, first.tags) == ("Ombak & angin <3", ("Cuaca", "Nelayan"))
    assert first.published.isoformat() == "2024-10-28T12:40:00+07:00"
    assert first.updated.isoformat() == "2024-10-29T08:00:00+07:00"
    assert first.content == (
        '<p>Ombak "tinggi" &amp; angin.</p>'
        '<p><img src="https://kabarteluk.example/foto/ombak.jpg" alt="Ombak"></p>'
    )
    assert first.summary == "Nelayan diminta berhati-hati: AT&T < 5 knot."
    assert [person.name for person in first.authors] == ["Siti Rahma", "Budi Santoso"]
    assert [(image.caption, image.credit) for image in first.images] == [("Ombak", "Ani")]
    assert [sound.media_type for sound in first.enclosures] == ["audio/mpeg", "audio/ogg"]
    assert (first.credit, first.rights, first.language) == ("Kantor Berita Pesisir", "© Kabar Teluk", "ms")
    assert (second.id, second.url) == ("tag:kabarteluk.example,2024-10-28:kabar-singkat", None)
    assert second.content == "<p>Satu paragraf.</p>\n<p>Dua paragraf.</p>"
    assert second.authors == ()


@pytest.mark.parametrize("number", [0, 1], ids=["rss", "atom"])
def test_hostile_articles_survive_publishing_and_reading_back(number: int) -> None:
    """Every article of the hostile set comes back from our feed with id, dates, tags, title and content."""
    from feeds.archive.terms import THE_SITE
    from feeds.build import build
    from feeds.channel import Publisher, channel_for
    from feeds.formats import FORMATS
    from feeds.formats.rendering import Category, Rendering

    site = Site("https://kabarteluk.example/", "kabarteluk.example,2005", "id", SITE.timezone, "Kabar Teluk")
    lines = (TESTS / "samples" / "hostile.jsonl").read_bytes().splitlines()
    read = (admit(json.loads(line), site, "hostile", "1") for line in lines)
    sent = {item.id: item for item in read if isinstance(item, Article) and item.status == "usable"}
    publisher = Publisher(
        url=site.url,
        feeds_url=site.url,
        title="Kabar Teluk",
        name="Kabar Teluk",
        tagging_entity=site.tagging_entity,
        language="id",
    )
    format_ = FORMATS[number]
    entries = [
        format_.entry(item, Rendering(publisher, tuple(Category(tag, site.url) for tag in item.tags)))
        for item in sent.values()
    ]
    body = build(channel_for(THE_SITE, publisher, item_date(sent)), format_, entries, 0).body
    back = [admit(record, site, "test", "1") for record in records(body, None)]
    assert len(back) == len(sent) > 20
    for found in back:
        assert isinstance(found, Article), found
        item = sent[found.id]
        assert (found.published, found.updated, found.tags) == (item.published, item.updated, item.tags)
        assert found.content == item.content
        if number == 1 or not set("<&") & set(item.title):  # RSS can't say whether `<b>` is text (F-15)
            assert found.title == item.title


def item_date(articles: dict[str, Article]) -> Any:
    """Return the latest date among articles."""
    return max(item.updated for item in articles.values())


# --- single rules ---


@pytest.mark.parametrize(
    ("guid", "ids"),
    [
        ("<guid>https://w.example/1</guid>", ("https://w.example/1", "https://w.example/1")),
        ('<guid isPermaLink="false">https://w.example/?p=1#</guid>', ("https://w.example/?p=1#", None)),
        ("<guid> urn:isbn:1 </guid><link>/1</link>", ("urn:isbn:1", "https://umpan.example/1")),
        ("<guid>7</guid>", ("tag:warta.example,2024:7", None)),
        ("<link>https://w.example/2</link>", ("https://w.example/2", "https://w.example/2")),
    ],
)
def test_a_guid_is_kept_letter_by_letter(guid: str, ids: tuple[str, str | None]) -> None:
    """A guid is the id as it stands, never resolved or normalised (F-05), and an address if it says so."""
    found = one(f"<title>A</title>{guid}")
    assert (found.id, found.url) == ids


def test_atom_ids_are_compared_letter_by_letter() -> None:
    """An Atom id keeps its capitals, its empty query and what looks relative in it (F-39)."""
    for written in ("https://W.example/Kabar?", "https://w.example/a/../b", "tag:w.example,2024:/x//y"):
        (record,) = records(atom(f"<id>{written}</id><title>A</title>"))
        assert record["id"] == written


def test_rss_description_is_the_summary_beside_content() -> None:
    """HTML in a description is the story only where there is no content (F-12)."""
    both = one(
        "<title>A</title><description>&lt;p&gt;Ringkas.&lt;/p&gt;</description>"
        "<content:encoded>&lt;p&gt;Isi.&lt;/p&gt;</content:encoded>"
    )
    assert (both.summary, both.content) == ("Ringkas.", "<p>Isi.</p>")
    assert (
        one("<title>A</title><description>Ringkas &amp;amp; jelas</description>").summary == "Ringkas & jelas"
    )


def test_the_longest_of_several_contents_is_taken() -> None:
    """An entry that gives its story twice is read from the fuller one."""
    found = one(
        "<title>A</title><content:encoded>&lt;p&gt;Awal.&lt;/p&gt;</content:encoded>"
        "<content:encoded>&lt;p&gt;Awal dan akhir.&lt;/p&gt;</content:encoded>"
    )
    assert found.content == "<p>Awal dan akhir.</p>"


def test_plain_text_in_content_encoded_gets_paragraphs() -> None:
    """Text without any markup is parted at its blank lines."""
    assert one("<title>A</title><content:encoded>Satu.\n\nDua.</content:encoded>").content == (
        "<p>Satu.</p>\n<p>Dua.</p>"
    )


def test_captions_are_no_summary() -> None:
    """media:description and media:title say what a picture shows, not what the article does."""
    found = one(
        '<media:content url="https://w.example/a.jpg"><media:title>foto_01</media:title>'
        "<media:description>Ombak.</media:description></media:content><title>Judul</title>"
    )
    assert (found.title, found.summary, found.content) == ("Judul", None, None)
    assert [image.caption for image in found.images] == ["Ombak."]


@pytest.mark.parametrize(
    ("media", "images", "enclosures"),
    [
        ('<media:thumbnail url="https://w.example/t.jpg"/>', ["t.jpg"], []),
        (
            '<media:thumbnail url="https://w.example/t.jpg"/><media:content url="https://w.example/a.jpg"/>',
            ["a.jpg"],
            [],
        ),
        ('<itunes:image href="https://w.example/i.png"/>', ["i.png"], []),
        ("<image><url>https://w.example/u.png</url></image>", ["u.png"], []),
        ('<media:content url="https://w.example/v.mp4" medium="video"/>', [], ["v.mp4"]),
        ('<enclosure url="https://w.example/s.mp3"/>', [], ["s.mp3"]),
        ('<media:content url="https://0.gravatar.com/avatar/x" medium="image"/>', [], []),
        ('<media:content url="http://[" medium="image"/><media:content/><enclosure/>', [], []),
    ],
)
def test_media_are_told_apart(media: str, images: list[str], enclosures: list[str]) -> None:
    """Pictures are images, the rest enclosures; a thumbnail counts where there is nothing better."""
    found = one(f"<title>A</title>{media}")
    assert [image.url.rpartition("/")[2] for image in found.images] == images
    assert [medium.url.rpartition("/")[2] for medium in found.enclosures] == enclosures


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Mon, 28 Oct 2024 12:40:00 +0700", "2024-10-28T12:40:00+07:00"),
        ("Mon, 28 Oct 2024 12:40:00 WIB", "2024-10-28T12:40:00+07:00"),
        ("Senin, 28 Oktober 2024 12:40 WITA", "2024-10-28T12:40:00+08:00"),
        ("2024-10-28T12:40:00", "2024-10-28T12:40:00+07:00"),  # the site's zone
        ("Mon, 28 Oct 2024 12:40:00 CEST", "2024-10-28T12:40:00+02:00"),
        ("Mon, 28 Oct 2024 12:40:00 EST", "2024-10-28T12:40:00-05:00"),
        ("Mon, 28 Oct 24 12:40:00 GMT", "2024-10-28T12:40:00+00:00"),  # only feedparser reads this one
        ("2024-10", "2024-10-01T00:00:00+00:00"),
    ],
)
def test_dates_keep_the_zone_they_are_printed_in(printed: str, moment: str) -> None:
    """A date is handed on as printed where it can be read, and else in UTC (I-07)."""
    assert one(f"<title>A</title><pubDate>{printed}</pubDate>").published.isoformat() == moment


def test_a_zone_nobody_knows_is_not_taken_for_utc() -> None:
    """A date in a zone that can't be told is rejected with the date in the reason."""
    (record,) = records(rss("<title>A</title><pubDate>Mon, 28 Oct 2024 12:40:00 XYZT</pubDate>"))
    rejected = admit(record, SITE, "test", "1")
    assert isinstance(rejected, Rejected)
    assert rejected.field == "published"
    assert "XYZT" in rejected.reason


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<author>siti@warta.online (Siti Rahma)</author>", ["Siti Rahma"]),
        ("<author>siti@warta.example</author>", []),
        ("<author>Warta</author>", []),  # the newsroom itself
        ("<author>s@w.example (Siti)</author><dc:creator>Siti Rahma</dc:creator>", ["Siti Rahma"]),
        ("<itunes:author>Ani</itunes:author><itunes:author>ANI</itunes:author>", ["Ani"]),
    ],
)
def test_bylines_name_people_once_and_no_addresses(byline: str, names: list[str]) -> None:
    """RSS's, Dublin Core's and iTunes' authors are one list of names without addresses (F-18, F-43)."""
    assert [person.name for person in one(f"<title>A</title>{byline}").authors] == names


def test_a_language_that_is_a_name_says_nothing() -> None:
    """`Bahasa` as a feed's language costs no article; the site's own language stands in (F-24)."""
    data = rss("<title>A</title>").replace("<item>", "<language>Bahasa kita</language><item>")
    assert article(records(data)[0]).language == "id"


def test_names_are_kept_that_feedparser_stumbles_over() -> None:
    """Elements named like feedparser's own lists spoil neither the entry nor its neighbours."""
    strange = '<tags a="b"/><links a="b"/><authors a="b"/><category>x</category><content a="b"/>'
    found = read_feed(rss(f"<title>A</title>{strange}</item><item><title>B</title>").encode(), None)
    assert [record["title"] for _, record in found if isinstance(record, dict)][-1] == "B"


# --- where the entries before these are ---


@pytest.mark.parametrize(
    ("links", "page"),
    [
        ('<atom:link rel="prev-archive" href="/2023.xml"/>', "https://umpan.example/2023.xml"),
        ('<atom:link rel="next" href="?p=2"/>', "https://umpan.example/kabar/rss.xml?p=2"),
        (
            '<atom:link rel="next" href="/2"/><atom:link rel="prev-archive" href="/a"/>',
            "https://umpan.example/a",
        ),
        ('<atom:link rel="next" href="file:///etc/passwd"/>', None),
        ('<atom:link rel="self" href="/x"/>', None),
    ],
)
def test_the_next_page_is_the_archive_before_or_the_next(links: str, page: str | None) -> None:
    """A link to the previous archive is preferred; only web addresses are pages (F-71, F-73)."""
    data = rss("<title>A</title>").replace("<item>", f"{links}<item>")
    older = older_document(data.encode(), URL)
    assert (older[0] if older else None) == page


def test_an_entrys_link_is_no_page_of_the_feed() -> None:
    """RFC 5005 links sit at feed level only; what is no feed has none (F-71)."""
    assert older_document(rss('<atom:link rel="next" href="https://w.example/2"/>').encode()) is None
    assert older_document(b"<html></html>") is None


# --- telling a feed ---


@pytest.mark.parametrize(
    "head",
    [
        "<rss version='2.0'>",
        "\ufeff\n <?xml version='1.0'?>\n<!-- a --><?xml-stylesheet href='x'?><!-- b --><feed xmlns='x'>",
        "<rdf:RDF xmlns:rdf='x'>",
        "<atom:feed xmlns:atom='x'>",
        '<!DOCTYPE rss [<!ENTITY a "]>"><!-- ]> -->]><rss>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_feeds_are_told_by_their_root(head: str, encoding: str) -> None:
    """After a byte-order mark, comments, instructions and a DTD the root element tells a feed."""
    data = head if encoding == "utf-8" else head.lstrip("\ufeff\n ")
    assert is_feed(data.encode(encoding))


@pytest.mark.parametrize(
    "head", ["", "<", "<html><rss>", "<rssx>", '{"rss": 1}', "<!-- <rss> -->", "<feeds>"]
)
def test_other_documents_are_no_feeds(head: str) -> None:
    """HTML, JSON, other XML and a comment that speaks of RSS are no feeds, and give one reason."""
    assert not is_feed(head.encode())
    assert not is_feed(f"{head}".encode("utf-16"))


def test_no_feed_is_unreadable_with_a_reason() -> None:
    """Something else entirely is one Unreadable, not an exception."""
    ((position, record),) = read_feed(b"<html><body>Halo</body></html>", None)
    assert (position, type(record)) == ("entry 1", Unreadable)


def test_a_feed_without_entries_has_no_records() -> None:
    """An empty feed is no fault."""
    assert records("<rss/>") == records(atom("").replace("<entry></entry>", "")) == []


# --- faults ---


def test_a_broken_entry_costs_itself_alone() -> None:
    """Tags that don't match and attributes without quotes in one entry leave its neighbours whole."""
    data = (
        "<rss><channel><item><title>A</title></item>"
        "<item><title>B</title><description><p class=x>a<br>b</b></p></description></item>"
        "<item><title>C<item><title>D</title></item></channel></rss>"
    )
    assert [record.get("title") for record in records(data)] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "story", ["<b>" * 300 + "akhir", f"<![CDATA[{'x' * 11_000_000}]]>"], ids=["deep", "long"]
)
def test_half_a_story_is_none(story: str) -> None:
    """What goes beyond an XML parser's limits is Unreadable, not an article that ends in the middle."""
    data = rss(f"<title>A</title><description>{story}</description></item><item><title>B</title>")
    (_, first), (_, second) = read_feed(data.encode(), None)
    assert isinstance(first, Unreadable)
    assert isinstance(second, dict)
    assert second["title"] == "B"


@pytest.mark.parametrize("end", range(40, 500, 20))
def test_a_feed_that_breaks_off_keeps_its_whole_entries(end: int) -> None:
    """Entries that arrived are read, the one that was cut is not published, and the loss is told."""
    items = "".join(f"<item><title>Berita {n}</title><guid>urn:x:{n}</guid></item>" for n in range(9))
    whole = f"<rss version='2.0'><channel><title>Warta</title>{items}</channel></rss>"
    found = list(read_feed(whole[:end].encode(), None))
    assert isinstance(found[-1][1], Unreadable)
    assert found[-1][0] == f"entry {len(found)}"
    for number, (position, record) in enumerate(found[:-1]):
        assert (position, record["title"]) == (f"entry {number + 1}", f"Berita {number}")  # type: ignore[index]  # whole


@pytest.mark.parametrize(
    ("encoding", "declared", "media_type"),
    [
        ("utf-8", "iso-8859-1", None),
        ("utf-8", None, "text/xml"),
        ("utf-8", "utf-8", "application/rss+xml; charset=iso-8859-1"),
        ("cp1252", "utf-8", None),
        ("cp1252", None, None),
        ("cp1252", "utf-16", None),
        ("iso-8859-2", "iso-8859-2", None),
        ("shift_jis", None, "text/xml; charset=shift_jis"),
        ("utf-16", "utf-16", None),
        ("utf-16-le", "utf-8", None),
        ("utf-8-sig", "us-ascii", None),
        ("iso-2022-jp", "iso-2022-jp", None),
        ("cp1252", "no-such-thing", None),
    ],
)
def test_a_wrong_encoding_is_found_out(encoding: str, declared: str | None, media_type: str | None) -> None:
    """The text is right whether HTTP, the declaration, both or neither tell how it is written."""
    word = {"shift_jis": "漁師", "iso-2022-jp": "漁師", "iso-8859-2": "Łódź"}.get(encoding, "café “é”")
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    data = (declaration + rss(f"<title>{word}</title>")).encode(encoding)
    ((_, record),) = read_feed(data, None, media_type)
    assert article(record).title == word


def test_one_byte_that_is_no_utf8_costs_one_letter() -> None:
    """A stray Windows quote in a UTF-8 feed leaves all other letters right."""
    data = rss("<title>harga “naik” X lagi</title>").encode().replace(b"X", b"\x93")
    assert article(records(data)[0]).title == "harga “naik” “ lagi"


def test_undeclared_prefixes_are_understood_or_passed_over() -> None:
    """media, dc and content work without declaration; an unknown prefix harms nothing, in text either."""
    found = one(
        "<title>A</title><dc:creator>Siti</dc:creator><foo:title foo:x='1'>B</foo:title>"
        "<media:content url='https://w.example/a.jpg'/><description><o:p>Isi</o:p></description>"
    )
    assert (found.title, found.authors[0].name, len(found.images)) == ("A", "Siti", 1)


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\x1f", "\ufffe", "&#0;", "&#11;", "&#xFFFF;", "&#1114112;"]
)
def test_characters_xml_forbids_are_taken_out(character: str) -> None:
    """A control character, raw or as a reference, costs nothing but itself (F-16)."""
    assert one(f"<title>Om{character}bak</title>").title == "Ombak"


def test_loose_ampersands_and_angles_are_text() -> None:
    """`AT&T`, `a < b`, HTML's entities and names nobody knows come through as they were meant."""
    found = one(
        "<title>AT&T a < b &copy;&nbsp;&tidakada; &#233;&#X41;</title><link>https://w.example/?a=1&b=2</link>"
    )
    assert found.title == "AT&T a < b © &tidakada; éA"
    assert found.url == "https://w.example/?a=1&b=2"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY l29 "{"x" * 100_000}">]>',
    "file": '<!DOCTYPE rss [<!ENTITY l29 SYSTEM "file:///etc/passwd">]>',
    "parameter": '<!DOCTYPE rss [<!ENTITY % l29 SYSTEM "file:///etc/passwd"> %l29;]>',
    "external subset": '<!DOCTYPE rss SYSTEM "file:///etc/passwd">',
    "never closed": '<!DOCTYPE rss [<!ENTITY l29 SYSTEM "file:///etc/passwd">',
    "inside": "",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_entities_cost_nothing_and_read_no_file(name: str) -> None:
    """A document's own entities are not expanded and nothing outside it is read, whatever it declares."""
    inside = '<!DOCTYPE rss [<!ENTITY l29 SYSTEM "file:///etc/passwd">]>' if name == "inside" else ""
    uses = "&l29;" * 1000
    item = f"<title>Judul {uses}</title><description>{inside}{uses}</description><link a='&l29;'>/a</link>"
    data = (HOSTILE[name] + rss(item)).encode()
    began = time.perf_counter()
    found = list(read_feed(data, URL))
    assert time.perf_counter() - began < 2
    assert "root:" not in repr(found)
    assert len(repr(found)) < 100_000


def test_short_names_for_plain_text_are_honoured() -> None:
    """Old blog software declares a few; one that names another is left as it stands."""
    dtd = '<!DOCTYPE rss [<!ENTITY kota "Muara"><!ENTITY jauh "&kota;">]>'
    assert article(records(dtd + rss("<title>Di &kota; &jauh;</title>"))[0]).title == "Di Muara &jauh;"


@pytest.mark.parametrize(
    "garbage",
    [
        "<" * 300_000,
        "<rss>" + "<" * 300_000,
        "<rss>" + "<a>" * 100_000,
        "<rss>" + "<a " * 100_000,
        "<!--" * 100_000,
        "<!DOCTYPE x [" + "<!--" * 100_000,
        "<!DOCTYPE x [" + '"' * 300_001,
        "<rss " + "\"'" * 150_000,
        "<rss><item><title>" + "<![CDATA[" * 30_000,
        rss("&" * 300_000),
        rss("<author>" + "a" * 300_000 + "</author>"),
        rss("<pubDate>" + "1 " * 150_000 + "</pubDate>"),
        rss("".join(f"<category>{n}</category>" for n in range(10_000))),
        rss("<media:group><media:content url='x'/></media:group><media:keywords>x</media:keywords>" * 4_000),
        "<rss " + "".join(f"xmlns:a{n}='x' " for n in range(10_000)) + ">" + "<item/>" * 1_000 + "</rss>",
        "<rss><channel>" + "".join(f"<category>{n}</category>" for n in range(10_000)) + "</channel></rss>",
    ],
    ids=range(16),
)
def test_time_grows_with_size_alone(garbage: str) -> None:
    """What is built to be read slowly is read within a few seconds; what once took minutes stays fast."""
    began = time.perf_counter()
    is_feed(garbage.encode())
    older_document(garbage.encode())
    list(read_feed(garbage.encode(), URL))
    assert time.perf_counter() - began < 5


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
    b"</entry>",
    b'"',
    b"&#x0;",
]


@settings(max_examples=300, deadline=3000)
@given(
    sample=st.sampled_from([path.read_bytes() for path in [*SAMPLES, *GOLDEN]]),
    cuts=st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES) | st.binary(max_size=12)),
        min_size=1,
        max_size=8,
    ),
)
def test_a_damaged_feed_never_raises(sample: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    """Whatever is cut out of a feed or put into it, each entry is a record or Unreadable, and fast."""
    for where, length, put in cuts:
        at = int(where * len(sample))
        sample = sample[:at] + put + sample[at + length :]
    is_feed(sample)
    older_document(sample, URL)
    for position, record in read_feed(sample, URL):
        assert position.startswith("entry ")
        if not isinstance(record, Unreadable):
            assert isinstance(admit(record, SITE, "test", position), (Article, Rejected))


@settings(max_examples=200, deadline=3000)
@given(
    data=st.binary(max_size=300)
    | st.text(alphabet="<>/?![]&;#'\" arsteidmfDF:-", max_size=200).map(str.encode)
)
def test_garbage_never_raises(data: bytes) -> None:
    """Any bytes at all are records, Unreadable, or nothing."""
    is_feed(data)
    older_document(data)
    list(read_feed(b"<rss>" + data, None))
    list(read_feed(data, None))


def test_where_each_field_stood_is_told() -> None:
    """`preview` shows it: the element as the feed writes it, or the feed for all its entries."""
    (first, *_) = records((TESTS / "samples" / "feeds" / "rss-2.0.xml").read_bytes(), None)
    assert {name: first["found"][name] for name in ("published", "content", "updated", "rights")} == {
        "published": "pubDate",
        "content": "content:encoded",
        "updated": "dcterms:modified",
        "rights": "the feed itself",
    }
    assert set(first) - {"found"} - {"id"} >= set(first["found"]) - {"id"}
