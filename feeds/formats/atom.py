"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import html

from feeds.channel import Channel
from feeds.formats.mend import new_entry, new_feed, serialise
from feeds.formats.rendering import Rendering, lead
from sources.article import Article, Person


def entry(article: Article, rendering: Rendering) -> bytes:
    """Render an article as an `entry`."""
    atom = new_entry(article, rendering)
    authors = [person for person in article.authors if person.role == "author"]
    for person in authors or [Person(name=article.publisher or rendering.publisher.name)]:
        atom.author(_atom_person(person))
    for person in article.authors:
        if person.role != "author":
            atom.contributor(_atom_person(person))
    if summary := article.summary or ("" if rendering.content else lead(article.content or "")):
        atom.summary(summary)
    if article.content and rendering.content:
        atom.content(article.content, type="html")
    elif not article.url:
        # An entry needs content or an alternate link (section 4.1.2); the words it has stand in.
        atom.content(f"<p>{html.escape(summary or article.title, quote=False)}</p>", type="html")
    if article.rights:
        atom.rights(article.rights)
    return serialise(atom.atom_entry(), "feed")


def _atom_person(person: Person) -> dict[str, str]:
    fields = {"name": person.name, "uri": person.url, "email": person.email}
    return {key: value for key, value in fields.items() if value}


def frame(channel: Channel, file: str) -> tuple[bytes, bytes]:
    """Render the feed: all that stands before the entries, and all that stands after."""
    feed = new_feed(channel, file, "application/atom+xml")
    head, end, _ = feed.atom_str(pretty=True).partition(b"</feed>")
    return head, end + b"\n"
