"""Document: a finished feed, ready to be written or served."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Document:
    """A feed's bytes and where they belong.

    path        relative to the output folder, with `/`: `tags/rusia/atom.xml`
    media_type  as in HTTP's Content-Type
    body        the whole document
    digest      sha256 of the body
    modified    when the bytes last changed, in seconds since 1970; only ever forward (S-24)
    layout      where its entries lie (feeds.delta); empty where nobody asks for deltas
    """

    path: str
    media_type: str
    body: bytes
    digest: bytes
    modified: int
    layout: bytes = b""

    @property
    def etag(self) -> str:
        """The strong entity tag (RFC 9110, section 8.8.3): equal wherever the bytes are equal (S-23)."""
        return f'"{self.digest.hex()[:32]}"'


def document(path: str, media_type: str, body: bytes, modified: int, layout: bytes = b"") -> Document:
    """Make a Document of its bytes."""
    return Document(path, media_type, body, sha256(body).digest(), modified, layout)
