"""What read_markdown makes of the files of five generators, and of broken and hostile ones."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.article import Article
from sources.markdown.front_matter import split
from sources.markdown.paths import path_of
from sources.markdown.reader import LIMIT, is_markdown, read_markdown
from sources.record import admit
from sources.records.reader import Unreadable
from sources.source import Site

SAMPLES = Path(__file__).parent.parent / "samples" / "markdown"
SITE = Site("https://kabarteluk.example/", "kabarteluk.example,2005", "id", ZoneInfo("Asia/Jakarta"))


def raw(text: str, path: str = "ombak.md") -> dict[str, Any]:
    """Read a text that must become a raw record."""
    found = read_markdown(text.encode(), path)
    assert isinstance(found, dict), found
    return found


def reason(text: str, path: str = "ombak.md") -> str:
    """Read a text that can't be read; give the reason."""
    found = read_markdown(text.encode(), path)
    assert isinstance(found, Unreadable), found
    return found.reason


def sample(path: str) -> tuple[dict[str, Any], str]:
    """Admit a stored sample; give its fields as JSON without empty ones, and the content by itself."""
    found = read_markdown((SAMPLES / path).read_bytes(), path)
    assert isinstance(found, dict)
    article = admit(found, SITE, "sample", path)
    assert isinstance(article, Article), article
    dumped = article.model_dump(mode="json", exclude_defaults=True)
    return {key: dumped[key] for key in dumped if key not in ("date_basis", "content", "id")}, dumped[
        "content"
    ]


EXPECTED: dict[str, dict[str, Any]] = {
    "hugo/content/berita/dermaga-timur/index.md": {
        "title": "Dermaga Timur Dibuka: Kapal Pertama Merapat",
        "summary": "Dermaga timur Teluk Kenari dibuka Senin pagi setelah dua tahun diperbaiki. "
        "Kapal pertama, Sinar Kenari, merapat pukul enam.",
        "published": "2024-10-28T13:00:00+07:00",
        "updated": "2024-10-29T08:05:00+07:00",
        "modified": "2024-10-29T08:05:00+07:00",
        "embargoed_until": "2024-10-28T13:00:00+07:00",
        "expires": "2026-10-28T00:00:00+07:00",
        "authors": [{"name": "Ratna Wulandari"}],
        "tags": ["Pelabuhan", "Perikanan"],
        "section": "Pesisir",
        "language": "id",
        "credit": "Kantor Berita Selat",
        "images": [
            {
                "url": "https://kabarteluk.example/dermaga.jpg",
                "media_type": "image/jpeg",
                "caption": "Dermaga timur, Senin pagi.",
            }
        ],
        "alternate_ids": [
            "https://kabarteluk.example/2024/10/dermaga-timur/",
            "https://kabarteluk.example/b/881",
        ],
    },
    "hugo/content/berita/lelang-ikan.en.md": {
        "title": "Fish auction moves to the evening",
        "url": "https://kabarteluk.example/en/news/fish-auction/",
        "published": "2024-11-04T09:00:00+07:00",
        "updated": "2024-11-04T09:00:00+07:00",
        "modified": "2024-11-04T09:00:00+07:00",
        "authors": [{"name": "Made Suta"}, {"name": "Ratna Wulandari"}],
        "tags": ["Fisheries"],
        "language": "en",
        "images": [{"url": "https://kabarteluk.example/img/auction.jpg", "media_type": "image/jpeg"}],
    },
    "jekyll/_posts/2024-10-28-ombak-tinggi.md": {
        "title": "Ombak tinggi, nelayan menunggu",
        "summary": "Ombak setinggi tiga meter menahan perahu di Muara Lontar.",
        "published": "2024-10-28T00:00:00+07:00",
        "updated": "2024-10-28T15:10:00+07:00",
        "modified": "2024-10-28T15:10:00+07:00",
        "authors": [{"name": "Yusuf Lande"}],
        "tags": ["ombak", "nelayan", "cuaca", "laut"],
        "language": "id",
        "images": [
            {
                "url": "https://kabarteluk.example/assets/ombak.jpg",
                "media_type": "image/jpeg",
                "caption": "Ombak di pemecah gelombang",
            }
        ],
        "alternate_ids": ["https://kabarteluk.example/ombak"],
    },
    "pelican/content/harga-ikan.md": {
        "title": "Harga ikan naik: tongkol paling mahal",
        "summary": "Harga tongkol di pasar Muara Lontar naik sepertiga dalam sepekan.",
        "published": "2024-11-11T06:30:00+07:00",
        "updated": "2024-11-11T10:00:00+07:00",
        "modified": "2024-11-11T10:00:00+07:00",
        "authors": [{"name": "Siti Marwah"}, {"name": "Made Suta"}],
        "tags": ["harga", "ikan", "pasar"],
        "section": "Ekonomi",
        "language": "id",
    },
    "zola/content/berita/2024-11-04-feri-malam.md": {
        "title": "Feri malam kembali berlayar",
        "summary": "Rute malam dibuka lagi.",
        "published": "2024-11-04T00:00:00+07:00",
        "updated": "2024-11-05T07:00:00+08:00",
        "modified": "2024-11-05T07:00:00+08:00",
        "authors": [{"name": "Ni Luh Ayu"}],
        "tags": ["Feri", "Transportasi laut"],
        "section": "Daerah",
        "language": "id",
        "images": [{"url": "https://foto.wartaselat.example/feri.jpg", "media_type": "image/jpeg"}],
        "alternate_ids": ["feri"],
    },
    "eleventy/src/berita/radio-cuaca.md": {
        "title": "Radio cuaca buatan siswa",
        "published": "2024-11-18T00:00:00+07:00",
        "updated": "2024-11-18T00:00:00+07:00",
        "modified": "2024-11-18T00:00:00+07:00",
        "tags": ["Radio", "Cuaca"],
        "language": "id",
    },
}
PATHS = {
    "hugo/content/berita/dermaga-timur/index.md": "/berita/dermaga-timur/",
    "hugo/content/berita/lelang-ikan.en.md": "/en/news/fish-auction/",
    "jekyll/_posts/2024-10-28-ombak-tinggi.md": "/cuaca/laut/2024/10/28/ombak-tinggi.html",
    "pelican/content/harga-ikan.md": "/harga-ikan-naik/",
    "zola/content/berita/2024-11-04-feri-malam.md": "/berita/feri-malam/",
    "eleventy/src/berita/radio-cuaca.md": "/berita/radio-cuaca/",
}
GONE = ("{{", "{%", "{:", "rahasia", "nakhoda", "youtube", "peta.html", "kutipan", "more")


