"""Names: what others call an Article's fields, a person's roles and a record's state; the tables alone.

Known are tagwire's own fields, ninjs 1.x to 3.x (N-20, N-21), schema.org NewsArticle (N-01), JSON Feed, Atom
and RSS turned into JSON, and what content systems commonly use. Letters' case and `-_:@#` in a key don't
count: `datePublished`, `date_published` and `dc:creator`, `dcCreator` are alike.
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def folded_key(key: str) -> str:
    """Return what all spellings of a key share: its letters and digits, in small letters."""
    return "".join(c for c in key.lower() if c.isalnum()) or key


def _names(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(folded_key, words.split())))


def _by_word(words_of: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in words_of.items() for word in words.split()}


# Field -> the names it goes by, best first. A value that is empty or of the wrong shape lets the next speak.
FIELDS = {
    "id": _names("id guid uri identifier uuid uid article_id post_id nid"),
    "url": _names(
        "url link links permalink canonical_url canonical web_url href mainEntityOfPage external_url"
    ),
    "title": _names("headlines title headline headline_main name judul"),
    "summary": _names(
        "summary descriptions description_text description_main abstract excerpt lead lede standfirst dek "
        "teaser snippet contentSnippet ringkasan description"
    ),
    "content": _names(
        "content content_html content:encoded bodies body_html body_richtext body_main html body "
        "articleBody isi text content_text body_text"
    ),
    "published": _names(
        "published datePublished published_at published_on publish_date publication_date pubDate isoDate "
        "article:published_time dcterms:issued issued firstCreated date dc:date tanggal dateCreated "
        "created_at created versionCreated contentCreated"
    ),
    "updated": _names(
        "updated dateModified updated_at modified_at last_modified lastmod atom:updated dcterms:modified "
        "article:modified_time versionCreated"
    ),
    "modified": _names("modified"),
    "embargoed_until": _names("embargoed_until embargoed embargo embargo_date"),
    "expires": _names("expires expires_at expiry expiration_date article:expiration_time unpublish_at"),
    "publisher": _names("publisher site_name og:site_name dc:publisher"),
    "tags": _names(
        "tags keywords subjects subject dc:subject news_keywords topics labels tag categories "
        "category kategori"
    ),
    "section": _names("section articleSection article:section rubric rubrik desk"),
    "language": _names("language lang inLanguage xml:lang dc:language locale"),
    "credit": _names("credit creditline infoSources infoSource dc:source"),
    "rights": _names("rights copyrightNotice copyright dc:rights usageTerms license"),
    "comments_url": _names("comments_url discussionUrl comment_url comments_link comments"),
    "status": _names("status pubStatus post_status publication_status"),
    "alternate_ids": _names("alternate_ids altIds sameAs"),
    "images": _names(
        "images image lead_image featured_image hero_image cover_image og:image picture photo photos gambar "
        "media:content image_url urlToImage banner_image thumbnailUrl thumbnail media:thumbnail"
    ),
    "enclosures": _names("enclosures enclosure attachments audio video podcast"),
    "authors": _names(
        "authors author byline by dc:creator creators creator writer writers reporter penulis wartawan"
    ),
    "editor": _names("editor editors redaktur"),
    "contributor": _names("contributor contributors dc:contributor"),
    "photographer": _names("photographer photographers fotografer"),
}


@lru_cache(maxsize=1024)  # the records of an export have the same keys
def fields_in(keys: frozenset[str]) -> frozenset[str]:
    """Return the fields of which a record with these folded keys may hold something."""
    return frozenset(field for field, names in FIELDS.items() if not keys.isdisjoint(names))


# The same for what stands inside the objects.
WORDS = _names("value rendered name label term displayName fullName title text html _ $date $oid $numberLong")
ADDRESS = _names("contentUrl url href src source_url rendered value text")
FORMAT = _names("content_type type format mime_type")
MEDIA = {
    "media_type": _names("media_type mime_type content_type encodingFormat type"),
    "length": _names("length size_in_bytes file_size filesize size contentSize"),
    "width": _names("width"),
    "height": _names("height"),
    "duration": _names("duration duration_in_seconds itunes:duration"),
    "caption": _names(
        "caption descriptions description description_text description_main alt headlines headline title"
    ),
    "credit": _names("credit creditText photographer by byline author creator copyright"),
}

# What a person did; another word makes a contributor.
ROLES = _by_word(
    {
        "author": "author writer reporter penulis wartawan pewarta",
        "editor": "editor redaktur penyunting",
        "photographer": "photographer photo fotografer pewartafoto",
    }
)

# What a record calls its state. A word that isn't here is passed on, for `admit` to reject by name: to
# publish what was meant to be withheld is the worse mistake.
STATES = _by_word(
    {
        "usable": "usable publish published public live active true 1",
        "withheld": "withheld draft pending private future scheduled hidden unpublished inactive false 0",
        "canceled": "canceled cancelled deleted trash retracted withdrawn",
    }
)
# Keys that say the same with true, and those that say it with false.
FLAGS = {
    True: _by_word(
        {
            "canceled": "deleted isdeleted retracted canceled cancelled",
            "withheld": "draft isdraft hidden private embargoed",
        }
    ),
    False: _by_word({"withheld": "published ispublished visible"}),
}
