"""Clean HTML: nothing that runs, frames or calls home without being asked; every URL absolute."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import nh3

from sources.identity import absolute_url
from sources.text import strip_forbidden, text_of

EMBEDS = {"audio", "video", "source", "track", "picture"}
OUTDATED = {"acronym", "center", "strike", "tt"}
PAGE_PARTS = {"article", "footer", "header", "hgroup", "nav"}
SUSPECT = {"bdo", "rtc"}  # the W3C validator warns of them: SecurityRisk, non-HTML
TAGS = (nh3.ALLOWED_TAGS | EMBEDS) - OUTDATED - PAGE_PARTS - SUSPECT
# Elements whose inside is no part of the story, and would come out as text.
DROPPED = set(
    "button iframe math noembed noframes noscript object option script select style svg template "
    "textarea title xmp".split()
)
LAZY = ("data-src", "data-lazy-src", "data-original", "data-srcset", "data-lazy-srcset")
ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "title", *LAZY},
    "source": {"src", "srcset", "sizes", "type", "media", *LAZY},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
    "track": {"src", "kind", "srclang", "label"},
    "time": {"datetime"},
    "abbr": {"title"},
    "*": {"dir", "lang"},
}
for _gone in SUSPECT:
    ATTRIBUTES.pop(_gone, None)
SCHEMES = {"http", "https", "mailto", "tel"}
URL_ATTRIBUTES = {"href", "src", "poster", "cite", "data-src", "data-lazy-src", "data-original"}
SRCSETS = {"srcset", "data-srcset", "data-lazy-srcset"}
# Commas stand inside addresses too; one that ends a candidate follows a descriptor or precedes a space.
BETWEEN_CANDIDATES = re.compile(r"(?<=\d[wx]),|,(?=\s)|,(?=https?://)")
DEEPEST = 2000  # levels; the parser's time grows with their square
# Elements that hold nothing, and those that the next of their kind ends: they don't nest by repetition.
FLAT = frozenset("area br col dd dt hr img input li link meta option p source td th tr track wbr".split())
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
ELEMENT = re.compile(r"<([a-zA-Z][\w-]*)")
# nh3 writes attributes in one way, so a pattern can read them.
LAZY_PICTURE = re.compile(r"<(?:img|source)(?: [\w-]+=\"[^\"]*\")*? data-(?:[^>\"]|\"[^\"]*\")*>")
WORD = re.compile(r"(?:<[^>]+>|\s)*[^<&\s]")  # behind elements and spaces, something to read
ATTRIBUTE = re.compile(r" ([\w-]+)=\"([^\"]*)\"")


def clean_html(content: str, base: str) -> str:
    """Make HTML safe and self-contained (F-13, F-14).

    base: the article's own URL, against which href, src, srcset, poster and cite resolve. Pictures that a
    script would load get their real address. Characters that XML forbids must be gone before; those that
    were written as references go here. Returns "" when nothing readable is left. Raises ValueError when
    elements nest deeper than any text does.
    """
    _check_depth(content)
    clean = _cleaner(base if "=" in content else "").clean  # without `=` no attribute holds an address
    cleaned = clean(content)
    if not TAGS.issuperset(map(str.lower, ELEMENT.findall(content))):
        cleaned = clean(cleaned)  # an element taken away can leave its children where they may not stand
    if " data-" in cleaned:
        cleaned = LAZY_PICTURE.sub(_load, cleaned)
    if "&#" in content:  # nh3 resolves references, so `&#11;` is a forbidden character only now
        cleaned = strip_forbidden(cleaned)[0]
    cleaned = cleaned.strip()
    return cleaned if _says_something(cleaned) else ""


@lru_cache(maxsize=8)  # one takes longer to make than to clean a story
def _cleaner(base: str) -> nh3.Cleaner:
    def attribute(_tag: str, name: str, value: str) -> str | None:
        if name in URL_ATTRIBUTES:
            return _absolute(value, base)
        return _absolute_srcset(value, base) if name in SRCSETS else value

    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    )


def _check_depth(content: str) -> None:
    if content.count("<") <= DEEPEST:
        return
    depth = 0
    for tag in TAG.finditer(content):
        if tag[2].lower() not in FLAT:
            depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > DEEPEST:
            raise ValueError(f"its elements nest more than {DEEPEST:,} deep; close what is opened")


def _says_something(content: str) -> bool:
    return bool(WORD.match(content) or re.search(r"<(?:img|audio|video)\b", content) or text_of(content))


def _absolute(url: str, base: str) -> str | None:
    url = url.strip()
    try:
        scheme = urlsplit(url).scheme
        if scheme in {"mailto", "tel"}:
            return url
        return absolute_url(url, base) if url and urljoin(base, url) != base else None
    except ValueError:
        return None


def _absolute_srcset(value: str, base: str) -> str | None:
    candidates = []
    for candidate in BETWEEN_CANDIDATES.split(value):
        url, _, descriptor = candidate.strip().partition(" ")
        if absolute := _absolute(url, base):
            candidates.append(f"{absolute} {descriptor.strip()}".strip())
    return ", ".join(candidates) or None


def _load(picture: re.Match[str]) -> str:
    """Give a lazily loaded picture its real address: no reader runs the script that would."""
    attributes = dict(ATTRIBUTE.findall(picture[0]))
    for name in LAZY:
        if real := attributes.pop(name, None):
            attributes["srcset" if name in SRCSETS else "src"] = real
    start = picture[0].partition(" ")[0]
    return start + "".join(f' {name}="{value}"' for name, value in attributes.items()) + ">"
