"""Status: whether a record is to be published, said in one word or by flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.records.names import FIELDS, FLAGS, STATES
from sources.records.shapes import bare, first

WORDS = {
    **dict.fromkeys(("1", "true", "yes", "y", "t", "on", "ya"), True),
    **dict.fromkeys(("0", "false", "no", "n", "f", "off", "tidak"), False),
}


def status(given: Mapping[str, Any]) -> str | None:
    """Find whether a folded record is to be published; of several words the strictest counts."""
    stated: str | None = first(given, FIELDS["status"], _state)
    flags = (
        states[name]
        for flag, states in FLAGS.items()
        for name in states.keys() & given.keys()
        if _flag(given[name]) is flag
    )
    found = {stated, *flags}
    return next((strict for strict in ("canceled", "withheld") if strict in found), stated)


def _flag(value: Any) -> bool | None:
    """Read a flag: tables and databases without booleans write 1, "1", "true", "yes"; else None."""
    if isinstance(value, int):
        return bool(value) if value in {0, 1} else None
    return WORDS.get(value.strip().lower()) if isinstance(value, str) else None


def _state(value: Any) -> str | None:
    word = bare(value)
    return None if word is None else STATES.get(str(word).strip().lower(), str(word))
