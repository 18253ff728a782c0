"""Entries, written as text, are to the byte what feedgen and lxml would make of the same article."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from feedgen.entry import FeedEntry
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.channel import Publisher
from feeds.formats import atom, rss
from feeds.formats.elements import ATOM, CONTENT, IN_RSS_ITEMS
from feeds.formats.media import NO_TYPE, main_enclosure
from feeds.formats.rendering import LEAD, Category, Rendering, lead
from feeds.formats.tree import add
from sources.article import Article, Media, Person
from sources.text import shorten, text_of

PUBLISHER = Publisher(
    "https://n.example/", "https://n.example/f/", "N", "N & Co", "n.example,2024", language="id"
)
# What a feed may carry (XML 1.0, Char), with what must be escaped often among it.
LETTERS = st.characters(min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
TEXT = st.text(LETTERS | st.sampled_from("&<>\"'\r\n\t]é…"), min_size=1, max_size=40)
URLS = st.sampled_from(["https://n.example/1?a=1&b=2", "https://n.example/berita/2", "https://n.example/'3'"])
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - it gets its zone here
    lambda moment: moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=moment.minute * 14 - 400)))
)
PEOPLE = st.builds(
    Person,
    name=TEXT,
    role=st.sampled_from(["author", "editor", "contributor", "photographer"]),
    url=st.none() | URLS,
    email=st.none() | st.just("a@n.example"),
)
SIZES = st.none() | st.integers(1, 9999)
MEDIA = st.builds(
    Media,
    url=URLS,
    media_type=st.sampled_from([None, "image/jpeg", "audio/mpeg", "video/mp4", "text/plain"]),
    length=SIZES,
    width=SIZES,
    height=SIZES,
    duration=SIZES,
    caption=st.none() | TEXT,
    credit=st.none() | TEXT,
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Make any Article."""
    maybe = st.none() | TEXT
    return Article(
        id=draw(URLS),
        url=draw(st.none() | URLS),
        title=draw(TEXT),
        summary=draw(maybe),
        content=draw(maybe | TEXT.map(lambda text: f"<p>{html.escape(text)} <b>&amp;</b></p>\n" * 20)),
        published=(moment := draw(MOMENTS)),
        updated=(later := moment + timedelta(seconds=draw(st.integers(0, 9**8)))),
        modified=later,
        authors=tuple(draw(st.lists(PEOPLE, max_size=3))),
        publisher=draw(maybe),
        language=draw(st.sampled_from([None, "id", "en-GB"])),
        images=tuple(draw(st.lists(MEDIA, max_size=2))),
        enclosures=tuple(draw(st.lists(MEDIA, max_size=3))),
        credit=draw(maybe),
        rights=draw(maybe),
        comments_url=draw(st.none() | URLS),
    )


RENDERINGS = st.builds(
    Rendering,
    st.just(PUBLISHER),
    st.lists(st.builds(Category, TEXT, URLS), max_size=3).map(tuple),
    content=st.booleans(),
    images=st.booleans(),
)


# --- the same with feedgen, and lxml for what it has no words for ---


def by_feedgen(article: Article, rendering: Rendering) -> FeedEntry:
    """Make feedgen's entry with all that RSS and Atom share."""
    entry = FeedEntry()
    entry.guid(article.id, permalink=False)
    entry.title(article.title)
    if article.url:
        entry.link(href=article.url)
    entry.published(article.published)
    entry.updated(article.updated)
    if article.comments_url:
        entry.comments(article.comments_url)
    for category in rendering.categories:
        entry.category(term=category.name, scheme=category.url)
    return entry


def rss_by_feedgen(  # noqa: PLR0912 - a line for each element
    article: Article, rendering: Rendering
) -> bytes:
    """Render an item as `feeds.formats.rss` does."""
    entry = by_feedgen(article, rendering)
    if summary := article.summary or lead(article.content or ""):
        entry.description(html.escape(summary, quote=False), isSummary=True)
    if article.content and rendering.content:
        entry.content(article.content)
    item = entry.rss_entry()
    for person in article.authors:
        add(item, "dc:creator" if person.role == "author" else "dc:contributor", person.name)
    for name, text in (("dc:source", article.credit), ("dc:rights", article.rights)):
        if text:
            add(item, name, text)
    if article.language and article.language != PUBLISHER.language:
        add(item, "dc:language", article.language)
    add(item, "atom:updated", article.updated.isoformat())
    main = main_enclosure(article)
    if main:
        add(item, "enclosure", url=main.url, length=main.length or 0, type=main.media_type or NO_TYPE)
    for other in article.enclosures:
        if other is not main:
            add_content(item, other, (other.media_type or "").partition("/")[0])
    if rendering.images:
        add_images(item, article)
    if main and (main.media_type or "").startswith("audio/"):
        if main.duration:
            add(item, "itunes:duration", str(main.duration))
        for image in article.images[:1] if rendering.images else ():
            add(item, "itunes:image", href=image.url)
    return serialised(item, "rss", "channel")


