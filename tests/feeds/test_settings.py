"""publish.toml: an error names the file, the line or the key, and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feeds.settings import load
from feeds.settings_file import EXAMPLE, SettingsError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[site]\nurl = nope", ["line 2"]),
        ('[site]\nurl = "news"', ["site.url", "'news'", "http(s)"]),
        ('[site]\ntitle = "x"', ["site.url is missing", "--site-url"]),
        ('[site]\nurl = "https://x.example/"\ntimezne = "UTC"', ["site.timezne", "did you mean timezone?"]),
        ('[site]\nurl = "https://x.example/"\ntimezone = "WIB"', ["site.timezone", "Asia/Jakarta"]),
        ('[site]\nurl = "https://x.example/"\nlanguage = "Indonesian"', ["site.language"]),
        (
            '[site]\nurl = "https://x.example/"\n[feeds]\nlimit = 0',
            ["feeds.limit = 0", "greater than or equal to 1"],
        ),
        ('[site]\nurl = "https://x.example/"\n[feeds]\nformats = []', ["feeds.formats = []", "at least 1"]),
        ('[site]\nurl = "https://x.example/"\n[feeds]\ntag_page = "https://x.example/tag/"', ["{slug}"]),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\npth = "x"',
            ["source.0", "pth", "did you mean path?"],
        ),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\npath = "x"\nfeed = "https://x.example/"',
            ["exactly one"],
        ),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\nsitemap = "https://x.example/"\nnewst = 5',
            ["source.0.newst", "did you mean newest?"],
        ),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\nlisting = "https://x.example/"\nlinks = "("',
            ["source.0.links", "regular expression"],
        ),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\nghost = "https://x.example/"\n'
            'key = "env:NO_SUCH_KEY"',
            ["source.0.key", "NO_SUCH_KEY", "set it"],
        ),
        (
            '[site]\nurl = "https://x.example/"\n[[source]]\npath = "x"\nevery = "often"',
            ["source.0.every", "15m"],
        ),
        ('[sight]\nurl = "https://x.example/"', ["sight", "did you mean site?"]),
        ('[site]\nurl = "https://x.example/"\nundated = "guess"', ["site.undated", "first-seen"]),
    ],
)
def test_an_error_names_place_and_mend(tmp_path: Path, text: str, words: list[str]) -> None:
    """What is wrong can be found and mended from the message alone."""
    path = tmp_path / "publish.toml"
    path.write_text(text)
    with pytest.raises(SettingsError) as error:
        load(path, {})
    for word in [str(path), *words]:
        assert word in str(error.value)


def test_a_file_that_is_no_utf8_or_not_there_is_named(tmp_path: Path) -> None:
    """Not a traceback: the file, and what to do."""
    path = tmp_path / "publish.toml"
    with pytest.raises(SettingsError, match="check the path"):
        load(path, {})
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="save the file as UTF-8"):
        load(path, {})


def test_the_command_line_wins_over_the_file() -> None:
    """--title and --out replace what the file says; what is not given stays."""
    settings = load(EXAMPLE, {"site.title": "Lain", "out": None})
    assert (settings.site.title, settings.out) == ("Lain", "public")


def test_init_writes_settings_that_load(newsroom: Any) -> None:
    """The file is valid as written, and so is every commented line in it."""
    assert newsroom.run("init")[0] == 0
    path = newsroom.folder / "publish.toml"
    assert load(path, {}).site.url == "https://news.example/"
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join(line.removeprefix("# ") if " = " in line or "# [" in line else line for line in lines)
    )
    settings = load(path, {})
    assert (settings.site.language, settings.feeds.limit) == ("id", 50)
    assert settings.site.formerly == ("https://old.example/",)


def test_init_never_overwrites(newsroom: Any) -> None:
    """A publish.toml that is there stays as it is."""
    path = newsroom.folder / "publish.toml"
    path.write_text("mine")
    code, _, err = newsroom.run("init")
    assert (code, path.read_text()) == (2, "mine")
    assert "there already" in err