@pytest.mark.parametrize("path", sorted(EXPECTED))
def test_every_generator_is_read(path: str) -> None:
    """Front matter as each generator writes it gives the same fields, whatever they are called there."""
    assert sample(path)[0] == EXPECTED[path]


@pytest.mark.parametrize("path", sorted(set(EXPECTED) - {"hugo/content/berita/dermaga-timur/index.md"}))
def test_no_generator_s_own_signs_are_left(path: str) -> None:
    """Shortcodes, tags, comments and attribute lists are gone; what stands between them is kept."""
    content = sample(path)[1].replace("<pre><code>{% raw %}", "")
    assert not [word for word in GONE if word in content]


def test_a_text_of_hugo_s() -> None:
    """Tables, footnotes, strikethrough, figures; shortcodes in code stay, as they are what is shown there."""
    content = sample("hugo/content/berita/dermaga-timur/index.md")[1]
    for piece in (
        "diperbaiki<sup>1</sup>.</p>",
        '<figure><img src="https://kabarteluk.example/sinar-kenari.jpg" alt="Kapal merapat" width="1200">'
        "<figcaption>Sinar Kenari &amp; para nelayan.</figcaption></figure>",
        "<p>Panjang dermaga kini 240 meter.",
        "Jadwal sandar ada di papan jadwal.</p>",
        "<td>Senin</td>\n<td>4</td>",
        "<s>lima ribu</s>",
        "<code>{{&lt; jadwal &gt;}}</code>",
        '<pre><code>{{&lt; jadwal dermaga="timur" &gt;}}\n</code></pre>',
        "<hr>\n<ol>\n<li><p>Perbaikan dimulai November 2022.</p>\n</li>\n</ol>",
    ):
        assert piece in content
    assert "youtube" not in content
    assert "{{% notice" not in content


@pytest.mark.parametrize("path", ["jekyll/_posts/2024-10-30-rencana.md", "pelican/content/konsep.md"])
def test_drafts_are_withheld(path: str) -> None:
    """What its generator wouldn't publish is read, and kept out of the feeds."""
    assert sample(path)[0]["status"] == "withheld"


