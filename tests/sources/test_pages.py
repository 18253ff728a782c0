"""News pages of every layout give the same kind of record, and none of them is ever too odd to read."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.article import Article
from sources.pages.markup import load_markup
from sources.pages.reader import is_html, read_page
from sources.pages.selectors import steps_of
from sources.record import admit
from sources.source import Rejected, Site

TESTS = Path(__file__).parents[1]
PAGES = TESTS / "samples" / "pages"
EXAMPLE = TESTS.parent / "sources" / "example" / "articles"
SAMPLES = {page.stem: page.read_bytes() for page in sorted(PAGES.glob("*.html"))}
SITE = Site(
    url="https://situs.example/", tagging_entity="situs.example,2024", timezone=ZoneInfo("Asia/Jakarta")
)
PAGE = "https://situs.example/berita/satu"
STORY = "<p>Perahu kembali ke dermaga sebelum hujan turun.</p>" * 6

# For each sample: where it was found, the fields it must give (None: the field is absent), words its
# story must hold and words that must not be in it.
EXPECTED: dict[str, tuple[str | None, dict[str, Any], list[str], list[str]]] = {
    "json_ld": (
        "https://suaralirih.example/ekonomi/2024/10/28/pasar-apung-buka-lagi?utm_source=x",
        {
            "url": "https://suaralirih.example/ekonomi/2024/10/28/pasar-apung-buka-lagi",
            "title": "Pasar Apung Sungai Lirih Buka Lagi",
            "summary": "Sempat sepi dua tahun, 64 pedagang kembali mendayung jukung.",
            "published": "2024-10-28T06:15:00+08:00",
            "updated": "2024-10-28T09:40:00+08:00",
            "authors": [
                {
                    "name": "Nirmala Setya",
                    "role": "author",
                    "url": "https://suaralirih.example/penulis/nirmala-setya",
                },
                {"name": "Hendra Gusti", "role": "author"},
                {"name": "Wulan Anggita", "role": "editor"},
            ],
            "publisher": "Suara Lirih",
            "tags": ["pasar apung", "Sungai Lirih", "ekonomi rakyat"],
            "section": "Ekonomi",
            "language": "id-ID",
            "rights": "© 2024 Suara Lirih",
            "images": [
                {
                    "url": "https://cdn.suaralirih.example/2024/10/pasar-apung.jpg?w=1200",
                    "width": 1200,
                    "height": 675,
                    "caption": "Pedagang sayur di atas jukung",
                    "credit": "Tomi Wiguna",
                }
            ],
            "enclosures": [
                {
                    "url": "https://cdn.suaralirih.example/audio/pasar-apung.mp3",
                    "media_type": "audio/mpeg",
                    "length": 482113,
                }
            ],
            "text": None,
        },
        [
            'src="https://suaralirih.example/2024/10/pasar-apung-dalam.jpg"',
            "<figcaption>Jukung berjejer",
            '<a href="https://suaralirih.example/tag/sayur">sayur</a>',
            "<td>Kangkung</td>",
            "<blockquote>",
            "<li>Buka pukul 05.00</li>",
            "mengalir sejauh 48 kilometer",
        ],
        [
            "Baca juga",
            "Jembatan Lirih",
            "Harga Cabai",
            "WhatsApp",
            "Lima Kue",
            "Bagikan",
            "pasang_iklan",
            "<h1",
            "data:image",
            "<p></p>",
            "terpotong",
        ],
    ),
    "json_ld_graph": (
        None,
        {
            "url": "https://kabarbukit.example/sekolah-panen-madu/",
            "title": "Sekolah Bukit Tanduk Panen Madu",
            "published": "2024-11-02T10:00:00",
            "authors": [
                {
                    "name": "Yosef Lamen",
                    "role": "author",
                    "url": "https://kabarbukit.example/penulis/yosef/",
                }
            ],
            "publisher": "Kabar Bukit",
            "tags": ["madu", "sekolah", "Bukit Tanduk"],
            "section": "Pendidikan",
            "language": "id",
            "images": [
                {
                    "url": "https://kabarbukit.example/media/madu.webp",
                    "width": 1024,
                    "height": 683,
                    "caption": "Kotak lebah di kebun sekolah",
                }
            ],
        },
        ["<p>Murid SD", "buku &amp; seragam.</p>\n<p>Panen berikutnya"],
        [],
    ),
    "open_graph": (
        "https://wartamuara.example/olahraga/tim-dayung-juara?page=2",
        {
            "url": "https://wartamuara.example/olahraga/tim-dayung-juara?utm_source=beranda",
            "title": 'Tim Dayung Muara Juara "Piala Ombak"',
            "summary": "Kemenangan pertama sejak 2009.",
            "published": "2024-11-10T17:30:00+07:00",
            "updated": "2024-11-10T18:05:00+07:00",
            "modified": "2024-11-11T08:00:00+07:00",
            "expires": "2025-11-10T00:00:00+07:00",
            "authors": [{"name": "Lastri Manik", "role": "author"}],
            "publisher": "Warta Muara",
            "tags": ["dayung", "Piala Ombak"],
            "section": "Olahraga",
            "language": "id",
            "images": [
                {
                    "url": "https://wartamuara.example/foto/dayung.jpg",
                    "width": 1200,
                    "height": 800,
                    "caption": "Perahu nomor tiga di garis akhir",
                },
                {"url": "https://wartamuara.example/foto/piala.png", "width": 600},
            ],
            "enclosures": None,
        },
        ["Pelatih Rudi Sinaga", "tengah malam"],
        ["BACA JUGA", "Jadwal Lomba"],
    ),
    "microdata": (
        "https://portoldbury.example/news/harbour-clock",
        {
            "url": "https://portoldbury.example/news/harbour-clock",
            "title": "Harbour Clock Strikes Again",
            "summary": "After eleven silent years the tower keeps time.",
            "published": "2024-11-05T09:00:00Z",
            "updated": "2024-11-05T11:30:00Z",
            "authors": [
                {
                    "name": "Ida Marsh",
                    "role": "author",
                    "url": "https://portoldbury.example/staff/ida-marsh",
                }
            ],
            "publisher": "Port Oldbury Post",
            "tags": ["Harbour", "Clocks"],
            "section": "Town",
            "language": "en-GB",
            "images": [
                {
                    "url": "https://portoldbury.example/img/clock.jpg",
                    "width": 900,
                    "height": 600,
                    "caption": "The tower at noon.",
                }
            ],
        },
        ["struck nine", 'href="https://portoldbury.example/news/library"', "Walter Pike"],
        ["Read also", "Pier", "Topics"],
    ),
    "own_markup": (
        "https://www.lontarpos.example/news/warga-kampung-lontar-bangun-jembatan-bambu?page=2",
        {
            "url": "https://www.lontarpos.example/news/warga-kampung-lontar-bangun-jembatan-bambu",
            "title": "Warga Kampung Lontar Bangun Jembatan Bambu",
            "summary": "Jembatan sepanjang 30 meter selesai dalam sembilan hari.",
            "published": "24 April 2024 20:05",
            "authors": [
                {"name": "Ragil Sasmita", "role": "author"},
                {"name": "Rina Lestari", "role": "editor"},
            ],
            "tags": ["jembatan bambu", "Kampung Lontar", "gotong royong"],
            "language": "id",
            "images": [
                {
                    "url": "https://images.lontarpos.example/resize/1200x675-100/uploads/arsip/normal/"
                    "2024/04/24/jembatan-ab12.webp",
                    "width": 1200,
                    "height": 675,
                    "caption": "Jembatan bambu. Foto: Ragil",
                }
            ],
        },
        ["LONTAR - Warga", "Darma Putu", "<figcaption>", "(rgl)"],
        [
            "Baca Juga",
            "Banjir Surut",
            "Pengrajin Rotan",
            "Naik Rakit",
            "Redaktur",
            "page=1",
            "Google News",
        ],
    ),
    "plain": (
        "https://serai.example/kapal.html",
        {
            "url": "https://serai.example/kapal.html",
            "title": "Perpustakaan Keliling Singgah di Pulau Serai",
            "published": "Selasa, 12 November 2024, 14.30 WIT",
            "authors": None,
        },
        ["tiga ribu buku", "bernama Sekar", 'href="https://serai.example/selat.html"'],
        ["Arsip", "Hak cipta", "12 November", "<h2"],
    ),
    "amp": (
        "https://lerengpos.example/amp/kopi/kebun-kopi-berbuah-lebat",
        {
            "url": "https://lerengpos.example/kopi/kebun-kopi-berbuah-lebat",
            "title": "Kebun Kopi Lereng Sunyi Berbuah Lebat",
            "published": "2024-11-18T07:00:00+07:00",
            "authors": [{"name": "Made Artana", "role": "author"}],
            "publisher": "Lereng Pos",
            "images": [{"url": "https://lerengpos.example/img/kopi.jpg"}],
        },
        ['src="https://lerengpos.example/amp/kopi/img/kopi-merah.jpg"', "<img ", "Ketut Suarna"],
        ["amp-", "noscript", "iklan"],
    ),
    "boxes": (
        "https://pesisirkita.example/kabar/mercusuar-tua",
        {
            "title": "Mercusuar Tua Menyala Lagi",
            "published": "2024-11-14T19:20:00+07:00",
            "authors": [{"name": "Yuni Sabat", "role": "editor"}],
            "images": [
                {
                    "url": "https://pesisirkita.example/foto/mercusuar.jpg",
                    "width": 900,
                    "height": 600,
                    "caption": "Lampu baru diangkat dengan katrol.",
                }
            ],
            "more_pages": [f"https://pesisirkita.example/kabar/mercusuar-tua?page={n}" for n in (2, 3)],
            "cut": [
                "Surat Pagi Kabar pilihan di kotak masuk Anda. (prompts)",
                "Musim Ikan Asin Tiba (related)",
                "Dermaga Baru Dibuka Bulan Depan (related)",
            ],
        },
        ["Tanjung Belida", "<figcaption>Lampu baru", "tanpa upah", "Lukas Meko", "Cahaya itu", "dua musim"],
        ["Surat Pagi", "Iklan", "Dermaga", "Ikan Asin Tiba", "Editor", "Bagus sekali"],
    ),
    "windows_1252": (
        "https://phare.example/fete",
        {
            "title": "La fête du phare, c’est à l’été",
            "published": "2024-10-21T08:00:00+02:00",
            "authors": [{"name": "Zoé Lefèvre", "role": "author"}],
            "language": "fr",
        },
        ["— « enfin », dit", "5 €", "Noël Guéguen"],
        ["\ufffd"],
    ),
}


def page(head: str = "", body: str = "", url: str | None = PAGE, site: Site = SITE) -> dict[str, Any]:
    """Read a small page made of a head and a body."""
    html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return read_page(html.encode(), url, site)


def ld(**fields: Any) -> str:
    """Write a JSON-LD block with an article in it."""
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def story(html: str) -> str:
    """Return the content that is read from a marked-up body."""
    return str(page("<title>Judul</title>", f'<div itemprop="articleBody">{html}</div>').get("content", ""))


@pytest.mark.parametrize("name", SAMPLES)
def test_fields_of_each_layout(name: str) -> None:
    """Each layout gives the fields it states, exactly, and none that it does not."""
    url, fields, _, _ = EXPECTED[name]
    record = read_page(SAMPLES[name], url, SITE)
    assert {field: record.get(field) for field in fields} == fields


@pytest.mark.parametrize("name", SAMPLES)
def test_story_of_each_layout(name: str) -> None:
    """The story is whole, and nothing but the story (I-05)."""
    url, _, held, absent = EXPECTED[name]
    article = admit(read_page(SAMPLES[name], url, SITE), SITE, "pages", name)
    assert isinstance(article, Article)
    assert article.content
    assert [words for words in held if words not in article.content] == []
    assert [words for words in absent if words in article.content] == []


@pytest.mark.parametrize("path", sorted(EXAMPLE.glob("*.html")), ids=lambda path: path.stem)
def test_example_pages_are_articles(path: Path) -> None:
    """The example newsroom's pages become complete articles."""
    site = Site(url="https://kabarteluk.example/", tagging_entity="kabarteluk.example,2024")
    article = admit(read_page(path.read_bytes(), None, site), site, "example", path.name)
    assert isinstance(article, Article)
    assert article.url is not None
    assert article.url.startswith("https://kabarteluk.example/")
    assert article.published.year == 2024
    assert {"author", "editor"} == {person.role for person in article.authors}
    assert {"nelayan", "pelabuhan"} <= set(article.tags)
    assert article.images[0].width
    assert article.content
    assert 'src="https://kabarteluk.example/media/' in article.content
    assert "Baca juga" not in article.content
    assert "WhatsApp" not in article.content


