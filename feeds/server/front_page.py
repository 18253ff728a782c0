"""The front page: what a person sees who comes by."""

from __future__ import annotations

from html import escape

from feeds.channel import folder_of
from feeds.formats import FORMATS
from feeds.server.answers import A_MINUTE, ALL, Answer
from feeds.server.house import House

MOST_TAGS = 30
HTML = (b"content-type", b"text/html; charset=utf-8")
PAGE = """\
<!doctype html>
<html{language}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{name}</title></head>
<body>
<h1>{name}</h1>
<ul>
{rows}
</ul>
<p><a href="{all}">OPML</a></p>
</body>
</html>
"""


def front_page(house: House) -> Answer:
    """Return a page that links to the site's feeds, and those of its most used tags, on this very host."""
    archive, plan = house.archive(), house.settings.feeds
    formats = [format_ for format_ in FORMATS if format_.name in plan.formats]
    names = {"": house.realm}
    if archive:
        private = archive.privacy.feeds()
        there = set(archive.terms.with_feeds())
        tags = [
            term
            for term, _ in archive.terms.every("tag")
            if term in there and not private.has(folder_of(term))
        ]
        names |= {folder_of(term): term.name for term in tags[:MOST_TAGS]} if not private.is_all else {}

    def row(folder: str, name: str) -> str:
        links = (
            f'<a href="{house.shelf.address_of(folder + format_.file).decode()}">{format_.name}</a>'
            for format_ in formats
        )
        return f"<li>{escape(name)}: {' '.join(links)}</li>"

    language = house.settings.site.language
    page = PAGE.format(
        language=f' lang="{language}"' if language else "",
        name=escape(house.realm),
        rows="\n".join(row(folder, name) for folder, name in names.items()),
        all=house.shelf.address_of("feeds.opml").decode(),
    )
    return Answer(200, (HTML, ALL, (b"cache-control", A_MINUTE)), page.encode())
