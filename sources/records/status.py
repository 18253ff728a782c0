"""Status: whether a record is to be published, said in one word or by flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.records.names import FIELDS, FLAGS, STATES
from sources.records.shapes import bare, first


def status(given: Mapping[str, Any]) -> str | None:
    """Find whether a folded record is to be published; of several words the strictest counts."""
    stated: str | None = first(given, FIELDS["status"], _state)
    flags = (states.get(name) for flag, states in FLAGS.items() for name in given if given[name] is flag)
    found = {stated, *flags}
    return next((strict for strict in ("canceled", "withheld") if strict in found), stated)


def _state(value: Any) -> str | None:
    word = bare(value)
    return None if word is None else STATES.get(str(word).strip().lower(), str(word))
