"""Front matter: the fields above a Markdown text, in YAML, TOML, JSON or Pelican's plain lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from sources.markdown.yaml_values import read_yaml
from sources.records.values import LONGEST_NUMBER, clean
from sources.text import strip_forbidden

LONGEST = 64 * 1024  # characters; more than that is no front matter
OPENING = re.compile(r"(---|\+\+\+)(\w*)[ \t]*\n")
CLOSINGS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE),
}
JSON_OPENING = re.compile(r"\{\s*[\"}]")
PLAIN_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
PLAIN_NEEDED = {"title", "date"}  # a text may begin with `Note: …`, which is no field
# Pelican's own names where `translate` would take them otherwise: its `Modified` becomes Atom's updated.
PLAIN_NAMES = {"modified": "updated"}


def split(text: str) -> tuple[dict[str, Any], str]:
    """Give the fields of a text with line ends `\\n`, and what follows them; no fields where there are none.

    Dates and numbers are text, as they were written (TOML's dates in ISO 8601). Raises ValueError with the
    reason where there is front matter that can't be read: it may have said `draft: true`.
    """
    if opening := OPENING.match(text):
        return _fenced(text, opening)
    if JSON_OPENING.match(text):
        return _json_first(text)
    return _plain(text)


def has_fences(text: str) -> bool:
    """Does a text begin with fields between fences?"""
    opening = OPENING.match(text.removeprefix("\ufeff"))
    if opening is None or not _begins_fields(text[opening.end() :]):
        return False
    return CLOSINGS[opening[1]].search(text, opening.end()) is not None


def _fenced(text: str, opening: re.Match[str]) -> tuple[dict[str, Any], str]:
    fence, language = opening[1], opening[2].lower()
    kind = language or ("toml" if fence == "+++" else "yaml")
    if kind not in READERS:
        raise ValueError(f"front matter in {language} can't be read: write it in YAML, TOML or JSON")
    closing = CLOSINGS[fence].search(text, opening.end())
    if closing is None or closing.start() - opening.end() > LONGEST:
        if not _begins_fields(text[opening.end() :]):
            return {}, text  # a rule across the page
        raise ValueError(
            f"the front matter isn't closed within {LONGEST >> 10} kB: put a line {fence} behind it"
        )
    block = strip_forbidden(text[opening.end() : closing.start()])[0].replace("\x7f", "")
    found = READERS[kind](block)
    if not isinstance(found, dict):
        raise ValueError("the front matter holds no fields: write each as `name: value`")
    return found, text[closing.end() :]


def _begins_fields(text: str) -> bool:
    first = next((line for line in text[:LONGEST].split("\n") if line.strip()), "")
    return re.match(r"[\w\"'-]+\s*[:=]|#|\{", first) is not None


def _toml(block: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = clean(_written(tomllib.loads(block)))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the front matter is not TOML: {error}") from error
    except RecursionError as error:
        raise ValueError("the front matter is nested too deep") from error
    return found


def _written(value: Any) -> Any:
    """Give dates as text: what reads them, reads them from there."""
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_written(item) for item in value]
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _json_first(text: str) -> tuple[dict[str, Any], str]:
    found, end = _decode_json(text)
    return found, text[end:]


def _json(block: str) -> dict[str, Any]:
    return _decode_json(block.strip())[0]


def _decode_json(text: str) -> tuple[dict[str, Any], int]:
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda _: None, parse_int=_digits)
    try:
        found, end = decoder.raw_decode(text[:LONGEST])
    except json.JSONDecodeError as error:
        raise ValueError(f"the front matter is not JSON: {error.msg} at line {error.lineno}") from error
    except RecursionError as error:
        raise ValueError("the front matter is nested too deep") from error
    return (clean(found) if isinstance(found, dict) else {}), end


def _digits(digits: str) -> str | None:
    return digits if len(digits) <= LONGEST_NUMBER else None


READERS: dict[str, Callable[[str], Any]] = {"yaml": read_yaml, "yml": read_yaml, "toml": _toml, "json": _json}


def _plain(text: str) -> tuple[dict[str, Any], str]:
    """Read lines `Key: value` up to the first blank one; an indented line goes on with the one before."""
    block, _, body = text.lstrip("\n").partition("\n\n")
    fields: dict[str, str] = {}
    key = ""
    for line in block[:LONGEST].strip().split("\n"):
        if match := PLAIN_LINE.fullmatch(line):
            key = match[1].lower()
            fields[PLAIN_NAMES.get(key, key)] = match[2].strip()
        elif key and line.startswith(("    ", "\t")):
            fields[PLAIN_NAMES.get(key, key)] += " " + line.strip()
        else:
            return {}, text
    return (_listed(fields), body) if PLAIN_NEEDED & fields.keys() else ({}, text)


def _listed(fields: dict[str, str]) -> dict[str, Any]:
    """Part lists as Pelican does: at semicolons if there are any, else at commas."""
    lists = {key: fields[key] for key in ("tags", "authors", "author", "keywords") if key in fields}
    parted: dict[str, Any] = {
        key: re.split(r"\s*;\s*" if ";" in text else r"\s*,\s*", text) for key, text in lists.items()
    }
    return {**fields, **parted}
