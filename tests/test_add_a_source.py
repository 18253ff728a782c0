"""docs/add-a-source.md: what it tells a newcomer to do, done."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "add-a-source.md").read_text("utf-8")
MODULE, SETTINGS, NIGHT, TEST = re.findall(r"```(?:python|toml|text)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """A folder with the files of the page, as somebody would paste them."""
    for name, text in (
        ("lineprinter.py", MODULE),
        ("publish.toml", SETTINGS),
        ("night.txt", NIGHT),
        ("test_line.py", TEST),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program that was installed beside Python, in a folder."""
    program, *rest = arguments
    command = [str(Path(sys.executable).parent / program), *rest]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


def test_the_page_is_short() -> None:
    """Under 150 lines, so that it is read."""
    assert len(PAGE.splitlines()) < 150


def test_what_the_page_says_works_as_it_says(newcomer: Path) -> None:
    """Its module, its settings, its preview to the letter; then a build, and its test."""
    shown = run(newcomer, "tagwire", "preview").stdout
    for line in re.search(r"\$ tagwire preview\n    …\n((?:    .*\n)+)", PAGE)[1].splitlines():  # type: ignore[index]  # it is there
        assert line.strip() in shown
    done = run(newcomer, "tagwire", "build")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Harbour reopens" in (newcomer / "public/tags/ships/rss.xml").read_text("utf-8")
    tested = run(newcomer, "python", "-m", "pytest", "-q", "test_line.py", "-p", "no:cacheprovider")
    assert "1 passed" in tested.stdout, tested.stdout


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('class = "nosuch:Cms"', "No module named 'nosuch'"),
        ('class = "lineprinter:Cms"', "lineprinter has no Cms"),
        ('class = "lineprinter:LinePrinter"\noptions = {file = "x"}', "source.options"),
        ('class = "pathlib:Path"', "is no source"),
        ('class = "lineprinter"', "source.0.class"),
        ('class = "lineprinter:LinePrinter"\npath = "x"', "exactly one of path"),
    ],
)
def test_a_wrong_name_is_a_matter_of_settings(newcomer: Path, settings: str, words: str) -> None:
    """Exit code 2, and what would mend it."""
    (newcomer / "publish.toml").write_text(f'[site]\nurl = "https://news.example/"\n[[source]]\n{settings}\n')
    done = run(newcomer, "tagwire", "build")
    assert done.returncode == 2
    assert words in done.stderr


def test_a_source_that_breaks_off_is_named_and_stops_no_other(newcomer: Path) -> None:
    """Its SourceError is reported like any other source's."""
    (newcomer / "night.txt").unlink()
    done = run(newcomer, "tagwire", "build")
    assert done.returncode == 1
    assert "line printer night.txt: No such file or directory; check the path" in done.stderr
