"""Tokens: who may read private feeds, or read and write articles; secrets are kept nowhere."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

PREFIX = "tw_"  # by which people, and programs that look for leaked secrets, know one
SECRET_BYTES = 32
SCOPES = ("feeds", "articles:read", "articles:write")


class TokenError(Exception):
    """A token can't be made or revoked as asked. The message names it and the mend."""


@dataclass(frozen=True, slots=True)
class Token:
    """Someone who was let in.

    name     of a subscriber or a program, one line
    scopes   of SCOPES: `feeds` reads private feeds, the others articles
    feeds    folders of private feeds, `tags/riset/`, `site` for the site's; empty: all of them
    created  when
    """

    name: str
    scopes: frozenset[str]
    feeds: tuple[str, ...]
    created: datetime


class Tokens:
    """The part of an archive in SQLite that knows tokens; call what changes inside a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, name: str, scopes: Iterable[str], feeds: Iterable[str], now: datetime) -> str:
        """Let someone in; return the secret, which can't be asked for again. Raises TokenError."""
        if self._db.execute("SELECT 1 FROM token WHERE name = ?", (name,)).fetchone():
            raise TokenError(f"{name} has a token already: revoke it first, or choose another name")
        secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
        words = (" ".join(sorted(set(scopes))), " ".join(sorted(set(feeds))))
        values = (name, _digest(secret), *words, int(now.timestamp()))
        self._db.execute("INSERT INTO token VALUES (?, ?, ?, ?, ?)", values)
        return secret

    def revoke(self, name: str) -> bool:
        """Let someone in no longer; answer whether that was so."""
        return self._db.execute("DELETE FROM token WHERE name = ?", (name,)).rowcount > 0

    def of(self, secret: str) -> Token | None:
        """Return whose secret this is; None if it is nobody's.

        How long the look-up takes tells of digests alone, and nobody can choose a secret by its digest.
        """
        query = "SELECT name, scopes, feeds, created FROM token WHERE digest = ?"
        row = self._db.execute(query, (_digest(secret),)).fetchone()
        return _token(*row) if row else None

    def every(self) -> list[Token]:
        """Return all tokens, by name."""
        found = self._db.execute("SELECT name, scopes, feeds, created FROM token ORDER BY name")
        return [_token(*row) for row in found]


def _digest(secret: str) -> bytes:
    # A secret has 256 bits of chance: nobody can try them all, so the hash need not be a slow one.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _token(name: str, scopes: str, feeds: str, created: int) -> Token:
    return Token(name, frozenset(scopes.split()), tuple(feeds.split()), datetime.fromtimestamp(created, UTC))
