"""The article extraction benchmark as a command: holds the bodies that pages give against trafilatura's.

Needs a checkout of scrapinghub/article-extraction-benchmark, which has pages and their bodies as people
marked them:

    python tests/extraction_benchmark.py --pages CHECKOUT

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


def measure(extract: Extract, pages: Pages, truth: Truth) -> tuple[list[Score], float]:
    """Return each page's score, and how many pages were read in a second."""
    extract(next(iter(pages.values())), SITE.url)  # what is loaded once is no page's time
    start = time.perf_counter()
    records = {key: extract(html, truth[key]["url"]) for key, html in pages.items()}
    rate = len(pages) / (time.perf_counter() - start)
    bodies = {key: words_of(record, truth[key]["url"]) for key, record in records.items()}
    return [score(truth[key].get("articleBody") or "", body) for key, body in bodies.items()], rate


def main() -> int:
    """Measure both, print a table, return the exit code."""
    parser = argparse.ArgumentParser(description="Measure how well bodies are found in real pages.")
    parser.add_argument("--pages", required=True, type=Path, help="a checkout of the benchmark")
    parser.add_argument("--bootstrap", type=int, default=1000, help="draws behind each ± (default 1000)")
    args = parser.parse_args()
    try:
        truth = json.loads((args.pages / "ground-truth.json").read_text(encoding="utf-8"))
        pages = {key: gzip.decompress((args.pages / "html" / f"{key}.html.gz").read_bytes()) for key in truth}
    except OSError as error:
        parser.error(f"--pages {args.pages}: {error}; it must be a checkout of the benchmark")
    name = f"trafilatura {version('trafilatura')}"
    projects: dict[str, Extract] = {
        "this project": ours,
        name: theirs,
        f"{name}, precision": partial(theirs, favour="precision"),
        f"{name}, recall": partial(theirs, favour="recall"),
    }
    best = {}
    print(f"{len(pages)} pages{'':21}F1             precision      recall         pages/s")
    for project, extract in projects.items():
        scores, rate = measure(extract, pages, truth)
        best[project] = means(scores)
        figures = zip(best[project], spreads(scores, args.bootstrap), strict=True)
        print(
            f"{project:<28} {'  '.join(f'{mean:.3f} ± {spread:.3f}' for mean, spread in figures)}  {rate:.1f}"
        )
    return int(best["this project"][0] < best[name][0])


if __name__ == "__main__":
    sys.exit(main())
