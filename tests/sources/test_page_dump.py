"""The page-dump reader: portals' layouts, sentences that look like furniture, and any text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.article import Article
from sources.dumps.page import is_dump, read_dump
from sources.record import admit
from sources.source import Rejected, Site

DUMPS = Path(__file__).parents[1] / "samples" / "dumps"
SITE = Site(
    url="https://www.kabarnusa.example/",
    tagging_entity="kabarnusa.example,2020",
    timezone=ZoneInfo("Asia/Jakarta"),
)


@dataclass(frozen=True)
class Expected:
    """What a sample holds: `people` as "name (role)", `first` and `last` as the ends of those paragraphs."""

    title: str
    published: str
    people: list[str]
    tags: list[str]
    publisher: str
    paragraphs: int
    first: str
    last: str
    credit: str | None = None
    updated: str | None = None
    language: str = "id"


EXPECTED = {
    "genpi_layout": Expected(
        title="Nelayan Muara Biru Uji Jaring Ramah Penyu Selama Musim Barat",
        published="2024-11-14T09:15:00+07:00",
        people=["Wening Paramita (editor)"],
        tags=["nelayan", "penyu", "jaring ramah", "muara biru"],
        publisher="LensaPantai.example",
        paragraphs=6,
        first="LensaPantai.example - Kelompok nelayan Muara Biru mulai menguji",
        last="dibawa ke musyawarah desa. (*)",
        credit="Warta Samudra",
    ),
    "jpnn_layout": Expected(
        title="Tanggul Sungai Wira Jebol, Dua Dusun Mengungsi",
        published="2024-11-04T05:40:00+08:00",
        people=["Lestari Anggun (editor)", "Yohanes Palinggi (author)", "Siti Maryam (author)"],
        tags=["banjir", "tanggul jebol", "Sungai Wira"],
        publisher="kabarwira.example",
        paragraphs=5,
        first="kabarwira.example, WIRATAMA - Tanggul Sungai Wira jebol",
        last="ditargetkan rampung dalam tiga hari. (mt/kw)",
    ),
    "kompas_layout": Expected(
        title="Pabrik Es Koperasi Bahari Kembali Beroperasi Setelah Dua Tahun",
        published="2024-11-22T14:05:00+07:00",
        updated="2024-11-22T16:30:00+07:00",
        people=["Dewi Larasati (author)", "Bagus Pranowo (author)", "Tri Handayani (editor)"],
        tags=["pabrik es", "koperasi", "karang asri"],
        publisher="Harian-Bahari.example",
        paragraphs=5,
        first="KARANG ASRI, Harian-Bahari.example - Pabrik es milik",
        last="harga es turun sepertiga mulai bulan depan.",
    ),
    "pikiran_rakyat_layout": Expected(
        title="Pasar Malam Cikembang Pindah ke Lapangan Baru Mulai Pekan Depan",
        published="2024-10-19T13:20:00+07:00",
        people=["Ratna Kusumah (author)", "Gilang Permana (editor)"],
        tags=["pasar malam", "Cikembang", "UMKM"],
        publisher="PIKIRAN PASUNDAN",
        paragraphs=5,
        first="PIKIRAN PASUNDAN - Pasar malam Cikembang akan pindah",
        last="tutur Euis, pedagang.***",
        credit="Kantor Berita Parahyangan",
    ),
    "liputan6_layout": Expected(
        title="Perpustakaan Terapung Sambangi Empat Pulau di Selat Manggala",
        published="2024-11-22T03:02:00+07:00",
        updated="2024-11-22T08:10:00+07:00",
        people=["Anggita Wulandari (author)"],
        tags=["perpustakaan terapung", "Selat Manggala", "literasi"],
        publisher="Berita7.example",
        paragraphs=6,
        first="Berita7.example, Manggala - Sebuah kapal kayu",
        last="dijadwalkan pada awal Desember.",
    ),
    "antara_layout": Expected(
        title="Petani Lereng Arjasa Panen Kopi Lebih Awal Tahun Ini",
        published="2024-11-06T17:25:00+07:00",
        people=["Nurul Aini (author)", "Joko Purwanto (author)", "M. Fadli (editor)"],
        tags=["kopi arjasa", "panen kopi", "petani"],
        publisher="KABARNUSA",
        paragraphs=5,
        first="Arjasa (KABARNUSA) - Petani kopi di lereng Arjasa",
        last="menunjukkan Rp62.000 per kilogram.",
    ),
    "english": Expected(
        title="Lighthouse Keepers of Skerry Sound Vote to Stay Another Winter",
        published="2024-11-12T16:05:00+00:00",
        updated="2024-11-13T09:30:00+00:00",
        people=["Maren Oakley (author)", "Tobias Fenn (author)", "Lowell Pike (photographer)"],
        tags=["lighthouse", "Skerry Sound", "winter"],
        publisher="The Sound Gazette",
        paragraphs=5,
        first="The four keepers of Skerry Sound have voted",
        last="will call twice a week, weather permitting.",
        credit="Reuters",
        language="en",
    ),
}


def sample(name: str) -> str:
    """Return the text of a sample dump."""
    return (DUMPS / f"{name}.txt").read_text("utf-8")


def paragraphs_of(raw: dict[str, Any]) -> list[str]:
    """Return the story a reader found, by paragraphs."""
    return str(raw.get("text", "")).split("\n\n")


def people_of(article: Article) -> list[str]:
    """Return whom an article names, as "name (role)"."""
    return [f"{person.name} ({person.role})" for person in article.authors]


def admitted(raw: dict[str, Any]) -> Article:
    """Return the article a record becomes; fail with the reason where it becomes none."""
    article = admit(raw, SITE, "dumps", "1")
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize("name", sorted(path.stem for path in DUMPS.glob("*.txt")))
def test_a_page_of_each_layout_becomes_an_article(name: str) -> None:
    """I-01 to I-08: headline, dates, people, tags, publisher and agency are told from the story."""
    expected = EXPECTED[name]
    article = admitted(read_dump(sample(name), SITE))

    assert article.title == expected.title
    assert article.published == datetime.fromisoformat(expected.published)
    assert article.updated == datetime.fromisoformat(expected.updated or expected.published)
    assert people_of(article) == expected.people
    assert list(article.tags) == expected.tags
    assert article.publisher == expected.publisher
    assert article.credit == expected.credit
    assert article.language == expected.language
    assert article.summary is None


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_story_is_whole_and_nothing_else(name: str) -> None:
    """I-05: every paragraph is there, dateline and closing included; no link, caption or promotion is."""
    expected = EXPECTED[name]
    story = paragraphs_of(read_dump(sample(name), SITE))

    assert len(story) == expected.paragraphs, story
    assert story[0].startswith(expected.first)
    assert story[-1].endswith(expected.last)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_page_looks_like_one(name: str) -> None:
    """Every sample is taken for a page dump."""
    assert is_dump(sample(name))


@pytest.mark.parametrize("name", sorted(EXPECTED))
@pytest.mark.parametrize(
    ("old", "new"),
    [("\n", "\r\n"), ("\n", "  \n"), ("\n", " \u00a0\n"), ("\n", "\r")],
    ids=["windows", "trailing spaces", "trailing no-break spaces", "old mac"],
)
def test_line_endings_and_trailing_spaces_change_nothing(name: str, old: str, new: str) -> None:
    """What editors do to a text file does not reach the article; nor does a byte-order mark."""
    text = sample(name)
    assert read_dump("\ufeff" + text.replace(old, new), SITE) == read_dump(text, SITE)


@pytest.mark.parametrize("name", ["antara_layout", "genpi_layout", "kompas_layout", "english"])
def test_one_paragraph_a_line_without_blank_lines_reads_the_same(name: str) -> None:
    """Scrapers save a page without blank lines."""
    text = sample(name)
    dense = "\n".join(line for line in text.split("\n") if line.strip())
    assert read_dump(dense, SITE) == read_dump(text, SITE)


def test_the_language_of_the_page_gives_the_zone_to_assume() -> None:
    """A site that states neither language nor zone gets both from the page's own words."""
    raw = read_dump(sample("genpi_layout"), replace(SITE, timezone=None))
    assert (raw["language"], raw["timezone"]) == ("id", "Asia/Jakarta")


