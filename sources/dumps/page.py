"""A page dump: the plain text of a news page, with the story in it and the page's furniture around it.

head   headline, date, byline; a standfirst
story  from the first to the last line that can only be a paragraph, and what joins them
tail   credits, tags, promotions, copyright; from a heading such as BERITA TERKAIT on, nothing is story
"""

from __future__ import annotations

import re
from typing import Any

from sources.dumps import furniture
from sources.dumps.facts import DATELINES, Places, dateline, facts, letters, loose_tags
from sources.dumps.lines import EDGES, Line, is_paragraph, is_sentence, lines_of
from sources.source import Site

LONGEST_TITLE = 250
HEAD = 20  # lines within which a page says when it was published
DATA = re.compile(r"<[!?/a-z]|\{\s*[\"}\\]|\[\s*[\[{\"\]\d-]|---\s|$", re.IGNORECASE)
CELL = r"[^,;\t|\n\r]{1,40}"
TABLE = re.compile(
    rf"\s*{CELL}(?:(?P<mark>[,;\t|])(?! ){CELL}(?:(?P=mark)(?! ){CELL})*)[\r\n]+[^\n]*(?P=mark)"
)
ENDS = {"credit", "tags", "source", "promotion", "copyright"}
# Furniture above and below a story; inside it a line like others.
SOFT = {"date", "byline", "address"}


def is_dump(text: str) -> bool:
    """Does `text` look like a news page: a headline, then a date, furniture or paragraphs?

    JSON, HTML, XML and tables do not.
    """
    if DATA.match(text.lstrip(EDGES + "\r\n")) or TABLE.match(text):
        return False
    lines = lines_of(text)
    if _title(lines, _anchor(lines), None) is None:
        return False
    dated = any(line.dates for line in lines[:HEAD])
    furnished = any(line.kind in {"copyright", "tags", "credit", "related"} for line in lines)
    return dated or furnished or sum(map(is_paragraph, lines)) > 1


def read_dump(text: str, site: Site) -> dict[str, Any]:
    """Read a page dump as a record for `sources.record.admit`; what isn't found is left out. Never raises.

    Besides an Article's fields it gives `text`, and `timezone`: the zone to read dates in that name none.
    """
    lines = lines_of(text)
    anchor = _anchor(lines)
    title = _title(lines, anchor, site.publisher)
    start, summary = _start(lines, title, anchor)
    body = _body(lines, start, anchor)
    story = [lines[i] for i in body]
    inside = set(body)
    rest = [Line("") if i in inside else line for i, line in enumerate(lines)]
    raw = {
        "title": None if title is None else lines[title].text,
        "summary": summary,
        "text": "\n\n".join(line.text for line in story),
        **facts(rest, story, Places(title, anchor, min(body, default=0), max(body, default=start)), site),
    }
    return {name: value for name, value in raw.items() if value}


# --- head ---


def _anchor(lines: list[Line]) -> int | None:
    """Find the date below the headline; a page's top may show today's before it."""
    dates = [i for i, line in enumerate(lines[:HEAD]) if line.dates]
    for date in dates:
        above = lines[:date]
        if any(line.kind == "text" and len(line.text.split()) > 2 for line in above):
            return dates[0] if any(map(is_paragraph, lines[dates[0] : date])) else date
    return dates[0] if dates else None


def _title(lines: list[Line], anchor: int | None, publisher: str | None) -> int | None:
    """Find the headline: the first line above the date, or else below it, that is no button, menu or name."""
    text = [i for i, line in enumerate(lines) if line.kind == "text"]
    above = [i for i in text if anchor is not None and i < anchor]
    choice = [i for i in (above or text) if not _is_masthead(lines[i].text, publisher)] or above or text
    first = _menu(lines, choice)
    if not choice or len(lines[choice[first]].text) > LONGEST_TITLE or dateline(lines[choice[first]]):
        return None
    return choice[first]


def _menu(lines: list[Line], choice: list[int]) -> int:
    """Count a menu's entries above the headline: two short lines or more, or one that goes with buttons."""
    short = 0
    while short < len(choice) and len(lines[choice[short]].text.split()) < 3:
        short += 1
    if short in (0, len(choice)) or choice[short] >= HEAD:
        return 0
    buttons = any(line.kind == "chrome" for line in lines[: choice[0]])
    return short if short > 1 or buttons else 0


def _is_masthead(text: str, publisher: str | None) -> bool:
    return furniture.is_internet_name(text) or (publisher is not None and letters(text) == letters(publisher))


def _start(lines: list[Line], title: int | None, anchor: int | None) -> tuple[int, str | None]:
    """Say at which line the story can begin, and what stands above it as its summary.

    One paragraph between headline and date, or above the paragraph with the dateline, is a standfirst;
    several are the story.
    """
    start = 0 if title is None else title + 1
    above: list[Line] = []
    if anchor is not None and anchor >= start:
        above = [line for line in lines[start:anchor] if is_paragraph(line)]
        if len(above) > 1:
            return start, None
        start = anchor + 1
    paragraphs = [i for i in range(start, len(lines)) if is_paragraph(lines[i])][:DATELINES]
    marked = next((i for i in paragraphs if dateline(lines[i])), None)
    if marked is not None:
        lead = [line for line in lines[start:marked] if is_paragraph(line) and not _is_caption(line)]
        if len(lead) + len(above) < 2:
            start, above = marked, above + lead
    return start, above[0].text if above else None


def _is_caption(line: Line) -> bool:
    return furniture.find("caption", line.text) is not None


# --- story ---


def _body(lines: list[Line], start: int, anchor: int | None) -> list[int]:
    """Choose the lines that are the story's.

    A paragraph below a credit or another tail line shows that the story goes on there: nothing that can only
    be story is lost. After the last such paragraph the first tail line ends it.
    """
    sure = [i for i in range(start, _stop(lines, start)) if is_paragraph(lines[i])]
    first, last = (sure[0], sure[-1]) if sure else (start, start - 1)
    # Above the first paragraph stand captions and menus, but also short sentences that open the story.
    opening = [i for i in range(start, first) if is_sentence(lines[i]) and not _is_caption(lines[i])]
    inside = [i for i in range(first, last + 1) if lines[i].kind in SOFT and i != anchor]
    ending = range(last + 1, next((i for i in range(last + 1, len(lines)) if _ends(lines[i])), len(lines)))
    chosen = [i for i in (*opening, *range(first, last + 1), *ending) if lines[i].kind == "text"]
    return sorted([*chosen, *inside])


def _stop(lines: list[Line], start: int) -> int:
    """Find the heading or the page's own copyright line after which nothing is story."""
    paragraphs = sum(map(is_paragraph, lines[start:]))
    above = 0
    for i in range(start, len(lines)):
        above += is_paragraph(lines[i - 1]) if i > start else 0
        # A heading above all paragraphs is a box beside the headline.
        if lines[i].kind == "ending" and (above or not paragraphs):
            return i
        # A picture's copyright line has the better part of the story below it.
        if lines[i].kind == "copyright" and (2 * above > paragraphs or not paragraphs):
            return i
    return len(lines)


def _ends(line: Line) -> bool:
    return line.kind in ENDS or line.kind == "ending" or bool(loose_tags(line))
