"""Aliases: what others call an Article's fields, and how they shape them; any record in, one for `admit` out.

Known by name: tagwire's own fields, ninjs 1.x to 3.x (N-20, N-21), schema.org NewsArticle (N-01), JSON Feed,
Atom and RSS turned into JSON, and what content systems commonly use. Letters' case and `-_:@#` in a key
don't count: `datePublished`, `date_published` and `dc:creator`, `dcCreator` are alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from sources.article import Article
from sources.media_types import media_type_of
from sources.text import ENTITY

# Field -> the names it goes by, best first. A value that is empty or of the wrong shape lets the next speak.
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uri", "identifier", "uuid", "uid", "_id", "article_id", "post_id", "nid"),
    "url": (
        *("url", "link", "links", "permalink", "canonical_url", "canonical", "web_url", "href"),
        *("mainEntityOfPage", "external_url"),
    ),
    "title": ("headlines", "title", "headline", "headline_main", "name", "judul"),
    "summary": (
        *("summary", "descriptions", "description_text", "description_main", "abstract", "excerpt", "lead"),
        *("lede", "standfirst", "dek", "teaser", "snippet", "contentSnippet", "ringkasan", "description"),
    ),
    "content": (
        *("content", "content_html", "content:encoded", "bodies", "body_html", "body_richtext", "body_main"),
        *("html", "body", "articleBody", "isi", "text", "content_text", "body_text"),
    ),
    "published": (
        *("published", "datePublished", "date_published", "published_at", "published_on", "publish_date"),
        *("publication_date", "pubDate", "isoDate", "article:published_time", "dcterms:issued", "issued"),
        *("firstCreated", "date", "dc:date", "tanggal", "dateCreated", "created_at", "created"),
        *("versionCreated", "contentCreated"),
    ),
    "updated": (
        *(
            "updated",
            "dateModified",
            "date_modified",
            "updated_at",
            "modified_at",
            "last_modified",
            "lastmod",
        ),
        *("atom:updated", "dcterms:modified", "article:modified_time", "versionCreated"),
    ),
    "modified": ("modified",),
    "embargoed_until": ("embargoed_until", "embargoed", "embargo", "embargo_date"),
    "expires": (
        "expires",
        "expires_at",
        "expiry",
        "expiration_date",
        "article:expiration_time",
        "unpublish_at",
    ),
    "publisher": ("publisher", "site_name", "og:site_name", "dc:publisher"),
    "tags": (
        *(
            "tags",
            "keywords",
            "subjects",
            "subject",
            "dc:subject",
            "news_keywords",
            "topics",
            "labels",
            "tag",
        ),
        *("categories", "category", "kategori"),
    ),
    "section": ("section", "articleSection", "article:section", "rubric", "rubrik", "desk"),
    "language": ("language", "lang", "inLanguage", "xml:lang", "dc:language", "locale"),
    "credit": ("credit", "creditline", "infoSources", "infoSource", "dc:source"),
    "rights": ("rights", "copyrightNotice", "copyright", "dc:rights", "usageTerms", "license"),
    "status": ("status", "pubStatus", "post_status", "publication_status"),
    "alternate_ids": ("alternate_ids", "altIds", "sameAs"),
    "images": (
        *(
            "images",
            "image",
            "lead_image",
            "featured_image",
            "hero_image",
            "cover_image",
            "og:image",
            "picture",
        ),
        *("photo", "photos", "gambar", "media:content", "image_url", "urlToImage", "banner_image"),
        *("thumbnailUrl", "thumbnail", "media:thumbnail"),
    ),
    "enclosures": ("enclosures", "enclosure", "attachments", "audio", "video", "podcast"),
    "authors": (
        *("authors", "author", "byline", "by", "dc:creator", "creators", "creator", "writer", "writers"),
        *("reporter", "penulis", "wartawan"),
    ),
    "editor": ("editor", "editors", "redaktur"),
    "contributor": ("contributor", "contributors", "dc:contributor"),
    "photographer": ("photographer", "photographers", "fotografer"),
}
# The same for what stands inside the objects.
WORDS = (
    *("value", "rendered", "name", "label", "term", "displayName", "fullName", "title", "text", "html"),
    *("_", "$date", "$oid", "$numberLong"),
)
ADDRESS = ("contentUrl", "url", "href", "src", "source_url", "rendered", "value", "text")
MEDIA: dict[str, tuple[str, ...]] = {
    "media_type": ("media_type", "mime_type", "content_type", "encodingFormat", "type"),
    "length": ("length", "size_in_bytes", "file_size", "filesize", "size", "contentSize"),
    "width": ("width",),
    "height": ("height",),
    "caption": (
        *("caption", "descriptions", "description", "description_text", "description_main", "alt"),
        *("headlines", "headline", "title"),
    ),
    "credit": ("credit", "creditText", "photographer", "by", "byline", "author", "creator", "copyright"),
}
ROLES = {
    **dict.fromkeys(("author", "writer", "reporter", "penulis", "wartawan", "pewarta"), "author"),
    **dict.fromkeys(("editor", "redaktur", "penyunting"), "editor"),
    **dict.fromkeys(("photographer", "photo", "fotografer", "pewarta foto"), "photographer"),
}
# What a record calls its state. A word that isn't here is passed on, for `admit` to reject by name: to
# publish what was meant to be withheld is the worse mistake.
STATES = {
    **dict.fromkeys(("usable", "publish", "published", "public", "live", "active", "true", "1"), "usable"),
    **dict.fromkeys(("withheld", "draft", "pending", "private", "future", "scheduled", "hidden"), "withheld"),
    **dict.fromkeys(("unpublished", "inactive", "false", "0"), "withheld"),
    **dict.fromkeys(("canceled", "cancelled", "deleted", "trash", "retracted", "withdrawn"), "canceled"),
}
FLAGS = {
    **dict.fromkeys(("deleted", "isdeleted", "retracted", "canceled", "cancelled"), (True, "canceled")),
    **dict.fromkeys(("draft", "isdraft", "hidden", "private", "embargoed"), (True, "withheld")),
    **dict.fromkeys(("published", "ispublished", "visible"), (False, "withheld")),
}
PLAIN_NAMES = {"contenttext", "bodytext"}  # plain text whatever it looks like
KINDS = {"picture": "image", "graphic": "image", "video": "video", "audio": "audio"}  # ninjs's `type`
WIDEST = 2560  # pixels; of several renditions the widest up to this: beyond it are files for print
EMPTY: tuple[object, ...] = (None, "", [], {}, ())
MARKUP = re.compile(r"</[a-z][a-z0-9]*\s*>|<(?:p|br|img|hr)\b[^<>]*>", re.IGNORECASE)
NO_DATE = re.compile(r"\s*000[01]-")  # how databases say: none
LIKE_ADDRESS = re.compile(r"/|\.\w{2,5}\s*$")  # `photo` may hold a photographer's name
# `data:` and `blob:` are no addresses a feed can give.
OTHER_SCHEME = re.compile(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def translate(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give a record with anyone's field names as a raw record for `sources.record.admit`.

    tagwire's own names win; keys that nobody knows are left out; nothing is validated, and nothing raises.
    A record with `date_basis` is an Article's own JSON and passes as it is.
    """
    if "date_basis" in record:
        return {name: record[name] for name in Article.model_fields if record.get(name) not in EMPTY}
    given = _folded(record)
    if "headline" in given and "versioncreated" in given:
        given.pop("title", None)  # ninjs 1.x: `title` is for the desk, `headline` for readers
    raw = {field: _first(given, NAMES[field], read) for field, read in READERS.items()}
    raw |= {"id": _id(given), "url": _url(given), "rights": _rights(given), "status": _status(given)}
    raw |= {"authors": _authors(given), **_story(given), **_tagging(given), **_media(given)}
    return {field: value for field, value in raw.items() if value not in EMPTY}


