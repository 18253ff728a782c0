"""What a file is taken for, by looking at it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sources.article import Article
from sources.location import Location
from sources.source import Item, Rejected, Site, SourceError, Visited

LINES = """
{"title": "Satu", "published": "2024-10-28T12:40:00+07:00"}
{"title": "Dua", "published": "2024-10-29T08:00:00+07:00"}
"""


def records(location: Location, site: Site) -> list[Item]:
    """Return what a location gives of records; what it wants to be remembered of files is left out."""
    return [item for item in location.read(site) if not isinstance(item, Visited)]


@pytest.mark.parametrize("junk", ["# export 3\n", "\ufeff\n# export 3\r\n\r\n", "export: 3\n"])
def test_junk_above_json_lines_costs_one_line(tmp_path: Path, site: Site, junk: str) -> None:
    """A line that some export writes above its records is rejected by itself; the records are read."""
    (tmp_path / "arsip.jsonl").write_text(junk + LINES, "utf-8")
    first, *rest = records(Location("arsip.jsonl", tmp_path), site)
    assert isinstance(first, Rejected)
    assert first.reason.startswith("not JSON")
    assert [article.title for article in rest if isinstance(article, Article)] == ["Satu", "Dua"]


@pytest.mark.parametrize("text", ["nelayan, ikan\n", "", "Satu\nDua\n{\n", "<ul>\n{x}\n</ul>\n"])
def test_what_is_no_json_is_not_read_line_by_line(tmp_path: Path, site: Site, text: str) -> None:
    """A file that holds neither records nor a page is one rejection at most, whatever its lines."""
    (tmp_path / "catatan.txt").write_text(text, "utf-8")
    found = records(Location("catatan.txt", tmp_path), site)
    assert [isinstance(outcome, Rejected) for outcome in found] == [True]


def test_every_kind_in_one_folder_is_found_by_looking(tmp_path: Path, site: Site) -> None:
    """Names say nothing here: each file is told by its bytes, packed or not."""
    feed = "<rss version='2.0'><channel><title>K</title><item><title>Feed</title><guid>https://k.example/f</guid>"
    feed += "<pubDate>Mon, 28 Oct 2024 12:40:00 +0700</pubDate></item></channel></rss>"
    page = "<!doctype html><html><head><title>Halaman</title><meta property='article:published_time' "
    page += "content='2024-10-28T07:00:00+07:00'></head><body><article><p>Ombak.</p></article></body></html>"
    files = {
        "1-csv": b"title,url,published,content\nCSV,https://k.example/c,2024-10-28,<p>x</p>\n",
        "2-feed": feed.encode(),
        "3-json": gzip.compress(LINES.encode()),
        "4-markdown": b"---\ntitle: Markdown\ndate: 2024-10-28\n---\nOmbak *tinggi*.\n",
        "5-page": page.encode(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    found = records(Location(".", tmp_path), site)
    assert [item.title if isinstance(item, Article) else item for item in found] == [
        *("CSV", "Feed", "Satu", "Dua", "Markdown", "Halaman")
    ]


def test_a_systems_own_names_are_mapped(tmp_path: Path, site: Site) -> None:
    """A field map from the settings, with dots into objects, in JSON and CSV alike."""
    fields = {"judulnya": "title", "waktu.terbit": "published", "badan": "content"}
    record = {"judulnya": "Ombak", "waktu": {"terbit": "2024-10-28T07:00:00Z"}, "badan": "<p>x</p>"}
    (tmp_path / "a.json").write_text(json.dumps(record))
    (tmp_path / "b.csv").write_text("judulnya,waktu.terbit,badan\nAngin,2024-10-29T07:00:00Z,<p>y</p>\n")
    found = records(Location(".", tmp_path, fields), site)
    assert [(a.title, a.content) for a in found if isinstance(a, Article)] == [
        *(("Ombak", "<p>x</p>"), ("Angin", "<p>y</p>"))
    ]


def test_a_broken_archive_is_named_and_costs_no_neighbour(tmp_path: Path, site: Site) -> None:
    """A gzip file cut short: what could be read is read, the rest is reported; alone, the source failed."""
    whole = gzip.compress(LINES.encode() * 2000)
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.jsonl").write_text(LINES)
    found = records(Location(".", tmp_path), site)
    assert isinstance(found[-1], Article)
    assert [item.position for item in found if isinstance(item, Rejected)] == ["a.jsonl.gz"]
    with pytest.raises(SourceError, match=r"a\.jsonl\.gz: "):
        records(Location("a.jsonl.gz", tmp_path), site)


def test_a_page_bundle_has_the_address_its_generator_gives_it(tmp_path: Path, site: Site) -> None:
    """With `pages`, path and front matter make the address, and the bundle's picture lies below it."""
    bundle = tmp_path / "dermaga"
    bundle.mkdir()
    text = "---\ntitle: Dermaga\ndate: 2024-10-28\n---\n![Dermaga](foto.jpg)\n"
    (bundle / "index.md").write_text(text)
    (tmp_path / "feri.md").write_text(text.replace("title", "url: /feri-malam/\ntitle"))
    location = Location(".", tmp_path, pages="https://kabarteluk.example/posts/")
    found = {a.url: a.content for a in location.read(site) if isinstance(a, Article)}
    assert sorted(map(str, found)) == [
        "https://kabarteluk.example/feri-malam/",
        "https://kabarteluk.example/posts/dermaga/",
    ]
    assert 'src="https://kabarteluk.example/posts/dermaga/foto.jpg"' in str(found[max(map(str, found))])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_pages_text_is_read_in_the_encodings_editors_save(
    tmp_path: Path, site: Site, encoding: str
) -> None:
    """Notepad's choices; a very long text, too, where the first look ends inside a letter."""
    text = "Ombak “Tinggi”\n\n28 Oktober 2024 12:40\n\n" + "Kabar.example - Nelayan “pulang” é. " * 3000
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (article,) = records(Location("a.txt", tmp_path), site)
    assert isinstance(article, Article), article
    assert (article.title, str(article.content).count("“pulang” é")) == ("Ombak “Tinggi”", 3000)
