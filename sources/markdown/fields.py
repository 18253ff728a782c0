"""Fields: front matter with each generator's names and shapes, as a record that `translate` understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.markdown.paths import Place, stated_url
from sources.records.names import FIELDS, FLAGS
from sources.records.shapes import first, folded, moment, several

# Names here are folded, as `sources.records.names.folded_key` does it.
# Generators' own names for what `translate` knows by others.
NAMES = {
    "publishdate": "embargoeduntil",  # Hugo builds no page before it
    "expirydate": "expires",
    "unpublishdate": "expires",
    "lastmodifiedat": "updated",
    "updateddate": "updated",
    "aliases": "alternateids",
    "redirectfrom": "alternateids",
}
# What a record would take for a headline, a text or an address, and front matter uses otherwise.
NOT_MEANT = {*FIELDS["content"], *FIELDS["url"], "path", "guid", "headlines", "name", "datebasis"}
IMAGES = tuple("images image cover featuredimage coverimage heroimage header banner thumbnail".split())
PICTURES = ("url", "src", "image", "path", "teaser", "overlayimage")  # inside one of these
SWITCHES = {name for states in FLAGS.values() for name in states}
SAID = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
# Eleventy's ways to say that a file's own date counts, which a copy of it doesn't keep.
NO_DATES = {"last modified", "created", "git last modified", "git created"}


def record_of(front: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Make one record of front matter and of what the file's place says; what the front matter says wins."""
    given = _flat(front)
    record = {name: _switch(name, value) for name, value in given.items() if name not in NOT_MEANT}
    for name, field in NAMES.items():
        if name in given:
            record.setdefault(field, given[name])
    record |= {"categories": None, "category": None, **_tagging(given, place)}
    record |= {"images": first(given, IMAGES, _pictures)}
    if str(given.get("date")).lower() in NO_DATES:
        del record["date"]
    if first(record, FIELDS["published"], moment) is None:
        record["date"] = place.date
    if first(record, FIELDS["language"], moment) is None:
        record["language"] = place.language
    # Of such files Eleventy and Jekyll make no page.
    if front.get("permalink") is False or "_drafts" in place.folders:
        record["draft"] = True
    return {**record, "url": stated_url(front)}


def _flat(front: Mapping[str, Any]) -> dict[str, Any]:
    """Lay Zola's `[taxonomies]` and `[extra]` and Hugo's `params` beside the other fields, which win."""
    given = folded(front)
    for name in ("taxonomies", "extra", "params"):
        given = {**folded(given.pop(name, None)), **given}
    return given


def _switch(name: str, value: Any) -> Any:
    """Read `draft: yes` as YAML once did: what was not to be seen must not be."""
    return SAID.get(value.strip().lower(), value) if name in SWITCHES and isinstance(value, str) else value


def _tagging(given: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """Make one category beside tags the section; more of them are tags too."""
    is_jekyll = bool({"_posts", "_drafts"} & set(place.folders))
    tags = _words(given.get("tags") or given.get("keywords"), is_jekyll)
    categories = _words(given.get("categories") or given.get("category"), is_jekyll)
    if len(categories) == 1 and (tags or "categories" not in given):
        return {"tags": tags, "section": given.get("section") or categories[0]}
    return {"tags": [*tags, *categories]}


def _words(value: Any, is_jekyll: bool) -> list[Any]:
    if isinstance(value, str):
        # Only Jekyll parts words at spaces.
        return (
            value.split() if is_jekyll and "," not in value else [word.strip() for word in value.split(",")]
        )
    return several(value) if value is not None else []


def _pictures(value: Any) -> list[Any]:
    return [found for item in several(value) if (found := _picture(item))]


def _picture(value: Any) -> Any:
    """Find the address inside `cover: {image: …, alt: …}` and `image: {path: …}`."""
    if not isinstance(value, Mapping):
        return value
    inner = folded(value)
    url = first(inner, PICTURES, lambda item: item if isinstance(item, str) else None)
    return {**inner, "url": url} if url else None
