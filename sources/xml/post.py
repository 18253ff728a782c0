"""Post: one item of a WordPress export as a record for `sources.record.admit`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sources.xml.export import Blog, child
from sources.xml.post_text import post_html
from sources.xml.tree import local, text_in

if TYPE_CHECKING:
    from lxml.etree import _Element

# What becomes of a post by its state. `future` is published only if nobody changes it until then; all that
# is not named here was never a post (`auto-draft`, `inherit`).
STATUS = {
    "publish": "usable",
    "draft": "withheld",
    "pending": "withheld",
    "private": "withheld",
    "future": "withheld",
    "trash": "canceled",
}
NO_DATE = ("0000-00-00", "-0001-")  # the second is what WordPress makes of the first
NO_SECTION = "uncategorized"  # its slug in every language


def read_post(item: _Element, blog: Blog) -> dict[str, Any] | None:
    """Give what a post says under the Article's names; None for what was never meant to be one."""
    status = STATUS.get(child(item, "status") or "publish")
    if status is None:
        return None
    if status == "usable" and child(item, "post_password"):
        status = "withheld"  # readers would need the password
    if status != "usable" and not child(item, "title") and not _encoded(item, "content"):
        return None  # begun and left
    metas = dict(_metas(item))
    raw = {
        "id": _id(item, blog),
        "url": child(item, "link"),
        "title": child(item, "title"),
        "content": post_html(_encoded(item, "content")),
        "summary": _encoded(item, "excerpt"),
        **_dates(item, is_public=status == "usable"),
        **_terms(item),
        "authors": _author(child(item, "creator"), blog),
        "images": [url] if (url := blog.images.get(metas.get("_thumbnail_id", ""))) else None,
        "enclosures": _enclosures(metas.get("enclosure")),
        "language": blog.language,
        "publisher": blog.title,
        "status": status,
    }
    return {name: value for name, value in raw.items() if value}


def _id(item: _Element, blog: Blog) -> str | None:
    """Return the guid, which WordPress gives once and never changes; else what it would have been."""
    guid = next((part for part in item if local(part) == "guid"), None)
    if guid is not None and guid.get("isPermaLink", "true") == "false" and (text := text_in(guid)):
        return text
    number = child(item, "post_id")
    return f"{blog.url.rstrip('/')}/?p={number}" if number and blog.url else number or None


def _encoded(item: _Element, module: str) -> str:
    """Return `content:encoded` or `excerpt:encoded`, which differ in their namespaces alone."""
    found = (part for part in item if local(part) == "encoded" and module in str(part.tag))
    return text_in(next(found, None))


def _dates(item: _Element, *, is_public: bool) -> dict[str, str | None]:
    published, changed = _utc(child(item, "post_date_gmt")), _utc(child(item, "post_modified_gmt"))
    # The site's own time names no zone. A draft has no other until it is published; its last change, which
    # has one, serves as well for what is not shown.
    local_time = _given(child(item, "post_date"))
    fallbacks = (local_time, changed) if is_public else (changed, local_time)
    return {"published": next(filter(None, (published, *fallbacks)), None), "modified": changed}


def _utc(date: str) -> str | None:
    return f"{given}+00:00" if (given := _given(date)) else None


def _given(date: str) -> str | None:
    return None if not date or any(none in date for none in NO_DATE) else date


def _terms(item: _Element) -> dict[str, Any]:
    """Return tags and section: the first category is the section, further ones are tags."""
    section, tags = "", []
    for term in item:
        domain, name = term.get("domain"), text_in(term)
        if local(term) != "category" or not name:
            continue
        if domain in ("post_tag", "tag"):  # WXR 1.0 says `tag`
            tags.append(name)
        elif domain == "category" and term.get("nicename") != NO_SECTION and name.lower() != NO_SECTION:
            section, more = section or name, [name] if section else []
            tags += more
    return {"tags": tags, "section": section}


def _author(login: str, blog: Blog) -> list[dict[str, str]] | None:
    name = blog.people.get(login) or login
    return [{"name": name, "role": "author"}] if name else None


def _metas(item: _Element) -> Iterator[tuple[str, str]]:
    for part in item:
        if local(part) == "postmeta":
            yield child(part, "meta_key"), child(part, "meta_value")


def _enclosures(meta: str | None) -> list[dict[str, str]] | None:
    """Read a recording: WordPress keeps address, bytes and media type on three lines."""
    if not meta:
        return None
    lines = [*meta.splitlines(), "", ""]
    return [{"url": lines[0].strip(), "length": lines[1].strip(), "media_type": lines[2].strip()}]
