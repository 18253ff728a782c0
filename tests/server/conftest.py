"""A newsroom's feeds on disk, and the servers that give them to readers, each as a process of its own."""

from __future__ import annotations

import grp
import gzip
import hashlib
import http.client
import json
import os
import pwd
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

import publish
from feeds.channel import Publisher
from feeds.deploy import configuration
from feeds.deploy.headers import Deployment

URL = "https://kabarteluk.example/"
LICENCE, POLICY = f"{URL}lisensi", f"{URL}tdm"
SETTINGS = f"""\
[site]
url = "{URL}"
title = "Kabar Teluk"
language = "id"
timezone = "Asia/Jakarta"
license = "{LICENCE}"
tdm_reservation = true
tdm_policy = "{POLICY}"
[feeds]
limit = 10
redirects = ["redirects.nginx.conf", "redirects.caddy", ".htaccess", "_redirects"]
[[source]]
path = "articles.jsonl"
[[feed]]
combination = "korea-utara AND nelayan"
"""
PUBLISHER = Publisher(
    URL, URL, "Kabar Teluk", "Kabar Teluk", "kabarteluk.example,2005",
    license=LICENCE, tdm_reservation=True, tdm_policy=POLICY,
)  # fmt: skip
PATIENCE = 20  # seconds for a server to start, or to see a change
Record = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for found, value in self.headers if found.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        """Return a header that may be there once at most."""
        values = self.all(name)
        assert len(values) < 2, f"{name} is there {len(values)} times: {values}"
        return values[0] if values else None

    @property
    def etag(self) -> str:
        """The entity tag, which is there."""
        found = self.one("ETag")
        assert found, "there is no ETag"
        return found


@dataclass
class Room:
    """A newsroom: a folder with settings, articles, an archive, and the output folder."""

    folder: Path
    records: list[Record] = field(default_factory=list)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=3))

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.folder / "public"

    def settings(self, more: str = "") -> None:
        """Write the settings; more: lines of the table [feeds]."""
        (self.folder / "publish.toml").write_text(SETTINGS.replace("[feeds]\n", f"[feeds]\n{more}"), "utf-8")

    def run(self, *arguments: str) -> None:
        """Run a command of ours, a minute after the last, all of them long ago."""
        self.moment += timedelta(minutes=1)
        paths = [
            "--settings",
            str(self.folder / "publish.toml"),
            "--archive",
            str(self.folder / "tagwire.db"),
        ]
        with time_machine.travel(self.moment, tick=True):
            code = publish.main([*arguments, *paths, "--out", str(self.out), "--quiet"])
        assert code == 0

    def build(self) -> None:
        """Publish the records."""
        text = "".join(json.dumps(record) + "\n" for record in self.records)
        (self.folder / "articles.jsonl").write_text(text, "utf-8")
        here = Path.cwd()
        os.chdir(self.folder)  # sources are named from where the command runs
        try:
            self.run("build")
        finally:
            os.chdir(here)


def story(number: int, *tags: str, **fields: Any) -> Record:
    """Return the record of a story; a later number is newer. In no coding is it short."""
    figures = "".join(hashlib.sha256(f"{number} {part}".encode()).hexdigest() for part in range(16))
    return {
        "url": f"{URL}berita/{number}",
        "title": f"Berita {number} <&> 🐟",
        "summary": f"Ringkasan {number}: pelabuhan café",
        "content": f"<p>Isi berita nomor {number}: ikan &amp; udang 🦐, “kutipan”.</p><p>{figures}</p>",
        "published": f"2024-10-{1 + number // 24:02}T{number % 24:02}:00:00+07:00",
        "tags": ["nelayan", *tags],
        **fields,
    }


@pytest.fixture(scope="session")
def make_room() -> Callable[[Path], Room]:
    """Return the maker of newsrooms with everything in them that servers may stumble over."""

    def make(folder: Path) -> Room:
        folder.mkdir(parents=True)
        tags = (["Korea Utara"], ["pelabuhan café"], ["C++"], ["Rusia"], ["lawas"])
        room = Room(folder, [story(number, *tags[number % 5]) for number in range(25)])
        room.records.append(story(25, "tunggal"))
        room.settings()
        room.build()
        room.run("tags", "rename", "Rusia", "Federasi Rusia")
        room.run("withdraw", f"{URL}berita/25", "--reason", "keliru")
        room.settings('ignored_tags = ["lawas"]\n')
        room.build()
        return room

    return make


