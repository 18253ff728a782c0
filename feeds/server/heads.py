"""Heads: what is no HTTP about a request's line and headers, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterable

import httptools


def fault_of(version: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Say what is wrong with a request's head, if anything (RFC 9112, sections 2.3 and 3.2).

    headers: their names in lower case.
    """
    if version not in {"1.0", "1.1"}:
        return "This is HTTP/1.1."
    hosts = sum(name == b"host" for name, _ in headers)
    return "" if hosts == 1 or (not hosts and version == "1.0") else "One Host header, please."


def target_of(url: bytes) -> bytes | None:
    """Return a request's target, with a path; None for what has none (CONNECT: this is no proxy)."""
    if url == b"*":
        return b"/"  # of OPTIONS: the server as a whole (RFC 9110, section 9.3.7)
    try:
        found = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError:
        return None
    return url if found.path else b"/"