# --- the order of trust


HEADLINES = (
    ld(headline="Dari JSON-LD"),
    '<meta property="og:title" content="Dari Open Graph">',
    '<meta itemprop="headline" content="Dari Microdata">',
    '<h1 class="judul">Dari Situs</h1>',
    "<title>Dari Title</title>",
)


@pytest.mark.parametrize("trusted", range(len(HEADLINES)))
def test_headlines_in_order_of_trust(trusted: int) -> None:
    """Where layers disagree JSON-LD wins, then Open Graph, microdata, the site's markup, the title."""
    names = ("Dari JSON-LD", "Dari Open Graph", "Dari Microdata", "Dari Situs", "Dari Title")
    assert page(body="".join(reversed(HEADLINES[trusted:])) + STORY)["title"] == names[trusted]


DATES = (
    ld(headline="Judul", datePublished="2024-10-01T08:00:00+07:00"),
    '<meta property="article:published_time" content="2024-10-02T08:00:00+07:00">',
    '<meta itemprop="datePublished" content="2024-10-03T08:00:00+07:00">',
    '<meta name="jpnncom_news_pubdate" content="4 Oktober 2024 08:00">',
    '<span class="date-publish">Diterbitkan 5 Oktober 2024, 08.00 WIB</span>',
)
DATES_READ = (
    "2024-10-01T08:00:00+07:00",
    "2024-10-02T08:00:00+07:00",
    "2024-10-03T08:00:00+07:00",
    "4 Oktober 2024 08:00",
    "5 Oktober 2024, 08.00 WIB",
)


