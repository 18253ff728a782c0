"""Printed dates in one spelling: digits, spaces and apostrophes alike, without the word in front."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 300  # characters; what is longer is no date
WORDS = (
    "published posted updated modified created date publié publicado pubblicato veröffentlicht "
    "diterbitkan terbit ditayangkan tayang diunggah dipublikasikan dipublish diposting dirilis ditulis "
    "dibuat diperbarui diperbaharui dimutakhirkan diupdate dikemaskini disiarkan tanggal tarikh"
).split()
# What stands before a date and says only that it is one; the name of a site too: `Kompas.com, ` (I-06).
LEAD = re.compile(
    rf"(?:[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{{2,}}|(?:last\s+|terakhir\s+)?(?:{'|'.join(WORDS)}))\b"
    r"(?:\s+(?:pada|tanggal|on|at|le|el|em|am|il)\b)?[\s:,|–-]*",
    re.IGNORECASE,
)
APOSTROPHES = str.maketrans(dict.fromkeys("‘’ʼʻ`´", "'"))


def one_spelling(text: str) -> str:
    """Write a printed date as we look for it. Raises ValueError for what is longer than any date."""
    if len(text) > LONGEST:
        raise ValueError(f"{text[:40]!r}… is longer than any date: give the date alone")
    text = " ".join(unicodedata.normalize("NFKC", text.translate(APOSTROPHES)).split())
    if not text.isascii():
        text = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    lead = LEAD.match(text)
    return text[lead.end() :] or text if lead else text
