"""The article extraction benchmark as a command: bodies and speed of reading pages against trafilatura's.

Needs a checkout of scrapinghub/article-extraction-benchmark, which has pages and their bodies as people
marked them:

    python tests/extraction_benchmark.py --pages CHECKOUT

Prints how well bodies are found, and then how fast, on one core, for pages of each kind: those that carry
JSON-LD or markup that is known, and the rest; and for those in which we leave nothing to trafilatura's
guess. All are read in turn, several rounds; a page's time is the median of its rounds. `parse alone` is the
floor: nothing is read in less.

Exit code: 0 this project's F1 is at least trafilatura's, 1 it is below, 2 there is nothing to measure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sources.clean import clean_html
from sources.pages.reader import read_page
from sources.pages.tree import decode, parse
from sources.source import Site
from sources.text import plain

SITE = Site(url="https://benchmark.invalid/", tagging_entity="benchmark.invalid,2024")
SHINGLE = 4  # words
# No truth of the benchmark holds a picture's caption, and trafilatura gives none unless it is asked to.
CAPTION = re.compile(r"<figcaption\b.*?</figcaption>", re.DOTALL)

Pages = dict[str, bytes]
Truth = dict[str, dict[str, Any]]
Extract = Callable[[bytes, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Score:
    """How one page's body fares: the shares of true, false and missing shingles, which add up to 1."""

    true: float
    false: float
    missing: float

    @property
    def precision(self) -> float | None:
        """Which part of what was found belongs; None where nothing was found."""
        found = self.true + self.false
        return self.true / found if found else None

    @property
    def recall(self) -> float | None:
        """Which part of what belongs was found; None where nothing belongs."""
        wanted = self.true + self.missing
        return self.true / wanted if wanted else None


# By project, then by page.
Scores = dict[str, dict[str, Score]]
Taken = dict[str, dict[str, float]]  # seconds


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words in a text; a shorter text is one run."""
    tokens = re.findall(r"\w+", text)
    runs = (tuple(tokens[i : i + SHINGLE]) for i in range(max(1, len(tokens) - SHINGLE + 1)))
    return Counter(run for run in runs if run)


def score(truth: str, body: str) -> Score:
    """Hold a body against the true one; every page weighs the same, however long."""
    wanted, found = shingles(truth), shingles(body)
    parts = [count.total() for count in (wanted & found, found - wanted, wanted - found)]
    return Score(*(part / (sum(parts) or 1) for part in parts))


def means(scores: Sequence[Score]) -> tuple[float, float, float]:
    """Return F1, precision and recall of many pages; F1 is of the means, as the benchmark has it."""
    precision = statistics.fmean(p for score in scores if (p := score.precision) is not None)
    recall = statistics.fmean(r for score in scores if (r := score.recall) is not None)
    return 2 * precision * recall / ((precision + recall) or 1), precision, recall


def spreads(scores: Sequence[Score], rounds: int) -> list[float]:
    """Return the standard deviations of the three means over draws of as many pages (bootstrap)."""
    draw = random.Random(0)  # noqa: S311  # nobody guards anything with these
    drawn = [means(draw.choices(scores, k=len(scores))) for _ in range(rounds)]
    return [statistics.stdev(values) for values in zip(*drawn, strict=True)]


def ours(html: bytes, url: str) -> dict[str, Any]:
    """Return the record that this project reads in a page."""
    return read_page(html, url, SITE)


def theirs(html: bytes, _url: str, favour: str | None = None) -> dict[str, Any]:
    """Return the body that trafilatura finds, by its defaults as the benchmark runs it."""
    import trafilatura

    body = trafilatura.extract(
        html.decode(),
        include_comments=False,
        favor_precision=favour == "precision",
        favor_recall=favour == "recall",
    )
    return {"text": body}


def words_of(record: dict[str, Any], base: str) -> str:
    """Return the words of a record's body as a feed would carry them."""
    content = clean_html(record.get("content") or "", base)
    return plain(CAPTION.sub(" ", content)) or record.get("text") or ""


def parsed(html: bytes, _url: str) -> dict[str, Any]:
    """Do what has to be done in any case, and read nothing."""
    return {"tree": parse(decode(html))}