@pytest.mark.parametrize("trusted", range(len(DATES)))
def test_dates_in_order_of_trust(trusted: int) -> None:
    """JSON-LD, then article:published_time, then site metas, then what is printed (N-02)."""
    record = page("<title>Judul</title>", "".join(reversed(DATES[trusted:])) + STORY)
    assert record["published"] == DATES_READ[trusted]


@pytest.mark.parametrize("broken", ["0000-00-00", "", "kemarin", "0001-01-01T00:00:00", 10**400, None, {}])
def test_unreadable_date_gives_way(broken: Any) -> None:
    """A date that no one can read is passed over for the next layer's, and rejects no article."""
    assert page(ld(headline="Judul", datePublished=broken) + DATES[1], STORY)["published"] == DATES_READ[1]


def test_naive_date_takes_the_site_zone() -> None:
    """A JSON-LD date without a zone stays as it is, and the site's zone is assumed, never UTC (N-02)."""
    record = page(ld(headline="Judul", datePublished="2024-10-28T12:40:00"), STORY)
    article = admit(record, SITE, "pages", "1")
    assert isinstance(article, Article)
    assert article.published == datetime(2024, 10, 28, 12, 40, tzinfo=ZoneInfo("Asia/Jakarta"))
    assert article.date_basis.published == "assumed"