@lru_cache(maxsize=4096)
def _fold(key: str) -> str:
    return "".join(c for c in key.lower() if c.isalnum()) or key


def _folded(record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the record with folded keys and without empty values; of two like keys the plainest counts."""
    keys = sorted((key for key in record if isinstance(key, str)), key=lambda key: key != _fold(key))
    folded: dict[str, Any] = {}
    for key in keys:
        if record[key] not in EMPTY:
            folded.setdefault(_fold(key), record[key])
    return folded


def _first(given: Mapping[str, Any], names: tuple[str, ...], read: Callable[[Any], Any]) -> Any:
    for name in names:
        value = given.get(_fold(name))
        if value is not None and (found := read(value)) not in EMPTY:
            return found
    return None


def _members(value: Any) -> list[Any]:
    """Give one or several as a list, `main` first; ninjs 1.x has an object with named members instead."""
    if isinstance(value, Mapping):
        inner = list(value.values())
        return inner if all(isinstance(item, Mapping) for item in inner) else [value]
    items = [item for item in (value if isinstance(value, (list, tuple)) else [value]) if item not in EMPTY]
    return sorted(items, key=lambda item: not (isinstance(item, Mapping) and item.get("role") == "main"))


def _bare(value: Any) -> Any:
    """Take a value out of what it's wrapped in: `{"rendered": …}`, `[{"role": "main", "value": …}]`."""
    for _ in range(6):
        if isinstance(value, Mapping):
            value = _first(_folded(value), WORDS, lambda inner: inner)
        elif isinstance(value, (list, tuple)):
            value = next(iter(_members(value)), None)
        else:
            return value
    return None


def _text(value: Any) -> str | None:
    bare = _bare(value)
    return bare if isinstance(bare, str) and bare.strip() else None


def _title(value: Any) -> str | None:
    bare = _bare(value)
    is_number = isinstance(bare, (int, float)) and not isinstance(bare, bool)
    return str(bare) if is_number else _text(bare)


def _moment(value: Any) -> str | int | float | None:
    bare = _bare(value)
    if isinstance(bare, bool) or not isinstance(bare, (str, int, float)) or not bare:
        return None
    return None if isinstance(bare, str) and (NO_DATE.match(bare) or not bare.strip()) else bare


def _number(value: Any) -> int | None:
    bare = _bare(value)
    if isinstance(bare, str) and (match := re.fullmatch(r"\s*(\d{1,15})(?:\.0+)?\s*(?:px)?\s*", bare)):
        return int(match[1])
    if isinstance(bare, (int, float)) and not isinstance(bare, bool) and bare == bare // 1:
        return int(bare)
    return None


def _language(value: Any) -> str | None:
    code = _text(value.get("alternateName")) if isinstance(value, Mapping) else None  # schema.org's Language
    return code or _text(value)


def _words(value: Any) -> str | list[str] | None:
    """Read tags. A list of nothing but numbers points into a table that isn't here."""
    if isinstance(value, str):
        return value
    bare = [_bare(item) for item in (value if isinstance(value, (list, tuple)) else [value])]
    if not any(isinstance(item, str) for item in bare):
        return None
    return [str(item) for item in bare if isinstance(item, (str, int)) and not isinstance(item, bool)]


def _names(value: Any) -> str | None:
    found = _words(value)
    return ", ".join(found) if isinstance(found, list) else found


def _ids(value: Any) -> str | list[str] | None:
    return _words(list(value.values()) if isinstance(value, Mapping) else value)


def _id(given: Mapping[str, Any]) -> str | int | None:
    """Find the id: a number, which is unique only in its own table, where there is nothing better (F-04)."""

    def text(value: Any) -> str | None:
        found = _text(value)  # `#article` and `_:b0` are names within one page
        return None if found is None or found.startswith(("#", "_:")) else found

    found: str | int | None = _first(given, NAMES["id"], text) or _first(given, NAMES["id"], _number)
    return found


def _address(value: Any) -> str | None:
    """Find a page's address among links that may say what they are."""
    for item in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(item, str) and item.strip():
            return item
        link = _folded(item) if isinstance(item, Mapping) else {}
        found = _first(link, (*ADDRESS, "id"), _text)
        if found and link.get("rel", "alternate") in ("alternate", "canonical"):
            return str(found)
    return None


def _url(given: Mapping[str, Any]) -> str | None:
    if found := _first(given, NAMES["url"], _address):
        return str(found)
    guid = given.get("guid")
    text = _text(guid) or ""
    stated = _folded(guid).get("ispermalink") if isinstance(guid, Mapping) else None
    is_link = str(stated).lower() != "false" and text.startswith(("http://", "https://"))
    return text if is_link else None


def _rights(given: Mapping[str, Any]) -> str | None:
    """Join what a record says of rights into one line for people to read."""
    stated = _first(given, NAMES["rights"], lambda value: _text(value) or _address(value))
    terms = _text(given.get("usageterms"))
    if stated and terms and stated != terms and "rights" not in given:
        return f"{stated} {terms}"
    if not stated and (holder := _text(given.get("copyrightholder"))):
        return f"© {holder}"
    info = given.get("rightsinfo")
    linked = _text(_folded(info).get("linkedrights")) if isinstance(info, Mapping) else None
    return stated or linked


def _status(given: Mapping[str, Any]) -> str | None:
    """Find whether a record is to be published; of several words the strictest counts."""

    def state(value: Any) -> str | None:
        bare = _bare(value)
        return None if bare is None else STATES.get(str(bare).strip().lower(), str(bare))

    stated = _first(given, NAMES["status"], state)
    found = [stated, *(status for name, (flag, status) in FLAGS.items() if given.get(name) is flag)]
    return next((status for status in ("canceled", "withheld") if status in found), stated)


def _authors(given: Mapping[str, Any]) -> list[dict[str, str]]:
    people = list(_first(given, NAMES["authors"], _people) or [])
    for role in ("editor", "contributor", "photographer"):
        people += [{"role": role, **person} for person in _first(given, NAMES[role], _people) or []]
    return people


def _people(value: Any) -> list[dict[str, str]]:
    items = value if isinstance(value, (list, tuple)) else [value]
    people = (_person(item) if isinstance(item, Mapping) else _byline(item) for item in items)
    return [person for person in people if person]


def _byline(value: Any) -> dict[str, str] | None:
    """Read a printed byline; RSS writes `siti@kabar.example (Siti)` (F-18)."""
    if not isinstance(value, str) or not value.strip():
        return None
    name, email = parseaddr(value) if "@" in value else ("", "")
    if email:
        return {"name": name or email.partition("@")[0], "email": email}
    return {"name": re.sub(r"^\s*(?:by|oleh)\s*[: ]\s*(?=\S)", "", value, flags=re.IGNORECASE)}


def _person(value: Mapping[str, Any]) -> dict[str, str] | None:
    inner = _folded(value)
    name = _text(inner)
    if name is None:
        return None
    person = {"name": name}
    if role := _text(inner.get("role")):
        person["role"] = ROLES.get(role.strip().lower(), "contributor")
    if url := _first(inner, ("url", "uri"), _text):
        person["url"] = url
    if email := _text(inner.get("email")):
        person["email"] = email
    return person


def _story(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Find the story as HTML and as text, and its summary."""
    found: dict[str, str] = {}
    for name in map(_fold, NAMES["content"]):
        for stated, text in _versions(given.get(name)):
            kind = "text" if name in PLAIN_NAMES else stated or _look_of(name, text)
            found.setdefault(kind, text if kind == "content" else _apart(text))
    summary = _first(given, NAMES["summary"], _text)
    description = _text(given.get("description")) or ""
    if not found and MARKUP.search(description):  # RSS without content:encoded (F-12)
        found["content"] = description
        summary = None if summary == description else summary
    return {"summary": summary, "content": found.get("content"), "text": found.get("text")}


def _versions(value: Any) -> list[tuple[str, str]]:
    """Give each form a story comes in: its kind, `content`, `text` or "" if it isn't said, and the words."""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        value = "\n\n".join(value)
    versions = []
    for item in _members(value):
        text = _text(item)
        inner = _folded(item) if isinstance(item, Mapping) else {}
        media_type = str(_first(inner, ("content_type", "type", "format", "mime_type"), _text) or "").lower()
        if text and ("html" in media_type or "/" not in media_type or media_type.startswith("text/plain")):
            kind = "content" if "html" in media_type else "text" if media_type.startswith("text") else ""
            versions.append((kind, text))
    return versions


def _look_of(name: str, text: str) -> str:
    """Tell HTML from plain text by its look; our own `content` is HTML unless its lines say otherwise."""
    if MARKUP.search(text) or ENTITY.search(text) or (name == "content" and "\n" not in text.strip()):
        return "content"
    return "text"


def _apart(text: str) -> str:
    """Part paragraphs by blank lines where each stands on one long line: nobody wraps at 120."""
    lines = text.strip().splitlines()
    if "" in map(str.strip, lines) or not any(len(line) > 120 for line in lines):
        return text
    return "\n\n".join(lines)


def _tagging(given: Mapping[str, Any]) -> dict[str, Any]:
    """Find tags and section; a single category that the tags don't come from is the section."""
    tags = _first(given, NAMES["tags"], _words)
    section = _first(given, NAMES["section"], _text)
    category = given.get("category") or given.get("kategori")
    if section is None and isinstance(category, (str, Mapping)) and _words(category) != tags:
        section = _text(category)
    return {"tags": tags, "section": section}


def _media(given: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Find pictures and files, each told by its media type, whatever the key it stood under."""
    found = [("images", medium) for medium in _first(given, NAMES["images"], _several) or []]
    for name in NAMES["enclosures"]:
        found += [("enclosures", medium) for medium in _several(given.get(_fold(name)))]
    associated = [_folded(item) for item in _members(given.get("associations")) if isinstance(item, Mapping)]
    for item in [given, *filter(_is_shown, associated)]:
        found += [("enclosures", medium) for medium in _rendition(item)]
    out: dict[str, list[dict[str, Any]]] = {"images": [], "enclosures": []}
    for field, medium in found:
        kind = _kind(medium)
        out["images" if kind == "image" else "enclosures" if kind else field].append(medium)
    return out


def _several(value: Any) -> list[dict[str, Any]]:
    items = value if isinstance(value, (list, tuple)) else [value]
    return [medium for item in items if (medium := _medium(item))]


def _medium(value: Any) -> dict[str, Any] | None:
    inner = _folded(value) if isinstance(value, Mapping) else {"url": value}
    url = _first(inner, ADDRESS, _text)
    if not url or OTHER_SCHEME.match(url) or not LIKE_ADDRESS.search(url):
        return None
    media_type = str(_first(inner, MEDIA["media_type"], _text) or "").replace("image/jpg", "image/jpeg")
    medium = {"url": url, "media_type": media_type if "/" in media_type else None}  # not `ImageObject`
    for field in ("length", "width", "height"):
        medium[field] = _first(inner, MEDIA[field], _number)
    for field in ("caption", "credit"):
        medium[field] = _first(inner, MEDIA[field], _text)
    return {field: value for field, value in medium.items() if value not in EMPTY}


def _kind(medium: Mapping[str, Any]) -> str:
    try:
        media_type = medium.get("media_type") or media_type_of(medium["url"]) or ""
    except ValueError:  # `http://[`; admit says so
        return ""
    return str(media_type).partition("/")[0]


def _is_shown(item: Mapping[str, Any]) -> bool:
    """Is this ninjs association a part of the story: not another story, and not withheld?"""
    return item.get("type") != "text" and _status(item) not in ("withheld", "canceled")


def _rendition(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the best of the renditions of one ninjs picture, film or sound, in a list of one or none."""
    nature = KINDS.get(str(item.get("type")))
    several = (medium for rendition in _members(item.get("renditions")) if (medium := _medium(rendition)))
    fitting = [medium for medium in several if _kind(medium) in ({nature} if nature else set(KINDS.values()))]
    if not fitting:
        return []
    small = [medium for medium in fitting if medium.get("width", 0) <= WIDEST]
    best = max(small, key=_width) if small else min(fitting, key=_width)
    words = {field: _first(item, MEDIA[field], _text) for field in ("caption", "credit")}
    return [{**best, **words}]


def _width(medium: Mapping[str, Any]) -> int:
    return int(medium.get("width", 0))


READERS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    **dict.fromkeys(("published", "updated", "modified", "embargoed_until", "expires"), _moment),
    "publisher": _text,
    "language": _language,
    "credit": _names,
    "alternate_ids": _ids,
}
