"""What a file is taken for, by looking at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.article import Article
from sources.files import Location
from sources.source import Rejected, Site

LINES = """
{"title": "Satu", "published": "2024-10-28T12:40:00+07:00"}
{"title": "Dua", "published": "2024-10-29T08:00:00+07:00"}
"""


@pytest.mark.parametrize("junk", ["# export 3\n", "\ufeff\n# export 3\r\n\r\n", "export: 3\n"])
def test_junk_above_json_lines_costs_one_line(tmp_path: Path, site: Site, junk: str) -> None:
    """A line that some export writes above its records is rejected by itself; the records are read."""
    (tmp_path / "arsip.jsonl").write_text(junk + LINES, "utf-8")
    first, *rest = Location("arsip.jsonl", tmp_path).read(site)
    assert isinstance(first, Rejected)
    assert first.reason.startswith("not JSON")
    assert [article.title for article in rest if isinstance(article, Article)] == ["Satu", "Dua"]


@pytest.mark.parametrize("text", ["nelayan, ikan\n", "", "Satu\nDua\n{\n", "<ul>\n{x}\n</ul>\n"])
def test_what_is_no_json_is_not_read_line_by_line(tmp_path: Path, site: Site, text: str) -> None:
    """A file that holds neither records nor a page is one rejection at most, whatever its lines."""
    (tmp_path / "catatan.txt").write_text(text, "utf-8")
    found = list(Location("catatan.txt", tmp_path).read(site))
    assert [isinstance(outcome, Rejected) for outcome in found] == [True]