@pytest.mark.parametrize(
    ("printed", "hours"),
    [
        ("2024-10-28 12:40:00 WITA", 8),
        ("Terbit 2024-10-28 12:40 WIT oleh Redaksi", 9),
        ("Diterbitkan Senin, 28 Oktober 2024 pukul 12.40 WITA", 8),
        ("28/10/2024, 12:40 WIB", 7),
        ("28/10/2024, 12:40", 7),
    ],
)
def test_printed_zones_are_kept(printed: str, hours: int) -> None:
    """A zone that stands behind a date is never lost to the site's (I-07)."""
    record = page("<title>J</title>", f'<span class="date-publish">{printed}</span>')
    article = admit(record, SITE, "pages", "1")
    assert isinstance(article, Article)
    assert article.published.isoformat() == f"2024-10-28T12:40:00+0{hours}:00"


def test_line_with_both_dates() -> None:
    """A visible line may print publication and change together (I-06)."""
    line = (
        '<div class="read__time">Kabar.example - 22/11/2024, 03:02 WIB Diperbarui 22/11/2024, 05:10 WIB</div>'
    )
    record = page("<title>J</title>", line)
    assert (record["published"], record["updated"]) == ("22/11/2024, 03:02 WIB", "22/11/2024, 05:10 WIB")


def test_body_prefers_markup_to_article_body() -> None:
    """The body comes from markup, although JSON-LD has one: it keeps paragraphs and links."""
    record = page(ld(headline="J", articleBody="Teks polos."), f'<div itemprop="articleBody">{STORY}</div>')
    assert record["content"].count("<p>") == 6
    assert "text" not in record


def test_article_body_beats_a_poor_guess() -> None:
    """A guess that finds less than half of what articleBody holds is not taken for the story."""
    body = "\n".join(f"Paragraf {i} tentang panen rumput laut di pulau seberang." for i in range(20))
    record = page(ld(headline="J", articleBody=body), "<p>Muat ulang halaman ini.</p>")
    assert record["text"].count("\n\n") == 19
    assert "content" not in record


