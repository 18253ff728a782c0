"""[serve] in publish.toml: how feeds are served over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from feeds.source_settings import Duration
from sources.article import Frozen

UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


def _size(value: object) -> object:
    """Read a size: "64MB"."""
    if isinstance(value, str):
        for unit, factor in UNITS.items():
            if value.endswith(unit) and value.removesuffix(unit).strip().isdecimal():
                return int(value.removesuffix(unit)) * factor
    raise ValueError('must be a whole number and kB, MB or GB: "64MB"')


Size = Annotated[int, BeforeValidator(_size)]


class ServeSettings(Frozen):
    """The server.

    workers      processes; one does for most
    access_log   a file for access records, which `pollers` reads; none without it
    every        between two readings of a source that has no `every` of its own
    memory       of documents and their packed forms that each process keeps
    connections  at a time and for each process; without it, as many as the system allows
    per_address  connections from one address; 0: no bound, as is right behind a proxy
    refetch      a client that says not what it has is refused for so long after each fetch (429); not to be
                 set behind a proxy either
    head, body   what a client may take to send a request's head, and a body
    reading      and to take some of its answer; more: and to ask again on the same connection
    largest      body that the API takes
    metrics      at /metrics, for Prometheus
    """

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65_535)
    workers: int = Field(1, ge=1, le=64)
    access_log: str | None = None
    every: Duration = timedelta(minutes=5)
    memory: Size = 256 * 10**6
    connections: int | None = Field(None, ge=16)
    per_address: int = Field(0, ge=0)
    refetch: Duration | None = None
    head: Duration = timedelta(seconds=10)
    body: Duration = timedelta(seconds=60)
    reading: Duration = timedelta(seconds=30)
    more: Duration = timedelta(seconds=75)
    largest: Size = 16 * 10**6
    metrics: bool = True