def is_known(found: dict[str, str]) -> bool:
    """Does a page carry JSON-LD, or a body in markup that is known? By where each field was found."""
    return "JSON-LD" in found.values() or found.get("content") in {"microdata", "markup"}


def bodies_of(extract: Extract, pages: Pages, truth: Truth) -> dict[str, Score]:
    """Return how the body fares that is found in each page."""
    return {
        key: score(truth[key].get("articleBody") or "", words_of(extract(html, url), url))
        for key, html in pages.items()
        for url in [truth[key]["url"]]
    }


def seconds(
    projects: dict[str, Extract], pages: Pages, truth: Truth, rounds: int
) -> dict[str, dict[str, float]]:
    """Return the median time that each project takes for each page; they take turns over all pages."""
    taken: dict[str, dict[str, list[float]]] = {name: {key: [] for key in pages} for name in projects}
    for _ in range(rounds):
        for name, extract in projects.items():
            for key, html in pages.items():
                start = time.perf_counter()
                extract(html, truth[key]["url"])
                taken[name][key].append(time.perf_counter() - start)
    return {name: {key: statistics.median(of) for key, of in each.items()} for name, each in taken.items()}


def print_quality(scores: Scores, rounds: int) -> None:
    """Print F1, precision and recall of each project, with the spread of each."""
    count = len(next(iter(scores.values())))
    print(f"{count} pages{'':21}F1             precision      recall")
    for project, of_pages in scores.items():
        of_project = list(of_pages.values())
        figures = zip(means(of_project), spreads(of_project, rounds), strict=True)
        print(f"{project:<28} {'  '.join(f'{mean:.3f} ± {spread:.3f}' for mean, spread in figures)}")


def print_speed(
    kinds: dict[str, list[str]], scores: dict[str, dict[str, Score]], took: dict[str, dict[str, float]]
) -> None:
    """Print for each kind of page how many each project reads in a second, and of which F1."""
    *_, theirs_name = took
    for kind, keys in kinds.items():
        print(f"\n{f'{len(keys)} pages, {kind}':<29} pages/s  of trafilatura  F1")
        reference = sum(took[theirs_name][key] for key in keys)
        for project, of_pages in took.items():
            total = sum(of_pages[key] for key in keys)
            f1 = f"{means([scores[project][key] for key in keys])[0]:.3f}" if project in scores else ""
            print(f"{project:<28} {len(keys) / total:7.1f}  {reference / total:14.2f}  {f1}")


def main() -> int:
    """Measure all, print the tables, return the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well and how fast real pages are read.")
    parser.add_argument("--pages", required=True, type=Path, help="a checkout of the benchmark")
    parser.add_argument("--bootstrap", type=int, default=1000, help="draws behind each ± (default 1000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is timed (default 3)")
    args = parser.parse_args()
    try:
        truth = json.loads((args.pages / "ground-truth.json").read_text(encoding="utf-8"))
        pages = {key: gzip.decompress((args.pages / "html" / f"{key}.html.gz").read_bytes()) for key in truth}
    except OSError as error:
        parser.error(f"--pages {args.pages}: {error}; it must be a checkout of the benchmark")
    name = f"trafilatura {version('trafilatura')}"
    projects: dict[str, Extract] = {"this project": ours, name: theirs}
    choices: dict[str, Extract] = {
        f"{name}, {kind}": partial(theirs, favour=kind) for kind in ("precision", "recall")
    }
    scores = {
        project: bodies_of(extract, pages, truth) for project, extract in {**projects, **choices}.items()
    }
    print_quality(scores, args.bootstrap)
    found = {key: ours(html, truth[key]["url"]).get("found", {}) for key, html in pages.items()}
    kinds = {
        "all": list(pages),
        "JSON-LD or markup": [key for key in pages if is_known(found[key])],
        "the rest": [key for key in pages if not is_known(found[key])],
        "nothing guessed": [key for key in pages if "trafilatura" not in found[key].values()],
    }
    took = seconds({"parse alone": parsed, **projects}, pages, truth, args.rounds)
    print_speed(kinds, scores, took)
    f1 = {project: means(list(of_pages.values()))[0] for project, of_pages in scores.items()}
    return int(f1["this project"] < f1[name])


if __name__ == "__main__":
    sys.exit(main())