def test_roles_come_from_different_layers() -> None:
    """An editor printed in the page joins the authors that JSON-LD names; nobody is named twice (I-08)."""
    line = '<div class="byline">Penulis: Orang Lain | Editor: Rina Lestari</div>'
    record = page(ld(headline="J", author={"name": "Ayu Maharani"}), line + STORY)
    assert record["authors"] == [
        {"name": "Ayu Maharani", "role": "author"},
        {"name": "Rina Lestari", "role": "editor"},
    ]


def test_newsroom_is_no_author() -> None:
    """A newsroom in the author's place gives way to the person that a lesser layer names."""
    head = ld(headline="J", author="Kabar Teluk", publisher={"name": "Kabar Teluk"})
    assert page(head + '<meta name="author" content="Ayu Maharani">', STORY)["authors"] == [
        {"name": "Ayu Maharani", "role": "author"}
    ]


@pytest.mark.parametrize(
    ("lang", "head", "language"),
    [
        ("ms", ld(headline="J", inLanguage="id-ID") + '<meta property="og:locale" content="en_US">', "id-ID"),
        ("ms", '<meta property="og:locale" content="en_US">', "ms"),
        ("", '<meta property="og:locale" content="id_ID">', "id-ID"),
        ("Bahasa", ld(headline="J", inLanguage={"name": "Indonesian", "alternateName": "id"}), "id"),
    ],
)
def test_language_in_order_of_trust(lang: str, head: str, language: str) -> None:
    """JSON-LD, then the page's own lang, then og:locale, which is often a default; never a mere name."""
    html = f'<html lang="{lang}"><head>{head}</head><body>{STORY}</body></html>'
    assert read_page(html.encode(), PAGE, SITE)["language"] == language


# --- where it lives


@pytest.mark.parametrize(
    ("head", "url", "address"),
    [
        ('<link rel="canonical" href="/b/2"><meta property="og:url" content="/b/3">', PAGE, "/b/2"),
        ('<meta property="og:url" content="https://situs.example/b/3">', PAGE, "/b/3"),
        ("", PAGE, "/berita/satu"),
        ('<link rel="canonical" href="https://situs.example/">', PAGE, "/berita/satu"),
        ('<link rel="canonical" href="http://[">', PAGE, "/berita/satu"),
        ('<link rel="canonical" href="javascript:void(0)">', PAGE, "/berita/satu"),
        ('<link rel="canonical" href="/b/2?page=all&id=7">', PAGE, "/b/2?id=7"),
        ('<link rel="canonical" href="/index.php?page=berita">', PAGE, "/index.php?page=berita"),
        (ld(headline="J", mainEntityOfPage={"@id": "https://situs.example/b/4"}), None, "/b/4"),
    ],
)
def test_address(head: str, url: str | None, address: str) -> None:
    """Canonical link, og:url, the address given; never a front page, a script or one page of several."""
    assert page(f"<title>J</title>{head}", STORY, url)["url"] == f"https://situs.example{address}"


def test_base_href_counts() -> None:
    """Addresses inside the page resolve against its <base>, as a browser resolves them."""
    body = f'<div itemprop="articleBody"><img src="a.jpg" srcset="a.jpg 1x, b.jpg 2x">{STORY}</div>'
    record = page('<base href="https://cdn.example/x/"><title>J</title>', body)
    assert 'src="https://cdn.example/x/a.jpg"' in record["content"]
    assert "https://cdn.example/x/b.jpg 2x" in record["content"]


def test_own_article_among_others() -> None:
    """Of several articles in JSON-LD, the one about this page is read, wherever it stands."""
    head = ld(headline="Lain", url="https://situs.example/x") + ld(headline="Ini", mainEntityOfPage=PAGE)
    assert page(head, STORY)["title"] == "Ini"


# --- broken JSON-LD


