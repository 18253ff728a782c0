"""docs/serving.md and the files beside it: their command lines start a server that answers."""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

import publish
from feeds.serve_settings import ServeSettings
from feeds.settings import load

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
UNIT = EXAMPLES / "tagwire.service"
DOCKERFILE = EXAMPLES / "Dockerfile"
PATIENCE = 20  # seconds for the server to start, answer or stop

SETTINGS = """\
[site]
url = "https://kabarteluk.example/"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"
[[source]]
path = "articles.jsonl"
"""
STORY = {
    "url": "https://kabarteluk.example/berita/1",
    "title": "Kapal sandar",
    "content": "<p>Tiga kapal sandar di dermaga timur.</p>",
    "published": "2024-10-28T12:40:00+07:00",
    "tags": ["nelayan"],
}
# What the unit's sections say: systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.kill(5).
DIRECTIVES = {
    "Unit": {"Description", "Wants", "After"},
    "Service": {
        "Type", "User", "ExecStart", "ExecReload", "KillMode", "TimeoutStopSec", "Restart", "RestartSec",
        "LimitNOFILE", "UMask", "StateDirectory", "StateDirectoryMode", "LogsDirectory", "LogsDirectoryMode",
        "WorkingDirectory", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices", "PrivateUsers",
        "ProtectProc", "ProcSubset", "ProtectClock", "ProtectControlGroups", "ProtectHostname",
        "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "RemoveIPC", "NoNewPrivileges",
        "CapabilityBoundingSet", "AmbientCapabilities", "LockPersonality", "MemoryDenyWriteExecute",
        "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID",
        "SystemCallArchitectures", "SystemCallFilter", "SystemCallErrorNumber",
    },
    "Install": {"WantedBy"},
}  # fmt: skip
INSTRUCTIONS = set(
    "FROM WORKDIR RUN COPY ENV USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD".split()
)


def unit() -> dict[str, list[tuple[str, str]]]:
    """Return the unit's directives, by section, in their order."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if line.startswith("["):
            sections[line.strip("[]")] = []
        elif line and not line.startswith("#"):
            name, equals, value = line.partition("=")
            assert equals, f"no directive: {line}"
            sections[list(sections)[-1]].append((name, value))
    return sections


def service(name: str) -> str:
    """Return the value of a directive of the service that is there once."""
    values = [value for found, value in unit()["Service"] if found == name]
    assert len(values) == 1, f"{name} is there {len(values)} times"
    return values[0]


def dockerfile() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions and what they say, in their order."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in lines]


def instruction(name: str) -> str:
    """Return what the last instruction of that name says: it is the one that holds."""
    return [value for found, value in dockerfile() if found == name][-1]


def image_command() -> list[str]:
    """Return what a container runs."""
    return [*json.loads(instruction("ENTRYPOINT")), *json.loads(instruction("CMD"))]


@contextmanager
def running(
    command: list[str], folder: Path, paths: dict[str, str]
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a command of these files as it stands, but for its program, its port and these paths.

    Gives the server's address, as one reaches it from here, and its process.
    """
    assert Path(command[0]).name == "tagwire", "it does not run tagwire"
    words = [sys.executable, publish.__file__, *command[1:]]
    words[words.index("--port") + 1] = "0"
    for place, here in paths.items():
        words = [word.replace(place, f"{folder}{here}") if word.startswith(place) else word for word in words]
        (folder / here.strip("/")).mkdir(parents=True, exist_ok=True)
    assert not [word for word in words[2:] if word.startswith("/") and str(folder) not in word]
    settings = Path(words[words.index("--settings") + 1])
    settings.write_text(SETTINGS, "utf-8")
    (settings.parent / "articles.jsonl").write_text(json.dumps(STORY) + "\n", "utf-8")
    with (folder / "errors").open("w") as errors:
        process = subprocess.Popen(words, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=errors)
    try:
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if ready else ""
        assert line.startswith("serving http://"), (folder / "errors").read_text()
        yield line.removeprefix("serving ").strip().replace("0.0.0.0", "127.0.0.1"), process  # noqa: S104
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def get(address: str) -> str:
    """Return what is at an address; anything but 200 raises."""
    with urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - ours, on this machine
        return str(answer.read().decode())


def first_feed(address: str) -> str:
    """Return the tag's feed, as soon as the server has read its source: within seconds of its start."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return get(f"{address}tags/nelayan/atom.xml")
        except HTTPError as error:
            if error.code not in {404, 503} or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_the_units_command_line_serves_reloads_and_stops(tmp_path: Path) -> None:
    """ExecStart serves feeds, ExecReload's signal leaves it serving, SIGTERM ends it with 0."""
    paths = {"/etc/tagwire": "/etc", "/var/lib/tagwire": "/lib", "/var/log/tagwire": "/log"}
    (reload_with,) = re.findall(r"^/bin/kill -(\w+) \$MAINPID$", service("ExecReload"))
    with running(shlex.split(service("ExecStart")), tmp_path, paths) as (address, process):
        assert get(f"{address}healthz") == "ok\n"
        assert "Kapal sandar" in first_feed(address)
        process.send_signal(getattr(signal, f"SIG{reload_with}"))
        assert "Kapal sandar" in get(f"{address}tags/nelayan/rss.xml")
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert '"path":"/tags/nelayan/rss.xml"' in (tmp_path / "log" / "access.log").read_text()
    assert (tmp_path / "lib" / "tagwire.db").exists()


