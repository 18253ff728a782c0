"""Whatever a newsroom has lying about: a file, a folder, a URL, standard input; its kind found by looking."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sources.article import Article
from sources.dumps.page import is_dump, read_dump
from sources.fetch import fetch
from sources.pages.reader import is_html, read_page
from sources.record import admit
from sources.records.reader import Unreadable, is_json, read_records
from sources.records.translate import translate
from sources.source import Rejected, Site, SourceError
from sources.text import writable

SNIFF = 64 * 1024  # bytes looked at to tell a file's kind
PAGE_LIMIT = 8 * 1024 * 1024  # bytes; a longer page or dump is no single article
# Companions of articles, not articles: passed over without a word.
COMPANIONS = frozenset(
    ".jpg .jpeg .png .gif .webp .avif .svg .ico .mp3 .m4a .ogg .mp4 .webm .mov .pdf .css .js .map .woff "
    ".woff2 .ttf .toml .db .lock".split()
)


@dataclass(frozen=True, slots=True)
class Location:
    """A source at a path, at a URL, or `-`: a place as the user wrote it, paths starting at `base`."""

    place: str
    base: Path = Path()

    @property
    def name(self) -> str:
        """What it is called in reports and in the archive."""
        return writable(self.place)

    def read(self, site: Site) -> Iterator[Article | Rejected]:
        """Yield every article found there. See `sources.source.Source`."""
        if self.place == "-":
            yield from _read_stdin(site)
        elif self.place.startswith(("http://", "https://")):
            response = fetch(self.place)
            found = _Found(self.name, "", io.BytesIO(response.body), response.url, response.charset)
            yield from _read(found, site)
        else:
            yield from _read_path(self.name, self.base / self.place, site)


@dataclass(frozen=True, slots=True)
class _Found:
    """Some bytes and where they were found. url, charset: as HTTP told them."""

    source: str
    position: str
    stream: BinaryIO
    url: str | None = None
    charset: str | None = None

    def at(self, place: str) -> str:
        return f"{self.position}, {place}" if self.position else place


def _read_stdin(site: Site) -> Iterator[Article | Rejected]:
    # A pipe can't be rewound after a look at its beginning; a file can.
    with tempfile.TemporaryFile() as spool:
        while chunk := sys.stdin.buffer.read(1024 * 1024):
            spool.write(chunk)
        spool.seek(0)
        yield from _read(_Found("-", "", spool), site)


def _read_path(name: str, path: Path, site: Site) -> Iterator[Article | Rejected]:
    if not path.exists():
        raise SourceError(f"{name}: there is no such file or folder; check the path")
    for file in _files(path):
        position = "" if file == path else writable(file.relative_to(path).as_posix())
        try:
            with file.open("rb") as stream:
                yield from _read(_Found(name, position, stream), site)
        except OSError as error:
            yield Rejected(name, position, "", f"can't be read: {error.strerror}; check its permissions")


def _files(path: Path) -> Iterator[Path]:
    """List the files of a folder and its subfolders in one order on every machine; a file is itself."""
    if path.is_file():
        yield path
        return
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in COMPANIONS:
                yield Path(folder, name)


def _read(found: _Found, site: Site) -> Iterator[Article | Rejected]:
    head = found.stream.read(SNIFF)
    found.stream.seek(0)
    if is_json(head):
        yield from _read_json(found, site)
    elif is_html(head):
        yield _read_single(found, site, lambda data: read_page(data, found.url, site, found.charset))
    elif b"\0" not in head and is_dump(head.decode("utf-8", "replace")):
        yield _read_single(found, site, lambda data: {"url": found.url, **read_dump(_text(data), site)})
    else:
        reason = (
            "neither JSON, nor an HTML page, nor the text of a news page; convert it, or name another file"
        )
        yield Rejected(found.source, found.position, "", reason, head[:200].decode("utf-8", "replace"))


def _text(data: bytes) -> str:
    """Decode a plain text: UTF-8, or else what old Windows programs write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _read_json(found: _Found, site: Site) -> Iterator[Article | Rejected]:
    for place, record in read_records(found.stream):
        position = found.at(place)
        if isinstance(record, Unreadable):
            yield Rejected(found.source, position, "", record.reason, record.text)
        else:
            yield admit(translate(record), site, found.source, position)


def _read_single(found: _Found, site: Site, read: Callable[[bytes], dict[str, Any]]) -> Article | Rejected:
    """Read a file that is one article."""
    data = found.stream.read(PAGE_LIMIT + 1)
    if len(data) > PAGE_LIMIT:
        reason = f"longer than {PAGE_LIMIT >> 20} MB, so no single article; split it"
        return Rejected(found.source, found.position, "", reason, data[:200].decode("utf-8", "replace"))
    raw = read(data)
    article = admit(raw, site, found.source, found.position)
    if isinstance(article, Article) and not raw.get("id") and not article.url:
        # Neither id nor URL: a file of the same name with the same date is the same story, retitled.
        origin = f"{found.source}#{found.position}#{article.published.isoformat()}"
        return article.model_copy(update={"origin": origin})
    return article