def test_english_names_no_zone_to_assume() -> None:
    """English is written in every zone."""
    assert "timezone" not in read_dump(sample("english"), SITE)


def test_a_site_that_knows_its_language_more_precisely_is_believed() -> None:
    """`id-ID` says what `id` says, and more."""
    assert read_dump(sample("genpi_layout"), replace(SITE, language="id-ID"))["language"] == "id-ID"
    assert read_dump(sample("genpi_layout"), replace(SITE, language="en"))["language"] == "id"


def test_the_page_s_own_address_and_section_are_read() -> None:
    """An address below the site's own host is the article's; a trail of crumbs ends in its section."""
    url = read_dump(sample("antara_layout"), SITE)["url"]
    assert url == "https://www.kabarnusa.example/berita/4410/petani-lereng-arjasa-panen-kopi"
    assert "url" not in read_dump(sample("antara_layout"), replace(SITE, url="https://lain.example/"))
    assert read_dump(sample("jpnn_layout"), SITE)["section"] == "Bencana"


# --- a small page to put lines into ---

TITLE = "Gudang Koperasi Pindah ke Dekat Dermaga"
DATE = "28 Oktober 2024 12:40"
ONE = "Pengurus koperasi menutup gudang lama karena atapnya bocor sejak awal musim hujan."
TWO = "Gudang baru berdiri di dekat dermaga dan dapat menampung dua ribu peti ikan."


