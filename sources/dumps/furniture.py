"""Furniture: what stands on a news page around its story, told by the general rules of furniture.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sources.parts import ADDRESS

LONGEST = 400  # characters; a longer line is a paragraph of a story, whatever it begins with
SEARCHED = {"agency", "caption"}  # found anywhere in a line; all other kinds are the line as a whole
PARTICLES = {"al", "bin", "binti", "da", "de", "del", "den", "der", "di", "el", "la", "van", "von", "y"}
INTERNET_NAME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.)+[A-Za-z]{0,5}")
GAP = re.compile(r"\s{2,}|\t")


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, and the language that a page with such a line is written in, where it tells."""

    pattern: re.Pattern[str]
    language: str | None


@dataclass(frozen=True, slots=True)
class Furniture:
    """furniture.toml, compiled.

    rules      by kind
    roles      a credit's label, in small letters -> role, language
    languages  words that a language can hardly do without
    """

    rules: Mapping[str, tuple[Rule, ...]]
    roles: Mapping[str, tuple[str, str | None]]
    labels: re.Pattern[str]
    chrome: re.Pattern[str]
    nobody: frozenset[str]
    places: frozenset[str]
    languages: Mapping[str, frozenset[str]]


@cache
def furniture() -> Furniture:
    """Read furniture.toml, once."""
    data = tomllib.loads(files("sources.dumps").joinpath("furniture.toml").read_text("utf-8"))
    rules: dict[str, tuple[Rule, ...]] = {}
    for rule in data["rule"]:
        pattern = re.compile(rule["pattern"], re.IGNORECASE)
        rules[rule["kind"]] = (*rules.get(rule["kind"], ()), Rule(pattern, rule.get("language")))
    roles = {label: (c["role"], c.get("language")) for c in data["credit"] for label in c["labels"]}
    one = _any_of(roles)
    # `Pewarta/Editor: …` names one person twice; the first label counts.
    labels = re.compile(rf"(?:^|[|,;·•\s])\s*({one})(?:\s*(?:/|&|dan|and)\s*(?:{one}))?\s*:", re.IGNORECASE)
    chrome = re.compile(rf"(?:(?:{_any_of(data['words']['chrome'])})(?:[\s:|/·•,()]+|$))+", re.IGNORECASE)
    nobody, places = (frozenset(data["words"][name]) for name in ("nobody", "places"))
    languages = {name: frozenset(words.split()) for name, words in data["languages"].items()}
    return Furniture(rules, roles, labels, chrome, nobody, places, languages)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def find(kind: str, text: str) -> tuple[re.Match[str], str | None] | None:
    """Find the first rule of a kind that `text` follows: the match, and the language the rule speaks for."""
    for rule in furniture().rules[kind]:
        if kind in SEARCHED:
            match = rule.pattern.search(text)
        elif kind == "dateline":
            match = rule.pattern.match(text[:LONGEST])
        else:
            match = rule.pattern.fullmatch(text) if len(text) <= LONGEST else None
        if match:
            return match, rule.language
    return None


def part(kind: str, name: str, text: str) -> str | None:
    """Return what the rule of a kind that `text` follows has found under a group's name."""
    found = find(kind, text)
    return found[0].groupdict().get(name) if found else None


def is_chrome(text: str) -> bool:
    """Is the line nothing but the page's buttons and counters?"""
    short = len(text) <= LONGEST // 2
    return short and bool(furniture().chrome.fullmatch(text) or find("chrome", text))


def is_internet_name(text: str) -> bool:
    """Is it the name of a host, as newsrooms use for their own: `Name.com`?"""
    return INTERNET_NAME.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """Does a word of `text` belong to the names of places?"""
    return any(word in furniture().places for word in re.findall(r"\w+", text.lower()))


def people(text: str) -> tuple[str, ...] | None:
    """Read the names in `A, B dan C`; None where something among them is no name.

    Agencies, desks and the like (`words.nobody`) are left out, and so are e-mail addresses (F-43).
    """
    found: list[str] = []
    for piece in re.split(r"[,;&/|]|\s(?:dan|and)\s", text):
        name = ADDRESS.sub(" ", piece).strip().strip("-–— ")
        if found and DEGREE.fullmatch(name):
            found[-1] += f", {name}"
        elif name and name.lower() not in furniture().nobody and not is_internet_name(name):
            found.append(name)
    names = [_without_stop(name) for name in found]
    return tuple(names) if all(map(_is_name, names)) else None


def _without_stop(name: str) -> str:
    return name[:-1] if re.search(r"[^\W\d_]{3}\.$", name) else name


def _is_name(name: str) -> bool:
    words = name.partition(",")[0].split()
    if len(words) > 5 or len(name) > 60 or re.search(r"[\d:?!\"“”()@<>]|\w{3}\.", name):
        return False
    # A single word may be a login in small letters; of several, each begins with a capital.
    return len(words) == 1 or all(word[0].isupper() or word in PARTICLES for word in words)


def credits_in(text: str) -> tuple[tuple[str, str], ...] | None:
    """Read `Label: Name, Name | Label: Name` as (name, role) pairs; None for other lines (I-08)."""
    labels = list(furniture().labels.finditer(text)) if len(text) <= LONGEST else []
    if not labels or labels[0].start() > 0:
        return None
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found: list[tuple[str, str]] = []
    for label, end in zip(labels, ends, strict=True):
        value = text[label.end() : end]
        names = people(value)
        if names is None or not value.strip():
            return None
        found += [(name, furniture().roles[label[1].lower()][0]) for name in names]
    return tuple(found)


def role_of(text: str) -> str | None:
    """Return the role a label stands for that is alone on its line."""
    role = furniture().roles.get(text.rstrip(" :").lower())
    return role[0] if role else None


def tags_in(text: str) -> tuple[str, ...] | None:
    """Read `a, b`, `#a #b` or `a   b` as tags; None where something among them is no tag."""
    pieces = re.split(r"[,;|•·#]", text) if re.search(r"[,;|•·#]", text) else GAP.split(text)
    tags = [piece.strip() for piece in pieces if piece.strip()]
    return tuple(tags) if tags and all(map(is_tag, tags)) else None


def is_tag(text: str) -> bool:
    """Could it be a tag: a few words, and no sentence?"""
    return len(text) <= 50 and len(text.split()) <= 6 and not re.search(r"[.?!:;\"”]$|https?:", text)


def language_of(text: str, furnished: Iterable[str | None], preferred: str | None) -> str | None:
    """Tell a page's language from its words and furniture; None where they say too little.

    furnished: the languages its furniture speaks for.  preferred: wins among equals, and where it says the
    same more precisely (`id-ID`).
    """
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    score = {name: len(known & words) for name, known in furniture().languages.items()}
    for name in furnished:
        if name in score:
            score[name] += 2
    best = max(score.values())
    ours = (preferred or "").split("-")[0].lower()
    if best < 3:
        return None
    if score.get(ours) == best:
        return preferred
    return next(name for name, points in score.items() if points == best)
