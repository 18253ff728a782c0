"""Combination: a feed of the articles that several tags share, whatever order they are named in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.identity import fold, slug

WORDS = re.compile(r"\s+(AND|OR|NOT)\s+")


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
    terms = tuple(sorted({slug(name) for name in wanted}))
    none_of = tuple(sorted({slug(name) for name in named["NOT"]}))
    if set(terms) & set(none_of):
        raise CombinationError(f"{text!r} wants a tag and does not want it: leave one of the two out")
    return Combination((), terms, none_of) if named["OR"] else Combination(terms, (), none_of)


def _check(name: str, text: str) -> None:
    """Refuse what is no tag: nothing, a word that joins, a name with signs that its address lacks."""
    words = set(name.split())
    if not slug(name) or words & {"AND", "OR", "NOT"}:
        raise CombinationError(f'{text!r} is no combination: write "korea-utara AND rusia NOT olahraga"')
    if re.sub(r"[\s-]+", "-", fold(name)) != slug(name):
        raise CombinationError(
            f"{name!r} can't be told from other tags: name it by its address, as in tags/{slug(name)}/"
        )