def page(*inside: str, head: tuple[str, ...] = (TITLE, DATE), tail: tuple[str, ...] = ()) -> dict[str, Any]:
    """Read a page of two paragraphs with lines between, above and below them."""
    return read_dump("\n\n".join([*head, ONE, *inside, TWO, *tail]), SITE)


@pytest.mark.parametrize(
    "line",
    [
        "Editor senior itu tidak hadir.",
        "Penulis: buku itu terbit pada 2020 dan sudah dicetak ulang.",
        "Copyright 2024 menjadi bahan tertawaan, kata dia.",
        "Hak cipta atas gambar itu milik warga.",
        "(c) pihak ketiga wajib membayar sewa gudang.",
        "Baca juga pengumuman di papan, katanya.",
        'Papan itu berbunyi "BACA JUGA: aturan gudang" sejak dulu.',
        "Oleh karena itu, warga pindah.",
        "Oleh Sebab Itu",
        "By Sunday Morning",
        "Simak baik-baik pesan kami di WhatsApp, kata ketua.",
        "Share saham koperasi naik.",
        "Tag harga itu rusak.",
        "Topik: perubahan iklim menjadi bahasan utama rapat.",
        "Terkait hal itu, ia diam.",
        "Dilarang keras mengambil karang tanpa izin, kata petugas.",
        "Sumber: data koperasi, diolah",
        "Peti\u00a0 \u00a0Es\u00a0 \u00a0Garam",
        "29 Oktober 2024",
        "#GudangBaru",
        "https://contoh.example/peta",
        "“Siap,” kata dia.",
        "Gudang Lama",
    ],
)
def test_a_line_of_the_story_that_looks_like_furniture_stays(line: str) -> None:
    """Between two paragraphs only what can be nothing but furniture is taken out."""
    assert paragraphs_of(page(line)) == [ONE, line, TWO]
    assert page(line)["published"] == DATE


@pytest.mark.parametrize(
    "line",
    [
        "BACA JUGA: \u00a0 Harga Es Naik",
        "Baca juga: Harga Es Naik",
        "Baca Juga : Harga Es Naik",
        "[Baca juga: Harga Es Naik]",
        "Lihat juga: Harga Es Naik",
        "Simak Video: Harga Es Naik",
        "Read also: Ice Prices Rise",
        "Simak kabar lain lewat WhatsApp Channel Kabar Nusa",
        "Follow KabarNusa.example WhatsApp Channel untuk berita terbaru",
        "Telusuri berita daerah lainnya di sini",
        "ADVERTISEMENT",
        "SCROLL TO CONTINUE WITH CONTENT",
        "Bagikan",
        "Facebook | WhatsApp | Salin Tautan",
        "Halaman 1 2 Selanjutnya",
    ],
)
def test_furniture_between_paragraphs_is_taken_out(line: str) -> None:
    """I-05: links, promotions, share bars and pagers are no part of the story."""
    assert paragraphs_of(page(line)) == [ONE, TWO]


