"""What makes two names one tag, and the address a tag keeps for good."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Literal

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.tags import UNUSABLE, plain_slug, slug_for
from sources.identity import fold

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Korea Utara", "korea-utara"),
        ("Jum'at", "jum-at"),
        ("日本", "日本"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("العربية", "العربية"),
        ("Straße", "strasse"),
        ("c++", "c"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "tag"),
        ("🙂", "tag"),
        ("CON", "con-tag"),
        ("x" * 400, "x" * 80),
        ("ＡＢＣ", "abc"),
        ("rss.xml", "rss-xml"),
    ],
)
def test_a_slug_is_readable_and_safe(name: str, slug: str) -> None:
    """Letters of every script stay; nothing climbs out of the folder."""
    assert plain_slug(name) == slug


@given(st.text())
def test_any_name_has_a_slug_any_file_system_can_hold(name: str) -> None:
    """Never empty, no dot, no slash, no control, at most 255 bytes, no device name."""
    slug = plain_slug(name)
    assert slug
    assert slug not in UNUSABLE
    assert not re.search(r"[\x00-\x20./\\:*?\"<>|\x7f]", slug)
    assert len(slug.encode()) <= 84


@given(st.lists(st.text(max_size=12), max_size=30))
def test_two_tags_never_share_a_folder(names: list[str]) -> None:
    """Not on file systems that fold case or Unicode forms either."""
    taken: set[str] = set()
    for name in {fold(name) for name in names}:
        taken.add(slug_for(name, taken.__contains__))
    for form in FORMS:
        assert len({unicodedata.normalize(form, slug).casefold() for slug in taken}) == len(taken)
    assert len(taken) == len({fold(name) for name in names})


@given(st.text(max_size=20), st.sampled_from(FORMS[:2]))
def test_case_form_and_spaces_make_no_new_tag(name: str, form: Form) -> None:
    """What looks the same is the same tag."""
    spaced = "  " + unicodedata.normalize(form, name).replace(" ", "   ") + " "
    assert fold(spaced) == fold(name)
    assert fold(fold(name)) == fold(name)


def test_the_tag_that_comes_later_gets_a_suffix_for_good(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """`a b`, `a-b` and `A  B`: two tags, two folders, and `status` says so."""
    newsroom.write(
        make_record(1, tags=["a b", "A  B"]), make_record(2, tags=["a-b"]), make_record(3, tags=["A B"])
    )
    newsroom.build()
    count = {
        path: len(feedparser.parse(body).entries)
        for path, body in newsroom.files().items()
        if path.endswith("/rss.xml")
    }
    assert count == {"tags/a-b/rss.xml": 2, "tags/a-b-2/rss.xml": 1}
    code, out, _ = newsroom.run("status")
    assert code == 0
    assert "a-b: a-b-2" in out
    newsroom.write(make_record(2, tags=["a-b"]))
    newsroom.build()
    assert "tags/a-b-2/rss.xml" in newsroom.files()


def test_status_names_the_most_used_tags_and_every_shared_address(
    newsroom: Any, make_record: Callable[..., Any]
) -> None:
    """Twelve tags: ten are named; of all, those alone whose address has a number, however they are spelt."""
    plain = ["a b", "A.B", "Æther", "Straße", "日本", "con", "x" * 90, "Çay", "ümit", "ok"]
    first = make_record(1, tags=[*plain, "c++", "c#"])
    newsroom.write(first, make_record(2, tags=["c#", "ümit"]), make_record(3, tags=["c#"]))
    newsroom.build()
    code, out, _ = newsroom.run("status")
    told = " ".join(out.replace("│", " ").split())
    assert code == 0
    assert "12: c# (3), ümit (2), " in told
    assert ", … " in told
    assert "shared slugs c#: c-2, A.B: a-b-2 " in told
    data = json.loads(newsroom.run("status", "--json")[1])
    assert data["suffixed_slugs"] == ["c-2", "a-b-2"]
    assert [tag["name"] for tag in data["tags"]][:2] == ["c#", "ümit"]
    assert len(data["tags"]) == 12


def test_categories_carry_the_tags_address(newsroom: Any, make_record: Callable[..., Any]) -> None:
    """Both formats name the folder that the tag really has, and the page that the settings name."""
    (newsroom.folder / "publish.toml").write_text(
        '[site]\nurl = "https://kabarteluk.example/"\n[feeds]\ntag_page = "https://kabarteluk.example/topik/{slug}"\n'
        '[[source]]\npath = "articles.jsonl"\n'
    )
    newsroom.write(make_record(1, tags=["c++"]), make_record(2, tags=["C", "日本"]))
    assert newsroom.run("build")[0] == 0
    for name in ("rss.xml", "atom.xml"):
        entries = feedparser.parse(newsroom.files()[name]).entries
        assert [(tag.term, tag.scheme) for entry in entries for tag in entry.tags] == [
            ("C", "https://kabarteluk.example/topik/c-2"),
            ("日本", "https://kabarteluk.example/topik/%E6%97%A5%E6%9C%AC"),
            ("c++", "https://kabarteluk.example/topik/c"),
        ]
