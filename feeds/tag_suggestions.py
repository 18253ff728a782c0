"""Tag suggestions: which tags look like one word in two spellings. They are proposed to people, never merged.

Sure is only what has the same letters in the same order. All else is a maybe: `batas` is not the plural of
`bata`, nor `Persik` a slip for `Persib`. What stands in no order with its like is left alone: other numbers
(`pemilu 2019`, `pemilu 2024`), other signs (`c`, `c++`, `c#`), short words (`Mei`, `Mes`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from feeds.archive.significance import is_one_slip

# Signs between words; `+` and `#`, and a dot in front (`.NET`), are part of a name.
SEPARATOR = re.compile(r"(?<=\w)[\s\-_./,:;·–—'’ʼ‘\"“”()!?]+|[\s\-_'’‘\"“”()]+")
SHORTEST_JOINED = 5  # letters; in shorter ones a space may tell two words apart: `a s`, `as`
SHORTEST_SLIP = 6  # letters of the whole; the word that differs has 4 or more
RARER = 10  # a slip is that many times rarer than the word
CLEARER = 3  # an abbreviation is proposed for a name that many times more used than its next
ROMAN = frozenset("ivxlcdm")
SMALL = frozenset("dan di ke dari untuk of the and for".split())
# Doubled or with an s, they are other words: `mata-mata` are spies, `customs` is an office.
OTHER_DOUBLED = frozenset(
    "agar alih api gula hati jalan kira kuda kura laba langit layang mata oleh orang pura rata sama tiba "
    "undang".split()
)
OTHER_PLURAL = frozenset("arm custom econom glass good mean minute news physic politic spirit wale".split())


@dataclass(frozen=True, slots=True)
class Used:
    """A tag as the archive has it: its name, its address, and how many articles it has."""

    name: str
    slug: str
    articles: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two tags that may be one. keep: the more used; reason: in plain words; is_sure: the same letters."""

    keep: Used
    merge: Used
    reason: str
    is_sure: bool


def suggest(tags: Iterable[Used]) -> list[Suggestion]:
    """Propose merges: the sure first, then of the most used tags first. The same tags give the same list.

    Each pair is proposed once, for its first reason. Of tags that are surely one, only the most used is
    held against others. The cost grows with the letters of all tags.
    """
    ranked = sorted(tags, key=lambda tag: (-tag.articles, tag.slug, tag.name))
    found: dict[tuple[str, str], Suggestion] = {}
    merged: set[str] = set()
    for keep, merge, reason, is_sure in _same_letters(ranked):
        found[keep.slug, merge.slug] = Suggestion(keep, merge, reason, is_sure)
        if is_sure:
            merged.add(merge.slug)
    heads = [tag for tag in ranked if tag.slug not in merged]
    for find in (_plurals, _word_order, _abbreviations, _slips):
        for keep, merge, reason in find(heads):
            found.setdefault((keep.slug, merge.slug), Suggestion(keep, merge, reason, False))
    order = {tag.slug: place for place, tag in enumerate(ranked)}
    return sorted(found.values(), key=lambda s: (not s.is_sure, order[s.keep.slug], order[s.merge.slug]))


Pairs = Iterator[tuple[Used, Used, str]]


def _same_letters(ranked: Sequence[Used]) -> Iterator[tuple[Used, Used, str, bool]]:
    """Find tags that differ in case, spaces, hyphens, marks and accents. Yields whether it is sure."""
    for keep, *others in _alike(ranked, lambda tag: _plain("".join(_words(tag)))):
        for other in others:
            ours, theirs = _words(keep), _words(other)
            if _numbers(ours) != _numbers(theirs):
                continue
            if "".join(ours) != "".join(theirs):
                # With other accents it is another word (`péché`, `pêche`), with none the same, in haste.
                if {_plain(" ".join(ours)), _plain(" ".join(theirs))} & {" ".join(ours), " ".join(theirs)}:
                    is_long = len("".join(ours)) >= SHORTEST_JOINED
                    yield keep, other, "the same letters but for accents", is_long
            elif ours == theirs:
                yield keep, other, "the same but for case, spaces and punctuation", True
            else:
                is_long = len("".join(ours)) >= SHORTEST_JOINED
                yield keep, other, "the same letters, written as one word or more", is_long


def _plurals(heads: Sequence[Used]) -> Pairs:
    """Find English plurals, and words doubled as Indonesian does."""
    by_words = {_words(tag): tag for tag in reversed(heads)}
    for tag in heads:
        for single, reason in _singles(_words(tag)):
            if other := by_words.get(single):
                yield *_by_use(tag, other), reason