@pytest.mark.parametrize(
    "block",
    [
        '{"@type":"NewsArticle","headline":"Kata bijak","keywords":["a","b",],}',
        '<!-- {"@type":"NewsArticle","headline":"Kata bijak","keywords":"a,b"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Kata bijak","keywords":"a, b"}\n//]]>',
        '/*<![CDATA[*/{"@type":"NewsArticle","headline":"Kata bijak","keywords":"a;b"}/*]]>*/',
        '{"@type":"NewsArticle","headline":"Kata\nbijak","keywords":["a","b"]};',
        '{"@type":"NewsArticle","headline":"Kata bijak","description":"Jum\\\'at","keywords":["a","b"]}',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;Kata bijak&quot;,"
        "&quot;keywords&quot;:&quot;a,b&quot;}",
        '{"@type":"Person","name":"x"}{"@type":"NewsArticle","headline":"Kata bijak","keywords":"a,b"}',
        '[[{"@graph":{"@type":"http://schema.org/NewsArticle","headline":"Kata bijak","keywords":"a,b"}}]]',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","name":"Kata bijak","keywords":"a,b"}}',
        '{"@type":"NewsArticle","headline":"Kata bijak","keywords":"a,b"} {"terpotong": ',
    ],
)
def test_broken_json_ld_is_mended(block: str) -> None:
    """What content management systems do to JSON-LD does not cost the article its fields."""
    record = page(f'<script type="application/ld+json">{block}</script>', STORY)
    assert (record["title"], record["tags"]) == ("Kata bijak", ["a", "b"])


def test_quotes_inside_json_ld_strings() -> None:
    """A headline with its own quotes, pasted unescaped, is read with them."""
    block = '{\n"@type": "NewsArticle",\n"headline": "Kata "bijak" di dermaga",\n"author": "Ayu Maharani"\n}'
    record = page(f'<script type="application/ld+json">{block}</script>', STORY)
    assert record["title"] == 'Kata "bijak" di dermaga'
    assert record["authors"][0]["name"] == "Ayu Maharani"


# --- the body


@pytest.mark.parametrize(
    "noise",
    [
        '<div class="baca-juga">Cerita lain</div>',
        '<div id="bacajuga">Cerita lain</div>',
        '<div class="x inject-baca-juga-2">Cerita lain</div>',
        '<div class="kompasidRec">Cerita lain</div>',
        "<p>BACA JUGA: Cerita lain</p>",
        "<p><strong>Baca juga :</strong> <a href='/x'>Cerita lain</a></p>",
        "<p>Baca juga:</p><ul><li><a href='/x'>Cerita lain</a></li></ul>",
        "<p>Simak Cerita lain di WhatsApp Channel kami</p>",
        "<p>Follow WhatsApp Channel Cerita lain</p>",
        "<p>Telusuri berita Cerita lain lainnya</p>",
        "<p>Silakan baca konten menarik lainnya dari Cerita lain di Google News</p>",
        "<script>Cerita lain</script>",
        "<style>Cerita lain</style>",
        "<noscript>Cerita lain</noscript>",
        "<form>Cerita lain</form>",
        "<iframe>Cerita lain</iframe>",
        "<nav>Cerita lain</nav>",
        "<aside><a href='/x'>Cerita lain</a></aside>",
        "<h1>judul</h1><!-- Cerita lain -->",
    ],
)
def test_noise_is_cut(noise: str) -> None:
    """Other stories, prompts and machinery are cut, and nothing around them (I-05)."""
    content = story(f"<p>Sebelum itu.</p>{noise}<p>Sesudah itu.</p>{STORY}")
    assert "Cerita lain" not in content
    assert "udul" not in content
    assert content.startswith("<p>Sebelum itu.</p>\n<p>Sesudah itu.</p>\n<p>Perahu")
    assert content.count("<p>") == 8


@pytest.mark.parametrize(
    "kept",
    [
        "<p>Ia mengajak warga baca juga di rumah, bukan hanya di sekolah.</p>",
        "<p>Ikuti petunjuk petugas lewat WhatsApp, kata dia.</p>",
        "<p>Reporter: Apa kabar hari ini? Narasumber: Baik.</p>",
        "<aside>Pulau itu dihuni 400 orang, <a href='/x'>menurut sensus</a> tahun lalu.</aside>",
        "<h2>Tarif baru</h2>",
        "<ul><li><a href='/x'>Daftar pulau</a></li></ul>",
        "<pre>a\n\nb</pre>",
        "<p>Kapal tiba.<br>Muatan turun.</p>",
    ],
)
def test_story_is_kept(kept: str) -> None:
    """What only resembles noise stays."""
    content = story(f"{STORY}{kept}{STORY}")
    for words in (
        "Ia mengajak",
        "Ikuti petunjuk",
        "Narasumber",
        "dihuni 400",
        "Tarif",
        "Daftar",
        "b</pre>",
        "Muatan",
    ):
        assert (words in content) == (words in kept)