@pytest.mark.parametrize(
    ("front", "path"),
    [
        ("draft: true", "a.md"),
        ("draft: yes", "a.md"),
        ("draft: 'true'", "a.md"),
        ("Draft: True", "a.md"),
        ("published: false", "a.md"),
        ("permalink: false", "a.md"),
        ("status: draft", "a.md"),
        ("title: A", "_drafts/a.md"),
    ],
)
def test_every_way_to_say_draft(front: str, path: str) -> None:
    """However it is said that a text isn't to be seen, it isn't."""
    assert raw(f"---\n{front}\n---\nIsi.\n", path)["status"] == "withheld"


def test_what_is_no_draft_is_published() -> None:
    """`draft: false`, and a date under `published`, withhold nothing."""
    assert "status" not in raw("---\ndraft: false\npublished: 2024-10-28\n---\nIsi.\n")


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("---\ndate: 2024-10-28\n---\n", "2024-10-28"),
        ("---\ndate: 2024-10-28 12:40:00 +0700\n---\n", "2024-10-28 12:40:00 +0700"),
        ('---\ndate: "28 Oktober 2024 12:40 WIB"\n---\n', "28 Oktober 2024 12:40 WIB"),
        ("+++\ndate = 2024-10-28T12:40:00+07:00\n+++\n", "2024-10-28T12:40:00+07:00"),
        ("+++\ndate = 2024-10-28\n+++\n", "2024-10-28"),
        ('---json\n{"date": "2024-10-28"}\n---\n', "2024-10-28"),
        ("---toml\ndate = 2024-10-28\n---\n", "2024-10-28"),
        ('{\n"date": "2024-10-28"\n}\n', "2024-10-28"),
        ("\ufeff---\r\ndate: 2024-10-28\r\n---\r\n", "2024-10-28"),
        ("---\ndate: 2024-10-28\n...\n", "2024-10-28"),
        ("Date: 2024-10-28\n\n", "2024-10-28"),
    ],
)
def test_dates_are_given_as_written(text: str, published: str) -> None:
    """No parser's idea of a date, a zone or a number comes between what was written and what reads dates."""
    found = raw(text + "Isi.\n")
    assert found == {"published": published, "content": "<p>Isi.</p>"}


@pytest.mark.parametrize(
    ("path", "published"),
    [
        ("_posts/2024-10-28-ombak.md", "2024-10-28"),
        ("berita/2024-10-28-ombak/index.md", "2024-10-28"),
        ("berita/2024-10-28_ombak.id.md", "2024-10-28"),
        ("berita/2024-13-45-ombak.md", None),
        ("berita/ombak.md", None),
    ],
)
def test_a_date_in_the_name_counts_where_no_other_does(path: str, published: str | None) -> None:
    """A file named after its day has it as its date, unless the front matter states one."""
    assert raw("Isi.\n", path).get("published") == published
    assert raw("---\ndate: 2020-01-01\n---\nIsi.\n", path)["published"] == "2020-01-01"


def test_values_are_what_was_written() -> None:
    """YAML's no, 007, 1_000 and 12:30 are words in a list of tags; a quoted true is a word as well."""
    found = raw("---\ntitle: 1984\ntags: [no, 007, 1_000, 12:30, 'true', .nan, 2024-10-28]\n---\nIsi.\n")
    assert found["title"] == "1984"
    assert found["tags"] == ["no", "007", "1_000", "12:30", "true", ".nan", "2024-10-28"]


@pytest.mark.parametrize(
    ("text", "title", "content"),
    [
        ("# Ombak *tinggi*\n\nIsi.\n", "Ombak tinggi", "<p>Isi.</p>"),
        ("Ombak `2 m`\n===\n\nIsi.\n", "Ombak 2 m", "<p>Isi.</p>"),
        ("---\ntitle: Ombak\n---\n# ombak\n\nIsi.\n", "Ombak", "<p>Isi.</p>"),
        ("---\ntitle: Ombak\n---\n# Isi\n", "Ombak", "<h1>Isi</h1>"),
        ("## Ombak\n\nIsi.\n", None, "<h2>Ombak</h2>\n<p>Isi.</p>"),
        ("> # Ombak\n", None, "<blockquote>\n<h1>Ombak</h1>\n</blockquote>"),
    ],
)
def test_the_headline(text: str, title: str | None, content: str) -> None:
    """The first heading is the headline where none is stated; a headline doesn't stand in the text again."""
    found = raw(text)
    assert (found.get("title"), found["content"]) == (title, content)


