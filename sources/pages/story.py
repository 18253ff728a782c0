"""Page story: the body of a page's article, from its markup, its paragraphs, a guess, or else JSON-LD."""

from __future__ import annotations

import html
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.pages.body import find_body, fragment, is_whole, resolve, tidy
from sources.pages.guess import guess_body
from sources.pages.index import Index
from sources.pages.layers import Layer, first
from sources.pages.markup import Markup
from sources.pages.noise import LESSER, Cut, cut_boxes, told_in
from sources.pages.paragraphs import box_of_paragraphs, is_stated, is_story, told_by_writers
from sources.pages.tree import cut_out, words
from sources.text import TAG, one_line

if TYPE_CHECKING:
    from lxml.etree import _Element


ENOUGH = 0.5  # of the text in a page's paragraphs


@dataclass(frozen=True, slots=True)
class Story:
    """An element that holds a story and nothing else, where it was found, and what was cut from it."""

    element: _Element
    where: str
    cut: Cut


def find_story(
    page: Index, layers: Sequence[Layer], title: str | None, base: str, markup: Markup
) -> Story | None:
    """Return a page's story, its addresses absolute, or None.

    The markup's body is taken when it is whole, else the box of the paragraphs where there is one; else a
    guess is made, which is slow. A body beside much more text in paragraphs may be a teaser with a story's
    class. Call this last: the tree may lose its scripts and boxes.
    """
    root = page.root
    told = sum(map(len, map(words, page.tags["p"])))
    found = find_body(page, markup, title, base)
    story = Story(*found) if found else None
    if story is None or not is_whole(story.element) or _is_teaser(story.element, told, page):
        boxed = _better(None, _boxed(page, layers, title, base, markup), layers)
        story = _better(story, boxed or _guessed(root, title, base, markup), layers)
    if story is None and (content := first(layers, "content")).value:
        story = _tidied(fragment(content.value), content.where, title, base, markup)
    if story is not None:
        resolve(story.element, base)
    return story


def _is_teaser(body: _Element, told: int, page: Index) -> bool:
    """Does a page tell much more in paragraphs than a body has? What its readers say does not count."""
    length = len(words(body))
    return length * LESSER < told and length * LESSER < told_by_writers(page)


def _boxed(
    page: Index, layers: Sequence[Layer], title: str | None, base: str, markup: Markup
) -> Story | None:
    stated = first(layers, "text").value or html.unescape(TAG.sub("", first(layers, "content").value or ""))
    stated = one_line(stated)
    found = box_of_paragraphs(page, stated)
    if found is None:
        return None
    # The page stays whole: if this is no story, it must be looked for in all of it.
    story = _tidied(deepcopy(found[0]), "paragraphs", title, base, markup)
    is_whole = story and (is_story(story.element, found[1]) or is_stated(story.element, stated))
    return story if is_whole else None


def _guessed(root: _Element, title: str | None, base: str, markup: Markup) -> Story | None:
    for element in list(root.iter("footer", *markup.machinery)):
        cut_out(element)
    cut_boxes(root)
    resolve(root, base, "img")
    guess = guess_body(root, precise=True)
    # Stories without paragraphs, recipes and talks among them, are not recognised so strictly.
    if guess is None or len(words(guess)) < told_in(root) * ENOUGH:
        guess = guess_body(root, precise=False)
    return _tidied(guess, "trafilatura", title, base, markup)


def _tidied(
    element: _Element | None, where: str, title: str | None, base: str, markup: Markup
) -> Story | None:
    return None if element is None else Story(element, where, tidy(element, markup, title, base))


def _better(found: Story | None, guess: Story | None, layers: Sequence[Layer]) -> Story | None:
    """Choose the longer of two; a guess with less than half of what articleBody has is none."""
    told = first(layers, "text").value or TAG.sub(" ", first(layers, "content").value or "")
    if guess is None or len(words(guess.element)) * 2 < len(told):
        return found
    return guess if found is None or len(words(guess.element)) > len(words(found.element)) else found
