"""What is wrong with the settings, in one line each: the key, the fault, the mend."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic import BaseModel

from feeds.feed_settings import OneFeedSettings
from feeds.source_settings import KINDS


def explain(error: dict[str, Any], settings: type[BaseModel]) -> str:
    """Say in one line what one of pydantic's errors means."""
    loc = tuple(part for index, part in enumerate(error["loc"]) if not _is_kind(error["loc"], index))
    key = ".".join(str(part) for part in loc)
    if key in {"site", "site.url"} and error["type"] == "missing":
        return "site.url is missing: give --site-url https://…, or url under [site] in publish.toml"
    if error["type"] == "no_kind":
        return f"{key} {error['msg']}{_near(error['input'])}"
    if error["type"] == "extra_forbidden":
        known = _known_keys(error["loc"], settings)
        near = difflib.get_close_matches(str(loc[-1]), known, 1)
        return f"{key} is no setting: " + (
            f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
        )
    if error["type"] == "missing":
        return f"{key} is missing: add it"
    return f"{key} = {error['input']!r}: {error['msg'].removeprefix('Value error, ')}"


def _is_kind(loc: tuple[Any, ...], index: int) -> bool:
    """Is this part of a place only pydantic's word for the kind of a source: ("source", 0, "path", …)?"""
    return index == 2 and loc[0] == "source"


def _near(data: Any) -> str:
    """Name what a source's misspelt key was to be."""
    for key in data if isinstance(data, dict) else ():
        if key not in KINDS and (near := difflib.get_close_matches(key, KINDS, 1)):
            return f": {key} is none of them, did you mean {near[0]}?"
    return ""


def _known_keys(loc: tuple[Any, ...], settings: type[BaseModel]) -> list[str]:
    """Return the keys that a table of the settings has."""
    if loc[0] == "source":
        model: Any = KINDS[loc[2]]
    elif loc[0] == "feed":
        model = OneFeedSettings
    elif len(loc) > 1:
        model = settings.model_fields[loc[0]].annotation
    else:
        model = settings
    return sorted(field.alias or name for name, field in model.model_fields.items())
