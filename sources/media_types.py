"""Media types by file ending: a table of our own, since the system's differs from machine to machine."""

from __future__ import annotations

from urllib.parse import urlsplit

MEDIA_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
}


def media_type_of(url: str) -> str | None:
    """Return the media type that the ending of a URL's path names, or None."""
    return MEDIA_TYPES.get(urlsplit(url).path.rpartition(".")[2].lower())
