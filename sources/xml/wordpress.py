"""WordPress export files (WXR 1.0 to 1.2), read post by post in constant memory.

What readers may not see is told too, so that a post that was published before disappears: drafts and the
like as `withheld`, trash as `canceled`. Uploads, menus and revisions are no articles and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from sources.records.reader import Unreadable
from sources.xml.export import Blog, child, items
from sources.xml.post import read_post
from sources.xml.text import decode_xml

NAMESPACE = re.compile(r"<rss\s[^<>]*xmlns:wp\s*=\s*[\"']https?://wordpress\.org/export/")


def is_wordpress_export(head: bytes) -> bool:
    """Do these first bytes begin as a WordPress export does?"""
    text = decode_xml(head).lstrip()
    return text.startswith("<") and NAMESPACE.search(text) is not None


def read_export(
    stream: BinaryIO, *, include_pages: bool = False
) -> Iterator[tuple[str, dict[str, Any] | Unreadable]]:
    """Yield (position, record) for each post: "post 4711" by WordPress's number; nothing for what is none.

    include_pages  read pages as well as posts
    A stream that can be rewound is read twice: pictures often stand behind the posts they belong to. A file
    that can't be read to its end ends in an Unreadable. Raises OSError when the stream does.
    """
    blog = Blog()
    if stream.seekable():
        start = stream.tell()
        for _ in items(stream, blog, only=b"attachment_url"):
            pass
        stream.seek(start)
    types = {"post", "page"} if include_pages else {"post"}
    for number, item in enumerate(items(stream, blog), start=1):
        if isinstance(item, Unreadable):
            yield f"item {number}", item
        elif (child(item, "post_type") or "post") in types and (raw := read_post(item, blog)):
            post = child(item, "post_id")
            yield f"post {post}" if post else f"item {number}", raw
