"""SQL: one SELECT put to any database that SQLAlchemy reaches, streamed; errors show no password."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from sources.source import SourceError
from sources.text import decode, one_line

if TYPE_CHECKING:
    from sqlalchemy import Connection, CursorResult, Engine
    from sqlalchemy.engine import URL

ROWS = 1000  # fetched at a time
# What installs a driver, where its package is not called like its module.
PACKAGES = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}

# Up to the last `@`: a password may hold one that should have been written as %40.
PASSWORD = re.compile(r"(://[^:/@?]*:)([^?]*)(?=@)")
IN_QUERY = re.compile(r"([?&][^=&]*(?:passw|pwd|secret|token|odbc_connect)[^=&]*=)([^&]*)", re.IGNORECASE)

NO_CODE = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
READS = re.compile(r"[\s(]*(?:select|with)\b", re.IGNORECASE)
WRITES = re.compile(r"\b(?:into|delete\s+from|update\s+\S+\s+set)\b", re.IGNORECASE)
# Every colon that SQLAlchemy would take for the begin of a parameter, but that of `:since`.
COLON = re.compile(r"(?<![:\w\\]):(?=\w)(?!since\b)")
SINCE = re.compile(r"(?<![:\w\\]):since\b")


def without_passwords(url: str) -> str:
    """Return a database's URL as it may be shown: `postgresql://cms:***@db.example/cms`."""
    return IN_QUERY.sub(r"\1***", PASSWORD.sub(r"\1***", url))


def check_select(select: str) -> None:
    """Refuse what is not one SELECT: against mistakes; whoever means harm has to be stopped by the database.

    Raises SourceError.
    """
    code = NO_CODE.sub(" ", select).rstrip("; \t\r\n")
    if not READS.match(code) or ";" in code or WRITES.search(code):
        raise SourceError("select must be one SELECT, or WITH … SELECT, that changes nothing")


@contextlib.contextmanager
def selected(url: str, select: str, parameters: Mapping[str, str], base: Path) -> Iterator[CursorResult[Any]]:
    """Give the rows of a SELECT, fetched as they are asked for, in a transaction that is never committed.

    url: as SQLAlchemy writes it (RFC 1738 with a driver: `postgresql+psycopg://…`)
    base: where the path of an SQLite file starts
    Raises SourceError in the database's words, without the source's name.
    """
    try:
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError as error:
        raise SourceError("reading a database needs SQLAlchemy: pip install 'tagwire[sql]'") from error
    engine = _engine(url, base)
    with contextlib.closing(_connect(engine, url)) as connection:
        # The PostgreSQL option is passed over by the other databases.
        options = {"stream_results": True, "yield_per": ROWS, "postgresql_readonly": True}
        statement = text(COLON.sub(r"\\:", select))
        try:
            yield connection.execution_options(**options).execute(statement, parameters)
        except SQLAlchemyError as error:
            raise SourceError(f"the database says: {_words(error, url)}; check `select`") from error


def _engine(url: str, base: Path) -> Engine:
    from sqlalchemy import create_engine, make_url
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    if any("@" in match[2] for match in PASSWORD.finditer(url)):  # else it would show as part of a host
        raise SourceError("the password in the URL holds an @: write it as %40")
    try:
        return create_engine(_existing_file(make_url(url), base), poolclass=NullPool)
    except ImportError as error:
        module = (error.name or "").partition(".")[0]
        mend = f"pip install '{PACKAGES.get(module, module)}'" if module else "install it anew"
        raise SourceError(
            f"the database's driver is missing ({error}): {mend}, or name another in the URL, "
            "as in mysql+pymysql://…"
        ) from error
    except (SQLAlchemyError, ValueError) as error:
        raise SourceError(
            f"no URL of a database ({_words(error, url)}): write it as "
            "postgresql+psycopg://user:password@host/name or sqlite:///file.db"
        ) from error


def _existing_file(url: URL, base: Path) -> URL:
    """Let an SQLite file be opened for reading alone: SQLite would create one that isn't there."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return url
    path = (base / url.database).resolve()
    if not path.is_file():
        raise SourceError(f"there is no file {path}; check the path")
    return url.set(database=path.as_uri()).update_query_dict({"mode": "ro", "uri": "true"})


def _connect(engine: Engine, url: str) -> Connection:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        connection = engine.connect()
    except (SQLAlchemyError, TypeError) as error:  # TypeError: an option in the URL that the driver lacks
        raise SourceError(
            f"can't connect: {_words(error, url)}; check the URL, and that the database runs and lets you in"
        ) from error
    if engine.dialect.name == "sqlite":
        # SQLite keeps any bytes as text; one cell of old Windows text must not end the reading.
        driver: Any = connection.connection.driver_connection
        driver.text_factory = decode
    return connection


def _words(error: Exception, url: str) -> str:
    """Return what a database or driver says, on one line and without the URL's passwords."""
    words = one_line(str(getattr(error, "orig", None) or error))
    for match in (*PASSWORD.finditer(url), *IN_QUERY.finditer(url)):
        for secret in {match[2], unquote(match[2]), unquote_plus(match[2])} - {""}:
            words = words.replace(secret, "***")
    return words
