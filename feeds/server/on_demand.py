"""Feeds of any combination of tags, made when asked for, and kept while the archive stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from feeds.archive.sqlite import SqliteArchive
from feeds.archive.terms import KINDS
from feeds.on_demand import Made, Redirect, combined, public_tags
from feeds.plan import SETS, plan_of
from feeds.server.answers import Answer, Asked, moved, too_busy
from feeds.server.choice import choice
from feeds.server.coding import IDENTITY, encode
from feeds.server.house import House
from feeds.server.prepared import Freshness, Prepared, common_headers
from feeds.settings import publisher_for
from feeds.setup import this_moment
from sources.file_marks import Version

FOLDER = KINDS[SETS] + "/"
MOST_AT_ONCE = 16  # that are being made or waited for; further ones are asked to come again


async def made_on_demand(house: House, asked: Asked, path: str) -> Answer | None:
    """Answer with a combination's feed, or send on to its one address; None: it is none."""
    address, _, file = path.removeprefix(FOLDER).partition("/")
    archive = house.archive()
    if not path.startswith(FOLDER) or archive is None:
        return None
    kept, now, version = house.combinations, this_moment(), archive.version()
    prepared = kept.find(path, version, int(now.timestamp()))
    if prepared is None:
        if kept.at_work >= MOST_AT_ONCE:
            return too_busy()
        kept.at_work += 1
        try:
            tags = kept.tags if kept.tags is not None else await house.read(public_tags)
            found = await house.read(lambda archive: _made(house, archive, address, file, tags))
        finally:
            kept.at_work -= 1
        is_current = kept.version == version  # else it was made of what was there before
        kept.tags = tags if is_current else None
        if found is None:
            return None
        if isinstance(found, Redirect):
            return moved(house.shelf.address_of(found.to))
        prepared = _prepared(house, path, found)
        if is_current:
            kept.keep(prepared, int(found.until.timestamp()) if found.until else None)
    # Nothing records when such a feed changed: it has no date, and a client's says nothing of it.
    is_held, coding = choice(
        prepared, asked.headers.get(b"if-none-match"), None, asked.headers.get(b"accept-encoding")
    )
    cache = (b"cache-control", prepared.freshness.cache_control(now.timestamp()))
    if is_held:
        return Answer(304, (*prepared.headers_304(coding), cache))
    body = prepared.body(coding)
    if body is None:
        body = await asyncio.to_thread(encode, coding, prepared.body(IDENTITY) or b"")
        prepared.hold(coding, body)
        kept.trim()
    return Answer(200, (*prepared.headers_200(coding, len(body)), cache), body)


def _made(
    house: House, archive: SqliteArchive, address: str, file: str, tags: Mapping[str, str]
) -> Made | Redirect | None:
    settings = house.settings
    publisher = publisher_for(settings, archive.meta("tagging_entity") or "")
    plan = plan_of(settings.feeds, settings.feed)
    return combined(archive, publisher, plan, this_moment(), address, file, tags)


def _prepared(house: House, path: str, made: Made) -> Prepared:
    shelf = house.shelf
    prepared = Prepared(
        path=path,
        version=Version(0, 0, 0, 0),
        digest=made.document.etag.strip('"').encode(),
        modified=0,
        media_type=made.document.media_type.encode(),
        headers=common_headers(None, shelf.links(path), shelf.public.headers),
        freshness=Freshness(made.ttl * 60, int(made.until.timestamp()) if made.until else None),
    )
    prepared.hold(IDENTITY, made.document.body)
    return prepared