def test_headlines_below_a_bare_label_go_with_it() -> None:
    """`BACA JUGA:` heads a list where the links stand below it."""
    text = "\n".join([TITLE, DATE, ONE, "BACA JUGA:", "Harga Es Naik", "Kapal Baru Tiba", TWO])
    assert paragraphs_of(read_dump(text, SITE)) == [ONE, TWO]


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        (("Redaktur: Ana Lestari",), [("Ana Lestari", "editor")]),
        (("Editor: Ana Lestari",), [("Ana Lestari", "editor")]),
        (("Reporter : Ana Lestari",), [("Ana Lestari", "author")]),
        (("Wartawan: Ana, Budi dan Citra",), [("Ana", "author"), ("Budi", "author"), ("Citra", "author")]),
        (
            ("Penulis: Ana Wijaya, S.Pd. | Editor: Budi",),
            [("Ana Wijaya, S.Pd.", "author"), ("Budi", "editor")],
        ),
        (("Pewarta/Jurnalis: Ana",), [("Ana", "author")]),
        (("Penulis: Ana Lestari (ana@kabarnusa.example)",), [("Ana Lestari", "author")]),
        (("Fotografer: Ana Lestari",), [("Ana Lestari", "photographer")]),
        (("Foto: Istimewa",), []),
        (("Kontributor: Ana Lestari",), [("Ana Lestari", "contributor")]),
        (("Penulis\nAna Lestari\nEditor\nBudi",), [("Ana Lestari", "author"), ("Budi", "editor")]),
        (
            ("Author: Ana Lestari and Budi van Dijk",),
            [("Ana Lestari", "author"), ("Budi van Dijk", "author")],
        ),
    ],
)
def test_credits_keep_their_roles(lines: tuple[str, ...], people: list[tuple[str, str]]) -> None:
    """I-08: a label says what a person did, wherever the page prints it; credits are no part of the story."""
    for raw in (page(tail=lines), page(head=(TITLE, DATE, *lines))):
        assert [(person["name"], person["role"]) for person in raw.get("authors", [])] == people
        assert paragraphs_of(raw) == [ONE, TWO]


def test_a_story_that_goes_on_below_a_credit_is_not_cut() -> None:
    """A paragraph after Redaktur is a paragraph; a stray headline there is not."""
    raw = page("Redaktur: Ana Lestari")
    assert paragraphs_of(raw) == [ONE, TWO]
    assert paragraphs_of(page(tail=("Redaktur: Ana Lestari", "Kapal Baru Tiba"))) == [ONE, TWO]


def test_a_picture_s_copyright_line_does_not_end_the_story() -> None:
    """The page's own copyright line stands below the story, and only that one names the publisher."""
    raw = page("© 2024 Foto Cepat", tail=("© 2024 Harian Dermaga",))
    assert paragraphs_of(raw) == [ONE, TWO]
    assert raw["publisher"] == "Harian Dermaga"


@pytest.mark.parametrize("heading", ["BERITA TERKAIT", "Terpopuler", "Artikel Lainnya", "Most Popular"])
def test_nothing_below_a_closing_heading_is_story(heading: str) -> None:
    """Other stories' teasers, dates and menus do not become this one's."""
    teaser = "Kapal penyeberangan baru tiba di Teluk Jati dan mulai berlayar pada hari Senin."
    raw = page(tail=(heading, teaser, "Diterbitkan: 1 Januari 2020 10:00", "Redaksi   Kontak   Iklan Baris"))
    assert paragraphs_of(raw) == [ONE, TWO]
    assert raw["published"] == DATE
    assert "tags" not in raw


