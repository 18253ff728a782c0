"""Ordinary answers: everything that may be asked of feeds, also what is not answered the short way."""

from __future__ import annotations

import time
from dataclasses import replace

from feeds.server.addresses import whereabouts
from feeds.server.answers import (
    CONDITIONS,
    Answer,
    Asked,
    gone,
    moved,
    not_found,
    too_busy,
    too_often,
    unfit,
)
from feeds.server.choice import choice, fits
from feeds.server.delta import delta_answer, wants_delta
from feeds.server.house import House
from feeds.server.on_demand import made_on_demand
from feeds.server.packing import packed
from feeds.server.prepared import Prepared
from feeds.server.private import SERVE, decide, privately
from feeds.server.shelf import Shelf
from feeds.setup import this_moment


async def answer(house: House, asked: Asked) -> Answer:
    """Answer a GET or HEAD of anything that may be a feed."""
    path = house.shelf.path_of(asked.path)
    archive = house.archive()
    if path is None:
        return not_found()
    if archive is None:
        return too_busy()
    authorization = asked.headers.get(b"authorization", b"").decode("latin-1")
    query = asked.query.decode("latin-1")
    decision = decide(path, query, authorization, archive.privacy.feeds(), archive.tokens.of, house.realm)
    if decision.status != SERVE:
        return Answer(decision.status, decision.headers, decision.body)
    shelf = house.private_shelf if decision.is_private else house.shelf
    found = await document(house, shelf, asked, decision.path)
    if found is None and not decision.is_private:
        found = await made_on_demand(house, asked, decision.path)
    if found is None:
        found = elsewhere(house, decision.path, path.removesuffix(decision.path))
        if decision.is_private and found.status == 301 and asked.query:  # it may hold the token
            found = moved(dict(found.headers)[b"location"] + b"?" + asked.query)
    return replace(found, headers=privately(found.headers)) if decision.is_private else found


async def document(house: House, shelf: Shelf, asked: Asked, path: str) -> Answer | None:
    """Answer with a document that was published; None: there is none."""
    prepared = shelf.at(shelf.address_of(path))
    if prepared is None:
        return None
    if refused := _refusal(house, prepared, asked):
        return refused
    headers = asked.headers
    tag, date = headers.get(b"if-none-match"), headers.get(b"if-modified-since")
    is_held, coding = choice(prepared, tag, date, headers.get(b"accept-encoding"))
    if is_held:
        return Answer(304, (*prepared.headers_304(coding), _cache(prepared)))
    if found := _delta(house, shelf, prepared, asked, coding):
        return found
    body = await packed(shelf, prepared, coding)
    if body is None:  # published anew this very moment
        return await document(house, shelf, asked, path)
    return Answer(200, (*prepared.headers_200(coding, len(body)), _cache(prepared)), body)


def _refusal(house: House, prepared: Prepared, asked: Asked) -> Answer | None:
    """Refuse a client that demands another version, or that comes too often without saying what it has."""
    headers = asked.headers
    if not fits(prepared, headers.get(b"if-match"), headers.get(b"if-unmodified-since")):
        return unfit()
    if house.budget is None or not CONDITIONS.isdisjoint(headers):
        return None
    wait = house.budget.wait(asked.address, headers.get(b"user-agent", b""), asked.path, time.monotonic())
    return too_often(wait) if wait else None


def _delta(house: House, shelf: Shelf, prepared: Prepared, asked: Asked, coding: str) -> Answer | None:
    """Answer with what is new alone, if that is wanted and can be told (RFC 3229)."""
    headers = asked.headers
    if b"if-none-match" not in headers or not wants_delta(headers.get(b"a-im", b"")):
        return None
    archive, whole = house.archive(), shelf.as_document(prepared)
    if archive is None or whole is None or not house.settings.feeds.deltas:
        return None
    found = delta_answer(
        asked.headers[b"a-im"],
        asked.headers[b"if-none-match"],
        whole,
        archive.versions,
        this_moment(),
        coding,
    )
    if found is None:
        return None
    status, own, body = found
    replaced = {name.lower().encode(): value.encode("latin-1") for name, value in own}
    common = [(name, value) for name, value in prepared.headers if name not in replaced]
    return Answer(status, (*common, *replaced.items()), body)


def _cache(prepared: Prepared) -> tuple[bytes, bytes]:
    return b"cache-control", prepared.freshness.cache_control(time.time())


def elsewhere(house: House, path: str, before: str) -> Answer:
    """Answer for a document that is not there: it moved, is gone, or never was (S-34, S-35).

    before: what stood before the path, a token, and stays.
    """
    archive = house.archive()
    found = whereabouts(archive, path) if archive else None
    if found == "gone":
        return gone()
    if found == "soon" or (found is None and not house.is_ready):
        return too_busy()
    if found is None:
        return not_found()
    return moved(house.shelf.address_of(before + found))
