"""Significance: the dates a new version of an article gets, and whether its change is a correction.

docs/corrections.md is the table of cases; a test runs every row of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from sources.article import Article, Basis
from sources.text import text_of

Known = tuple[datetime, Basis]
Words = tuple[str, ...]

# Counted from our visit: no word of the source's.
OURS = ("relative", "first-seen")
STORY = tuple(
    name
    for name, field in Article.model_fields.items()
    if not field.exclude and name not in {"id", "published", "updated", "modified", "date_basis"}
)

# A story is corrected where 3 words of 100 are others: never for fewer than 3, always for 15.
SHARE, FEWEST, MOST = 0.03, 3, 15
WINDOW = 300  # words; where more lie between the first change and the last, sentences were rewritten

BLOCK_END = re.compile(r"</(?:p|li|h\d|div|td|tr|dt|dd|figcaption|blockquote|pre)>|<br\s*/?>", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？\n]")
# Links to other stories that systems put between paragraphs, and change by themselves.
ALSO = re.compile(r"(?:baca|lihat|simak|tonton) juga\b|(?:read|see) (?:also|more)\b", re.IGNORECASE)
CUT = ("…", "...", "[…]", "[...]")
WORD = re.compile(r"(?:(?<!\w)-)?\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
WITHIN = re.compile(r"(?:(?<=[^\W_] )|(?<=, ))[^\W\d_]+")
SPELLING = str.maketrans("’‘ʼ−–", "'''--")
# One of these more, less or another is a correction by itself. `Satu` and `one` are pronouns too; where
# they are numbers, the other number tells.
NUMBERS = (
    "nol dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus seratus ribu "
    "seribu juta sejuta miliar semiliar triliun setengah zero two three four five six seven eight nine ten "
    "eleven twelve dozen hundred thousand million billion trillion half"
)
NEGATIONS = "tidak tak bukan belum tanpa jangan nihil not no never none nor without cannot"
ADMISSIONS = (
    "ralat koreksi klarifikasi pembaruan diperbarui correction corrected clarification update updated"
)
WEIGHTY = frozenset(f"{NUMBERS} {NEGATIONS} {ADMISSIONS}".split())


def dated(kept: Article, incoming: Article, now: datetime) -> Article:
    """Return a new version of an article, under its kept identity, with the dates it gets.

    `updated`: the source's word if it is later than the date kept, whatever changed. Else, where the change
    is significant, the source's later `modified`, or `now`: the moment at which we learnt of it, of basis
    `first-seen`. It is stored with the version, so that the same bytes come out of the archive for good.
    `modified`: likewise, for a change of any kind.

    Neither goes back, but from a date in the future that the source gave: that was wrong. Neither lies
    before `published`. What nobody could read is not corrected: embargoed, withheld.
    """
    stood, moved = (_standing(kept, "updated", incoming, now), _standing(kept, "modified", incoming, now))
    updated = _later(stood, _published(incoming))
    modified = _later(moved, updated)
    says_updated, says_modified = _said(incoming, "updated"), _said(incoming, "modified")
    is_told = says_modified[0] > moved[0]
    learnt: Known = (now.replace(microsecond=0), "first-seen")
    changed = says_modified if is_told and says_modified[0] <= now else learnt
    is_changed = any(getattr(kept, name) != getattr(incoming, name) for name in STORY)
    # Two sources never have a story letter by letter alike: between them only a later date tells.
    is_version = is_changed and (is_told or kept.source == incoming.source)
    if says_updated[0] > stood[0]:
        updated = _later(updated, says_updated)
    elif is_version and _was_public(kept, incoming, now) and is_significant(kept, incoming):
        updated = _later(updated, changed)
    if is_changed and not is_told:
        modified = _later(modified, learnt)
    modified = _later(_later(modified, says_modified), updated)
    basis = incoming.date_basis.model_copy(update={"updated": updated[1], "modified": modified[1]})
    return incoming.model_copy(update={"updated": updated[0], "modified": modified[0], "date_basis": basis})


def _later(one: Known, other: Known) -> Known:
    return other if other[0] > one[0] else one


def _published(article: Article) -> Known:
    return article.published, article.date_basis.published


def _said(article: Article, name: Literal["updated", "modified"]) -> Known:
    """Return the source's own word; where it has none, the article's first date."""
    basis: Basis = getattr(article.date_basis, name)
    return _published(article) if basis in OURS else (getattr(article, name), basis)


def _standing(kept: Article, name: Literal["updated", "modified"], incoming: Article, now: datetime) -> Known:
    """Return the date that a new one must be later than."""
    moment, basis = getattr(kept, name), getattr(kept.date_basis, name)
    return _published(incoming) if moment > now and basis not in OURS else (moment, basis)


def _was_public(kept: Article, incoming: Article, now: datetime) -> bool:
    is_held = kept.embargoed_until is not None and kept.embargoed_until > now
    return not is_held and "usable" in (kept.status, incoming.status)


def is_significant(kept: Article, incoming: Article) -> bool:
    """Would a reader of the one version want to know of the other? The source's dates have no part in it.

    What is not in both, or cut short in one, is no change: the source gives more, or less, of the story.
    """
    if kept.status != incoming.status:
        return True
    before, after = _story(kept), _story(incoming)
    names = _names(before) | _names(after)
    least = min(MOST, max(FEWEST, int(len(_words(before)) * SHARE)))
    return (
        _is_reworded(kept.title, incoming.title, names, 1)
        or _is_reworded(kept.summary, incoming.summary, names, 1)
        or _is_reworded(before, after, names, least)
    )


def _story(article: Article) -> str:
    """Return the words that readers see, a line a block."""
    blocks = [text_of(block) for block in BLOCK_END.split(article.content or "")]
    return "\n".join(block for block in blocks if block and not ALSO.match(block))


def _words(text: str) -> Words:
    """Return words without case, signs and ways of writing a number: 1.000 is 1,000 is 1000."""
    text = unicodedata.normalize("NFKC", text.translate(SPELLING)).casefold()
    found = WORD.findall(text)
    return tuple(THOUSANDS.sub("", w).translate({58: ".", 44: "."}) if w[-1].isdigit() else w for w in found)


def _names(text: str) -> set[str]:
    """Return what is written with a capital inside a sentence."""
    return {word.casefold() for word in WITHIN.findall(text) if word[0].isupper()}


def _is_reworded(before: str | None, after: str | None, names: set[str], least: int) -> bool:
    """Do two texts differ in a number, a negation, a name, or in `least` words that are no slips?"""
    if not before or not after or before.endswith(CUT) or after.endswith(CUT):
        return False
    old, new = _changed_sentences(before, after)
    if max(len(old), len(new)) > WINDOW:
        return True
    others = 0
    for _, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = old[a:b], new[c:d]
        if list(filter(_is_weighty, gone)) != list(filter(_is_weighty, come)):
            return True
        are_names = not names.isdisjoint(gone) and not names.isdisjoint(come)
        # Of a short name, one letter makes another: Iran, Irak.
        if not _is_slip(gone, come, 6 if are_names else 4):
            if are_names:
                return True
            others += max(len(gone), len(come))
    return others >= least


def _changed_sentences(before: str, after: str) -> tuple[Words, Words]:
    """Return the words of the sentences that only one text has, from the first change to the last."""
    olds, news = ([_words(s) for s in SENTENCE_END.split(text)] for text in (before, after))
    shared = Counter(olds) & Counter(news)
    old, new = _without(olds, shared), _without(news, shared)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    return old[start : len(old) - end], new[start : len(new) - end]


def _without(sentences: Sequence[Words], shared: Counter[Words]) -> Words:
    left = shared.copy()
    words: list[str] = []
    for sentence in sentences:
        if left[sentence]:
            left[sentence] -= 1
        else:
            words += sentence
    return tuple(words)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many words, or letters, two have in common from the first on."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _is_weighty(word: str) -> bool:
    return word[-1].isdigit() or word in WEIGHTY or word.endswith("n't")


def _is_slip(gone: Words, come: Words, shortest: int) -> bool:
    """Is it the same words with a slip of the pen, or a space, in one of at least `shortest` letters?"""
    old, new = "".join(gone), "".join(come)
    return old == new or (min(len(old), len(new)) >= shortest and is_one_slip(old, new))


def is_one_slip(one: str, other: str) -> bool:
    """Do two words differ by a letter that is wrong, missing or too many, or by two that changed places?"""
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    rest, others = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(rest), len(others)) == 1 or (len(rest) == 2 and rest == others[::-1])