def _singles(words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    *rest, last = words
    if len(words) == 2 and words[0] == last and len(last) > 3 and last not in OTHER_DOUBLED:
        yield (last,), "a word and the word doubled"
    # Words in -as, -is, -us and -ss are mostly no plurals, in Indonesian above all (`beras`, `tugas`).
    possible = [last[:-1]] if last.endswith("s") and not last.endswith(("as", "is", "us", "ss")) else []
    possible += [last[:-2]] if last.endswith(("ses", "xes", "zes", "ches", "shes", "oes")) else []
    possible += [last[:-3] + "y"] if last.endswith("ies") else []
    for single in possible:
        if len(single) > 3 and single not in OTHER_PLURAL:
            yield (*rest, single), "singular and plural"


def _word_order(heads: Sequence[Used]) -> Pairs:
    for keep, *others in _alike(heads, lambda tag: " ".join(sorted(_words(tag)))):
        for other in others:
            if _numbers(_words(keep)) == _numbers(_words(other)):
                yield keep, other, "the same words in another order"


def _abbreviations(heads: Sequence[Used]) -> Pairs:
    """Find capitals and the name they stand for, where one name is clearly the most used."""
    short = {tag.name.casefold(): tag for tag in reversed(heads) if _is_capitals(tag.name)}
    names: dict[str, list[Used]] = defaultdict(list)
    for tag in heads:
        words = _words(tag)
        weighty = [word for word in words if word not in SMALL]
        for initials in {"".join(word[0] for word in some) for some in (words, weighty)}:
            if len(words) > 1 and initials in short:
                names[initials].append(tag)
    for initials, (name, *others) in names.items():
        if not others or name.articles >= CLEARER * others[0].articles:
            yield *_by_use(short[initials], name), "an abbreviation and what it may stand for"


def _is_capitals(name: str) -> bool:
    return 2 <= len(name) <= 6 and name.isalpha() and name.isupper()


def _slips(heads: Sequence[Used]) -> Pairs:
    """Find rare tags that are one slip of the pen away from a much more used one.

    Two such words are the same when one letter is left out of each: that is how they are found.
    """
    most = heads[0].articles if heads else 0
    least = heads[-1].articles if heads else 0
    near: dict[str, list[Used]] = defaultdict(list)
    for tag in heads:
        if tag.articles >= RARER * max(least, 1):
            for shorter in _without_a_letter(tag):
                near[shorter].append(tag)
    for tag in heads:
        if RARER * max(tag.articles, 1) > most:
            continue
        candidates = {
            other.slug: other for shorter in _without_a_letter(tag) for other in near.get(shorter, ())
        }
        for other in candidates.values():
            if other.articles >= RARER * max(tag.articles, 1) and _is_slip(_words(other), _words(tag)):
                yield other, tag, "one letter apart, and much rarer"


def _without_a_letter(tag: Used) -> set[str]:
    text = " ".join(_words(tag))
    if not SHORTEST_SLIP <= len(text) <= 60:
        return set()
    return {text, *(text[:n] + text[n + 1 :] for n, letter in enumerate(text) if letter.isalpha())}


def _is_slip(right: tuple[str, ...], wrong: tuple[str, ...]) -> bool:
    """Is one word misspelt, but for its ends, which make other words: `Islam`, `Islami`; `putra`, `putri`?"""
    if len(right) != len(wrong) or min(len("".join(right)), len("".join(wrong))) < SHORTEST_SLIP:
        return False
    differing = [(a, b) for a, b in zip(right, wrong, strict=True) if a != b]
    if len(differing) != 1:
        return False
    ((a, b),) = differing
    is_word = min(len(a), len(b)) >= 4 and a.isalpha() and b.isalpha() and not set(a + b) <= ROMAN
    return is_word and (a[0], a[-1]) == (b[0], b[-1]) and is_one_slip(a, b)


def _alike(tags: Sequence[Used], key: Callable[[Used], str]) -> Iterator[list[Used]]:
    """Yield groups of tags that share a key, the most used first in each."""
    groups: dict[str, list[Used]] = defaultdict(list)
    for tag in tags:
        groups[key(tag)].append(tag)
    yield from (group for group in groups.values() if len(group) > 1)


def _by_use(one: Used, other: Used) -> tuple[Used, Used]:
    keep, merge = sorted((one, other), key=lambda tag: (-tag.articles, tag.slug))
    return keep, merge


def _words(tag: Used) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tag.name).casefold())
    return tuple(SEPARATOR.sub(" ", text).split()) or (text,)


def _numbers(words: tuple[str, ...]) -> list[str]:
    return re.findall(r"\d+", " ".join(words))


def _plain(text: str) -> str:
    """Take accents off Latin letters; in other scripts they are letters of their own."""
    if text.isascii():
        return text
    plain = (unicodedata.normalize("NFD", letter) for letter in text)
    return "".join(parts[0] if parts[0].isascii() and parts[0].isalpha() else parts for parts in plain)
