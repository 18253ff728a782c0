"""Access records: what a line holds, what it must never hold, and the file it goes to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.server.access import AccessFile, access_line, open_access

FIELDS = [
    *("time", "remote", "method", "path", "query", "status", "bytes"),
    *("user_agent", "conditional", "coding", "seconds"),
]


def line(
    target: bytes = b"/atom.xml", user_agent: bytes = b"Miniflux/2.2.9", remote: str = "192.0.2.7"
) -> str:
    """Make the line of a request."""
    return access_line(1793682000.1239, remote, "GET", target, 304, 0, user_agent, True, "gzip", 0.00025)


def record(**values: Any) -> dict[str, Any]:
    """Read the line of a request again."""
    found = json.loads(line(**values))
    assert isinstance(found, dict)
    return found


def test_a_record_holds_the_fields_in_their_order() -> None:
    """One request is one object with every field, times in UTC with milliseconds."""
    assert list(record()) == FIELDS
    assert record() == {
        "time": "2026-11-03T05:00:00.123Z",
        "remote": "192.0.2.7",
        "method": "GET",
        "path": "/atom.xml",
        "query": "",
        "status": 304,
        "bytes": 0,
        "user_agent": "Miniflux/2.2.9",
        "conditional": "1",
        "coding": "gzip",
        "seconds": 0.00025,
    }


def test_what_is_absent_is_empty() -> None:
    """A request without validators that got the body as it is has empty fields, not missing ones."""
    found = json.loads(access_line(0.9999, "::1", "HEAD", b"/rss.xml", 200, 7, b"", False, "", 1.5))
    assert (found["conditional"], found["coding"], found["user_agent"]) == ("", "", "")
    assert found["time"] == "1970-01-01T00:00:00.999Z"


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/for/rahasia123/tags/nelayan/atom.xml", "/for/-/tags/nelayan/atom.xml"),
        (b"/for/rahasia123", "/for/-"),
        (b"//for//rahasia123/atom.xml", "//for//-/atom.xml"),
        (b"/berita/FOR/rahasia123/atom.xml", "/berita/FOR/-/atom.xml"),
        (b"/%66or/rahasia123/atom.xml", "/for/-/atom.xml"),
        (b"/for%2Frahasia123%2Fatom.xml", "/for/-/atom.xml"),
        (b"/atom.xml?token=rahasia123", "/atom.xml"),
        (b"/atom.xml?/for/rahasia123/x", "/atom.xml"),
        (b"/%66or/rahasia123%3Frahasia123/x?rahasia123", "/for/-/x"),
        (b"http://editor:rahasia123@kabarteluk.example/atom.xml", "/atom.xml"),
        (b"http://kabarteluk.example/for/rahasia123/atom.xml?a", "/for/-/atom.xml"),
    ],
)
def test_no_token_and_no_query_is_written(target: bytes, path: str) -> None:
    """Whatever way a token comes in, the line doesn't hold it."""
    assert record(target=target)["path"] == path
    assert "rahasia123" not in line(target=target)


def test_that_there_was_a_query_is_told() -> None:
    """NewsBlur's forced fetches can be told by it (S-04)."""
    assert record(target=b"/atom.xml?_=7731")["query"] == "1"


def test_other_paths_stay_as_they_came() -> None:
    """Escapes and tags that only look like it are left alone."""
    for target in (b"/tags/fortuna/rss.xml", b"/tags/k%C3%B6ln/rss.xml", b"/combine/a+b/atom.xml"):
        assert record(target=target)["path"] == target.decode()


@given(agent=st.binary(), target=st.binary(), remote=st.text())
def test_nothing_a_client_sends_breaks_a_line(agent: bytes, target: bytes, remote: str) -> None:
    """A line is one line of printable ASCII and one object with the fields, whatever was sent."""
    text = line(target, agent, remote)
    assert text.endswith("}\n")
    assert text[:-1].isprintable()
    assert text.isascii()
    assert list(json.loads(text)) == FIELDS


def test_a_record_cannot_be_forged() -> None:
    """A User-Agent that holds a line of a log stays a User-Agent."""
    forged = b'x"}\n' + line().encode()
    assert record(user_agent=forged)["user_agent"].startswith('x"}\n{"time"')
    assert line(user_agent=forged).count("\n") == 1


def test_long_values_are_cut() -> None:
    """A User-Agent of 8 kB and an address of 60 kB do not make a line of that length."""
    assert len(line(b"/" + b"\xff" * 60_000, b"\x00" * 8_000, "f" * 9_000)) < 12_000
    assert record(user_agent=b"a" * 8_000)["user_agent"] == "a" * 500


def filled(path: Path, mark: str) -> AccessFile:
    """Open the file of access records with a line in memory."""
    access = open_access(path)
    access.lines.append(f'{{"mark":"{mark}"}}\n')
    return access


def test_lines_are_appended_when_flushed(tmp_path: Path) -> None:
    """Lines wait in memory; what stood in the file stays."""
    path = tmp_path / "logs" / "access.log"
    for mark in ("satu", "dua"):
        access = filled(path, mark)
        before = path.read_text()
        access.flush()
        assert path.read_text() == before + f'{{"mark":"{mark}"}}\n'
        access.close()
    assert path.stat().st_mode & 0o007 == 0


def test_it_goes_on_in_a_new_file_after_logrotate(tmp_path: Path) -> None:
    """What waited goes to the old file, what comes to the new one."""
    path = tmp_path / "access.log"
    access = filled(path, "lama")
    path.rename(tmp_path / "access.log.1")
    access.reopen()
    access.lines.append("baru\n")
    access.close()
    assert (tmp_path / "access.log.1").read_text() == '{"mark":"lama"}\n'
    assert path.read_text() == "baru\n"


def test_a_file_that_cannot_be_opened_again_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The server goes on with the old file, and says so."""
    folder = tmp_path / "logs"
    access = filled(folder / "access.log", "satu")
    folder.rename(tmp_path / "away")
    access.reopen()
    access.lines.append("dua\n")
    access.close()
    assert (tmp_path / "away" / "access.log").read_text() == '{"mark":"satu"}\ndua\n'
    assert "cannot be opened" in caplog.text


def test_a_full_disk_loses_records_and_counts_them(caplog: pytest.LogCaptureFixture) -> None:
    """A disk that is full neither stops the server nor fills its memory."""
    access = open_access(Path("/dev/full"))
    access.lines += ["satu\n", "dua\n"]
    access.close()
    assert (access.lost, access.lines) == (2, [])
    assert "No space left" in caplog.text


# As a worker does: many batches of many lines.
APPEND = """
import sys, pathlib
from feeds.server.access import open_access
access = open_access(pathlib.Path(sys.argv[1]))
for _ in range(50):
    access.lines += [sys.argv[2] * 300 + chr(10)] * 100
    access.flush()
access.close()
"""


def test_several_processes_append_whole_lines(tmp_path: Path) -> None:
    """Workers that share one file do not tear each other's lines."""
    path = tmp_path / "access.log"
    workers = [subprocess.Popen([sys.executable, "-c", APPEND, path, mark]) for mark in "abc"]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    lines = path.read_text().splitlines()
    assert len(lines) == 15_000
    assert set(lines) == {"a" * 300, "b" * 300, "c" * 300}