@pytest.mark.parametrize("more", ["<!--more-->", "<!-- more -->", "<!--MORE-->"])
def test_the_summary(more: str) -> None:
    """What stands above the mark is the summary where none is stated; the mark goes, but not from code."""
    text = f"Satu **dua**, tiga.\n\n{more}\n\nEmpat.\n"
    found = raw(text)
    assert found["summary"] == "Satu dua, tiga."
    assert "more" not in found["content"].lower()
    assert raw(f"---\nsummary: Lima\n---\n{text}")["summary"] == "Lima"
    assert "summary" not in raw(f"`{more}` Satu.\n")


@pytest.mark.parametrize(
    ("front", "url"),
    [
        ("url: /berita/ombak/", "/berita/ombak/"),
        ("permalink: https://kabarteluk.example/x", "https://kabarteluk.example/x"),
        ("path: berita/ombak", "/berita/ombak/"),
        ("canonicalURL: https://lain.example/x", "https://lain.example/x"),
        ("permalink: /:year/:title/", None),
        ("permalink: '/berita/{{ slug }}/'", None),
        ("permalink: pretty", None),
        ("link: https://lain.example/x", None),
        ("slug: ombak", None),
    ],
)
def test_only_a_stated_address_is_one(front: str, url: str | None) -> None:
    """A pattern, a slug and what a link blog links to are no address of the article."""
    assert raw(f"---\n{front}\n---\nIsi.\n").get("url") == url


@pytest.mark.parametrize("path", sorted(PATHS))
def test_the_path_a_generator_would_make(path: str) -> None:
    """For sites that keep to the defaults, the address can be told from the file's place."""
    assert path_of(path, split((SAMPLES / path).read_text("utf-8"))[0]) == PATHS[path]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content/index.md", "/"),
        ("index.md", "/"),
        ("", "/"),
        ("posts/Ombak Besar.MD", "/posts/ombak-besar/"),
        ("_posts/2024-10-28-a.md", "/2024/10/28/a.html"),
    ],
)
def test_odd_paths(path: str, expected: str) -> None:
    """The front page, spaces and capitals have a path as well."""
    assert path_of(path, {}) == expected


@pytest.mark.parametrize("path", ["hugo/content/berita/_index.md", "_index.id.md", "a/_INDEX.md"])
def test_a_section_s_page_is_no_article(path: str) -> None:
    """What Hugo and Zola show above a list of articles is passed over."""
    assert read_markdown(b"---\ntitle: Berita\ndate: 2024-01-01\n---\nSemua.\n", path) is None


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join(['*' + old] * 10)}]\n" for old, new in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\na: b: c\n---\n", "the front matter is not YAML: mapping values are not allowed"),
        ("---\na: 'x\n---\n", "the front matter is not YAML: found unexpected end of stream"),
        ("---\ntitle: A\ndraft: true\n", "the front matter isn't closed within 64 kB: put a line ---"),
        ("---\ntitle: A\nx: " + "x" * 70_000 + "\n---\n", "the front matter isn't closed within 64 kB"),
        ("---\njust words\n---\n", "the front matter holds no fields"),
        ("---js\n{ title: 'A' }\n---\n", "front matter in js can't be read"),
        ("+++\na = = 1\n+++\n", "the front matter is not TOML"),
        ('{ "a": }\n', "the front matter is not JSON"),
        (f"---\n{BOMB}---\n", "the front matter holds more than 10000 values"),
        ("---\na: &a [*a, *a]\n---\n", "repeats *a, which isn't defined before"),
        ("---\na: " + "[" * 5000 + "\n---\n", "nested too deep"),
        ("+++\na = " + "[" * 5000 + "]" * 5000 + "\n+++\n", "nested too deep"),
        ('{"a": ' + "[" * 60_000, "nested too deep"),
        ("x" * (LIMIT + 1), "longer than 1 MB"),
    ],
)
def test_what_can_t_be_read_is_said(text: str, said: str) -> None:
    """Front matter that can't be read is a fault with its reason, never an article: it may be a draft."""
    assert said in reason(text)


