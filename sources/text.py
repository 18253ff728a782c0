"""Text: what a feed may carry. XML's characters, one-line titles, and HTML without harm."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

import nh3

# XML 1.0, production [2] Char: one stray U+000B kills a whole document for every reader (F-16).
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACES = re.compile(r"\s+")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# A tag by its look; `a < b` and `<3` are text.
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")

EMBEDS = {"audio", "video", "source", "track", "picture"}
OUTDATED = {"acronym", "center", "strike", "tt"}
PAGE_PARTS = {"article", "footer", "header", "hgroup", "nav"}
TAGS = (nh3.ALLOWED_TAGS | EMBEDS) - OUTDATED - PAGE_PARTS
ATTRIBUTES = {
    **nh3.ALLOWED_ATTRIBUTES,
    "img": {"src", "srcset", "sizes", "alt", "width", "height", "title"},
    "source": {"src", "srcset", "sizes", "type", "media"},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
    "track": {"src", "kind", "srclang", "label"},
    "time": {"datetime"},
    "abbr": {"title"},
    "*": {"dir", "lang"},
}
SCHEMES = {"http", "https", "mailto", "tel"}
URL_ATTRIBUTES = {"href", "src", "poster", "cite"}
LAZY = re.compile(r"""<(img|source|iframe)\b[^>]*?\sdata-src""", re.IGNORECASE)


def strip_forbidden(text: str) -> tuple[str, int]:
    """Return `text` without the characters XML 1.0 forbids, and how many there were."""
    return FORBIDDEN.subn("", text)


def one_line(text: str) -> str:
    """Fold every run of white space to one space: what a title or a name needs."""
    return SPACES.sub(" ", text).strip()


def plain(text: str) -> str:
    """Turn a headline or summary that came as HTML into plain text; leave plain text alone (F-15).

    CMS exports write `Tom &amp; Jerry` and `<em>Kompas</em>`; `a < b` and `AT&T` are not HTML and stay.
    """
    if "<" in text:
        text = TAG.sub("", text)
    if "&" in text:
        text = ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def paragraphs(lines: list[str]) -> str:
    """Make HTML of plain paragraphs, one string each."""
    return "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)


def _absolute(url: str, base: str) -> str | None:
    try:
        absolute = urljoin(base, url.strip())
        return absolute if urlsplit(absolute).scheme in SCHEMES else None
    except ValueError:  # urljoin's word on `http://[`
        return None


def _absolute_srcset(value: str, base: str) -> str | None:
    candidates = []
    for candidate in re.split(r",\s+|,(?=https?:|/)", value.strip()):
        url, _, descriptor = candidate.strip().rstrip(",").partition(" ")
        if url and (absolute := _absolute(url, base)):
            candidates.append(f"{absolute} {descriptor.strip()}".strip())
    return ", ".join(candidates) or None


def clean_html(content: str, base: str) -> str:
    """Make HTML safe and self-contained: nothing that runs, frames or tracks clicks; every URL absolute.

    base: the article's own URL, against which href, src, srcset, poster and cite resolve (F-13, F-14).
    Returns "" when nothing readable is left.
    """
    if LAZY.search(content):
        content = _undo_lazy_images(content)

    def attribute(_tag: str, name: str, value: str) -> str | None:
        if name in URL_ATTRIBUTES:
            return _absolute(value, base)
        if name == "srcset":
            return _absolute_srcset(value, base)
        return value

    cleaned = nh3.clean(
        content,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=SCHEMES,
        link_rel=None,
    ).strip()
    return cleaned if _says_something(cleaned) else ""


def _says_something(content: str) -> bool:
    return bool(re.search(r"<(?:img|audio|video)\b", content) or text_of(content))


def text_of(content: str) -> str:
    """Return the words of an HTML fragment on one line."""
    return one_line(html.unescape(re.sub(r"<[^>]+>", " ", content)))


def _undo_lazy_images(content: str) -> str:
    """Give lazily loaded pictures their real address: no reader runs the script that would (F-13)."""
    import lxml.html

    root = lxml.html.fragment_fromstring(content, create_parent="div")
    for element in root.iter("img", "source"):
        for name in ("src", "srcset"):
            if lazy := element.attrib.pop(f"data-{name}", None):
                element.set(name, lazy)
    return "".join(
        [html.escape(root.text or "", quote=False)]
        + [lxml.html.tostring(child, encoding="unicode") for child in root]
    )