def test_the_unit_lets_the_server_write_where_its_command_line_says() -> None:
    """ProtectSystem=strict leaves only the state and the log directory to write in."""
    words = shlex.split(service("ExecStart"))
    may_write = (f"/var/lib/{service('StateDirectory')}/", f"/var/log/{service('LogsDirectory')}/")
    written = [words[words.index(option) + 1] for option in ("--archive", "--out", "--access-log")]
    assert all(path.startswith(may_write) for path in written)


def test_every_directive_of_the_unit_is_one_that_systemd_knows() -> None:
    """A misspelt directive would be passed over with no more than a line in the journal."""
    unknown = {
        f"{section}: {name}"
        for section, directives in unit().items()
        for name, _ in directives
        if name not in DIRECTIVES[section]
    }
    assert not unknown


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, and `security` counts 2.0 of 10 at most."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    here = tmp_path / UNIT.name  # with a program that is there
    here.write_text(UNIT.read_text("utf-8").replace("/opt/tagwire/bin/tagwire", sys.executable), "utf-8")
    for arguments in (["verify", "--man=no"], ["security", "--offline=true", "--threshold=20"]):
        done = subprocess.run(
            ["systemd-analyze", *arguments, here],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
        assert not done.stderr


def test_the_images_command_serves_and_its_health_check_sees_it(tmp_path: Path) -> None:
    """ENTRYPOINT and CMD serve feeds; HEALTHCHECK passes while they do, and fails afterwards."""
    _, _, check = instruction("HEALTHCHECK").partition("CMD ")
    program, *arguments = json.loads(check)
    assert program == "python"
    with running(image_command(), tmp_path, {"/newsroom": "/newsroom", "/data": "/data"}) as (
        address,
        process,
    ):
        port = address.rstrip("/").rpartition(":")[2]
        checking = [sys.executable, *(word.replace(":8080/", f":{port}/") for word in arguments)]
        assert subprocess.run(checking, timeout=PATIENCE, check=False).returncode == 0
        assert "Kapal sandar" in first_feed(address)
        process.send_signal(getattr(signal, instruction("STOPSIGNAL")))
        assert process.wait(PATIENCE) == 0
        assert (
            subprocess.run(checking, timeout=PATIENCE, check=False, stderr=subprocess.DEVNULL).returncode == 1
        )


def test_one_port_runs_through_the_dockerfile() -> None:
    """The port that is served is the one that is exposed and checked; it is reached from outside."""
    command = image_command()
    port = command[command.index("--port") + 1]
    assert instruction("EXPOSE") == port
    assert f"http://127.0.0.1:{port}/healthz" in instruction("HEALTHCHECK")
    assert command[command.index("--host") + 1] == "0.0.0.0"  # noqa: S104
    assert command[command.index("--archive") + 1].startswith(f"{instruction('VOLUME')}/")
    assert command[command.index("--out") + 1].startswith(f"{instruction('VOLUME')}/")


def test_the_image_is_made_of_files_that_are_there_and_runs_as_nobody_special() -> None:
    """Every file that is copied exists and is let through to the builder; the user is not root."""
    let_through = DOCKERFILE.with_name("Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for words in [words for name, words in dockerfile() if name == "COPY" and "--from" not in words]:
        for name in words.split()[:-1]:
            assert (ROOT / name).exists()
            assert f"!{name}" in let_through
    assert {name for name, _ in dockerfile()} <= INSTRUCTIONS
    assert instruction("USER") not in {"root", "0"}
    assert all(re.fullmatch(r"python:\d+\.\d+-slim-\w+( AS \w+)?", value) for value in froms())


def froms() -> list[str]:
    """Return what the image's stages begin with."""
    return [value for name, value in dockerfile() if name == "FROM"]


def test_hadolint_finds_nothing_wrong_with_the_dockerfile() -> None:
    """The linter has nothing to say."""
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if not hadolint:
        pytest.skip("hadolint is not installed")
    done = subprocess.run(
        [hadolint, "--no-color", DOCKERFILE], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_settings_shown_are_all_there_are(tmp_path: Path) -> None:
    """docs/serving.md shows each key of [serve], and what it shows loads."""
    page = (ROOT / "docs" / "serving.md").read_text("utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert tomllib.loads(shown)["serve"].keys() == ServeSettings.model_fields.keys()
    settings = tmp_path / "publish.toml"
    settings.write_text(f'[site]\nurl = "https://news.example/"\n{shown}', "utf-8")
    assert load(settings, {}).serve.workers == 1
