"""Identity: canonical URLs and the permanent ids that are minted when a source gives none."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

# Parameters that say where a click came from, not which page it leads to.
TRACKERS = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh mc_cid mc_eid "
    "_ga _gl _hsenc _hsmi mkt_tok vero_id oly_anon_id oly_enc_id s_cid cmpid wt_mc ocid cvid spm "
    "ref_src ref_url __twitter_impression at_medium at_campaign".split()
)
TRACKER_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_")
DEFAULT_PORTS = {"http": 80, "https": 443}
# What may stand unescaped in the specific part of a tag: URI (RFC 4151, section 2.1).
TAG_SPECIFIC = "/-._~!$&'()*+,;=:@"
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def _is_tracker(name: str) -> bool:
    name = name.lower()
    return name in TRACKERS or name.startswith(TRACKER_PREFIXES)


def canonical_url(url: str, base: str) -> str:
    """Return `url` absolute, in ASCII, without fragment, default port and tracking parameters.

    Raises ValueError when it is no http(s) address.
    """
    parts = urlsplit(urljoin(base, url.strip()))
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not an http(s) address")
    host = parts.hostname
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    if parts.port and parts.port != DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{parts.port}"
    query = parts.query
    if query:
        pairs = parse_qsl(query, keep_blank_values=True)
        if any(_is_tracker(name) for name, _ in pairs):
            query = urlencode([(n, v) for n, v in pairs if not _is_tracker(n)])
    safe = "/%:@!$&'()*+,;=~-._"
    return urlunsplit((parts.scheme, host, quote(parts.path or "/", safe), quote(query, safe + "?"), ""))


def is_absolute_iri(value: str) -> bool:
    """Is `value` fit to be an Atom id as it stands (RFC 4287, section 4.2.6)?"""
    return IRI.fullmatch(value) is not None


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


def mint_id(tagging_entity: str, specific: str) -> str:
    """Make a `tag:` URI (RFC 4151) from an entity `host,date` and what is specific to the thing."""
    return f"tag:{tagging_entity}:{quote(specific, safe=TAG_SPECIFIC)}"


def mint_article_id(
    tagging_entity: str, given: str | None, url: str | None, published: datetime, title: str
) -> str:
    """Choose an article's id: the source's own, else its canonical URL, else site, date and headline.

    given: what the source calls it; kept as it is if it is an absolute IRI, else made one (F-04, F-39).
    """
    if given:
        return given if is_absolute_iri(given) else mint_id(tagging_entity, given)
    if url:
        return url
    host = tagging_entity.partition(",")[0]
    return mint_id(f"{host},{published.date().isoformat()}", slug(title, 120) or quote(title[:40]))


def fold(name: str) -> str:
    """Return what two spellings of one tag share: case, Unicode form and runs of spaces are gone."""
    text = unicodedata.normalize("NFKC", name).casefold()
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join(visible.split())
