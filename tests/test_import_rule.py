from __future__ import annotations

import ast
import functools
import importlib.util
from pathlib import Path

import pytest

# The line, in order: a module imports only from the stages before its own, or from its own.
LINE = (
    "sources",
    "feeds.tags",
    "feeds.combination",
    "feeds.guard",
    "feeds.in_place",
    "feeds.archive",
    "feeds.channel",
    "feeds.formats",
    "feeds.document",
    "feeds.delta",
    "feeds.build",
    "feeds.sinks",
    "feeds.schedule",
    "feeds.workers",
    "feeds.gathering",
    "feeds.storing",
    "feeds.intake",
    "feeds.feed_settings",
    "feeds.plan",
    "feeds.directory",
    "feeds.redirects",
    "feeds.deploy",
    "feeds.checking",
    "feeds.rendered",
    "feeds.desk",
    "feeds.entries",
    "feeds.cadence",
    "feeds.composition",
    "feeds.on_demand",
    "feeds.ready",
    "feeds.seat",
    "feeds.putting",
    "feeds.rounds",
    "feeds.signposts",
    "feeds.publication",
    "feeds.source_settings",
    "feeds.serve_settings",
    "feeds.settings_file",
    "feeds.settings_errors",
    "feeds.settings",
    "feeds.opening",
    "feeds.output",
    "feeds.progress",
    "feeds.report",
    "feeds.inspection",
    "feeds.tag_suggestions",
    "feeds.editing",
    "feeds.ingest",
    "feeds.token_commands",
    "feeds.template",
    "feeds.setup",
    "feeds.pollers",
    "feeds.server",
    "feeds.serving",
    "feeds.commands",
    "publish",
)


def stage(module: str) -> int:
    """Return a module's place in the line."""
    found = [n for n, name in enumerate(LINE) if module == name or module.startswith(name + ".")]
    assert found, f"{module} has no place in the line: add it to LINE"
    return found[0]


@functools.cache
def modules() -> dict[str, Path]:
    """Return the modules of the program as installed, by name."""
    found = {"publish": Path(str(importlib.util.find_spec("publish").origin))}  # type: ignore[union-attr]  # it is there
    for package in ("feeds", "sources"):
        spec = importlib.util.find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            if name != "feeds":
                found[name] = path
    return found


def imports(path: Path) -> set[str]:
    """Return the modules of ours that a file imports, anywhere in it."""
    known = modules()
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (inside & set(known)) or {node.module}
    return {name for name in names if name.partition(".")[0] in {"feeds", "sources", "publish"}}


@pytest.mark.parametrize("module", sorted(modules()))
def test_no_module_imports_from_a_later_stage(module: str) -> None:
    """The code is a straight line: no arrow points back."""
    later = {name for name in imports(modules()[module]) if stage(name) > stage(module)}
    assert not later, f"{module} imports {later}, which come after it"


def test_the_rule_sees_an_arrow_back(tmp_path: Path) -> None:
    """The check itself can fail: an import of a later stage is found."""
    path = tmp_path / "module.py"
    path.write_text("def f():\n    from feeds.commands import run\n    return run\n")
    assert {stage(name) > stage("sources.record") for name in imports(path)} == {True}


def test_no_import_cycle() -> None:
    """Within a stage, too, imports never come back to where they started."""
    graph = {name: imports(path) & set(modules()) for name, path in modules().items()}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"cycle: {' -> '.join((*above, name))}"
        if name not in done:
            for imported in sorted(graph[name]):
                walk(imported, (*above, name))
            done.add(name)

    for name in sorted(graph):
        walk(name, ())