def test_text_after_noise_stays() -> None:
    """Text that follows a cut element in the same paragraph is part of the story."""
    assert "kata Usman" in story(f"<p>Ya, <script>x()</script>kata Usman.</p>{STORY}")


@pytest.mark.parametrize(
    ("line", "people", "credit"),
    [
        ("<p>Redaktur: Rina Lestari</p>", [("Rina Lestari", "editor")], None),
        (
            "<p>Penulis : Ayu M.<br>Editor : Dr. Budi</p>",
            [("Ayu M.", "author"), ("Dr. Budi", "editor")],
            None,
        ),
        ("<p><em>Pewarta foto: Tomi Wiguna</em></p>", [("Tomi Wiguna", "photographer")], None),
        ("<p>Sumber: Kantor Berita Nusa</p>", [], "Kantor Berita Nusa"),
    ],
)
def test_credits_at_the_end(line: str, people: list[tuple[str, str]], credit: str | None) -> None:
    """Printed credits become people with roles, or the agency's credit, and leave the story (I-08)."""
    record = page("<title>J</title>", f'<div itemprop="articleBody">{STORY}{line}</div>')
    assert [(person["name"], person["role"]) for person in record.get("authors", [])] == people
    assert record.get("credit") == credit
    assert record["content"].endswith("turun.</p>")


def test_site_name_is_cut_from_a_title() -> None:
    """The site's name behind a headline is boilerplate; another dash in it is not."""
    head = '<meta property="og:site_name" content="GenPI.co"><title>Hujan - Reda - GenPI.co</title>'
    assert page(head, STORY)["title"] == "Hujan - Reda"


def test_logo_is_no_headline() -> None:
    """An h1 that holds only the site's name is passed over."""
    head = '<meta property="og:site_name" content="GenPI.co"><title>Hujan Reda | GenPI.co</title>'
    assert page(head, f"<h1>GenPI.co</h1>{STORY}")["title"] == "Hujan Reda"


def test_images_that_no_feed_could_carry() -> None:
    """An image's address with letters or spaces in it is made fit; one that leads nowhere is left out."""
    images = ["/foto/kapal é 1.jpg", "http://[", "data:image/png;base64,AA", "", {"url": None}, 7]
    record = page(ld(headline="J", datePublished="2024-10-28T12:40:00+07:00", image=images), STORY)
    assert record["images"] == [{"url": "https://situs.example/foto/kapal%20%C3%A9%201.jpg"}]
    assert isinstance(admit(record, SITE, "pages", "1"), Article)


def test_addresses_keep_their_parameters() -> None:
    """`&copy=` in an address is a parameter and no copyright sign."""
    record = page(ld(headline="J", image="https://cdn.example/i?a=1&amp;copy=2"), STORY)
    assert record["images"] == [{"url": "https://cdn.example/i?a=1&copy=2"}]


# --- character sets


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("\ufeff<title>Café “A” – é</title>".encode(), "windows-1252"),
        ("\ufeff<title>Café “A” – é</title>".encode("utf-16"), None),
        ("<title>Café “A” – é</title>".encode(), None),
        ("<title>Café “A” – é</title>".encode("cp1252"), None),
        ("<title>Café “A” – é</title>".encode("cp1252"), "ISO-8859-1"),
        ("<title>Café “A” – é</title>".encode("cp1252"), "utf-8"),
        ("<title>Café “A” – é</title>".encode("cp1252"), "no-such-charset"),
        ("<title>Café “A” – é</title>".encode("cp1252"), "hex\0"),
        ('<meta charset="windows-1252"><title>Café “A” – é</title>'.encode(), "utf-8"),
        ('<meta charset="utf-16"><title>Café “A” – é</title>'.encode(), None),
        ("<title>Café “A”".encode() + " – é</title>".encode("cp1252"), None),
    ],
)
def test_character_sets(data: bytes, charset: str | None) -> None:
    """BOM, then HTTP, then meta, then UTF-8, with windows-1252 for bytes that are none."""
    assert read_page(data, PAGE, SITE, charset)["title"] == "Café “A” – é"


