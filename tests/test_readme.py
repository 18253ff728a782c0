"""README and docs are true: what they show is what happens."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from feeds.settings import load
from feeds.settings_file import EXAMPLE
from feeds.source_settings import KINDS, Common

COMMANDS = (
    "build",
    "preview",
    "status",
    "init",
    "withdraw",
    "restore",
    "log",
    "check",
    "serve",
    "pollers",
    "deploy",
)
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_continuous_integration_runs_the_readmes_test_command() -> None:
    """To the letter."""
    (command,) = re.findall(r"^    (.*pytest.*)$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_the_tour_shows_what_the_example_gives(newsroom: Any) -> None:
    """The tables in the README are the program's own, but for the seconds."""
    for wanted in ("13 new", "13 unchanged"):
        code, out, _ = newsroom.run("build")
        assert code == 0
        shown = [line for line in out.splitlines() if "seconds" not in line]
        assert wanted in out
        for line in shown:
            assert f"    {line.rstrip()}" in README.splitlines(), line


def test_the_preview_shown_is_the_programs_own(newsroom: Any) -> None:
    """Line for line."""
    page = Path("sources/example/articles/2024-11-11-harga-ikan.txt")
    page.parent.mkdir(parents=True)
    page.write_bytes((EXAMPLE.parent / "articles" / page.name).read_bytes())
    code, out, _ = newsroom.run("preview", str(page), "--site-url", "https://kabarteluk.example/")
    assert code == 0
    for line in out.splitlines():
        assert f"    {line.rstrip()}" in README.splitlines(), line


def test_every_option_of_the_readme_exists(newsroom: Any) -> None:
    """No switch is named that the program does not know."""
    known = "".join(newsroom.run(name, "--help")[1] for name in COMMANDS)
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", README.split("## Five minutes")[1])):
        assert option in known, option


def test_every_library_that_is_needed_is_named_with_its_reason() -> None:
    """The table and pyproject.toml agree."""
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = re.search(r"\ndependencies = \[(.*?)\n\]", pyproject, re.DOTALL)
    assert needed is not None
    names = re.findall(r'"([\w.-]+)', needed[1])
    lines = re.findall(r"^(?:sql|serve) = \[(.*)\]", pyproject, re.MULTILINE)
    extras = re.findall(r'"([\w.-]+)', " ".join(lines))
    rows = re.findall(r"^\| ([\w., -]+)(?: \(`.*`\))? \| ", README.split("## Made with")[1], re.MULTILINE)
    assert sorted(names + extras) == sorted(", ".join(rows[2:]).split(", "))


def test_the_repository_holds_no_registry_address() -> None:
    """Exact versions stand in constraints.txt, and nothing says where they came from."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line) for line in lines)
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert not [name for name in tracked.stdout.splitlines() if name.endswith((".lock", "lock.json"))]


def test_every_kind_of_source_and_its_options_are_in_the_docs() -> None:
    """docs/sources.md and the settings agree; its example loads."""
    page = (ROOT / "docs" / "sources.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", page, re.MULTILINE))
    common = set(Common.model_fields)
    for kind, model in KINDS.items():
        options = {field.alias or name for name, field in model.model_fields.items()} - common - {kind}
        assert set(re.findall(r"`(\w+)`", rows[kind])) == options, kind


@pytest.mark.parametrize("name", ["sources.md", "feeds.md"])
def test_the_settings_shown_load(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key in the docs is one."""
    monkeypatch.setenv("GHOST_KEY", "x")
    monkeypatch.setenv("CMS_DATABASE", "sqlite:///x")
    (example,) = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / name).read_text("utf-8"), re.DOTALL)
    (tmp_path / "publish.toml").write_text('[site]\nurl = "https://news.example/"\n' + example)
    assert load(tmp_path / "publish.toml", {})
