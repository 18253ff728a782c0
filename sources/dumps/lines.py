"""The lines of a page dump, told apart: the story's own, or which kind of furniture each is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sources.dumps import furniture
from sources.dumps.dates import date_kind, dates_in
from sources.text import one_line

LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")
EDGES = " \t\xa0\ufeff\u200b\u200e\u200f\u2060"
LONGEST_DATE = 160
# A sentence's end, and what may close a story after it: quotes, `(*)`, `(ant/kt)`, `***`.
CLOSING = r"[\"”’')\]»]*\s*(?:[(\[][^()\[\]]{1,40}[)\]]|\*+)?"
PARAGRAPH = re.compile(rf"[.…]{CLOSING}$")
SENTENCE = re.compile(rf"[.…?!]{CLOSING}$")
SHORTEST = 40  # characters of a paragraph that can only be a story's


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank.

    gap        a blank line stands before it
    kind       `text`, or the furniture it is: a kind of furniture.toml, `credit`, `date`, `dated` (a date
               that says which one it is), `listed` (it belongs to a label)
    language   which the furniture speaks for
    people     (name, role) pairs it credits
    names      tags it lists
    dates      (`published`, `updated` or empty, date as printed) pairs
    publisher  an internet name that stands before the date
    """

    text: str
    gap: bool = False
    kind: str = "text"
    language: str | None = None
    people: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    publisher: str | None = None


def lines_of(text: str) -> list[Line]:
    """Split a page dump into its lines and tell them apart."""
    lines: list[Line] = []
    gap = False
    for piece in LINE_END.split(text):
        stripped = piece.strip().strip(EDGES).strip()
        if stripped:
            lines.append(_told(Line(stripped, gap), first=not lines))
        gap = not stripped
    _read_labels(lines)
    return lines


def is_paragraph(line: Line) -> bool:
    """Can the line be nothing but a paragraph of a story? Headlines end with no full stop."""
    return line.kind == "text" and len(line.text) >= SHORTEST and PARAGRAPH.search(line.text) is not None


def is_sentence(line: Line) -> bool:
    """Does the line end as a sentence does?"""
    return SENTENCE.search(line.text) is not None


def _told(line: Line, first: bool) -> Line:
    text = one_line(line.text)
    if furniture.is_chrome(text):
        return replace(line, kind="chrome")
    for kind in ("address", "section", "related", "promotion", "ending", "copyright", "source"):
        if found := furniture.find(kind, text):
            return replace(line, kind=kind, language=found[1])
    return _tags(line) or _credit(line, text, first) or _date(line, text, first) or line


def _tags(line: Line) -> Line | None:
    # Runs of spaces part tags, so this sees the line as it stands.
    names = furniture.part("tags", "names", line.text)
    if names is None:
        return None
    tags = furniture.tags_in(names)
    return replace(line, kind="tags", names=tags or ()) if tags or not names.strip() else None


def _credit(line: Line, text: str, first: bool) -> Line | None:
    credited = furniture.credits_in(text)
    if credited is not None:
        return replace(line, kind="credit", people=credited)
    found = None if first else furniture.find("byline", text)
    names = furniture.people(found[0]["names"]) if found else None
    if not found or not names or not all(" " in name for name in names):
        return None
    return replace(line, kind="byline", language=found[1], people=tuple((name, "author") for name in names))


def _date(line: Line, text: str, first: bool) -> Line | None:
    """Read a line that is nothing but dates and what goes with them (I-06)."""
    if len(text) > LONGEST_DATE:
        return None
    dates, before, after = dates_in(text)
    if not dates:
        return None
    labels = [label.strip(" ,:|•·()–—-") for label in before]
    kinds = [date_kind(label) for label in labels]
    if not all(furniture.is_chrome(piece.strip(" ,()-") or "-") for piece in re.split(r"[|•·]", after)):
        return None
    found = tuple((kind or "", date) for kind, date in zip(kinds, dates, strict=True))
    line = replace(line, kind="dated" if any(kinds) else "date", dates=found)
    if None not in kinds:
        return line
    if first or kinds.count(None) > 1 or kinds[0] is not None:
        return None
    return _prefixed(line, labels[0], before[0])


def _prefixed(line: Line, prefix: str, printed: str) -> Line | None:
    """Read what stands before a date and is no label: `Name.com, `, `Place, ` or `Name - `."""
    if furniture.is_internet_name(prefix):
        return replace(line, publisher=prefix)
    if re.fullmatch(r"[A-Z][\w]+,\s*", printed):
        return line
    names = furniture.people(prefix)
    if (
        names
        and all(" " in n for n in names)
        and re.search(r"\s[|–—-]\s*$", printed)
        and not furniture.is_place(prefix)
    ):
        return replace(line, people=tuple((name, "author") for name in names))
    return None


def _read_labels(lines: list[Line]) -> None:
    """Give each label that is alone on its line what stands below it: names, tags, a date, links."""
    for index, line in enumerate(lines):
        alone = line.text.rstrip(" :")
        role = furniture.role_of(alone)
        if line.kind == "text" and role:
            below = _below(lines, index, lambda text: _names(text) is not None)
            if below:
                people = tuple((name, role) for i in below for name in _names(lines[i].text) or ())
                _take(lines, index, below, replace(line, kind="credit", people=people))
        elif line.kind == "tags" and not line.names:
            below = _below(lines, index, _are_tags, spaced=True)
            names = tuple(tag for i in below for tag in furniture.tags_in(lines[i].text) or ())
            _take(lines, index, below, replace(line, names=names))
        elif line.kind == "related" and (line.text.endswith(":") or ":" not in line.text):
            _take(lines, index, _below(lines, index, lambda text: not SENTENCE.search(text)), line)
        elif line.kind == "text" and (kind := date_kind(alone)) and index + 1 < len(lines):
            _read_date_below(lines, index, kind)


def _read_date_below(lines: list[Line], index: int, kind: str) -> None:
    below = lines[index + 1]
    if below.kind == "date":
        lines[index] = replace(lines[index], kind="listed")
        lines[index + 1] = replace(below, kind="dated", dates=((kind, below.dates[0][1]), *below.dates[1:]))


def _below(lines: list[Line], index: int, fits: Callable[[str], bool], spaced: bool = False) -> list[int]:
    """Find the lines of a list that stands below a label.

    A blank line ends the list, unless there is one before each of its lines (`spaced` lists only).
    """
    found: list[int] = []
    for i in range(index + 1, len(lines)):
        line = lines[i]
        if line.kind != "text" or not fits(line.text) or furniture.role_of(line.text):
            break
        if found and line.gap and not (spaced and all(lines[j].gap for j in found)):
            break
        found.append(i)
    return found


def _take(lines: list[Line], index: int, below: list[int], label: Line) -> None:
    lines[index] = label
    for i in below:
        lines[i] = replace(lines[i], kind="listed")


def _names(text: str) -> tuple[str, ...] | None:
    names = furniture.people(text) if furniture.role_of(text) is None else None
    return names if names and all(name[0].isupper() for name in names) else None


def _are_tags(text: str) -> bool:
    """Could the line stand below a label for tags? Headlines have more words."""
    tags = furniture.tags_in(text)
    return tags is not None and all(len(tag.split()) <= 4 for tag in tags)
