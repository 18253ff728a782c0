"""What tests share: a site to read for, a newsroom to publish, and the front door."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import publish
from sources.article import Article
from sources.record import admit
from sources.source import Site

SAMPLES = Path(__file__).parent / "samples"
SITE_URL = "https://kabarteluk.example/"

FEEDS = ("rss.xml", "atom.xml", "feed.json")

Record = dict[str, Any]


@pytest.fixture
def samples() -> Path:
    """The folder of stored samples."""
    return SAMPLES


@pytest.fixture
def site() -> Site:
    """An Indonesian newsroom with a zone of its own."""
    return Site(SITE_URL, "kabarteluk.example,2005", "id", ZoneInfo("Asia/Jakarta"), "Kabar Teluk")


@pytest.fixture
def make_article(site: Site) -> Callable[..., Article]:
    """Make an Article of a few fields; the rest is filled in."""

    def make(**fields: Any) -> Article:
        raw = {
            "url": f"{SITE_URL}berita/1",
            "title": "Ombak tinggi",
            "content": "<p>Ombak setinggi dua meter.</p>",
            "published": "2024-10-28T12:40:00+07:00",
            **fields,
        }
        article = admit(raw, site, "test", "1")
        assert isinstance(article, Article), article
        return article

    return make


def record(number: int, **fields: Any) -> Record:
    """Return the record of an article; a later number is newer."""
    return {
        "url": f"{SITE_URL}berita/{number}",
        "title": f"Berita {number}",
        "summary": f"Ringkasan {number}",
        "content": f"<p>Isi berita nomor {number}.</p>",
        "published": f"2024-10-{1 + number // 24:02}T{number % 24:02}:00:00+07:00",
        "tags": ["nelayan"],
        **fields,
    }


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """Return the maker of records."""
    return record


class Newsroom:
    """A folder with records, an archive and feeds, worked through the command line."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.out = folder / "public"
        self._capsys = capsys

    def write(self, *records: Record, name: str = "articles.jsonl") -> None:
        """Let these be the records of a file."""
        text = "".join(json.dumps(r) + "\n" for r in records)
        (self.folder / name).write_text(text, "utf-8")

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command; return exit code, standard output, standard error."""
        self._capsys.readouterr()
        try:
            code = publish.main(arguments)
        except SystemExit as exit_:
            code = exit_.code if isinstance(exit_.code, int) else 1
        output = self._capsys.readouterr()
        return code, output.out, output.err

    def build(self, *arguments: str, source: str = "articles.jsonl") -> dict[str, Any]:
        """Build and return the outcome that --json prints."""
        defaults = ["--site-url", SITE_URL, "--title", "Kabar Teluk", "--language", "id"]
        code, out, err = self.run(
            "build", source, *defaults, "--timezone", "Asia/Jakarta", "--json", *arguments
        )
        assert code in (0, 1), err
        outcome: dict[str, Any] = {"code": code, "stderr": err, **json.loads(out)}
        return outcome

    def files(self) -> dict[str, bytes]:
        """Return every published feed's bytes, by path."""
        return {path: body for path, body in self.everything().items() if path.endswith(FEEDS)}

    def everything(self) -> dict[str, bytes]:
        """Return every published file's bytes, by path: the feeds, and what lies beside them."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def newsroom(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """A newsroom in an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return Newsroom(tmp_path, capsys)


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and logs nothing. Where a file is missing and one called `.410` lies, it is gone."""

    def send_head(self) -> Any:
        """Answer 410 where that is asked for."""
        path = self.translate_path(self.path)
        if not Path(path).exists() and Path(f"{path}.410").exists():
            return self.send_error(410)
        return super().send_head()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server: its address, and the folder it serves."""
    folder = tmp_path / "site"
    folder.mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", folder
    httpd.shutdown()
    thread.join()
    httpd.server_close()
