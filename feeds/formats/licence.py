"""Licence: what a newsroom reserves, for machines that mine texts (TDMRep, W3C Community Group report)."""

from __future__ import annotations

import json
from typing import Any

from feeds.channel import Publisher

TDM_FILE = ".well-known/tdmrep.json"  # at the root of the host that it speaks for (F-102)


def tdm_reservation(publisher: Publisher) -> bytes | None:
    """Return the bytes of `TDM_FILE`, which speaks for all of a host; None where nothing is configured."""
    if publisher.tdm_reservation is None:
        return None
    rule: dict[str, Any] = {"location": "/", "tdm-reservation": int(publisher.tdm_reservation)}
    if publisher.tdm_policy:
        rule["tdm-policy"] = publisher.tdm_policy
    return json.dumps([rule], indent=2).encode() + b"\n"