# --- nothing is too odd


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" \n",
        b"\0\0\0",
        b"<!-- -->",
        b"<?xml version='1.0' encoding='x'?>",
        b"<frameset><frame src=x></frameset>",
        b"<p>&#11;&#0;&#xD800;<nav>x</nav>&#11;</p>" * 3,
        b"<div itemscope itemtype='http://schema.org/Article' itemprop='author'>" * 50,
        b"<script type='application/ld+json'>" + b"[" * 200_000,
        b'<script type=\'application/ld+json\'>{"@type":"Article","datePublished":' + b"9" * 5000 + b"}",
        b'<script type=application/ld+json>{"@type":"Article","headline":"\\ud800","url":"\\udfff"}</script>',
        b"<div itemprop=articleBody>" + b"<aside><a>x" * 2000,
        b"<!-- -->" * 2000,
        b"<base href='http://['><a href='http://[' itemprop=author>x</a>",
    ],
)
def test_hostile_pages_do_not_raise(data: bytes) -> None:
    """Pages that are empty, cut off or malicious give what they have, and `admit` a verdict."""
    verdict = admit(read_page(data, PAGE, SITE), SITE, "pages", "1")
    assert isinstance(verdict, (Article, Rejected))


@pytest.mark.parametrize("depth", [300, 5000])
def test_deep_pages(depth: int) -> None:
    """Tags that are never closed cost no text until a depth that no honest page has."""
    html = "<title>J</title>" + "<div>" * depth + f'<div itemprop="articleBody">{STORY}</div>'
    record = read_page(html.encode(), PAGE, SITE)
    assert record["title"] == "J"
    assert ("Perahu" in record.get("content", "")) == (depth == 300)


def test_page_without_an_article() -> None:
    """A page with neither headline nor text gives its address and no more."""
    assert page() == {"url": PAGE, "found": {"url": "its own address"}}


@st.composite
def mutated_pages(draw: st.DrawFn) -> bytes:
    """A sample with pieces cut out, doubled or overwritten, and cut off somewhere."""
    data = bytearray(draw(st.sampled_from(list(SAMPLES.values()))))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 200)))
        data[start:end] = draw(
            st.one_of(st.binary(max_size=8), st.just(bytes(data[start:end]) * 2), st.just(b'"<'))
        )
    return bytes(data[: draw(st.integers(0, len(data)))])


@settings(max_examples=150, deadline=None)
@given(data=st.one_of(mutated_pages(), st.binary(max_size=300)), url=st.sampled_from([PAGE, None]))
def test_no_page_raises(data: bytes, url: str | None) -> None:
    """Whatever the bytes, reading gives a record, and the gate a verdict on it."""
    is_html(data)
    assert isinstance(admit(read_page(data, url, SITE), SITE, "pages", "1"), (Article, Rejected))


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        *((data, True) for data in SAMPLES.values()),
        (b"\xef\xbb\xbf \n<!-- x --><HTML>", True),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">', True),
        ("<html>".encode("utf-16"), True),
        (b'<?xml version="1.0"?><rss version="2.0">', False),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">', False),
        (b"<newsItem>", False),
        (b'{"title": "<html>"}', False),
        (b"Judul\n\n28 Oktober 2024", False),
        (b"<!-- -->" * 500, False),  # in an instant: not every way to pair the signs is tried
        (b"", False),
    ],
)
def test_sniffing(data: bytes, answer: bool) -> None:
    """Web pages are told from feeds, other XML, JSON and text by how they begin."""
    assert is_html(data) is answer


def test_microdata_of_the_page_itself_is_read() -> None:
    """An article's item may be the <html> element, with its properties in the head."""
    html = (
        "<html itemscope itemtype='https://schema.org/NewsArticle'><head><title>Panen</title>"
        "<meta itemprop='datePublished' content='2024-11-05T09:00:00+07:00'></head>"
        "<body><p>Panen rumput laut.</p></body></html>"
    )
    record = read_page(
        html.encode(), "https://situs.example/panen", Site("https://situs.example/", "situs.example,2024")
    )
    assert record["published"] == "2024-11-05T09:00:00+07:00"
    assert record["found"]["published"] == "microdata"


# --- the table of selectors


def test_every_selector_of_the_table_can_be_read() -> None:
    """markup.toml holds only selectors and fields that the reader knows."""
    markup = load_markup()
    known = set(
        "title summary published updated authors editors byline tags section publisher rights body".split()
    )
    assert set(markup.fields) == known
    for selector in (s for group in markup.fields.values() for s in group):
        assert steps_of(selector)


@pytest.mark.parametrize("selector", ["p > a", "a:hover", "[x", "p,a", ".a b:c"])
def test_unknown_selectors_are_refused(selector: str) -> None:
    """A selector beyond what `find` offers is an error, not a selector that finds nothing."""
    with pytest.raises(ValueError, match="no selector"):
        steps_of(selector)
