"""Values: JSON parsed as systems export it, and cleaned of what can't be written or walked through."""

from __future__ import annotations

import json
import re
from typing import Any

# Levels of nesting; what lies deeper is left out: it's no part of an article, and walks recurse.
DEEPEST = 100
LONGEST_NUMBER = 100  # digits; Python refuses to read an integer of 4,300
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Any:
    """Parse JSON: raw tabs in strings pass, NaN is null. Raises ValueError, why and where."""
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        raise ValueError(f"not JSON: {error.msg} at {line}column {error.colno}") from error
    except RecursionError as error:
        raise ValueError("nested too deep to be read") from error


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


DECODER = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_int=_integer)


def clean(value: Any, levels: int = DEEPEST) -> Any:
    """Leave out what nests too deep. Lone halves of surrogate pairs stay: `admit` takes them out."""
    if not isinstance(value, (dict, list)):
        return value
    if not levels:
        return None
    if isinstance(value, list):
        return [clean(item, levels - 1) for item in value]
    return {writable(key): clean(item, levels - 1) for key, item in value.items()}


def writable(text: str) -> str:
    """Replace lone halves of surrogate pairs in a text."""
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)