@dataclass
class Served:
    """A server that runs. software: `nginx` of `nginx+sidecars`; out: the files it serves."""

    name: str
    port: int
    out: Path
    room: Room

    @property
    def software(self) -> str:
        """Whose server it is."""
        return self.name.partition("+")[0]

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Send one request with these headers, `If_None_Match` and the like, and Host alone."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def talk(self, sent: bytes) -> bytes:
        """Send bytes, and return all that is said until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(sent.replace(b"HOST", f"127.0.0.1:{self.port}".encode()))
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    def refresh(self) -> None:
        """Bring what is served up to date with what was published, as whoever serves it would."""
        if self.out != self.room.out:
            _copied(self.room.out, self.out, "sidecars" in self.name)


def _copied(public: Path, out: Path, with_sidecars: bool) -> None:
    """Copy the files with their times, each whole at once, compressed ones beside them."""
    import brotli  # type: ignore[import-untyped]  # it ships no types
    from backports import zstd

    codings: dict[str, Callable[[bytes], bytes]] = {
        "": bytes,
        ".gz": lambda body: gzip.compress(body, mtime=0),
        ".br": lambda body: bytes(brotli.compress(body, quality=4)),
        ".zst": zstd.compress,
    }
    for path in sorted(public.rglob("*")):
        if path.is_file():
            for suffix, compress in codings.items() if with_sidecars else [("", bytes)]:
                place = out / f"{path.relative_to(public)}{suffix}"
                place.parent.mkdir(parents=True, exist_ok=True)
                new = place.with_name("new")
                new.write_bytes(compress(path.read_bytes()))
                os.utime(new, (path.stat().st_mtime, path.stat().st_mtime))
                new.replace(place)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def _process(
    command: Sequence[str], folder: Path, cwd: Path | None = None, **more: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server; when done with, ask it to stop, as its service manager would."""
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    environment |= {"XDG_CONFIG_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
    with (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(command, cwd=cwd or folder, env=environment, stderr=errors, **more)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            if process.stdout:
                process.stdout.close()


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"the server does not listen: {(folder / 'errors').read_text()[-2000:]}")


@contextmanager
def _ours(room: Room, folder: Path) -> Iterator[int]:
    """Run our own server, on the newsroom's archive."""
    paths = ["--archive", str(room.folder / "tagwire.db"), "--settings", str(room.folder / "publish.toml")]
    command = [sys.executable, str(publish.__file__), "serve", "--port", "0", *paths, "--out", str(room.out)]
    with _process(command, folder, room.folder, stdout=subprocess.PIPE) as process:
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline().decode() if ready else ""
        errors = (folder / "errors").read_text()[-2000:]
        assert line.startswith("serving http://127.0.0.1:"), f"serve does not say that it is ready: {errors}"
        yield int(line.strip().rstrip("/").rpartition(":")[2])


def _nginx(folder: Path) -> list[str]:
    """Write what a distribution has in place, all that nginx writes in this folder; return the arguments."""
    user = f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in names)
    (folder / "nginx.conf").write_text(
        f"daemon off; user {user}; pid {folder}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{\n{temporary}include conf.d/*.conf;\n}}\n"
    )
    return ["-p", str(folder), "-c", str(folder / "nginx.conf")]


def _caddy(folder: Path) -> list[str]:
    """Write the Caddyfile; return the arguments."""
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\nimport tagwire.caddy\n")
    return ["run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def _apache(folder: Path) -> list[str]:
    """Write what a distribution has in place; return the arguments."""
    modules = "mpm_event authz_core alias allowmethods deflate filter headers setenvif".split()
    (folder / "apache2.conf").write_text(
        "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in modules)
        + f"ServerRoot {folder}\nDefaultRuntimeDir {folder}\nPidFile {folder}/pid\nErrorLog {folder}/errors\n"
        + f"User #65534\nGroup #65534\nInclude {folder}/sites-available/*.conf\n"
    )
    return ["-DFOREGROUND", "-f", str(folder / "apache2.conf")]


OTHERS = {"nginx": ("nginx", _nginx), "caddy": ("caddy", _caddy), "apache": ("apache2", _apache)}
Files = dict[str, str]


@contextmanager
def _other(software: str, site: Deployment, folder: Path, change: Callable[[Files], Files]) -> Iterator[int]:
    """Run another server with our configuration. change: what its owner does to that."""
    name, arguments = OTHERS[software]
    binary = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if binary is None:
        wanted = os.environ.get("TAGWIRE_SERVERS", "").split(",")
        (pytest.fail if software in wanted else pytest.skip)(f"{name} is not installed")
    for path, text in change(configuration(software, site)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    with _process([binary, *arguments(folder)], folder) as process:
        _wait_for(site.port, process, folder)
        yield site.port


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """Return what starts a server by its name, for as long as the context lasts.

    With `+sidecars` compressed files lie beside the feeds. change: see `_other`; more: of the Deployment.
    """

    @contextmanager
    def started(
        name: str, room: Room, folder: Path, change: Callable[[Files], Files] = dict, **more: Any
    ) -> Iterator[Served]:
        folder.mkdir(parents=True)
        with ExitStack() as stack:
            served = Served(name, 0, room.out, room)
            if "sidecars" in name:
                served.out = folder / "public"
            elif name == "apache":  # it does not run as root, and can't read what is root's alone
                served.out = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                served.out.chmod(0o755)
            served.refresh()
            options: dict[str, Any] = {
                "publisher": PUBLISHER,
                "folder": served.out,
                "host": "127.0.0.1",
                "port": free_port(),
            }
            options |= {"address": "127.0.0.1", "access_log": folder / "access.log", **more}
            software = name.partition("+")[0]
            served.port = stack.enter_context(
                _ours(room, folder)
                if software == "tagwire"
                else _other(software, Deployment(**options), folder, change)
            )
            yield served

    return started
