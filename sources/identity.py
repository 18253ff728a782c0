"""Identity: canonical URLs, permanent ids for articles that come without one, and what makes tags one."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

# Parameters that say where a click came from, not which page it leads to.
TRACKERS = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid "
    "_ga _gl _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id s_cid cmpid wt_mc ocid cvid spm "
    "ref_src ref_url __twitter_impression at_medium at_campaign".split()
)
TRACKER_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_")
DEFAULT_PORTS = {"http": 80, "https": 443}
# RFC 3986: what may stand unescaped in a path and a query; `%` because escapes are left as they are.
IN_PATH = "/%:@!$&'()*+,;=~-._"
IN_QUERY = IN_PATH + "?"
# What may stand unescaped in the specific part of a tag: URI (RFC 4151, section 2.1).
TAG_SPECIFIC = "/-._~!$&'()*+,;=:@"
HOST = re.compile(r"(?!-)[a-z0-9_-]+(?:\.(?!-)[a-z0-9_-]+)*")
# Most addresses: nothing in them could be written in another way.
PLAIN_URL = re.compile(rf"https?://{HOST.pattern}/[A-Za-z0-9._~/-]*")
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
# Schemes made for names that last; `post:7` or `berita:7` is only somebody's prefix (F-04, F-39).
PERMANENT_ID = re.compile(
    r"https?://[^\s/?#<>\"{}|\\^`]+(?:[/?#][^\s<>\"{}|\\^`]*)?"
    r"|tag:[A-Za-z0-9.@_-]+,\d{4}(?:-\d\d){0,2}:[^\s<>\"{}|\\^`]*"
    r"|urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|urn:(?!uuid:)[A-Za-z0-9][A-Za-z0-9-]{1,31}:[^\s<>\"{}|\\^`]+"
)


def absolute_url(url: str, base: str) -> str:
    """Return `url` absolute and in ASCII, otherwise as it is: signed addresses break at a touch.

    Raises ValueError when it is no http(s) address.
    """
    if PLAIN_URL.fullmatch(url):
        return url
    parts = urlsplit(urljoin(base, url.strip()))
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("not http(s)")
    path = quote(parts.path or "/", IN_PATH)
    return urlunsplit(
        (parts.scheme, _host(parts.hostname, parts.port), path, quote(parts.query, IN_QUERY), parts.fragment)
    )


def _host(name: str, port: int | None) -> str:
    if not name.isascii():
        name = name.encode("idna").decode("ascii")
    name = name.rstrip(".")
    if ":" in name:
        name = f"[{name}]"
    elif not HOST.fullmatch(name):
        raise ValueError(f"{name!r} is no host name")
    return f"{name}:{port}" if port else name


def canonical_url(url: str, base: str) -> str:
    """Return an article's address as every link to it would be written: absolute, in ASCII, without
    fragment, default port and tracking parameters, and escaped in one way (RFC 3986, section 6.2.2).

    Raises ValueError when it is no http(s) address.
    """
    if PLAIN_URL.fullmatch(url):
        return url
    parts = urlsplit(absolute_url(url, base))
    host = parts.netloc.removesuffix(f":{DEFAULT_PORTS[parts.scheme]}")
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracker(pair))
    return urlunsplit((parts.scheme, host, _normal_escapes(parts.path), _normal_escapes(query), ""))


def _is_tracker(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def _normal_escapes(text: str) -> str:
    def normal(match: re.Match[str]) -> str:
        character = unquote(match[0])
        return character if UNRESERVED.fullmatch(character) else match[0].upper()

    return ESCAPE.sub(normal, text)


def is_permanent_id(value: str) -> bool:
    """Is `value` fit to be an Atom id as it stands (RFC 4287, section 4.2.6)?"""
    return PERMANENT_ID.fullmatch(value) is not None


def slug(text: str, limit: int = 80) -> str:
    """Make a readable path segment of `text`: its letters, digits and marks, at most `limit` bytes.

    Letters of every script stay. The result is NFC and case-folded, so that no file system takes two
    different slugs for one; it may be empty.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(c if c.isalnum() or unicodedata.category(c) in {"Mn", "Mc"} else " " for c in folded)
    words: list[str] = []
    for word in kept.split():
        if len("-".join([*words, word]).encode()) > limit:
            break
        words.append(word)
    if not words and kept.split():  # one word longer than the limit: cut between characters, not bytes
        words = [kept.split()[0].encode()[:limit].decode(errors="ignore")]
    return unicodedata.normalize("NFC", "-".join(words))


def fold(name: str) -> str:
    """Return what two spellings of one tag share: case, Unicode form and runs of spaces are gone."""
    if name.isascii():  # in which there are no other forms, and nothing unseen
        return " ".join(name.lower().split())
    text = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())


def mint_id(tagging_entity: str, specific: str) -> str:
    """Make a `tag:` URI (RFC 4151) from an entity `host,date` and what is specific to the thing."""
    return f"tag:{tagging_entity}:{quote(specific, safe=TAG_SPECIFIC)}"


def mint_article_id(
    tagging_entity: str, given: str | None, url: str | None, published: datetime, title: str
) -> str:
    """Choose an article's id: the source's own, else its canonical URL, else site, date and headline.

    given: what the source calls it; kept if it is made to last, else put into a `tag:` URI (F-04, F-39).
    """
    if given and is_permanent_id(given):
        return quote(given, safe=IN_QUERY + "#[]")
    if given:
        return mint_id(tagging_entity, given)
    if url:
        return url
    host = tagging_entity.partition(",")[0]
    return mint_id(f"{host},{published.date().isoformat()}", slug(title, 120) or title[:40])