@pytest.mark.parametrize(
    "text", ["---\n\nSatu.\n", "***\nSatu.\n", "Catatan: satu.\n\nDua.\n", "{{< x >}}\n\nSatu.\n"]
)
def test_what_is_no_front_matter_is_text(text: str) -> None:
    """A rule, a note and a shortcode at the top begin the text, not fields."""
    assert set(raw(text)) == {"content"}


@pytest.mark.parametrize(
    ("front", "tags", "section"),
    [
        ("tags: [a, b]\ncategories: [C]", ["a", "b"], "C"),
        ("tags: [a]\ncategories: [C, D]", ["a", "C", "D"], None),
        ("categories: [C]", ["C"], None),
        ("category: C", None, "C"),
        ("tags: a, b", ["a", "b"], None),
        ("tags: satu tag", ["satu tag"], None),
        ("keywords: [a]", ["a"], None),
        ("tags: [a]\nsection: S\ncategories: [C]", ["a"], "S"),
    ],
)
def test_tags_and_section(front: str, tags: list[str] | None, section: str | None) -> None:
    """One category beside tags is the section; several are tags; nothing is both."""
    found = raw(f"---\n{front}\n---\nIsi.\n")
    assert (found.get("tags"), found.get("section")) == (tags, section)


def test_aliases_in_moderation() -> None:
    """A field that repeats another, or merges it, is read."""
    found = raw("---\nx: &x {author: Ratna}\n<<: *x\ntitle: A\n---\nIsi.\n")
    assert found["authors"] == [{"name": "Ratna"}]


def test_mdx_loses_its_modules() -> None:
    """The lines that load components go; the text between components stays."""
    text = "---\ntitle: A\n---\n\nimport X from './x'\n\nSatu <X>dua</X>.\n"
    assert raw(text, "a.mdx")["content"] == "<p>Satu <X>dua</X>.</p>"
    assert "import X" in raw(text, "a.md")["content"]


@pytest.mark.parametrize(
    ("head", "name", "expected"),
    [
        (b"apa saja", "a.md", True),
        (b"", "A.MARKDOWN", True),
        (b"apa saja", "a.mdx", True),
        (b"---\ntitle: A\n---\nIsi", "a.txt", True),
        (b"+++\r\ntitle = 'A'\r\n+++\r\n", "a", True),
        (b"---\ntitle: A\n", "a.yaml", False),
        (b"---\n\nIsi\n\n---\n", "a.txt", False),
        (b'{"title": "A"}', "a.json", False),
        (b"\xff\xfe\x00", "", False),
    ],
)
def test_what_markdown_is(head: bytes, name: str, expected: bool) -> None:
    """Its name tells it, or fields between fences do."""
    assert is_markdown(head, name) is expected


MARKS = st.text(alphabet="-+{}<>%\"'[]()!*_`#|:~^&\\/ \n\tab=1!,", max_size=200)


@settings(deadline=None)  # the first call loads libraries
@given(
    st.sampled_from(["", "---\n", "+++\n", "{", "Title: ", "---\na: ", "---\n---\n", "\ufeff---\r\n"]),
    MARKS,
    st.sampled_from(["", "\n---\n", "\n+++\n", "}\n", "\n\n"]),
    st.binary(max_size=50) | MARKS.map(str.encode),
    st.text(max_size=30),
)
def test_nothing_raises(opening: str, front: str, closing: str, body: bytes, path: str) -> None:
    """Whatever the bytes and the path, there is a record, a reason, or no article; and admit takes it."""
    data = (opening + front + closing).encode() + body
    found = read_markdown(data, path)
    is_markdown(data, path)
    if isinstance(found, dict):
        admit(found, SITE, "test", path)
    path_of(path, {})


@pytest.mark.parametrize(
    "piece", ["[", "![", "<!--", "*a ", "> ", "[a](", "{{< ", "{% ", "{% comment %}", "|a|\n|-|\n"]
)
def test_nothing_takes_long(piece: str) -> None:
    """A hundred thousand characters of what begins and never ends take as long as any text."""
    before = time.process_time()
    assert isinstance(read_markdown((piece * (100_000 // len(piece))).encode(), "a.md"), dict)
    assert time.process_time() - before < 20  # seconds; what is quadratic takes minutes
