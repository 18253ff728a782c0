"""Languages: what systems write for one, read into a BCP 47 tag."""

from __future__ import annotations

# Names that systems export instead of codes (F-24 forbids them in feeds).
NAMES = {
    "arabic": "ar",
    "bahasa indonesia": "id",
    "bahasa melayu": "ms",
    "chinese": "zh",
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "indonesian": "id",
    "japanese": "ja",
    "javanese": "jv",
    "malay": "ms",
    "portuguese": "pt",
    "spanish": "es",
    "sundanese": "su",
    "in": "id",  # the code Indonesian had until 1989; old Java systems still write it
}


def language_tag(value: object) -> object:
    """Turn `id_ID`, `id_ID.UTF-8` and `Indonesian` into BCP 47; leave what is not known for validation."""
    if not isinstance(value, str):
        return value
    text = value.strip().partition(".")[0].replace("_", "-")
    return NAMES.get(text.lower(), text) or None