@pytest.mark.parametrize(
    ("line", "tags"),
    [
        ("gudang\u00a0 \u00a0 koperasi\u00a0 \u00a0 as\u00a0 \u00a0 ", ["gudang", "koperasi", "as"]),
        ("gudang\tkoperasi", ["gudang", "koperasi"]),
        ("#gudang #koperasi desa", ["gudang", "koperasi desa"]),
        ("Tag: gudang, koperasi", ["gudang", "koperasi"]),
        ("Tags #gudang #koperasi", ["gudang", "koperasi"]),
        ("Topik : gudang | koperasi", ["gudang", "koperasi"]),
        ("TAGS\ngudang\nkoperasi", ["gudang", "koperasi"]),
        ("Tags\n\ngudang\n\nkoperasi", ["gudang", "koperasi"]),
    ],
)
def test_tags_are_read_with_and_without_a_label(line: str, tags: list[str]) -> None:
    """Below the story, words with wide gaps, hashes or a label are tags and no paragraph."""
    raw = page(tail=(line, "BERITA TERKAIT"))
    assert raw["tags"] == tags
    assert paragraphs_of(raw) == [ONE, TWO]


@pytest.mark.parametrize(
    ("sentence", "credit"),
    [
        ("Dilansir dari Warta Laut pada Rabu (22/10), kapal itu tiba.", "Warta Laut"),
        ("Melansir Warta Laut Selasa (22/10/2024), kapal itu tiba.", "Warta Laut"),
        ("Kapal itu tiba, dikutip dari laman Warta Laut. Ia senang.", "Warta Laut"),
        ("Seperti dilaporkan Warta Laut (WL), kapal itu tiba.", "Warta Laut"),
        ("Mengutip kantor berita Laut, kapal itu tiba.", "Laut"),
        ("Kapal itu tiba, demikian dikutip dari wartalaut.example, Jumat.", "wartalaut.example"),
        ("According to AP, the ship has come.", "AP"),
        ("Sumber: Warta Laut", "Warta Laut"),
        ("Data yang dilansir Badan Statistik menunjukkan kenaikan.", None),
        ("Ia mengutip Soekarno dalam pidatonya.", None),
        ("According to Mr Brandt, the ship has come.", None),
        ("Kapal itu dilansir dari galangan pada pagi hari.", None),
    ],
)
def test_the_agency_a_report_leans_on_is_cut_tidily(sentence: str, credit: str | None) -> None:
    """The name ends at a comma, a full stop, a day or a small word; people and figures are no agency."""
    assert page(sentence).get("credit") == credit


@pytest.mark.parametrize(
    ("dateline", "publisher"),
    [
        ("Dermaga.example - ", "Dermaga.example"),
        ("JATI, DERMAGA.example - ", "DERMAGA.example"),
        ("Dermaga.example, Jati – ", "Dermaga.example"),
        ("HARIAN DERMAGA - ", "HARIAN DERMAGA"),
        ("JAKARTA - ", None),
        ("BANDA ACEH - ", None),
        ("Jati (DERMAGA) - ", "DERMAGA"),
    ],
)
def test_a_dateline_names_the_publisher_but_not_a_place(dateline: str, publisher: str | None) -> None:
    """The dateline stays in the story and says who publishes it, where it names a paper."""
    raw = read_dump("\n".join([TITLE, DATE, dateline + ONE, TWO]), SITE)
    assert raw.get("publisher") == publisher
    assert paragraphs_of(raw)[0] == dateline + ONE


def test_an_agency_in_the_dateline_of_another_paper_is_its_credit() -> None:
    """`Jati (WARTA) - ` on a page of somebody else's is the agency's report."""
    raw = read_dump("\n".join([TITLE, DATE, f"Jati (WARTA) - {ONE}", TWO, "© 2024 Harian Dermaga"]), SITE)
    assert (raw["publisher"], raw["credit"]) == ("Harian Dermaga", "WARTA")


