"""Page selectors: the plain part of CSS that markup.toml is written in, and which elements it fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

PART = re.compile(
    r"(?P<tag>^(?:[a-z][a-z0-9-]*|\*))|\.(?P<class>[\w-]+)|#(?P<id>[\w-]+)"
    r"|\[(?P<name>[\w:-]+)(?:(?P<operator>[~^*]?=)(?P<value>[^\]\"]+))?\]"
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one element must be: its tag or `*`, classes, id, and attributes: name, operator, value."""

    tag: str
    classes: tuple[str, ...]
    id: str | None
    tests: tuple[tuple[str, str | None, str], ...]


@cache
def steps_of(selector: str) -> tuple[Step, ...]:
    """Read a selector: tag, .class, #id, [name], [name=value], ~=, ^=, *=, and a space for "inside".

    Attribute values compare without regard to case and hold no spaces. Raises ValueError for all else.
    """
    return tuple(_step(step) for step in selector.split())


def _step(step: str) -> Step:
    parts, end = [], 0
    while end < len(step):
        part = PART.match(step, end) if end else PART.match(step)
        if not part:
            raise ValueError(f"{step!r} is no selector that can be read from {step[end:]!r} on")
        parts.append(part)
        end = part.end()
    return Step(
        tag=next((part["tag"] for part in parts if part["tag"]), "*"),
        classes=tuple(part["class"] for part in parts if part["class"]),
        id=next((part["id"] for part in parts if part["id"]), None),
        tests=tuple(
            (part["name"], part["operator"], (part["value"] or "").lower()) for part in parts if part["name"]
        ),
    )


def names_in(selectors: Iterable[str]) -> set[str]:
    """Return the classes and ids that selectors name."""
    steps = [step for selector in selectors for step in steps_of(selector)]
    return {name for step in steps for name in (*step.classes, step.id) if name}


def fits(element: _Element, steps: tuple[Step, ...]) -> bool:
    """Does the last step fit an element, and each before it, in their order, one of those around it?"""
    if not _fits_step(element, steps[-1]):
        return False
    around = element.iterancestors()
    return all(any(_fits_step(holder, step) for holder in around) for step in reversed(steps[:-1]))


def _fits_step(element: _Element, step: Step) -> bool:
    return (
        step.tag in {"*", element.tag}
        and (step.id is None or element.get("id") == step.id)
        and (not step.classes or set(step.classes) <= set(element.get("class", "").split()))
        and all(_passes(element.get(name), operator, value) for name, operator, value in step.tests)
    )


def _passes(held: str | None, operator: str | None, wanted: str) -> bool:
    """Compare what an attribute holds, in lower case, to what a selector wants of it."""
    if held is None or operator is None:
        return held is not None
    held = held.lower()
    if operator == "=":
        return held == wanted
    if operator == "~=":
        return wanted in held.split()
    return held.startswith(wanted) if operator == "^=" else wanted in held
