"""Combination: a feed of the articles that several tags share, whatever order they are named in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sources.identity import fold, slug

WORDS = re.compile(r"\s+(AND|OR|NOT)\s+")
MOST_TAGS = 6  # in an address that anyone may write
LONGEST = 200  # characters of it


class CombinationError(ValueError):
    """A combination can't be read. The message says how to write one."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Tags, by their slugs, in one order: all of some, or any of some, and none of others."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    @property
    def canonical(self) -> str:
        """Its one address: `korea-utara+rusia~olahraga`. No slug holds `+`, `,` or `~`."""
        wanted = "+".join(self.all_of) or ",".join(self.any_of)
        return "".join([wanted, *(f"~{name}" for name in self.none_of)])


def parse(text: str) -> Combination:
    """Read `korea-utara AND rusia NOT olahraga`, `a OR b`: AND or OR, not both. Raises CombinationError."""
    first, *rest = WORDS.split(f"{text.strip()}")
    named: dict[str, list[str]] = {"AND": [], "OR": [], "NOT": []}
    pairs = list(zip(rest[::2], rest[1::2], strict=True))
    for word, name in pairs:
        named[word].append(name)
    if named["AND"] and named["OR"]:
        raise CombinationError(f"{text!r} mixes AND and OR: make two combinations of it")
    wanted = [first, *named["AND"], *named["OR"]]
    for name in wanted + named["NOT"]:
        _check(name, text)
    terms = tuple(sorted(set(map(_slug, wanted))))
    none_of = tuple(sorted(set(map(_slug, named["NOT"]))))
    if set(terms) & set(none_of):
        raise CombinationError(f"{text!r} wants a tag and does not want it: leave one of the two out")
    return _combination(terms, none_of, is_any=bool(named["OR"]))


def from_address(text: str) -> Combination:
    """Read `korea-utara+rusia~olahraga` or `a,b~c`, percent-decoded: the inverse of `canonical`.

    Other orders, duplicates and capitals are understood: the address is canonical if the answer's is the
    same. Raises CombinationError for what is none, and for more than six tags or 200 characters.
    """
    wanted, *unwanted = text.split("~")
    is_any = "," in wanted
    names = [fold(name) for name in wanted.split("," if is_any else "+")]
    none_of = tuple(sorted({fold(name) for name in unwanted}))
    if len(text) > LONGEST or len(names) + len(unwanted) > MOST_TAGS:
        raise CombinationError(f"{text[:LONGEST]!r}: name at most {MOST_TAGS} tags")
    if not all(map(_is_slug, [*names, *none_of])) or set(names) & set(none_of):
        raise CombinationError(f"{text!r} is no combination: write korea-utara+rusia~olahraga or a,b~c")
    return _combination(tuple(sorted(set(names))), none_of, is_any)


def _combination(terms: tuple[str, ...], none_of: tuple[str, ...], is_any: bool) -> Combination:
    """Any of one tag is all of it."""
    return Combination((), terms, none_of) if is_any and len(terms) > 1 else Combination(terms, (), none_of)


def _slug(name: str) -> str:
    """Return the address of a tag by its name, or by that address: one with a number may be a long one."""
    folded = fold(name)
    return folded if _is_slug(folded) else slug(name)


def _is_slug(text: str) -> bool:
    """Could this be a tag's address? See `sources.identity.slug`, which would cut long ones."""
    words = text.split("-")
    kept = (c.isalnum() or unicodedata.category(c) in {"Mn", "Mc"} for word in words for c in word)
    return all(words) and all(kept)


def _check(name: str, text: str) -> None:
    """Refuse what is no tag: nothing, a word that joins, a name with signs that its address lacks."""
    words = set(name.split())
    if not _slug(name) or words & {"AND", "OR", "NOT"}:
        raise CombinationError(f'{text!r} is no combination: write "korea-utara AND rusia NOT olahraga"')
    if re.sub(r"[\s-]+", "-", fold(name)) != _slug(name):
        raise CombinationError(
            f"{name!r} can't be told from other tags: name it by its address, as in tags/{_slug(name)}/"
        )