def atom_by_feedgen(  # noqa: PLR0912 - a line for each element
    article: Article, rendering: Rendering
) -> bytes:
    """Render an entry as `feeds.formats.atom` does."""
    made = by_feedgen(article, rendering)
    authors = [person for person in article.authors if person.role == "author"]
    for person in authors or [Person(name=article.publisher or PUBLISHER.name)]:
        made.author(fields_of(person))
    for person in article.authors:
        if person.role != "author":
            made.contributor(fields_of(person))
    if summary := article.summary or ("" if rendering.content else lead(article.content or "")):
        made.summary(summary)
    if article.content and rendering.content:
        made.content(article.content, type="html")
    elif not article.url:
        made.content(f"<p>{html.escape(summary or article.title, quote=False)}</p>", type="html")
    if article.rights:
        made.rights(article.rights)
    entry = made.atom_entry()
    if article.language:
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", article.language)
    for link in entry.findall("link"):
        link.set("rel", "alternate")
        link.set("type", "text/html")
    for media in article.enclosures:
        kind = media.media_type or NO_TYPE
        add(entry, "link", href=media.url, rel="enclosure", type=kind, length=media.length)
    if article.credit:
        add(entry, "dc:source", article.credit)
    if article.comments_url:
        add(entry, "link", href=article.comments_url, rel="replies", type="text/html")
    if rendering.images:
        add_images(entry, article)
    return serialised(entry, "feed")


def fields_of(person: Person) -> dict[str, str]:
    """Return what feedgen takes for a person."""
    fields = {"name": person.name, "uri": person.url, "email": person.email}
    return {key: value for key, value in fields.items() if value}


def add_images(entry: etree._Element, article: Article) -> None:
    """Add pictures, and the first as a thumbnail."""
    for image in article.images:
        add_content(entry, image, "image")
    for image in article.images[:1]:
        add(entry, "media:thumbnail", url=image.url, width=image.width, height=image.height)


def add_content(parent: etree._Element, media: Media, medium: str) -> None:
    """Add one thing of Media RSS."""
    content = add(
        parent,
        "media:content",
        url=media.url,
        fileSize=media.length or None,
        type=media.media_type,
        medium=medium if medium in ("image", "audio", "video") else None,
        duration=media.duration,
        height=media.height,
        width=media.width,
    )
    if media.caption:
        add(content, "media:description", media.caption, type="plain")
    if media.credit:
        add(content, "media:credit", media.credit, role="photographer", scheme="urn:ebu")


def serialised(entry: etree._Element, *around: str) -> bytes:
    """Write an entry as it stands inside its document: indented, namespaces left to the root."""
    root = parent = etree.Element(around[0], nsmap={"atom": ATOM, "content": CONTENT, **IN_RSS_ITEMS})
    for tag in around[1:]:
        parent = etree.SubElement(parent, tag)
    parent.append(entry)
    text = etree.tostring(root, encoding="UTF-8", pretty_print=True)
    start = text.index(b"<" + entry.tag.encode())
    end = text.rindex(b"</" + entry.tag.encode() + b">") + len(entry.tag) + 3
    return b"  " * len(around) + text[start:end] + b"\n"


@given(articles(), RENDERINGS)
def test_an_item_is_what_feedgen_would_write(article: Article, rendering: Rendering) -> None:
    """Every field, every escape, in RSS."""
    assert b"".join(rss.entry(article, rendering)) == rss_by_feedgen(article, rendering)


@given(articles(), RENDERINGS)
def test_an_entry_is_what_feedgen_would_write(article: Article, rendering: Rendering) -> None:
    """Every field, every escape, in Atom."""
    assert b"".join(atom.entry(article, rendering)) == atom_by_feedgen(article, rendering)


@pytest.mark.parametrize("entry", [rss.entry, atom.entry])
@pytest.mark.parametrize("wrong", ["\x0b", "\x00", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_forbids_is_refused(entry: Any, wrong: str) -> None:
    """One such character would make a whole document unreadable (F-16): its entry is set aside instead."""
    article = Article.model_validate(
        {"id": "tag:n.example,2024:1", "title": "x", "published": datetime(2024, 1, 1, tzinfo=UTC)}
    )
    assert entry(article, Rendering(PUBLISHER))
    with pytest.raises(ValueError, match=r"XML|surrogates"):
        entry(article.model_copy(update={"title": f"x{wrong}y"}), Rendering(PUBLISHER))


WORDS = st.text(st.sampled_from("abé<>&;# \n/\"='"), max_size=60)


@given(
    st.lists(WORDS | st.sampled_from(["<p>", "</p>", "&amp;", "&lt;b&gt;", "kata " * 40, '<a href="x>y">']))
)
def test_a_lead_is_cut_as_if_the_whole_story_had_been_read(parts: list[str]) -> None:
    """It is made of the story's beginning alone, where that is enough."""
    content = "".join(parts)
    assert lead(content) == shorten(text_of(content), LEAD)