@pytest.mark.parametrize(
    ("head", "title", "published"),
    [
        (
            ("Harga Beras 28 Oktober 2024", "Harian.example - 29/10/2024, 08:00 WIB"),
            0,
            "29/10/2024, 08:00 WIB",
        ),
        (("Home", "Ekonomi", "Senin, 2 Des 2024", TITLE, DATE), 3, DATE),
        ((DATE, TITLE), 1, DATE),
        (("Harian.example", TITLE, f"{DATE} WIB | Dibaca 120 kali"), 1, f"{DATE} WIB"),
        ((TITLE, "Diterbitkan", DATE, "Diperbarui", "29 Oktober 2024 09:00"), 0, DATE),
        ((TITLE, "October 28, 2024 at 12:40 PM"), 0, "October 28, 2024 at 12:40 PM"),
        ((TITLE, "2024-10-28T12:40:00+07:00"), 0, "2024-10-28T12:40:00+07:00"),
        ((TITLE,), 0, None),
    ],
)
def test_headline_and_date_are_found_below_menus_and_mastheads(
    head: tuple[str, ...], title: int, published: str | None
) -> None:
    """I-06: today's date in a page's top is not the story's, and a date in a headline is the headline's."""
    raw = page(head=head)
    assert raw["title"] == head[title]
    assert raw.get("published") == published
    assert paragraphs_of(raw) == [ONE, TWO]


def test_a_zone_we_do_not_know_is_rejected_not_dropped() -> None:
    """The date keeps what is printed, so that no wrong moment is assumed."""
    rejected = admit(page(head=(TITLE, "October 28, 2024 at 12:40 PM EDT")), SITE, "dumps", "1")
    assert isinstance(rejected, Rejected)
    assert rejected.field == "published"


def test_a_standfirst_between_headline_and_date_is_the_summary() -> None:
    """One paragraph above the date is no part of the story, but it is not lost."""
    lead = "Ikan dari tiga desa kini disimpan lebih dekat ke kapal daripada dulu."
    raw = page(head=(TITLE, lead, DATE))
    assert raw["summary"] == lead
    assert paragraphs_of(raw) == [ONE, TWO]


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "Gudang", "text": "Pindah."}',
        '{"a": 1}\n{"a": 2}\n',
        '[{"title": "Gudang"}]',
        "<!doctype html><title>Gudang</title>",
        "\ufeff<?xml version='1.0'?><rss/>",
        "<p>28 Oktober 2024</p>",
        "title,published,tags\nGudang,28 Oktober 2024,ikan\n",
        "title;published\nGudang;28 Oktober 2024\n",
        "title\tpublished\nGudang\t28 Oktober 2024\n",
        "",
        "Hanya satu baris",
    ],
)
def test_other_kinds_of_text_are_no_page(text: str) -> None:
    """JSON, JSON lines, HTML, XML, tables and scraps are somebody else's to read."""
    assert not is_dump(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hujan, Angin, dan Gelombang\n28 Oktober 2024, 12:40\nIsi.",
        f"{TITLE}\n\n{ONE}\n\n{TWO}\n",
        f"{TITLE}\n\nIsi.\n\nRedaktur: Ana Lestari\n",
    ],
)
def test_a_headline_with_a_date_paragraphs_or_furniture_is_a_page(text: str) -> None:
    """A .txt file need not have everything."""
    assert is_dump(text)


PIECES = f"""{TITLE}
{DATE}
{ONE}
{TWO}

Redaktur: Ana
Penulis
Ana Lestari
Oleh Ana Lestari
BACA JUGA:
BACA JUGA: Kapal Baru
Tags:
gudang  koperasi  as
#gudang #koperasi
BERITA TERKAIT
© 2024 Harian Dermaga
http://[
https://kabarnusa.example/gudang
Diterbitkan
31 Februari 2024
Jati (WARTA) - {ONE}
Sumber: Warta
Home > Ekonomi > Ikan
(Foto: Ana)
Bagikan""".split("\n")
LINES = st.one_of(st.text(max_size=60), st.sampled_from(PIECES))


@given(st.one_of(st.text(), st.lists(LINES, max_size=25).map("\n".join)))
def test_any_text_is_read_and_none_is_invented(text: str) -> None:
    """Whatever a file holds, nothing is raised, and each line of the story stands in the file, in order."""
    raw = read_dump(text, SITE)
    is_dump(text)

    position = 0
    for paragraph in str(raw.get("text", "")).split("\n\n"):
        position = text.find(paragraph, position)
        assert position >= 0
        position += len(paragraph)
    assert admit(raw, SITE, "dumps", "1") is not None
